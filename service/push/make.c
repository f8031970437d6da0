/* make.c - accepted leads become pushes (push.h). */
#include "service/push/channel.h"
#include "service/push/message.h"
#include "service/push/push.h"
#include "service/push/schedule.h"
#include "service/push/worker.h"
#include "sql/push.h"
#include <sodium.h>

enum { CHUNK = 200, TRIES = 5 };
#define WEEK_US (7 * G_TIME_SPAN_DAY)

/* One transaction's worth of pushes. */
struct chunk {
    const struct push_options *options;
    int64_t now_us;
    char *now;
    json_t *wanted;          /* as push_make takes it */
    json_t *held;            /* {reason: how many} */
    json_t *week;            /* {enterprise: pushes of this chunk} */
    GHashTable *patent_once; /* "patent/agency/enterprise" of this chunk */
    int wires;
};

static void chunk_clear(struct chunk *chunk)
{
    g_free(chunk->now);
    json_decref(chunk->wanted);
    json_decref(chunk->held);
    json_decref(chunk->week);
    g_hash_table_unref(chunk->patent_once);
}
typedef struct chunk chunk_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(chunk_t, chunk_clear)

static struct chunk chunk_new(const struct push_options *options, int64_t now_us)
{
    return (struct chunk){
        .options = options,
        .now_us = now_us,
        .now = schedule_moment_text(now_us),
        .wanted = json_array(),
        .held = json_object(),
        .week = json_object(),
        .patent_once = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
}

static void add_to(json_t *counts, const char *name, json_int_t more)
{
    json_object_set_new(counts, name,
                        json_integer(json_integer_value(json_object_get(counts, name)) + more));
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* Random, version 4 (RFC 9562). */
static char *random_uuid(void)
{
    unsigned char bytes[16];
    char hex[33];
    randombytes_buf(bytes, sizeof bytes);
    bytes[6] = (unsigned char)(0x40 | (bytes[6] & 0x0f));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    return g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                           hex + 20);
}

/* ---- May it go out? */

static bool within_week(const struct chunk *chunk, const json_t *candidate)
{
    const json_t *limit = json_object_get(json_object_get(candidate, "wishes"), "weekly_limit");
    const json_t *here = json_object_get(chunk->week, text_of(candidate, "enterprise_id"));
    const json_t *before = json_object_get(candidate, "pushed_week");
    return !json_is_integer(limit) ||
           json_integer_value(before) + json_integer_value(here) < json_integer_value(limit);
}

static char *once_key(const json_t *candidate)
{
    return g_strdup_printf("%s/%d/%s", text_of(candidate, "patent_id"),
                           (int)json_integer_value(json_object_get(candidate, "agency_id")),
                           text_of(candidate, "enterprise_id"));
}

/* The reason why not, or NULL. */
static const char *held_back(struct chunk *chunk, const json_t *candidate)
{
    const struct push_options *options = chunk->options;
    const char *reason = NULL;
    g_autofree char *once = once_key(candidate);
    if (!options->allow(candidate, &reason, options->user))
        return reason ? reason : "not_allowed";
    if (json_real_value(json_object_get(candidate, "fit")) < options->floor)
        return "below_floor";
    if (json_number_value(json_object_get(candidate, "probability")) < options->interest_floor)
        return "below_interest";
    if (g_hash_table_contains(chunk->patent_once, once))
        return "already_pushed";
    return within_week(chunk, candidate) ? NULL : "weekly_limit";
}

static void remember(struct chunk *chunk, const json_t *candidate)
{
    add_to(chunk->week, text_of(candidate, "enterprise_id"), 1);
    g_hash_table_add(chunk->patent_once, once_key(candidate));
}

/* ---- What is written */

/* The enterprise named its channels and this is none of them. */
static bool is_unwanted(const json_t *candidate, const char *channel)
{
    const json_t *channels = json_object_get(json_object_get(candidate, "wishes"), "channels");
    for (size_t i = 0; i < json_array_size(channels); i++)
        if (g_str_equal(json_string_value(json_array_get(channels, i)), channel))
            return false;
    return json_array_size(channels) > 0;
}

static void add_wire(struct chunk *chunk, const json_t *candidate, const char *push_id,
                     const struct channel *channel, json_t *wires)
{
    json_t *endpoint = json_object_get(json_object_get(candidate, "endpoints"), channel->name);
    if (!endpoint || is_unwanted(candidate, channel->name))
        return;
    const char *quiet = text_of(json_object_get(candidate, "wishes"), "quiet");
    int64_t first = chunk->options->ignore_quiet ? chunk->now_us
                                                 : schedule_after_quiet(quiet, chunk->now_us);
    g_autofree char *moment = schedule_moment_text(first);
    char *body = message_body(candidate, push_id, chunk->now, chunk->options->public_url);
    json_array_append_new(wires,
                          json_pack("{s:O, s:s, s:s, s:s}", "endpoint_id", endpoint, "channel",
                                    channel->name, "body", body, "next_attempt_at", moment));
    free(body);
}

static json_t *wires_of(struct chunk *chunk, const json_t *candidate, const char *push_id)
{
    json_t *wires = json_array();
    size_t count;
    const struct channel *all = channel_all(&count);
    for (size_t i = 0; i < count; i++)
        add_wire(chunk, candidate, push_id, &all[i], wires);
    return wires;
}

static void want(struct chunk *chunk, const json_t *candidate)
{
    static const char *const frozen[] = {"patent_id", "need_id", "agency_id",   "enterprise_id",
                                         "score",     "fit",     "probability", "model",
                                         "reasons",   "invented"};
    g_autofree char *push_id = random_uuid();
    json_t *wires = wires_of(chunk, candidate, push_id);
    const struct push_options *options = chunk->options;
    json_t *push =
        json_pack("{s:s, s:f, s:o}", "push_id", push_id, "threshold",
                  options->interest_floor > 0 ? options->interest_floor : options->floor,
                  "outbox", wires);
    for (size_t i = 0; i < G_N_ELEMENTS(frozen); i++)
        json_object_set(push, frozen[i], json_object_get(candidate, frozen[i]));
    chunk->wires += (int)json_array_size(wires);
    json_array_append_new(chunk->wanted, push);
    remember(chunk, candidate);
}

static void choose(struct chunk *chunk, const json_t *candidates)
{
    for (size_t i = 0; i < json_array_size(candidates); i++) {
        const json_t *candidate = json_array_get(candidates, i);
        const char *reason = held_back(chunk, candidate);
        if (reason)
            add_to(chunk->held, reason, 1);
        else
            want(chunk, candidate);
    }
}

/* ---- Transactions */

static void tally(struct push_report *report, const struct chunk *chunk, size_t made)
{
    const char *reason;
    json_t *count;
    json_int_t lost = (json_int_t)(json_array_size(chunk->wanted) - made);
    report->made += (int)made;
    report->wires += chunk->wires;
    if (lost > 0)
        add_to(report->held, "already_pushed", lost);
    json_object_foreach(chunk->held, reason, count)
        add_to(report->held, reason, json_integer_value(count));
}

static bool make_chunk(struct db *db, struct chunk *chunk, const json_t *after, json_t **last,
                       size_t *made, GError **error)
{
    g_autofree char *week_ago = schedule_moment_text(chunk->now_us - WEEK_US);
    const struct push_page page = {chunk->options->agency_id, week_ago, after, CHUNK};
    if (!push_lock(db, error))
        return false;
    json_auto_t *candidates = push_candidates(db, &page, error);
    json_auto_t *pushed = NULL;
    if (!candidates)
        return false;
    choose(chunk, candidates);
    if (json_array_size(chunk->wanted) > 0 &&
        !push_make(db, chunk->wanted, chunk->now, &pushed, error))
        return false;
    *made = json_array_size(pushed);
    *last = json_incref(json_array_get(candidates, json_array_size(candidates) - 1));
    return true;
}

/* One chunk in a transaction of its own. *after becomes the last candidate seen, NULL when there are no more. */
static bool make_once(struct db *db, const struct push_options *options, json_t **after,
                      struct push_report *report, GError **error)
{
    int64_t now_us;
    size_t made = 0;
    json_t *last = NULL;
    if (!worker_now(db, options, &now_us, error))
        return false;
    g_auto(chunk_t) chunk = chunk_new(options, now_us);
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (!make_chunk(db, &chunk, *after, &last, &made, error) || !db_commit(db, error)) {
        db_rollback(db);
        json_decref(last);
        return false;
    }
    tally(report, &chunk, made);
    json_decref(*after);
    *after = last;
    return true;
}

static bool make_patiently(struct db *db, const struct push_options *options, json_t **after,
                           struct push_report *report, GError **error)
{
    for (int try = 1;; try++) {
        g_autoptr(GError) why = NULL;
        if (make_once(db, options, after, report, &why))
            return true;
        if (try == TRIES || !g_error_matches(why, SQL_ERROR, SQL_ERROR_AGAIN)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
    }
}

bool push_make_due(struct db *db, const struct push_options *options,
                   struct push_report *report, GError **error)
{
    json_t *after = NULL;
    bool done;
    if (!report->held)
        report->held = json_object();
    do
        done = make_patiently(db, options, &after, report, error);
    while (done && after);
    json_decref(after);
    return done;
}
