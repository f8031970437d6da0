/* holdings.h - holdings of patents that are not there yet. Row-level security takes no COPY, and three lists in one statement cost
 * less than a staging table.
 *
 * Internal to sql/. Rows are {patent_id, held_since, extra}. */
#pragma once
#include "sql/internal.h"
#include "sql/packer.h"

/* What all rows of one transaction share; texts, borrowed. */
struct holdings_about {
    const char *agency, *batch_id, *change, *now;
};

bool holdings_write(struct db *db, const struct holdings_about *about, const json_t *rows,
                    GError **error);

/* What the ledger is told of them; the caller's. Rows and texts are borrowed by it. */
struct packer *holdings_pack(const struct holdings_about *about, const json_t *rows);
