/* Where enterprises receive pushes, set up and tried from the desk: what it asks is what the command `endpoint` does (channels.h). */
#include "service/daemon/channels.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/daemon/settings.h"
#include "service/daemon/signin.h"
#include "service/http/journal.h"
#include "service/push/channel.h"
#include "service/push/trouble.h"
#include "sql/endpoint.h"

/* Why one was turned off by itself, in plain words; null: it is on, or a person did it. */
static json_t *trouble_of(const json_t *row)
{
    const char *reason = json_string_value(json_object_get(row, "disabled_reason"));
    return reason && !g_str_equal(reason, "removed")
               ? trouble_json(trouble_find("endpoint_off", 0, reason))
               : json_null();
}

bool endpoints_list(struct call *call, GError **error)
{
    json_t *rows =
        call_begin(call, error) ? endpoint_list(call->db, call->agency_id, error) : NULL;
    if (!rows)
        return false;
    channels_mask(rows);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_object_set_new(row, "trouble", trouble_of(row));
    }
    call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return true;
}

/* ---- What is asked */

static bool known_channel(const char *name, GError **error)
{
    if (channel_find(name))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "'%s' is no channel; there are: " CHANNEL_NAMES,
                name);
    return false;
}

/* What the address names: an enterprise and a channel. */
static bool read_place(struct call *call, struct channel_asked *out, GError **error)
{
    *out =
        (struct channel_asked){.uscc = call->places.value[0], .channel = call->places.value[1]};
    if (!known_channel(out->channel, error) || !records_agency(call, error))
        return false;
    out->agency_id = call->agency_id;
    return true;
}

static bool read_offer(const struct call *call, bool required, struct channel_asked *out,
                       GError **error)
{
    return leads_text(call, "address", required, &out->address, error) &&
           leads_text(call, "secret", false, &out->secret, error) &&
           leads_text(call, "keyword", false, &out->keyword, error);
}

/* What a channel says about an address or a secret is about what was sent. */
static bool as_wrong(bool done, GError **error)
{
    if (!done && error && *error && (*error)->domain != SQL_ERROR &&
        (*error)->domain != API_ERROR) {
        g_autoptr(GError) why = g_steal_pointer(error);
        g_set_error_literal(error, API_ERROR, API_WRONG, why->message);
    }
    return done;
}

static bool begin(struct call *call, const struct channel_asked *asked, GError **error)
{
    return db_begin(call->db, DB_SERVICE, asked->agency_id, error);
}

static struct app *app_of(const struct call *call)
{
    return ((struct daemon *)call->user)->app;
}

static void answer(struct call *call, const struct channel_asked *asked, int status,
                   json_t *more)
{
    json_t *document = json_pack("{s:s, s:s}", "uscc", asked->uscc, "channel", asked->channel);
    json_object_update(document, more);
    json_decref(more);
    call_json(call, status, document, NULL);
}

/* ---- Setting up */

static bool set(struct call *call, GError **error)
{
    struct channel_asked asked;
    int64_t id;
    g_autofree char *shown = NULL;
    if (!read_place(call, &asked, error) || !read_offer(call, true, &asked, error) ||
        !begin(call, &asked, error) ||
        !as_wrong(channels_set(app_of(call), call->db, &asked, &id, &shown, error), error) ||
        !db_commit(call->db, error))
        return false;
    answer(call, &asked, 200, json_pack("{s:s}", "url", shown));
    return true;
}

bool endpoints_set(struct call *call, GError **error)
{
    return signin_signed(call, set, error);
}

static bool read_overlap(const struct call *call, int *out, GError **error)
{
    const json_t *hours = json_object_get(call->body, "overlap_h");
    json_int_t said = hours ? json_integer_value(hours) : CHANNELS_OVERLAP_H;
    *out = (int)CLAMP(said, 0, CHANNELS_OVERLAP_MOST_H);
    if ((!hours || json_is_integer(hours)) && said == *out)
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "overlap_h: hours, from 0 to %d",
                CHANNELS_OVERLAP_MOST_H);
    return false;
}

