/* grid.h - one sheet of a workbook, a row at a time. Internal to the reader.
 *
 * Memory: the rows of one piece of XML (64 KB), and 24 bytes for each range of merged cells. A sheet is read twice: its merged ranges
 * stand behind its rows in the file. */
#pragma once
#include "loader/book.h"
#include <stdint.h>

enum { GRID_COLUMNS = 16384, GRID_ROWS = 1048576 };

enum grid_value {
    GRID_EMPTY,
    GRID_TEXT,        /* the text itself */
    GRID_SHARED,      /* number of a shared string */
    GRID_NUMBER,      /* as written in the file */
    GRID_BOOLEAN,     /* "0" or "1" */
    GRID_ERROR,       /* "#N/A" */
    GRID_UNCALCULATED /* a formula whose value is not in the file */
};

struct grid_cell {
    int column; /* from 0 */
    enum grid_value value;
    size_t style;
    size_t offset; /* in the row's text */
};

struct grid_row {
    int64_t number; /* from 1 */
    bool hidden;
    GArray *cells; /* struct grid_cell, by column */
    GString *text; /* the cells' texts, each with a closing zero */
};

/* Rows and columns from 0, both ends included. */
struct grid_range {
    int top, left, bottom, right;
};

struct grid;

/* merged: also find its merged ranges. */
struct grid *grid_open(struct book *workbook, const struct book_sheet *about, bool merged,
                       GError **error);
void grid_close(struct grid *sheet);
typedef struct grid grid_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(grid_t, grid_close)

/* Ranges of more than one cell, by their first row. */
const GArray *grid_merged(const struct grid *sheet);

/* The next row that the file has (it may have no cells). The sheet's own, valid until the next call. NULL: the end, or, with
 * error set, a failure. */
const struct grid_row *grid_next(struct grid *sheet, GError **error);
