/* follow.h - what comes of an answer "interested": how far each lead's follow-up has come, with the steps it took. Nothing of it is
 * counted. In the caller's transaction; whose rows, row-level security says. */
#pragma once
#include "sql/db.h"
#include "sql/lead.h"
#include <jansson.h>

/* interested, contact, visit, offer, contract, registered, ended; NULL-ended. */
const char *const *follow_stages(void);

/* The most urgent first, as follow-list.sql says; stage NULL: every one but those that ended. The caller owns it. */
json_t *follow_list(struct db *db, int agency_id, const char *stage, int limit, GError **error);
/* One, with `steps`, the newest first; SQL_ERROR_NOT_FOUND: nobody is interested, and nobody follows it up. */
json_t *follow_find(struct db *db, int agency_id, const struct lead_id *id, GError **error);
/* Nobody else changes this one until the transaction ends. */
bool follow_lock(struct db *db, const struct lead_id *id, GError **error);

struct follow_step {
    int agency_id;
    struct lead_id id; /* as follow_find() answers it */
    const char *stage;
    const char *due, *deal, *note; /* NULL: none */
    const char *by, *now;
};
/* Keeps where it stands now, and the step that led there. */
bool follow_keep(struct db *db, const struct follow_step *step, GError **error);
