#include "matcher/search.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

struct cursor { /* a term of the query, and its next block */
    uint32_t weight;
    uint32_t block, end;
};

struct active { /* a term of the query that has postings in this tile */
    const uint16_t *docs;
    const uint8_t *impacts;
    uint32_t count, weight;
    uint32_t bound; /* the most it can give to a document of this tile */
};

struct searcher {
    const struct index *ix;
    uint32_t *sums; /* INDEX_TILE */
    uint16_t *near; /* INDEX_TILE: documents that may still come in */
    struct cursor *cursors;
    struct active *active;
    uint32_t cursor_count, active_count, room;
    uint32_t tile;
    struct top top;
    search_keep *keep;
    void *user;
};

struct searcher *search_new(const struct index *ix)
{
    struct searcher *s = g_new0(struct searcher, 1);
    s->ix = ix;
    s->sums = g_new(uint32_t, INDEX_TILE);
    s->near = g_new(uint16_t, INDEX_TILE);
    return s;
}

void search_free(struct searcher *s)
{
    if (!s)
        return;
    g_free(s->sums);
    g_free(s->near);
    g_free(s->cursors);
    g_free(s->active);
    g_free(s);
}

static void set_cursors(struct searcher *s, const struct query *query)
{
    if (query->term_count > s->room) {
        s->room = query->term_count;
        s->cursors = g_renew(struct cursor, s->cursors, s->room);
        s->active = g_renew(struct active, s->active, s->room);
    }
    s->cursor_count = 0;
    for (uint32_t i = 0; i < query->term_count; i++) {
        uint32_t term = index_find_term(s->ix, query->terms[i].hash);
        if (term == INDEX_NONE || query->terms[i].weight == 0)
            continue;
        s->cursors[s->cursor_count++] =
            (struct cursor){query->terms[i].weight, s->ix->terms[term].first_block,
                            s->ix->terms[term + 1].first_block};
    }
}

/* Takes the terms that have postings in this tile, and steps over them. */
static void enter_tile(struct searcher *s, uint32_t tile)
{
    const struct index *ix = s->ix;
    s->tile = tile;
    s->active_count = 0;
    for (uint32_t i = 0; i < s->cursor_count; i++) {
        struct cursor *cursor = &s->cursors[i];
        const struct index_block *block = &ix->blocks[cursor->block];
        if (cursor->block == cursor->end || block->tile != tile)
            continue;
        s->active[s->active_count++] = (struct active){
            ix->post_docs + block[0].start, ix->post_impacts + block[0].start,
            block[1].start - block[0].start, cursor->weight, cursor->weight * block->max};
        cursor->block++;
    }
}

static void add_term(uint32_t *sums, const struct active *term)
{
    const uint16_t *docs = term->docs;
    const uint8_t *impacts = term->impacts;
    uint32_t weight = term->weight;
    for (uint32_t i = 0; i < term->count; i++)
        sums[docs[i]] += weight * impacts[i];
}

static void offer(struct searcher *s, uint32_t place)
{
    uint32_t doc = (s->tile << INDEX_TILE_BITS) + place, score = s->sums[place];
    if (score <= s->top.floor || (s->keep && !s->keep(s->ix->ids[doc], s->user)))
        return;
    top_offer(&s->top, (struct hit){s->ix->ids[doc], doc, score});
}

static uint32_t tile_size(const struct searcher *s)
{
    return MIN(s->ix->doc_count - (s->tile << INDEX_TILE_BITS), (uint32_t)INDEX_TILE);
}

/* Collects the places whose sum is above a bar, in rising order. */
static uint32_t collect(const struct searcher *s, uint32_t bar)
{
    uint32_t count = 0, size = tile_size(s);
    for (uint32_t place = 0; place < size; place++) {
        s->near[count] = (uint16_t)place;
        count += s->sums[place] > bar;
    }
    return count;
}

static void add_all(struct searcher *s)
{
    for (uint32_t i = 0; i < s->active_count; i++)
        add_term(s->sums, &s->active[i]);
    uint32_t count = collect(s, s->top.floor);
    for (uint32_t i = 0; i < count; i++)
        offer(s, s->near[i]);
}

static int by_bound(const void *a, const void *b)
{
    uint32_t x = ((const struct active *)a)->bound, y = ((const struct active *)b)->bound;
    return (x > y) - (x < y);
}

/* How many of the active terms, smallest bounds first, can't lift a document over the floor by themselves; `*lift` is what
 * they could add together, `*postings` how many postings they have. */
