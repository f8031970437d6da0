#include "service/push/push.h"
#include "service/push/schedule.h"
#include "service/push/webhook.h"
#include "service/push/worker.h"
#include "sql/outbox.h"
#include <sodium.h>
#include <string.h>

enum { TRIES = 3 };
#define LEASE_US (60 * G_TIME_SPAN_SECOND) /* a call takes 15 s at most */

void push_report_clear(struct push_report *report)
{
    json_decref(report->held);
    g_free(report->next);
    *report = (struct push_report){0};
}

bool worker_now(struct db *db, const struct push_options *options, int64_t *out, GError **error)
{
    *out = options->now_us;
    if (options->now_us)
        return true;
    g_autofree char *text = db_clock(db, error);
    if (!text)
        return false;
    if (schedule_moment_read(text, out))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER, "could not read the server's clock: '%s'",
                text);
    return false;
}

struct worker {
    struct db *db;
    const struct push_options *options;
    struct push_report *report;
    int number;
    GError *error; /* the first one met while results were kept */
};

/* A row on its way. */
struct parcel {
    struct worker *worker;
    const json_t *row;
    int64_t started_us;
    char *id;
    struct webhook_keys keys;
    struct webhook_call call;
};

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* ---- Keeping what came of an attempt */

/* Decides what an attempt means for its row; *next_us is when to try again. */
static const char *outcome_of(const struct worker *worker, const struct parcel *parcel,
                              int64_t now_us, int64_t *next_us)
{
    enum webhook_outcome outcome = webhook_outcome(&parcel->call);
    if (outcome == WEBHOOK_ACCEPTED)
        return "accepted";
    if (outcome == WEBHOOK_ENDPOINT_OFF)
        return "endpoint_off";
    int made = (int)json_integer_value(json_object_get(parcel->row, "attempts")) + 1;
    int64_t wait = schedule_wait_us(made, parcel->call.retry_after_s, g_random_double());
    if (wait < 0)
        return "dead";
    *next_us = now_us + wait;
    if (!worker->options->ignore_quiet)
        *next_us = schedule_after_quiet(text_of(parcel->row, "quiet"), *next_us);
    return "retry";
}

static void tally(struct push_report *report, const char *outcome)
{
    report->accepted += g_str_equal(outcome, "accepted");
    report->retried += g_str_equal(outcome, "retry");
    report->dead += g_str_equal(outcome, "dead") || g_str_equal(outcome, "endpoint_off");
    report->off += g_str_equal(outcome, "endpoint_off");
}

