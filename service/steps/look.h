/* look.h - what the matcher sees in a text before it is a need, and where a patent says what a need says. Reads, writes nothing. */
#pragma once
#include "service/steps/match.h"

struct look {
    const char *text;
    const json_t *enterprise; /* row of own_enterprise(): its own patents are not found */
};
/* {thin: as advice_for_batch() has it, or null; aspects: [{kind, text}] that the text names; patents: [{patent, patent_title,
 * patent_type, owners, legal_status, invented, fit, reasons, aspects}] that it finds, best first}. A transaction of its own. */
bool look_for(struct db *db, const struct match_options *options, const struct look *look,
              json_t **out, GError **error);

/* {title, abstract}: of each [{start, len, char_start, char_len}] where it says what the need ({title, text, ipc}) says; null where the agency
 * does not hold the patent any more. In the caller's transaction. */
bool look_spans(struct db *db, const struct match_options *options, const json_t *need,
                int64_t patent_id, json_t **out, GError **error);
