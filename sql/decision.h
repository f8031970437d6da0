/* decision.h - officials' decisions on what agencies recorded: appended, never changed.
 *
 * The latest effective day wins, then the later decision; reject and withdraw take a fact out. Who decides has the role
 * official; the operating system's user stands beside. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct decision {
    const char *verdict; /* accept, reject, withdraw */
    const char *kind;    /* one of decision_kinds() */
    int agency_id;       /* whose */
    const char *by;      /* an account with the role official */
    const char *os_user;
    const char *reason;
    const char *effective; /* day from which it holds */
    bool invented;         /* made for a demonstration */
};

/* NULL-ended. */
const char *const *decision_kinds(void);

/* Decides on each of these keys, or on none: SQL_ERROR_NOT_FOUND names those that are not there, SQL_ERROR_DENIED says that
 * `by` is no official. Keys are in the form by which they are found: patent: any number without check ("CN201710027729",
 * "CN106970934A"); declared_push: that, '/', credit code; expert: name/employer or the agency's source_id, folded; push: its uuid;
 * open_licence: the patent's number; event, navigation_project, client: the key with its name folded; else the natural key. One transaction of its own. Answers the keys as they are kept,
 * but those on which this very verdict stands from this day on: nothing is recorded of them. */
json_t *decision_add(struct db *db, const struct decision *decision, json_t *keys,
                     GError **error);

/* The same for everything that a load batch brought, even where it was changed since. */
json_t *decision_add_batch(struct db *db, const struct decision *decision, int64_t batch,
                           GError **error);

/* Four eyes, in a transaction of its own: of these keys `ready` are those for which another official has proposed the same verdict
 * with the same effective day (decision_add() may take them now); the others are proposed, and `waiting`. The caller owns both. */
bool decision_propose(struct db *db, const struct decision *decision, json_t *keys,
                      json_t **ready, json_t **waiting, GError **error);

/* [{proposal_id, agency, kind, key, verdict, proposed_by, reason, effective, proposed_at}] that wait for a second official, the latest first;
 * agency_id 0: every one's. In the caller's transaction. */
json_t *decision_waiting(struct db *db, int agency_id, GError **error);
