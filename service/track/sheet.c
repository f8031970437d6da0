#include "service/track/sheet.h"
#include "service/track/table.h"
#include "service/track/words.h"
#include <math.h>
#include <string.h>

enum { PAPER_A4 = 9, BOX_ROWS = 9, COLUMNS_MAX = 16 };

struct sheet_book {
    lxw_workbook *book;
    lxw_format *styles[SHEET_STYLES];
    lxw_format *number, *money, *box;
    char *footer;
    double widths[COLUMNS_MAX]; /* of the sheet that was made last; 0: not said */
    lxw_row_t row;              /* the last that was written to, */
    double lines;               /* and how many lines it needs */
    GPtrArray *pictures;        /* GBytes, which the library reads when it writes */
};

static const double cover_widths[] = {24, 16, 16, 16, 16, 16};

static lxw_format *format(struct sheet_book *book, double size)
{
    lxw_format *made = workbook_add_format(book->book);
    format_set_font_name(made, "宋体");
    format_set_font_size(made, size);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    return made;
}

static lxw_format *bordered(struct sheet_book *book)
{
    lxw_format *made = format(book, 10);
    format_set_border(made, LXW_BORDER_THIN);
    format_set_text_wrap(made);
    return made;
}

static void make_styles(struct sheet_book *book)
{
    lxw_format **styles = book->styles;
    styles[SHEET_PLAIN] = format(book, 11);
    styles[SHEET_TITLE] = format(book, 18);
    format_set_bold(styles[SHEET_TITLE]);
    format_set_align(styles[SHEET_TITLE], LXW_ALIGN_CENTER);
    styles[SHEET_CELL] = bordered(book);
    styles[SHEET_HEAD] = bordered(book);
    format_set_bold(styles[SHEET_HEAD]);
    format_set_bg_color(styles[SHEET_HEAD], 0xE8EEF4);
    styles[SHEET_WARNING] = bordered(book);
    format_set_font_color(styles[SHEET_WARNING], 0xB00020);
    book->number = bordered(book);
    format_set_num_format(book->number, "#,##0");
    book->money = bordered(book);
    format_set_num_format(book->money, "#,##0.00");
    book->box = bordered(book);
    format_set_align(book->box, LXW_ALIGN_VERTICAL_TOP);
}

struct sheet_book *sheet_open(const char *path, const char *footer, bool chinese,
                              GError **error)
{
    lxw_workbook *made = workbook_new(path);
    if (!made) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "could not make '%s'", path);
        return NULL;
    }
    struct sheet_book *book = g_new0(struct sheet_book, 1);
    book->book = made;
    book->footer = g_strdup_printf(
        chinese ? "&L&8%s&R&8第 &P 页，共 &N 页" : "&L&8%s&R&8page &P of &N", footer);
    book->pictures = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    make_styles(book);
    return book;
}

bool sheet_close(struct sheet_book *book, const char *path, GError **error)
{
    lxw_error code = workbook_close(book->book);
    g_ptr_array_unref(book->pictures);
    g_free(book->footer);
    g_free(book);
    if (code != LXW_NO_ERROR)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "could not write '%s': %s", path,
                    lxw_strerror(code));
    return code == LXW_NO_ERROR;
}

void sheet_print_heads(lxw_worksheet *sheet)
{
    worksheet_repeat_rows(sheet, 0, SHEET_HEADS - 1);
    worksheet_freeze_panes(sheet, SHEET_HEADS, 0);
}

/* A name that Excel takes: at most 31 characters, none of []:*?/\. */
static char *sheet_name(const char *name)
{
    g_autofree char *plain = g_strdelimit(g_strdup(name), "[]:*?/\\", ' ');
    return g_utf8_substring(plain, 0, MIN(31, g_utf8_strlen(plain, -1)));
}

lxw_worksheet *sheet_add(struct sheet_book *book, const char *name, bool wide)
{
    g_autofree char *plain = sheet_name(name);
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, plain);
    memset(book->widths, 0, sizeof book->widths);
    book->row = 0;
    book->lines = 1;
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_set_margins(sheet, .5, .5, .6, .7);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, book->footer);
    if (wide) {
        worksheet_set_landscape(sheet);
        sheet_print_heads(sheet);
    }
    return sheet;
}

