#include "sql/oddity.h"
#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"

json_t *oddity_list(struct db *db, const struct oddity_query *query, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    const char *const values[] = {query->deadline, query->time_zone,
                                  query->rule ? query->rule : "", agency};
    if (!db_begin(db, DB_READONLY, 0, error))
        return NULL;
    json_t *rows = db_rows(db, sql_oddity_list, 4, values, "look for oddities", error);
    db_rollback(db); /* it only read */
    return rows;
}

bool oddity_check_rule(struct db *db, const char *rule, GError **error)
{
    const char *const values[] = {rule};
    json_auto_t *rows = db_begin(db, DB_READONLY, 0, error)
                            ? db_rows(db, sql_oddity_rules, 1, values, "look for a rule", error)
                            : NULL;
    db_rollback(db); /* it only read */
    const json_t *row = json_array_get(rows, 0);
    if (!row || json_is_true(json_object_get(row, "known")))
        return row != NULL;
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no rule '%s'; there are: %s", rule,
                json_string_value(json_object_get(row, "rules")));
    return false;
}

static bool mark(struct db *db, const char *const values[], GError **error)
{
    if (!account_is_official(db, values[4], error))
        return false;
    g_autoptr(PGresult) res =
        db_run(db, sql_oddity_mark, 8, values, "mark the oddity as looked at", error);
    if (!res)
        return false;
    ledger_say(
        db, &(struct ledger_about){
                .kind = "decide", .who = values[4], .subject = "oddity", .reason = values[6]});
    for (int i = 0; i < PQntuples(res); i++)
        ledger_touch_one(db, "oddity_mark", "mark_id", PQgetvalue(res, i, 0), NULL);
    if (PQntuples(res) > 0)
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "no oddity of the rule '%s' has the key '%s'", values[2], values[3]);
    return false;
}

bool oddity_mark(struct db *db, const struct oddity_query *query, const char *key,
                 const char *by, const char *os_user, const char *reason, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {query->deadline, query->time_zone, query->rule, key, by,
                                  os_user,         reason,           now};
    if (now && mark(db, values, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}
