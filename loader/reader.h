/* reader.h - opens a file (or stdin, "-"), recognises format and encoding, and gives one raw row at a time.
 *
 *   format    XLSX and XML by content; JSON, CSV, TSV by name (.jsonl .ndjson .json / .csv / .tsv .tab), else by content: JSON
 *             when the first byte that is not blank is `{` or `[`, else the delimiter (comma, tab, semicolon, pipe) that
 *             stands most often in one of the first lines; a dump whose header is parted by colons
 *   encoding  as the plan says, else byte order mark (UTF-8, UTF-16), UTF-16 without one by its zeros, UTF-8 when the first
 *             256 KB are, Big5 where uchardet is sure of it, else GB18030; what is none is refused with the name of what
 *             it seems to be. A torn sequence refuses its row alone
 *   header    tables: header.h; rows above it are title rows (counted as skipped), a "单位：万元" among them gives money
 *             its unit
 *   XLSX      every sheet whose header fits the kind, one behind the other, hidden ones and hidden rows too unless the plan
 *             says otherwise; days as days, formulas by the values that were saved with them, a merged cell for each of its
 *             rows. A bare number where a day is expected is read as that day, with a remark
 *   rows      a row that cannot be told (quote never closed, too many cells, broken JSON, NUL, cell over 8 MB, line
 *             over 64 MB) comes back as READER_BAD_ROW and the reader goes on with the next one
 *
 * Memory: one record (at most 64 MB), whatever the size of the file; of a workbook also 24 MB of its strings. An empty file, or one with nothing but blank
 * lines, opens and has no rows (read = 0, reader_is_empty() is true); a header alone likewise.
 * A file whose header names no known column is an error of the file. */
#pragma once
#include "loader/mapping.h"
#include "loader/refusal.h"
#include <jansson.h>

#define LOADER_ERROR loader_error_quark()
GQuark loader_error_quark(void);

enum loader_error {
    LOADER_ERROR_OPEN,    /* missing file, no permission, a directory, broken medium */
    LOADER_ERROR_FORMAT,  /* not a table that can be recognised */
    LOADER_ERROR_MAPPING, /* the mapping file is wrong */
    LOADER_ERROR_WRITE    /* the refused file can't be written */
};

enum reader_format {
    READER_JSON_LINES,
    READER_CSV,
    READER_TSV,
    READER_XLSX,
    READER_JSON, /* one array, or objects that take several lines */
    READER_XML,  /* patent offices' XML, PatSnap's */
    READER_DUMP  /* header lines and rows in turn, parted by colons */
};

/* "json_lines", "xlsx" ... */
const char *reader_format_name(enum reader_format format);

enum reader_step {
    READER_ROW, /* `row` holds a row */
    READER_BAD_ROW, /* `refusal` says why this row can't be told; `row` holds its line and text. Go on */
    READER_END,
    READER_FAILED /* `error`: reading itself failed; nothing comes after it */
};

/* One row as it stands in the file. Owned by the reader, valid until the next call. */
struct raw_row {
    int64_t line; /* first physical line, from 1; XLSX: row of the sheet */
    int64_t
        place; /* grows from row to row, the same each time the file is read; the line where there is but one table */
    const char *sheet; /* XLSX only; the reader's, until it is closed */
    const char *const *
        headers; /* those of this row's table, until the reader is closed; NULL where there are none */
    const struct column *const *columns; /* beside `headers` */
    size_t header_count;
    const char *
        unit_line; /* the line above the header that gives money its unit, until the reader is closed; or NULL */
    const char *const
        *cells; /* tables: beside `headers`; UTF-8; never NULL, absent cells are "" */
    size_t
        cell_count; /* same as the number of headers; 0 for objects and for bad rows of a text */
    json_t *object; /* JSON, XML, dumps; else NULL */
    const char *const *
        written; /* XLSX: NULL, or beside the cells what stood there instead where the cell was read as a day */
    const char *
        text; /* bad rows: the record's text, its first 32 KB, UTF-8 with U+FFFD for what is none */
};

/* What a load is about. All pointers are borrowed and outlive what is made from them. */
struct plan {
    const struct kind *kind;
    const struct mapping *mapping; /* NULL: columns are found by the table of names alone */
    const char *today;             /* "2025-06-30": years after it are not possible */
    const GPtrArray
        *saved; /* struct saved_mapping *: used where a header is one of theirs; may be NULL */
    const char *encoding; /* of a text file; NULL: by its bytes */
    bool skip_hidden;     /* XLSX: leave out hidden rows and sheets */
    bool
        any_header; /* where no column is known: the fullest of the first rows is the header, for somebody to say what its columns are */
};

struct reader;

/* LOADER_ERROR_OPEN `could not open file '…': …`, LOADER_ERROR_FORMAT. */
struct reader *reader_open(const char *path, const struct plan *plan, GError **error);

/* Takes bytes from an open descriptor (which it closes); `name` stands in messages and gives the format by its ending.
 * The body of a request, a test. */
struct reader *reader_open_fd(int fd, const char *name, const struct plan *plan,
                              GError **error);

void reader_close(struct reader *reader);
typedef struct reader reader_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reader_t, reader_close)

enum reader_step reader_next(struct reader *reader, struct raw_row *row,
                             struct refusal *refusal, GError **error);

const struct kind *reader_kind(const struct reader *reader);
enum reader_format reader_format(const struct reader *reader);
const char *
reader_encoding(const struct reader *reader); /* "UTF-8", "GB18030", "UTF-16LE" ... */
const char *const *reader_headers(const struct reader *reader,
                                  size_t *count); /* as in the file */
/* The header of a field's column as in the file; the field's own name where there is none (JSON Lines). */
const char *raw_row_header(const struct raw_row *row, const char *field);
int64_t reader_read(const struct reader *reader); /* rows given so far, good and bad */
int64_t reader_header_line(
    const struct reader *reader); /* CSV, TSV: where the header was found; else 0 */
int64_t reader_skipped(const struct reader *reader); /* blank rows and title rows so far */
bool reader_is_empty(const struct reader *reader);   /* nothing in the file at all */

/* Name of the saved mapping by which the header was recognised, or NULL. */
const char *reader_saved_name(const struct reader *reader);

/* XLSX: [{"name", "hidden", "loaded", "header_line", "rows", "hidden_rows", "reason" (when it is not loaded)}], a new reference;
 * counts are those so far. NULL for other formats. */
json_t *reader_sheets(const struct reader *reader);

/* Headers (JSON: names of fields) seen so far that are no known column; their values are in `extra`. NULL-ended, as
 * in the file, in order; owned by the reader. */
const char *const *reader_unrecognised(struct reader *reader);
