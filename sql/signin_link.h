/* signin_link.h - links by which an enterprise comes in: once each. An invitation is made beforehand; that of a push is any that the
 * push's own signed link proves, and is kept when it is used. What signs them knows this room nothing of (service/push/token.h).
 * Transactions of their own, of DB_SIGNIN. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct signin_invitation {
    const char *link; /* its name, a UUID */
    int agency_id;
    int64_t enterprise_id;
    const char *by;
    int life_s;
};
/* Keeps an invitation. *ends_at: the caller's. */
bool signin_link_add(struct db *db, const struct signin_invitation *invitation, const char *now,
                     char **ends_at, GError **error);
/* {agency, enterprise}: the names, of one that may still be used; JSON null: it may not. Changes nothing. */
json_t *signin_link_about(struct db *db, const char *link, const char *now, GError **error);

struct signin_by_link {
    const char *link;
    const char *push_id;               /* of a push's link; NULL: an invitation */
    const char *id, *digest, *address; /* of the session */
    const char *before;                /* the session in whose place it comes, or NULL */
    int idle_s, life_s;
};
/* Uses the link and begins a session. *done is false where it was used before, or is over. */
bool signin_link_use(struct db *db, const struct signin_by_link *by, const char *now,
                     bool *done, GError **error);
