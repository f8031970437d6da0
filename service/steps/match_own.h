/* match_own.h - the inside of a matching, for match.c, which proposes leads, and explain.c, which shows one. */
#pragma once
#include "matcher/aspects.h"
#include "matcher/explain.h"
#include "matcher/parts.h"
#include "matcher/reason.h"
#include "service/steps/interest.h"
#include "service/steps/match.h"

struct matching {
    struct db *db;
    const struct match_options *options;
    struct match_report *report;
    struct living_store *own; /* where none was handed in */
    struct living *living;
    const struct living_state *state; /* held until the end; NULL: not read yet */
    struct parts *parts;              /* of the state */
    struct parts_searcher *searcher;
    GHashTable *pushed; /* "PATENT-ENTERPRISE" */
    struct interest_state interest;
    char *
        model; /* what leads are weighed with: MATCH_MODEL, and the version of what was learned */
    int64_t latest;
    json_t *needs;
};

void matching_init(struct matching *matching, struct db *db,
                   const struct match_options *options, struct match_report *report);
void matching_clear(struct matching *matching);

/* Inside a transaction: what was learned from answers, and so the model's name. */
bool matching_read_model(struct matching *matching, GError **error);

/* Inside a transaction: the agency's patents as they are now, and what has been pushed. */
bool matching_read_patents(struct matching *matching, GError **error);

/* The state that is searched until it is let go, which another may follow. */
void matching_hold(struct matching *matching);
void matching_let_go(struct matching *matching);

/* What names a push in `pushed`. */
char *matching_pushed_key(int64_t patent_id, int64_t enterprise_id);

/* Of a row of match_needs. */
struct query *matching_query(const struct matching *matching, const json_t *need);

/* A patent as it was weighed for a need. */
struct weighed {
    int64_t patent_id;
    uint32_t score;
    double fit, class_share;
    json_t *reasons, *aspects; /* whoever made it lets them go */
};
/* A row of the table lead but for its twins. `next`: the score of the need's next lead; of the last one its own. */
json_t *matching_lead(const struct matching *matching, const json_t *need,
                      const struct weighed *weighed, uint32_t next, uint32_t rank);

/* The best of a range for a need, which others fold and rank: [{patent_id, score, fit, class_share, reasons, aspects, owners, sketch}],
 * a new array. */
json_t *matching_candidates(const struct matching *matching, const json_t *need,
                            const struct query *query, size_t room);

/* Searches a need whole: appends rows of the table lead, counts into the report. */
void matching_search_need(const struct matching *matching, const json_t *need, json_t *leads);

/* Every filter (filter_check_all), a new array; *first: the one that holds the pair back, or NULL. */
json_t *matching_filters(const struct matching *matching, const json_t *need, int64_t patent_id,
                         const char **first);

/* The score of a patent for a need, as its text is now; 0 where it is not held. */
uint32_t matching_score(const struct matching *matching, const struct query *query,
                        int64_t patent_id);

/* Whether two patents are of one family, or say nearly the same and have an owner in common. */
bool matching_are_twins(const struct held_patent *a, const struct held_patent *b);

/* What there is to match a need by, among all patents that the matching holds. */
struct need_strength matching_strength(const struct matching *matching,
                                       const struct query *query);

/* [{kind, text, covered}] of what the need names (struct aspect): whether a patent speaks of it. */
json_t *matching_aspects(const struct matching *matching, const GArray *aspects,
                         const struct query *query, int64_t patent_id);
/* [{start, len, char_start, char_len}] where a text of the index's patent (null: none) says what the query says. */
json_t *matching_spans(const struct query *query, const struct index *ix, const json_t *text);
/* The share of a score that classes in common have given. */
double matching_class_share(const struct reasons *reasons);
json_t *matching_reasons(const struct reasons *reasons);
