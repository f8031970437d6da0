/* step.h - which of several daemons does a step of the service.
 *
 *   nobody leads --step_lead--> leads under the number n --its session ends--> nobody leads
 *
 * A leader's session holds an advisory lock; the server gives it up when the session ends, as it does when its process dies. A
 * process that is stopped keeps its session: its beats stay away, and another one has the server end that session
 * (step_depose). What it wakes up to is a session that is gone, and were it to find another: every transaction that it begins
 * asks for its number first (db_fence), and SQL_ERROR_FENCED is the answer once somebody else leads. A new leader waits for
 * transactions that were begun under the old number. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Tries to lead, outside of transactions. *fence: the number, from now on that of this session's transactions; 0: another one
 * leads. */
bool step_lead(struct db *db, const char *name, const char *who, int64_t *fence,
               GError **error);
/* Leads no more. */
void step_leave(struct db *db, const char *name);

/* Says, on whichever session, that the leader lives. *leads: it still does. */
bool step_beat(struct db *db, const char *name, int64_t fence, bool *leads, GError **error);
/* Ends the session of a leader that has given no sign since `beats`; *ended: there was one. */
bool step_depose(struct db *db, const char *name, int64_t fence, int64_t beats, bool *ended,
                 GError **error);

struct step_run {
    const char *name;
    int64_t fence, took_ms;
    const char *failure;  /* NULL: it was done */
    const json_t *gauges; /* {name: number}, or NULL */
};
/* Keeps what came of a run; SQL_ERROR_FENCED when another one leads by now. A transaction of its own. */
bool step_note(struct db *db, const struct step_run *run, GError **error);

/* As step-list.sql says. A transaction of its own. The caller owns it. */
json_t *step_list(struct db *db, GError **error);
