/* match.h - the database's side of matching: the patents that an agency holds, its standing needs, and their leads. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* One matching of an agency at a time, whoever else runs. Outside of transactions. */
bool match_lock(struct db *db, int agency_id, GError **error);
void match_unlock(struct db *db, int agency_id);

/* As match-needs.sql says. Inside a transaction, like everything below. */
json_t *match_needs(struct db *db, int agency_id, const char *today, GError **error);

/* As match-batch-needs.sql says. */
json_t *match_batch_needs(struct db *db, int agency_id, int64_t batch_id, int most,
                          GError **error);

/* The latest change among the agency's patents; 0 when there are none. */
bool match_latest(struct db *db, int agency_id, int64_t *out, GError **error);

/* One patent while match_patents() runs; the texts are valid during the call. */
struct match_patent {
    int64_t patent_id;
    int64_t seq;                  /* of its latest change */
    const char *title, *abstract; /* NULL where there is none */
    const char *const *classes;   /* NULL-ended */
    const char *const *
        owners; /* applicants and assignees as written, then "=" and what its family is known by; NULL-ended */
    const char *legal_status, *type, *application_date; /* NULL where not known */
};
/* Which of an agency's patents: ids from first to last, changed after `since`; -1: all, by a road that reads them once through. */
struct match_range {
    int agency_id;
    int64_t first, last;
    int64_t since;
    bool (*stop)(
        void *user); /* asked now and then: true ends it early, as a failure; NULL: never */
    void *stop_user;
};
/* Calls `each` for them as the server sends them: memory stays flat. */
bool match_patents(struct db *db, const struct match_range *range,
                   void (*each)(const struct match_patent *patent, void *user), void *user,
                   GError **error);
/* Calls `each` with the ids of the range that the agency holds no longer, and of patents that were found to be others; some may never have
 * been the agency's. */
bool match_lost(struct db *db, const struct match_range *range,
                void (*each)(int64_t patent_id, void *user), void *user, GError **error);

/* {title, abstract} of a patent that the agency holds; SQL_ERROR_NOT_FOUND. */
json_t *match_text(struct db *db, int agency_id, int64_t patent_id, GError **error);

/* [{patent_id, title, abstract}] of those patents ([string]) that there are. */
json_t *match_texts(struct db *db, const json_t *patent_ids, GError **error);

/* Where the database stands: {latest, removals, database, ledger, ledger_seq, entry}, as match-mark.sql says. */
json_t *match_mark(struct db *db, int agency_id, int64_t ledger_seq, GError **error);

/* Calls `each` for everything sent. */
bool match_pushed(struct db *db, int agency_id,
                  void (*each)(int64_t patent_id, int64_t enterprise_id, void *user),
                  void *user, GError **error);

/* [need_id] of the needs that have a lead on one of the patents (ids as strings). */
json_t *match_needs_with(struct db *db, int agency_id, json_t *patent_ids, GError **error);

struct match_counts {
    int64_t proposed;   /* leads that are new, or weighed anew with another result */
    int64_t superseded; /* proposals that others have pushed out */
};
/* Writes the best leads of some needs. `leads`: rows of the table lead without change_seq and proposed_at; `progress`:
 * [{need_id (string), agency_id, need_seq, patent_seq, model}]. `weighed`: ids of the needs whose leads these are; proposals of
 * theirs that are not among `leads` are superseded. Adds to `counts`. */
bool match_write(struct db *db, json_t *leads, json_t *weighed, json_t *progress,
                 const char *now, struct match_counts *counts, GError **error);
