/* credential.h - passwords of accounts, and the secrets of their one-time codes. Hashes and sealed secrets go in; nothing of them
 * comes out but by signin_read(). Each change ends sessions and stands in the ledger. Transactions of their own, of DB_SIGNIN. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct credential {
    const char *account;
    int of_agency;      /* whose it must be; 0: anybody's */
    const char *hash;   /* Argon2id; NULL: none any more, and no codes */
    bool given;         /* somebody else knows it: to be changed first */
    const char *before; /* the hash that it must have had, or NULL */
    const char *keep;   /* the session that goes on, or NULL: all others end */
    const char *reason; /* for the ledger */
};
/* SQL_ERROR_NOT_FOUND: there is no such account, or its password is another by now. */
bool credential_set(struct db *db, const struct credential *credential, const char *now,
                    GError **error);

/* An account with its password, in one transaction: both, or neither. One that stands as it is wanted gets the password.
 * SQL_ERROR_CONFLICT: the name is another's. */
struct credential_account {
    const char *name, *role;
    int agency_id; /* 0: none */
    bool invented;
    const char *hash;
    bool given;
};
bool credential_add(struct db *db, const struct credential_account *wanted, const char *now,
                    GError **error);

/* The account of an enterprise that came in by the link of session `id`: made, with that password; the session is its own from now on.
 * SQL_ERROR_CONFLICT: the name is taken, or the enterprise has an account with this agency. */
struct credential_first {
    const char *session, *name, *hash;
    int agency_id;
    int64_t enterprise_id;
};
bool credential_first(struct db *db, const struct credential_first *first, const char *now,
                      GError **error);

/* Keeps a secret of one-time codes, asked for at once or only when a code has confirmed it; NULL: none any more.
 * SQL_ERROR_NOT_FOUND: there is no such account, or it has no password. */
bool credential_totp(struct db *db, const char *account, int of_agency, GBytes *sealed,
                     bool confirmed, const char *now, GError **error);
/* Confirms it by a code of this step. *done: it was taken, for the first time. */
bool credential_totp_confirm(struct db *db, const char *account, int64_t step, const char *now,
                             bool *done, GError **error);

/* [{account, password, given, totp, signed_in_at, sessions}] of these accounts ([name]). */
json_t *credential_about(struct db *db, const json_t *names, const char *now, GError **error);
