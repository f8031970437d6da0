#include "service/http/guard.h"
#include <glib.h>
#include <string.h>

static const struct guard_refusal
    no_host = {400, "bad-host", "Bad Request", "exactly one Host header is expected"},
    foreign_host = {421, "bad-host", "Misdirected Request",
                    "Host must be 127.0.0.1, localhost or [::1]"},
    two_lengths = {400, "bad-length", "Bad Request",
                   "more than one Content-Length, or one that is no number"},
    no_length = {411, "length-required", "Length Required",
                 "send Content-Length: a body without it is not read"},
    bad_coding = {400, "bad-transfer", "Bad Request",
                  "Transfer-Encoding can't be used here as it was"},
    bad_lines = {400, "bad-lines", "Bad Request",
                 "every line of the head ends in CR LF, and none is folded"},
    bad_header = {400, "bad-header", "Bad Request",
                  "a header's name or value has a byte that it may not have"},
    too_large = {431, "head-too-large", "Request Header Fields Too Large",
                 "the head is longer than 16384 bytes, or has more than 64 lines"},
    too_long = {414, "target-too-long", "URI Too Long", "the target is longer than 4096 bytes"},
    bad_target = {400, "bad-target", "Bad Request",
                  "the target is not percent-encoded UTF-8 that begins with /"};

bool guard_host_is_ours(const char *host)
{
    static const char *const ours[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
        size_t len = strlen(ours[i]);
        if (g_ascii_strncasecmp(host, ours[i], len) != 0)
            continue;
        const char *rest = host + len;
        size_t digits = *rest == ':' ? strspn(rest + 1, "0123456789") : 0;
        if (!*rest || (*rest == ':' && digits <= 5 && !rest[1 + digits]))
            return true;
    }
    return false;
}

static bool is_named(const struct guard_header *header, const char *name)
{
    return header->name_len == strlen(name) &&
           g_ascii_strncasecmp(header->name, name, header->name_len) == 0;
}

static bool is_value(const struct guard_header *header, const char *value)
{
    return header->value_len == strlen(value) &&
           g_ascii_strncasecmp(header->value, value, header->value_len) == 0;
}

/* RFC 9110, 5.6.2: the bytes of a token. */
static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isalnum(text[i]) && (!text[i] || !strchr("!#$%&'*+-.^_`|~", text[i])))
            return false;
    return len > 0;
}

static const struct guard_refusal *check_names(const struct guard_head *head)
{
    for (size_t i = 0; i < head->count; i++) {
        const struct guard_header *header = &head->headers[i];
        if (!is_token(header->name, header->name_len))
            return &bad_header;
        for (size_t k = 0; k < header->value_len; k++)
            if (((unsigned char)header->value[k] < ' ' && header->value[k] != '\t') ||
                header->value[k] == 0x7f)
                return &bad_header;
    }
    return NULL;
}

/* The library puts a zero byte over each CR and LF that it took for the end of a line, and leaves every text where it was: a
 * line that ended in CR LF is followed by the next one after exactly two bytes, the last one by the head's end after four. */
static const struct guard_refusal *check_lines(const struct guard_head *head)
{
    if (!head->first)
        return NULL;
    if (head->head_len > GUARD_HEAD_MOST || head->count > GUARD_HEADERS_MOST)
        return &too_large;
    const char *end = head->version + strlen("HTTP/1.1");
    if (!is_token(head->first, strcspn(head->first, " ")))
        return &bad_lines;
    size_t before = strcspn(head->first, " ") + 1 + strlen(head->target) + 1;
    if (*end != 0 && *end != '\r') /* something else between the version and its line's end */
        return &bad_lines;
    if (head->version != head->first + before) /* more than one blank, or another sort of it */
        return &bad_lines;
    for (size_t i = 0; i < head->count; i++) {
        if (head->headers[i].name != end + 2)
            return &bad_lines;
        end = head->headers[i].value + head->headers[i].value_len;
    }
    return end + 4 == head->first + head->head_len ? NULL : &bad_lines;
}

static bool read_length(const struct guard_header *header, int64_t *out)
{
    enum { DIGITS_MOST = 18 };
    int64_t length = 0;
    if (header->value_len == 0 || header->value_len > DIGITS_MOST)
        return false;
    for (size_t i = 0; i < header->value_len; i++) {
        if (!g_ascii_isdigit(header->value[i]))
            return false;
        length = length * 10 + (header->value[i] - '0');
    }
    *out = length;
    return true;
}

static const struct guard_refusal *check_body(const struct guard_head *head, int64_t *len)
{
    size_t lengths = 0, codings = 0;
    bool chunked = false;
    *len = 0;
    for (size_t i = 0; i < head->count; i++) {
        const struct guard_header *header = &head->headers[i];
        if (is_named(header, "Content-Length") && (lengths++ || !read_length(header, len)))
            return &two_lengths;
        if (is_named(header, "Transfer-Encoding")) {
            codings++;
            chunked = is_value(header, "chunked");
        }
    }
    if (codings > 0)
        return codings == 1 && chunked && lengths == 0 ? &no_length : &bad_coding;
    return NULL;
}

static const struct guard_refusal *check_host(const struct guard_head *head)
{
    const struct guard_header *host = NULL;
    for (size_t i = 0; i < head->count; i++)
        if (is_named(&head->headers[i], "Host")) {
            if (host)
                return &no_host;
            host = &head->headers[i];
        }
    if (!host || host->value_len == 0)
        return &no_host;
    g_autofree char *name = g_strndup(host->value, host->value_len);
    bool api = g_str_has_prefix(head->target, "/v1/");
    return api || guard_host_is_ours(name) ? NULL : &foreign_host;
}

static const struct guard_refusal *check_target(const char *target)
{
    if (strlen(target) > GUARD_TARGET_MOST)
        return &too_long;
    /* Both: bytes that become a character only together with encoded ones are read in two ways. */
    if (*target != '/' || !g_utf8_validate(target, -1, NULL))
        return &bad_target;
    if (!strchr(target, '%'))
        return NULL;
    g_autofree char *decoded = g_uri_unescape_string(target, NULL);
    return decoded && g_utf8_validate(decoded, -1, NULL) ? NULL : &bad_target;
}

const struct guard_refusal *guard_check(const struct guard_head *head, int64_t *body_len)
{
    const struct guard_refusal *refusal = check_lines(head);
    if (!refusal)
        refusal = check_names(head);
    if (!refusal)
        refusal = check_body(head, body_len);
    if (!refusal)
        refusal = check_host(head);
    return refusal ? refusal : check_target(head->target);
}