void sheet_width(struct sheet_book *book, lxw_worksheet *sheet, lxw_col_t column, double width)
{
    if (column < COLUMNS_MAX)
        book->widths[column] = width;
    worksheet_set_column(sheet, column, column, width, NULL);
}

void sheet_head(struct sheet_book *book, lxw_worksheet *sheet, const char *title,
                const struct sheet_column *columns, bool chinese)
{
    sheet_text(book, sheet, 0, 0, title, SHEET_PLAIN);
    for (lxw_col_t i = 0; columns[i].word; i++) {
        sheet_width(book, sheet, i, columns[i].width);
        sheet_text(book, sheet, SHEET_HEADS - 1, i, track_word(columns[i].word, chinese),
                   SHEET_HEAD);
    }
}

void sheet_columns_of_cover(struct sheet_book *book, lxw_worksheet *sheet)
{
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(cover_widths); i++)
        sheet_width(book, sheet, i, cover_widths[i]);
}

void sheet_columns_of_words(struct sheet_book *book, lxw_worksheet *sheet)
{
    sheet_width(book, sheet, 0, 24);
    sheet_width(book, sheet, 1, 64);
}

/* Not every program fits a row to its wrapped text when it opens a file. */
static void fit_row(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                    lxw_col_t column, const char *text)
{
    double width = column < COLUMNS_MAX ? book->widths[column] : 0;
    double lines = width > 0 ? ceil((double)table_width(text) / (width * .95)) : 1;
    if (row != book->row)
        book->lines = 1;
    book->row = row;
    if (lines <= book->lines)
        return;
    book->lines = lines;
    worksheet_set_row(sheet, row, lines * 13 + 3, NULL);
}

void sheet_text(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                const char *text, enum sheet_style style)
{
    if (style == SHEET_CELL || style == SHEET_WARNING)
        fit_row(book, sheet, row, column, text);
    worksheet_write_string(sheet, row, column, text, book->styles[style]);
}

void sheet_number(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                  lxw_col_t column, double number)
{
    worksheet_write_number(sheet, row, column, number, book->number);
}

void sheet_money(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 json_int_t fen)
{
    worksheet_write_number(sheet, row, column, (double)fen / 100, book->money);
}

void sheet_value(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 const json_t *value)
{
    if (json_is_number(value)) {
        worksheet_write_number(sheet, row, column, json_number_value(value),
                               book->styles[SHEET_CELL]);
        return;
    }
    char *text = json_is_string(value) || !value || json_is_null(value)
                     ? NULL
                     : json_dumps(value, JSON_ENCODE_ANY);
    const char *shown = text ? text : json_string_value(value);
    sheet_text(book, sheet, row, column, shown ? shown : "", SHEET_CELL);
    free(text);
}

/* Excel does not fit the height of merged cells by itself. */
static void fit_height(lxw_worksheet *sheet, lxw_row_t row, double width, const char *text,
                       enum sheet_style style)
{
    double lines = 0;
    g_auto(GStrv) parts = g_strsplit(text, "\n", 0);
    for (char **part = parts; *part; part++)
        lines += MAX(1, ceil((double)table_width(*part) / (width * .95)));
    worksheet_set_row(sheet, row, style == SHEET_TITLE ? 32 : MAX(18, lines * 14 + 4), NULL);
}

void sheet_merge(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t from,
                 lxw_col_t to, const char *text, enum sheet_style style)
{
    double width = 0;
    for (lxw_col_t i = from; i <= to; i++)
        width += to == 1 ? 44 : cover_widths[i];
    fit_height(sheet, row, width, text, style);
    worksheet_merge_range(sheet, row, from, row, to, text, book->styles[style]);
}

void sheet_box(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t from,
               lxw_col_t to, const char *text)
{
    for (lxw_row_t i = 0; i < BOX_ROWS; i++)
        worksheet_set_row(sheet, row + i, 18, NULL);
    worksheet_merge_range(sheet, row, from, row + BOX_ROWS - 1, to, text, book->box);
}

void sheet_picture(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                   lxw_col_t column, GBytes *picture)
{
    gsize len;
    const unsigned char *bytes = g_bytes_get_data(picture, &len);
    lxw_image_options options = {.x_offset = 8, .x_scale = .55, .y_scale = .55};
    g_ptr_array_add(book->pictures, g_bytes_ref(picture));
    worksheet_insert_image_buffer_opt(sheet, row, column, bytes, len, &options);
}
