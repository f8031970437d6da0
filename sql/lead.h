/* lead.h - the review queue: scored pairs of patent and need, and what a person decided about them.
 *
 * A lead's id is "PATENTID-NEEDID" (patent ids may be negative). A patent that was found to be the same application as another
 * leaves its id behind; old ids are followed to where the lead is now.
 *
 *   proposed --accept--> accepted --push--> pushed
 *      |  \--reject--> rejected <--reject--/  (a rejected lead may be accepted after all; a pushed one stays pushed)
 *      |<--taken back--(either, for as long as the decision is held, by whoever made it; until then it is not pushed)
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
    int hold_s; /* 0: it holds at once; else it can be taken back for so long, and must be the first one on a proposal */
};

/* Decides one lead. Saying the same again changes nothing (LEAD_ALREADY; accepting a pushed one too). SQL_ERROR_NOT_FOUND
 * when there is no such lead, SQL_ERROR_STATE when it was pushed or superseded already. */
bool lead_decide(struct db *db, const struct lead_id *id, const struct lead_decision *decision,
                 enum lead_outcome *out, GError **error);

/* {state, decided_by, decided_at, decision_reason, held_until, agency_id} of a lead, found by an old id, too. A new reference. */
json_t *lead_standing(struct db *db, const struct lead_id *id, GError **error);

/* What a person decided at that moment is undecided again; the leads' ids, a new reference. Empty: it is held no longer. */
json_t *lead_take_back(struct db *db, int agency_id, const char *by, const char *decided_at,
                       const char *now, GError **error);

/* Proposed leads whose probability is at least so high: how many there are; and accepts them. */
bool lead_count_likely(struct db *db, int agency_id, double probability, int64_t *out,
                       GError **error);
bool lead_accept_likely(struct db *db, int agency_id, double probability,
                        const struct lead_decision *decision, int *out, GError **error);

/* {agency_id, need, patent}: what they say, as lead-texts.sql has it. A new reference; SQL_ERROR_NOT_FOUND. */
json_t *lead_texts(struct db *db, const struct lead_id *id, GError **error);

/* Accepts every proposed lead whose fit is at least `fit`; counts those accepted now. */
bool lead_accept_above(struct db *db, int agency_id, double fit,
                       const struct lead_decision *decision, int *out, GError **error);

/* Supersedes proposals whose need stands no longer on that day, or whose right is no longer alive; *out: how many. */
bool lead_expire(struct db *db, const char *today, int *out, GError **error);

/* The id itself and every id it was merged into, as text of a bigint[] ("{1,2}"); the last one is where it is now (*last,
 * where wanted). The caller frees. */
char *lead_patent_ids(struct db *db, int64_t patent_id, int64_t *last, GError **error);
