#include "loader/refusal_book.h"
#include "loader/names.h"
#include "loader/reader.h"
#include <string.h>
#include <xlsxwriter.h>

enum { COLUMN_WIDTH = 18, CELL_CHARACTERS = 32767 };

struct refusal_book {
    char *path;
    bool chinese;
    lxw_workbook *workbook;
    lxw_format *head, *own, *cell, *faulty;
    lxw_worksheet *sheet;
    const char *name; /* of the sheet of the input that rows come from now */
    const char *const *headers;
    lxw_row_t row;
    guint comments, sheets;
};

static const char *const own_columns[] = {"_line", "_column", "_code", "_reason"};
enum { OWN = sizeof own_columns / sizeof *own_columns };

static bool fail(const struct refusal_book *book, lxw_error code, GError **error)
{
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_WRITE, "could not write file '%s': %s",
                book->path, lxw_strerror(code));
    return false;
}

static lxw_format *format_new(lxw_workbook *workbook, lxw_color_t background, bool bold)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_num_format(format, "@"); /* text: what is typed over it stays as typed */
    if (background)
        format_set_bg_color(format, background);
    if (bold)
        format_set_bold(format);
    return format;
}

struct refusal_book *refusal_book_new(const char *path, bool chinese, GError **error)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    struct refusal_book *book = g_new0(struct refusal_book, 1);
    book->path = g_strdup(path);
    book->chinese = chinese;
    book->workbook = workbook_new_opt(path, &options);
    if (!book->workbook) {
        fail(book, LXW_ERROR_CREATING_XLSX_FILE, error);
        g_free(book->path);
        g_free(book);
        return NULL;
    }
    /* the same rows make the same bytes, whenever they are written */
    lxw_doc_properties about = {.title = (char *)(guintptr) "PatBridge", .created = 946684800};
    workbook_set_properties(book->workbook, &about);
    book->head = format_new(book->workbook, 0xDDEBF7, true);
    book->own = format_new(book->workbook, 0xF2F2F2, false);
    book->cell = format_new(book->workbook, 0, false);
    book->faulty = format_new(book->workbook, 0xFFC7CE, false);
    return book;
}

/* The sheet's own name where the library takes it. */
static bool add_sheet(struct refusal_book *book, const struct raw_row *row, GError **error)
{
    const char *name = row->sheet ? row->sheet : "Sheet1";
    bool fits = workbook_validate_sheet_name(book->workbook, name) == LXW_NO_ERROR;
    g_autofree char *own = g_strdup_printf("Sheet%u", ++book->sheets);
    book->sheet = workbook_add_worksheet(book->workbook, fits ? name : own);
    if (!book->sheet)
        return fail(book, LXW_ERROR_SHEETNAME_ALREADY_USED, error);
    book->name = row->sheet;
    book->headers = row->headers;
    book->row = 0;
    worksheet_set_column(book->sheet, 0, (lxw_col_t)(row->header_count + OWN - 2), COLUMN_WIDTH,
                         NULL);
    lxw_col_t reason = (lxw_col_t)(row->header_count + OWN - 1);
    worksheet_set_column(book->sheet, reason, reason, 80, NULL);
    worksheet_set_landscape(book->sheet);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    return true;
}

/* A cell of a sheet takes 32,767 characters; longer texts are cut there. */
static bool put(struct refusal_book *book, lxw_col_t column, const char *text,
                lxw_format *format, GError **error)
{
    bool is_long = strlen(text) > CELL_CHARACTERS && g_utf8_strlen(text, -1) > CELL_CHARACTERS;
    g_autofree char *cut = is_long ? g_utf8_substring(text, 0, CELL_CHARACTERS) : NULL;
    if (cut)
        text = cut;
    lxw_error code = *text == '\0'
                         ? worksheet_write_blank(book->sheet, book->row, column, format)
                         : worksheet_write_string(book->sheet, book->row, column, text, format);
    return code == LXW_NO_ERROR || fail(book, code, error);
}

static bool is_own(const char *header)
{
    return *header == '_';
}

static bool put_heads(struct refusal_book *book, const struct raw_row *row, GError **error)
{
    const char *unit_line = row->unit_line;
    lxw_col_t column = 0;
    if (unit_line && !put(book, 0, unit_line, book->own, error))
        return false;
    book->row += unit_line != NULL;
    worksheet_freeze_panes(book->sheet, book->row + 1, 0);
    for (size_t i = 0; i < row->header_count; i++)
        if (!is_own(row->headers[i]) &&
            !put(book, column++, row->headers[i], book->head, error))
            return false;
    for (size_t i = 0; i < OWN; i++)
        if (!put(book, column++, own_columns[i], book->own, error))
            return false;
    book->row++;
    return true;
}

static void comment(struct refusal_book *book, lxw_col_t column, const char *text)
{
    lxw_comment_options options = {
        .width = 260, .height = 90, .visible = LXW_COMMENT_DISPLAY_HIDDEN};
    if (book->comments++ < BOOK_COMMENTS)
        worksheet_write_comment_opt(book->sheet, book->row, column, text, &options);
}

static bool put_own(struct refusal_book *book, lxw_col_t column, const struct refusal *refusal,
                    const char *reason, GError **error)
{
    g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT, refusal->line);
    return put(book, column, line, book->own, error) &&
           put(book, column + 1, refusal->column, book->own, error) &&
           put(book, column + 2, code_name(refusal->code), book->own, error) &&
           put(book, column + 3, reason, book->own, error);
}

bool refusal_book_add(struct refusal_book *book, const struct raw_row *row,
                      const struct refusal *refusal, GError **error)
{
    const char *reason = book->chinese ? refusal->reason_zh : refusal->reason_en;
    bool found = false;
    lxw_col_t column = 0;
    if ((!book->sheet || book->headers != row->headers) &&
        (!add_sheet(book, row, error) || !put_heads(book, row, error)))
        return false;
    for (size_t i = 0; i < row->header_count; i++) {
        bool faulty = !found && strcmp(row->headers[i], refusal->column) == 0;
        if (is_own(row->headers[i]))
            continue;
        const char *text = i < row->cell_count ? row->cells[i] : "";
        if (faulty)
            comment(book, column, reason);
        if (!put(book, column++, text, faulty ? book->faulty : book->cell, error))
            return false;
        found = found || faulty;
    }
    if (!found) /* the row as a whole is meant */
        comment(book, column + OWN - 1, reason);
    bool done = put_own(book, column, refusal, reason, error);
    book->row++;
    return done;
}

bool refusal_book_close(struct refusal_book *book, GError **error)
{
    lxw_error code = workbook_close(book->workbook);
    bool done = code == LXW_NO_ERROR || fail(book, code, error);
    g_free(book->path);
    g_free(book);
    return done;
}
