/* trial.h - one test message over a channel, now: no outbox, no push, no second try. It says that it is a test, carries no link, and
 * its type is `channel.test`, so that a receiver's program does not take it for a push. */
#pragma once
#include "service/push/channel.h"

struct trial {
    const char *channel;
    const char *url;        /* as the endpoint has it */
    const char *secret;     /* opened; what the channel's adopt() made */
    const char *old_secret; /* that still signs beside it, or NULL */
    const char *sender;     /* who sends: the agency's name */
};

struct trial_result {
    enum wire_verdict verdict;
    bool sent;   /* it was put on the wire at all */
    long status; /* of HTTP or SMTP; 0: none came */
    int64_t took_ms;
    char answer[513]; /* what the other side said, its beginning */
    char reason[257]; /* why it was not taken; "" when it was */
};

/* Sends it and waits, 30 seconds at most. What is wrong with the channel is a result, not an error: the one that could not even be
 * made has `sent` false and the reason. Links and addresses of its own for bounces are left out of `options`. */
void trial_send(const struct trial *trial, const struct push_options *options,
                struct trial_result *out);
/* "accepted", "sent", "retry", "dead" or "endpoint_off", as attempts have it. */
const char *trial_outcome(const struct trial_result *result);
/* {outcome, taken, status, took_ms, answer, reason, trouble (trouble.h, or null)}, the caller's. */
json_t *trial_json(const struct trial_result *result);
