/* fuzz_http.c - targets, queries, heads and bodies of requests, as a client may send them.
 *
 * The first byte chooses: 0 a head, as the library leaves it (guard.h); 1 a path to a route with its places; 2 the values of
 * parameters; 3 a body of JSON and an idempotency key's digest over it; 4 an Authorization header; 5 Accept-Encoding and a body
 * to compress; 6 a cursor; 7 a Cookie header; 8 where a browser says that a request comes from; 9 a one-time code, a password, a link. */
#include "service/common/password.h"
#include "service/common/totp.h"
#include "service/daemon/daemon.h"
#include "service/daemon/signin.h"
#include "service/http/cookie.h"
#include "service/http/guard.h"
#include "service/http/pack.h"
#include "service/http/question.h"
#include "service/push/token.h"
#include <sodium.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* Zero bytes over what ends a line, texts where they stood: what guard.h is given. */
static void fuzz_head(char *text, size_t len)
{
    struct guard_header headers[GUARD_HEADERS_MOST + 1];
    size_t count = 0;
    int64_t body_len = 0;
    char *target = strchr(text, ' '), *version = target ? strstr(target, " HTTP/1.1") : NULL;
    if (!version)
        return;
    *version++ = 0;
    for (char *line = strpbrk(version, "\r\n"); line && count <= GUARD_HEADERS_MOST;) {
        char *name = line + 1 + (line[0] == '\r' && line[1] == '\n');
        char *colon = strchr(name, ':'), *end = strpbrk(name, "\r\n");
        if (!colon || !end || end < colon)
            break;
        char *value = colon + 1 + strspn(colon + 1, " \t");
        headers[count++] = (struct guard_header){name, MIN(value, end), (size_t)(colon - name),
                                                 (size_t)(end - MIN(value, end))};
        line = end;
    }
    const struct guard_head head = {target + 1, headers, count, version, text, len};
    if (guard_check(&head, &body_len))
        return;
    check(body_len >= 0 && target[1] == '/' && g_utf8_validate(target + 1, -1, NULL));
    check(!memchr(version, '\n', strlen(version)) ||
          version[strcspn(version, "\n") - 1] == '\r');
}

static struct routes routes;

static void fuzz_path(const char *text)
{
    static const char *const methods[] = {"GET", "PUT", "POST", "HEAD", "DELETE"};
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        struct places places = {0};
        g_autofree char *allow = NULL;
        const struct route *route = route_find(&routes, methods[i], text, &places, &allow);
        check(!route || !allow);
        check(!route || !strstr(route->path, "{records}") || places.kind);
        check(!route || !strstr(route->path, "{key}") || (places.value[0] && *places.value[0]));
        places_clear(&places);
    }
}

static void fuzz_values(const char *text)
{
    static const char *const words[] = {"true", "false", NULL};
    for (int type = PARAM_TEXT; type <= PARAM_MOMENT; type++) {
        const struct param param = {"a", (enum param_type)type, words, 1, 1000};
        bool taken = question_is_value(&param, text);
        check(!taken || *text);
        check(!taken || type != PARAM_DAY || strlen(text) == 10);
        check(!taken || type != PARAM_NUMBER || strlen(text) <= 19);
    }
}

static void fuzz_body(const char *text, size_t len)
{
    json_auto_t *body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    struct request request = {.headers = {[HEADER_IF_MATCH] = text}};
    struct answer answer = {0};
    struct call call = {.request = &request, .answer = &answer};
    if (!body)
        return;
    g_autofree char *tag = call_tag(body), *same = call_tag(body);
    check(tag[0] == '"' && g_str_equal(tag, same));
    call_may_change(&call, tag);
    call_json(&call, 200, json_incref(body), body);
    check(g_str_equal(answer.etag, tag));
    answer_clear(&answer);
}

static void fuzz_authorization(const char *text)
{
    struct principal who;
    static struct keys *keys;
    if (!keys)
        keys = keys_new();
    check(!keys_find(keys, text, 0, &who));
}

static void fuzz_pack(const char *text, size_t len)
{
    struct request request = {.headers = {[HEADER_ACCEPT_ENCODING] = text}};
    struct answer answer = {.may_pack = true,
                            .etag = g_strdup("\"a\""),
                            .body = g_string_new_len(text, (gssize)len)};
    g_string_append(answer.body, text);
    gsize before = answer.body->len;
    pack_answer(&request, &answer);
    check(answer.coding || answer.body->len == before);
    answer_clear(&answer);
}

