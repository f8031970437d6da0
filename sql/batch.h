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

/* What makes two loads the same load. Everything is borrowed. */
struct batch_key {
    int agency_id; /* 0: none */
    const char *kind, *digest;
    const char *file; /* its name, kept for people */
};

/* The unfinished batch of this very file, or a new one. Inside a transaction. */
bool batch_open(struct db *db, const struct batch_key *key, const char *now, struct batch *out,
                GError **error);

/* The last load of this very file that has ended; both NULL: there is none. */
struct batch_earlier {
    char *batch_id, *started_at; /* as the server writes them; owned */
};
bool batch_find_earlier(struct db *db, const struct batch_key *key, struct batch_earlier *out,
                        GError **error);
void batch_earlier_clear(struct batch_earlier *earlier);

/* Writes how far it has come; `finished_at` is NULL until the end. Inside the chunk's transaction. */
bool batch_checkpoint(struct db *db, const struct batch *batch, const char *finished_at,
                      GError **error);

/* [{line, place, sheet, column, value, code, reason, reason_zh}] refused so far; the id in decimal. */
json_t *batch_refusals(struct db *db, const char *batch_id, GError **error);

/* Waits until nobody else loads a kind for an agency (0: none) who asked in the same way; outside of transactions. */
bool batch_turn(struct db *db, int agency_id, const char *kind, GError **error);
void batch_turn_over(struct db *db, int agency_id, const char *kind);
