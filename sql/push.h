/* push.h - making pushes.
 *
 * A push is one patent sent to one enterprise for a stated reason; score, fit, probability, threshold, model and reasons are
 * frozen on it. It is made in one transaction with its inbox event, its lead's new state and its outbox rows. "Not sent before"
 * is held by a unique key, so that it is made once whoever else runs.
 *
 * Every call runs in the caller's transaction. Moments are text that PostgreSQL reads. The JSON that these answer is the
 * caller's. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* One maker at a time, until the transaction ends: candidates, limits and pushes are of one piece. */
bool push_lock(struct db *db, GError **error);

struct push_page {
    int agency_id;        /* 0: every one */
    const char *week_ago; /* the moment since when an enterprise's pushes are counted */
    const json_t *after;  /* the last candidate seen, or NULL */
    int limit;
};

/* Accepted leads, best first, with all that decides whether they may go out now. Beside the columns of push-candidates.sql
 * (title, legal_status, legal_status_date, application_date, type, applicants, assignees, enterprise, uscc, affiliates,
 * need_state, need_valid_from, need_valid_to, wishes {channels, weekly_limit, quiet}, invented, pushed_before …) each has
 *   affiliate_names  array: names of enterprises affiliated by either side's list
 *   stopped          the enterprise told this agency to stop
 *   pushed_week      pushes to the enterprise since week_ago, of every agency
 *   endpoints        {channel: endpoint_id} in use for this agency and enterprise */
json_t *push_candidates(struct db *db, const struct push_page *page, GError **error);

/* Makes pushes. `wanted`: array of {patent_id, push_id, need_id, agency_id, enterprise_id, score, fit, probability, threshold,
 * model, reasons, invented, outbox: [{endpoint_id, channel, body, next_attempt_at}]}. *made becomes the array of
 * {patent_id, need_id, push_id} that were made now; what was pushed before is not among them. SQL_ERROR_AGAIN: a lead was
 * decided otherwise meanwhile; undo, and begin again from the candidates. */
bool push_make(struct db *db, const json_t *wanted, const char *now, json_t **made,
               GError **error);
