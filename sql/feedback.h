/* feedback.h - what an enterprise answered to a push.
 *
 * An answer implies that the push was opened: it keeps the events opened and answered on the channel inbox, the first time each.
 * "stop" ends this agency's pushes to the enterprise, until it takes that back (own_resume): push_candidates says so, and what waits
 * in the outbox is given up. The same answer given again (same words, nothing said between) is no second row. In the caller's transaction. */
#pragma once
#include "sql/db.h"
#include "sql/lead.h"
#include <jansson.h>

struct feedback {
    struct lead_id lead;
    const char *answer;  /* interested, not_fit, stop */
    const char *because; /* a code, or NULL */
    const char *note;    /* or NULL */
    const char *by;
    const char *now;
    const char
        *address;  /* a digest of where it came from, for "opened" and "answered"; or NULL */
    bool invented; /* made-up data; so is every answer to an invented push */
};

/* Keeps an answer. *out: {lead, push_id, enterprise, recorded: false when it was known already, invented, withdrawn: rows of the
 * outbox given up}. SQL_ERROR_NOT_FOUND when the lead was never pushed. */
bool feedback_add(struct db *db, const struct feedback *feedback, json_t **out, GError **error);
