/* top.h - the k best so far: a heap with the worst of them at its root.
 *
 * Offer hits in rising order of doc: then an equal score that comes later is behind, and never gets in once the heap is full.
 * So `floor` is all that a search needs to know: only a score above it can change anything. */
#pragma once
#include "matcher/search.h"

struct top {
    struct hit *hits; /* room for k, the caller's */
    size_t count, k;
    uint32_t floor; /* 0 until there are k */
};

/* Only for a score above the floor, and k > 0. */
void top_offer(struct top *top, struct hit hit);

/* Sorts the hits, best first; the heap is over. */
void top_sort(struct top *top);
