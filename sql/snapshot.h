/* snapshot.h - official snapshots as they are kept: numbered lines, each chained to the one before, and one row of what they
 * come to. What the lines say is service/track/snapshot.h's business. Appended, never changed. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Lets one snapshot be taken at a time; held by the session. */
bool snapshot_lock(struct db *db, GError **error);
void snapshot_unlock(struct db *db);

/* [{number, policy, version, as_of, taken_at, lines, previous, digest, public_key, signature}], in their order. */
json_t *snapshot_list(struct db *db, GError **error);

struct snapshot_row {
    int64_t number;
    const char *policy;
    int version;
    const char *as_of, *known_at, *taken_at;
    int64_t lines;
    const char *previous, *digest, *public_key, *signature;
};

/* Inside a transaction (DB_ACROSS): lines [{n, body, chain}] of a snapshot, as many calls as there are pages; then its row. */
bool snapshot_add_lines(struct db *db, const char *number, const json_t *lines, GError **error);
bool snapshot_add(struct db *db, const struct snapshot_row *row, GError **error);

/* A page of lines after `after`: [{line, body, chain}]. */
json_t *snapshot_lines(struct db *db, const char *number, int64_t after, int limit,
                       GError **error);

/* Keeps a time-stamp's answer (base64) of a snapshot, in a transaction of its own. */
bool snapshot_stamp_add(struct db *db, const char *number, const char *authority,
                        const char *answer, GError **error);
/* [{number, authority, answer, digest (null: there is no such snapshot)}]. */
json_t *snapshot_stamps(struct db *db, GError **error);

/* The salt of a person's name, in hexadecimal: NULL with no error set where there is none. The caller frees. */
char *personal_salt(struct db *db, const char *name, GError **error);
/* Keeps {name: salt}. Inside a transaction (DB_ACROSS). */
bool personal_salt_add(struct db *db, const json_t *salts, GError **error);
