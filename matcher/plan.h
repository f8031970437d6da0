/* plan.h - a query held against one index: where the postings of its terms are, those of rare terms already read.
 *
 * For search.c, which keeps one plan and sets it anew for each query. */
#pragma once
#include "matcher/index_own.h"
#include "matcher/query.h"

struct plan_row {
    struct kernel_row row; /* its weight is the term's, however great */
    uint8_t times_max;
};

struct plan_tiled {
    const struct index_term *term;
    uint32_t weight;
};

/* One list of a term that has one list (or two) over all tiles. */
struct plan_whole {
    size_t first;     /* of its postings in docs and times */
    uint32_t count;
    uint32_t at;      /* how many of them lie before the tile that is searched */
    uint32_t weight;
    uint8_t times_max;
    bool is_flat;
};

struct plan_heavy { /* a posting with an f above those in the lists */
    uint32_t doc, points;
};

struct plan {
    GArray *rows, *tiled, *wholes, *heavy; /* heavy: documents rising */
    uint32_t *docs; /* what wholes lead to */
    uint8_t *times;
    size_t count, room;
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan);
void plan_set(struct plan *plan, const struct index *ix, const struct query *query);
