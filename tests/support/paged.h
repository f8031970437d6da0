/* paged.h - the rows behind a number as pages give them, held against those that the views give. */
#pragma once
#include "service/track/figures.h"

/* The rows of a figure known at a moment (NULL: now), without what only the document of a whole figure says. The caller owns them. */
json_t *paged_wanted(struct db *db, const struct pack *pack, const char *metric,
                     const char *known_at, int agency_id, enum figures_show show);

/* Fails unless all pages of `limit` rows, put together by their cursors, are those rows. agency_id 0: of all agencies. `what` names the
 * case. */
void paged_expect(struct db *db, const struct pack *pack, const char *what, const char *metric,
                  int agency_id, enum figures_show show, int limit);
/* The same as known at a moment, as figures_moment() gives it. */
void paged_expect_at(struct db *db, const struct pack *pack, const char *what,
                     const char *metric, int agency_id, enum figures_show show, int limit,
                     const char *moment);
