/* policy.h - the versions of policy packs that figures were made with. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Keeps a pack under its id and version, in a transaction of its own. Kept already: nothing. Kept with another text:
 * SQL_ERROR_CONFLICT, for a figure names its version and must find that text again. */
bool policy_store(struct db *db, const char *policy, int version, const char *pack,
                  const char *digest, GError **error);

/* Records that an official signed a kept version off; SQL_ERROR_NOT_FOUND when it is not kept, SQL_ERROR_DENIED when `by` is no
 * official. One transaction of its own. */
bool policy_sign(struct db *db, const char *policy, int version, const char *by,
                 const char *os_user, const char *reason, GError **error);

/* {by, at} of the last signature of this digest by a moment, or JSON null. Inside a transaction. */
json_t *policy_signature(struct db *db, const char *policy, int version, const char *digest,
                         const char *known_at, GError **error);
