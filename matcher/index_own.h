/* index_own.h - what index.c and index_builder.c share: the hash table over terms, and a document's length. Only for them. */
#pragma once
#include "matcher/index.h"

/* The slot of a hash: it holds number + 1 of the term, or 0 when there is none yet. */
uint32_t *index_slot(const struct index *ix, uint64_t hash);

/* A new table of `count` slots (a power of two) with all terms in it. */
void index_set_slots(struct index *ix, uint32_t count);

/* How many terms of a kind a bag holds, the title weighed in. */
uint32_t index_bag_length(const struct index *ix, const struct bag *bag, enum term_kind kind);
