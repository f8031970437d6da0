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

/* ---- Sending */

enum { CONNECT_MS = 5000, WHOLE_MS = 15000, ANSWER_MOST = 64 * 1024 };

struct transfer {
    struct webhook_call *call;
    CURL *easy;
    struct curl_slist *headers;
    GString *answer;
    size_t received;
    struct outbound outbound;
    char problem[CURL_ERROR_SIZE];
};

/* Keeps the beginning. What is longer than any answer need be ends the transfer. */
static size_t take_answer(char *data, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    size_t len = size * count, room = sizeof transfer->call->answer - 1;
    if (transfer->answer->len < room)
        g_string_append_len(transfer->answer, data,
                            (gssize)MIN(len, room - transfer->answer->len));
    transfer->received += len;
    return transfer->received > ANSWER_MOST ? 0 : len;
}

static void add_header(struct transfer *transfer, const char *name, const char *value)
{
    g_autofree char *line = g_strdup_printf("%s: %s", name, value);
    transfer->headers = curl_slist_append(transfer->headers, line);
}

static void add_headers(struct transfer *transfer)
{
    const struct webhook_call *call = transfer->call;
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, call->timestamp);
    g_autofree char *signature = webhook_signature(call->keys, call->id, call->timestamp,
                                                   call->body, strlen(call->body));
    add_header(transfer, "Content-Type", "application/json");
    add_header(transfer, "webhook-id", call->id);
    add_header(transfer, "webhook-timestamp", timestamp);
    add_header(transfer, "webhook-signature", signature);
    transfer->headers =
        curl_slist_append(transfer->headers, "Expect:"); /* none: the body goes out at once */
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void transfer_start(struct transfer *transfer, struct webhook_call *call,
                           const char *allowed)
{
    *transfer =
        (struct transfer){.call = call, .easy = curl_easy_init(), .answer = g_string_new(NULL)};
    outbound_guard(transfer->easy, &transfer->outbound, call->url, allowed);
    curl_easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    add_headers(transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)strlen(call->body));
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, call->body);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, transfer->problem);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
}

static void keep_answer(struct transfer *transfer)
{
    struct webhook_call *call = transfer->call;
    for (size_t i = 0; i < transfer->answer->len; i++)
        if (transfer->answer->str[i] == '\0') /* PostgreSQL keeps none in a text */
            transfer->answer->str[i] = ' ';
    g_autofree char *valid =
        g_utf8_make_valid(transfer->answer->str, (gssize)transfer->answer->len);
    const char *end;
    g_strlcpy(call->answer, valid, sizeof call->answer);
    if (!g_utf8_validate(call->answer, -1, &end))
        call->answer[end - call->answer] = '\0';
}

/* libcurl's own text may name the host; its sentence for the code does not. */
static void transfer_end(struct transfer *transfer, CURLcode code)
{
    struct webhook_call *call = transfer->call;
    curl_off_t wait = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &call->status);
    if (curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
        call->retry_after_s = wait;
    if (call->status < 200) /* 100 is no answer yet */
        call->status = 0;
    call->private_address = outbound_was_refused(&transfer->outbound) && call->status == 0;
    keep_answer(transfer);
    if (call->private_address)
        g_strlcpy(call->failure, "the address leads into a private network: refused",
                  sizeof call->failure);
    else if (code == CURLE_UNSUPPORTED_PROTOCOL)
        g_strlcpy(call->failure, outbound_only_https, sizeof call->failure);
    else if (code == CURLE_WRITE_ERROR)
        g_strlcpy(call->failure, "the answer is longer than 64 KB: cut off",
                  sizeof call->failure);
    else if (code != CURLE_OK)
        g_strlcpy(call->failure, curl_easy_strerror(code), sizeof call->failure);
    else if (call->status >= 300 && call->status < 400)
        g_strlcpy(call->failure, "a redirect: not followed", sizeof call->failure);
}

static void transfer_clear(struct transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    curl_easy_cleanup(transfer->easy);
    g_string_free(transfer->answer, TRUE);
}

static void report_ended(CURLM *multi, void (*done)(struct webhook_call *call))
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        struct transfer *transfer;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        curl_multi_remove_handle(multi, easy);
        transfer_end(transfer, code);
        done(transfer->call);
    }
}

static bool run(CURLM *multi, void (*done)(struct webhook_call *call), GError **error)
{
    int running = 1;
    CURLMcode code = CURLM_OK;
    while (running > 0 && code == CURLM_OK) {
        code = curl_multi_perform(multi, &running);
        report_ended(multi, done);
        if (code == CURLM_OK && running > 0)
            code = curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    if (code != CURLM_OK)
        g_set_error(error, WEBHOOK_ERROR, WEBHOOK_ERROR_CURL, "could not send: %s",
                    curl_multi_strerror(code));
    return code == CURLM_OK;
}

bool webhook_send(struct webhook_call *const calls[], size_t count, const char *allowed,
                  void (*done)(struct webhook_call *call), GError **error)
{
    struct transfer transfers[WEBHOOK_AT_ONCE];
    g_return_val_if_fail(count <= WEBHOOK_AT_ONCE, false);
    CURLM *multi = curl_multi_init();
    for (size_t i = 0; i < count; i++) {
        transfer_start(&transfers[i], calls[i], allowed);
        curl_multi_add_handle(multi, transfers[i].easy);
    }
    bool sent = run(multi, done, error);
    for (size_t i = 0; i < count; i++) {
        curl_multi_remove_handle(multi, transfers[i].easy);
        transfer_clear(&transfers[i]);
    }
    curl_multi_cleanup(multi);
    return sent;
}

enum webhook_outcome webhook_outcome(const struct webhook_call *call)
{
    if (call->status >= 200 && call->status < 300)
        return WEBHOOK_ACCEPTED;
    return call->status == 410 || call->private_address ? WEBHOOK_ENDPOINT_OFF : WEBHOOK_RETRY;
}
