/* plan.h - a query held against one index: where the postings of its terms are, those of rare terms already read.
 *
 * For search.c, which keeps one plan and sets it anew for each query. */
#pragma once
#include "matcher/index_own.h"
#include "matcher/query.h"

struct plan_row {
    struct kernel_row row; /* its weight is the term's, however great */
    const uint8_t *crest;
    uint8_t times_max;
};

struct plan_tiled {
    const struct index_term *term;
    uint32_t weight;
};

/* Postings that are added up one by one, those of one tile at a time: of a rare term, or those with an f above what lists and
 * rows hold. */
struct plan_run {
    const struct index_heavy
        *heavy; /* by document; NULL: they begin at `first` in the plan's docs and points */
    size_t first;
    uint32_t weight; /* of heavy ones */
    uint32_t count;
    uint32_t at; /* the first that has not been added */
};

struct plan_found { /* a term of the query that the index knows */
    uint32_t term, weight;
};

struct plan {
    const struct kernel *kernel;
    GArray *found, *rows, *tiled, *runs;
    uint32_t *docs; /* of rare terms, as they were read, and the points that each gets */
    uint32_t *points;
    size_t count, room;
    uint32_t bound; /* the most that all runs give to one document */
    uint32_t next;  /* the document behind those that were added last */
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan);
void plan_set(struct plan *plan, const struct kernel *kernel, const struct index *ix,
              const struct query *query);

/* Adds the points of the documents from `first` to before `end` to sums[document - first]. Quick where they follow those of the
 * last call. */
void plan_add(struct plan *plan, uint32_t first, uint32_t end, uint32_t *sums);
