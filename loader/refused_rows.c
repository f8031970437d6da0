#include "loader/refused_rows.h"
#include "loader/columns.h"
#include "loader/reader.h"
#include "loader/refusal_book.h"
#include <stdlib.h>
#include <string.h>

/* Rows of one sheet, whose money has one unit. */
struct refused_table {
    const char *sheet, *unit;
    GPtrArray *headers; /* struct header * */
    GHashTable *seen;   /* their names */
    GPtrArray *rows;    /* json_t *, borrowed */
};

struct header {
    const char *name;
    size_t rank; /* place of its field among the kind's; behind them all: it is of none */
    guint came;  /* its turn of appearance */
};

static const char *text_at(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static void table_free(gpointer data)
{
    struct refused_table *table = data;
    g_ptr_array_unref(table->headers);
    g_ptr_array_unref(table->rows);
    g_hash_table_unref(table->seen);
    g_free(table);
}

static struct refused_table *table_of(GPtrArray *tables, const json_t *row)
{
    const char *sheet = text_at(row, "sheet");
    const char *unit = text_at(json_object_get(row, "record"), REFUSED_UNIT);
    for (guint i = 0; i < tables->len; i++) {
        struct refused_table *table = tables->pdata[i];
        if (g_strcmp0(table->sheet, sheet) == 0 && g_strcmp0(table->unit, unit) == 0)
            return table;
    }
    struct refused_table *table = g_new0(struct refused_table, 1);
    *table =
        (struct refused_table){sheet, unit, g_ptr_array_new_with_free_func(g_free),
                               g_hash_table_new(g_str_hash, g_str_equal), g_ptr_array_new()};
    g_ptr_array_add(tables, table);
    return table;
}

static size_t rank_of(const struct kind *kind, struct columns *columns, const char *name)
{
    const struct column *column = columns_find(columns, name);
    return column->field ? (size_t)(column->field - kind->fields) : kind->field_count;
}

static void add_headers(const struct kind *kind, struct columns *columns,
                        struct refused_table *table, const json_t *record)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)record, name, value)
    {
        if (*name == '_' || !g_hash_table_add(table->seen, (gpointer)(uintptr_t)name))
            continue;
        struct header *header = g_new(struct header, 1);
        *header = (struct header){name, rank_of(kind, columns, name), table->headers->len};
        g_ptr_array_add(table->headers, header);
    }
}

static gint by_rank(gconstpointer a, gconstpointer b)
{
    const struct header *one = *(const struct header *const *)a,
                        *other = *(const struct header *const *)b;
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    return one->came < other->came ? -1 : one->came > other->came;
}

static enum refusal_code code_of(const char *name)
{
    enum refusal_code code = 0;
    while (code + 1 < CODE_COUNT && g_strcmp0(code_name(code), name) != 0)
        code++;
    return code;
}

/* Texts as they are, everything else as JSON, which the loader reads from a cell. The caller frees. */
static char *cell_of(const json_t *value)
{
    if (!value || json_is_null(value))
        return g_strdup("");
    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    char *copy = g_strdup(dump);
    free(dump);
    return copy;
}

static bool write_row(struct refusal_book *book, const struct refused_table *table,
                      const char *const *headers, const json_t *row, GError **error)
{
    const json_t *record = json_object_get(row, "record");
    struct problem problem = {.code = code_of(text_at(row, "code")),
                              .en = g_strdup(text_at(row, "reason")),
                              .zh = g_strdup(text_at(row, "reason_zh"))};
    struct refusal refusal = {0};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < table->headers->len; i++)
        g_ptr_array_add(cells, cell_of(json_object_get(record, headers[i])));
    refusal_set(&refusal, json_integer_value(json_object_get(row, "line")),
                text_at(row, "column"), text_at(row, "value"), &problem);
    const struct raw_row raw = {.line = refusal.line,
                                .sheet = table->sheet,
                                .unit_line = table->unit,
                                .headers = headers,
                                .header_count = table->headers->len,
                                .cells = (const char *const *)cells->pdata,
                                .cell_count = cells->len};
    bool done = refusal_book_add(book, &raw, &refusal, error);
    refusal_clear(&refusal);
    return done;
}

/* The names of a sheet's columns stay where they are until the book is closed: by their place it knows that a sheet goes on. */
static bool write_table(struct refusal_book *book, struct refused_table *table, GPtrArray *kept,
                        GError **error)
{
    g_ptr_array_sort(table->headers, by_rank);
    const char **headers = g_new0(const char *, table->headers->len + 1);
    g_ptr_array_add(kept, headers);
    for (guint i = 0; i < table->headers->len; i++)
        headers[i] = ((const struct header *)table->headers->pdata[i])->name;
    bool done = true;
    for (guint i = 0; done && i < table->rows->len; i++)
        done = write_row(book, table, headers, table->rows->pdata[i], error);
    return done;
}

static bool write_tables(const GPtrArray *tables, const char *path, bool chinese,
                         GError **error)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    struct refusal_book *book = refusal_book_new(path, chinese, error);
    bool done = book != NULL;
    for (guint i = 0; done && i < tables->len; i++)
        done = write_table(book, tables->pdata[i], kept, error);
    return book && refusal_book_close(book, done ? error : NULL) && done;
}

bool refused_rows_write(const struct kind *kind, const json_t *rows, const char *path,
                        bool chinese, GError **error)
{
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(table_free);
    struct columns *columns = columns_new(kind, NULL);
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        struct refused_table *table = table_of(tables, row);
        g_ptr_array_add(table->rows, row);
        add_headers(kind, columns, table, json_object_get(row, "record"));
    }
    columns_free(columns);
    return write_tables(tables, path, chinese, error);
}