static bool keep_once(struct worker *worker, const struct outbox_result *result, GError **error)
{
    bool news;
    if (!db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    if (outbox_record(worker->db, result, &news, error) && db_commit(worker->db, error))
        return true;
    db_rollback(worker->db);
    return false;
}

/* Tried again where another transaction was in the way, such as a merge of patents that moved the push. */
static bool keep(struct worker *worker, const struct outbox_result *result, GError **error)
{
    for (int try = 1;; try++) {
        g_autoptr(GError) why = NULL;
        if (keep_once(worker, result, &why))
            return true;
        if (try == TRIES || (!g_error_matches(why, SQL_ERROR, SQL_ERROR_AGAIN) &&
                             !g_error_matches(why, SQL_ERROR, SQL_ERROR_CONFLICT))) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
    }
}

static bool parcel_keep(struct parcel *parcel, GError **error)
{
    struct worker *worker = parcel->worker;
    int64_t now_us, next_us = 0;
    if (!worker_now(worker->db, worker->options, &now_us, error))
        return false;
    const char *outcome = outcome_of(worker, parcel, now_us, &next_us);
    g_autofree char *started = schedule_moment_text(parcel->started_us);
    g_autofree char *ended = schedule_moment_text(now_us);
    g_autofree char *next = next_us ? schedule_moment_text(next_us) : NULL;
    const struct outbox_result result = {
        .row = parcel->row,
        .worker = worker->number,
        .outcome = outcome,
        .next = next,
        .started = started,
        .ended = ended,
        .status = parcel->call.status,
        .answer = parcel->call.answer[0] ? parcel->call.answer : NULL,
        .failure = parcel->call.failure[0] ? parcel->call.failure : NULL,
    };
    if (!keep(worker, &result, error))
        return false;
    tally(worker->report, outcome);
    return true;
}

static void call_done(struct webhook_call *call)
{
    struct parcel *parcel = call->user;
    GError **error = &parcel->worker->error;
    if (!*error) /* after a failure the rest is left to the leases: it is sent again */
        parcel_keep(parcel, error);
}

/* ---- One batch */

/* Opens the endpoint's secret; what is wrong with it is the attempt's failure. */
static bool open_keys(struct parcel *parcel)
{
    const char *hex = text_of(parcel->row, "secret_sealed");
    size_t len = 0;
    g_autoptr(GByteArray) sealed = g_byte_array_new();
    g_autoptr(GError) why = NULL;
    g_byte_array_set_size(sealed, (guint)strlen(hex) / 2);
    if (sodium_hex2bin(sealed->data, sealed->len, hex, strlen(hex), NULL, &len, NULL) != 0)
        len = 0;
    char *secret = seal_open(parcel->worker->options->key, sealed->data, len, &why);
    bool opened = secret && webhook_keys_read(secret, &parcel->keys, &why);
    if (secret)
        sodium_memzero(secret, strlen(secret));
    g_free(secret);
    if (!opened)
        g_strlcpy(parcel->call.failure, why->message, sizeof parcel->call.failure);
    return opened;
}

static void parcel_fill(struct parcel *parcel, struct worker *worker, const json_t *row,
                        int64_t now_us)
{
    *parcel = (struct parcel){.worker = worker, .row = row, .started_us = now_us};
    parcel->id = g_strconcat("msg_", text_of(row, "push_id"), NULL);
    parcel->call = (struct webhook_call){
        .url = text_of(row, "url"),
        .id = parcel->id,
        .body = text_of(row, "body"),
        .timestamp = g_get_real_time() / G_USEC_PER_SEC,
        .keys = &parcel->keys,
        .user = parcel,
    };
}

/* A row that is not sent now after all: its endpoint was turned off, or it is a quiet hour. *put_off says so. */
static bool put_off(struct worker *worker, const json_t *row, int64_t now_us, bool *out,
                    GError **error)
{
    bool disabled = json_is_true(json_object_get(row, "disabled"));
    int64_t then = worker->options->ignore_quiet
                       ? now_us
                       : schedule_after_quiet(text_of(row, "quiet"), now_us);
    *out = disabled || then > now_us;
    if (!*out)
        return true;
    g_autofree char *moment = schedule_moment_text(then);
    worker->report->quiet += !disabled;
    return outbox_postpone(worker->db, worker->number, row, moment, error);
}

/* Claims a batch in a transaction of its own; `rows` are those to send now. *more: something was claimed. */
static bool claim(struct worker *worker, int64_t now_us, json_t *rows, bool *more,
                  GError **error)
{
    g_autofree char *now = schedule_moment_text(now_us);
    g_autofree char *until = schedule_moment_text(now_us + LEASE_US);
    const struct outbox_claim wanted = {worker->number, worker->options->agency_id, now, until,
                                        WEBHOOK_AT_ONCE};
    json_auto_t *orphans = outbox_drop_orphans(worker->db, now, error);
    json_auto_t *claimed = orphans ? outbox_claim(worker->db, &wanted, error) : NULL;
    bool later;
    for (size_t i = 0; i < json_array_size(claimed); i++) {
        json_t *row = json_array_get(claimed, i);
        if (!put_off(worker, row, now_us, &later, error))
            return false;
        if (!later)
            json_array_append(rows, row);
    }
    worker->report->dead += (int)json_array_size(orphans);
    *more = json_array_size(claimed) > 0;
    return claimed != NULL;
}

static bool send_rows(struct worker *worker, const json_t *rows, int64_t now_us, GError **error)
{
    struct parcel parcels[WEBHOOK_AT_ONCE];
    struct webhook_call *calls[WEBHOOK_AT_ONCE];
    size_t count = json_array_size(rows), ready = 0;
    for (size_t i = 0; i < count; i++) {
        parcel_fill(&parcels[i], worker, json_array_get(rows, i), now_us);
        if (open_keys(&parcels[i]))
            calls[ready++] = &parcels[i].call;
        else
            call_done(&parcels[i].call);
    }
    bool sent = webhook_send(calls, ready, worker->options->allow_private, call_done, error);
    for (size_t i = 0; i < count; i++) {
        webhook_keys_clear(&parcels[i].keys);
        g_free(parcels[i].id);
    }
    if (sent && worker->error)
        g_propagate_error(error, g_steal_pointer(&worker->error));
    else if (sent)
        return true;
    g_clear_error(&worker->error);
    return false;
}

static bool send_batch(struct worker *worker, bool *more, GError **error)
{
    int64_t now_us;
    json_auto_t *rows = json_array();
    if (!worker_now(worker->db, worker->options, &now_us, error) ||
        !db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    if (!claim(worker, now_us, rows, more, error) || !db_commit(worker->db, error)) {
        db_rollback(worker->db);
        return false;
    }
    return send_rows(worker, rows, now_us, error);
}

static bool look_after(struct worker *worker, GError **error)
{
    struct push_report *report = worker->report;
    if (!db_begin(worker->db, DB_ACROSS, 0, error))
        return false;
    json_auto_t *left = outbox_waiting(worker->db, worker->options->agency_id, error);
    db_rollback(worker->db);
    if (!left)
        return false;
    report->waiting = (int)json_integer_value(json_object_get(left, "waiting"));
    report->dead_letters = (int)json_integer_value(json_object_get(left, "dead"));
    g_free(report->next);
    report->next = g_strdup(json_string_value(json_object_get(left, "next_attempt_at")));
    return true;
}

bool push_run(struct db *db, const struct push_options *options, struct push_report *report,
              GError **error)
{
    struct worker worker = {db, options, report, 1 + (int)randombytes_uniform(G_MAXINT32 - 1),
                            NULL};
    if (!push_make_due(db, options, report, error) || !outbox_enter(db, worker.number, error))
        return false;
    bool more = true, good = true;
    while (good && more && !(options->stop && options->stop(options->stop_user)))
        good = send_batch(&worker, &more, error);
    outbox_leave(db, worker.number);
    return good && look_after(&worker, error);
}
