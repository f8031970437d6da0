#include "service/push/wire.h"
#include "service/common/outbound.h"
#include <curl/curl.h>
#include <string.h>

G_DEFINE_QUARK(patbridge - wire - error, wire_error)

enum { CONNECT_MS = 5000, WHOLE_MS = 15000, MAIL_MS = 30000, ANSWER_MOST = 64 * 1024 };

struct wire {
    const char *allowed;
    void (*done)(struct wire_call *call, void *user);
    void *user;
    CURLM *multi;
    GHashTable *transfers; /* struct transfer *, each under itself */
};

struct transfer {
    struct wire_call *call;
    CURL *easy;
    curl_mime *mime;
    struct curl_slist *headers, *to;
    GString *answer;
    size_t received;
    struct outbound outbound;
    char problem[CURL_ERROR_SIZE];
};

/* ---- What comes back */

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

/* The platforms' own name for Retry-After; of SMTP every reply comes here, and the last one is kept. */
static size_t take_header(char *data, size_t size, size_t count, void *user)
{
    static const char reset[] = "x-ogw-ratelimit-reset:";
    struct transfer *transfer = user;
    size_t len = size * count;
    g_autofree char *line = g_strndup(data, len);
    if (transfer->call->mail)
        g_string_assign(transfer->answer, g_strchomp(line));
    else if (g_ascii_strncasecmp(line, reset, sizeof reset - 1) == 0)
        transfer->call->retry_after_s =
            CLAMP(g_ascii_strtoll(line + sizeof reset - 1, NULL, 10), 0, 86400);
    return len;
}

static void keep_answer(struct transfer *transfer)
{
    struct wire_call *call = transfer->call;
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
static void keep_failure(const struct transfer *transfer, CURLcode code)
{
    static const char redirect[] = "a redirect: not followed";
    struct wire_call *call = transfer->call;
    const char *why = code != CURLE_OK                            ? curl_easy_strerror(code)
                      : call->status >= 300 && call->status < 400 ? redirect
                                                                  : "";
    if (call->private_address)
        why = "the address leads into a private network: refused";
    else if (code == CURLE_UNSUPPORTED_PROTOCOL)
        why = "only https is sent to, unless the setting allow_private names its host:port";
    else if (code == CURLE_WRITE_ERROR)
        why = "the answer is longer than 64 KB: cut off";
    g_strlcpy(call->failure, why, sizeof call->failure);
}

static void transfer_end(struct transfer *transfer, CURLcode code)
{
    struct wire_call *call = transfer->call;
    curl_off_t wait = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &call->status);
    if (curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        call->retry_after_s = wait;
    if (call->status < 200) /* 100 is no answer yet */
        call->status = 0;
    call->code = (int)code;
    call->private_address = call->status == 0 && outbound_was_refused(&transfer->outbound);
    keep_answer(transfer);
    keep_failure(transfer, code);
}

/* ---- One call */

static void set_limits(struct transfer *transfer, const char *allowed)
{
    CURL *easy = transfer->easy;
    const struct wire_call *call = transfer->call;
    outbound_guard(easy, &transfer->outbound, call->url, allowed);
    if (call->mail) {
        transfer->outbound.allowed = true; /* the relay is an address of our own settings */
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(call->mail ? MAIL_MS : WHOLE_MS));
}

static struct curl_slist *list_of(char *const *lines)
{
    struct curl_slist *list = NULL;
    for (; lines && *lines; lines++)
        list = curl_slist_append(list, *lines);
    return list;
}

static void post(struct transfer *transfer)
{
    const struct wire_call *call = transfer->call;
    transfer->headers = curl_slist_append(list_of(call->headers),
                                          "Expect:"); /* none: the body goes out at once */
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)strlen(call->body));
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, call->body);
}

static void add_part(struct transfer *transfer, const char *type, const char *text)
{
    curl_mimepart *part = curl_mime_addpart(transfer->mime);
    curl_mime_data(part, text, CURL_ZERO_TERMINATED);
    curl_mime_type(part, type);
    curl_mime_encoder(part, "base64");
}

