#include "sql/policy.h"
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
    ledger_say(db, &(struct ledger_about){.kind = "policy", .subject = values[0]});
    ledger_touch_one(db, "policy", "policy_id", values[0], values[4]);
    return PQntuples(res) == 1 || check_same(db, values, digest, error);
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
