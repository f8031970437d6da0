#include "service/push/channel.h"
#include "service/push/bot.h"
#include "service/push/mail.h"
#include "service/push/webhook.h"
#include <sodium.h>
#include <string.h>

void dispatch_clear(struct dispatch *dispatch)
{
    g_free(dispatch->url);
    g_free(dispatch->body);
    g_strfreev(dispatch->headers);
    g_free(dispatch->mail_from);
    g_free(dispatch->mail_to);
    g_free(dispatch->mail_text);
    g_free(dispatch->mail_html);
}

/* ---- Webhooks */

static char *adopt_webhook(const struct channel_offer *offer, char **shown, GError **error)
{
    struct webhook_keys keys;
    if (!webhook_url_check(offer->address, offer->allowed, error))
        return NULL;
    if (!offer->secret || !webhook_keys_read(offer->secret, &keys, error)) {
        if (!offer->secret)
            g_set_error(
                error, WIRE_ERROR, WIRE_ERROR_ENDPOINT,
                "a webhook needs a secret: 'whsec_' and the base64 of 24 to 64 random bytes");
        return NULL;
    }
    webhook_keys_clear(&keys);
    *shown = g_strdup(offer->address);
    return g_strstrip(g_strdup(offer->secret));
}

/* The new secret's signature first; a receiver takes any that fits. */
static bool prepare_webhook(const struct letter *letter, const struct push_options *options,
                            struct dispatch *out, GError **error)
{
    struct webhook_keys keys;
    (void)options;
    size_t first = strcspn(letter->secret, " \t\r\n");
    char *both = letter->old_secret ? g_strdup_printf("%.*s\n%s", (int)first, letter->secret,
                                                      letter->old_secret)
                                    : g_strdup(letter->secret);
    if (letter->old_secret) /* of one that held two while they changed, the first */
        both[first + 1 + strcspn(letter->old_secret, " \t\r\n")] = '\0';
    bool read = webhook_keys_read(both, &keys, error);
    sodium_memzero(both, strlen(both));
    g_free(both);
    if (!read)
        return false;
    out->url = g_strdup(json_string_value(json_object_get(letter->row, "url")));
    out->body = g_strdup(json_string_value(json_object_get(letter->row, "body")));
    out->headers =
        webhook_headers(&keys, letter->id, letter->now_us / G_USEC_PER_SEC, out->body);
    webhook_keys_clear(&keys);
    return true;
}

/* ---- The table. Paces are a little longer than the platforms' limits: 20, 20 and 100 in a minute. */

static const struct channel channels[] = {
    {"webhook", 0, 0, false, prepare_webhook, webhook_judge, adopt_webhook},
    {"wecom", 3100, 0, false, bot_wecom, bot_judge_wecom, bot_adopt_wecom},
    {"dingtalk", 3100, 0, false, bot_dingtalk, bot_judge_dingtalk, bot_adopt_dingtalk},
    {"feishu", 650, 60, false, bot_feishu, bot_judge_feishu, bot_adopt_feishu},
    {"email", 0, 0, true, mail_prepare, mail_judge, mail_adopt},
};

const struct channel *channel_all(size_t *count)
{
    *count = G_N_ELEMENTS(channels);
    return channels;
}

const struct channel *channel_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(channels); i++)
        if (g_str_equal(channels[i].name, name))
            return &channels[i];
    return NULL;
}
