/* sheet.h - sheets of a workbook with this project's looks: A4, repeated heads, the footer on every page (libxlsxwriter). */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <xlsxwriter.h>

enum {
    SHEET_HEADS = 2
}; /* rows in front of a list: its title, and the columns' heads; repeated on every page */
enum sheet_style {
    SHEET_PLAIN,
    SHEET_TITLE,
    SHEET_HEAD,
    SHEET_CELL,
    SHEET_WARNING,
    SHEET_STYLES
};

struct sheet_book;
struct sheet_column {
    const char *word; /* a code of words.h; NULL ends the list */
    double width;     /* in characters */
};

/* `footer` stands at the left of each page's foot, the page's number at its right. The caller closes it. */
struct sheet_book *sheet_open(const char *path, const char *footer, bool chinese,
                              GError **error);
/* Writes the file and frees the book, also after a failure. */
bool sheet_close(struct sheet_book *book, const char *path, GError **error);

/* A sheet, A4, one page wide; `wide`: landscape, and the first SHEET_HEADS rows repeat. */
lxw_worksheet *sheet_add(struct sheet_book *book, const char *name, bool wide);
void sheet_head(struct sheet_book *book, lxw_worksheet *sheet, const char *title,
                const struct sheet_column *columns, bool chinese);
void sheet_print_heads(lxw_worksheet *sheet);
void sheet_width(struct sheet_book *book, lxw_worksheet *sheet, lxw_col_t column, double width);
void sheet_columns_of_cover(struct sheet_book *book, lxw_worksheet *sheet);
void sheet_columns_of_words(struct sheet_book *book, lxw_worksheet *sheet);

void sheet_text(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                const char *text, enum sheet_style style);
void sheet_number(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                  lxw_col_t column, double number);
/* Fen, shown as yuan with two decimals: what a double holds is exact to the fen up to 90 trillion yuan. */
void sheet_money(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 json_int_t fen);
void sheet_value(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 const json_t *value);
/* One cell over the columns from..to, as high as its text needs. */
void sheet_merge(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t from,
                 lxw_col_t to, const char *text, enum sheet_style style);
/* An empty box of nine rows for a stamp. */
void sheet_box(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t from,
               lxw_col_t to, const char *text);
void sheet_picture(struct sheet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                   lxw_col_t column, GBytes *picture);
