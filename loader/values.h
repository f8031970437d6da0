/* values.h - enumerations: every spelling of values.tsv -> the value. Pure; the table is indexed at the first call. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The value that a spelling stands for (a constant), or NULL. Compared by text_fold; the value's own name is always
 * understood, with _ or - or blanks between its words. */
const char *values_find(const char *kind, const char *field, const char *text);

/* What would have been understood, for a message: "转让, 许可 ..." with one Chinese spelling a value, or the values'
 * own names. Caller frees. */
char *values_list(const char *kind, const char *field, bool chinese);

/* 1, 0, or -1 when the text is no yes or no. */
int values_yes_no(const char *text);
