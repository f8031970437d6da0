#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static const char *const roles[] = {"administrator", "agency_manager", "agency_clerk",
                                    "official",      "enterprise",     NULL};

const char *const *account_roles(void)
{
    return roles;
}

/* Runs a statement on the account values[0] that answers a row when it did something; commits. */
static bool change(struct db *db, const char *sql, int count, const char *const values[],
                   const char *what, const char *reason, bool *done, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    if (!res)
        return false;
    *done = PQntuples(res) == 1;
    ledger_say(
        db, &(struct ledger_about){.kind = "account", .subject = values[0], .reason = reason});
    ledger_touch_one(db, "account", "name", values[0], NULL);
    return db_commit(db, error);
}

bool account_check_same(struct db *db, const char *name, const char *role, int agency_id,
                        GError **error)
{
    const char *const values[] = {name};
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autoptr(PGresult) res =
        db_run(db, sql_account_find, 1, values, "look the account up", error);
    if (!res)
        return false;
    if (PQntuples(res) == 1 && *PQgetvalue(res, 0, 1) == 'f' &&
        g_str_equal(PQgetvalue(res, 0, 0), role) && g_str_equal(PQgetvalue(res, 0, 2), agency))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_CONFLICT,
                "the name '%s' is taken, or was: choose another", name);
    return false;
}

static bool add(struct db *db, const char *name, const char *role, int agency_id,
                int64_t enterprise_id, bool invented, bool *added, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {name, role, agency, now, invented ? "t" : "f", enterprise};
    if (!now ||
        !change(db, sql_account_insert, 6, values, "add the account", role, added, error)) {
        db_rollback(db);
        return false;
    }
    return *added || account_check_same(db, name, role, agency_id, error);
}

bool account_add(struct db *db, const char *name, const char *role, int agency_id,
                 bool invented, bool *added, GError **error)
{
    return add(db, name, role, agency_id, 0, invented, added, error);
}

bool account_add_enterprise(struct db *db, const char *name, int agency_id,
                            int64_t enterprise_id, bool *added, GError **error)
{
    return add(db, name, "enterprise", agency_id, enterprise_id, false, added, error);
}

json_t *account_list(struct db *db, const char *name, const char *after, int limit,
                     GError **error)
{
    g_autofree char *most = limit > 0 ? g_strdup_printf("%d", limit) : NULL;
    const char *const values[] = {name, after, most};
    return db_rows(db, sql_account_list, 3, values, "list the accounts", error);
}

/* ---- Changes */

static bool not_found(const char *name, GError **error)
{
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no account '%s'", name);
    return false;
}

static bool run_change(struct db *db, const struct account_change *wanted, bool *done,
                       GError **error)
{
    g_autofree char *now = db_clock(db, error);
    g_autofree char *of = g_strdup_printf("%d", wanted->of_agency);
    g_autofree char *agency = g_strdup_printf("%d", wanted->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, wanted->enterprise_id);
    const char *const values[] = {wanted->name,
                                  of,
                                  wanted->role,
                                  agency,
                                  enterprise,
                                  wanted->disabled ? now : NULL,
                                  wanted->sets_use ? "t" : "f"};
    return now && change(db, sql_account_change, 7, values, "change the account",
                         wanted->reason, done, error);
}

bool account_change(struct db *db, const struct account_change *wanted, GError **error)
{
    bool done = false;
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (!run_change(db, wanted, &done, error)) {
        db_rollback(db);
        return false;
    }
    return done || not_found(wanted->name, error);
}

/* What it might come in by goes with it. */
static bool remove_all(struct db *db, const char *name, const char *of, const char *now,
                       bool *removed, GError **error)
{
    const char *const values[] = {name, now, of};
    const char *const ended[] = {NULL, name, NULL, NULL, NULL, now, "removed"};
    return db_do(db, sql_signin_session_end, 7, ended, "end the sessions", error) &&
           change(db, sql_account_remove, 3, values, "remove the account", "removed", removed,
                  error);
}

bool account_remove(struct db *db, const char *name, int of_agency, GError **error)
{
    bool removed = false;
    g_autofree char *of = g_strdup_printf("%d", of_agency);
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    if (!now || !remove_all(db, name, of, now, &removed, error)) {
        db_rollback(db);
        return false;
    }
    return removed || not_found(name, error);
}

char *account_role(struct db *db, const char *name, GError **error)
{
    const char *const values[] = {name};
    g_autoptr(PGresult) res =
        db_run(db, sql_account_find, 1, values, "look the account up", error);
    if (!res)
        return NULL;
    if (PQntuples(res) == 1 && *PQgetvalue(res, 0, 1) == 'f')
        return g_strdup(PQgetvalue(res, 0, 0));
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "no account '%s'; add one with `patbridge user add %s --role ROLE`", name,
                name);
    return NULL;
}

bool account_agency(struct db *db, const char *name, int *agency_id, GError **error)
{
    const char *const values[] = {name};
    g_autoptr(PGresult) res =
        db_run(db, sql_account_find, 1, values, "look the account up", error);
    if (!res)
        return false;
    *agency_id = PQntuples(res) ? (int)g_ascii_strtoll(PQgetvalue(res, 0, 2), NULL, 10) : 0;
    return true;
}

/* An official is bound to no agency: who benefits never accepts its own facts. */
bool account_is_official(struct db *db, const char *name, GError **error)
{
    int agency_id = 0;
    g_autofree char *role = account_role(db, name, error);
    if (!role || !account_agency(db, name, &agency_id, error))
        return false;
    if (g_str_equal(role, "official") && agency_id == 0)
        return true;
    if (g_str_equal(role, "official")) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_DENIED,
                    "'%s' belongs to an agency; who benefits does not decide", name);
        return false;
    }
    g_set_error(error, SQL_ERROR, SQL_ERROR_DENIED,
                "'%s' has the role %s; only an official decides", name, role);
    return false;
}
