/* workbook.h - what an XLSX file says of all its sheets: their names, the shared strings, which styles are dates, and from
 * which day days are counted. Internal to the reader. */
#pragma once
#include "loader/package.h"
#include "loader/spool.h"

/* One sheet, in the order of the tabs. Owned by the workbook. */
struct workbook_sheet {
    char *name;
    char *part;  /* entry of the archive: "xl/worksheets/sheet1.xml" */
    bool hidden;
};

struct workbook;

/* Takes over the descriptor. LOADER_ERROR_FORMAT: no workbook, encrypted, a bomb ... */
struct workbook *workbook_open(int fd, GError **error);
void workbook_close(struct workbook *workbook);
typedef struct workbook workbook_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(workbook_t, workbook_close)

struct package *workbook_package(struct workbook *workbook);
size_t workbook_sheet_count(const struct workbook *workbook);
const struct workbook_sheet *workbook_sheet(const struct workbook *workbook, size_t place);

/* What a number of this style is: a plain number, a day (perhaps with a time), or a time of day. */
enum workbook_style { STYLE_NUMBER, STYLE_DATE, STYLE_TIME };
enum workbook_style workbook_style(const struct workbook *workbook, size_t style);

/* False: no such string (error unset) or a failure to read. */
bool workbook_string(struct workbook *workbook, size_t number, GString *out, GError **error);

/* A spreadsheet's number as "2023-07-16", "2023-07-16 08:30:00" or "08:30:00"; false when it is no day that there can be. */
bool workbook_day(const struct workbook *workbook, double number, enum workbook_style style,
                  char out[24]);

/* Whether a number's format shows a date: "yyyy\-mm\-dd" does, "0.00E+00" and "[Red]0" do not. */
enum workbook_style workbook_format_style(const char *format);

/* "_x000D_" and the like, as Excel writes characters that XML has no place for, in place. */
void workbook_unescape(GString *text);
