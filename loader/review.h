/* review.h - the same organisation or another? A row without a credit code that bears, after folding, the name of a known
 * organisation is never merged by itself: it stays refused, and is proposed here. A person accepts (the row is loaded with that
 * credit code), rejects, or takes back what was said.
 *
 * A row is proposed only when the credit code is all that it lacks. Rows that were read by a mapping are not proposed: their columns
 * are known to that mapping alone. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct review {
    struct db *db;
    int agency_id;
    const char *today; /* "2025-06-30" */
    const char *by;    /* who says it */
};

/* [{"id", "kind", "name", "file", "batch", "line", "sheet", "state", "uscc", "candidates": [{"uscc", "name"}], "record": {column: value}}]; all: also those that
 * were rejected or accepted. A new reference. */
json_t *review_list(const struct review *review, bool all, GError **error);

/* It is the organisation with this credit code (NULL: the only candidate). The answer is the report of the load, a new reference.
 * SQL_ERROR_NOT_FOUND, SQL_ERROR_STATE. */
json_t *review_accept(const struct review *review, const char *id, const char *uscc,
                      GError **error);
bool review_reject(const struct review *review, const char *id, GError **error);
/* What was said is taken back; what came in by it is withdrawn (sql/undo.h). */
bool review_undo(const struct review *review, const char *id, GError **error);
