/* XLSX: the sheets of a workbook as tables, one behind the other. */
#include "loader/reader_xlsx.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void reach_clear(gpointer data)
{
    g_free(((struct reach *)data)->text);
}

void reader_close_xlsx(struct xlsx *xlsx)
{
    if (!xlsx)
        return;
    grid_close(xlsx->sheet);
    g_ptr_array_unref(xlsx->tables);
    g_ptr_array_unref(xlsx->written);
    g_array_unref(xlsx->reaches);
    g_string_free(xlsx->text, TRUE);
    book_close(xlsx->workbook);
    g_free(xlsx);
}

/* ---- cells as texts */

/* Spreadsheets show 15 digits and store 17: 0.30000000000000004 is 0.3. Whole numbers stay as they are written. */
static void put_number(GString *out, const char *raw)
{
    char shown[G_ASCII_DTOSTR_BUF_SIZE];
    const char *digits = raw + (*raw == '-');
    if (*digits != '\0' && digits[strspn(digits, "0123456789")] == '\0') {
        g_string_assign(out, raw);
        return;
    }
    char *end;
    double value = g_ascii_strtod(raw, &end);
    g_ascii_formatd(shown, sizeof shown, "%.15g", value);
    g_string_assign(out, *end == '\0' ? shown : raw);
}

bool xlsx_cell_text(struct xlsx *xlsx, const struct grid_row *row, const struct grid_cell *cell,
                    GError **error)
{
    const char *raw = row->text->str + cell->offset;
    GString *out = xlsx->text;
    char day[24];
    enum book_style style = book_style(xlsx->workbook, cell->style);
    g_string_truncate(out, 0);
    if (cell->value == GRID_SHARED) {
        g_autoptr(GError) reason = NULL;
        if (book_string(xlsx->workbook, strtoul(raw, NULL, 10), out, &reason))
            return true;
        if (!reason)
            g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                        "the workbook is damaged: it has no text number %s; save it again / "
                        "工作簿已损坏，请重新保存",
                        raw);
        else
            g_propagate_error(error, g_steal_pointer(&reason));
        return false;
    }
    if (cell->value == GRID_BOOLEAN) {
        g_string_assign(out, *raw == '1' || *raw == 't' ? "TRUE" : "FALSE");
    } else if (cell->value != GRID_NUMBER) {
        g_string_assign(out, raw);
        book_unescape(out);
    } else if (style != STYLE_NUMBER &&
               book_day(xlsx->workbook, g_ascii_strtod(raw, NULL), style, day)) {
        g_string_assign(out, day);
    } else {
        put_number(out, raw);
    }
    return true;
}

/* ---- opening */

bool reader_open_xlsx(struct reader *reader, int fd, GError **error)
{
    struct book *workbook = book_open(fd, error);
    if (!workbook)
        return false;
    struct xlsx *xlsx = reader->xlsx = g_new0(struct xlsx, 1);
    xlsx->workbook = workbook;
    xlsx->tables = g_ptr_array_new_with_free_func(xlsx_table_free);
    xlsx->reaches = g_array_new(FALSE, FALSE, sizeof(struct reach));
    g_array_set_clear_func(xlsx->reaches, reach_clear);
    xlsx->text = g_string_new(NULL);
    xlsx->written = g_ptr_array_new_with_free_func(g_free);
    return xlsx_choose_tables(reader, error);
}

/* ---- rows */

/* Opens the next table. False: there is none (error unset), or it can't be read. */
static bool begin_table(struct reader *reader, GError **error)
{
    struct xlsx *xlsx = reader->xlsx;
    g_clear_pointer(&xlsx->sheet, grid_close);
    do {
        if (xlsx->next >= xlsx->tables->len)
            return false;
        xlsx->table = g_ptr_array_index(xlsx->tables, xlsx->next++);
    } while (!xlsx->table->loaded);
    struct table *table = xlsx->table;
    xlsx->sheet = grid_open(xlsx->workbook, table->about, true, error);
    if (!xlsx->sheet)
        return false;
    reader_begin_table(reader);
    reader_use_saved(reader, table->choice.saved);
    for (guint i = 0; i < table->above->len; i++)
        reader_unit_text(reader, g_ptr_array_index(table->above, i));
    reader_use_headers(reader, table->choice.names);
    reader->skipped += table->header_line - 1;
    xlsx->last = table->header_end;
    xlsx->merged = 0;
    g_array_set_size(xlsx->reaches, 0);
    return true;
}

