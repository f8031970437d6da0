/* fuzz_search.c - any bytes as a collection and needs: every kernel, pruned or not, finds what adding up pair by pair finds.
 *
 * The first byte chooses k; in three quarters of the rest a byte is a word of a document (0: the document ends; 255: the last word many
 * times over), and the last quarter is needs. */
#include "matcher/kernel.h"
#include "matcher/search.h"
#include "matcher/terms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { K_MAX = 64, NEED_MAX = 200, NEEDS_MAX = 12 };

struct input {
    const uint8_t *data;
    size_t size, at;
};

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static uint8_t next(struct input *in)
{
    return in->at < in->size ? in->data[in->at++] : 0;
}

static uint64_t word_hash(uint8_t word)
{
    return terms_hash_token((const char *)&word, 1);
}

/* One document: words up to a 0. */
static void add_document(struct index_builder *builder, struct input *in, int64_t id)
{
    GArray *tokens = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    uint64_t last = word_hash(1);
    for (uint8_t word; in->at < in->size && (word = next(in)) != 0;) {
        uint32_t times = word == 255 ? 1 + next(in) % 40u : 1;
        if (word != 255)
            last = word_hash(word);
        for (uint32_t i = 0; i < times; i++)
            g_array_append_val(tokens, last);
    }
    index_add_tokens(builder, id, (const uint64_t *)(void *)tokens->data, tokens->len);
    g_array_unref(tokens);
}

static struct index *read_index(struct input *in)
{
    struct index_builder *builder = index_builder_new(&weighing_bm25);
    size_t part = in->size / 4 * 3;
    for (int64_t id = 0; in->at < part; id++)
        add_document(builder, in, (id ^ 5) * 3 - 50);
    struct index *ix = index_finish(builder, NULL);
    expect(ix != NULL);
    return ix;
}

static struct query *read_need(struct input *in, const struct index *ix)
{
    uint64_t tokens[NEED_MAX];
    size_t count = 0;
    for (uint8_t word; count < NEED_MAX && in->at < in->size && (word = next(in)) != 0;)
        tokens[count++] = word_hash(word);
    return query_new_tokens(ix, tokens, count);
}

static int best_first(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The k best by the scores of pairs. */
static size_t search_slowly(const struct index *ix, const struct query *need, size_t k,
                            struct hit *out)
{
    g_autofree struct hit *all = g_new(struct hit, ix->doc_count + 1);
    size_t count = 0;
    for (uint32_t i = 0; i < ix->doc_count; i++) {
        uint32_t doc = ix->order[i], score = search_score_doc(need, ix, doc);
        if (score > 0)
            all[count++] = (struct hit){ix->ids[doc], doc, score};
    }
    if (count > 1)
        qsort(all, count, sizeof *all, best_first);
    memcpy(out, all, MIN(count, k) * sizeof *all);
    return MIN(count, k);
}

static void compare(struct searcher *searcher, const struct query *need, size_t k,
                    const struct hit *want, size_t wanted)
{
    struct hit got[K_MAX];
    for (int mode = SEARCH_AUTO; mode <= SEARCH_EXHAUSTIVE; mode++) {
        size_t found = search_top(searcher, need, k, (enum search_mode)mode, NULL, NULL, got);
        expect(found == wanted);
        for (size_t i = 0; i < found; i++)
            expect(got[i].id == want[i].id && got[i].doc == want[i].doc &&
                   got[i].score == want[i].score);
    }
}

/* The needs turned around: the best of them for a document, with and without adding up everything. */
static void compare_standing(struct query *const *needs, uint32_t count, size_t k)
{
    g_autoptr(match_standing) standing =
        standing_new((const struct query *const *)needs, count);
    g_autoptr(match_standing_searcher) searcher = standing_search_new(standing);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t scores[NEEDS_MAX];
        struct hit want[K_MAX], got[K_MAX];
        struct profile_entry entries[NEED_MAX];
        struct profile profile = {0, entries};
        for (size_t t = 0; t < needs[i]->term_count; t++)
            entries[profile.count++] =
                (struct profile_entry){needs[i]->terms[t].hash, (uint8_t)(1 + t * 37 % 255)};
        standing_score(standing, &profile, scores);
        size_t wanted = standing_top(scores, count, k, want);
        expect(standing_best(searcher, &profile, k, got) == wanted);
        for (size_t h = 0; h < wanted; h++)
            expect(got[h].doc == want[h].doc && got[h].score == want[h].score);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"plain", "avx2", "avx512"};
    struct input in = {data, size, 0};
    struct searcher *searchers[G_N_ELEMENTS(names)];
    struct hit want[K_MAX];
    size_t k = 1 + next(&in) % (size_t)K_MAX;
    g_autoptr(match_index) ix = read_index(&in);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        searchers[i] =
            kernel_named(names[i]) ? search_new_with(ix, kernel_named(names[i])) : NULL;
    struct query *needs[NEEDS_MAX];
    uint32_t need_count = 0;
    while (need_count < NEEDS_MAX && in.at < in.size) {
        struct query *need = needs[need_count++] = read_need(&in, ix);
        size_t wanted = search_slowly(ix, need, k, want);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (searchers[i])
                compare(searchers[i], need, k, want, wanted);
    }
    compare_standing(needs, need_count, k);
    for (uint32_t i = 0; i < need_count; i++)
        query_free(needs[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        search_free(searchers[i]);
    return 0;
}
