/* preview.h - what a file would become, without a database: `load --preview`. */
#pragma once
#include "loader/reader.h"

enum { PREVIEW_ROWS = 20 };

/* Reads the first `rows` rows. A new reference:
 *   {"file", "kind", "format", "encoding", "skipped", "sheets" (XLSX), "mapping" (a saved one that was recognised),
 *    "columns": [{"header", "field" (null: kept in extra), "ignored", "unit_fen" (money), "sample" (a value of it, cut; CSV and XLSX)}], "unrecognised": [header],
 *    "records": [{"line", "sheet", "key", "record": {field: value}, "remarks": [sentence]}],
 *    "refusals": as `load --json` has them}
 * A table of which no column is known is shown as well (plan->any_header): nothing but columns without a field, and refusals.
 * Errors as reader_open(). */
json_t *preview_file(const char *path, const struct plan *plan, int rows, bool chinese,
                     GError **error);
