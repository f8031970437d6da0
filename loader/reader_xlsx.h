/* reader_xlsx.h - what the two files of the reader of workbooks share: the sheets as tables (reader_tables.c), and their rows
 * (reader_xlsx.c). Internal to the reader. */
#pragma once
#include "loader/grid.h"
#include "loader/reader_internal.h"

/* One sheet. */
struct table {
    const struct book_sheet *about;
    struct header_choice choice; /* its names are taken when reading begins */
    GPtrArray *above;            /* texts above the header */
    GPtrArray *first; /* texts of the first row that has any; NULL: the sheet is empty */
    int64_t header_line, header_end;
    bool loaded;
    const char *reason;
    int64_t rows, hidden_rows;
};

/* Merged cells that reach down to later rows, and what stands in them. */
struct reach {
    int left, bottom;
    char *text;
};

struct xlsx {
    struct book *workbook;
    GPtrArray *tables; /* struct table * */
    guint next;        /* table to be opened next */
    struct table *table;
    struct grid *sheet;
    guint merged; /* ranges that begin on earlier rows */
    GArray *reaches;
    int64_t last; /* last row that was given, or the header's */
    GString *text;
    GPtrArray *written; /* beside the values */
};

/* The cell's text into xlsx->text. False: the workbook can't be read (error). */
bool xlsx_cell_text(struct xlsx *xlsx, const struct grid_row *row, const struct grid_cell *cell,
                    GError **error);

/* Looks at every sheet: where its header is, and whether its rows are read. */
bool xlsx_choose_tables(struct reader *reader, GError **error);
void xlsx_table_free(gpointer data);
