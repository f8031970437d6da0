/* sheet.h - one sheet of a workbook, a row at a time. Internal to the reader.
 *
 * Memory: the rows of one piece of XML (64 KB), and 24 bytes for each range of merged cells. A sheet is read twice: its merged ranges
 * stand behind its rows in the file. */
#pragma once
#include "loader/workbook.h"
#include <stdint.h>

enum { SHEET_COLUMNS = 16384, SHEET_ROWS = 1048576 };

enum sheet_value {
    SHEET_EMPTY,
    SHEET_TEXT,    /* the text itself */
    SHEET_SHARED,  /* number of a shared string */
    SHEET_NUMBER,  /* as written in the file */
    SHEET_BOOLEAN, /* "0" or "1" */
    SHEET_ERROR,   /* "#N/A" */
    SHEET_UNCALCULATED /* a formula whose value is not in the file */
};

struct sheet_cell {
    int column; /* from 0 */
    enum sheet_value value;
    size_t style;
    size_t offset; /* in the row's text */
};

struct sheet_row {
    int64_t number; /* from 1 */
    bool hidden;
    GArray *cells; /* struct sheet_cell, by column */
    GString *text; /* the cells' texts, each with a closing zero */
};

/* Rows and columns from 0, both ends included. */
struct sheet_range {
    int top, left, bottom, right;
};

struct sheet;

/* merged: also find its merged ranges. */
struct sheet *sheet_open(struct workbook *workbook, const struct workbook_sheet *about,
                         bool merged, GError **error);
void sheet_close(struct sheet *sheet);
typedef struct sheet sheet_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sheet_t, sheet_close)

/* Ranges of more than one cell, by their first row. */
const GArray *sheet_merged(const struct sheet *sheet);

/* The next row that the file has (it may have no cells). The sheet's own, valid until the next call. NULL: the end, or, with
 * error set, a failure. */
const struct sheet_row *sheet_next(struct sheet *sheet, GError **error);
