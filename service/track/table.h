/* table.h - rows of text in columns; East Asian wide characters count two, combining ones none. */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct table;

/* `right`: one character a column, 'r' for numbers, 'l' for text. The length of it is the number of columns. */
struct table *table_new(const char *sides);
/* A row takes as many cells as there are columns; the table copies them. */
void table_cell(struct table *table, const char *text);
/* The columns that a text takes on a terminal. */
gsize table_width(const char *text);
/* At most so many columns, with "…" where something was cut. The caller frees. */
char *table_cut(const char *text, gsize columns);
/* Writes the table, each line behind `indent`, and frees it. */
void table_end(struct table *table, const char *indent, GString *out);
