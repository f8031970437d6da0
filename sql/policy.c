#include "sql/policy.h"
#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static bool check_same(struct db *db, const char *const values[], const char *digest,
                       GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_policy_digest, 2, values, "read the policy's version", error);
    if (!res)
        return false;
    if (PQntuples(res) == 1 && g_str_equal(PQgetvalue(res, 0, 0), digest))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_CONFLICT,
                "policy '%s' version %s has been used with another text; raise \"version\" in "
                "the changed pack",
                values[0], values[1]);
    return false;
}

static bool store(struct db *db, const char *const values[], const char *digest, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql_policy_store, 5, values, "keep the policy", error);
    if (!res)
        return false;
    if (PQntuples(res) == 0) /* most often; then nothing asks for a turn at the ledger */
        return check_same(db, values, digest, error);
    ledger_say(db, &(struct ledger_about){.kind = "policy", .subject = values[0]});
    ledger_touch_one(db, "policy", "policy_id", values[0], values[4]);
    return true;
}

bool policy_store(struct db *db, const char *policy, int version, const char *pack,
                  const char *digest, GError **error)
{
    g_autofree char *number = g_strdup_printf("%d", version);
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {policy, number, pack, digest, now};
    if (now && store(db, values, digest, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

static bool sign(struct db *db, const char *const values[], GError **error)
{
    if (!account_is_official(db, values[2], error))
        return false;
    g_autoptr(PGresult) res = db_run(db, sql_policy_sign, 6, values, "sign the policy", error);
    if (!res)
        return false;
    ledger_say(
        db, &(struct ledger_about){
                .kind = "policy", .who = values[2], .subject = values[0], .reason = values[4]});
    ledger_touch_one(db, "policy_signature", "policy_id", values[0], values[5]);
    if (PQntuples(res) == 1)
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "policy '%s' version %s has not been used here yet", values[0], values[1]);
    return false;
}

bool policy_sign(struct db *db, const char *policy, int version, const char *by,
                 const char *os_user, const char *reason, GError **error)
{
    g_autofree char *number = g_strdup_printf("%d", version);
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {policy, number, by, os_user, reason, now};
    if (now && sign(db, values, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *policy_signature(struct db *db, const char *policy, int version, const char *digest,
                         const char *known_at, GError **error)
{
    g_autofree char *number = g_strdup_printf("%d", version);
    const char *const values[] = {policy, number, digest, known_at};
    json_t *rows =
        db_rows(db, sql_policy_signature, 4, values, "read who signed the policy", error);
    json_t *signature =
        json_array_size(rows) > 0 ? json_incref(json_array_get(rows, 0)) : json_null();
    bool read = rows != NULL;
    json_decref(rows);
    return read ? signature : NULL;
}
