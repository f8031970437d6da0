/* account.h - who may do what: names with a role. A name that was used is never given to another. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* administrator, agency_manager, agency_clerk, official, enterprise; NULL-ended. */
const char *const *account_roles(void);

/* Adds an account, bound to an agency or (0) to none; one that is there with this role and agency is left as it is, and
 * `*added` is false. SQL_ERROR_CONFLICT when the name is, or was, another account's. */
bool account_add(struct db *db, const char *name, const char *role, int agency_id,
                 bool invented, bool *added, GError **error);

/* [{name, role, agency, created_at, removed_at, invented}], by name. */
json_t *account_list(struct db *db, GError **error);

/* Ends an account; SQL_ERROR_NOT_FOUND when there is none by that name. */
bool account_remove(struct db *db, const char *name, GError **error);

/* Whether an account has the role official and belongs to no agency; SQL_ERROR_DENIED says what it is else. Inside a
 * transaction. */
bool account_is_official(struct db *db, const char *name, GError **error);

/* The role of an account that is not removed; SQL_ERROR_NOT_FOUND else. Inside a transaction. The caller frees. */
char *account_role(struct db *db, const char *name, GError **error);

/* The agency that an account is bound to, 0 for none. Inside a transaction. */
bool account_agency(struct db *db, const char *name, int *agency_id, GError **error);
