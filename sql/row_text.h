/* row_text.h - rows of a result as texts of JSON, without making a tree of each: byte for byte what
 * json_dumps(JSON_COMPACT | JSON_SORT_KEYS) gives of the rows of db_rows(). */
#pragma once
#include "sql/internal.h"

typedef struct row_text row_text_t; /* the name that g_autoptr needs */

/* For results with the columns of `res`; the column `without` is left out. The caller frees. */
struct row_text *row_text_new(const PGresult *res, const char *without);
void row_text_free(struct row_text *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(row_text_t, row_text_free)

/* Appends one row as an object. `said`: texts that stand in place of columns' own, {column, text, …, NULL}; NULL: none. */
void row_text_append(struct row_text *text, const PGresult *res, int row,
                     const char *const *said, GString *out);