static bool roll(struct call *call, GError **error)
{
    struct channel_asked asked;
    g_autofree char *until = NULL;
    if (!read_place(call, &asked, error) ||
        !leads_text(call, "secret", true, &asked.secret, error) ||
        !read_overlap(call, &asked.overlap_h, error))
        return false;
    if (!g_str_equal(asked.channel, "webhook")) {
        g_set_error(error, API_ERROR, API_WRONG,
                    "only a webhook has a secret that another can take the place of");
        return false;
    }
    if (!begin(call, &asked, error) ||
        !as_wrong(channels_roll(app_of(call), call->db, &asked, &until, error), error) ||
        !db_commit(call->db, error))
        return false;
    answer(call, &asked, 200, json_pack("{s:s}", "old_secret_until", until));
    return true;
}

bool endpoints_roll(struct call *call, GError **error)
{
    return signin_signed(call, roll, error);
}

static bool turn(struct call *call, bool on, GError **error)
{
    struct channel_asked asked;
    if (!read_place(call, &asked, error) || !begin(call, &asked, error) ||
        !(on ? channels_on : channels_off)(call->db, &asked, error) ||
        !db_commit(call->db, error))
        return false;
    answer(call, &asked, 200, json_pack("{s:b}", "on", (int)on));
    return true;
}

static bool turn_off(struct call *call, GError **error)
{
    return turn(call, false, error);
}

static bool turn_on(struct call *call, GError **error)
{
    return turn(call, true, error);
}

bool endpoints_off(struct call *call, GError **error)
{
    return signin_signed(call, turn_off, error);
}

bool endpoints_on(struct call *call, GError **error)
{
    return signin_signed(call, turn_on, error);
}

/* ---- A test message */

static bool read_test(struct call *call, struct channel_asked *out, GError **error)
{
    *out = (struct channel_asked){0};
    if (!leads_text(call, "channel", true, &out->channel, error) ||
        !leads_text(call, "enterprise_uscc", false, &out->uscc, error) ||
        !read_offer(call, false, out, error) || !known_channel(out->channel, error) ||
        !records_agency(call, error))
        return false;
    out->agency_id = call->agency_id;
    if (out->uscc || out->address)
        return true;
    g_set_error(error, API_ERROR, API_WRONG,
                "say whose channel it is (enterprise_uscc), or give an address");
    return false;
}

static bool too_often(struct call *call, int wait_s, GError **error)
{
    call->answer->retry_after_s = wait_s;
    g_set_error(error, API_ERROR, API_RATE,
                "%d test messages in a minute, one at a time: again in %d s", TRIALS_A_MINUTE,
                wait_s);
    return false;
}

static void write_down(const struct call *call, const struct channel_asked *asked,
                       const struct trial_result *result)
{
    g_autofree char *detail = g_strdup_printf(
        "agency %d, %s: %s, status %ld, %" G_GINT64_FORMAT " ms", asked->agency_id,
        asked->channel, trial_outcome(result), result->status, result->took_ms);
    journal_say("info", "test message", call->request->id, detail);
}

static bool test(struct call *call, GError **error)
{
    struct daemon *daemon = call->user;
    struct channel_asked asked;
    struct trial_result result;
    int wait_s;
    if (!read_test(call, &asked, error))
        return false;
    if (!trials_enter(daemon->trials, asked.agency_id, g_get_monotonic_time(), &wait_s))
        return too_often(call, wait_s, error);
    db_rollback(call->db); /* nothing is open while the other side takes its time */
    bool done = as_wrong(channels_try(daemon->app, call->db, &asked, &result, error), error);
    trials_leave(daemon->trials, asked.agency_id);
    if (!done)
        return false;
    write_down(call, &asked, &result);
    call_json(call, 200, trial_json(&result), NULL);
    return true;
}

bool endpoints_test(struct call *call, GError **error)
{
    return signin_signed(call, test, error);
}
