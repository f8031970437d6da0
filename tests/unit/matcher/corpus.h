/* corpus.h - made-up token corpora for property tests: the same numbers give the same corpus. */
#pragma once
#include "matcher/search.h"

struct corpus {
    uint32_t docs;
    int64_t *ids;
    uint32_t **tokens; /* of each document: numbers below `words`, rare ones rarer */
    uint32_t *lengths;
    uint32_t words;
};

uint32_t corpus_random(uint64_t *state, uint32_t below);
uint32_t corpus_word(uint64_t *state, uint32_t words); /* small numbers are frequent */
struct corpus corpus_make(uint64_t seed, uint32_t docs, uint32_t words, uint32_t longest);
void corpus_clear(struct corpus *corpus);

uint64_t corpus_hash(uint32_t word);
struct index *corpus_index(const struct corpus *corpus);
struct query *corpus_query(const struct index *ix, const uint32_t *words, uint32_t count);
struct profile *corpus_profile(const struct index *ix, const struct corpus *corpus,
                               uint32_t doc);

/* The k best by the formulas of index.h and query.h alone, without the engine. Returns how many. */
size_t corpus_brute_force(const struct corpus *corpus, const uint32_t *words, uint32_t count,
                          size_t k, struct hit *out);
