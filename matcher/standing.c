/* standing.c - the second direction of search.h: an index over prepared needs.
 *
 *   slots    hash table over the terms: number + 1, or 0
 *   terms    [ hash, first | hash, first | …                a term's lists end where the next one's begin
 *   lists    [ weight, first | weight, first | …            of one weight, the greatest of a term first; likewise
 *   needs    [ 3 17 90 | 5 17 | …                           rising within a list
 *   has      [ 4 91 | 0 17 91 | …                           of each need its lists, from `starts` on
 *
 * A need says a term once, twice, … and its weight is as many times the term's, so a term has few lists.
 *
 * The best k are found without adding up everything: lists are added up in the order of what they give a posting, until what the
 * others could give a need at the most, the rest, is well below the k-th best sum so far. Only needs whose sum and the rest reach that
 * are scored whole, by their own lists.
 *
 * What is looked up lies anywhere in some hundred megabytes, so it is asked for side by side before it is needed. */
#include "matcher/huge.h"
#include "matcher/search.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

struct posting { /* as they are collected */
    uint64_t hash;
    uint32_t need;
    uint32_t weight;
};

struct standing_term {
    uint64_t hash;
    uint32_t first;
};

struct standing_list {
    uint64_t first;
    uint32_t weight;
};

struct standing {
    uint32_t need_count;
    struct standing_term *terms; /* by hash; ends with one more */
    uint32_t term_count;
    struct standing_list *lists; /* ends with one more */
    uint32_t list_count;
    uint32_t *needs;
    uint32_t *slots;
    uint32_t mask;
    uint64_t *starts; /* need_count + 1 */
    uint32_t *has;
};

/* ---- Making */

static int by_hash_weight_and_need(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
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
        qsort(postings, at, sizeof *postings, by_hash_weight_and_need);
    *posting_count = at;
    return postings;
}

static void take_postings(struct standing *standing, const struct posting *postings,
                          size_t count)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct standing_term)),
           *lists = g_array_new(FALSE, FALSE, sizeof(struct standing_list));
    standing->needs = huge_alloc0(count * sizeof *standing->needs);
    for (size_t i = 0; i < count; i++) {
        bool is_term = i == 0 || postings[i].hash != postings[i - 1].hash;
        struct standing_term term = {postings[i].hash, lists->len};
        struct standing_list list = {i, postings[i].weight};
        if (is_term)
            g_array_append_val(terms, term);
        if (is_term || postings[i].weight != postings[i - 1].weight)
            g_array_append_val(lists, list);
        standing->needs[i] = postings[i].need;
    }
    struct standing_term last_term = {0, lists->len};
    struct standing_list last_list = {count, 0};
    standing->term_count = terms->len;
    standing->list_count = lists->len;
    g_array_append_val(terms, last_term);
    g_array_append_val(lists, last_list);
    standing->terms = (struct standing_term *)(void *)g_array_free(terms, FALSE);
    standing->lists = (struct standing_list *)(void *)g_array_free(lists, FALSE);
}

/* The lists turned around. */
static void take_needs(struct standing *standing)
{
    const struct standing_list *lists = standing->lists;
    size_t count = lists[standing->list_count].first;
    standing->starts = g_new0(uint64_t, standing->need_count + 2);
    standing->has = huge_alloc0((count + 1) * sizeof *standing->has);
    uint64_t *next =
        standing->starts + 1; /* where the next of each is put; starts in the end */
    for (size_t i = 0; i < count; i++)
        next[standing->needs[i]]++;
    for (uint64_t i = 0, before = 0; i < standing->need_count; i++) {
        uint64_t of_need = next[i];
        next[i] = before;
        before += of_need;
    }
    for (uint32_t l = 0; l < standing->list_count; l++)
        for (uint64_t i = lists[l].first; i < lists[l + 1].first; i++)
            standing->has[next[standing->needs[i]]++] = l;
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
    struct posting *postings = collect(queries, count, &posting_count);
    standing->need_count = count;
    take_postings(standing, postings, posting_count);
    g_free(postings);
    take_needs(standing);
    uint32_t slots = 16;
    while (slots < 2 * standing->term_count)
        slots *= 2;
    standing->slots = g_new0(uint32_t, slots);
    standing->mask = slots - 1;
    for (uint32_t t = 0; t < standing->term_count; t++)
        *slot_of(standing, standing->terms[t].hash) = t + 1;
    return standing;
}

void standing_free(struct standing *standing)
{
    if (!standing)
        return;
    g_free(standing->terms);
    g_free(standing->lists);
    g_free(standing->needs);
    g_free(standing->slots);
    g_free(standing->starts);
    g_free(standing->has);
    g_free(standing);
}

