#include "sql/credential.h"
#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <stdlib.h>

static void say(struct db *db, const char *account, const char *reason)
{
    ledger_say(db,
               &(struct ledger_about){
                   .kind = "account", .subject = account, .reason = reason, .always = true});
}

static bool not_found(const char *account, GError **error)
{
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "no account '%s' with a password that this could be done to", account);
    return false;
}

/* A statement that answers a row when it did something. */
static bool did(struct db *db, const char *sql, int count, const char *const values[],
                const char *what, bool *done, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    *done = res && PQntuples(res) > 0;
    return res != NULL;
}

static bool end_sessions(struct db *db, const char *account, const char *keep, const char *now,
                         const char *why, GError **error)
{
    const char *const values[] = {NULL, account, NULL, NULL, keep, now, why};
    return db_do(db, sql_signin_session_end, 7, values, "end the sessions", error);
}

/* ---- Passwords */

static bool put(struct db *db, const struct credential *wanted, const char *now, bool *done,
                GError **error)
{
    g_autofree char *of = g_strdup_printf("%d", wanted->of_agency);
    const char *const values[] = {
        wanted->account, wanted->hash, wanted->given ? "t" : "f", now, of, wanted->before};
    return wanted->hash
               ? did(db, sql_credential_set, 6, values, "keep the password", done, error)
               : did(db, sql_credential_drop, 1, values, "drop the password", done, error);
}

bool credential_set(struct db *db, const struct credential *wanted, const char *now,
                    GError **error)
{
    bool done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool ran = put(db, wanted, now, &done, error) &&
               (!done || end_sessions(db, wanted->account, wanted->keep, now,
                                      "the password is another", error));
    say(db, wanted->account, wanted->reason);
    ran = ran && (!done || db_commit(db, error));
    db_rollback(db);
    return ran && (done || not_found(wanted->account, error));
}

static bool add_account(struct db *db, const struct credential_account *wanted, const char *now,
                        bool *added, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", wanted->agency_id);
    const char *const account[] = {
        wanted->name, wanted->role, agency, now, wanted->invented ? "t" : "f", "0"};
    return did(db, sql_account_insert, 6, account, "add the account", added, error) &&
           (*added ||
            account_check_same(db, wanted->name, wanted->role, wanted->agency_id, error));
}

bool credential_add(struct db *db, const struct credential_account *wanted, const char *now,
                    GError **error)
{
    const struct credential password = {
        .account = wanted->name, .hash = wanted->hash, .given = wanted->given};
    bool added = false, done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    ledger_say(db, &(struct ledger_about){.kind = "account",
                                          .subject = wanted->name,
                                          .reason = wanted->role,
                                          .always = true});
    bool ran = add_account(db, wanted, now, &added, error) &&
               put(db, &password, now, &done, error) &&
               end_sessions(db, wanted->name, NULL, now, "the password is another", error);
    ledger_touch_one(db, "account", "name", wanted->name, NULL);
    ran = ran && done && db_commit(db, error);
    db_rollback(db);
    return ran;
}

static bool check_first(struct db *db, const char *agency, const char *enterprise,
                        GError **error)
{
    const char *const values[] = {agency, enterprise};
    bool there = false;
    if (!did(db, sql_signin_accounts_of, 2, values, "look for an account", &there, error))
        return false;
    if (there)
        g_set_error(error, SQL_ERROR, SQL_ERROR_CONFLICT,
                    "this enterprise has an account with this agency already; the agency can "
                    "give it another password");
    return !there;
}

static bool make_first(struct db *db, const struct credential_first *first, const char *now,
                       GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", first->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, first->enterprise_id);
    const char *const account[] = {first->name, "enterprise", agency, now, "f", enterprise};
    const char *const password[] = {first->name, first->hash, "f", now, "0", NULL};
    const char *const session[] = {first->session, first->name};
    bool added = false, adopted = false;
    if (!check_first(db, agency, enterprise, error) ||
        !did(db, sql_account_insert, 6, account, "add the account", &added, error) ||
        (added &&
         (!db_do(db, sql_credential_set, 6, password, "keep the password", error) ||
          !did(db, sql_signin_session_adopt, 2, session, "keep the session", &adopted, error))))
        return false;
    if (!adopted)
        g_set_error(error, SQL_ERROR, SQL_ERROR_CONFLICT,
                    "the name '%s' is taken, or was: choose another", first->name);
    return adopted;
}

bool credential_first(struct db *db, const struct credential_first *first, const char *now,
                      GError **error)
{
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool done = make_first(db, first, now, error);
    ledger_say(db, &(struct ledger_about){.kind = "account",
                                          .agency_id = first->agency_id,
                                          .who = first->name,
                                          .subject = first->name,
                                          .reason = "enterprise, by a link"});
    ledger_touch_one(db, "account", "name", first->name, NULL);
    done = done && db_commit(db, error);
    db_rollback(db);
    return done;
}

/* ---- One-time codes */

static char *hex_of(GBytes *bytes)
{
    gsize len = 0;
    const unsigned char *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
    GString *text = g_string_new("\\x");
    for (gsize i = 0; i < len; i++)
        g_string_append_printf(text, "%02x", data[i]);
    return g_string_free(text, FALSE);
}

bool credential_totp(struct db *db, const char *account, int of_agency, GBytes *sealed,
                     bool confirmed, const char *now, GError **error)
{
    g_autofree char *hex = hex_of(sealed);
    g_autofree char *of = g_strdup_printf("%d", of_agency);
    const char *const values[] = {account, sealed ? hex : NULL,
                                  sealed && confirmed ? now : NULL, of};
    bool done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool ran =
        did(db, sql_credential_totp_set, 4, values, "keep the codes' secret", &done, error);
    say(db, account, !sealed ? "codes off" : confirmed ? "codes on" : "codes offered");
    ran = ran && (!done || db_commit(db, error));
    db_rollback(db);
    return ran && (done || not_found(account, error));
}

bool credential_totp_confirm(struct db *db, const char *account, int64_t step, const char *now,
                             bool *done, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, step);
    const char *const values[] = {account, text, now};
    *done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool ran = did(db, sql_credential_totp_use, 3, values, "take a code", done, error);
    say(db, account, "codes on");
    ran = ran && (!*done || db_commit(db, error));
    db_rollback(db);
    return ran;
}

json_t *credential_about(struct db *db, const json_t *names, const char *now, GError **error)
{
    char *text = json_dumps(names, JSON_COMPACT);
    const char *const values[] = {text, now};
    json_t *rows = NULL;
    if (db_begin(db, DB_SIGNIN, 0, error))
        rows = db_rows(db, sql_credential_about, 2, values, "look at passwords", error);
    db_rollback(db);
    free(text);
    return rows;
}
