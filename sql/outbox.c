#include "sql/outbox.h"
#include "sql/endpoint.h"
#include "sql/internal.h"
#include "sql/lead.h"
#include "sql/ledger.h"
#include "sql/notice.h"
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

bool outbox_enter(struct db *db, int number, GError **error)
{
    g_autofree char *text = g_strdup_printf("%d", number);
    const char *const values[] = {text};
    return db_do(db, sql_push_worker_enter, 1, values, "enter as a worker", error);
}

void outbox_leave(struct db *db, int number)
{
    g_autofree char *text = g_strdup_printf("%d", number);
    const char *const values[] = {text};
    db_do(db, sql_push_worker_leave, 1, values, "leave as a worker",
          NULL); /* the session's end does it too */
}

/* Keeps an event of a push, which may lie under a later id of its patent. *news: it was not known before. */
static bool note_event(struct db *db, const json_t *row, const char *event, const char *at,
                       json_t *detail, json_t *touched, bool *news, GError **error)
{
    json_auto_t *owned = detail;
    g_autofree char *patents =
        lead_patent_ids(db, g_ascii_strtoll(text_of(row, "patent_id"), NULL, 10), NULL, error);
    if (!patents)
        return false;
    char *text = json_dumps(owned, JSON_COMPACT);
    const char *const values[] = {
        patents, text_of(row, "push_id"), text_of(row, "channel"), event, at, text};
    g_autoptr(PGresult) res =
        db_run(db, sql_push_event, 6, values, "keep what happened to a push", error);
    free(text);
    if (!res)
        return false;
    *news = PQntuples(res) == 1;
    ledger_say(db, &(struct ledger_about){.kind = "event", .subject = event});
    json_array_append(touched, json_object_get(row, "push_id"));
    return true;
}

void outbox_touch(struct db *db, const json_t *touched, const char *at)
{
    if (json_array_size(touched) > 0)
        ledger_touch(db, "push_event", "push_id", json_copy((json_t *)(uintptr_t)touched), at);
}

json_t *outbox_drop_orphans(struct db *db, const char *now, GError **error)
{
    const char *const values[] = {now};
    json_auto_t *rows =
        db_rows(db, sql_outbox_orphans, 1, values, "give up what has no endpoint", error);
    json_auto_t *touched = json_array();
    for (size_t i = 0; rows && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        json_t *detail =
            json_pack("{s:s, s:s?}", "reason", "endpoint_off", "why", text_of(row, "reason"));
        bool news;
        if (!note_event(db, row, "failed", now, detail, touched, &news, error))
            return NULL;
    }
    outbox_touch(db, touched, now);
    return rows ? json_incref(rows) : NULL;
}

/* ---- Claiming */

static bool add_targets(struct db *db, json_t *rows, const char *now, GError **error)
{
    GString *ids = g_string_new("{");
    for (size_t i = 0; i < json_array_size(rows); i++)
        g_string_append_printf(ids, "%s%s", i ? "," : "",
                               text_of(json_array_get(rows, i), "endpoint_id"));
    g_autofree char *list = g_string_free(g_string_append_c(ids, '}'), FALSE);
    const char *const values[] = {list, now};
    json_auto_t *targets = db_rows(db, sql_outbox_targets, 2, values, "read endpoints", error);
    size_t i, k;
    json_t *row, *target;
    json_array_foreach(rows, i, row) json_array_foreach(
        targets, k, target) if (json_equal(json_object_get(row, "endpoint_id"),
                                           json_object_get(target, "endpoint_id")))
        json_object_update(row, target);
    return targets != NULL;
}

json_t *outbox_claim(struct db *db, const struct outbox_claim *claim, GError **error)
{
    g_autofree char *worker = g_strdup_printf("%d", claim->worker);
    g_autofree char *limit = g_strdup_printf("%d", claim->limit);
    g_autofree char *agency = g_strdup_printf("%d", claim->agency_id);
    g_autofree char *each = g_strdup_printf("%d", claim->each);
    g_autofree char *breaker = g_strdup_printf("%d", OUTBOX_BREAKER);
    char *busy = json_dumps(claim->busy, JSON_COMPACT);
    char *paces = json_dumps(claim->paces, JSON_COMPACT);
    const char *const values[] = {worker, claim->now, claim->until, limit,  agency,
                                  busy,   each,       paces,        breaker};
    json_auto_t *rows = db_rows(db, sql_outbox_claim, 9, values, "claim what is due", error);
    free(busy);
    free(paces);
    if (!rows || (json_array_size(rows) > 0 && !add_targets(db, rows, claim->now, error)))
        return NULL;
    return json_incref(rows);
}

