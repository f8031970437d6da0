#include "sql/signin.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <stdlib.h>

enum { FREE_OF_NAME = 5, FREE_OF_ADDRESS = 20 };

static void say(struct db *db, const char *account, const char *who, const char *reason)
{
    ledger_say(db, &(struct ledger_about){.kind = "sign_in",
                                          .who = who,
                                          .subject = account,
                                          .reason = reason,
                                          .always = true});
}

/* ---- Attempts */

static void add_scope(json_t *scopes, const char *scope, const char *subject, int free_ones)
{
    json_array_append_new(scopes, json_pack("{s:s, s:s, s:i}", "scope", scope, "subject",
                                            subject, "free", free_ones));
}

/* What is counted: as text of JSON, which the caller frees. */
static char *scopes_of(struct db *db, const struct signin_from *from, const char *now,
                       size_t *count, GError **error)
{
    const char *const values[] = {from->name, from->address, now};
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_known, 3, values, "look where the account came in", error);
    if (!res)
        return NULL;
    bool known = *PQgetvalue(res, 0, 0) == 't';
    json_auto_t *scopes = json_array();
    if (*from->address)
        add_scope(scopes, "address", from->address, FREE_OF_ADDRESS);
    add_scope(scopes, known ? "both" : "name", known ? from->both_digest : from->name_digest,
              FREE_OF_NAME);
    *count = json_array_size(scopes);
    return json_dumps(scopes, JSON_COMPACT);
}

/* False, and nothing is counted, where one of them has to wait. */
static bool take_all(struct db *db, const char *scopes, const char *now, size_t count,
                     bool *taken, GError **error)
{
    const char *const values[] = {scopes, now};
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_attempt_take, 2, values, "count an attempt", error);
    *taken = res && (size_t)PQntuples(res) == count;
    return res && (!*taken || db_commit(db, error));
}

static bool read_wait(struct db *db, const char *scopes, const char *now, int *wait_s,
                      GError **error)
{
    const char *const values[] = {scopes, now};
    int64_t seconds = 0;
    bool read = db_begin(db, DB_SIGNIN, 0, error) &&
                db_number(db, sql_signin_attempt_wait, 2, values, "look how long to wait",
                          &seconds, error);
    db_rollback(db);
    *wait_s = MAX(1, (int)seconds);
    return read;
}

bool signin_take(struct db *db, const struct signin_from *from, const char *now, int *wait_s,
                 GError **error)
{
    size_t count = 0;
    bool taken = false;
    *wait_s = 0;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    char *scopes = scopes_of(db, from, now, &count, error);
    bool done = scopes && take_all(db, scopes, now, count, &taken, error);
    db_rollback(db);
    done = done && (taken || read_wait(db, scopes, now, wait_s, error));
    free(scopes);
    return done;
}

json_t *signin_read(struct db *db, const char *account, GError **error)
{
    const char *const values[] = {account};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return NULL;
    json_auto_t *rows =
        db_rows(db, sql_credential_read, 1, values, "look the account up", error);
    db_rollback(db);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}

/* ---- What came of it */

/* A statement that answers a row when it did something. */
static bool did(struct db *db, const char *sql, int count, const char *const values[],
                const char *what, bool *done, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    *done = res && PQntuples(res) > 0;
    return res != NULL;
}

static bool use_code(struct db *db, const struct signin_session *session, bool *done,
                     GError **error)
{
    g_autofree char *step = g_strdup_printf("%" G_GINT64_FORMAT, session->totp_step);
    const char *const values[] = {session->account, step, NULL};
    *done = true;
    return session->totp_step == 0 ||
           did(db, sql_credential_totp_use, 3, values, "take a code", done, error);
}

static bool add(struct db *db, const struct signin_session *session, const char *address,
                const char *now, bool *done, GError **error)
{
    g_autofree char *idle = g_strdup_printf("%d", session->idle_s);
    g_autofree char *life = g_strdup_printf("%d", session->life_s);
    const char *const values[] = {
        session->id, session->digest,       session->account, address, now, idle,
        life,        session->password_hash};
    return did(db, sql_signin_session_add, 8, values, "begin a session", done, error);
}

/* Something done to all that may have been counted. */
static bool of_scopes(struct db *db, const char *sql, const struct signin_from *from,
                      const char *what, GError **error)
{
    json_auto_t *scopes = json_array();
    add_scope(scopes, "address", from->address, 0);
    add_scope(scopes, "name", from->name_digest, 0);
    add_scope(scopes, "both", from->both_digest, 0);
    char *text = json_dumps(scopes, JSON_COMPACT);
    const char *const values[] = {text};
    bool done = db_do(db, sql, 1, values, what, error);
    free(text);
    return done;
}

