/* keys.h - the keys that may be used now, kept in memory: who asks is known without asking the database.
 *
 * A key is "pb_ID_SECRET": ID 12 hexadecimal digits, SECRET 32 random bytes in base64url. Only the SHA-256 of SECRET is known
 * here; with 256 random bits nothing slower is needed. The daemon replaces all keys once a second, so that a new key works,
 * and a revoked one ends, within two seconds.
 *
 * Each key has a bucket of requests that is filled at its rate and holds a minute's worth. From any thread. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { KEY_ID_LEN = 12, KEY_SECRET_BYTES = 32, KEY_TEXT_LEN = 64, KEY_DIGEST_LEN = 64 };

/* What a role may be, one bit each. */
enum role {
    ROLE_ADMINISTRATOR = 1,
    ROLE_MANAGER = 2,
    ROLE_CLERK = 4,
    ROLE_OFFICIAL = 8,
    ROLE_ENTERPRISE = 16,
    ROLES_STAFF = ROLE_MANAGER | ROLE_CLERK,
    ROLES_ALL = 31,
};
/* "agency_manager" -> ROLE_MANAGER; 0 for none. */
unsigned role_of(const char *name);
const char *role_name(unsigned role);

struct principal {
    char key_id[KEY_ID_LEN + 1]; /* of the key, or of the session; "": nobody */
    bool session;                /* it came by a cookie, not by a key */
    bool given; /* its password is known to another, and has to be changed first */
    unsigned role;
    int agency_id; /* 0: every one */
    char agency[33];
    int64_t enterprise_id; /* of ROLE_ENTERPRISE */
    int rate_per_minute;   /* 0: no limit */
    char account[65];      /* "": none */
};

/* Makes a key: its text for the owner, its ID and its digest for the database. */
void key_make(char text[static KEY_TEXT_LEN], char id[static KEY_ID_LEN + 1],
              char digest[static KEY_DIGEST_LEN + 1]);

/* The two parts of such a text: its ID and the digest of its secret. False: it is none. */
bool key_read(const char *text, char id[static KEY_ID_LEN + 1],
              char digest[static KEY_DIGEST_LEN + 1]);

/* Requests that are left, filled up at a rate. */
struct bucket {
    double left;
    int64_t at_us;
};
/* Takes one out. False: there is none, for so many seconds. */
bool bucket_spend(struct bucket *bucket, int rate_per_minute, int64_t now_us,
                  int *retry_after_s);

typedef struct keys keys_t;
struct keys *keys_new(void);
void keys_free(struct keys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(keys_t, keys_free)

/* Takes [{key_id, secret_digest, role, account, agency_id, agency, enterprise_id, rate_per_minute, expires_s}]. */
void keys_replace(struct keys *keys, const json_t *rows);
/* False until keys_replace() was called. */
bool keys_are_known(struct keys *keys);

/* Who an Authorization header names ("Bearer pb_…"); false: nobody. */
bool keys_find(struct keys *keys, const char *authorization, int64_t now_s,
               struct principal *out);
/* Takes one request out of the key's bucket. False: it is empty, for so many seconds. Also notes that it was used. */
bool keys_spend(struct keys *keys, const struct principal *who, int64_t now_us,
                int *retry_after_s);
/* [key_id] of those used since the last call; NULL: none. The caller owns it. */
json_t *keys_take_used(struct keys *keys);
