/* refused_rows.h - rows that a load refused, as the database keeps them, given back as a workbook to be mended: the same that `load`
 * writes beside its input (refusal_book.h), for those who have no folder beside it. */
#pragma once
#include "loader/kind.h"
#include <glib.h>
#include <jansson.h>

/* The member of a kept row that holds the line above the header by which its money has a unit. */
#define REFUSED_UNIT "_unit"

/* `rows`: [{line, sheet, column, code, reason, reason_zh, record}] in the order of the file. A sheet for each sheet and unit line; its
 * columns in the order of the kind's fields, those of no field behind them. LOADER_ERROR_WRITE. */
bool refused_rows_write(const struct kind *kind, const json_t *rows, const char *path,
                        bool chinese, GError **error);
