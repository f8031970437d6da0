/* tables.h - the rows of columns.tsv, values.tsv and divisions.tsv, embedded by embed_tables.sh.
 * Constant, in the order of the files. The notes at the head of each file say what its columns mean. */
#pragma once
#include <stddef.h>

struct column_row {
    const char *kind, *field, *header, *source;
    const char *scale; /* fen per 1 in the file, digits; "" when the field is no money */
};

struct value_row {
    const char *kind, *field, *value, *spelling; /* kind "*", field "yes/no": of every kind */
};

struct division_row {
    const char *code, *name, *above, *in_use; /* "350582", "晋江市", "福建省泉州市", "1" */
};

extern const struct column_row table_columns[];
extern const size_t table_column_count;
extern const struct value_row table_values[];
extern const size_t table_value_count;
extern const struct division_row table_divisions[];
extern const size_t table_division_count;
