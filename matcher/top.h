/* top.h - the k best so far: a heap with the worst of them at its root.
 *
 * Of equal scores the smaller id is better. Once there are k, only a score of at least `floor` can change anything. */
#pragma once
#include "matcher/search.h"

struct top {
    struct hit *hits; /* room for k, the caller's */
    size_t count, k;
    uint32_t floor; /* 0 until there are k */
};

/* Whether a hit would come in: for k > 0. */
bool top_wants(const struct top *top, uint32_t score, int64_t id);

/* Only for one that it wants. */
void top_offer(struct top *top, struct hit hit);

/* The k-th greatest of some numbers; 0: there are not so many. k > 0. */
uint32_t top_kth(const uint32_t *numbers, uint32_t count, size_t k);

/* search.c: goes on with what another index has given; k > 0. */
void search_more(struct searcher *s, const struct query *query, enum search_mode mode,
                 search_keep *keep, void *user, struct top *top);

/* Sorts the hits, best first; the heap is over. */
void top_sort(struct top *top);
