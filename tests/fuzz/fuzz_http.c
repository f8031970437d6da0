/* fuzz_http.c - targets, queries, heads and bodies of requests, as a client may send them.
 *
 * The first byte chooses: 0 a head, as the library leaves it (guard.h); 1 a path to a route with its places; 2 the values of
 * parameters; 3 a body of JSON and an idempotency key's digest over it; 4 an Authorization header; 5 Accept-Encoding and a body
 * to compress; 6 a cursor. */
#include "service/daemon/daemon.h"
#include "service/http/guard.h"
#include "service/http/pack.h"
#include "service/http/question.h"
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
    check(answer.packed || answer.body->len == before);
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
    switch (data[0] % 7) {
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
    default:
        fuzz_cursor(text);
    }
    return 0;
}
