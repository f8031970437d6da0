/* account.h - who may do what: names with a role. A name that was used is never given to another. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* administrator, agency_manager, agency_clerk, official, enterprise; NULL-ended. */
const char *const *account_roles(void);

/* Adds an account, bound to an agency or (0) to none. Adding the same again is fine; SQL_ERROR_CONFLICT
 * when the name was used otherwise. */
bool account_add(struct db *db, const char *name, const char *role, int agency_id,
                 bool invented, GError **error);

/* [{name, role, agency, created_at, removed_at, invented}], by name. */
json_t *account_list(struct db *db, GError **error);

/* Ends an account; SQL_ERROR_NOT_FOUND when there is none by that name. */
bool account_remove(struct db *db, const char *name, GError **error);

/* The role of an account that is not removed; SQL_ERROR_NOT_FOUND else. Inside a transaction. The caller frees. */
char *account_role(struct db *db, const char *name, GError **error);
