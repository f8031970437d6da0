/* kept.h - figures that were counted and hold until something that bears on them changes (sql/views/398-kept.sql).
 *
 * What is kept is never asked where it matters that nothing was tampered with: snapshots and applications count. `verify` counts
 * what is kept once more. Everything kept may be deleted at any time. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* The name of a figure: SHA-256 over the metric, what the pack says, the day, the agency, and the functions that count. The caller
 * frees. */
char *kept_name(const char *metric, const json_t *values, const char *as_of, int agency_id);

/* {name: {figure, old}} of those of `names` ([string]) that are kept and still hold, as this transaction sees the database. An old one is
 * kept once more, with this transaction's state: else all changes since would be looked through each time. */
json_t *kept_fresh(struct db *db, const json_t *names, GError **error);

/* Whether a figure of the metric can be brought up to date at all. */
bool kept_can_mend(const char *metric);

/* Those that no longer hold, brought up to date: where nothing came after them but decisions on single patents, pushes and contracts, new
 * ones of the last two, and what happened to pushes, what these touch is counted as it was and as it is. figures[i] is the caller's, and
 * JSON null where all of it has to be counted. Of a large database two sessions do it at once, as track_count_all() does. */
bool kept_mended(struct db *db, const char *const *names, size_t count, const char *known_at,
                 json_t **figures, GError **error);

/* The state that this transaction sees, for kept_add(). The caller frees. */
char *kept_state(struct db *db, GError **error);

/* Keeps figures ([{what, metric, as_of, place, pack, figure}]) that were counted in `state`, which every statement of the counting saw, no more than an
 * hour ago; in a transaction of its own. */
bool kept_add(struct db *db, const json_t *figures, int agency_id, const char *state,
              GError **error);

/* {metric, agency} of a kept figure that holds and is not what counting gives; JSON null where all are. Inside a transaction of
 * track_begin(). */
json_t *kept_altered(struct db *db, GError **error);
