/* refusal_book.h - refused rows of a workbook, given back as a workbook: FILE.refused.xlsx. Internal to refusal_writer.
 *
 * A sheet for each sheet that had refused rows: the line that gave money its unit, when there was one; the header; the rows as they
 * were read, all as text; _line, _column, _code and _reason behind them. The faulty cell is coloured and carries the
 * reason as a comment (the first BOOK_COMMENTS of a file: more make spreadsheet programs slow). It is loaded as it is, once mended. */
#pragma once
#include "loader/refusal.h"

enum { BOOK_COMMENTS = 2000 };

struct refusal_book;

/* NULL: the file can't be written. */
struct refusal_book *refusal_book_new(const char *path, bool chinese, GError **error);
bool refusal_book_add(struct refusal_book *book, const struct raw_row *row,
                      const struct refusal *refusal, GError **error);
/* Ends the file and frees the book, also on failure. */
bool refusal_book_close(struct refusal_book *book, GError **error);
