/* api_key.h - keys of the HTTP interface: who may ask for what.
 *
 * A key is "pb_ID_SECRET"; the database has ID and the SHA-256 of SECRET. A key is bound to an agency (agency_manager,
 * agency_clerk, enterprise) or to none (official, administrator); one of the role enterprise to an enterprise, too. Each call
 * is a transaction of its own; moments are text that PostgreSQL reads. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct api_key {
    const char *id, *name, *digest; /* digest: hexadecimal */
    const char *role;
    const char *account; /* NULL: none */
    int agency_id;       /* 0: none */
    int64_t enterprise_id;
    int rate_per_minute; /* 0: no limit */
    const char *expires; /* NULL: never */
    bool invented;
};

/* SQL_ERROR_NOT_FOUND when an account is named that is none, SQL_ERROR_STATE when it has another role. */
bool api_key_add(struct db *db, const struct api_key *key, GError **error);
/* Every key, as api-key-list.sql says. The caller owns it. */
json_t *api_key_list(struct db *db, GError **error);
/* SQL_ERROR_NOT_FOUND. One that is revoked already stays so. */
bool api_key_revoke(struct db *db, const char *id, GError **error);
/* Those that may be used now, as api-key-active.sql says. */
json_t *api_key_active(struct db *db, GError **error);
/* Notes that these keys ([id]) were used just now. */
bool api_key_used(struct db *db, const json_t *ids, GError **error);
