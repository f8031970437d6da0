/* figures_internal.h - what a request comes to, and the contracts that several clauses count. */
#pragma once
#include "service/track/figures.h"
#include "sql/track.h"

typedef struct asked {
    char *known_at;
    const char *as_of; /* as asked, or the default */
    const char
        *day; /* the one that the base database shows: the policy's last, when it lies behind */
    bool ended, in_force;
    json_t *values; /* of each clause: what its metrics read */
    json_t
        *decided; /* of each clause: what officials decided by its day: parameter_decided() */
    int agency_id;
    bool bare;   /* set before it is read: pairs of needs of a past moment are not wanted yet */
    bool keep;   /* read and add to what is kept */
    char *state; /* with keep: the state of the database that is counted */
    json_t *
        counted; /* with keep: what was counted anew, or holds since long ago, for kept_add() */
} asked_t;
void asked_clear(struct asked *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asked_t, asked_clear)

/* Reads what a request comes to, in a transaction of track_begin(). */
bool asked_read(struct db *db, const struct pack *pack, const struct figures_request *request,
                struct asked *out, GError **error);
/* What a metric's function is asked; its pack is `*values`, which the caller frees. */
struct track_query asked_query(const struct pack *pack, const struct asked *asked,
                               const char *metric, char **values);
/* Keeps the pack and compares needs, before anything is counted; PACK_ERROR_NOT_FOUND where no clause counts `metric` (NULL: any). */
bool figures_prepare(struct db *db, const struct pack *pack,
                     const struct figures_request *request, const char *metric, GError **error);

/* The pack's clauses; their places are those of `values`. */
const json_t *asked_clauses(const struct pack *pack);
/* Counts every item of every clause: adds to `figures` those of the base database (track_figures()), to `sums` the others
 * (track_clauses()). */
bool count_all(struct db *db, const struct pack *pack, struct asked *asked, json_t *figures,
               json_t *sums, GError **error);
/* The day that a metric's clause shows. */
const char *asked_day(const struct asked *asked, const char *metric);

/* Whether a clause counts contracts. */
bool overlap_counts(const json_t *clause);
/* [{place, agency_id, contract}] that the clauses from..to-1 count. */
json_t *overlap_contracts(struct db *db, const struct pack *pack, const struct asked *asked,
                          size_t from, size_t to, int agency_id, GError **error);

/* The same of every clause, out of figures and sums that were counted already. */
json_t *overlap_counted(const struct pack *pack, const json_t *figures, const json_t *sums);

/* Where a contract serves one clause alone: those that count it after the first are told not to, in `values`. */
bool overlap_spare(struct db *db, const struct pack *pack, struct asked *asked, GError **error);

/* {"AGENCY/CONTRACT": [clause ids]} of overlap_contracts(). */
json_t *overlap_serving(const struct pack *pack, const json_t *rows);

/* {clause id: how many contracts of this clause and agency it counts, too}. */
json_t *overlap_count(json_t *serving, const char *id, json_int_t agency_id);

/* Adds `also_in`, the other clauses that count its contract, to each row of a clause that counts contracts. */
bool overlap_add(struct db *db, const struct pack *pack, const struct asked *asked,
                 const json_t *clause, json_t *rows, GError **error);

/* What stands before figures and rows. */
json_t *asked_head(struct db *db, const struct pack *pack, const struct asked *asked,
                   GError **error);
/* The rows of track_figures() or track_clauses() of one item of the clause at `place`. */
json_t *count_metric(struct db *db, const struct asked *asked, const char *metric, size_t place,
                     GError **error);
/* Adds `clauses` and `choices`, out of all that was counted. */
bool figures_add(struct db *db, const struct pack *pack, const struct asked *asked,
                 json_t *figures, json_t *sums, json_t *document, GError **error);