static void fuzz_cursor(const char *text)
{
    GHashTable *args = g_hash_table_new(g_str_hash, g_str_equal);
    struct request request = {.args = args};
    struct call call = {.request = &request};
    g_autoptr(GError) error = NULL;
    json_auto_t *after = NULL;
    g_hash_table_insert(args, (gpointer)(uintptr_t) "after", (gpointer)(uintptr_t)text);
    check(cursor_read(&call, &after, &error) == (error == NULL));
    check((after != NULL) == (error == NULL));
    g_hash_table_unref(args);
}

/* What was read is a value of the header, and would be written and read again as it is. */
static void fuzz_cookie(const char *text)
{
    char token[KEY_TEXT_LEN], again[KEY_TEXT_LEN], id[KEY_ID_LEN + 1],
        digest[KEY_DIGEST_LEN + 1];
    for (int secure = 0; secure < 2; secure++) {
        if (!cookie_read(text, secure, token))
            continue;
        check(*token && strlen(token) < KEY_TEXT_LEN && !strchr(token, ';') &&
              strstr(text, token));
        g_autofree char *set = cookie_write(token, secure, 60);
        g_autofree char *sent = g_strndup(set, strcspn(set, ";"));
        check(cookie_read(sent, secure, again) && g_str_equal(token, again));
        check(!key_read(token, id, digest) || strlen(digest) == KEY_DIGEST_LEN);
        char csrf[CSRF_LEN + 1];
        cookie_csrf(token, csrf);
        check(cookie_csrf_fits(token, csrf) && !cookie_csrf_fits(token, text));
    }
}

/* Three texts with a line's end between: Sec-Fetch-Site, Origin, Host. */
static void fuzz_origin(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\n", 3);
    struct request request = {0};
    static const enum request_header headers[] = {HEADER_FETCH_SITE, HEADER_ORIGIN,
                                                  HEADER_HOST};
    for (int i = 0; parts[0] && i < 3 && parts[i]; i++)
        request.headers[headers[i]] = *parts[i] ? parts[i] : NULL;
    bool ours = cookie_from_us(&request, "https://patents.example.cn");
    const char *origin = request.headers[HEADER_ORIGIN],
               *fetch = request.headers[HEADER_FETCH_SITE];
    check(!ours || !fetch || g_str_equal(fetch, "same-origin"));
    check(!ours || !origin || g_ascii_strcasecmp(origin, "https://patents.example.cn") == 0 ||
          (request.headers[HEADER_HOST] &&
           strlen(origin) > strlen(request.headers[HEADER_HOST])));
    check(ours ? fetch || origin : true);
}

static void fuzz_secret(const char *text)
{
    const struct seal_key key = {.bytes = {1}};
    unsigned char bytes[TOTP_SECRET_BYTES] = {0};
    char id[TOKEN_PUSH_LEN + 1];
    int64_t day;
    check(!totp_find(bytes, sizeof bytes, text, 1234567890) || strlen(text) >= TOTP_DIGITS);
    check(!totp_read(text, bytes) || strlen(text) == 32);
    check(!token_read_invitation(&key, text, 0, id) &&
          !token_read_new(&key, text, 0, id, &day));
    check(!password_check(text, "name", NULL) || strlen(text) >= PASSWORD_LEAST);
    check(!signin_is_name(text) || (*text && strlen(text) <= NAME_MOST && !strchr(text, '/')));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if (!routes.routes) {
        check(sodium_init() >= 0);
        routes.routes = daemon_routes(&routes.count);
        routes.kinds = daemon_kinds(&routes.kind_count);
    }
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    size_t len = strlen(text);
    switch (data[0] % 10) {
    case 0:
        fuzz_head(text, len);
        break;
    case 1:
        fuzz_path(text);
        break;
    case 2:
        fuzz_values(text);
        break;
    case 3:
        fuzz_body(text, len);
        break;
    case 4:
        fuzz_authorization(text);
        break;
    case 5:
        fuzz_pack(text, len);
        break;
    case 7:
        fuzz_cookie(text);
        break;
    case 8:
        fuzz_origin(text);
        break;
    case 9:
        if (g_utf8_validate(text, -1, NULL))
            fuzz_secret(text);
        break;
    default:
        fuzz_cursor(text);
    }
    return 0;
}
