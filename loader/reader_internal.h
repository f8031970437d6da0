/* reader_internal.h - what reader.c, reader_csv.c and reader_json.c share. */
#pragma once
#include "loader/bytes.h"
#include "loader/charset.h"
#include "loader/columns.h"
#include "loader/header.h"
#include "loader/reader.h"
#include "loader/split.h"

enum { RAW_TEXT_BYTES = 32 * 1024, SAMPLE_BYTES = 256 * 1024 };

struct reader {
    struct plan plan;
    char *name; /* for messages */
    enum reader_format format;
    struct bytes *bytes;
    struct charset *charset;
    struct columns *columns;
    int64_t next_line;   /* line on which the next record begins, from 1 */
    int64_t header_line; /* CSV and TSV; else 0 */
    int64_t read, skipped;
    bool empty;
    char *unit_line;
    const struct saved_mapping *saved; /* by which the header was recognised */
    GPtrArray *unrecognised;           /* of all tables, made when it is asked for */
    GPtrArray *old_headers, *old_columns,
        *old_texts; /* of tables that came before; rows may still name them */
    GPtrArray **
        spare_slots; /* one for each field of the kind, made by record.c when it is first wanted; or NULL */
    struct xlsx *xlsx;
    struct office *office;
    /* tables */
    char delimiter;
    GPtrArray *headers;  /* char *, NULL-ended */
    GPtrArray *by_place; /* struct column * beside headers */
    struct record_text record;
    struct cells cells;
    GPtrArray *values; /* char *, the row's cells as UTF-8 */
    bool seen_short;   /* a row with fewer cells than the header has come */
    /* JSON Lines */
    json_t *object;
    char *text;       /* of a bad row */
    json_t *pending;  /* XML: the first record, read when the file was opened */
    bool inside;      /* JSON: the array has been opened */
    int64_t elements; /* JSON, XML: given so far */
    bool astray;      /* JSON: an element was broken; look for a line that begins one */
    char **names;     /* dump: of the rows that follow */
    GQueue
        late; /* dump: rows without a title (json_t *, with their line), given behind all others */
};

/* Columns beside the cells of a row; and for any header or member of a JSON object. */
struct column *reader_column(const struct reader *reader, size_t place);
struct columns *reader_columns(struct reader *reader);
const struct plan *reader_plan(const struct reader *reader);
/* Lists that a row needs while its record is made, one for each field of the kind: empty, or NULL. */
GPtrArray **reader_spare_slots(struct reader *reader);

/* The row that stands at `line` can't be told: fills row and refusal, empties problem. `text` may be NULL. */
enum reader_step reader_bad_row(struct reader *reader, int64_t line, const char *column,
                                const char *value, const char *text, size_t len,
                                struct problem *problem, struct raw_row *row,
                                struct refusal *refusal);

bool reader_find_header(struct reader *reader, GError **error);

/* A new table: its headers from now on. The columns of the table before stay until the reader is closed. */
void reader_use_headers(struct reader *reader, const GPtrArray *names);
void reader_begin_table(struct reader *reader);
/* A text above the header: takes its unit, when it says one. */
void reader_unit_text(struct reader *reader, const char *text);
/* The saved mapping that knows the header, or NULL for what the plan says. */
void reader_use_saved(struct reader *reader, const struct saved_mapping *saved);

/* reader_xlsx.c: takes over the descriptor. */
bool reader_open_xlsx(struct reader *reader, int fd, GError **error);
enum reader_step reader_next_xlsx(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error);
void reader_close_xlsx(struct xlsx *xlsx);
json_t *reader_xlsx_sheets(const struct reader *reader);
enum reader_step reader_next_csv(struct reader *reader, struct raw_row *row,
                                 struct refusal *refusal, GError **error);
enum reader_step reader_next_json(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error);

/* Nothing but blanks. */
bool reader_is_blank(const char *text, size_t len);

/* reader_json.c: one element of an array, or an object that takes several lines. */
enum reader_step reader_next_element(struct reader *reader, struct raw_row *row,
                                     struct refusal *refusal, GError **error);

/* reader_dump.c: header lines and rows in turn, parted by colons. */
bool reader_looks_like_dump(struct reader *reader, const char *sample, size_t len);
enum reader_step reader_next_dump(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error);

/* reader_office.c: patent offices' XML and PatSnap's; takes over the descriptor. */
bool reader_open_office(struct reader *reader, int fd, GError **error);
enum reader_step reader_next_office(struct reader *reader, struct raw_row *row,
                                    struct refusal *refusal, GError **error);
void reader_close_office(struct office *office);

/* reader_old.c: why a file of the old Office formats (or an encrypted new one) can't be read. Always false. */
bool reader_old_office_fail(struct bytes *bytes, GError **error);

/* "byte 0xE7 at 37": what is wrong with a text that is not in its encoding. Caller frees. */
char *reader_wrong_byte(const char *text, size_t len, size_t wrong);
