/* standing.c - the second direction of search.h: an index over prepared needs. standing_own.h draws it. */
#include "matcher/huge.h"
#include "matcher/standing_own.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

struct posting { /* as they are collected */
    uint64_t hash;
    uint32_t need;
    uint32_t weight;
};

static int by_hash_and_need(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->need > y->need) - (x->need < y->need);
}

static struct posting *collect(const struct query *const *queries, uint32_t count,
                               size_t *posting_count)
{
    size_t room = 0, at = 0;
    for (uint32_t i = 0; i < count; i++)
        room += queries[i]->term_count;
    struct posting *postings = g_new(struct posting, room + 1);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t t = 0; t < queries[i]->term_count; t++) {
            const struct query_term *term = &queries[i]->terms[t];
            if (term->weight > 0)
                postings[at++] = (struct posting){term->hash, i, term->weight};
        }
    if (at > 1)
        qsort(postings, at, sizeof *postings, by_hash_and_need);
    *posting_count = at;
    return postings;
}

static void take_postings(struct standing *standing, const struct posting *postings,
                          size_t count)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct standing_term));
    standing->needs = huge_alloc0(count * sizeof *standing->needs);
    standing->weights = huge_alloc0(count * sizeof *standing->weights);
    for (size_t i = 0; i < count; i++) {
        struct standing_term term = {.hash = postings[i].hash, .first = i};
        if (i == 0 || postings[i].hash != postings[i - 1].hash)
            g_array_append_val(terms, term);
        standing->needs[i] = postings[i].need;
        standing->weights[i] = (uint16_t)postings[i].weight;
    }
    struct standing_term end = {.first = count};
    standing->term_count = terms->len;
    g_array_append_val(terms, end);
    gsize len;
    standing->terms = g_array_steal(terms, &len);
    g_array_unref(terms);
}

static uint32_t *slot_of(const struct standing *standing, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & standing->mask;
    while (standing->slots[at] && standing->terms[standing->slots[at] - 1].hash != hash)
        at = (at + 1) & standing->mask;
    return &standing->slots[at];
}

struct standing *standing_new(const struct query *const *queries, uint32_t count)
{
    struct standing *standing = g_new0(struct standing, 1);
    size_t posting_count;
    g_autofree struct posting *postings = collect(queries, count, &posting_count);
    standing->need_count = count;
    take_postings(standing, postings, posting_count);
    uint32_t slots = 16;
    while (slots < 2 * standing->term_count)
        slots *= 2;
    standing->slots = g_new0(uint32_t, slots);
    standing->mask = slots - 1;
    for (uint32_t t = 0; t < standing->term_count; t++)
        *slot_of(standing, standing->terms[t].hash) = t + 1;
    standing_set_rows(standing);
    return standing;
}

uint32_t standing_find(const struct standing *standing, uint64_t hash)
{
    return *slot_of(standing, hash);
}

void standing_expect(const struct standing *standing, const struct profile *profile)
{
    for (uint32_t e = 0; e < profile->count; e++)
        __builtin_prefetch(
            &standing->slots[(uint32_t)profile->entries[e].hash & standing->mask]);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = standing->slots[(uint32_t)profile->entries[e].hash & standing->mask];
        __builtin_prefetch(&standing->terms[found ? found - 1 : 0]);
    }
}

void standing_free(struct standing *standing)
{
    if (!standing)
        return;
    g_free(standing->terms);
    g_free(standing->needs);
    g_free(standing->weights);
    g_free(standing->slots);
    g_free(standing->rows);
    g_array_unref(standing->others);
    g_free(standing->codes);
    g_free(standing);
}

void standing_score(const struct standing *standing, const struct profile *profile,
                    uint32_t *scores)
{
    const uint32_t *needs = standing->needs;
    const uint16_t *weights = standing->weights;
    if (standing->need_count)
        memset(scores, 0, standing->need_count * sizeof *scores);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = standing_find(standing, profile->entries[e].hash);
        uint32_t impact = profile->entries[e].impact;
        if (found == 0)
            continue;
        size_t end = standing->terms[found].first;
        for (size_t at = standing->terms[found - 1].first; at < end; at++)
            scores[needs[at]] += weights[at] * impact;
    }
}

size_t standing_top(const uint32_t *scores, uint32_t count, size_t k, struct hit *out)
{
    struct top top = {.hits = out, .k = k};
    for (uint32_t i = 0; i < count && k > 0; i++)
        if (scores[i] > top.floor)
            top_offer(&top, (struct hit){i, i, scores[i]});
    top_sort(&top);
    return top.count;
}
