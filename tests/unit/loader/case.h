/* case.h - runs one folder of tests/cases/load through reader and record, without a database.
 *
 *   input.*        the file (or make.sh, which writes input.* into the folder given as its first argument)
 *   args           optional: KIND [--map FILE]; without it: patent
 *   expected.json  {"error": part of the message} or {"read", "new", "refused", "skipped", "refusals": [{"line", "column",
 *                  "code", "reason": part, "reason_zh": part}], and, where wanted, "unrecognised", "notices": [part],
 *                  "records": {key: {field: value}}, "empty"}
 *   README         one sentence */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The day that every case takes for today. */
#define CASE_TODAY "2025-06-30"

/* NULL when all is as expected, else what is not, a line each. Caller frees. */
char *case_run(const char *folder);
