/* match.h - the step that proposes leads: an agency's patents against its standing needs.
 *
 * A need that is new, changed, or was weighed by another model is searched whole. A need that was weighed before is compared
 * only with the patents that have changed since; where one of these would be among its best, or was, the need is searched
 * again, so that its leads are the same as if it had been searched from scratch. Each need's progress is written in the
 * transaction that writes its leads: killed at any moment and run again, the end is the same; run again with nothing changed,
 * it reads a few numbers and does nothing. The patents themselves stay in a living index (living.h).
 *
 * The probability of a lead is a prior until `train --feedback` has learned from answers (matcher/interest.h). What was learned
 * is part of the model's name, so that all needs are weighed again when it changes. */
#pragma once
#include "service/steps/living.h"
#include <jansson.h>

#define MATCH_MODEL "words-3"

struct match_options {
    int agency_id;
    const char *today;
    int k;    /* leads a need */
    bool all; /* weigh every need anew */
    const char *const
        *needs; /* only these, by the agency's name or id, NULL-ended; NULL: every one */
    const char *const *
        patents; /* weigh these against all needs, by patent id (decimal); NULL: those that changed */
    struct living_store
        *store; /* the patents' indexes, kept for the next time; NULL: made and thrown away */
    bool (*stop)(
        void *user); /* asked between transactions: true ends the run early; NULL: never */
    void *user;
};

struct match_report {
    int64_t needs;    /* standing needs */
    int64_t patents;  /* patents weighed with; 0 when there was nothing to do */
    int64_t searched; /* needs searched whole */
    int64_t compared; /* pairs of changed patent and standing need */
    int64_t proposed; /* leads new, or with another score than before */
    int64_t superseded;
    GPtrArray
        *thin; /* char *: needs searched that are too thin to match on; the caller unrefs */
    int64_t index_bytes;   /* of what was searched; 0 when there was nothing to do */
    GHashTable *held_back; /* filter's name -> count (GINT_TO_POINTER); the caller unrefs */
};

/* SQL_ERROR_… when the database failed; what was committed stays. SQL_ERROR_NOT_FOUND names a need that is not there. */
/* What a report holds; it may be empty, or cleared before. */
void match_report_clear(struct match_report *report);
bool match_run(struct db *db, const struct match_options *options, struct match_report *out,
               GError **error);
