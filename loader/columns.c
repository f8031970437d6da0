#include "loader/columns.h"
#include "loader/money.h"
#include "loader/names.h"
#include "loader/tables.h"
#include "loader/traditional.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX_BYTES = 500, REMEMBERED = 10000, UNRECOGNISED_MAX = 1000 };

struct columns {
    const struct kind *kind;
    const struct mapping *mapping;
    GHashTable *found;       /* header -> struct column */
    GPtrArray *unrecognised; /* NULL-ended, borrowed from `found` */
    GPtrArray *spare;        /* columns beyond what is remembered, of one row */
    int64_t unit;            /* of the line above the header row, 0: none */
};

/* ---- KEY ---- */

static const char *const brackets[][2] = {{"(", ")"},   {"[", "]"},   {"{", "}"},
                                          {"<", ">"},   {"【", "】"}, {"〔", "〕"},
                                          {"〈", "〉"}, {"《", "》"}, {"「", "」"}};

enum { BRACKETS = sizeof brackets / sizeof *brackets };

/* Which bracket stands at `at`: its place in the table, or -1. side 0 opening, 1 closing. */
static int bracket_at(const char *at, int side)
{
    for (size_t i = 0; i < BRACKETS; i++)
        if (g_str_has_prefix(at, brackets[i][side]))
            return (int)i;
    return -1;
}

/* Moves the text between begin and end (with its brackets) out of `text`; `parts` takes what stood inside. */
static void cut_part(GString *text, gsize begin, gsize end, gsize inner_begin, gsize inner_end,
                     GPtrArray *parts)
{
    g_ptr_array_add(parts, g_strndup(text->str + inner_begin, inner_end - inner_begin));
    g_string_erase(text, (gssize)begin, (gssize)(end - begin));
}

/* Cuts the innermost pair: the first closing bracket with the nearest opening one of its kind before it. */
static bool cut_innermost(GString *text, GPtrArray *parts)
{
    for (const char *close = text->str; *close != '\0'; close = text_next(close)) {
        int kind = bracket_at(close, 1);
        if (kind < 0)
            continue;
        const char *open = g_strrstr_len(text->str, close - text->str, brackets[kind][0]);
        if (!open)
            continue;
        gsize begin = (gsize)(open - text->str), end = (gsize)(close - text->str);
        cut_part(text, begin, end + strlen(brackets[kind][1]),
                 begin + strlen(brackets[kind][0]), end, parts);
        return true;
    }
    return false;
}

/* An opening bracket that is never closed, to the end of the text. */
static void cut_unclosed(GString *text, GPtrArray *parts)
{
    for (const char *c = text->str; *c != '\0'; c = text_next(c)) {
        int kind = bracket_at(c, 0);
        if (kind < 0)
            continue;
        gsize begin = (gsize)(c - text->str);
        cut_part(text, begin, text->len, begin + strlen(brackets[kind][0]), text->len, parts);
        return;
    }
}

/* The folded header without its bracketed parts, which go to `parts`, innermost first. */
static char *header_cut(const char *folded, GPtrArray *parts)
{
    GString *text = g_string_new(folded);
    while (cut_innermost(text, parts))
        ;
    cut_unclosed(text, parts);
    return g_string_free(text, FALSE);
}

static char *drop_marks(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0'; c++)
        if (!strchr("_-.*:#", *c))
            *to++ = *c;
    *to = '\0';
    return text;
}

/* The text before bracketed parts are cut, or, where nothing else is there, the first text inside brackets. */
static char *key_of_folded(const char *folded, GPtrArray *parts)
{
    char *cut = drop_marks(header_cut(folded, parts));
    for (guint i = 0; *cut == '\0' && i < parts->len; i++) {
        g_free(cut);
        cut = drop_marks(g_strdup(g_ptr_array_index(parts, i)));
    }
    return cut;
}

char *columns_key(const char *header)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    if (strlen(header) > HEADER_MAX_BYTES)
        return g_strdup("");
    g_autofree char *folded = text_fold(header);
    return key_of_folded(folded, parts);
}

/* ---- the table ---- */

struct known {
    size_t rank;
    const struct field *field;
    int64_t scale; /* default, 0: not said by any row */
};

static int64_t bracket_unit(GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        int64_t unit = money_unit(g_ptr_array_index(parts, i));
        if (unit != 0)
            return unit;
    }
    return 0;
}

static int64_t header_unit(const char *header)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folded = text_fold(header);
    g_free(header_cut(folded, parts));
    return bracket_unit(parts);
}

