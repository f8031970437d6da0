/* signin_session.h - sessions that go on: whose they are and what they may do at this very moment, so that another role, an account out
 * of use, or an end holds from the next request on.
 *
 * A session has a public part (id) and a digest of its secret; it ends after so long without use, at its moment, or when somebody
 * ends it. One that began by a link is an enterprise's without an account. Transactions of their own, of DB_SIGNIN. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* {account or null, role, agency_id, agency, enterprise_id, given, made_at, ends_at}, ids as text; JSON null: it does not go on. Notes
 * that it was used, to the minute. */
json_t *signin_session_find(struct db *db, const char *id, const char *digest, const char *now,
                            GError **error);

/* Whose sessions: an account's, or (NULL) those of an enterprise that has none with an agency. */
struct signin_whose {
    const char *account;
    int agency_id;
    int64_t enterprise_id;
};
/* [{session_id, made_at, used_at, ends_at}] of those that go on, the latest first. */
json_t *signin_session_list(struct db *db, const struct signin_whose *whose, const char *now,
                            GError **error);
/* Ends one. */
bool signin_session_end(struct db *db, const char *id, const char *now, GError **error);
/* Ends all of them but `but` (NULL: none); an entry of the ledger says so. *count: how many. */
bool signin_session_end_all(struct db *db, const struct signin_whose *whose, const char *but,
                            const char *now, int *count, GError **error);

/* {uscc, name} of an enterprise; JSON null: there is none. */
json_t *signin_enterprise(struct db *db, int64_t enterprise_id, GError **error);
/* The enterprise with this credit code that an agency holds; SQL_ERROR_NOT_FOUND. Inside a transaction of that agency. */
bool signin_enterprise_held(struct db *db, const char *uscc, int64_t *out, GError **error);
