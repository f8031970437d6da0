#include "service/push/sender.h"
#include "service/push/channel.h"
#include "service/push/schedule.h"
#include "service/push/webhook.h"
#include "service/push/worker.h"
#include "sql/outbox.h"
#include <sodium.h>
#include <string.h>

enum {
    TRIES = 3,
    EACH = 4,           /* rows on their way to one endpoint */
    ROOM_LEAST = 32,    /* places that are free before more is claimed */
    AGAIN_MS = 200,     /* between two claims that found nothing */
    PATIENCE_MS = 5000, /* an endpoint that is held for longer is left to the next run */
    ENDING_MS = 6000,   /* of what is on its way, once it shall end */
    REQUEST_MOST = 600,
};
#define LEASE_US (60 * G_TIME_SPAN_SECOND) /* a call takes 30 s at most */

struct worker {
    struct db *db;
    const struct push_options *options;
    struct push_report *report;
    int number;
    struct wire *wire;
    json_t *busy;       /* {endpoint: rows on their way} */
    json_t *paces;      /* {channel: ms} */
    GPtrArray *ended;   /* struct parcel *, whose results are not kept yet */
    int64_t claimed_ms; /* when nothing was found last */
};

/* A row on its way. */
struct parcel {
    struct worker *worker;
    json_t *row;
    const struct channel *channel;
    int64_t started_us;
    char *id;
    struct dispatch dispatch;
    struct wire_call call;
    struct wire_outcome outcome;
    const char *result; /* its name in the database */
};

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static bool is_stopped(const struct worker *worker)
{
    const struct push_options *options = worker->options;
    return options->stop && options->stop(options->stop_user);
}

/* ---- Keeping what came of an attempt */

/* Decides what an attempt means for its row; *next_us is when to try again. */
static const char *outcome_of(const struct parcel *parcel, const struct wire_outcome *outcome,
                              int64_t now_us, int64_t *next_us)
{
    static const char *const names[] = {[WIRE_ACCEPTED] = "accepted",
                                        [WIRE_SENT] = "sent",
                                        [WIRE_DEAD] = "dead",
                                        [WIRE_ENDPOINT_OFF] = "endpoint_off"};
    if (outcome->verdict != WIRE_RETRY)
        return names[outcome->verdict];
    int made = (int)json_integer_value(json_object_get(parcel->row, "attempts")) + 1;
    int64_t wait = schedule_wait_us(made, outcome->retry_after_s, g_random_double());
    if (wait < 0 || (outcome->tries_most && made >= outcome->tries_most))
        return "dead";
    *next_us = now_us + wait;
    if (!parcel->worker->options->ignore_quiet)
        *next_us = schedule_after_quiet(text_of(parcel->row, "quiet"), *next_us);
    return "retry";
}

static void tally(struct push_report *report, const char *outcome)
{
    report->accepted += g_str_equal(outcome, "accepted");
    report->sent += g_str_equal(outcome, "sent");
    report->retried += g_str_equal(outcome, "retry");
    report->dead += g_str_equal(outcome, "dead") || g_str_equal(outcome, "endpoint_off");
    report->off += g_str_equal(outcome, "endpoint_off");
}

/* For the log: neither what signs, nor what is secret in the address, nor who a mail went to, nor, but for webhooks, a body: that
 * has signed links. */
static char *request_text(const struct parcel *parcel)
{
    const struct dispatch *dispatch = &parcel->dispatch;
    if (!dispatch->url)
        return NULL;
    g_autofree char *masked = webhook_url_mask(dispatch->url);
    GString *text = g_string_new(parcel->channel->by_mail ? "MAIL " : "POST ");
    g_string_append(text, masked);
    for (char **line = dispatch->headers; line && *line; line++)
        if (parcel->channel->by_mail ? g_str_has_prefix(*line, "Message-ID")
                                     : !strstr(*line, "signature"))
            g_string_append_printf(text, "\n%s", *line);
    const char *body = dispatch->body ? dispatch->body : "";
    if (g_str_equal(parcel->channel->name, "webhook"))
        g_string_append_printf(text, "\n\n%s", body);
    else
        g_string_append_printf(text, "\n\n(%zu bytes)", strlen(body));
    if (text->len > REQUEST_MOST) {
        const char *end = g_utf8_find_prev_char(text->str, text->str + REQUEST_MOST);
        g_string_truncate(text, end ? (gsize)(end - text->str) : 0);
        g_string_append(text, "…");
    }
    return g_string_free(text, FALSE);
}

