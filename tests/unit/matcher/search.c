#include "matcher/search.h"
#include "matcher/kernel.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <string.h>

enum { K_MAX = 300, WORDS_MAX = 24 };

static const char *const mode_names[] = {"auto", "pruned", "exhaustive"};

static void expect_same(const struct hit *want, size_t want_count, const struct hit *got,
                        size_t got_count, const char *what)
{
    cr_assert_eq(got_count, want_count, "%s: %zu hits, should be %zu", what, got_count,
                 want_count);
    for (size_t i = 0; i < want_count; i++)
        cr_assert(got[i].id == want[i].id && got[i].score == want[i].score,
                  "%s: rank %zu is %" G_GINT64_FORMAT " with %u, should be %" G_GINT64_FORMAT
                  " with %u",
                  what, i + 1, got[i].id, got[i].score, want[i].id, want[i].score);
}

/* Few frequent words and some rare ones: what pruning lives on. */
static uint32_t random_need(uint64_t *state, uint32_t words, uint32_t *out)
{
    uint32_t count = 1 + corpus_random(state, WORDS_MAX);
    for (uint32_t i = 0; i < count; i++)
        out[i] = i % 3 ? corpus_word(state, words)
                       : corpus_random(state, words + 5); /* some nobody has */
    return count;
}

static const char *const kernel_names[] = {"plain", "avx2", "avx512"};

static void compare_need(const struct corpus *corpus, const struct index *ix,
                         const uint32_t *words, uint32_t count, size_t k)
{
    struct hit want[K_MAX], got[K_MAX];
    size_t wanted = corpus_brute_force(corpus, words, count, k, want);
    g_autoptr(match_query) query = corpus_query(ix, words, count);
    for (size_t i = 0; i < G_N_ELEMENTS(kernel_names); i++) {
        const struct kernel *kernel = kernel_named(kernel_names[i]);
        if (!kernel)
            continue; /* not on this processor */
        g_autoptr(match_searcher) searcher = search_new_with(ix, kernel);
        for (int mode = SEARCH_AUTO; mode <= SEARCH_EXHAUSTIVE; mode++) {
            g_autofree char *what = g_strconcat(kernel->name, " ", mode_names[mode], NULL);
            size_t found =
                search_top(searcher, query, k, (enum search_mode)mode, NULL, NULL, got);
            expect_same(want, wanted, got, found, what);
        }
    }
}

static void compare_roads(const struct corpus *corpus, const struct index *ix, uint64_t *state)
{
    static const size_t ks[] = {1, 3, 20, K_MAX};
    uint32_t words[WORDS_MAX], count = random_need(state, corpus->words, words);
    compare_need(corpus, ix, words, count, ks[corpus_random(state, G_N_ELEMENTS(ks))]);
}

Test(search, pruned_and_exhaustive_and_brute_force_agree_on_small_corpora)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint64_t state = seed;
        struct corpus corpus =
            corpus_make(seed, corpus_random(&state, 200), 5 + corpus_random(&state, 100), 30);
        g_autoptr(match_index) ix = corpus_index(&corpus);
        for (int i = 0; i < 10; i++)
            compare_roads(&corpus, ix, &state);
        corpus_clear(&corpus);
    }
}

/* Words said sixteen times and more, lengths that are rounded. */
Test(search, pruned_and_exhaustive_and_brute_force_agree_on_long_documents)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        uint64_t state = seed;
        struct corpus corpus = corpus_make(seed, 100 + corpus_random(&state, 900),
                                           3 + corpus_random(&state, 60), 400);
        g_autoptr(match_index) ix = corpus_index(&corpus);
        cr_assert_gt(ix->heavy_count, 0);
        for (int i = 0; i < 6; i++)
            compare_roads(&corpus, ix, &state);
        corpus_clear(&corpus);
    }
}

