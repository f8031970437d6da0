/* erase.h - erasure by law of a person's data: names, contacts. Ledger and snapshots stay whole, for they hold salted digests. */
#pragma once
#include "sql/db.h"

struct erased {
    int64_t names;   /* that the record and its versions held */
    int64_t notes;   /* of follow-ups that spoke of them */
    int64_t refused; /* rows of loads that did */
};

/* Takes names and contacts of a record out, also of notes and refused rows, in a transaction of its own with the owner's rights, and leaves
 * an entry that names the record by its id. SQL_ERROR_NOT_FOUND when the agency has no such record. */
bool erase_person(struct db *db, const char *kind, int agency_id, const char *key,
                  const char *by, const char *reason, struct erased *out, GError **error);
