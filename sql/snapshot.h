/* snapshot.h - official snapshots as they are kept: numbered lines, each chained to the one before, and one row of what they
 * come to. What the lines say is service/track/snapshot.h's business. Appended, never changed. */
#pragma once
#include "sql/db.h"
#include <jansson.h>
#include <stdio.h>

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

/* Inside a transaction (DB_ACROSS): the lines of a snapshot, 1, 2, 3 …, as they come; the session does nothing else from the first to
 * snapshot_keep_end(), which says what went wrong. Then its row. `also`, where it is not NULL, gets them, too, as snapshot_each_lines() has
 * them; what goes wrong there, ferror() says. */
typedef struct snapshot_keep snapshot_keep_t;
struct snapshot_keep *snapshot_keep_begin(struct db *db, int64_t number, FILE *also);
void snapshot_keep_line(struct snapshot_keep *keep, const char *body, const char *chain);
bool snapshot_keep_end(struct snapshot_keep *keep, GError **error);
void snapshot_keep_free(struct snapshot_keep *keep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(snapshot_keep_t, snapshot_keep_free)
bool snapshot_add(struct db *db, const struct snapshot_row *row, GError **error);

/* Calls `each` with all lines in turn, some together as they are kept ("CHAIN BODY LF", `len` bytes, ended by '\0'; its to change), with the number
 * of the first, until it answers false; with error where that was one. Inside a transaction. */
typedef bool snapshot_lines(int64_t n, char *lines, size_t len, void *user, GError **error);
bool snapshot_each_lines(struct db *db, const char *number, snapshot_lines *each, void *user,
                         GError **error);
/* The same line by line. */
typedef bool snapshot_line(int64_t n, const char *body, const char *chain, void *user,
                           GError **error);
bool snapshot_each_line(struct db *db, const char *number, snapshot_line *each, void *user,
                        GError **error);

/* Keeps a time-stamp's answer (base64) of a snapshot, in a transaction of its own. */
bool snapshot_stamp_add(struct db *db, const char *number, const char *authority,
                        const char *answer, GError **error);
/* [{number, authority, answer, digest (null: there is no such snapshot)}]. */
json_t *snapshot_stamps(struct db *db, GError **error);

/* {name: salt in hexadecimal} of every name that has one. The caller unrefs. */
GHashTable *personal_salts(struct db *db, GError **error);
/* Keeps {name: salt}; SQL_ERROR_AGAIN where one of them has another by now. Inside a transaction (DB_ACROSS). */
bool personal_salt_add(struct db *db, const json_t *salts, GError **error);
