/* part.h - the database's side of matching by ranges of patents: what each range tells the others. Inside a transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct part {
    int agency_id, part, parts;
};

/* As part-totals.sql, part-rounds.sql and part-shares.sql say. */
json_t *part_totals(struct db *db, const struct part *part, GError **error);
json_t *part_rounds(struct db *db, const struct part *part, const char *digest, GError **error);
json_t *part_shares(struct db *db, const struct part *part, const char *need_id, int64_t round,
                    GError **error);

/* *changed: whether that was new. */
bool part_write_totals(struct db *db, const struct part *part, const json_t *totals,
                       int64_t patent_seq, bool *changed, GError **error);
/* `needs` as in part-begin-rounds.sql; *begun gets how many. */
bool part_begin_rounds(struct db *db, const struct part *part, const json_t *needs,
                       const char *model, int k, int64_t *begun, GError **error);
bool part_write_counts(struct db *db, const struct part *part, const json_t *counts,
                       GError **error);
bool part_write_candidates(struct db *db, const struct part *part, const char *need_id,
                           int64_t round, const char *digest, const json_t *candidates,
                           GError **error);
/* *first: whether nobody else has written the round's leads. */
bool part_merged(struct db *db, const struct part *part, const char *need_id, int64_t round,
                 bool *first, GError **error);
