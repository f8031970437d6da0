/* signin.h - coming in by a name and a password: attempts, failures, and what the ledger is told of them.
 *
 *   signin_take --in turn--> signin_read --the caller looks at password and code--> signin_succeed | signin_fail
 *
 * An attempt is counted before it is looked at, so that many at once are counted as well; a success takes that back. Three scopes
 * are counted: the address; the name; and, where the account came in from that address before, the two together in place of
 * the name. A stranger who fails on purpose thus makes other strangers wait, 15 minutes at the most, and never the person at
 * the usual place. Names that are nobody's are counted as others are.
 *
 * The ledger has an entry for each sign-in and for the first failure of a burst, and one with their number when it is over (ten
 * minutes without one, or an hour since the first). Of names that are nobody's all failures are one burst.
 *
 * Moments are text of db_clock(); each call is a transaction of its own, of DB_SIGNIN. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct signin_from {
    const char *name;        /* as it was typed */
    const char *name_digest; /* keyed digests: what is counted */
    const char *address;     /* "": nobody said */
    const char *both_digest; /* of name and address */
};

/* Counts an attempt. *wait_s: it may be looked at (0), or only after so many seconds. */
bool signin_take(struct db *db, const struct signin_from *from, const char *now, int *wait_s,
                 GError **error);

/* {password_hash, totp_sealed (hexadecimal or null), totp, role} of an account that may come in; JSON null: there is none. */
json_t *signin_read(struct db *db, const char *account, GError **error);

struct signin_session {
    const char *id, *digest;
    const char *account;
    const char *password_hash; /* that was looked at; another by now fails */
    int64_t totp_step;         /* of the code; 0: none was asked for */
    int idle_s, life_s;
    const char *before; /* the session in whose place it comes, or NULL */
};
/* Begins a session. *done is false where it can't any more: the code was taken before, the password or the account's use changed
 * meanwhile. */
bool signin_succeed(struct db *db, const struct signin_session *session,
                    const struct signin_from *from, const char *now, bool *done,
                    GError **error);
/* Notes a failure; account: NULL where the name is nobody's. */
bool signin_fail(struct db *db, const char *account, const char *now, GError **error);
/* The attempt was not looked at, for others were. */
bool signin_untake(struct db *db, const struct signin_from *from, GError **error);
/* Somebody proved who they are in the middle of a session: failures are forgotten. */
bool signin_proved(struct db *db, const struct signin_from *from, GError **error);
/* The password has newer parameters now. */
bool signin_rehash(struct db *db, const char *account, const char *before, const char *hash,
                   GError **error);

/* Tells the ledger of bursts that have begun, or are over: apart from the failures themselves, so that one of a known name takes no longer
 * than one of nobody's. */
bool signin_sweep(struct db *db, const char *now, GError **error);
/* Forgets attempts after a day, sessions and links 90 days after their end. */
bool signin_forget(struct db *db, const char *now, GError **error);
