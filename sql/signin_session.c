#include "sql/signin_session.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static bool note_use(struct db *db, const char *id, const char *now, GError **error)
{
    const char *const values[] = {id, now};
    return db_do(db, sql_signin_session_used, 2, values, "note that a session is used",
                 error) &&
           db_commit(db, error);
}

static json_t *find(struct db *db, const char *const values[], GError **error)
{
    json_auto_t *rows =
        db_rows(db, sql_signin_session_find, 3, values, "look the session up", error);
    json_t *row = json_array_get(rows, 0);
    if (!rows)
        return NULL;
    if (json_is_true(json_object_get(row, "stale")) &&
        !note_use(db, values[0], values[2], error))
        return NULL;
    return row ? json_incref(row) : json_null();
}

json_t *signin_session_find(struct db *db, const char *id, const char *digest, const char *now,
                            GError **error)
{
    const char *const values[] = {id, digest, now};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return NULL;
    json_t *row = find(db, values, error);
    db_rollback(db);
    return row;
}

/* Texts of numbers, or NULL where an account says it all. */
static char *number_of(const struct signin_whose *whose, int64_t number)
{
    return whose->account ? NULL : g_strdup_printf("%" G_GINT64_FORMAT, number);
}

json_t *signin_session_list(struct db *db, const struct signin_whose *whose, const char *now,
                            GError **error)
{
    g_autofree char *agency = number_of(whose, whose->agency_id);
    g_autofree char *enterprise = number_of(whose, whose->enterprise_id);
    const char *const values[] = {whose->account, agency, enterprise, now};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return NULL;
    json_t *rows = db_rows(db, sql_signin_session_list, 4, values, "list the sessions", error);
    db_rollback(db);
    return rows;
}

bool signin_session_end(struct db *db, const char *id, const char *now, GError **error)
{
    const char *const values[] = {id, NULL, NULL, NULL, NULL, now, "signed out"};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool done = db_do(db, sql_signin_session_end, 7, values, "end the session", error) &&
                db_commit(db, error);
    db_rollback(db);
    return done;
}

static bool end_all(struct db *db, const char *const values[], int *count, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_session_end, 7, values, "end the sessions", error);
    if (!res)
        return false;
    *count = PQntuples(res);
    g_autofree char *reason = g_strdup_printf("%d sessions ended", *count);
    if (*count > 0)
        ledger_say(db,
                   &(struct ledger_about){.kind = "sign_in",
                                          .subject = values[1] ? values[1] : "an enterprise",
                                          .reason = reason,
                                          .always = true});
    return db_commit(db, error);
}

bool signin_session_end_all(struct db *db, const struct signin_whose *whose, const char *but,
                            const char *now, int *count, GError **error)
{
    g_autofree char *agency = number_of(whose, whose->agency_id);
    g_autofree char *enterprise = number_of(whose, whose->enterprise_id);
    const char *const values[] = {NULL, whose->account,         agency, enterprise, but,
                                  now,  "signed out everywhere"};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool done = end_all(db, values, count, error);
    db_rollback(db);
    return done;
}

json_t *signin_enterprise(struct db *db, int64_t enterprise_id, GError **error)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    const char *const values[] = {id};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return NULL;
    json_auto_t *rows =
        db_rows(db, sql_signin_enterprise, 1, values, "look the enterprise up", error);
    db_rollback(db);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}

bool signin_enterprise_held(struct db *db, const char *uscc, int64_t *out, GError **error)
{
    const char *const values[] = {uscc};
    return db_number(db, sql_signin_enterprise_held, 1, values,
                     "find an enterprise of the agency with this credit code", out, error);
}
