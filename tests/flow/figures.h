/* figures.h - the seven counts of clause 4.2 that the files of tests/flow/road/ must give at the end of the road, worked out by hand
 * from the rules: of two agencies, under the policy on its last day, and under the template on two days. */
#pragma once
#include <jansson.h>

/* Fails where a figure, or the rows behind it, is another; as the official sees it, and as the agency itself does. */
void figures_expect(void);

/* The item of an agency in what `track --json` answered; NULL when there is none. */
const json_t *figures_item(const json_t *document, const char *agency, const char *metric);
