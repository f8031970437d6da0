#include "sql/decision.h"
#include "sql/account.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static const char *const kinds[] = {"patent",
                                    "enterprise",
                                    "expert",
                                    "institution",
                                    "need",
                                    "push",
                                    "declared_push",
                                    "deal",
                                    "open_licence",
                                    "loan",
                                    "sale",
                                    "event",
                                    "case",
                                    "client",
                                    "attorney",
                                    "navigation_project",
                                    "platform_review",
                                    NULL};

const char *const *decision_kinds(void)
{
    return kinds;
}

/* The keys of the answer, joined; the first ten. */
static char *list_keys(const PGresult *res)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (int i = 0; i < MIN(PQntuples(res), 10); i++)
        g_string_append_printf(list, "%s'%s'", i ? ", " : "", PQgetvalue(res, i, 0));
    if (PQntuples(res) > 10)
        g_string_append_printf(list, " and %d more", PQntuples(res) - 10);
    return g_strdup(list->str);
}

static bool check_keys(struct db *db, const struct decision *decision, const char *agency,
                       const char *keys, GError **error)
{
    const char *const values[] = {decision->kind, agency, keys};
    g_autoptr(PGresult) res =
        db_run(db, sql_decision_missing, 3, values, "look the keys up", error);
    if (!res)
        return false;
    if (PQntuples(res) == 0)
        return true;
    g_autofree char *list = list_keys(res);
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "this agency has no %s %s",
                decision->kind, list);
    return false;
}

static bool check_batch(struct db *db, const struct decision *decision, const char *batch,
                        GError **error)
{
    const char *const values[] = {batch};
    g_autoptr(PGresult) res =
        db_run(db, sql_decision_batch, 1, values, "look the batch up", error);
    if (!res)
        return false;
    if (PQntuples(res) == 1 && g_str_equal(PQgetvalue(res, 0, 0), decision->kind) &&
        g_ascii_strtoll(PQgetvalue(res, 0, 1), NULL, 10) == decision->agency_id)
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "this agency has no batch %s of kind %s",
                batch, decision->kind);
    return false;
}

static json_t *keys_of(const PGresult *res)
{
    json_t *keys = json_array();
    for (int i = 0; i < PQntuples(res); i++)
        json_array_append_new(keys, json_string(PQgetvalue(res, i, 0)));
    return keys;
}

/* `what` is the array of keys, or the batch. */
static json_t *insert(struct db *db, const struct decision *decision, bool is_batch,
                      const char *what, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", decision->agency_id);
    g_autofree char *now = db_clock(db, error);
    if (!now || !account_is_official(db, decision->by, error))
        return NULL;
    if (is_batch ? !check_batch(db, decision, what, error)
                 : !check_keys(db, decision, agency, what, error))
        return NULL;
    const char *const values[] = {decision->kind,
                                  agency,
                                  what,
                                  decision->verdict,
                                  decision->by,
                                  decision->os_user,
                                  decision->reason,
                                  decision->effective,
                                  now,
                                  decision->invented ? "t" : "f"};
    g_autoptr(PGresult) res =
        db_run(db, is_batch ? sql_decision_insert_batch : sql_decision_insert, 10, values,
               "record the decision", error);
    if (!res)
        return NULL;
    if (PQntuples(res) == 0)
        return keys_of(res);
    ledger_say(db, &(struct ledger_about){.kind = "decide",
                                          .agency_id = decision->agency_id,
                                          .who = decision->by,
                                          .subject = decision->kind,
                                          .reason = decision->reason});
    ledger_touch_one(db, "decision", "decided_at", now, NULL);
    return keys_of(res);
}

static json_t *add(struct db *db, const struct decision *decision, bool is_batch,
                   const char *what, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return NULL;
    json_t *decided = insert(db, decision, is_batch, what, error);
    if (decided && db_commit(db, error))
        return decided;
    db_rollback(db);
    json_decref(decided);
    return NULL;
}

json_t *decision_add(struct db *db, const struct decision *decision, json_t *keys,
                     GError **error)
{
    char *text = json_dumps(keys, JSON_COMPACT);
    json_t *decided = add(db, decision, false, text, error);
    free(text);
    return decided;
}

json_t *decision_add_batch(struct db *db, const struct decision *decision, int64_t batch,
                           GError **error)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, batch);
    return add(db, decision, true, text, error);
}

/* ---- Four eyes */

static json_t *confirmed(struct db *db, const struct decision *decision, const char *agency,
                         const char *keys, GError **error)
{
    const char *const values[] = {decision->kind,    agency,       keys,
                                  decision->verdict, decision->by, decision->effective};
    g_autoptr(PGresult) res =
        db_run(db, sql_decision_confirmed, 6, values, "look for proposals", error);
    return res ? keys_of(res) : NULL;
}

static bool propose_rest(struct db *db, const struct decision *decision, const char *agency,
                         json_t *rest, GError **error)
{
    if (json_array_size(rest) == 0)
        return true;
    g_autofree char *now = db_clock(db, error);
    char *text = json_dumps(rest, JSON_COMPACT);
    const char *const values[] = {decision->kind,
                                  agency,
                                  text,
                                  decision->verdict,
                                  decision->by,
                                  decision->os_user,
                                  decision->reason,
                                  decision->effective,
                                  now};
    bool done = now && check_keys(db, decision, agency, text, error) &&
                db_do(db, sql_decision_propose, 9, values, "propose a decision", error);
    free(text);
    ledger_say(db, &(struct ledger_about){.kind = "propose",
                                          .agency_id = decision->agency_id,
                                          .who = decision->by,
                                          .subject = decision->kind,
                                          .reason = decision->reason});
    if (done)
        ledger_touch_one(db, "proposal", "proposed_at", now, NULL);
    return done;
}

static json_t *rest_of(const json_t *keys, const json_t *taken)
{
    json_t *rest = json_array();
    size_t i, k;
    json_t *key, *one;
    json_array_foreach(keys, i, key)
    {
        bool is_taken = false;
        json_array_foreach(taken, k, one) is_taken |= json_equal(one, key);
        if (!is_taken)
            json_array_append(rest, key);
    }
    return rest;
}

bool decision_propose(struct db *db, const struct decision *decision, json_t *keys,
                      json_t **ready, json_t **waiting, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", decision->agency_id);
    char *text = json_dumps(keys, JSON_COMPACT);
    json_t *now_ready = NULL, *rest = NULL;
    bool done = db_begin(db, DB_ACROSS, 0, error) &&
                account_is_official(db, decision->by, error) &&
                (now_ready = confirmed(db, decision, agency, text, error)) != NULL &&
                propose_rest(db, decision, agency, rest = rest_of(keys, now_ready), error) &&
                db_commit(db, error);
    free(text);
    if (done) {
        *ready = now_ready;
        *waiting = rest;
        return true;
    }
    db_rollback(db);
    json_decref(now_ready);
    json_decref(rest);
    return false;
}

json_t *decision_waiting(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, sql_proposal_waiting, 1, values, "list what waits", error);
}
