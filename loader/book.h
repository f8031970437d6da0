/* book.h - what an XLSX file says of all its sheets: their names, the shared strings, which styles are dates, and from
 * which day days are counted. Internal to the reader. */
#pragma once
#include "loader/package.h"
#include "loader/spool.h"

/* One sheet, in the order of the tabs. Owned by the workbook. */
struct book_sheet {
    char *name;
    char *part; /* entry of the archive: "xl/worksheets/sheet1.xml" */
    bool hidden;
};

struct book;

/* Takes over the descriptor. LOADER_ERROR_FORMAT: no workbook, encrypted, a bomb ... */
struct book *book_open(int fd, GError **error);
void book_close(struct book *workbook);
typedef struct book book_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(book_t, book_close)

struct package *book_package(struct book *workbook);
size_t book_sheet_count(const struct book *workbook);
const struct book_sheet *book_sheet(const struct book *workbook, size_t place);

/* What a number of this style is: a plain number, a day (perhaps with a time), or a time of day. */
enum book_style { STYLE_NUMBER, STYLE_DATE, STYLE_TIME };
enum book_style book_style(const struct book *workbook, size_t style);

/* False: no such string (error unset) or a failure to read. */
bool book_string(struct book *workbook, size_t number, GString *out, GError **error);

/* A spreadsheet's number as "2023-07-16", "2023-07-16 08:30:00" or "08:30:00"; false when it is no day that there can be. */
bool book_day(const struct book *workbook, double number, enum book_style style, char out[24]);

/* Whether a number's format shows a date: "yyyy\-mm\-dd" does, "0.00E+00" and "[Red]0" do not. */
enum book_style book_format_style(const char *format);

/* "_x000D_" and the like, as Excel writes characters that XML has no place for, in place. */
void book_unescape(GString *text);
