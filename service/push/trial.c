#include "service/push/trial.h"
#include "service/push/mail.h"
#include "service/push/schedule.h"
#include "service/push/trouble.h"

enum { WAIT_MS = 1000 };

static char *body_of(const char *sender, int64_t now_us)
{
    g_autofree char *moment = schedule_moment_text(now_us);
    g_autofree char *text = g_strdup_printf(
        "这是%s从专利桥发出的测试消息，不是推送，无需处理。收到即说明渠道可用。 A test message "
        "of "
        "PatBridge: not a push, nothing to do.",
        sender);
    json_auto_t *body =
        json_pack("{s:s, s:s, s:{s:s, s:s, s:b}}", "type", "channel.test", "timestamp", moment,
                  "data", "title", "渠道测试", "text", text, "test", 1);
    char *dumped = json_dumps(body, JSON_COMPACT | JSON_PRESERVE_ORDER);
    char *own = g_strdup(dumped);
    free(dumped);
    return own;
}

static void ended(struct wire_call *call, void *user)
{
    (void)call;
    (void)user;
}

static void post(struct wire_call *call, const char *allowed)
{
    g_autoptr(wire_t) wire = wire_new(allowed, ended, NULL);
    wire_add(wire, call);
    while (wire_count(wire) > 0) /* ends by itself: every call has its limit of time */
        wire_run(wire, WAIT_MS);
}

static void judge(const struct channel *channel, const struct wire_call *call,
                  struct trial_result *out)
{
    const struct wire_outcome outcome = channel->judge(call);
    out->verdict = outcome.verdict;
    out->status = call->status;
    g_strlcpy(out->answer, call->answer, sizeof out->answer);
    g_strlcpy(out->reason, *outcome.reason ? outcome.reason : call->failure,
              sizeof out->reason);
}

static void send(const struct channel *channel, const struct letter *letter,
                 const struct push_options *options, struct trial_result *out)
{
    g_autoptr(GError) why = NULL;
    struct dispatch dispatch = {0};
    if (channel->prepare(letter, options, &dispatch, &why)) {
        struct wire_call call = {.url = dispatch.url,
                                 .headers = dispatch.headers,
                                 .body = dispatch.body,
                                 .mail = channel->by_mail ? &dispatch.mail : NULL};
        post(&call, options->allow_private);
        out->sent = true;
        judge(channel, &call, out);
    } else {
        g_strlcpy(out->reason, why->message, sizeof out->reason);
    }
    dispatch_clear(&dispatch);
}

void trial_send(const struct trial *trial, const struct push_options *options,
                struct trial_result *out)
{
    int64_t now_us = g_get_real_time(), began = g_get_monotonic_time();
    struct push_options own = *options;
    struct mail_relay relay = {0};
    if (options->relay)
        relay = *options->relay;
    relay.bounce_domain = NULL; /* a report about a test names no push */
    own.relay = options->relay ? &relay : NULL;
    own.public_url = NULL;
    g_autofree char *push_id = g_uuid_string_random();
    g_autofree char *id = g_strconcat("msg_", push_id, NULL);
    g_autofree char *body = body_of(trial->sender, now_us);
    json_auto_t *row =
        json_pack("{s:s, s:s, s:s?}", "push_id", push_id, "body", body, "url", trial->url);
    const struct letter letter = {row, id, trial->secret, trial->old_secret, now_us};
    *out = (struct trial_result){.verdict = WIRE_DEAD};
    send(channel_find(trial->channel), &letter, &own, out);
    out->took_ms = (g_get_monotonic_time() - began) / 1000;
}

const char *trial_outcome(const struct trial_result *result)
{
    static const char *const names[] = {[WIRE_ACCEPTED] = "accepted",
                                        [WIRE_SENT] = "sent",
                                        [WIRE_RETRY] = "retry",
                                        [WIRE_DEAD] = "dead",
                                        [WIRE_ENDPOINT_OFF] = "endpoint_off"};
    return names[result->verdict];
}

json_t *trial_json(const struct trial_result *result)
{
    bool taken = result->verdict == WIRE_ACCEPTED || result->verdict == WIRE_SENT;
    const char *outcome = trial_outcome(result);
    json_t *trouble = taken
                          ? json_null()
                          : trouble_json(trouble_find(outcome, result->status,
                                                      *result->reason ? result->reason : NULL));
    return json_pack("{s:s, s:b, s:i, s:I, s:s, s:s, s:o}", "outcome", outcome, "taken",
                     (int)taken, "status", (int)result->status, "took_ms",
                     (json_int_t)result->took_ms, "answer", result->answer, "reason",
                     result->reason, "trouble", trouble);
}
