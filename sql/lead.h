/* lead.h - the review queue: scored pairs of patent and need, and what a person decided about them.
 *
 * A lead's id is "PATENTID-NEEDID" (patent ids may be negative). A patent that was found to be the same application as another
 * leaves its id behind; old ids are followed to where the lead is now.
 *
 *   proposed --accept--> accepted --push--> pushed
 *      |  \--reject--> rejected <--reject--/  (a rejected lead may be accepted after all; a pushed one stays pushed)
 *      \--weighed again--> superseded
 *
 * Every call runs in the caller's transaction (db_begin). Moments are text that PostgreSQL reads. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct lead_id {
    int64_t patent_id;
    int64_t need_id;
};

/* Reads "PATENTID-NEEDID"; false when it is not one. */
bool lead_id_read(const char *text, struct lead_id *out);
/* The caller frees. */
char *lead_id_text(const struct lead_id *id);

struct lead_filter {
    int agency_id;     /* 0: every one that the transaction sees */
    const char *state; /* NULL: every one */
    const char *need;  /* a need's id or the agency's name for it; NULL: every one */
    int limit;
};

/* Leads, best first: an array of objects as lead-list.sql says. */
json_t *lead_list(struct db *db, const struct lead_filter *filter, GError **error);

enum lead_verdict { LEAD_ACCEPT, LEAD_REJECT };
enum lead_outcome { LEAD_DECIDED, LEAD_ALREADY };

struct lead_decision {
    enum lead_verdict verdict;
    const char *by;     /* who */
    const char *reason; /* NULL when not said */
    const char *now;
};

/* Decides one lead. Saying the same again changes nothing (LEAD_ALREADY; accepting a pushed one too). SQL_ERROR_NOT_FOUND
 * when there is no such lead, SQL_ERROR_STATE when it was pushed or superseded already. */
bool lead_decide(struct db *db, const struct lead_id *id, const struct lead_decision *decision,
                 enum lead_outcome *out, GError **error);

/* Accepts every proposed lead whose fit is at least `fit`; counts those accepted now. */
bool lead_accept_above(struct db *db, int agency_id, double fit,
                       const struct lead_decision *decision, int *out, GError **error);

/* Supersedes proposals whose need stands no longer on that day, or whose right is no longer alive; *out: how many. */
bool lead_expire(struct db *db, const char *today, int *out, GError **error);

/* The id itself and every id it was merged into, as text of a bigint[] ("{1,2}"); the last one is where it is now (*last,
 * where wanted). The caller frees. */
char *lead_patent_ids(struct db *db, int64_t patent_id, int64_t *last, GError **error);
