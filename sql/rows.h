/* rows.h - the rows behind a number, counted once and kept for an hour, so that pages of them need no counting again.
 *
 * A set is of one metric, agency and moment. Kept rows are shown, never counted: figures, snapshots and applications count. */
#pragma once
#include "sql/track.h"

struct rows_set {
    char *id;       /* NULL: there is none */
    char *known_at; /* the moment at which its rows are true */
};
void rows_set_clear(struct rows_set *set);
typedef struct rows_set rows_set_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(rows_set_t, rows_set_clear)

/* The set under this name of a moment, or (NULL) the latest that nothing bears on that changed since. Inside a transaction. */
bool rows_find(struct db *db, const char *what, const char *known_at, struct rows_set *out,
               GError **error);

/* Counts and keeps the rows of one agency, in a transaction of its own. `past`: query->known_at is a moment that somebody asked for;
 * else they are true of now. */
bool rows_keep(struct db *db, const char *what, const char *metric,
               const struct track_query *query, bool past, struct rows_set *out,
               GError **error);

enum rows_show { ROWS_ALL, ROWS_COUNTED, ROWS_LEFT_OUT };

/* At most `limit` rows behind the key `after` ("": from the first), as track_evidence() answers them. */
json_t *rows_page(struct db *db, const struct rows_set *set, const char *after,
                  enum rows_show show, int limit, GError **error);

/* At most `limit` rows behind the key `after` that are counted in one of two sets and not in the other: [{key, change: "came" or "went",
 * before, after}], a row null where its set has none. */
json_t *rows_changes(struct db *db, const struct rows_set *before,
                     const struct rows_set *after_set, const char *after, int limit,
                     GError **error);
/* How many there are of either kind. */
bool rows_changed(struct db *db, const struct rows_set *before,
                  const struct rows_set *after_set, json_int_t *came, json_int_t *went,
                  GError **error);