Test(search, pruned_and_exhaustive_and_brute_force_agree_over_several_tiles)
{
    uint64_t state = 7;
    struct corpus corpus = corpus_make(7, 2 * INDEX_TILE + 77, 2000, 12);
    g_autoptr(match_index) ix = corpus_index(&corpus);
    uint32_t forms[3] = {0};
    for (uint32_t t = 0; t < ix->term_count; t++)
        forms[ix->terms[t].form]++;
    cr_assert(forms[INDEX_WHOLE] && forms[INDEX_TILED] && forms[INDEX_ROW],
              "a form of postings is not tried");
    for (int i = 0; i < 12; i++)
        compare_roads(&corpus, ix, &state);
    corpus_clear(&corpus);
}

/* More rows than a scan takes, and weights beyond what a row can have. */
Test(search, pruned_and_exhaustive_and_brute_force_agree_on_a_need_of_many_words)
{
    enum { WORDS = 320 };
    uint32_t words[2 * WORDS];
    uint64_t state = 5;
    struct corpus corpus = corpus_make(5, 700, WORDS, 0);
    for (uint32_t d = 0; d < corpus.docs; d++) {
        corpus.lengths[d] = 180 + d % 3;
        corpus.tokens[d] = g_renew(uint32_t, corpus.tokens[d], corpus.lengths[d]);
        for (uint32_t i = 0; i < corpus.lengths[d]; i++)
            corpus.tokens[d][i] = corpus_random(&state, WORDS);
    }
    g_autoptr(match_index) ix = corpus_index(&corpus);
    for (uint32_t i = 0; i < WORDS; i++) {
        words[i] = i;
        words[WORDS + i] = i < 250 ? 200 : i;
    }
    cr_assert_gt(ix->row_count, KERNEL_ROWS_MAX);
    compare_need(&corpus, ix, words, WORDS, 20);
    compare_need(&corpus, ix, words, 2 * WORDS, 20);
    corpus_clear(&corpus);
}

/* In the first tile the best have both words; behind it most have only the frequent one, which can't lift them in. */
Test(search, tiles_that_can_hold_nothing_better_are_passed_over_rightly)
{
    static const uint32_t need[] = {0, 1};
    struct corpus corpus = corpus_make(3, 4 * INDEX_TILE, 50, 0);
    for (uint32_t d = 0; d < corpus.docs; d++) {
        uint32_t length = d < 100 || d == corpus.docs - 9 ? 2 : 1;
        corpus.tokens[d] = g_renew(uint32_t, corpus.tokens[d], 2);
        corpus.tokens[d][0] = 0;
        corpus.tokens[d][1] = 1;
        corpus.lengths[d] = length;
    }
    g_autoptr(match_index) ix = corpus_index(&corpus);
    g_autoptr(match_searcher) searcher = search_new(ix);
    g_autoptr(match_query) query = corpus_query(ix, need, 2);
    struct hit want[101], got[101];
    size_t wanted = corpus_brute_force(&corpus, need, 2, 101, want);
    cr_assert_eq(wanted, 101);
    cr_assert_eq(want[100].id, corpus.ids[corpus.docs - 9]);
    size_t found = search_top(searcher, query, 101, SEARCH_PRUNED, NULL, NULL, got);
    expect_same(want, wanted, got, found, "101 of 101");
    found = search_top(searcher, query, 50, SEARCH_AUTO, NULL, NULL, got);
    expect_same(want, 50, got, found, "50 of 101");
    corpus_clear(&corpus);
}