/* A number that no style calls a day, where a day is expected. */
static bool is_bare_day(const struct reader *reader, const struct grid_cell *cell)
{
    const struct column *column = reader_column(reader, (size_t)cell->column);
    const char *text = reader->xlsx->text->str;
    double number = g_ascii_strtod(text, NULL);
    return cell->value == GRID_NUMBER && column->field && column->field->type == FIELD_DATE &&
           text[strspn(text, "0123456789.")] == '\0' && number >= 20000 && number <= 60000;
}

static void set_text(GPtrArray *list, size_t place, const char *text)
{
    g_free(list->pdata[place]);
    list->pdata[place] = g_strdup(text);
}

static void take_bare_day(struct reader *reader, size_t place)
{
    struct xlsx *xlsx = reader->xlsx;
    char day[24];
    double number = floor(g_ascii_strtod(xlsx->text->str, NULL));
    if (!book_day(xlsx->workbook, number, STYLE_DATE, day))
        return;
    set_text(xlsx->written, place, xlsx->text->str);
    g_string_assign(xlsx->text, day);
}

/* What is wrong with a cell whose column is known; false when nothing is. */
static bool cell_problem(const struct reader *reader, const struct grid_cell *cell,
                         const char *raw, struct problem *problem)
{
    const struct column *column = reader_column(reader, (size_t)cell->column);
    size_t len = strlen(raw);
    if (len > CELL_MAX_BYTES) {
        g_autofree char *size = g_strdup_printf("%.1f", (double)len / 1048576.0);
        say(problem, CODE_TOO_LONG, SAY_ROW_CELL_LONG, size, "8", NULL);
    } else if (!column->field && !column->group) {
        return false;
    } else if (cell->value == GRID_ERROR) {
        say(problem, CODE_BAD_VALUE, SAY_CELL_ERROR, raw, NULL);
    } else if (cell->value == GRID_UNCALCULATED) {
        say(problem, CODE_BAD_VALUE, SAY_CELL_UNCALCULATED, NULL);
    }
    return problem->en != NULL;
}

/* The row's own cells into values. `wrong`: the place of the first cell that can't be taken, and why. */
static bool take_cells(struct reader *reader, const struct grid_row *row, guint *wrong,
                       struct problem *problem, GError **error)
{
    struct xlsx *xlsx = reader->xlsx;
    for (guint i = 0; i < row->cells->len; i++) {
        const struct grid_cell *cell = &g_array_index(row->cells, struct grid_cell, i);
        guint place = (guint)cell->column;
        if (!xlsx_cell_text(xlsx, row, cell, error))
            return false;
        if (place >= reader->headers->len) {
            g_autofree char *trimmed = text_trim(xlsx->text->str);
            if (*trimmed == '\0' || problem->en)
                continue;
            g_autofree char *have = g_strdup_printf("%u", place + 1);
            g_autofree char *want = g_strdup_printf("%u", reader->headers->len);
            say(problem, CODE_BAD_STRUCTURE, SAY_CELL_BESIDE, trimmed, have, want, NULL);
            *wrong = G_MAXUINT;
            continue;
        }
        if (!problem->en && cell_problem(reader, cell, xlsx->text->str, problem))
            *wrong = place;
        if (is_bare_day(reader, cell))
            take_bare_day(reader, place);
        set_text(reader->values, place,
                 xlsx->text->len > CELL_MAX_BYTES ? "" : xlsx->text->str);
    }
    return true;
}

static bool is_blank_row(const GPtrArray *values)
{
    for (guint i = 0; i < values->len; i++) {
        g_autofree char *text = text_trim(g_ptr_array_index(values, i));
        if (*text != '\0')
            return false;
    }
    return true;
}

