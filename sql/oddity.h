/* oddity.h - what looks odd (sql/views/400-oddity.sql). Shown, not judged: no figure reads it, an official only says that it was
 * looked at. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct oddity_query {
    const char
        *deadline; /* "2025-12-31": the policy's last day, before which late records bunch */
    const char *time_zone;
    const char *rule; /* NULL: every rule */
    int agency_id;    /* 0: every agency, and what concerns several */
};

/* [{rule, zh, en, number, key, agency or null, what, rows: [{kind, agency, key}], mark: {by, reason, at} or null}]. In a
 * transaction of its own that reads every agency's rows. */
json_t *oddity_list(struct db *db, const struct oddity_query *query, GError **error);

/* Whether a rule of this name is there, else SQL_ERROR_NOT_FOUND with the names of all. In a transaction of its own. */
bool oddity_check_rule(struct db *db, const char *rule, GError **error);

/* Marks the oddity of query->rule under `key` as looked at. `by` has the role official, else SQL_ERROR_DENIED;
 * SQL_ERROR_NOT_FOUND when there is none. One transaction of its own. */
bool oddity_mark(struct db *db, const struct oddity_query *query, const char *key,
                 const char *by, const char *os_user, const char *reason, GError **error);
