/* undo.h - taking back what a batch brought, as a withdrawal: facts leave the tables and stay in their history, holdings end,
 * what the batch changed gets its earlier content back. What something was built on is kept and named. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* In a transaction of its own. agency_id: whose batch it must be. The answer, a new reference:
 *   {"batch", "kind", "file", "withdrawn", "restored", "kept", "records": [{"name", "outcome", "why"}] (those that were kept)}
 * SQL_ERROR_NOT_FOUND: no such batch of this agency; SQL_ERROR_STATE: it is not at its end, was taken back, or brought agencies. */
json_t *undo_batch(struct db *db, int64_t batch_id, int agency_id, const char *by,
                   GError **error);
