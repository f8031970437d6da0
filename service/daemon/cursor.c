#include "service/daemon/daemon.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CURSOR_MOST = 1024 };

static bool is_flat(const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name,
                        value) if (!json_is_string(value) &&
                                   !json_is_number(value)) return false;
    return json_is_object(object) && json_object_size(object) > 0;
}

bool cursor_read(const struct call *call, json_t **after, GError **error)
{
    const char *text = call_arg(call, "after");
    unsigned char bytes[CURSOR_MOST];
    size_t len = 0;
    if (!text)
        return true;
    if (sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0)
        *after = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
    if (is_flat(*after))
        return true;
    g_clear_pointer(after, json_decref);
    g_set_error(error, API_ERROR, API_WRONG,
                "after is no cursor; take it from `next` of the page before");
    return false;
}

static json_t *cursor_of(const json_t *row, const char *const *columns)
{
    json_auto_t *place = json_object();
    for (; *columns; columns++)
        json_object_set(place, *columns, json_object_get(row, *columns));
    char *text = json_dumps(place, JSON_COMPACT);
    size_t len =
        sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    g_autofree char *code = g_malloc(len);
    sodium_bin2base64(code, len, (const unsigned char *)text, strlen(text),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    free(text);
    return json_string(code);
}

static json_t *page_of(const struct call *call, json_t *rows, int limit,
                       const char *const *columns,
                       json_t *(*item)(const struct call *call, json_t *row))
{
    json_t *items = json_array(), *next = json_null();
    size_t count = MIN(json_array_size(rows), (size_t)limit);
    if (json_array_size(rows) > count) /* before `item` takes columns away */
        next = cursor_of(json_array_get(rows, count - 1), columns);
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_array_get(rows, i);
        json_array_append_new(items, item ? item(call, row) : json_incref(row));
    }
    json_decref(rows);
    return json_pack("{s:o, s:o}", "items", items, "next", next);
}

void cursor_answer(struct call *call, json_t *rows, int limit, const char *const *columns,
                   json_t *(*item)(const struct call *call, json_t *row))
{
    call_json(call, 200, page_of(call, rows, limit, columns, item), NULL);
}

void cursor_answer_with(struct call *call, json_t *rows, int limit, const char *const *columns,
                        json_t *beside)
{
    json_t *page = page_of(call, rows, limit, columns, NULL);
    json_object_update(page, beside);
    json_decref(beside);
    call_json(call, 200, page, NULL);
}
