/* reader_internal.h - what reader.c, reader_csv.c and reader_json.c share. */
#pragma once
#include "loader/bytes.h"
#include "loader/charset.h"
#include "loader/columns.h"
#include "loader/reader.h"
#include "loader/split.h"

enum {
    RAW_TEXT_BYTES = 32 * 1024,
    SAMPLE_BYTES = 256 * 1024,
    HEADER_ROWS = 10,
    HEADER_ROW_BYTES = 4 * 1024 * 1024
};

struct reader {
    struct plan plan;
    char *name; /* for messages */
    enum reader_format format;
    struct bytes *bytes;
    struct charset *charset;
    struct columns *columns;
    int64_t next_line; /* line on which the next record begins, from 1 */
    int64_t read, skipped;
    bool empty;
    /* CSV, TSV */
    char delimiter;
    GPtrArray *headers;  /* char *, NULL-ended */
    GPtrArray *by_place; /* struct column * beside headers */
    struct record_text record;
    struct cells cells;
    GPtrArray *values; /* char *, the row's cells as UTF-8 */
    bool seen_short;   /* a row with fewer cells than the header has come */
    /* JSON Lines */
    json_t *object;
    char *text; /* of a bad row */
};

/* Columns beside the cells of a row; and for any header or member of a JSON object. */
struct column *reader_column(const struct reader *reader, size_t place);
struct columns *reader_columns(struct reader *reader);
const struct plan *reader_plan(const struct reader *reader);

/* The row that stands at `line` can't be told: fills row and refusal, empties problem. `text` may be NULL. */
enum reader_step reader_bad_row(struct reader *reader, int64_t line, const char *column,
                                const char *value, const char *text, size_t len,
                                struct problem *problem, struct raw_row *row,
                                struct refusal *refusal);

bool reader_find_header(struct reader *reader, GError **error);
enum reader_step reader_next_csv(struct reader *reader, struct raw_row *row,
                                 struct refusal *refusal, GError **error);
enum reader_step reader_next_json(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error);

/* "byte 0xE7 at 37": what is wrong with a text that is not in its encoding. Caller frees. */
char *reader_wrong_byte(const char *text, size_t len, size_t wrong);
