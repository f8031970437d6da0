/* standing_best.c - the needs that a document fits best, without adding up everything.
 *
 * Needs are gone through tile by tile. Once there are k, terms that many needs have (rows) and that together give at most a share
 * of the k-th best sum are weak: they are not added up, but looked up for those needs of a tile that the others have brought
 * near. Weights that a row's table lacks are few, and added always: so a row gives no more than its table's greatest weight. */
#include "matcher/kernel.h"
#include "matcher/standing_own.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

enum {
    TILE = 1 << 14, /* sums stay in the second-level cache */
    FIRST_TILE =
        1
        << 11, /* all of it is added: it gives the first floor; then each is as large as all before it */
    TILE_CHUNKS = TILE / KERNEL_CHUNK,
};

struct asked { /* a term of the document */
    const struct standing_term *term;
    const struct standing_row *row; /* NULL: has none, and is never weak */
    uint32_t impact;
    uint32_t bound; /* the most that the row's table gives */
    size_t at;      /* the first posting that has not been added */
    uint32_t other; /* the first of the row's others that has not been added, once it is weak */
    uint32_t points[STANDING_CODES];
};

struct standing_searcher {
    const struct standing *standing;
    const struct kernel *kernel;
    uint32_t *sums; /* TILE; zero between tiles */
    uint16_t *places;
    uint32_t *scores;
    uint32_t *bounds; /* TILE_CHUNKS zeros: no rows are scanned */
    uint8_t impacts[TILE_CHUNKS * INDEX_TIMES];
    GArray *asked;   /* rows first, by what they give a posting, rising */
    guint row_count; /* of them are rows */
    guint weak_count;
    uint64_t weak_bound; /* what the weak ones give at most */
    struct top top;
};

struct standing_searcher *standing_search_new(const struct standing *standing)
{
    return standing_search_new_with(standing, kernel_best());
}

struct standing_searcher *standing_search_new_with(const struct standing *standing,
                                                   const struct kernel *kernel)
{
    struct standing_searcher *s = g_new0(struct standing_searcher, 1);
    s->standing = standing;
    s->kernel = kernel;
    s->sums = g_aligned_alloc0(TILE, sizeof *s->sums, 64);
    s->bounds = g_aligned_alloc0(TILE_CHUNKS, sizeof *s->bounds, 64);
    s->places = g_new(uint16_t, TILE + KERNEL_SLACK);
    s->scores = g_new(uint32_t, TILE + KERNEL_SLACK);
    s->asked = g_array_new(FALSE, FALSE, sizeof(struct asked));
    return s;
}

void standing_search_free(struct standing_searcher *s)
{
    if (!s)
        return;
    g_aligned_free(s->sums);
    g_aligned_free(s->bounds);
    g_free(s->places);
    g_free(s->scores);
    g_array_unref(s->asked);
    g_free(s);
}

/* ---- The document's terms */

static void set_row(struct asked *asked, const struct standing *standing)
{
    asked->row = &standing->rows[asked->term->row];
    asked->bound = asked->row->weight_max * asked->impact;
    asked->other = asked->row->first_other;
    for (int code = 0; code < STANDING_CODES; code++)
        asked->points[code] = asked->row->weights[code] * asked->impact;
}

/* Rows first, those that give least for each posting that need not be added. */
static int by_bound_a_posting(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;
    if (!x->row != !y->row)
        return x->row ? -1 : 1;
    uint64_t of_x = (uint64_t)x->bound * (y->term[1].first - y->term->first),
             of_y = (uint64_t)y->bound * (x->term[1].first - x->term->first);
    return (of_x > of_y) - (of_x < of_y);
}

static void take_terms(struct standing_searcher *s, const struct profile *profile)
{
    g_array_set_size(s->asked, 0);
    s->row_count = s->weak_count = 0;
    s->weak_bound = 0;
    standing_expect(s->standing, profile);
    for (uint32_t e = 0; e < profile->count; e++) {
        uint32_t found = standing_find(s->standing, profile->entries[e].hash);
        if (found == 0)
            continue;
        struct asked asked = {.term = &s->standing->terms[found - 1],
                              .impact = profile->entries[e].impact};
        asked.at = asked.term->first;
        if (asked.term->row != STANDING_NO_ROW)
            set_row(&asked, s->standing);
        s->row_count += asked.row != NULL;
        g_array_append_val(s->asked, asked);
    }
    if (s->asked->len > 1)
        qsort(s->asked->data, s->asked->len, sizeof(struct asked), by_bound_a_posting);
}

static struct asked *asked_at(const struct standing_searcher *s, guint i)
{
    return &g_array_index(s->asked, struct asked, i);
}

/* More of them are fewer additions, but more needs that come near. Of .5 to .9 two thirds were best, or near it, at 100,000 and at
 * 1,000,000. */
static void choose_weak(struct standing_searcher *s)
{
    uint64_t spare = (uint64_t)s->top.floor * 2 / 3;
    while (s->weak_count < s->row_count &&
           s->weak_bound + asked_at(s, s->weak_count)->bound <= spare)
        s->weak_bound += asked_at(s, s->weak_count++)->bound;
}

