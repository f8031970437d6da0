#include "matcher/index_file.h"
#include "matcher/error.h"
#include "matcher/kernel.h"
#include "matcher/search.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 77, K = 20, NEED = 12 };

static char *path_of(const char *name)
{
    static char folder[] = "/tmp/patbridge-index-XXXXXX";
    static bool is_made;
    if (!is_made)
        cr_assert_not_null(g_mkdtemp(folder));
    is_made = true;
    return g_build_filename(folder, name, NULL);
}

static void forget(char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
}

/* All three forms of postings, some of them heavy. */
static struct corpus given_corpus(void)
{
    struct corpus corpus = corpus_make(3, 4000, 1500, 25);
    corpus.lengths[9] = 40;
    corpus.tokens[9] = g_renew(uint32_t, corpus.tokens[9], 40);
    for (int i = 0; i < 40; i++)
        corpus.tokens[9][i] = i < 30 ? 7 : 900;
    return corpus;
}

static void expect_same_answers(const struct corpus *corpus, const struct index *a,
                                const struct index *b)
{
    g_autoptr(match_searcher) in_a = search_new(a), in_b = search_new(b);
    uint64_t state = 5;
    for (int round = 0; round < 20; round++) {
        uint32_t words[NEED];
        struct hit x[K], y[K];
        for (int i = 0; i < NEED; i++)
            words[i] = corpus_word(&state, corpus->words);
        g_autoptr(match_query) p = corpus_query(a, words, NEED);
        g_autoptr(match_query) q = corpus_query(b, words, NEED);
        size_t found = search_top(in_a, p, K, SEARCH_AUTO, NULL, NULL, x);
        cr_assert_eq(search_top(in_b, q, K, SEARCH_AUTO, NULL, NULL, y), found);
        cr_assert_gt(found, 0);
        for (size_t i = 0; i < found; i++)
            cr_assert(x[i].id == y[i].id && x[i].doc == y[i].doc && x[i].score == y[i].score);
    }
}

Test(index_file, an_index_that_was_put_away_answers_as_before)
{
    struct corpus corpus = given_corpus();
    g_autoptr(match_index) ix = corpus_index(&corpus);
    g_autoptr(GError) error = NULL;
    char *path = path_of("index");
    cr_assert_gt(ix->heavy_count, 0);
    cr_assert(index_save(ix, KEY, path, &error), "%s", error ? error->message : "");
    struct index *again = index_load(path, KEY, &weighing_bm25, &error);
    cr_assert_not_null(again, "%s", error ? error->message : "");
    expect_same_answers(&corpus, ix, again);
    cr_assert_eq(index_find(again, corpus.ids[9]), index_find(ix, corpus.ids[9]));
    index_free(again);
    cr_assert(index_save(ix, KEY + 1, path, &error), "a second time, in place of the first");
    again = index_load(path, KEY + 1, &weighing_bm25, &error);
    cr_assert_not_null(again);
    index_free(again);
    forget(path);
    corpus_clear(&corpus);
}

Test(index_file, an_index_of_nothing_can_be_put_away)
{
    g_autoptr(match_index) ix = index_finish(index_builder_new(&weighing_bm25), NULL);
    char *path = path_of("index");
    cr_assert(index_save(ix, KEY, path, NULL));
    g_autoptr(match_index) again = index_load(path, KEY, &weighing_bm25, NULL);
    cr_assert_not_null(again);
    cr_assert_eq(again->doc_count, 0);
    forget(path);
}

static void expect_refused(const char *path, uint64_t key, const struct weighing *weighing,
                           const char *why)
{
    g_autoptr(GError) error = NULL;
    cr_assert_null(index_load(path, key, weighing, &error), "%s", why);
    cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT), "%s", error->message);
    cr_assert_not_null(strstr(error->message, why), "%s", error->message);
}

Test(index_file, what_does_not_belong_is_refused_and_says_why)
{
    struct corpus corpus = corpus_make(1, 30, 40, 10);
    g_autoptr(match_index) ix = corpus_index(&corpus);
    struct weighing other = weighing_bm25;
    g_autoptr(GError) error = NULL;
    char *path = path_of("index");
    other.k1 = 1.5;
    cr_assert(index_save(ix, KEY, path, NULL));
    expect_refused(path, KEY + 1, &weighing_bm25, "of other documents");
    expect_refused(path, KEY, &other, "under another weighing");
    cr_assert(g_file_set_contents(path, "", 0, NULL));
    expect_refused(path, KEY, &weighing_bm25, "truncated");
    g_autofree char *much = g_malloc0(5000);
    cr_assert(g_file_set_contents(path, much, 5000, NULL));
    expect_refused(path, KEY, &weighing_bm25, "not an index");
    forget(path);
    cr_assert_null(index_load("/nowhere/at/all", KEY, &weighing_bm25, &error));
    cr_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
    cr_assert_not(index_save(ix, KEY, "/nowhere/at/all", NULL));
    corpus_clear(&corpus);
}

struct image {
    uint8_t *data; /* at a multiple of 64 */
    gsize size;
};

static struct image image_of(const struct corpus *corpus)
{
    g_autoptr(match_index) ix = corpus_index(corpus);
    g_autofree char *text = NULL;
    struct image image;
    char *path = path_of("image");
    cr_assert(index_save(ix, KEY, path, NULL));
    cr_assert(g_file_get_contents(path, &text, &image.size, NULL));
    forget(path);
    image.data = g_aligned_alloc0(1, image.size + 64, 64);
    memcpy(image.data, text, image.size);
    return image;
}

Test(index_file, no_byte_may_change_and_none_may_be_missing)
{
    struct corpus corpus = corpus_make(1, 20, 30, 8);
    struct image image = image_of(&corpus);
    g_autoptr(match_index) whole =
        index_view(image.data, image.size, KEY, &weighing_bm25, NULL);
    cr_assert_not_null(whole);
    for (gsize i = 0; i < image.size; i++) {
        image.data[i] ^= (uint8_t)(1u << i % 8);
        cr_assert_null(index_view(image.data, image.size, KEY, &weighing_bm25, NULL),
                       "byte %zu of %zu", i, image.size);
        image.data[i] ^= (uint8_t)(1u << i % 8);
        cr_assert_null(index_view(image.data, i, KEY, &weighing_bm25, NULL), "%zu bytes", i);
    }
    g_aligned_free(image.data);
    corpus_clear(&corpus);
}

/* Damage that the checksums do not show: either it is refused for what it says, or nothing is read that must not be (which the
 * sanitizers see). */
Test(index_file, damage_under_right_checksums_does_no_harm)
{
    struct corpus corpus = given_corpus();
    struct image image = image_of(&corpus);
    g_autofree uint8_t *kept = g_memdup2(image.data, image.size);
    uint64_t state = 11;
    int refused = 0, taken = 0;
    for (int round = 0; round < 400; round++) {
        for (uint32_t i = 0, edits = 1 + corpus_random(&state, 3); i < edits; i++)
            image.data[corpus_random(&state, (uint32_t)image.size)] =
                (uint8_t)corpus_random(&state, 256);
        bool is_sealed = index_reseal(image.data, image.size);
        g_autoptr(match_index) ix =
            index_view(image.data, image.size, KEY, &weighing_bm25, NULL);
        cr_assert(is_sealed || !ix);
        if (ix)
            expect_same_answers(&corpus, ix, ix);
        taken += ix != NULL;
        refused += ix == NULL;
        memcpy(image.data, kept, image.size);
    }
    cr_assert_gt(refused, 50);
    cr_assert_gt(taken, 10);
    g_aligned_free(image.data);
    corpus_clear(&corpus);
}
