/* verify.h - is everything as the ledger and the snapshots say? Reads the whole database and every evidence file.
 *
 * Checks, in this order: the chain of entries; the digests of their rows; the rows themselves; which needs repeat each other
 * (computed again); the functions that count; every snapshot with its chain and signature; evidence files; and, with a head
 * that the official kept, that ledger and snapshots still go through it: a cut tail, an older backup and a chain computed
 * anew are found by that alone. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct verify_wish {
    const char *evidence; /* folder of papers */
    const char *stamp_ca; /* certificates of time-stamping authorities (PEM), or NULL */
    const char *head;     /* text of snapshot_head_text(), or NULL */
    const char
        *public_key; /* that must have signed snapshots and head; NULL: the one each names */
};

/* {entries, head {seq, digest}, snapshots, papers, stamps: [{snapshot, authority, time}], findings: [{check, entry or null, what (a sentence), …}]}; findings is
 * empty when all is well, and begins with the first altered record by the ledger's order. NULL when it could not look. */
json_t *verify_database(struct db *db, const struct verify_wish *wish, GError **error);