/* ---- A tile */

/* Asks for about as many postings as this tile had, while the other terms of this one are added. */
static void expect_postings(const struct standing *standing, size_t at, size_t count)
{
    enum { A_LINE = 16, AHEAD_MOST = 8 * A_LINE };
    for (size_t i = 0; i <= MIN(count, (size_t)AHEAD_MOST); i += A_LINE) {
        __builtin_prefetch(standing->needs + at + i);
        __builtin_prefetch(standing->weights + at + i);
    }
}

static void add_postings(const struct standing_searcher *s, struct asked *asked, uint32_t first,
                         uint32_t behind)
{
    const uint32_t *needs = s->standing->needs;
    const uint16_t *weights = s->standing->weights;
    size_t at = asked->at, end = asked->term[1].first;
    uint32_t impact = asked->impact, *sums = s->sums;
    for (; at < end && needs[at] < behind; at++)
        sums[needs[at] - first] += weights[at] * impact;
    expect_postings(s->standing, at, at - asked->at);
    asked->at = at;
}

static void add_others(const struct standing_searcher *s, struct asked *asked, uint32_t first,
                       uint32_t behind)
{
    const struct standing_other *others =
        (const struct standing_other *)(void *)s->standing->others->data;
    uint32_t at = asked->other, end = asked->row->end_other;
    while (at < end && others[at].need < first)
        at++;
    for (; at < end && others[at].need < behind; at++)
        s->sums[others[at].need - first] += others[at].weight * asked->impact;
    asked->other = at;
}

/* What a score must be to come in. Before there are k: the k-th greatest peak of the chunks, so many needs have at least that. */
static uint32_t least_score(const struct standing_searcher *s, uint32_t chunks)
{
    uint32_t peaks[TILE_CHUNKS];
    if (s->top.count == s->top.k)
        return s->top.floor +
               1; /* needs come in their order: of equal ones the earlier stays */
    s->kernel->find_peaks(s->sums, chunks, peaks);
    return MAX(top_kth(peaks, chunks, s->top.k), 1);
}

/* Looks the weak terms up, the last chosen first, for the needs that they could still lift to what is asked for. */
static uint32_t look_up(struct standing_searcher *s, uint32_t first, uint32_t count,
                        uint32_t least)
{
    const uint8_t *lines = s->standing->codes + (size_t)first * STANDING_LINE;
    uint64_t lift = s->weak_bound;
    for (uint32_t j = 0; s->weak_count > 0 && j < count; j++)
        __builtin_prefetch(lines + (size_t)s->places[j] * STANDING_LINE);
    for (guint i = s->weak_count; i-- > 0 && count > 0;) {
        const struct asked *asked = asked_at(s, i);
        uint32_t kept = 0, byte = asked->term->row / 2, shift = asked->term->row % 2 * 4;
        lift -= asked->bound;
        for (uint32_t j = 0; j < count; j++) {
            uint16_t place = s->places[j];
            uint32_t code = lines[(size_t)place * STANDING_LINE + byte] >> shift & 15;
            uint32_t score = s->scores[j] + asked->points[code];
            s->places[kept] = place;
            s->scores[kept] = score;
            kept += score + lift >= least;
        }
        count = kept;
    }
    return count;
}

static void search_tile(struct standing_searcher *s, uint32_t first, uint32_t behind)
{
    uint32_t chunks = (behind - first + KERNEL_CHUNK - 1) / KERNEL_CHUNK;
    for (guint i = 0; i < s->weak_count; i++)
        add_others(s, asked_at(s, i), first, behind);
    for (guint i = s->weak_count; i < s->asked->len; i++)
        add_postings(s, asked_at(s, i), first, behind);
    uint32_t least = least_score(s, chunks);
    uint32_t bar = MAX(kernel_less(least, s->weak_bound), 1);
    struct scan scan = {.sums = s->sums,
                        .bounds = s->bounds,
                        .chunks = chunks,
                        .impacts = s->impacts,
                        .floor = bar,
                        .bar = bar,
                        .places = s->places,
                        .scores = s->scores};
    uint32_t count = look_up(s, first, s->kernel->scan(&scan), least);
    for (uint32_t j = 0; j < count; j++) {
        uint32_t need = first + s->places[j];
        if (top_wants(&s->top, s->scores[j], need))
            top_offer(&s->top, (struct hit){need, need, s->scores[j]});
    }
}

size_t standing_best(struct standing_searcher *s, const struct profile *profile, size_t k,
                     struct hit *out)
{
    uint32_t needs = s->standing->need_count;
    s->top = (struct top){.hits = out, .k = k};
    if (k == 0)
        return 0;
    take_terms(s, profile);
    for (uint32_t first = 0, behind; first < needs; first = behind) {
        behind = MIN(first + CLAMP(first, (uint32_t)FIRST_TILE, (uint32_t)TILE), needs);
        search_tile(s, first, behind);
        choose_weak(s);
    }
    top_sort(&s->top);
    return s->top.count;
}