static void index_row(GHashTable *index, GString *conflicts, size_t i)
{
    const struct column_row *row = &table_columns[i];
    const struct kind *kind = kind_find(row->kind);
    const struct field *field = kind ? kind_field(kind, row->field) : NULL;
    g_autofree char *key = columns_key(row->header);
    g_autofree char *full = g_strdup_printf("%s\t%s", row->kind, key);
    if (!field || *key == '\0') {
        g_string_append_printf(conflicts, "%s.%s: '%s' names no field\n", row->kind, row->field,
                               row->header);
        return;
    }
    struct known *known = g_hash_table_lookup(index, full);
    if (known && known->field != field)
        g_string_append_printf(conflicts, "%s: '%s' means %s and %s\n", row->kind, row->header,
                               known->field->name, field->name);
    if (!known) {
        known = g_new0(struct known, 1);
        *known = (struct known){.rank = i, .field = field};
        g_hash_table_insert(index, g_steal_pointer(&full), known);
    }
    if (known->scale == 0 && *row->scale != '\0' && header_unit(row->header) == 0)
        known->scale = g_ascii_strtoll(row->scale, NULL, 10);
}

struct table {
    GHashTable *index; /* "kind\tKEY" -> struct known */
    GString *conflicts;
};

static struct table table;

static void table_make(void)
{
    table.index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    table.conflicts = g_string_new(NULL);
    for (size_t i = 0; i < table_column_count; i++)
        index_row(table.index, table.conflicts, i);
}

static const struct table *table_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, table_make);
    return &table;
}

char *columns_conflicts(void)
{
    return g_strdup(table_get()->conflicts->str);
}

static const struct known *table_find(const struct kind *kind, const char *key)
{
    g_autofree char *full = g_strdup_printf("%s\t%s", kind->name, key);
    return g_hash_table_lookup(table_get()->index, full);
}

const char *columns_chinese(const struct kind *kind, const char *field)
{
    for (size_t i = 0; i < table_column_count; i++)
        if (strcmp(table_columns[i].kind, kind->name) == 0 &&
            strcmp(table_columns[i].field, field) == 0 &&
            (unsigned char)table_columns[i].header[0] >= 0x80)
            return table_columns[i].header;
    return field;
}

/* ---- one header ---- */

/* Notes in brackets that mark a column as the lesser one. */
static bool has_note(GPtrArray *parts)
{
    static const char *const notes[] = {"译", "英文", "翻译", "其他", NULL};
    for (guint i = 0; i < parts->len; i++)
        for (int n = 0; notes[n]; n++)
            if (strstr(g_ptr_array_index(parts, i), notes[n]))
                return true;
    return false;
}

/* "成交金额万元", "amount_yuan": a known money column with its unit behind the name. */
static const struct known *find_with_unit(const struct kind *kind, const char *key,
                                          int64_t *unit)
{
    size_t cut;
    *unit = money_unit_tail(key, &cut);
    if (*unit == 0)
        return NULL;
    g_autofree char *name = g_strndup(key, cut);
    g_autofree char *in_fen = g_strconcat(name, "fen", NULL);
    const struct known *known = table_find(kind, name);
    known = known ? known : table_find(kind, in_fen);
    return known && known->field->type == FIELD_MONEY ? known : NULL;
}

static bool name_says_unit(const char *key)
{
    return g_str_has_suffix(key, "fen") || g_str_has_suffix(key, "yuan") ||
           g_str_has_suffix(key, "wan");
}

static void set_scale(struct column *column, const struct columns *columns, const char *key,
                      int64_t unit, int64_t by_default)
{
    column->scale_said = unit > 0 || name_says_unit(key) || columns->unit > 0;
    column->scale = unit > 0                                ? unit
                    : name_says_unit(key) && by_default > 0 ? by_default
                                                            : columns->unit;
    if (column->scale == 0)
        column->scale = by_default > 0 ? by_default : 100;
}

/* Finds the field by the table of names. */
static void find_in_table(struct column *column, const struct columns *columns, const char *key,
                          int64_t unit)
{
    const struct known *known = *key != '\0' ? table_find(columns->kind, key) : NULL;
    if (!known && *key != '\0')
        known = find_with_unit(columns->kind, key, &unit);
    if (!known)
        return;
    column->field = known->field;
    column->rank = known->rank;
    set_scale(column, columns, key, unit, known->scale);
}

