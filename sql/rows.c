#include "sql/rows.h"
#include "sql/internal.h"
#include "sql/kept.h"

void rows_set_clear(struct rows_set *set)
{
    g_free(set->id);
    g_free(set->known_at);
    *set = (struct rows_set){0};
}

bool rows_find(struct db *db, const char *what, const char *known_at, struct rows_set *out,
               GError **error)
{
    const char *const values[] = {what, known_at};
    g_autoptr(PGresult) res = db_run(db, sql_rows_find, 2, values, "look for kept rows", error);
    *out = (struct rows_set){0};
    if (!res)
        return false;
    if (PQntuples(res) == 1)
        *out =
            (struct rows_set){g_strdup(PQgetvalue(res, 0, 0)), g_strdup(PQgetvalue(res, 0, 1))};
    return true;
}

static bool add_set(struct db *db, const char *what, const char *metric, int agency_id,
                    const char *known_at, const char *state, const char *now,
                    struct rows_set *out, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {what, metric, agency, known_at, state, now};
    g_autoptr(PGresult) res = db_run(db, sql_rows_add, 6, values, "keep rows", error);
    if (res)
        *out =
            (struct rows_set){g_strdup(PQgetvalue(res, 0, 0)), g_strdup(PQgetvalue(res, 0, 1))};
    return res != NULL;
}

/* The state is read before the moment: what it does not see makes the rows stale, and what is recorded later is none of theirs. */
static bool keep(struct db *db, const char *what, const char *metric,
                 const struct track_query *query, bool past, struct rows_set *out,
                 GError **error)
{
    g_autofree char *state = kept_state(db, error);
    g_autofree char *now = state ? db_clock(db, error) : NULL;
    if (!now || !track_settle(db, error))
        return false;
    struct track_query of = *query;
    if (!past)
        of.known_at = now;
    const char *const moment[] = {now};
    return add_set(db, what, metric, query->agency_id, of.known_at, past ? NULL : state, now,
                   out, error) &&
           track_rows_keep(db, &of, metric, out->id, error) &&
           db_do(db, sql_rows_prune, 1, moment, "forget old rows", error);
}

bool rows_keep(struct db *db, const char *what, const char *metric,
               const struct track_query *query, bool past, struct rows_set *out, GError **error)
{
    *out = (struct rows_set){0};
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (keep(db, what, metric, query, past, out, error) && db_commit(db, error))
        return true;
    db_rollback(db);
    rows_set_clear(out);
    return false;
}

json_t *rows_page(struct db *db, const struct rows_set *set, const char *after,
                  enum rows_show show, int limit, GError **error)
{
    static const char *const only[] = {NULL, "t", "f"};
    g_autofree char *most = g_strdup_printf("%d", limit);
    const char *const values[] = {set->id, after, only[show], most};
    json_auto_t *found = db_rows(db, sql_rows_page, 4, values, "read kept rows", error);
    if (!found)
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(found); i++)
        json_array_append(rows, json_object_get(json_array_get(found, i), "body"));
    return rows;
}

json_t *rows_changes(struct db *db, const struct rows_set *before,
                     const struct rows_set *after_set, const char *after, int limit,
                     GError **error)
{
    g_autofree char *most = g_strdup_printf("%d", limit);
    const char *const values[] = {before->id, after_set->id, after, most};
    return db_rows(db, sql_rows_changes, 4, values, "compare kept rows", error);
}

bool rows_changed(struct db *db, const struct rows_set *before,
                  const struct rows_set *after_set, json_int_t *came, json_int_t *went,
                  GError **error)
{
    const char *const values[] = {before->id, after_set->id};
    json_auto_t *rows =
        db_rows(db, sql_rows_changed, 2, values, "count what differs in kept rows", error);
    const json_t *row = rows ? json_array_get(rows, 0) : NULL;
    *came = json_integer_value(json_object_get(row, "came"));
    *went = json_integer_value(json_object_get(row, "went"));
    return rows != NULL;
}
