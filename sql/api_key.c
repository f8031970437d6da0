#include "sql/api_key.h"
#include "sql/account.h"
#include "sql/internal.h"
#include <stdlib.h>

/* Who decides in somebody's name must be that somebody. */
static bool check_account(struct db *db, const struct api_key *key, GError **error)
{
    if (!key->account)
        return true;
    g_autofree char *role = account_role(db, key->account, error);
    if (!role)
        return false;
    if (g_str_equal(role, key->role))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_STATE,
                "the account '%s' has the role %s, and the key was to have %s", key->account,
                role, key->role);
    return false;
}

static bool insert(struct db *db, const struct api_key *key, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    g_autofree char *agency = g_strdup_printf("%d", key->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, key->enterprise_id);
    g_autofree char *rate = g_strdup_printf("%d", key->rate_per_minute);
    const char *const values[] = {key->id,
                                  key->name,
                                  key->digest,
                                  key->role,
                                  key->account ? key->account : "",
                                  agency,
                                  enterprise,
                                  rate,
                                  now,
                                  key->expires,
                                  key->invented ? "t" : "f"};
    return now && check_account(db, key, error) &&
           db_do(db, sql_api_key_insert, 11, values, "add the key", error);
}

bool api_key_add(struct db *db, const struct api_key *key, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (insert(db, key, error) && db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

json_t *api_key_list(struct db *db, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return NULL;
    json_t *rows = db_rows(db, sql_api_key_list, 0, NULL, "list the keys", error);
    db_rollback(db);
    return rows;
}

bool api_key_revoke(struct db *db, const char *id, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {id, now};
    g_autoptr(PGresult) res =
        now ? db_run(db, sql_api_key_revoke, 2, values, "revoke the key", error) : NULL;
    if (res && PQntuples(res) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no key '%s'", id);
    else if (res && db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

json_t *api_key_active(struct db *db, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return NULL;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {now};
    json_t *rows =
        now ? db_rows(db, sql_api_key_active, 1, values, "read the keys", error) : NULL;
    db_rollback(db);
    return rows;
}

bool api_key_used(struct db *db, const json_t *ids, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    char *text = json_dumps(ids, JSON_COMPACT);
    const char *const values[] = {text, now};
    bool done = now &&
                db_do(db, sql_api_key_used, 2, values, "note that keys were used", error) &&
                db_commit(db, error);
    free(text);
    if (!done)
        db_rollback(db);
    return done;
}
