/* reader.h - opens a file (or stdin, "-"), recognises format and encoding, and gives one raw row at a time.
 *
 *   format    by name (.jsonl .ndjson .json / .csv / .tsv .tab), else by content: JSON Lines when the first
 *             byte that is not blank is `{`, else the delimiter (comma, tab, semicolon) of the header line
 *   encoding  byte order mark (UTF-8, UTF-16), else UTF-8 when the first 256 KB are, else GB18030; what is neither is
 *             refused with the name of what it seems to be. A torn sequence refuses its row alone
 *   header    CSV and TSV: the first of the first ten rows whose cells are known columns of the kind; rows above it
 *             are title rows (counted as skipped), a "单位：万元" among them gives money its unit
 *   rows      a row that cannot be told (quote never closed, too many cells, broken JSON, NUL, cell over 8 MB, line
 *             over 64 MB) comes back as READER_BAD_ROW and the reader goes on with the next one
 *
 * Memory: one record (at most 64 MB), whatever the size of the file. An empty file, or one with nothing but blank
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

enum reader_format { READER_JSON_LINES, READER_CSV, READER_TSV };

enum reader_step {
    READER_ROW, /* `row` holds a row */
    READER_BAD_ROW, /* `refusal` says why this row can't be told; `row` holds its line and text. Go on */
    READER_END,
    READER_FAILED /* `error`: reading itself failed; nothing comes after it */
};

/* One row as it stands in the file. Owned by the reader, valid until the next call. */
struct raw_row {
    int64_t line;      /* first physical line, from 1 */
    const char *sheet; /* XLSX only */
    const char *const
        *cells; /* CSV, TSV: beside reader_headers(); UTF-8; never NULL, absent cells are "" */
    size_t cell_count; /* same as the number of headers; 0 for JSON Lines and for bad rows */
    json_t *object;    /* JSON Lines; else NULL */
    const char *
        text; /* bad rows: the record's text, its first 32 KB, UTF-8 with U+FFFD for what is none */
};

/* What a load is about. All pointers are borrowed and outlive what is made from them. */
struct plan {
    const struct kind *kind;
    const struct mapping *mapping; /* NULL: columns are found by the table of names alone */
    const char *today;             /* "2025-06-30": years after it are not possible */
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

enum reader_format reader_format(const struct reader *reader);
const char *
reader_encoding(const struct reader *reader); /* "UTF-8", "GB18030", "UTF-16LE" ... */
const char *const *reader_headers(const struct reader *reader,
                                  size_t *count); /* as in the file */
/* The header of a field's column as in the file; the field's own name where there is none (JSON Lines). */
const char *reader_header_of(const struct reader *reader, const char *field);
int64_t reader_read(const struct reader *reader);    /* rows given so far, good and bad */
int64_t reader_skipped(const struct reader *reader); /* blank rows and title rows so far */
bool reader_is_empty(const struct reader *reader);   /* nothing in the file at all */

/* Headers (JSON: names of fields) seen so far that are no known column; their values are in `extra`. NULL-ended, as
 * in the file, in order; owned by the reader. */
const char *const *reader_unrecognised(const struct reader *reader);
