/* endpoint.h - where an enterprise receives an agency's pushes, beside the inbox. Secrets come sealed; this room can't open them.
 * One in use per agency, enterprise and channel; one that was turned off stays on record. In the caller's transaction.
 *
 * What a person sets, rolls, turns off or on, and each test message, is an entry `channel` of the ledger, without rows: where a push goes
 * decides whose answer counts as the enterprise's own. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* The enterprise with this credit code; SQL_ERROR_NOT_FOUND. */
bool endpoint_enterprise(struct db *db, const char *uscc, int64_t *out, GError **error);

struct endpoint {
    int agency_id;
    int64_t enterprise_id;
    const char *channel; /* "webhook" */
    const char *url;
    const unsigned char *sealed; /* nonce in front */
    size_t sealed_len;
};

/* Adds one; where one is in use its address and secret are replaced, and what waits in the outbox follows. *id: its id. */
bool endpoint_add(struct db *db, const struct endpoint *endpoint, const char *now, int64_t *id,
                  GError **error);
/* Array of {endpoint_id, agency, enterprise, uscc, channel, url, created_at, disabled_at, disabled_reason}. */
json_t *endpoint_list(struct db *db, int agency_id, GError **error);
/* Gives the endpoint in use a new secret (`which->sealed`); the one so far signs beside it until then. SQL_ERROR_NOT_FOUND when
 * there is none. */
bool endpoint_roll(struct db *db, const struct endpoint *which, const char *until,
                   GError **error);
/* Forgets old secrets that sign no more. */
bool endpoint_forget(struct db *db, const char *now, GError **error);
/* Turns one off; one that is off already is left as it is. */
bool endpoint_disable(struct db *db, const char *endpoint_id, const char *now,
                      const char *reason, GError **error);
/* Turns off what an enterprise has for a channel; SQL_ERROR_NOT_FOUND when that is nothing. */
bool endpoint_remove(struct db *db, const struct endpoint *which, const char *now,
                     GError **error);
/* Turns on what it had last for a channel; SQL_ERROR_STATE when one is in use, or there never was one. */
bool endpoint_on(struct db *db, const struct endpoint *which, GError **error);
/* What a test message is sent to, in use or not: {endpoint_id, url, secret_sealed (hex), old_secret_sealed (hex or null), disabled}, the
 * caller's. Pushes to it wait for `pace_ms` more. SQL_ERROR_NOT_FOUND. */
json_t *endpoint_trial(struct db *db, const struct endpoint *which, const char *now,
                       int pace_ms, GError **error);
/* The ledger's entry of this transaction: "webhook of USCC", and what was done. */
void endpoint_say(struct db *db, int agency_id, const char *uscc, const char *channel,
                  const char *what);
