/* split.h - one record of a CSV or TSV file: where it ends, and its cells. Internal to the reader.
 *
 * Quotation marks as Excel writes them: a cell that begins with one goes on to its partner, over commas and line ends; two
 * of them stand for one. A mark elsewhere is a plain character ("5" pipe"), and "a "b" c" inside one line is read as
 * it looks. A mark without a partner would swallow the rows behind it, so a record is broken when
 *   - it runs over a line end and a mark inside is followed by something else than a separator, or
 *   - the file ends, or 64 MB are read, before the partner comes:
 * then its first line alone is refused and reading goes on with the next line. */
#pragma once
#include "loader/bytes.h"
#include <stdint.h>

enum { ROW_MAX_BYTES = 64 * 1024 * 1024, CELL_MAX_BYTES = 8 * 1024 * 1024 };

enum split {
    SPLIT_RECORD,
    SPLIT_BROKEN, /* `text` holds the first line; the rest was put back */
    SPLIT_TOO_LONG, /* one line of more than ROW_MAX_BYTES, now gone; `text` holds its beginning */
    SPLIT_END,
    SPLIT_FAILED
};

struct record_text {
    GString *text;   /* with its line feed */
    int64_t lines;   /* physical lines it takes */
    bool terminated; /* ends with a line feed */
    bool
        literal; /* quotation marks are plain characters (a TSV line whose marks have no partners) */
};

/* Takes the next record; `text` is emptied first. */
enum split split_record(struct bytes *bytes, char delimiter, struct record_text *out,
                        GError **error);

/* The cells of a record, in its own encoding, each with its length (they may hold NUL). */
struct cells {
    GString *text;   /* the cells one behind the other, each with a closing zero */
    GArray *offsets; /* size_t: where each begins; one more for the end */
};

void cells_init(struct cells *cells);
void cells_clear(struct cells *cells);
void cells_split(struct cells *cells, const struct record_text *record, char delimiter);
size_t cells_count(const struct cells *cells);
const char *cells_get(const struct cells *cells, size_t i, size_t *len);