/* STARTTLS, or TLS from the beginning, is not offered but required, and the relay's name is checked. */
static void mail(struct transfer *transfer)
{
    const struct wire_mail *mail = transfer->call->mail;
    CURL *easy = transfer->easy;
    transfer->headers = list_of(mail->headers);
    transfer->to = curl_slist_append(NULL, mail->to);
    transfer->mime = curl_mime_init(easy);
    add_part(transfer, "text/plain; charset=utf-8", mail->text);
    add_part(transfer, "text/html; charset=utf-8", mail->html);
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     (long)(mail->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (mail->authorities)
        curl_easy_setopt(easy, CURLOPT_CAINFO, mail->authorities);
    if (mail->user)
        curl_easy_setopt(easy, CURLOPT_USERNAME, mail->user);
    if (mail->password)
        curl_easy_setopt(easy, CURLOPT_PASSWORD, mail->password);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, transfer->to);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, transfer->mime);
}

static void transfer_free(gpointer data)
{
    struct transfer *transfer = data;
    curl_easy_cleanup(transfer->easy);
    curl_mime_free(transfer->mime);
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->to);
    g_string_free(transfer->answer, TRUE);
    g_free(transfer);
}

void wire_add(struct wire *wire, struct wire_call *call)
{
    struct transfer *transfer = g_new0(struct transfer, 1);
    transfer->call = call;
    transfer->easy = curl_easy_init();
    transfer->answer = g_string_new(NULL);
    set_limits(transfer, wire->allowed);
    if (call->mail)
        mail(transfer);
    else
        post(transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(transfer->easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, transfer->problem);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    g_hash_table_add(wire->transfers, transfer);
    curl_multi_add_handle(wire->multi, transfer->easy);
}

/* ---- All of them */

struct wire *wire_new(const char *allowed, void (*done)(struct wire_call *call, void *user),
                      void *user)
{
    struct wire *wire = g_new0(struct wire, 1);
    *wire = (struct wire){allowed, done, user, curl_multi_init(),
                          g_hash_table_new_full(NULL, NULL, transfer_free, NULL)};
    return wire;
}

void wire_cut(struct wire *wire, void (*cut)(struct wire_call *call))
{
    GHashTableIter iter;
    gpointer data;
    g_hash_table_iter_init(&iter, wire->transfers);
    while (g_hash_table_iter_next(&iter, &data, NULL)) {
        struct transfer *transfer = data;
        struct wire_call *call = transfer->call;
        curl_multi_remove_handle(wire->multi, transfer->easy);
        g_hash_table_iter_remove(&iter);
        cut(call);
    }
}

void wire_free(struct wire *wire)
{
    if (!wire)
        return;
    g_hash_table_unref(wire->transfers);
    curl_multi_cleanup(wire->multi);
    g_free(wire);
}

size_t wire_count(const struct wire *wire)
{
    return g_hash_table_size(wire->transfers);
}

static bool report_ended(struct wire *wire)
{
    CURLMsg *message;
    int left;
    bool any = false;
    while ((message = curl_multi_info_read(wire->multi, &left))) {
        struct transfer *transfer;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        curl_multi_remove_handle(wire->multi, easy);
        transfer_end(transfer, code);
        struct wire_call *call = transfer->call;
        g_hash_table_remove(wire->transfers, transfer);
        wire->done(call, wire->user);
        any = true;
    }
    return any;
}

void wire_run(struct wire *wire, int wait_ms)
{
    int64_t until = g_get_monotonic_time() + wait_ms * INT64_C(1000);
    int running;
    for (;;) {
        curl_multi_perform(wire->multi, &running);
        int left = (int)((until - g_get_monotonic_time()) / 1000);
        if (report_ended(wire) || left <= 0 || wire_count(wire) == 0)
            return;
        curl_multi_poll(wire->multi, NULL, 0, left, NULL);
    }
}
