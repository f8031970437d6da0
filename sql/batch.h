/* batch.h - one file being loaded: how far it has come, and what it refused. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Rows so far; read = new + changed + same + refused, always. */
struct batch {
    int64_t batch_id;
    int64_t last_line; /* every record that begins on or before this line is in */
    int64_t read, new, changed, same, refused, skipped;
};

/* The unfinished batch of this very file (by digest) for this agency (0: none) and kind, or a new one. Inside a transaction. */
bool batch_open(struct db *db, int agency_id, const char *kind, const char *file,
                const char *digest, const char *now, struct batch *out, GError **error);

/* Writes how far it has come; `finished_at` is NULL until the end. Inside the chunk's transaction. */
bool batch_checkpoint(struct db *db, const struct batch *batch, const char *finished_at,
                      GError **error);

/* [{line, column, value, code, reason, reason_zh}] refused so far. */
json_t *batch_refusals(struct db *db, int64_t batch_id, GError **error);

/* Waits until nobody else loads a kind for an agency (0: none) who asked in the same way; outside of transactions. */
bool batch_turn(struct db *db, int agency_id, const char *kind, GError **error);
void batch_turn_over(struct db *db, int agency_id, const char *kind);
