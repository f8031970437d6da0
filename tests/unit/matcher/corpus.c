#include "tests/unit/matcher/corpus.h"
#include "matcher/terms.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t corpus_random(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % below);
}

uint32_t corpus_word(uint64_t *state, uint32_t words)
{
    double x = corpus_random(state, 1u << 20) / (double)(1u << 20);
    return (uint32_t)(words * x * x * x);
}

struct corpus corpus_make(uint64_t seed, uint32_t docs, uint32_t words, uint32_t longest)
{
    struct corpus c = {docs, g_new(int64_t, docs + 1), g_new(uint32_t *, docs + 1),
                       g_new(uint32_t, docs + 1), words};
    for (uint32_t d = 0; d < docs; d++) {
        c.ids[d] = (int64_t)(d ^ 5) * 7 - 1000; /* not in order */
        c.lengths[d] = corpus_random(&seed, longest + 1);
        c.tokens[d] = g_new(uint32_t, c.lengths[d] + 1);
        for (uint32_t i = 0; i < c.lengths[d]; i++)
            c.tokens[d][i] = corpus_word(&seed, words);
    }
    return c;
}

void corpus_clear(struct corpus *c)
{
    for (uint32_t d = 0; d < c->docs; d++)
        g_free(c->tokens[d]);
    g_free(c->ids);
    g_free(c->tokens);
    g_free(c->lengths);
}

uint64_t corpus_hash(uint32_t word)
{
    char text[16];
    return terms_hash_token(text, (size_t)snprintf(text, sizeof text, "w%u", word));
}

static uint64_t *hashes_of(const uint32_t *words, uint32_t count)
{
    uint64_t *hashes = g_new(uint64_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = corpus_hash(words[i]);
    return hashes;
}

struct index *corpus_index(const struct corpus *c)
{
    struct index_builder *builder = index_builder_new(&weighing_bm25);
    g_autoptr(GError) error = NULL;
    for (uint32_t d = 0; d < c->docs; d++) {
        g_autofree uint64_t *hashes = hashes_of(c->tokens[d], c->lengths[d]);
        index_add_tokens(builder, c->ids[d], hashes, c->lengths[d]);
    }
    struct index *ix = index_finish(builder, &error);
    cr_assert_not_null(ix, "%s", error ? error->message : "");
    return ix;
}

struct query *corpus_query(const struct index *ix, const uint32_t *words, uint32_t count)
{
    g_autofree uint64_t *hashes = hashes_of(words, count);
    return query_new_tokens(ix, hashes, count);
}

struct profile *corpus_profile(const struct index *ix, const struct corpus *c, uint32_t doc)
{
    g_autofree uint64_t *hashes = hashes_of(c->tokens[doc], c->lengths[doc]);
    return profile_new_tokens(ix, hashes, c->lengths[doc]);
}

static uint32_t times_in(const uint32_t *words, uint32_t count, uint32_t word)
{
    uint32_t times = 0;
    for (uint32_t i = 0; i < count; i++)
        times += words[i] == word;
    return times;
}

static uint32_t weight_by_hand(const struct corpus *c, uint32_t word, uint32_t times)
{
    double n = c->docs, df = 0;
    for (uint32_t d = 0; d < c->docs; d++)
        df += times_in(c->tokens[d], c->lengths[d], word) > 0;
    return (uint32_t)MIN(lrint(512 * times * log(1 + (n - df + .5) / (df + .5))), 65535);
}

/* Six significant bits of a length, and the middle of what has the same. */
static double length_by_hand(uint32_t length)
{
    uint32_t step = 1;
    while (length / step >= 64)
        step *= 2;
    return length / step * step + step / 2;
}

static uint32_t impact_by_hand(const struct corpus *c, uint32_t doc, uint32_t word, double mean)
{
    double f = times_in(c->tokens[doc], c->lengths[doc], word);
    double tfn = 2.2 * f / (f + 1.2 * (.25 + .75 * length_by_hand(c->lengths[doc]) / mean));
    return f > 0 ? (uint32_t)MAX(lrint(255 * tfn / 2.2), 1) : 0;
}

static int best_first(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static void add_by_hand(const struct corpus *c, struct hit *all, uint32_t word, uint32_t times,
                        double mean)
{
    uint32_t weight = weight_by_hand(c, word, times);
    for (uint32_t d = 0; d < c->docs; d++)
        all[d].score += weight * impact_by_hand(c, d, word, mean);
}

size_t corpus_brute_force(const struct corpus *c, const uint32_t *words, uint32_t count,
                          size_t k, struct hit *out)
{
    g_autofree struct hit *all = g_new0(struct hit, c->docs + 1);
    double mean = 0;
    for (uint32_t d = 0; d < c->docs; d++) {
        all[d].id = c->ids[d];
        mean += (double)c->lengths[d] / c->docs;
    }
    for (uint32_t i = 0; i < count; i++)
        if (times_in(words, i, words[i]) == 0)
            add_by_hand(c, all, words[i], times_in(words, count, words[i]), mean);
    qsort(all, c->docs, sizeof *all, best_first);
    size_t found = 0;
    for (; found < MIN(k, c->docs) && all[found].score > 0; found++)
        out[found] = all[found];
    return found;
}