bool outbox_postpone(struct db *db, int worker, const json_t *row, const char *until,
                     GError **error)
{
    g_autofree char *number = g_strdup_printf("%d", worker);
    const char *const values[] = {text_of(row, "outbox_id"), until, number};
    return db_do(db, sql_outbox_postpone, 3, values, "put a push off", error);
}

/* ---- Results */

static const char *state_after(const char *outcome)
{
    if (g_str_equal(outcome, "accepted") || g_str_equal(outcome, "sent"))
        return "done";
    return g_str_equal(outcome, "retry") ? "due" : "dead";
}

static bool finish_row(struct db *db, const struct outbox_result *result, bool *kept,
                       GError **error)
{
    g_autofree char *worker = g_strdup_printf("%d", result->worker);
    g_autofree char *status =
        result->status > 0 ? g_strdup_printf("%ld", result->status) : NULL;
    const char *const values[] = {text_of(result->row, "outbox_id"),
                                  worker,
                                  result->outcome,
                                  state_after(result->outcome),
                                  result->next,
                                  result->started,
                                  result->ended,
                                  status,
                                  result->answer,
                                  result->failure,
                                  result->request};
    g_autoptr(PGresult) res =
        db_run(db, sql_outbox_finish, 11, values, "keep an attempt", error);
    if (res)
        *kept = PQntuples(res) == 1;
    return res != NULL;
}

/* An endpoint that fares well as it did before needs no word. */
static bool keep_health(struct db *db, const struct outbox_result *result, GError **error)
{
    bool good = g_str_equal(state_after(result->outcome), "done");
    bool counts = !good && !result->hold;
    if ((good && json_integer_value(json_object_get(result->row, "failures")) == 0) ||
        g_str_equal(result->outcome, "endpoint_off"))
        return true;
    g_autofree char *breaker = g_strdup_printf("%d", OUTBOX_BREAKER);
    const char *const values[] = {text_of(result->row, "endpoint_id"),
                                  good ? "true" : "false",
                                  result->ended,
                                  result->hold,
                                  breaker,
                                  counts ? "true" : "false"};
    return db_do(db, sql_endpoint_health, 6, values, "keep how an endpoint fares", error);
}

bool outbox_record(struct db *db, const struct outbox_result *result, bool *news,
                   GError **error)
{
    bool kept, first = false;
    bool accepted = g_str_equal(result->outcome, "accepted");
    bool done = g_str_equal(state_after(result->outcome), "done");
    *news = false;
    if (!finish_row(db, result, &kept, error) || (kept && !keep_health(db, result, error)))
        return false;
    if (!kept || g_str_equal(result->outcome, "retry"))
        return true; /* another worker holds the row by now, or all is said */
    json_t *detail = json_object();
    if (result->status > 0)
        json_object_set_new(detail, "status", json_integer(result->status));
    if (!done)
        json_object_set_new(detail, "reason", json_string(result->outcome));
    if (!note_event(db, result->row,
                    accepted ? "accepted"
                    : done   ? "sent"
                             : "failed",
                    result->ended, detail, result->touched, &first, error))
        return false;
    *news = accepted && first;
    if (!g_str_equal(result->outcome, "endpoint_off"))
        return true;
    return endpoint_disable(
        db, text_of(result->row, "endpoint_id"), result->ended,
        result->failure ? result->failure : "the receiver said that it is gone (410)", error);
}

json_t *outbox_mail(struct db *db, const char *push_id, GError **error)
{
    const char *const values[] = {push_id};
    json_auto_t *rows =
        db_rows(db, sql_outbox_mail, 1, values, "look for the mail of a push", error);
    if (rows && json_array_size(rows) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "no mail went out for push %s of this agency", push_id);
    return rows ? json_incref(json_array_get(rows, 0)) : NULL;
}

static bool keep_bounce(struct db *db, const struct outbox_bounce *bounce, GError **error)
{
    json_auto_t *touched = json_array();
    json_t *detail = json_pack("{s:s}", "answer", bounce->answer);
    bool first;
    if (!note_event(db, bounce->row, "bounced", bounce->now, detail, touched, &first, error))
        return false;
    outbox_touch(db, touched, bounce->now);
    return !bounce->no_mailbox || endpoint_disable(db, text_of(bounce->row, "endpoint_id"),
                                                   bounce->now, bounce->no_mailbox, error);
}

