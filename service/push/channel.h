/* channel.h - the ways in which a push leaves: one table that making, sending, the commands and the tests read.
 *
 *   webhook                   the enterprise's own system, signed (webhook.h)
 *   wecom, dingtalk, feishu   the robot of a group (bot.h)
 *   email                     a mail through the relay of the settings (mail.h)
 *
 * An endpoint has an address that may be shown, and a sealed text that only its channel understands: a webhook's secret; of the
 * others a JSON object that holds what is secret in the address, too. */
#pragma once
#include "service/push/push.h"
#include "service/push/wire.h"
#include <jansson.h>

/* What is sent; dispatch_clear() frees. */
struct dispatch {
    char *url, *body;
    char **headers;
    struct wire_mail mail; /* points to what stands below */
    char *mail_from, *mail_to, *mail_text, *mail_html;
};
void dispatch_clear(struct dispatch *dispatch);

/* One row of the outbox on its way. */
struct letter {
    const json_t *row;      /* of outbox_claim */
    const char *id;         /* "msg_" + push id: the same for every attempt */
    const char *secret;     /* the endpoint's, opened */
    const char *old_secret; /* one that still signs beside it, or NULL */
    int64_t now_us;         /* this machine's clock */
};

/* What a new endpoint is made of. */
struct channel_offer {
    const char *address;
    const char *secret;  /* what the file holds; NULL: none was named */
    const char *keyword; /* that a group's guard asks for; NULL: none */
    const char *allowed; /* the setting allow_private */
};

struct channel {
    const char *name;
    int pace_ms; /* between two rows to one endpoint; 0: none */
    int crowd_s; /* after each full and half hour, in which its platform has no room; 0: it always has */
    bool by_mail;
    /* What goes out now, made of the row's body (message.h): links that are signed stand in what is sent alone. */
    bool (*prepare)(const struct letter *letter, const struct push_options *options,
                    struct dispatch *out, GError **error);
    struct wire_outcome (*judge)(const struct wire_call *call);
    /* For a new endpoint: the text to seal; *shown: the address to be shown. Both are the caller's. NULL: can't be used. */
    char *(*adopt)(const struct channel_offer *offer, char **shown, GError **error);
};

/* NULL where there is none of that name. */
const struct channel *channel_find(const char *name);
const struct channel *channel_all(size_t *count);
/* "webhook, wecom, …" for messages. */
#define CHANNEL_NAMES "webhook, wecom, dingtalk, feishu, email"
