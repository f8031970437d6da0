/* words.h - what the tracker says to people, Chinese and English side by side: one table. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* The words for a code: reasons (near_duplicate), states (not_met), headings (value). The code itself when there are none. */
const char *track_word(const char *code, bool chinese);
/* A row's `label` or `whose` as people read it: of some metrics it is a code ("open_licence", "patent_agency"). "" when it is not there. */
const char *track_shown(const char *metric, const json_t *row, const char *member,
                        bool chinese);
/* The code of the banner of a policy that has ended: whether the figures are those of its last day. */
const char *track_ended_word(const json_t *document);
/* The whole table: {code: {zh, en}}. The caller owns it. */
json_t *track_words(void);
