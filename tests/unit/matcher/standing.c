/* Needs in their thousands: the best ones without adding up everything are those that adding up finds, by every kernel. */
#include "matcher/kernel.h"
#include "matcher/search.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { NEEDS = 21000, DOCS = 60, K_MAX = 300, NEED_MAX = 30 };

struct world {
    struct corpus corpus;
    struct index *ix;
    struct standing *standing;
    uint32_t *scores;
};

/* Frequent words, some of them several times, one of them very often now and then: weights that a row's table lacks. */
static struct query *given_need(const struct world *w, uint64_t *state, uint32_t number)
{
    uint32_t words[NEED_MAX + 20], count = 1 + corpus_random(state, NEED_MAX);
    for (uint32_t i = 0; i < count; i++)
        words[i] = corpus_word(state, w->corpus.words);
    for (uint32_t i = 0; number % 97 == 5 && i < 20; i++)
        words[count++] = i < 12 ? 0 : number % w->corpus.words;
    return corpus_query(w->ix, words, count);
}

static struct world given_world(uint64_t seed, uint32_t needs, uint32_t vocabulary)
{
    struct world w = {.corpus = corpus_make(seed, DOCS, vocabulary, 40)};
    struct query **queries = g_new(struct query *, needs);
    uint64_t state = seed;
    w.ix = corpus_index(&w.corpus);
    for (uint32_t i = 0; i < needs; i++)
        queries[i] = given_need(&w, &state, i);
    w.standing = standing_new((const struct query *const *)queries, needs);
    w.scores = g_new(uint32_t, needs);
    for (uint32_t i = 0; i < needs; i++)
        query_free(queries[i]);
    g_free(queries);
    return w;
}

static void forget(struct world *w)
{
    standing_free(w->standing);
    index_free(w->ix);
    corpus_clear(&w->corpus);
    g_free(w->scores);
}

static void compare(const struct world *w, struct standing_searcher *searcher, uint32_t doc,
                    uint32_t needs, size_t k)
{
    struct hit want[K_MAX], got[K_MAX];
    g_autoptr(match_profile) profile = corpus_profile(w->ix, &w->corpus, doc);
    standing_score(w->standing, profile, w->scores);
    size_t wanted = standing_top(w->scores, needs, k, want);
    cr_assert_eq(standing_best(searcher, profile, k, got), wanted, "document %u, k %zu", doc,
                 k);
    for (size_t i = 0; i < wanted; i++)
        cr_assert(got[i].doc == want[i].doc && got[i].score == want[i].score,
                  "document %u, k %zu, rank %zu: need %u with %u, should be %u with %u", doc, k,
                  i, got[i].doc, got[i].score, want[i].doc, want[i].score);
}

static void compare_all(uint64_t seed, uint32_t needs, uint32_t vocabulary)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    static const size_t ks[] = {1, 5, 20, K_MAX};
    struct world w = given_world(seed, needs, vocabulary);
    for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++) {
        const struct kernel *kernel = kernel_named(kernels[i]);
        if (!kernel)
            continue; /* not on this processor */
        g_autoptr(match_standing_searcher) searcher =
            standing_search_new_with(w.standing, kernel);
        for (uint32_t doc = 0; doc < DOCS; doc++)
            compare(&w, searcher, doc, needs, ks[doc % G_N_ELEMENTS(ks)]);
    }
    forget(&w);
}

Test(standing, the_best_needs_are_those_that_adding_up_finds)
{
    compare_all(1, NEEDS, 3000); /* rare words, and rows */
    compare_all(2, NEEDS, 300);  /* nearly all are rows, more than there is room for */
    compare_all(3, 2048, 100);   /* one tile, just full */
    compare_all(4, 63, 50);      /* not one chunk */
}

Test(standing, no_needs_and_none_wanted)
{
    struct corpus corpus = corpus_make(1, 5, 20, 10);
    g_autoptr(match_index) ix = corpus_index(&corpus);
    g_autoptr(match_profile) profile = corpus_profile(ix, &corpus, 0);
    g_autoptr(match_standing) none = standing_new(NULL, 0);
    g_autoptr(match_standing_searcher) searcher = standing_search_new(none);
    struct hit hits[3];
    cr_assert_eq(standing_best(searcher, profile, 3, hits), 0);
    cr_assert_eq(standing_best(searcher, profile, 0, hits), 0);
    corpus_clear(&corpus);
}