Test(search, a_pair_has_one_score_in_every_direction)
{
    uint64_t state = 11;
    struct corpus corpus = corpus_make(11, 120, 60, 25);
    g_autoptr(match_index) ix = corpus_index(&corpus);
    enum { NEEDS = 40 };
    struct query *needs[NEEDS];
    uint32_t words[WORDS_MAX], scores[NEEDS];
    for (int i = 0; i < NEEDS; i++) {
        uint32_t count = random_need(&state, corpus.words, words);
        needs[i] = corpus_query(ix, words, count);
    }
    g_autoptr(match_standing) standing =
        standing_new((const struct query *const *)needs, NEEDS);
    uint64_t sum = 0;
    for (uint32_t d = 0; d < corpus.docs; d++) {
        uint32_t number = index_find(ix, corpus.ids[d]);
        g_autoptr(match_profile) profile = corpus_profile(ix, &corpus, d);
        standing_score(standing, profile, scores);
        for (int i = 0; i < NEEDS; i++) {
            sum += scores[i];
            cr_assert_eq(search_score(needs[i], profile), scores[i], "document %u, need %d", d,
                         i);
            cr_assert_eq(search_score_doc(needs[i], ix, number), scores[i],
                         "document %u, need %d", d, i);
        }
    }
    cr_assert_gt(sum, 0);
    for (int i = 0; i < NEEDS; i++)
        query_free(needs[i]);
    corpus_clear(&corpus);
}

static struct index *index_of(const struct document *documents, size_t count)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < count; i++)
        index_add(builder, &documents[i]);
    struct index *ix = index_finish(builder, &error);
    cr_assert_not_null(ix, "%s", error ? error->message : "");
    return ix;
}

static const char *const sole_classes[] = {"A43B13/04", "B29D35/12"};
static const char *const other_classes[] = {"G06F17/30"};
static const struct document shoes[] = {
    {40, "一种轻质发泡鞋底", "本发明公开了一种EVA发泡鞋底，质轻耐磨，发泡均匀。", sole_classes,
     2},
    {10, "一种数据检索方法", "本发明公开了一种数据检索方法，提高检索效率。", other_classes, 1},
    {30, "一种轻质发泡鞋底", "本发明公开了一种EVA发泡鞋底，质轻耐磨，发泡均匀。", sole_classes,
     2},
    {20, "防水透气面料", "一种面料，防水而透气。", NULL, 0},
};

Test(search, equal_documents_have_equal_scores_and_stand_in_the_order_of_ids)
{
    g_autoptr(match_index) ix = index_of(shoes, G_N_ELEMENTS(shoes));
    g_autoptr(match_searcher) searcher = search_new(ix);
    g_autoptr(match_query) need = query_new(ix, "寻求轻质发泡鞋底", NULL, 0);
    struct hit hits[4];
    cr_assert_eq(search_top(searcher, need, 4, SEARCH_AUTO, NULL, NULL, hits), 2);
    cr_assert_eq(hits[0].id, 30);
    cr_assert_eq(hits[1].id, 40);
    cr_assert_eq(hits[0].score, hits[1].score);
    cr_assert_eq(search_top(searcher, need, 1, SEARCH_AUTO, NULL, NULL, hits), 1);
    cr_assert_eq(hits[0].id, 30);
}

Test(search, a_patent_finds_the_needs_that_find_it)
{
    static const char *const texts[] = {"寻求轻质发泡鞋底", "数据检索效率低", "面料不透气",
                                        "鞋底不耐磨\nEVA鞋底"};
    static const char *const classes[] = {"A43B13/12"};
    g_autoptr(match_index) ix = index_of(shoes, G_N_ELEMENTS(shoes));
    g_autoptr(match_searcher) searcher = search_new(ix);
    struct query *needs[G_N_ELEMENTS(texts)];
    uint32_t scores[G_N_ELEMENTS(texts)];
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        needs[i] = query_new(ix, texts[i], classes, i == 3);
    g_autoptr(match_standing) standing =
        standing_new((const struct query *const *)needs, G_N_ELEMENTS(texts));
    for (size_t d = 0; d < G_N_ELEMENTS(shoes); d++) {
        g_autoptr(match_profile) profile = profile_new(ix, &shoes[d]);
        standing_score(standing, profile, scores);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            struct hit hits[4];
            size_t found = search_top(searcher, needs[i], 4, SEARCH_AUTO, NULL, NULL, hits);
            uint32_t forward = 0;
            for (size_t h = 0; h < found; h++)
                forward = hits[h].id == shoes[d].id ? hits[h].score : forward;
            cr_expect_eq(scores[i], forward, "document %zu, need %zu: %u and %u", d, i,
                         scores[i], forward);
        }
    }
    cr_expect_gt(scores[2], 0); /* the fabric */
    cr_expect_eq(scores[0], 0);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        query_free(needs[i]);
}

