#include "sql/canonical.h"
#include "sql/oid.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void append_escape(GString *out, char c)
{
    static const char named[] =
        "\"\"\\\\\bb\ff\nn\rr\tt"; /* the character, the letter that stands for it */
    for (const char *pair = named; *pair; pair += 2)
        if (*pair == c) {
            g_string_append_c(out, '\\');
            g_string_append_c(out, pair[1]);
            return;
        }
    g_string_append_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

/* Whether one of eight bytes is below a space, a quote or a backslash: the usual trick, a byte borrows from its highest bit. */
static bool has_special(uint64_t bytes)
{
    const uint64_t ones = UINT64_MAX / 0xff, highest = ones << 7;
    uint64_t quotes = bytes ^ (ones * '"'), slashes = bytes ^ (ones * '\\');
    uint64_t low = (bytes - ones * ' ') & ~bytes;
    return ((low | ((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes)) & highest) != 0;
}

size_t canonical_plain(const char *text, size_t len)
{
    size_t i = 0;
    for (uint64_t bytes; i + sizeof bytes <= len; i += sizeof bytes) {
        memcpy(&bytes, text + i, sizeof bytes);
        if (has_special(bytes))
            break;
    }
    while (i < len && (unsigned char)text[i] >= ' ' && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

void canonical_text(GString *out, const char *text, size_t len)
{
    g_string_append_c(out, '"');
    for (size_t at = 0; at < len; at++) {
        size_t plain = canonical_plain(text + at, len - at);
        g_string_append_len(out, text + at, (gssize)plain);
        at += plain;
        if (at < len)
            append_escape(out, text[at]);
    }
    g_string_append_c(out, '"');
}

int canonical_order(const char *one, size_t one_len, const char *other, size_t other_len)
{
    if (one_len != other_len)
        return one_len < other_len ? -1 : 1;
    return memcmp(one, other, one_len);
}

struct member {
    const char *name;
    size_t len;
    json_t *value;
};

static int by_name(const void *one, const void *other)
{
    const struct member *a = one, *b = other;
    return canonical_order(a->name, a->len, b->name, b->len);
}

static bool append_members(GString *out, const struct member *members, size_t count)
{
    bool sure = true;
    g_string_append_c(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i)
            g_string_append(out, ", ");
        canonical_text(out, members[i].name, members[i].len);
        g_string_append(out, ": ");
        sure = canonical_json(out, members[i].value) && sure;
    }
    g_string_append_c(out, '}');
    return sure;
}

static bool append_object(GString *out, json_t *object)
{
    g_autofree struct member *members = g_new(struct member, json_object_size(object));
    size_t count = 0, len;
    const char *name;
    json_t *value;
    json_object_keylen_foreach(object, name, len, value)
    {
        if (!json_is_null(value))
            members[count++] = (struct member){name, len, value};
    }
    if (count > 1)
        qsort(members, count, sizeof *members, by_name);
    return append_members(out, members, count);
}

static bool append_array(GString *out, json_t *list)
{
    bool sure = true;
    size_t i;
    json_t *item;
    g_string_append_c(out, '[');
    json_array_foreach(list, i, item)
    {
        if (i)
            g_string_append(out, ", ");
        sure = canonical_json(out, item) && sure;
    }
    g_string_append_c(out, ']');
    return sure;
}

/* Anything else: numbers with a fraction, which the server writes with the digits it was given. */
static bool append_unsure(GString *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    g_string_append(out, text ? text : "null");
    free(text);
    return false;
}

bool canonical_json(GString *out, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return append_object(out, value);
    case JSON_ARRAY:
        return append_array(out, value);
    case JSON_STRING:
        canonical_text(out, json_string_value(value), json_string_length(value));
        return true;
    case JSON_INTEGER:
        g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        g_string_append(out, json_is_true(value)    ? "true"
                             : json_is_false(value) ? "false"
                                                    : "null");
        return true;
    default:
        return append_unsure(out, value);
    }
}

static bool is_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isdigit(text[i]))
            return false;
    return len > 0;
}

static bool is_integer(const char *text, size_t len)
{
    size_t sign = len && text[0] == '-';
    return is_digits(text + sign, len - sign) && (text[sign] != '0' || len == 1);
}

static bool is_date(const char *text, size_t len)
{
    return len == strlen("2026-01-01") && is_digits(text, 4) && text[4] == '-' &&
           is_digits(text + 5, 2) && text[7] == '-' && is_digits(text + 8, 2);
}

/* "2026-01-01 08:00:00.12+00", as the server prints it, to "2026-01-01T08:00:00.12+00:00". */
static bool append_time(GString *out, const char *text, size_t len)
{
    enum { DATE = 10, SHORTEST = 22 };
    bool sure = len >= SHORTEST && is_date(text, DATE) && text[DATE] == ' ' &&
                strncmp(text + len - 3, "+00", 3) == 0;
    if (!sure) {
        canonical_text(out, text, len);
        return false;
    }
    g_string_append_c(out, '"');
    g_string_append_len(out, text, DATE);
    g_string_append_c(out, 'T');
    g_string_append_len(out, text + DATE + 1, (gssize)(len - DATE - 1));
    g_string_append(out, ":00\"");
    return true;
}

static bool is_whole(Oid type)
{
    return type == OID_INT8 || type == OID_INT4 || type == OID_INT2;
}

bool canonical_of_text(GString *out, const char *text, size_t len, Oid type)
{
    if (type == OID_TIMESTAMPTZ)
        return append_time(out, text, len);
    if (is_whole(type)) {
        g_string_append_len(out, text, (gssize)len);
        return is_integer(text, len);
    }
    canonical_text(out, text, len);
    return type == OID_TEXT || (type == OID_DATE && is_date(text, len));
}

static bool is_list_of_texts(const json_t *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return json_is_array(value);
}

bool canonical_cell(GString *out, json_t *value, Oid type)
{
    if (json_is_string(value) && type != OID_JSONB)
        return canonical_of_text(out, json_string_value(value), json_string_length(value),
                                 type);
    bool sure = canonical_json(out, value);
    return sure && (type == OID_JSONB || (type == OID_TEXT_ARRAY && is_list_of_texts(value)) ||
                    (type == OID_BOOL && json_is_boolean(value)) ||
                    (is_whole(type) && json_is_integer(value)));
}
