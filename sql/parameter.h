/* parameter.h - officials' decisions on what a policy's definitions leave open: appended, never changed, reversed by another one.
 *
 * As of a day, known at a moment: the latest effective day wins, then the later decision. Withdrawn, what the pack says holds again.
 * What a pack makes of them is service/track/pack.h's business. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct parameter_decision {
    const char *policy;
    int version;        /* of the pack in hand */
    const char *clause; /* its id, or "": the whole pack's parameter */
    const char *name;
    const json_t *value; /* NULL: withdrawn */
    const char *by;      /* an account with the role official */
    const char *os_user;
    const char *reason;
    const char *effective; /* day from which it holds */
    bool four_eyes;        /* it holds once another official has said the same */
};

/* Records it in a transaction of its own; SQL_ERROR_DENIED when `by` is no official. *waits: it was only proposed. */
bool parameter_decide(struct db *db, const struct parameter_decision *decision, bool *waits,
                      GError **error);

/* [{clause, name, value, by, reason, effective, at, late}] in force. Inside a transaction. */
json_t *parameter_decided(struct db *db, const char *policy, const char *as_of,
                          const char *known_at, const char *time_zone, GError **error);

/* [{clause, parameter, verdict, value, state, by, reason, effective, at, version}]: all that was decided or proposed, in its order. */
json_t *parameter_list(struct db *db, const char *policy, GError **error);