/* ---- All scores */

void standing_score(const struct standing *standing, const struct profile *profile,
                    uint32_t *scores)
{
    const uint32_t *needs = standing->needs;
    const struct standing_list *lists = standing->lists;
    if (standing->need_count)
        memset(scores, 0, standing->need_count * sizeof *scores);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = *slot_of(standing, profile->entries[e].hash);
        if (found == 0)
            continue;
        uint32_t end = standing->terms[found].first;
        for (uint32_t l = standing->terms[found - 1].first; l < end; l++) {
            uint32_t points = lists[l].weight * profile->entries[e].impact;
            for (uint64_t at = lists[l].first; at < lists[l + 1].first; at++)
                scores[needs[at]] += points;
        }
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

/* ---- The best alone */

struct chosen { /* a list that the document has the term of */
    uint32_t list, term;
    uint32_t less; /* its points, less those of the term's next list */
    uint32_t size;
};

struct standing_searcher {
    const struct standing *standing;
    uint32_t *sums;    /* of each need; all 0 between searches */
    uint32_t *touched; /* needs that have a sum; room for all and one more */
    uint32_t touched_count;
    uint32_t *points; /* of each list; all 0 between searches, as the next */
    uint8_t *added;
    GArray *chosen;   /* struct chosen, those that give most for a posting first */
    struct hit *hits; /* scratch: k */
    size_t room;
    uint32_t rest, peak; /* what lists not added could give a need; the greatest sum */
};

struct standing_searcher *standing_search_new(const struct standing *standing)
{
    struct standing_searcher *s = g_new0(struct standing_searcher, 1);
    s->standing = standing;
    s->sums = huge_alloc0(((size_t)standing->need_count + 1) * sizeof *s->sums);
    s->touched = huge_alloc0(((size_t)standing->need_count + 1) * sizeof *s->touched);
    s->points = huge_alloc0(((size_t)standing->list_count + 1) * sizeof *s->points);
    s->added = g_malloc0(standing->list_count + 1);
    s->chosen = g_array_new(FALSE, FALSE, sizeof(struct chosen));
    return s;
}

void standing_search_free(struct standing_searcher *s)
{
    if (!s)
        return;
    g_free(s->sums);
    g_free(s->touched);
    g_free(s->points);
    g_free(s->added);
    g_free(s->hits);
    g_array_unref(s->chosen);
    g_free(s);
}

static gint by_gain(gconstpointer a, gconstpointer b)
{
    const struct chosen *x = a, *y = b;
    double left = (double)x->less * (double)y->size, right = (double)y->less * (double)x->size;
    if (left != right)
        return left > right ? -1 : 1;
    return (x->list > y->list) - (x->list < y->list);
}

/* One table leads to the next, so each is asked for when all of the one before are on their way. */
static void expect(const struct standing *standing, const struct profile *profile)
{
    for (uint32_t e = 0; e < profile->count; e++)
        __builtin_prefetch(
            &standing->slots[(uint32_t)profile->entries[e].hash & standing->mask]);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = standing->slots[(uint32_t)profile->entries[e].hash & standing->mask];
        __builtin_prefetch(&standing->terms[found ? found - 1 : 0]);
    }
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = *slot_of(standing, profile->entries[e].hash);
        if (found)
            __builtin_prefetch(&standing->lists[standing->terms[found - 1].first]);
    }
}

static void choose(struct standing_searcher *s, const struct profile *profile)
{
    const struct standing *standing = s->standing;
    const struct standing_list *lists = standing->lists;
    s->rest = s->peak = s->touched_count = 0;
    g_array_set_size(s->chosen, 0);
    expect(standing, profile);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = *slot_of(standing, profile->entries[e].hash);
        uint32_t impact = profile->entries[e].impact;
        if (found == 0)
            continue;
        uint32_t first = standing->terms[found - 1].first, end = standing->terms[found].first;
        s->rest += lists[first].weight * impact;
        for (uint32_t l = first; l < end; l++) {
            uint32_t after = l + 1 < end ? lists[l + 1].weight : 0;
            struct chosen chosen = {l, found - 1, (lists[l].weight - after) * impact,
                                    (uint32_t)(lists[l + 1].first - lists[l].first)};
            s->points[l] = lists[l].weight * impact;
            __builtin_prefetch(&standing->needs[lists[l].first]);
            g_array_append_val(s->chosen, chosen);
        }
    }
    g_array_sort(s->chosen, by_gain);
}