static bool forget(struct db *db, const struct signin_from *from, GError **error)
{
    return of_scopes(db, sql_signin_attempt_forget, from, "forget failures", error);
}

bool signin_proved(struct db *db, const struct signin_from *from, GError **error)
{
    bool done =
        db_begin(db, DB_SIGNIN, 0, error) && forget(db, from, error) && db_commit(db, error);
    db_rollback(db);
    return done;
}

bool signin_untake(struct db *db, const struct signin_from *from, GError **error)
{
    bool done = db_begin(db, DB_SIGNIN, 0, error) &&
                of_scopes(db, sql_signin_attempt_untake, from, "take an attempt back", error) &&
                db_commit(db, error);
    db_rollback(db);
    return done;
}

static bool tidy(struct db *db, const struct signin_session *session,
                 const struct signin_from *from, const char *now, GError **error)
{
    const char *const ended[] = {session->before,  NULL, NULL, NULL, session->id, now,
                                 "signed in again"};
    return (!session->before ||
            db_do(db, sql_signin_session_end, 7, ended, "end the session before", error)) &&
           forget(db, from, error);
}

bool signin_succeed(struct db *db, const struct signin_session *session,
                    const struct signin_from *from, const char *now, bool *done, GError **error)
{
    *done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool ran = use_code(db, session, done, error) &&
               (!*done || add(db, session, from->address, now, done, error)) &&
               (!*done || tidy(db, session, from, now, error));
    if (ran && *done)
        say(db, session->account, session->account,
            session->totp_step ? "password and code" : "password");
    ran = ran && (!*done || db_commit(db, error));
    db_rollback(db);
    return ran;
}

/* ---- Failures */

bool signin_fail(struct db *db, const char *account, const char *now, GError **error)
{
    const char *const values[] = {account ? account : "", now};
    bool done = db_begin(db, DB_SIGNIN, 0, error) &&
                db_do(db, sql_signin_burst_add, 2, values, "note a failed sign-in", error) &&
                db_commit(db, error);
    db_rollback(db);
    return done;
}

static const char *subject_of(const char *account)
{
    return *account ? account : "nobody's name";
}

static bool tell_one(struct db *db, const char *now, bool *told, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_burst_tell, 0, NULL, "look for failed sign-ins", error);
    (void)now;
    *told = res && PQntuples(res) == 1;
    if (!*told)
        return res != NULL;
    g_autofree char *reason = g_strdup_printf("failed at %s", PQgetvalue(res, 0, 1));
    say(db, subject_of(PQgetvalue(res, 0, 0)), NULL, reason);
    return true;
}

static bool end_one(struct db *db, const char *now, bool *ended, GError **error)
{
    const char *const values[] = {now};
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_burst_ended, 1, values, "look for failures that are over", error);
    *ended = res && PQntuples(res) == 1;
    if (!*ended)
        return res != NULL;
    const char *count = PQgetvalue(res, 0, 1);
    g_autofree char *reason = g_strdup_printf("%s failed from %s to %s", count,
                                              PQgetvalue(res, 0, 2), PQgetvalue(res, 0, 3));
    if (!g_str_equal(count, "1")) /* of one alone it was told */
        say(db, subject_of(PQgetvalue(res, 0, 0)), NULL, reason);
    return true;
}

/* Each in a transaction of its own, for an entry is of one. */
static bool each(struct db *db, const char *now,
                 bool (*one)(struct db *db, const char *now, bool *found, GError **error),
                 GError **error)
{
    bool found = true, done = true;
    while (done && found) {
        done = db_begin(db, DB_SIGNIN, 0, error) && one(db, now, &found, error) &&
               db_commit(db, error);
        db_rollback(db);
    }
    return done;
}

bool signin_sweep(struct db *db, const char *now, GError **error)
{
    const char *const values[] = {now};
    int64_t count = 0;
    bool read = db_begin(db, DB_SIGNIN, 0, error) &&
                db_number(db, sql_signin_burst_waits, 1, values, "look for failed sign-ins",
                          &count, error);
    db_rollback(db);
    return read &&
           (count == 0 || (each(db, now, tell_one, error) && each(db, now, end_one, error)));
}

bool signin_rehash(struct db *db, const char *account, const char *before, const char *hash,
                   GError **error)
{
    const char *const values[] = {account, before, hash};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool done = db_do(db, sql_credential_rehash, 3, values, "keep a password anew", error) &&
                db_commit(db, error);
    db_rollback(db);
    return done;
}

bool signin_forget(struct db *db, const char *now, GError **error)
{
    const char *const values[] = {now};
    bool done = db_begin(db, DB_SIGNIN, 0, error) &&
                db_do(db, sql_signin_forget, 1, values, "forget old sign-ins", error) &&
                db_commit(db, error);
    db_rollback(db);
    return done;
}
