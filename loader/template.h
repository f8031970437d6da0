/* template.h - an empty form for a kind of record as a workbook, for clerks, in Chinese: a column for each field with a note on it
 * (the required ones first and marked *), lists to choose from where a field takes only certain values, cells that keep what is
 * typed, and one row as an example. The example is made up and says so (虚构); the column _说明 is not read. Loaded as it is,
 * the form gives that one record. */
#pragma once
#include "loader/kind.h"
#include <glib.h>

/* LOADER_ERROR_WRITE. */
bool template_write(const char *path, const struct kind *kind, GError **error);
