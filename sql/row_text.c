#include "sql/row_text.h"
#include "sql/canonical.h"
#include "sql/oid.h"
#include <stdlib.h>
#include <string.h>

enum {
    KNOWN = 4096,     /* so many texts of jsonb are remembered with their form… */
    KNOWN_BYTES = 512 /* …none longer than this */
};

struct column {
    const char *name; /* of the row_text */
    int at;
    Oid type;
    char *before; /* "name": with what stands before it */
};

struct row_text {
    struct column *columns; /* in the order of their names */
    int count;
    GHashTable *known; /* jsonb as the server writes it -> as it is written here */
};

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct column *one = a, *other = b;
    return strcmp(one->name, other->name);
}

struct row_text *row_text_new(const PGresult *res, const char *without)
{
    struct row_text *text = g_new0(struct row_text, 1);
    text->columns = g_new0(struct column, (size_t)PQnfields(res));
    text->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < PQnfields(res); i++)
        if (g_strcmp0(PQfname(res, i), without) != 0)
            text->columns[text->count++] = (struct column){
                .name = g_strdup(PQfname(res, i)), .at = i, .type = PQftype(res, i)};
    qsort(text->columns, (size_t)text->count, sizeof *text->columns, by_name);
    for (int i = 0; i < text->count; i++)
        text->columns[i].before =
            g_strdup_printf("%c\"%s\":", i ? ',' : '{', text->columns[i].name);
    return text;
}

void row_text_free(struct row_text *text)
{
    if (!text)
        return;
    for (int i = 0; i < text->count; i++) {
        g_free((char *)(uintptr_t)text->columns[i].name);
        g_free(text->columns[i].before);
    }
    g_free(text->columns);
    g_hash_table_unref(text->known);
    g_free(text);
}

/* What needs an escape is left to jansson. */
static void append_string(GString *out, const char *text, size_t len)
{
    size_t plain = canonical_plain(text, len);
    if (plain < len) {
        json_auto_t *string = json_string(text);
        char *dumped = json_dumps(string, JSON_ENCODE_ANY);
        g_string_append(out, dumped);
        free(dumped);
        return;
    }
    g_string_append_c(out, '"');
    g_string_append_len(out, text, (gssize)plain);
    g_string_append_c(out, '"');
}

static void append_jsonb(struct row_text *text, GString *out, const char *value, size_t len)
{
    if (len == 2) { /* an empty list or object: every other value */
        g_string_append_len(out, value, 2);
        return;
    }
    const char *known = len <= KNOWN_BYTES ? g_hash_table_lookup(text->known, value) : NULL;
    if (known) {
        g_string_append(out, known);
        return;
    }
    json_auto_t *tree = json_loads(value, JSON_DECODE_ANY, NULL);
    char *dumped = json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    g_string_append(out, dumped);
    if (len <= KNOWN_BYTES && g_hash_table_size(text->known) < KNOWN)
        g_hash_table_insert(text->known, g_strdup(value), g_strdup(dumped));
    free(dumped);
}

static void append_real(GString *out, const char *value)
{
    json_auto_t *real = json_real(g_ascii_strtod(value, NULL));
    char *dumped = json_dumps(real, JSON_ENCODE_ANY);
    g_string_append(out, dumped);
    free(dumped);
}

static void append_cell(struct row_text *text, const struct column *column, const char *value,
                        size_t len, GString *out)
{
    switch (column->type) {
    case OID_BOOL:
        g_string_append(out, *value == 't' ? "true" : "false");
        return;
    case OID_INT8:
        if (g_str_has_suffix(column->name, "_id")) {
            append_string(out, value, len);
            return;
        }
        g_string_append_len(out, value, (gssize)len);
        return;
    case OID_INT2:
    case OID_INT4:
        g_string_append_len(out, value, (gssize)len);
        return;
    case OID_FLOAT4:
    case OID_FLOAT8:
        append_real(out, value);
        return;
    case OID_JSON:
    case OID_JSONB:
        append_jsonb(text, out, value, len);
        return;
    default:
        append_string(out, value, len);
    }
}

static const char *said_of(const char *const *said, const char *name)
{
    for (; said && *said; said += 2)
        if (g_str_equal(said[0], name))
            return said[1];
    return NULL;
}

void row_text_append(struct row_text *text, const PGresult *res, int row,
                     const char *const *said, GString *out)
{
    for (int i = 0; i < text->count; i++) {
        const struct column *column = &text->columns[i];
        const char *instead = said_of(said, column->name);
        g_string_append(out, column->before);
        if (instead)
            append_string(out, instead, strlen(instead));
        else if (PQgetisnull(res, row, column->at))
            g_string_append(out, "null");
        else
            append_cell(text, column, PQgetvalue(res, row, column->at),
                        (size_t)PQgetlength(res, row, column->at), out);
    }
    g_string_append_c(out, '}');
}
