/* policy.h - the versions of policy packs that figures were made with. */
#pragma once
#include "sql/db.h"

/* Keeps a pack under its id and version, in a transaction of its own. Kept already: nothing. Kept with another text:
 * SQL_ERROR_CONFLICT, for a figure names its version and must find that text again. */
bool policy_store(struct db *db, const char *policy, int version, const char *pack,
                  const char *digest, GError **error);