/* Gives the row what stands in merged cells that reach down to it, and remembers those that begin on it. */
static void take_merged(struct reader *reader, int64_t number)
{
    struct xlsx *xlsx = reader->xlsx;
    const GArray *ranges = grid_merged(xlsx->sheet);
    int row = (int)number - 1;
    for (guint i = xlsx->reaches->len; i > 0; i--) {
        struct reach *reach = &g_array_index(xlsx->reaches, struct reach, i - 1);
        if (reach->bottom < row)
            g_array_remove_index_fast(xlsx->reaches, i - 1);
        else if (*(char *)g_ptr_array_index(reader->values, reach->left) == '\0')
            set_text(reader->values, (size_t)reach->left, reach->text);
    }
    for (; xlsx->merged < ranges->len; xlsx->merged++) {
        const struct grid_range *range =
            &g_array_index(ranges, struct grid_range, xlsx->merged);
        if (range->top > row)
            return;
        if (range->top < row || range->bottom == row ||
            range->left >= (int)reader->headers->len)
            continue;
        struct reach reach = {range->left, range->bottom,
                              g_strdup(g_ptr_array_index(reader->values, range->left))};
        g_array_append_val(xlsx->reaches, reach);
    }
}

static void clear_values(struct reader *reader)
{
    g_ptr_array_set_size(reader->values, 0);
    g_ptr_array_set_size(reader->xlsx->written, 0);
    for (guint i = 0; i < reader->headers->len; i++) {
        g_ptr_array_add(reader->values, g_strdup(""));
        g_ptr_array_add(reader->xlsx->written, NULL);
    }
}

static bool has_written(const GPtrArray *written)
{
    for (guint i = 0; i < written->len; i++)
        if (written->pdata[i])
            return true;
    return false;
}

static void describe_row(struct reader *reader, const struct grid_row *from,
                         struct raw_row *row)
{
    struct xlsx *xlsx = reader->xlsx;
    *row = (struct raw_row){.line = from->number,
                            .place = (int64_t)(xlsx->next - 1) << 21 | from->number,
                            .sheet = xlsx->table->about->name,
                            .cells = (const char *const *)reader->values->pdata,
                            .cell_count = reader->headers->len};
    if (has_written(xlsx->written))
        row->written = (const char *const *)xlsx->written->pdata;
}

/* One row: READER_END when there is nothing to give of it. */
static enum reader_step take_row(struct reader *reader, const struct grid_row *from,
                                 struct raw_row *row, struct refusal *refusal, GError **error)
{
    struct xlsx *xlsx = reader->xlsx;
    struct problem problem = {0};
    guint wrong = 0;
    clear_values(reader);
    if (!take_cells(reader, from, &wrong, &problem, error))
        return READER_FAILED;
    if (!problem.en && is_blank_row(reader->values))
        return READER_END;
    take_merged(reader, from->number);
    reader->skipped += from->number - xlsx->last - 1;
    xlsx->last = from->number;
    xlsx->table->rows++;
    describe_row(reader, from, row);
    if (!problem.en)
        return READER_ROW;
    bool beside = wrong >= reader->headers->len;
    refusal_set(refusal, from->number, beside ? "" : g_ptr_array_index(reader->headers, wrong),
                beside ? "" : g_ptr_array_index(reader->values, wrong), &problem);
    return READER_BAD_ROW;
}

enum reader_step reader_next_xlsx(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error)
{
    struct xlsx *xlsx = reader->xlsx;
    g_autoptr(GError) reason = NULL;
    enum reader_step step = READER_END;
    while (step == READER_END && !reason) {
        const struct grid_row *from = xlsx->sheet ? grid_next(xlsx->sheet, &reason) : NULL;
        if (!from && !reason && !begin_table(reader, &reason) && !reason)
            return READER_END;
        if (!from || from->number <= xlsx->table->header_end)
            continue;
        if (from->hidden && from->cells->len)
            xlsx->table->hidden_rows++;
        if (!from->hidden || !reader->plan.skip_hidden)
            step = take_row(reader, from, row, refusal, &reason);
    }
    if (!reason)
        return step;
    g_propagate_error(error, g_steal_pointer(&reason));
    return READER_FAILED;
}