static void add_list(struct standing_searcher *s, const struct chosen *chosen)
{
    const uint32_t *needs = s->standing->needs + s->standing->lists[chosen->list].first;
    uint32_t *sums = s->sums, *touched = s->touched;
    uint32_t count = s->touched_count, peak = s->peak, points = s->points[chosen->list];
    for (uint32_t i = 0; i < chosen->size; i++) {
        uint32_t need = needs[i], sum = sums[need];
        touched[count] = need;
        count += sum == 0;
        sums[need] = sum += points;
        peak = MAX(peak, sum);
    }
    s->touched_count = count;
    s->peak = peak;
}

/* A need is in one list of a term at most: what the term still may give is its first list that has not been added. */
static uint32_t most_of(const struct standing_searcher *s, const struct chosen *chosen)
{
    const struct standing_term *term = &s->standing->terms[chosen->term];
    for (uint32_t l = term[0].first; l < term[1].first; l++)
        if (!s->added[l])
            return s->points[l];
    return 0;
}

/* The k-th best sum so far; 0 when there are fewer. */
static uint32_t floor_of(struct standing_searcher *s, size_t k)
{
    struct top top = {.hits = s->hits, .k = k};
    for (uint32_t i = 0; i < s->touched_count; i++) {
        uint32_t need = s->touched[i];
        if (s->sums[need] > top.floor)
            top_offer(&top, (struct hit){need, need, s->sums[need]});
    }
    return top.floor;
}

/* Adds lists until the rest is small, and returns the k-th best sum of then. To look for it costs a pass, so it is not done for every
 * list. */
static uint32_t add_lists(struct standing_searcher *s, size_t k)
{
    enum { WELL_BELOW = 2 }; /* times the rest; 1 and 4 cost more */
    uint32_t floor = 0, looked = UINT32_MAX;
    for (guint i = 0; i < s->chosen->len; i++) {
        const struct chosen *chosen = &g_array_index(s->chosen, struct chosen, i);
        uint32_t before = most_of(s, chosen);
        s->added[chosen->list] = 1;
        s->rest -= before - most_of(s, chosen);
        add_list(s, chosen);
        if ((uint64_t)s->rest * WELL_BELOW >= s->peak || s->rest > looked / 4 * 3)
            continue;
        looked = s->rest;
        floor = floor_of(s, k);
        if ((uint64_t)s->rest * WELL_BELOW < floor)
            return floor;
    }
    return floor_of(s, k);
}

static uint32_t score_whole(const struct standing_searcher *s, uint32_t need)
{
    const struct standing *standing = s->standing;
    uint32_t score = 0;
    for (uint64_t i = standing->starts[need]; i < standing->starts[need + 1]; i++)
        score += s->points[standing->has[i]];
    return score;
}

/* Needs that could come in, in place of all that were touched; the sums are as they were found. Returns how many. */
static uint32_t take_near(struct standing_searcher *s, uint32_t floor)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->touched_count; i++) {
        uint32_t need = s->touched[i];
        uint32_t most = s->sums[need] + s->rest;
        s->sums[need] = 0;
        s->touched[count] = need;
        count += most >= floor;
    }
    return count;
}

static void score_near(const struct standing_searcher *s, uint32_t count, struct top *top)
{
    enum { AHEAD = 4, LINE = 16 };
    const struct standing *standing = s->standing;
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&standing->starts[s->touched[i]]);
    for (uint32_t i = 0; i < count + AHEAD; i++) {
        if (i < count)
            for (uint32_t line = 0; line < 3; line++)
                __builtin_prefetch(
                    &standing->has[standing->starts[s->touched[i]] + line * LINE]);
        if (i < AHEAD)
            continue;
        uint32_t need = s->touched[i - AHEAD], score = score_whole(s, need);
        if (top_wants(top, score, need))
            top_offer(top, (struct hit){need, need, score});
    }
}

static void clear_chosen(struct standing_searcher *s)
{
    for (guint i = 0; i < s->chosen->len; i++) {
        uint32_t list = g_array_index(s->chosen, struct chosen, i).list;
        s->points[list] = 0;
        s->added[list] = 0;
    }
}

size_t standing_best(struct standing_searcher *s, const struct profile *profile, size_t k,
                     struct hit *out)
{
    struct top top = {.hits = out, .k = k};
    if (k == 0)
        return 0;
    if (k > s->room) {
        s->hits = g_renew(struct hit, s->hits, k);
        s->room = k;
    }
    choose(s, profile);
    uint32_t floor = add_lists(s, k);
    score_near(s, take_near(s, floor), &top);
    clear_chosen(s);
    top_sort(&top);
    return top.count;
}
