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

struct plan_posting { /* of a rare term, or one with an f above those in lists and rows */
    uint32_t doc, points;
};

struct plan_found { /* a term of the query that the index knows */
    uint32_t term, weight;
};

struct plan {
    const struct kernel *kernel;
    GArray *found, *rows, *tiled;
    struct plan_posting *postings; /* tile by tile */
    uint32_t *starts;              /* of each tile, and one more for the end */
    uint32_t posting_bound;        /* the most that they give to one document */
    uint32_t *docs;                /* scratch: documents and points as they were read */
    uint32_t *points;
    size_t count, room, tile_room;
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan);
void plan_set(struct plan *plan, const struct kernel *kernel, const struct index *ix,
              const struct query *query);
