#include "sql/signin_link.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <stdlib.h>

static bool add(struct db *db, const struct signin_invitation *invitation, const char *now,
                char **ends_at, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", invitation->agency_id);
    g_autofree char *enterprise =
        g_strdup_printf("%" G_GINT64_FORMAT, invitation->enterprise_id);
    g_autofree char *life = g_strdup_printf("%d", invitation->life_s);
    const char *const values[] = {invitation->link, agency, enterprise,
                                  invitation->by,   now,    life};
    g_autoptr(PGresult) res =
        db_run(db, sql_signin_link_add, 6, values, "keep the invitation", error);
    if (!res)
        return false;
    *ends_at = g_strdup(PQgetvalue(res, 0, 0));
    return true;
}

bool signin_link_add(struct db *db, const struct signin_invitation *invitation, const char *now,
                     char **ends_at, GError **error)
{
    g_autofree char *subject =
        g_strdup_printf("enterprise %" G_GINT64_FORMAT, invitation->enterprise_id);
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool done = add(db, invitation, now, ends_at, error);
    ledger_say(db, &(struct ledger_about){.kind = "account",
                                          .agency_id = invitation->agency_id,
                                          .who = invitation->by,
                                          .subject = subject,
                                          .reason = "invited",
                                          .always = true});
    done = done && db_commit(db, error);
    db_rollback(db);
    return done;
}

json_t *signin_link_about(struct db *db, const char *link, const char *now, GError **error)
{
    const char *const values[] = {link, now};
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return NULL;
    json_auto_t *rows =
        db_rows(db, sql_signin_link_about, 2, values, "look at the invitation", error);
    db_rollback(db);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}

/* The row of the link, now used; none where it may not be. */
static PGresult *take(struct db *db, const struct signin_by_link *by, const char *now,
                      GError **error)
{
    const char *const invitation[] = {by->link, now}, *const push[] = {by->link, by->push_id,
                                                                       now};
    return by->push_id ? db_run(db, sql_signin_link_push, 3, push, "use the link", error)
                       : db_run(db, sql_signin_link_use, 2, invitation, "use the link", error);
}

static bool begin(struct db *db, const struct signin_by_link *by, const char *agency,
                  const char *enterprise, const char *now, GError **error)
{
    g_autofree char *idle = g_strdup_printf("%d", by->idle_s);
    g_autofree char *life = g_strdup_printf("%d", by->life_s);
    const char *const values[] = {by->id,      by->digest, agency, enterprise,
                                  by->address, now,        idle,   life};
    const char *const ended[] = {by->before, NULL, NULL, NULL, by->id, now, "signed in again"};
    return db_do(db, sql_signin_session_link, 8, values, "begin a session", error) &&
           (!by->before ||
            db_do(db, sql_signin_session_end, 7, ended, "end the session before", error));
}

static bool use(struct db *db, const struct signin_by_link *by, const char *now, bool *done,
                GError **error)
{
    g_autoptr(PGresult) res = take(db, by, now, error);
    *done = res && PQntuples(res) == 1;
    if (!*done)
        return res != NULL;
    if (!begin(db, by, PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1), now, error))
        return false;
    ledger_say(db, &(struct ledger_about){.kind = "sign_in",
                                          .agency_id = atoi(PQgetvalue(res, 0, 0)),
                                          .subject = PQgetvalue(res, 0, 2),
                                          .reason = by->push_id ? "the link of a push"
                                                                : "an invitation",
                                          .always = true});
    return db_commit(db, error);
}

bool signin_link_use(struct db *db, const struct signin_by_link *by, const char *now,
                     bool *done, GError **error)
{
    *done = false;
    if (!db_begin(db, DB_SIGNIN, 0, error))
        return false;
    bool ran = use(db, by, now, done, error);
    db_rollback(db);
    return ran;
}
