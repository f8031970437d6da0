/* match_own.h - the inside of a matching, for match.c, which proposes leads, and explain.c, which shows one. */
#pragma once
#include "matcher/reason.h"
#include "matcher/search.h"
#include "service/steps/match.h"

/* What the filters ask about a patent; its texts are only in the index. */
struct held_patent {
    int64_t patent_id, seq;
    char **owners; /* folded */
    char *legal_status, *type, *application_date;
    char *title, *abstract; /* of the shown patent alone */
    struct sketch sketch;
};

struct matching {
    struct db *db;
    const struct match_options *options;
    struct match_report *report;
    struct dictionary *dictionary; /* NULL: none came with the program */
    struct index_builder *builder;
    struct index *index;
    struct searcher *searcher;
    GHashTable *patents; /* int64 id -> struct held_patent * */
    GHashTable *pushed;  /* "PATENT-ENTERPRISE" */
    int64_t latest;
    int64_t shown; /* the patent whose texts are kept; 0: none */
    json_t *needs;
};

void matching_init(struct matching *matching, struct db *db,
                   const struct match_options *options, struct match_report *report);
void matching_clear(struct matching *matching);

/* Inside a transaction: all patents of the agency, and what has been pushed; makes the index. */
bool matching_read_patents(struct matching *matching, GError **error);

/* What names a push in `pushed`. */
char *matching_pushed_key(int64_t patent_id, int64_t enterprise_id);

/* Of a row of match_needs. */
struct query *matching_query(const struct matching *matching, const json_t *need);

/* Searches a need whole: appends rows of the table lead, counts into the report. */
void matching_search_need(const struct matching *matching, const json_t *need, json_t *leads);

/* The filter that holds the pair back, or NULL. */
const char *matching_filter(const struct matching *matching, const json_t *need,
                            int64_t patent_id);

/* Whether two patents say nearly the same and have an owner in common. */
bool matching_are_twins(const struct held_patent *a, const struct held_patent *b);

json_t *matching_reasons(const struct reasons *reasons);
