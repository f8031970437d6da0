#include "loader/values.h"
#include "loader/names.h"
#include "loader/tables.h"
#include "loader/traditional.h"
#include <pthread.h>
#include <string.h>

static char *value_key(const char *kind, const char *field, const char *text)
{
    g_autofree char *folded = text_fold(text);
    return g_strconcat(kind, "\t", field, "\t", folded, NULL);
}

/* "open_licence" without its marks, so that "open licence" and "open-licence" find it. */
static char *without_marks(const char *text)
{
    char *out = g_strdup(text), *to = out;
    for (const char *c = text; *c != '\0'; c++)
        if (*c != '_' && *c != '-')
            *to++ = *c;
    *to = '\0';
    return out;
}

static GHashTable *places; /* "kind\tfield\tSPELLING" -> place in table_values, from 1 on */

static void make_index(void)
{
    places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < table_value_count; i++) {
        const struct value_row *row = &table_values[i];
        g_autofree char *bare = without_marks(row->value);
        g_hash_table_insert(places, value_key(row->kind, row->field, row->spelling),
                            (gpointer)(gintptr)(i + 1));
        g_hash_table_insert(places, value_key(row->kind, row->field, bare),
                            (gpointer)(gintptr)(i + 1));
        g_hash_table_insert(places, value_key(row->kind, row->field, row->value),
                            (gpointer)(gintptr)(i + 1));
    }
}

static const struct value_row *values_row(const char *kind, const char *field, const char *text)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_index);
    g_autofree char *key = value_key(kind, field, text);
    gintptr place = (gintptr)g_hash_table_lookup(places, key);
    if (place == 0) {
        g_autofree char *simple = text_simplified(key);
        place = simple ? (gintptr)g_hash_table_lookup(places, simple) : 0;
    }
    return place > 0 ? &table_values[place - 1] : NULL;
}

const char *values_find(const char *kind, const char *field, const char *text)
{
    const struct value_row *row = values_row(kind, field, text);
    return row ? row->value : NULL;
}

int values_yes_no(const char *text)
{
    const struct value_row *row = values_row("*", "yes/no", text);
    return row ? strcmp(row->value, "true") == 0 : -1;
}

static bool is_chinese(const char *text)
{
    return (unsigned char)*text >= 0x80;
}

/* One entry a value: its first Chinese spelling, or its own name. */
char *values_list(const char *kind, const char *field, bool chinese)
{
    GString *out = g_string_new(NULL);
    const char *last = "";
    for (size_t i = 0; i < table_value_count; i++) {
        const struct value_row *row = &table_values[i];
        if (strcmp(row->kind, kind) != 0 || strcmp(row->field, field) != 0 ||
            strcmp(row->value, last) == 0)
            continue;
        const char *shown = chinese && is_chinese(row->spelling) ? row->spelling : row->value;
        g_string_append_printf(out, "%s%s", out->len > 0 ? (chinese ? "、" : ", ") : "", shown);
        last = row->value;
    }
    return g_string_free(out, FALSE);
}