/* Inside a transaction. */
static bool record(struct parcel *parcel, int64_t now_us, json_t *touched, GError **error)
{
    struct worker *worker = parcel->worker;
    const struct wire_outcome *outcome = &parcel->outcome;
    int64_t next_us = 0;
    bool news;
    parcel->result = outcome_of(parcel, outcome, now_us, &next_us);
    g_autofree char *started = schedule_moment_text(parcel->started_us);
    g_autofree char *ended = schedule_moment_text(now_us);
    g_autofree char *next = next_us ? schedule_moment_text(next_us) : NULL;
    g_autofree char *request = request_text(parcel);
    const char *why = outcome->reason[0] ? outcome->reason : parcel->call.failure;
    const struct outbox_result result = {
        .row = parcel->row,
        .worker = worker->number,
        .outcome = parcel->result,
        .next = next,
        .started = started,
        .ended = ended,
        .status = parcel->call.status,
        .answer = parcel->call.answer[0] ? parcel->call.answer : NULL,
        .failure = *why ? why : NULL,
        .request = request,
        .hold = outcome->holds_endpoint ? next : NULL,
        .touched = touched,
    };
    return outbox_record(worker->db, &result, &news, error);
}

/* What ended between `from` and `to`, in one transaction. */
static bool keep_once(struct worker *worker, guint from, guint to, GError **error)
{
    int64_t now_us;
    if (!worker_now(worker->db, worker->options, &now_us, error) ||
        !db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    bool good = true;
    json_auto_t *touched = json_array();
    for (guint i = from; good && i < to; i++)
        good = record(worker->ended->pdata[i], now_us, touched, error);
    g_autofree char *at = schedule_moment_text(now_us);
    outbox_touch(worker->db, touched, at);
    if (good && db_commit(worker->db, error))
        return true;
    db_rollback(worker->db);
    return false;
}

static bool is_worth_a_try(const GError *error)
{
    return g_error_matches(error, SQL_ERROR, SQL_ERROR_AGAIN) ||
           g_error_matches(error, SQL_ERROR, SQL_ERROR_CONFLICT);
}

/* Tried again where another transaction was in the way, such as a merge of patents that moved the push. */
static bool keep_one(struct worker *worker, guint place, GError **error)
{
    for (int try = 1;; try++) {
        g_autoptr(GError) why = NULL;
        if (keep_once(worker, place, place + 1, &why))
            return true;
        if (try == TRIES || !is_worth_a_try(why)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
    }
}

/* All at once; where that can't be, one by one. */
static bool keep_all(struct worker *worker, GError **error)
{
    g_autoptr(GError) why = NULL;
    guint count = worker->ended->len;
    if (count == 0 || keep_once(worker, 0, count, &why))
        return true;
    if (!is_worth_a_try(why)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    for (guint i = 0; i < count; i++)
        if (!keep_one(worker, i, error))
            return false;
    return true;
}

static void add_busy(struct worker *worker, const char *endpoint, int more)
{
    json_int_t count = json_integer_value(json_object_get(worker->busy, endpoint)) + more;
    if (count > 0)
        json_object_set_new(worker->busy, endpoint, json_integer(count));
    else
        json_object_del(worker->busy, endpoint);
}

static void parcel_free(struct parcel *parcel)
{
    add_busy(parcel->worker, text_of(parcel->row, "endpoint_id"), -1);
    json_decref(parcel->row);
    dispatch_clear(&parcel->dispatch);
    g_free(parcel->id);
    g_free(parcel);
}

static void finish(struct parcel *parcel, const struct wire_outcome *outcome)
{
    parcel->outcome = *outcome;
    g_ptr_array_add(parcel->worker->ended, parcel);
}

/* After a failure to keep results the rest is left to the leases: it is sent again. */
static bool keep_ended(struct worker *worker, GError **error)
{
    bool kept = keep_all(worker, error);
    for (guint i = 0; i < worker->ended->len; i++) {
        struct parcel *parcel = worker->ended->pdata[i];
        if (kept)
            tally(worker->report, parcel->result);
        parcel_free(parcel);
    }
    g_ptr_array_set_size(worker->ended, 0);
    return kept;
}

/* Cut off: its lease ends with the worker, and it is sent again. */
static void parcel_cut(struct wire_call *call)
{
    parcel_free(call->user);
}

static void call_done(struct wire_call *call, void *user)
{
    struct parcel *parcel = call->user;
    (void)user;
    const struct wire_outcome outcome = parcel->channel->judge(call);
    finish(parcel, &outcome);
}

/* ---- Sending one */

static void wipe(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

static bool prepare(struct parcel *parcel, GError **error)
{
    const struct worker *worker = parcel->worker;
    const struct seal_key *seal = worker->options->key;
    const char *old = json_string_value(json_object_get(parcel->row, "old_secret_sealed"));
    char *secret = seal_open_hex(seal, text_of(parcel->row, "secret_sealed"), error);
    char *old_secret = secret && old ? seal_open_hex(seal, old, error) : NULL;
    bool opened = secret && (!old || old_secret);
    const struct letter letter = {parcel->row, parcel->id, secret, old_secret,
                                  g_get_real_time()};
    bool good =
        opened && parcel->channel->prepare(&letter, worker->options, &parcel->dispatch, error);
    wipe(secret);
    wipe(old_secret);
    return good;
}

static void send_one(struct worker *worker, json_t *row, int64_t now_us)
{
    static const struct wire_outcome later = {.verdict = WIRE_RETRY};
    g_autoptr(GError) why = NULL;
    struct parcel *parcel = g_new0(struct parcel, 1);
    parcel->worker = worker;
    parcel->row = json_incref(row);
    parcel->channel = channel_find(text_of(row, "channel"));
    parcel->started_us = now_us;
    parcel->id = g_strconcat("msg_", text_of(row, "push_id"), NULL);
    add_busy(worker, text_of(row, "endpoint_id"), 1);
    if (!parcel->channel || !prepare(parcel, &why)) {
        g_strlcpy(parcel->call.failure, why ? why->message : "a channel that is not known",
                  sizeof parcel->call.failure);
        finish(parcel, &later);
        return;
    }
    parcel->call.url = parcel->dispatch.url;
    parcel->call.headers = parcel->dispatch.headers;
    parcel->call.body = parcel->dispatch.body;
    parcel->call.mail = parcel->channel->by_mail ? &parcel->dispatch.mail : NULL;
    parcel->call.user = parcel;
    wire_add(worker->wire, &parcel->call);
}

/* ---- Claiming */

static int64_t sends_at(const struct worker *worker, const json_t *row, int64_t now_us)
{
    const struct channel *channel = channel_find(text_of(row, "channel"));
    if (worker->options->ignore_quiet)
        return now_us;
    int64_t then = schedule_after_quiet(text_of(row, "quiet"), now_us);
    return schedule_after_crowd(channel ? channel->crowd_s : 0, then);
}

/* A row that is not sent now after all: its endpoint was turned off, it is a quiet hour, or one at which the platform has no room.
 * *out says so. */
static bool put_off(struct worker *worker, const json_t *row, int64_t now_us, bool *out,
                    GError **error)
{
    bool disabled = json_is_true(json_object_get(row, "disabled"));
    int64_t then = sends_at(worker, row, now_us);
    *out = disabled || then > now_us;
    if (!*out)
        return true;
    g_autofree char *moment = schedule_moment_text(then);
    worker->report->quiet += !disabled;
    return outbox_postpone(worker->db, worker->number, row, moment, error);
}

/* Rows to send now; *claimed: how many were taken at all. */
static bool claim_rows(struct worker *worker, int64_t now_us, json_t *rows, size_t *claimed,
                       GError **error)
{
    g_autofree char *now = schedule_moment_text(now_us);
    g_autofree char *until = schedule_moment_text(now_us + LEASE_US);
    const struct outbox_claim wanted = {
        .worker = worker->number,
        .agency_id = worker->options->agency_id,
        .now = now,
        .until = until,
        .limit = WIRE_AT_ONCE - (int)wire_count(worker->wire),
        .busy = worker->busy,
        .each = EACH,
        .paces = worker->paces,
    };
    json_auto_t *orphans = outbox_drop_orphans(worker->db, now, error);
    json_auto_t *taken = orphans ? outbox_claim(worker->db, &wanted, error) : NULL;
    bool later;
    for (size_t i = 0; i < json_array_size(taken); i++) {
        json_t *row = json_array_get(taken, i);
        if (!put_off(worker, row, now_us, &later, error))
            return false;
        if (!later)
            json_array_append(rows, row);
    }
    worker->report->dead += (int)json_array_size(orphans);
    *claimed = json_array_size(taken);
    return taken != NULL;
}

static bool claim(struct worker *worker, size_t *claimed, GError **error)
{
    int64_t now_us;
    json_auto_t *rows = json_array();
    if (!worker_now(worker->db, worker->options, &now_us, error) ||
        !db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    if (!claim_rows(worker, now_us, rows, claimed, error) || !db_commit(worker->db, error)) {
        db_rollback(worker->db);
        return false;
    }
    for (size_t i = 0; i < json_array_size(rows); i++)
        send_one(worker, json_array_get(rows, i), now_us);
    return true;
}

static bool claim_again(struct worker *worker, size_t *claimed, GError **error)
{
    size_t going = wire_count(worker->wire);
    *claimed = 0;
    if (is_stopped(worker) || WIRE_AT_ONCE - going < ROOM_LEAST ||
        (going > 0 && now_ms() - worker->claimed_ms < AGAIN_MS))
        return true;
    if (!claim(worker, claimed, error))
        return false;
    if (*claimed == 0)
        worker->claimed_ms = now_ms();
    return true;
}

/* Waits for an endpoint that is held by its pace. *more: there is one. */
static bool wait_for_pace(struct worker *worker, bool *more, GError **error)
{
    int64_t now_us, wait_ms = -1;
    *more = false;
    if (is_stopped(worker))
        return true;
    if (!worker_now(worker->db, worker->options, &now_us, error) ||
        !db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = schedule_moment_text(now_us);
    g_autofree char *latest = schedule_moment_text(now_us + PATIENCE_MS * INT64_C(1000));
    bool done =
        outbox_soonest(worker->db, worker->options->agency_id, now, latest, &wait_ms, error);
    db_rollback(worker->db);
    *more = done && wait_ms >= 0 && !worker->options->now_us;
    for (int64_t slept = 0; *more && slept < wait_ms && !is_stopped(worker); slept += 50)
        g_usleep(50000);
    return done;
}

/* ---- The run */

static bool send_all(struct worker *worker, GError **error)
{
    size_t claimed;
    bool more = true;
    int64_t ending_ms = 0;
    while (more) {
        if (!claim_again(worker, &claimed, error))
            return false;
        if (wire_count(worker->wire) > 0)
            wire_run(worker->wire, AGAIN_MS);
        else if (claimed == 0 && !wait_for_pace(worker, &more, error))
            return false;
        if (!keep_ended(worker, error))
            return false;
        if (is_stopped(worker)) {
            ending_ms = ending_ms ? ending_ms : now_ms();
            more = wire_count(worker->wire) > 0 && now_ms() - ending_ms < ENDING_MS;
        }
    }
    return true;
}

static json_t *paces_of_channels(void)
{
    size_t count;
    const struct channel *all = channel_all(&count);
    json_t *paces = json_object();
    for (size_t i = 0; i < count; i++)
        if (all[i].pace_ms)
            json_object_set_new(paces, all[i].name, json_integer(all[i].pace_ms));
    return paces;
}

bool sender_run(struct db *db, const struct push_options *options, struct push_report *report,
                GError **error)
{
    struct worker worker = {.db = db,
                            .options = options,
                            .report = report,
                            .number = 1 + (int)randombytes_uniform(G_MAXINT32 - 1)};
    if (!outbox_enter(db, worker.number, error))
        return false;
    worker.wire = wire_new(options->allow_private, call_done, &worker);
    worker.ended = g_ptr_array_new();
    worker.busy = json_object();
    worker.paces = paces_of_channels();
    bool good = send_all(&worker, error);
    wire_cut(worker.wire, parcel_cut);
    wire_free(worker.wire);
    g_ptr_array_unref(worker.ended);
    json_decref(worker.busy);
    json_decref(worker.paces);
    outbox_leave(db, worker.number);
    return good;
}
