/* refusal.h - a row that was not loaded, and the file that gives it back to be mended.
 *
 * FILE.refused.csv is UTF-8 with a byte order mark (so that Excel opens it) and can be loaded again as it is:
 *   the columns of the input, with their own headers and the original cells, then
 *   _line,_column,_value,_code,_reason (and _raw: the text of a row that could not be told into cells).
 * Columns that begin with `_` are ignored by the loader. For JSON Lines the columns are the union of the
 * refused records' field names in order of appearance; lists and objects are written as JSON text, which
 * the loader reads back from a cell; null is written as an empty cell.
 *
 * A struct refusal owns its texts. */
#pragma once
#include "loader/problem.h"
#include <stdint.h>

struct raw_row;
struct reader;

struct refusal {
    int64_t line; /* first physical line of the record, from 1 */
    char *sheet;  /* XLSX: the sheet's name; else NULL */
    char *
        column; /* header as in the file, field's name for JSON; "" when the whole row is meant */
    char *value; /* as read, cut to 200 bytes at a character; "" when absent */
    enum refusal_code code;
    char *reason_en;
    char *reason_zh;
};

void refusal_clear(struct refusal *refusal);

/* Fills `out` from a problem, which it empties. `value` is cut to REFUSAL_VALUE_BYTES; invalid UTF-8 in it is shown as
 * U+FFFD. column and value may be NULL; then the problem's own value is taken, if it has one. */
void refusal_set(struct refusal *out, int64_t line, const char *column, const char *value,
                 struct problem *problem);

enum { REFUSAL_VALUE_BYTES = 200 };

/* Writes refused rows. The file is made when the first row comes: no refusals, no file. */
struct refusal_writer;

struct refusal_writer *refusal_writer_new(const char *path, const struct reader *reader,
                                          bool chinese);

/* Adds one row with its reason. `row` may be one that reader_next() gave as READER_BAD_ROW. */
bool refusal_writer_add(struct refusal_writer *writer, const struct raw_row *row,
                        const struct refusal *refusal, GError **error);

/* Ends the file (for JSON Lines: this is when it is written) and frees the writer, also on failure. */
bool refusal_writer_close(struct refusal_writer *writer, GError **error);