/* Finds it by the mapping; false when the mapping does not name it. */
static bool find_in_mapping(struct column *column, const struct columns *columns,
                            const char *header, int64_t unit)
{
    int64_t scale = 0;
    if (!columns->mapping ||
        !mapping_find(columns->mapping, header, &column->field, &column->group, &scale))
        return false;
    column->mapped = true;
    set_scale(column, columns, "", unit, scale);
    column->scale_said = column->scale_said || scale > 0;
    return true;
}

static void column_free(gpointer data)
{
    struct column *column = data;
    g_free(column->header);
    g_free(column->currency);
    g_free(column);
}

/* What the header, folded, means. */
static void column_find(struct column *column, const struct columns *columns,
                        const char *header, const char *folded)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *key = key_of_folded(folded, parts);
    int64_t unit = bracket_unit(parts);
    column->noted = has_note(parts);
    if (!find_in_mapping(column, columns, header, unit)) {
        column->group = kind_group(columns->kind,
                                   folded); /* before "Seller" is taken for the seller's name */
        if (!column->group)
            find_in_table(column, columns, key, unit);
    }
    for (guint i = 0; unit < 0 && i < parts->len && !column->currency; i++)
        if (money_unit(g_ptr_array_index(parts, i)) < 0)
            column->currency = g_strdup(g_ptr_array_index(parts, i));
}

static struct column *column_make(const struct columns *columns, const char *header)
{
    struct column *column = g_new0(struct column, 1);
    column->header = g_strdup(header);
    column->ignored = *header == '_';
    if (column->ignored || strlen(header) > HEADER_MAX_BYTES)
        return column;
    g_autofree char *folded = text_fold(header);
    column_find(column, columns, header, folded);
    g_autofree char *simple =
        column->field || column->group || column->mapped || column->currency
            ? NULL
            : text_simplified(folded);
    if (simple)
        column_find(column, columns, header, simple);
    return column;
}

bool columns_named(const struct kind *kind, const char *name, const struct field **field,
                   int64_t *scale)
{
    g_autofree char *key = columns_key(name);
    const struct known *known = NULL;
    *scale = 0;
    *field = kind_field(kind, name);
    if (!*field)
        known = find_with_unit(kind, key, scale);
    if (known)
        *field = known->field;
    else if (*field && (*field)->type == FIELD_MONEY)
        *scale = 1;
    return *field != NULL;
}

/* ---- the set of a reader ---- */

struct columns *columns_new(const struct kind *kind, const struct mapping *mapping)
{
    struct columns *columns = g_new0(struct columns, 1);
    columns->kind = kind;
    columns->mapping = mapping;
    columns->found = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, column_free);
    columns->unrecognised = g_ptr_array_new();
    columns->spare = g_ptr_array_new_with_free_func(column_free);
    g_ptr_array_add(columns->unrecognised, NULL);
    return columns;
}

void columns_free(struct columns *columns)
{
    if (!columns)
        return;
    g_hash_table_destroy(columns->found);
    g_ptr_array_free(columns->unrecognised, TRUE);
    g_ptr_array_free(columns->spare, TRUE);
    g_free(columns);
}

bool columns_unit_line(struct columns *columns, const char *text)
{
    g_autofree char *folded = strlen(text) > HEADER_MAX_BYTES ? g_strdup("") : text_fold(text);
    const char *unit = strstr(folded, "单位");
    int64_t fen = unit ? money_unit(unit) : 0;
    g_autofree char *head = unit ? text_cut(unit, strcspn(unit, ")],;")) : NULL;
    if (unit && fen == 0)
        fen = money_unit(head);
    if (fen > 0)
        columns->unit = fen;
    return fen > 0;
}

void columns_begin_row(struct columns *columns)
{
    g_ptr_array_set_size(columns->spare, 0);
}

struct column *columns_find(struct columns *columns, const char *header)
{
    struct column *column = g_hash_table_lookup(columns->found, header);
    if (column)
        return column;
    column = column_make(columns, header);
    if (g_hash_table_size(columns->found) >= REMEMBERED) {
        g_ptr_array_add(columns->spare, column);
        return column;
    }
    g_hash_table_insert(columns->found, column->header, column);
    bool is_known = column->field || column->group || column->ignored || column->mapped;
    if (!is_known && *header != '\0' && columns->unrecognised->len <= UNRECOGNISED_MAX)
        g_ptr_array_insert(columns->unrecognised, (gint)columns->unrecognised->len - 1,
                           column->header);
    return column;
}

const char *const *columns_unrecognised(const struct columns *columns)
{
    return (const char *const *)columns->unrecognised->pdata;
}
