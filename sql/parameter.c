#include "sql/parameter.h"
#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static const char *verdict_of(const struct parameter_decision *decision)
{
    return decision->value ? "set" : "withdraw";
}

/* Whether another official has proposed the very same. */
static bool is_confirmed(struct db *db, const struct parameter_decision *decision,
                         const char *value, bool *out, GError **error)
{
    const char *const values[] = {
        decision->policy, decision->clause,   decision->name, verdict_of(decision), value,
        decision->by,     decision->effective};
    int64_t confirmed = 0;
    bool asked = db_number(db, sql_parameter_confirmed, 7, values, "look for proposals",
                           &confirmed, error);
    *out = confirmed == 1;
    return asked;
}

static void say(struct db *db, const struct parameter_decision *decision, bool proposed)
{
    g_autofree char *subject =
        g_strdup_printf("parameter %s %s%s%s", decision->policy, decision->clause,
                        *decision->clause ? "/" : "", decision->name);
    ledger_say(db, &(struct ledger_about){.kind = proposed ? "propose" : "decide",
                                          .who = decision->by,
                                          .subject = subject,
                                          .reason = decision->reason});
}

static bool insert(struct db *db, const struct parameter_decision *decision, const char *value,
                   bool proposed, GError **error)
{
    g_autofree char *version = g_strdup_printf("%d", decision->version);
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {decision->policy,
                                  version,
                                  decision->clause,
                                  decision->name,
                                  verdict_of(decision),
                                  value,
                                  proposed ? "proposed" : "decided",
                                  decision->by,
                                  decision->os_user,
                                  decision->reason,
                                  decision->effective,
                                  now};
    g_autoptr(PGresult) res =
        now ? db_run(db, sql_parameter_insert, 12, values, "record the decision", error) : NULL;
    if (!res)
        return false;
    say(db, decision, proposed);
    ledger_touch_one(db, "parameter_decision", "parameter_decision_id", PQgetvalue(res, 0, 0),
                     NULL);
    return true;
}

bool parameter_decide(struct db *db, const struct parameter_decision *decision, bool *waits,
                      GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    char *value = decision->value
                      ? json_dumps(decision->value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12))
                      : NULL;
    bool confirmed = true;
    bool done =
        account_is_official(db, decision->by, error) &&
        (!decision->four_eyes || is_confirmed(db, decision, value, &confirmed, error)) &&
        insert(db, decision, value, !confirmed, error) && db_commit(db, error);
    free(value);
    *waits = !confirmed;
    if (!done)
        db_rollback(db);
    return done;
}

json_t *parameter_decided(struct db *db, const char *policy, const char *as_of,
                          const char *known_at, const char *time_zone, GError **error)
{
    const char *const values[] = {policy, as_of, known_at, time_zone};
    return db_rows(db, sql_parameter_decided, 4, values, "read what was decided", error);
}

json_t *parameter_list(struct db *db, const char *policy, GError **error)
{
    const char *const values[] = {policy};
    if (!db_begin(db, DB_READONLY, 0, error))
        return NULL;
    json_t *rows = db_rows(db, sql_parameter_list, 1, values, "list what was decided", error);
    db_rollback(db); /* it only read */
    return rows;
}
