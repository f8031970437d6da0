/* webhook.h - signed webhooks (Standard Webhooks 1.0.0): their secrets, signatures and addresses, and what an answer means.
 *
 *   webhook-id         "msg_" + push id, the same for every attempt: the receiver's key for what it has seen
 *   webhook-timestamp  Unix seconds of this attempt
 *   webhook-signature  "v1," + base64(HMAC-SHA256(key, id "." timestamp "." body)), one for each key, blanks between
 *
 * The body is signed and sent as the same bytes, by wire.h. */
#pragma once
#include "service/push/wire.h"
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum webhook_error { WEBHOOK_ERROR_SECRET, WEBHOOK_ERROR_URL, WEBHOOK_ERROR_CURL };
#define WEBHOOK_ERROR webhook_error_quark()
GQuark webhook_error_quark(void);

enum { WEBHOOK_KEYS_MOST = 2, WEBHOOK_KEY_LEAST = 24, WEBHOOK_KEY_MOST = 64 };

/* The keys that sign: two while one takes the other's place. */
struct webhook_keys {
    size_t count;
    size_t len[WEBHOOK_KEYS_MOST];
    unsigned char bytes[WEBHOOK_KEYS_MOST][WEBHOOK_KEY_MOST];
};

/* Reads one or two secrets, "whsec_" + base64 of 24 to 64 bytes, blanks or line ends between. */
bool webhook_keys_read(const char *text, struct webhook_keys *out, GError **error);
void webhook_keys_clear(struct webhook_keys *keys);

/* The value of webhook-signature. The caller frees. */
char *webhook_signature(const struct webhook_keys *keys, const char *id, int64_t timestamp,
                        const char *body, size_t len);

/* Whether a push may be sent there at all: an address of http or https without user or control characters, https unless
 * `allowed` (address.h) names its host and port. What its name resolves to is judged when it is sent. */
bool webhook_url_check(const char *url, const char *allowed, GError **error);
/* The address without what may be secret in it: "https://host:port/…". The caller frees. */
char *webhook_url_mask(const char *url);

/* The headers of one attempt, NULL-ended. The caller frees (g_strfreev). */
char **webhook_headers(const struct webhook_keys *keys, const char *id, int64_t timestamp,
                       const char *body);

/* 2xx is accepted, once it has come; 410 and a private address turn the endpoint off; 429 and 503 hold it back for as long as
 * they say; all else, redirects too, is tried again. */
struct wire_outcome webhook_judge(const struct wire_call *call);
