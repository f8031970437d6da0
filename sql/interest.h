/* interest.h - the database's side of P(interested): answers to learn from, and what was learned. Inside a transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* As interest-leads.sql, interest-history.sql and interest-latest.sql say. */
json_t *interest_leads(struct db *db, int agency_id, GError **error);
json_t *interest_history(struct db *db, int agency_id, GError **error);
json_t *interest_latest(struct db *db, int agency_id, GError **error);

bool interest_write(struct db *db, int agency_id, const json_t *body, const char *now,
                    int64_t *version, GError **error);
