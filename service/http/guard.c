#include "service/http/guard.h"
#include <glib.h>
#include <string.h>

static const struct guard_refusal
    no_host = {400, "bad-host", "Bad Request", "exactly one Host header is expected"},
    foreign_host = {421, "bad-host", "Misdirected Request",
                    "Host must be 127.0.0.1, localhost or [::1]"},
    two_lengths = {400, "bad-length", "Bad Request",
                   "more than one Content-Length, or one that is no number"},
    has_body = {400, "body", "Bad Request", "a request here has no body"},
    too_long = {414, "target-too-long", "URI Too Long", "the target is longer than 2048 bytes"},
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

static bool is_number(const char *text)
{
    return *text && !text[strspn(text, "0123456789")];
}

static const struct guard_refusal *check_body(const struct guard_head *head)
{
    for (size_t i = 0; head->lengths[i]; i++)
        if (!is_number(head->lengths[i]) ||
            (i > 0 && !g_str_equal(head->lengths[i], head->lengths[0])))
            return &two_lengths;
    if (head->has_transfer_encoding)
        return &has_body;
    if (head->lengths[0] && strspn(head->lengths[0], "0") != strlen(head->lengths[0]))
        return &has_body;
    return NULL;
}

static const struct guard_refusal *check_target(const char *target)
{
    if (strlen(target) > GUARD_TARGET_MOST)
        return &too_long;
    g_autofree char *decoded = *target == '/' ? g_uri_unescape_string(target, NULL) : NULL;
    return decoded && g_utf8_validate(decoded, -1, NULL) ? NULL : &bad_target;
}

const struct guard_refusal *guard_check(const struct guard_head *head)
{
    const struct guard_refusal *refusal = check_body(head);
    if (refusal)
        return refusal;
    if (!head->hosts[0] || head->hosts[1])
        return &no_host;
    if (!guard_host_is_ours(head->hosts[0]))
        return &foreign_host;
    return check_target(head->target);
}
