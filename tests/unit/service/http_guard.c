#include "service/http/guard.h"
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

Test(http_guard, only_names_of_this_machine_are_ours)
{
    static const struct {
        const char *host;
        bool ours;
    } rows[] = {
        {"127.0.0.1", true},
        {"127.0.0.1:8080", true},
        {"localhost", true},
        {"LocalHost:81", true},
        {"[::1]", true},
        {"[::1]:8080", true},
        {"", false},
        {"evil.example", false},
        {"localhost.evil.example", false},
        {"127.0.0.1.evil.example", false},
        {"127.0.0.1:80@evil.example", false},
        {"127.0.0.1:8080x", false},
        {"127.0.0.1:123456", false},
        {"evil.example:8080", false},
        {"127.0.0.10", false},
        {"::1", false},
        {"0.0.0.0", false},
        {"localhost ", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(guard_host_is_ours(rows[i].host), rows[i].ours, "'%s'", rows[i].host);
}

/* A head as the library leaves it: zero bytes over the ends of lines, every text where it was. `text` has whole lines;
 * headers begin at each "\n" that is not the last. */
static int status_of(const char *text, int64_t *body_len)
{
    g_autofree char *bytes = g_strdup(text);
    struct guard_header headers[GUARD_HEADERS_MOST + 8];
    size_t count = 0, len = strlen(text);
    char *target = strchr(bytes, ' ') + 1, *version = strstr(target, " HTTP/");
    *version++ = 0;
    for (char *line = strpbrk(version, "\r\n"); line && count < G_N_ELEMENTS(headers);) {
        char *name = line + (line[0] == '\r' && line[1] == '\n' ? 2 : 1);
        char *colon = strchr(name, ':'), *end = strpbrk(name, "\r\n");
        if (!colon || !end || end < colon)
            break;
        char *value = colon + 1 + strspn(colon + 1, " \t");
        headers[count++] =
            (struct guard_header){name, value, (size_t)(colon - name), (size_t)(end - value)};
        line = end;
    }
    const struct guard_head head = {.target = target,
                                    .headers = headers,
                                    .count = count,
                                    .version = version,
                                    .first = bytes,
                                    .head_len = len};
    const struct guard_refusal *refusal = guard_check(&head, body_len);
    return refusal ? refusal->status : 200;
}

#define HOST "Host: localhost\r\n"
#define GET  "GET / HTTP/1.1\r\n" HOST

Test(http_guard, what_is_no_plain_question_is_refused)
{
    static const struct {
        const char *name, *head;
        int status;
        int64_t body_len;
    } rows[] = {
        {"a plain question", GET "\r\n", 200, 0},
        {"an empty body", GET "Content-Length: 0\r\n\r\n", 200, 0},
        {"a body", GET "Content-Length: 5\r\n\r\n", 200, 5},
        {"leading zeros", GET "Content-Length: 0012\r\n\r\n", 200, 12},
        {"the same length twice", GET "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400, 0},
        {"two differing lengths", GET "Content-Length: 0\r\ncontent-length: 5\r\n\r\n", 400, 0},
        {"a list of lengths", GET "Content-Length: 0, 5\r\n\r\n", 400, 0},
        {"a length with a sign", GET "Content-Length: +0\r\n\r\n", 400, 0},
        {"a hexadecimal length", GET "Content-Length: 0x5\r\n\r\n", 400, 0},
        {"no digits", GET "Content-Length: \r\n\r\n", 400, 0},
        {"a length beyond all numbers", GET "Content-Length: 99999999999999999999\r\n\r\n", 400,
         0},
        {"a body in chunks", GET "Transfer-Encoding: chunked\r\n\r\n", 411, 0},
        {"chunks and a length", GET "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
         400, 0},
        {"a length and chunks", GET "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, 0},
        {"chunks twice", GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, 0},
        {"another coding", GET "Transfer-Encoding: gzip, chunked\r\n\r\n", 400, 0},
        {"identity", GET "Transfer-Encoding: identity\r\n\r\n", 400, 0},
        {"a coding that only looks like it", GET "Transfer-Encoding: xchunked\r\n\r\n", 400, 0},
        {"a bare LF after the first line", "GET / HTTP/1.1\n" HOST "\r\n", 400, 0},
        {"a bare LF after a header", "GET / HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", 400,
         0},
        {"a bare CR after a header", "GET / HTTP/1.1\r\nHost: localhost\rX-A: 1\r\n\r\n", 400,
         0},
        {"a bare LF at the end", "GET / HTTP/1.1\r\nHost: localhost\r\n\n", 400, 0},
        {"a form feed and a bare LF", "GET / HTTP/1.1\f\n" HOST "\r\n", 400, 0},
        {"only bare LF", "GET / HTTP/1.1\nHost: localhost\n\n", 400, 0},
        {"a blank in a name", GET "X A: 1\r\n\r\n", 400, 0},
        {"a blank behind a name", GET "Content-Length : 5\r\n\r\n", 400, 0},
        {"a tab in a value", GET "X-A: a\tb\r\n\r\n", 200, 0},
        {"a control in a value", GET "X-A: a\x01z\r\n\r\n", 400, 0},
        {"no host", "GET / HTTP/1.1\r\nX-A: 1\r\n\r\n", 400, 0},
        {"two hosts", GET "Host: localhost\r\n\r\n", 400, 0},
        {"somebody else's name", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, 0},
        {"somebody else's name for the interface",
         "GET /v1/leads HTTP/1.1\r\nHost: patbridge.example\r\n\r\n", 200, 0},
        {"a zero byte", "GET /healthz%00.html HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"bytes that are not UTF-8", "GET /%FF%FE HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"a character half of which is escaped", "GET /%ed\x8c\x82 HTTP/1.1\r\n" HOST "\r\n",
         400, 0},
        {"half an escape", "GET /%4 HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"a target for a proxy", "GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"Chinese, escaped", "GET /%E4%B8%93 HTTP/1.1\r\n" HOST "\r\n", 200, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t body_len = 0;
        cr_expect_eq(status_of(rows[i].head, &body_len), rows[i].status, "%s", rows[i].name);
        if (rows[i].status == 200)
            cr_expect_eq(body_len, rows[i].body_len, "%s", rows[i].name);
    }
}

Test(http_guard, what_is_too_long_is_refused)
{
    static const struct {
        int target, value, headers, status;
    } rows[] = {{GUARD_TARGET_MOST - 1, 1, 1, 200},
                {GUARD_TARGET_MOST, 1, 1, 414},
                {1, GUARD_HEAD_MOST, 1, 431},
                {1, 1, GUARD_HEADERS_MOST - 1, 200},
                {1, 1, GUARD_HEADERS_MOST, 431}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t body_len;
        g_autofree char *target = g_strnfill((gsize)rows[i].target, 'a'),
                        *value = g_strnfill((gsize)rows[i].value, 'v');
        GString *head = g_string_new(NULL);
        g_string_printf(head, "GET /%s HTTP/1.1\r\n" HOST, target);
        for (int k = 0; k < rows[i].headers; k++)
            g_string_append_printf(head, "X-A: %s\r\n", value);
        g_string_append(head, "\r\n");
        cr_expect_eq(status_of(head->str, &body_len), rows[i].status, "row %zu", i);
        g_string_free(head, TRUE);
    }
}
