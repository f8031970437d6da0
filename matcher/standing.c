/* standing.c - the second direction of search.h: an index over prepared needs.
 *
 *   slots: hash table over the terms -> the first posting of a term; its postings lie together, needs rising */
#include "matcher/search.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

struct posting {
    uint64_t hash; /* of the term; tells where its postings end */
    uint32_t need;
    uint32_t weight;
};

struct standing {
    uint32_t need_count;
    struct posting *postings; /* by hash, then need; ends with one more */
    size_t posting_count;
    uint32_t *slots; /* first posting of a hash + 1, or 0 */
    size_t mask;
};

static int by_hash_and_need(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->need > y->need) - (x->need < y->need);
}

static void take_postings(struct standing *standing, const struct query *const *queries)
{
    size_t room = 0;
    for (uint32_t i = 0; i < standing->need_count; i++)
        room += queries[i]->term_count;
    standing->postings = g_new(struct posting, room + 1);
    for (uint32_t i = 0; i < standing->need_count; i++)
        for (uint32_t t = 0; t < queries[i]->term_count; t++) {
            const struct query_term *term = &queries[i]->terms[t];
            if (term->weight > 0)
                standing->postings[standing->posting_count++] =
                    (struct posting){term->hash, i, term->weight};
        }
    if (standing->posting_count > 1)
        qsort(standing->postings, standing->posting_count, sizeof *standing->postings,
              by_hash_and_need);
}

static uint32_t *slot_of(const struct standing *standing, uint64_t hash)
{
    size_t at = hash & standing->mask;
    while (standing->slots[at] && standing->postings[standing->slots[at] - 1].hash != hash)
        at = (at + 1) & standing->mask;
    return &standing->slots[at];
}

struct standing *standing_new(const struct query *const *queries, uint32_t count)
{
    struct standing *standing = g_new0(struct standing, 1);
    standing->need_count = count;
    take_postings(standing, queries);
    size_t slots = 16;
    while (slots < 2 * standing->posting_count)
        slots *= 2;
    standing->slots = g_new0(uint32_t, slots);
    standing->mask = slots - 1;
    for (size_t i = standing->posting_count; i-- > 0;) /* so that the first of a run stays */
        *slot_of(standing, standing->postings[i].hash) = (uint32_t)i + 1;
    return standing;
}

void standing_free(struct standing *standing)
{
    if (!standing)
        return;
    g_free(standing->postings);
    g_free(standing->slots);
    g_free(standing);
}

void standing_score(const struct standing *standing, const struct profile *profile,
                    uint32_t *scores)
{
    if (standing->need_count)
        memset(scores, 0, standing->need_count * sizeof *scores);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint64_t hash = profile->entries[e].hash;
        size_t at = *slot_of(standing, hash);
        if (at == 0)
            continue;
        uint32_t impact = profile->entries[e].impact;
        for (at--; at < standing->posting_count && standing->postings[at].hash == hash; at++)
            scores[standing->postings[at].need] += standing->postings[at].weight * impact;
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
