#include "service/push/webhook.h"
#include "service/common/outbound.h"
#include <sodium.h>
#include <string.h>

G_DEFINE_QUARK(patbridge - webhook - error, webhook_error)

/* ---- Signing */

static bool read_key(const char *text, unsigned char *bytes, size_t *len)
{
    return g_str_has_prefix(text, "whsec_") &&
           sodium_base642bin(bytes, WEBHOOK_KEY_MOST, text + 6, strlen(text + 6), NULL, len,
                             NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
           *len >= WEBHOOK_KEY_LEAST;
}

bool webhook_keys_read(const char *text, struct webhook_keys *out, GError **error)
{
    struct webhook_keys keys = {0};
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    bool good = true;
    for (char **word = words; *word && good; word++) {
        if (!**word)
            continue;
        good = keys.count < WEBHOOK_KEYS_MOST &&
               read_key(*word, keys.bytes[keys.count], &keys.len[keys.count]);
        keys.count++;
    }
    if (good && keys.count > 0) {
        *out = keys;
        return true;
    }
    g_set_error(error, WEBHOOK_ERROR, WEBHOOK_ERROR_SECRET,
                "a secret is 'whsec_' and the base64 of %d to %d random bytes; one, or two "
                "while keys change",
                WEBHOOK_KEY_LEAST, WEBHOOK_KEY_MOST);
    return false;
}

void webhook_keys_clear(struct webhook_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

static void sign(const unsigned char *key, size_t key_len, const char *head, const char *body,
                 size_t len, GString *out)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_ORIGINAL)];
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
    g_string_append_printf(out, "%sv1,%s", out->len ? " " : "", text);
}

char *webhook_signature(const struct webhook_keys *keys, const char *id, int64_t timestamp,
                        const char *body, size_t len)
{
    g_autofree char *head = g_strdup_printf("%s.%" G_GINT64_FORMAT ".", id, timestamp);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < keys->count; i++)
        sign(keys->bytes[i], keys->len[i], head, body, len, out);
    return g_string_free(out, FALSE);
}

/* ---- Addresses */

bool webhook_url_check(const char *url, const char *allowed, GError **error)
{
    const char *problem = outbound_url_problem(url, allowed);
    g_autofree char *masked = webhook_url_mask(url);
    if (problem)
        g_set_error(error, WEBHOOK_ERROR, WEBHOOK_ERROR_URL,
                    "could not use the address '%s': %s", masked, problem);
    return !problem;
}

char *webhook_url_mask(const char *url)
{
    return outbound_url_mask(url);
}

/* ---- One attempt */

char **webhook_headers(const struct webhook_keys *keys, const char *id, int64_t timestamp,
                       const char *body)
{
    g_autofree char *signature = webhook_signature(keys, id, timestamp, body, strlen(body));
    char **headers = g_new0(char *, 5);
    headers[0] = g_strdup("Content-Type: application/json");
    headers[1] = g_strdup_printf("webhook-id: %s", id);
    headers[2] = g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, timestamp);
    headers[3] = g_strdup_printf("webhook-signature: %s", signature);
    return headers;
}

struct wire_outcome webhook_judge(const struct wire_call *call)
{
    struct wire_outcome outcome = {.verdict = WIRE_RETRY, .retry_after_s = call->retry_after_s};
    if (call->status >= 200 && call->status < 300)
        outcome.verdict = WIRE_ACCEPTED;
    else if (call->status == 410 || call->private_address)
        outcome.verdict = WIRE_ENDPOINT_OFF;
    outcome.holds_endpoint =
        (call->status == 429 || call->status == 503) && call->retry_after_s > 0;
    return outcome;
}
