/* account.h - who may do what: names with a role. A name that was used is never given to another. Who comes in by such a name: signin.h.
 *
 * Every change stands in the ledger, with the account that db_sign() named as who did it. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* administrator, agency_manager, agency_clerk, official, enterprise; NULL-ended. */
const char *const *account_roles(void);

/* Adds an account, bound to an agency or (0) to none; one that is there with this role and agency is left as it is, and
 * `*added` is false. SQL_ERROR_CONFLICT when the name is, or was, another account's. */
bool account_add(struct db *db, const char *name, const char *role, int agency_id,
                 bool invented, bool *added, GError **error);
/* An account that stands as it is wanted is no conflict; SQL_ERROR_CONFLICT: it is another's, or ended. */
bool account_check_same(struct db *db, const char *name, const char *role, int agency_id,
                        GError **error);

/* The same of an account of an enterprise with an agency. */
bool account_add_enterprise(struct db *db, const char *name, int agency_id,
                            int64_t enterprise_id, bool *added, GError **error);

/* [{name, role, agency, enterprise_uscc, created_at, disabled_at, removed_at, invented}], by name: `name` alone, or (NULL) those
 * behind `after` (NULL: from the first), at most `limit` (0: all). Inside a transaction: of DB_SERVICE, its agency's. */
json_t *account_list(struct db *db, const char *name, const char *after, int limit,
                     GError **error);

/* What is to be another in an account. */
struct account_change {
    const char *name;
    int of_agency;    /* whose it must be; 0: anybody's */
    const char *role; /* NULL: as it is; else bound to these: */
    int agency_id;    /* 0: none */
    int64_t enterprise_id;
    bool sets_use; /* in use or not: */
    bool disabled;
    const char *reason; /* for the ledger, or NULL */
};
/* From the commit on it has no other rights. SQL_ERROR_NOT_FOUND; SQL_ERROR_CONFLICT where the role is none. */
bool account_change(struct db *db, const struct account_change *change, GError **error);

/* Ends an account and its sessions; SQL_ERROR_NOT_FOUND when there is none by that name of that agency (0: any). */
bool account_remove(struct db *db, const char *name, int of_agency, GError **error);

/* Whether an account has the role official and belongs to no agency; SQL_ERROR_DENIED says what it is else. Inside a
 * transaction. */
bool account_is_official(struct db *db, const char *name, GError **error);

/* The role of an account that is neither removed nor out of use; SQL_ERROR_NOT_FOUND else. Inside a transaction. The caller frees. */
char *account_role(struct db *db, const char *name, GError **error);

/* The agency that an account is bound to, 0 for none. Inside a transaction. */
bool account_agency(struct db *db, const char *name, int *agency_id, GError **error);