static bool keep_above(int64_t id, void *user)
{
    return id > *(int64_t *)user;
}

Test(search, what_must_not_be_shown_leaves_its_place_to_the_next)
{
    g_autoptr(match_index) ix = index_of(shoes, G_N_ELEMENTS(shoes));
    g_autoptr(match_searcher) searcher = search_new(ix);
    g_autoptr(match_query) need = query_new(ix, "轻质发泡鞋底", NULL, 0);
    struct hit hits[1];
    int64_t least = 30;
    cr_assert_eq(search_top(searcher, need, 1, SEARCH_AUTO, keep_above, &least, hits), 1);
    cr_assert_eq(hits[0].id, 40);
}

Test(search, nothing_finds_nothing)
{
    g_autoptr(match_index) none = index_of(NULL, 0);
    g_autoptr(match_index) ix = index_of(shoes, G_N_ELEMENTS(shoes));
    g_autoptr(match_searcher) in_none = search_new(none), in_some = search_new(ix);
    g_autoptr(match_query) empty = query_new(ix, "", NULL, 0);
    g_autoptr(match_query) unknown = query_new(ix, "quantum 量子", NULL, 0);
    g_autoptr(match_query) need = query_new(none, "发泡鞋底", NULL, 0);
    g_autoptr(match_standing) standing = standing_new(NULL, 0);
    g_autoptr(match_profile) profile = profile_new(none, &shoes[0]);
    struct hit hits[4];
    cr_assert_eq(search_top(in_none, need, 4, SEARCH_AUTO, NULL, NULL, hits), 0);
    cr_assert_eq(search_top(in_some, empty, 4, SEARCH_PRUNED, NULL, NULL, hits), 0);
    cr_assert_eq(search_top(in_some, unknown, 4, SEARCH_AUTO, NULL, NULL, hits), 0);
    cr_assert_eq(search_top(in_some, need, 0, SEARCH_AUTO, NULL, NULL, hits), 0);
    cr_assert_eq(standing_top(NULL, 0, 4, hits), 0);
    cr_assert_float_eq(query_fit(empty, 0), 0, 0);
    standing_score(standing, profile, NULL);
}

Test(search, the_best_needs_come_first_and_equal_ones_in_their_order)
{
    static const uint32_t scores[] = {5, 0, 9, 5, 7, 0};
    static const uint32_t want[] = {2, 4, 0};
    struct hit hits[6];
    cr_assert_eq(standing_top(scores, 6, 3, hits), 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(hits[i].doc, want[i], "rank %zu", i);
    cr_assert_eq(standing_top(scores, 6, 6, hits), 4);
}

Test(search, the_fit_is_between_nothing_and_one)
{
    g_autoptr(match_index) ix = index_of(shoes, G_N_ELEMENTS(shoes));
    g_autoptr(match_query) need = query_new(ix, "轻质发泡鞋底", NULL, 0);
    g_autoptr(GString) endless = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append(endless, "轻质发泡鞋底。");
    struct document much = {99, endless->str, NULL, NULL, 0};
    g_autoptr(match_profile) full = profile_new(ix, &shoes[0]);
    g_autoptr(match_profile) foreign = profile_new(ix, &shoes[3]);
    g_autoptr(match_profile) repeated = profile_new(ix, &much);
    double fit = query_fit(need, search_score(need, full));
    cr_expect(fit > .2 && fit < 1, "%f", fit);
    cr_expect_leq(query_fit(need, search_score(need, repeated)), 1);
    cr_expect_eq(search_score(need, foreign), 0);
    cr_expect_float_eq(query_fit(need, 255 * need->weight_sum), 1, 1e-12);
}