bool outbox_bounced(struct db *db, const struct outbox_bounce *bounce, bool *news,
                    GError **error)
{
    const char *const values[] = {text_of(bounce->row, "outbox_id"),
                                  bounce->failed ? "bounced" : "delayed", bounce->now,
                                  bounce->answer};
    g_autoptr(PGresult) res =
        db_run(db, sql_outbox_bounce, 4, values, "keep what a mail server said", error);
    if (!res)
        return false;
    *news = PQntuples(res) == 1;
    return !*news || !bounce->failed || keep_bounce(db, bounce, error);
}

bool outbox_soonest(struct db *db, int agency_id, const char *now, const char *latest,
                    int64_t *wait_ms, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, now, latest};
    return db_number(db, sql_outbox_soonest, 3, values, "look when to go on", wait_ms, error);
}

/* ---- Looking, and putting back */

json_t *outbox_waiting(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    json_auto_t *rows =
        db_rows(db, sql_outbox_waiting, 1, values, "look what is waiting", error);
    return rows ? json_incref(json_array_get(rows, 0)) : NULL;
}

/* As a bigint[]; NULL for NULL. */
static char *ids_text(const json_t *ids)
{
    GString *list = g_string_new("{");
    for (size_t i = 0; i < json_array_size(ids); i++)
        g_string_append_printf(list, "%s%s", i ? "," : "",
                               json_string_value(json_array_get(ids, i)));
    return g_string_free(g_string_append_c(list, '}'), !ids);
}

json_t *outbox_dead(struct db *db, int agency_id, const json_t *ids, int limit, GError **error)
{
    g_autofree char *most = g_strdup_printf("%d", limit);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *text = ids_text(ids);
    const char *const values[] = {agency, text, most};
    return db_rows(db, sql_outbox_dead, 3, values, "list dead letters", error);
}

json_t *outbox_replayable(struct db *db, int agency_id, const json_t *ids, const char *since,
                          GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *text = ids_text(ids);
    const char *const values[] = {agency, text, since};
    return db_rows(db, sql_outbox_replayable, 3, values, "list what can be sent again", error);
}

json_t *outbox_log(struct db *db, const struct outbox_question *question, GError **error)
{
    const json_t *after = question->after;
    g_autofree char *agency = g_strdup_printf("%d", question->agency_id),
                    *most = g_strdup_printf("%d", question->limit),
                    *number =
                        g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                        json_integer_value(json_object_get(after, "number")));
    const char *const values[] = {agency,
                                  question->since,
                                  question->uscc,
                                  question->push_id,
                                  json_string_value(json_object_get(after, "started_at")),
                                  json_string_value(json_object_get(after, "outbox_id")),
                                  after ? number : NULL,
                                  most};
    return db_rows(db, sql_outbox_log, 8, values, "read the delivery log", error);
}

/* The enterprise told this agency to stop. */
static bool is_stopped(struct db *db, const json_t *dead, bool *out, GError **error)
{
    g_autofree char *list = g_strdup_printf("{%s}", text_of(dead, "enterprise_id"));
    const char *const values[] = {list};
    json_auto_t *stops = db_rows(db, sql_push_stops, 1, values, "read who said stop", error);
    *out = false;
    for (size_t i = 0; i < json_array_size(stops); i++)
        *out |= json_equal(json_object_get(json_array_get(stops, i), "agency_id"),
                           json_object_get(dead, "agency_id"));
    return stops != NULL;
}

bool outbox_replay(struct db *db, const json_t *dead, const char *now, GError **error)
{
    const char *id = text_of(dead, "outbox_id");
    const char *const values[] = {id, now};
    bool stopped;
    if (!is_stopped(db, dead, &stopped, error))
        return false;
    if (stopped) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_STATE,
                    "could not put back %s: the enterprise said stop", id);
        return false;
    }
    g_autoptr(PGresult) res =
        db_run(db, sql_outbox_replay, 2, values, "put back a dead letter", error);
    if (!res)
        return false;
    notice_tell(db, "endpoint"); /* what sends looks at once */
    if (PQntuples(res) == 1)
        return true;
    g_set_error(
        error, SQL_ERROR, SQL_ERROR_STATE,
        "could not put back %s: it still waits, or its enterprise has no endpoint in use", id);
    return false;
}