static uint32_t count_weak(struct searcher *s, uint32_t *lift, size_t *postings)
{
    uint32_t weak = 0;
    *lift = 0;
    *postings = 0;
    qsort(s->active, s->active_count, sizeof *s->active, by_bound);
    while (weak < s->active_count && *lift + s->active[weak].bound <= s->top.floor) {
        *lift += s->active[weak].bound;
        *postings += s->active[weak++].count;
    }
    return weak;
}

/* The first posting at or behind a place, from `at` on: in steps that double, then halving. */
static uint32_t seek(const struct active *term, uint32_t at, uint16_t place)
{
    uint32_t step = 1, low = at, high = at;
    while (high < term->count && term->docs[high] < place) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = MIN(high, term->count);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (term->docs[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void look_up(struct searcher *s, const struct active *term, uint32_t near_count)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < near_count && at < term->count; i++) {
        at = seek(term, at, s->near[i]);
        if (at < term->count && term->docs[at] == s->near[i])
            s->sums[s->near[i]] += term->weight * term->impacts[at];
    }
}

/* Keeps the places whose sum is still above a bar. */
static uint32_t narrow(struct searcher *s, uint32_t count, uint32_t bar)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t place = s->near[i];
        s->near[kept] = place;
        kept += s->sums[place] > bar;
    }
    return kept;
}

/* The strong terms are added up; the weak ones, strongest first, only for places that they could still lift over the floor. A
 * weak term much shorter than the list of places is added up whole: sums of places that have been dropped don't matter. */
static void add_pruned(struct searcher *s, uint32_t weak, uint32_t lift)
{
    enum { SEEK_COST = 6 };
    for (uint32_t i = weak; i < s->active_count; i++)
        add_term(s->sums, &s->active[i]);
    uint32_t count = collect(s, s->top.floor - lift);
    while (weak-- > 0 && count > 0) {
        const struct active *term = &s->active[weak];
        if (term->count / SEEK_COST < count)
            add_term(s->sums, term);
        else
            look_up(s, term, count);
        lift -= term->bound;
        count = narrow(s, count, s->top.floor - lift);
    }
    for (uint32_t i = 0; i < count; i++)
        offer(s, s->near[i]);
}

/* Pruning pays when the weak terms are most of the work. */
static void search_tile(struct searcher *s, enum search_mode mode)
{
    uint32_t lift = 0;
    size_t weak_postings = 0, postings = 0;
    uint32_t weak =
        mode == SEARCH_EXHAUSTIVE || !s->top.floor ? 0 : count_weak(s, &lift, &weak_postings);
    if (weak == s->active_count && mode != SEARCH_EXHAUSTIVE)
        return; /* nothing here can come in */
    for (uint32_t i = 0; i < s->active_count; i++)
        postings += s->active[i].count;
    memset(s->sums, 0, tile_size(s) * sizeof *s->sums);
    if (weak > 0 && (mode == SEARCH_PRUNED || 2 * weak_postings > postings))
        add_pruned(s, weak, lift);
    else
        add_all(s);
}

size_t search_top(struct searcher *s, const struct query *query, size_t k,
                  enum search_mode mode, search_keep *keep, void *user, struct hit *out)
{
    uint32_t tiles = (s->ix->doc_count + INDEX_TILE - 1) >> INDEX_TILE_BITS;
    s->top = (struct top){.hits = out, .k = k};
    s->keep = keep;
    s->user = user;
    if (k == 0)
        return 0;
    set_cursors(s, query);
    for (uint32_t tile = 0; tile < tiles; tile++) {
        enter_tile(s, tile);
        if (s->active_count > 0)
            search_tile(s, mode);
    }
    top_sort(&s->top);
    return s->top.count;
}

uint32_t search_score(const struct query *query, const struct profile *profile)
{
    uint32_t score = 0;
    for (uint32_t i = 0; i < query->term_count; i++)
        score += query->terms[i].weight * profile_impact(profile, query->terms[i].hash);
    return score;
}

uint32_t search_score_doc(const struct query *query, const struct index *ix, uint32_t doc)
{
    uint32_t score = 0;
    for (uint32_t i = 0; i < query->term_count; i++) {
        uint32_t term = index_find_term(ix, query->terms[i].hash);
        if (term != INDEX_NONE)
            score += query->terms[i].weight * index_impact(ix, term, doc);
    }
    return score;
}
