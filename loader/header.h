/* header.h - which of a table's first rows is its header, and the names of its columns. Internal to the reader.
 *
 * The header is the first row of which at least half of the filled cells are known columns of the kind, else the one with the
 * most known columns. A row that a saved mapping remembers is the header whatever it says. Two rows are one header when
 * together they name more columns than either alone; a column is then called by
 *   the upper text and the lower as one word, when that is known (卖方 over 名称: 卖方名称), else
 *   the lower, when it is known, no other group has it too, and the upper is no column's name itself, else both as one word.
 * Where no column is known in any, it is no table of this kind; with plan->any_header the first of the fullest rows is taken.
 * The upper text stands over empty cells to its right as far as the lower row has texts. */
#pragma once
#include "loader/reader.h"

/* Rows of which the header is chosen, and how many bytes of text are looked at for it. */
enum { HEADER_ROWS = 20, HEADER_ROW_BYTES = 4 * 1024 * 1024 };

struct header_choice {
    guint first;      /* place of the header's first row */
    guint rows;       /* 1 or 2 */
    GPtrArray *names; /* char *, owned: one for each column */
    size_t known;     /* columns that are known */
    bool fits;        /* half of the named columns are known */
    bool has_key;     /* a column that tells which record a row is about is among them */
    const struct saved_mapping *saved; /* it was recognised by this mapping, or NULL */
};

void header_choice_clear(struct header_choice *choice);

/* `rows`: GPtrArray of texts (trimmed) each. False: no column is known in any (and none was to be taken). */
bool header_choose(const struct plan *plan, const GPtrArray *rows, struct header_choice *out);

/* LOADER_ERROR_FORMAT: what the first row has and what was expected. Always false. */
bool header_fail(const struct kind *kind, const GPtrArray *seen, GError **error);
