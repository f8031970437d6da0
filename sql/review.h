/* review.h - refused rows of organisations without a credit code, and what people said of them. In the caller's transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* [{kind, digest, file, batch_id, line, sheet, record, state (open, accepted, rejected), uscc, loaded_batch}], each row once. */
json_t *review_rows(struct db *db, int agency_id, GError **error);

/* [{uscc, name}] of all enterprises or institutions. */
json_t *review_names(struct db *db, const char *kind, GError **error);

struct review_word {
    int agency_id;
    const char *kind, *digest;
    const char *state; /* accepted, rejected, open */
    const char *uscc;  /* accepted */
    int64_t batch;     /* accepted: the batch by which the row came in; else 0 */
    const char *by;
};
bool review_say(struct db *db, const struct review_word *word, const char *now, GError **error);
