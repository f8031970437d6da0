/* The sheets of a workbook as tables: where the header of each is, and which of them are read. */
#include "loader/names.h"
#include "loader/reader_xlsx.h"
#include <string.h>

/* Why a sheet is not read. */
static const char NO_COLUMN[] = "no column of it is known", IS_EMPTY[] = "it is empty",
                  NO_TABLE[] = "it is no table",
                  NOT_FITTING[] = "its header does not fit this kind of record",
                  IS_HIDDEN[] = "it is hidden";

void xlsx_table_free(gpointer data)
{
    struct table *table = data;
    header_choice_clear(&table->choice);
    g_clear_pointer(&table->first, g_ptr_array_unref);
    g_clear_pointer(&table->above, g_ptr_array_unref);
    g_free(table);
}

/* ---- opening: where is the header of each sheet */

static GPtrArray *row_texts(struct xlsx *xlsx, const struct grid_row *row, GError **error)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < row->cells->len; i++) {
        const struct grid_cell *cell = &g_array_index(row->cells, struct grid_cell, i);
        if (!xlsx_cell_text(xlsx, row, cell, error))
            return NULL;
        while (out->len < (guint)cell->column)
            g_ptr_array_add(out, g_strdup(""));
        g_ptr_array_add(out, text_trim(xlsx->text->str));
    }
    while (out->len > 0 && *(char *)g_ptr_array_index(out, out->len - 1) == '\0')
        g_ptr_array_set_size(out, (gint)out->len - 1);
    return g_steal_pointer(&out);
}

/* The first rows that have texts, and their numbers. */
static bool read_first(struct xlsx *xlsx, struct grid *sheet, GPtrArray *rows, GArray *lines,
                       GError **error)
{
    g_autoptr(GError) reason = NULL;
    const struct grid_row *row;
    while (rows->len < HEADER_ROWS && (row = grid_next(sheet, &reason)) != NULL) {
        GPtrArray *texts = row_texts(xlsx, row, error);
        if (!texts)
            return false;
        if (texts->len > 0) {
            g_ptr_array_add(rows, texts);
            g_array_append_val(lines, row->number);
        } else {
            g_ptr_array_unref(texts);
        }
    }
    if (reason)
        g_propagate_error(error, g_steal_pointer(&reason));
    return !*error;
}

static void find_header(struct table *table, const struct plan *plan, const GPtrArray *rows,
                        const GArray *lines)
{
    table->first = rows->len ? g_ptr_array_ref(g_ptr_array_index(rows, 0)) : NULL;
    table->reason = rows->len ? NO_COLUMN : IS_EMPTY;
    if (!header_choose(plan, rows, &table->choice))
        return;
    guint last = table->choice.first + table->choice.rows - 1;
    table->header_line = g_array_index(lines, int64_t, table->choice.first);
    table->header_end = g_array_index(lines, int64_t, last);
    for (guint i = 0; i < table->choice.first; i++) {
        const GPtrArray *cells = g_ptr_array_index(rows, i);
        for (guint c = 0; c < cells->len; c++)
            g_ptr_array_add(table->above, g_strdup(g_ptr_array_index(cells, c)));
    }
}

static bool look_at(struct reader *reader, struct table *table, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GError) reason = NULL;
    table->reason = NO_TABLE;
    if (!table->about->part)
        return true;
    g_autoptr(grid_t) sheet = grid_open(reader->xlsx->workbook, table->about, false, error);
    if (!sheet)
        return false;
    if (!read_first(reader->xlsx, sheet, rows, lines, &reason)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return false;
    }
    find_header(table, &reader->plan, rows, lines);
    return true;
}

static bool any(const GPtrArray *tables, bool (*is)(const struct table *))
{
    for (guint i = 0; i < tables->len; i++)
        if (is(g_ptr_array_index(tables, i)))
            return true;
    return false;
}

static bool is_good(const struct table *table)
{
    return table->choice.names && table->choice.fits && table->choice.has_key;
}

static bool is_fair(const struct table *table)
{
    return table->choice.names && table->choice.fits;
}

static bool is_poor(const struct table *table)
{
    return table->choice.names != NULL;
}

/* Those with the columns that tell records apart; where no sheet has them, those that fit; else what knows any column. */
static bool choose_tables(struct reader *reader, GError **error)
{
    const GPtrArray *tables = reader->xlsx->tables;
    bool (*is)(const struct table *) = any(tables, is_good)   ? is_good
                                       : any(tables, is_fair) ? is_fair
                                                              : is_poor;
    const GPtrArray *first = NULL;
    bool loaded = false, found = false;
    for (guint i = 0; i < tables->len; i++) {
        struct table *table = g_ptr_array_index(tables, i);
        bool hidden = table->about->hidden && reader->plan.skip_hidden;
        found = found || is(table);
        table->loaded = is(table) && !hidden && !(reader->plan.any_header && loaded);
        loaded = loaded || table->loaded;
        first = first ? first : table->first;
        if (is_poor(table) && !is(table))
            table->reason = NOT_FITTING;
        if (is(table) && hidden)
            table->reason = IS_HIDDEN;
    }
    reader->empty = !first;
    return loaded || found || !first || header_fail(reader->plan.kind, first, error);
}

bool xlsx_choose_tables(struct reader *reader, GError **error)
{
    struct xlsx *xlsx = reader->xlsx;
    for (size_t i = 0; i < book_sheet_count(xlsx->workbook); i++) {
        struct table *table = g_new0(struct table, 1);
        table->about = book_sheet(xlsx->workbook, i);
        table->above = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(xlsx->tables, table);
        if (!look_at(reader, table, error))
            return false;
    }
    return choose_tables(reader, error);
}

static const char *reason_in_chinese(const struct table *table)
{
    static const char *const reasons[][2] = {
        {NO_COLUMN, "没有认得的列"},      {IS_EMPTY, "是空的"},
        {NO_TABLE, "不是表格（图表等）"}, {NOT_FITTING, "表头与这种记录对不上"},
        {IS_HIDDEN, "是隐藏的"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (g_str_equal(reasons[i][0], table->reason))
            return reasons[i][1];
    return table->reason;
}

json_t *reader_xlsx_sheets(const struct reader *reader)
{
    json_t *out = json_array();
    for (guint i = 0; i < reader->xlsx->tables->len; i++) {
        const struct table *table = g_ptr_array_index(reader->xlsx->tables, i);
        json_t *one =
            json_pack("{s:s, s:b, s:b, s:I, s:I, s:I}", "name", table->about->name, "hidden",
                      table->about->hidden, "loaded", table->loaded, "header_line",
                      (json_int_t)table->header_line, "rows", (json_int_t)table->rows,
                      "hidden_rows", (json_int_t)table->hidden_rows);
        if (!table->loaded) {
            json_object_set_new(one, "reason", json_string(table->reason));
            json_object_set_new(one, "reason_zh", json_string(reason_in_chinese(table)));
        }
        json_array_append_new(out, one);
    }
    return out;
}
