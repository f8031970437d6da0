#include "matcher/plan.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

static void set_room(struct plan *plan, size_t room)
{
    plan->room = room;
    plan->docs = g_renew(uint32_t, plan->docs, plan->room + KERNEL_SLACK);
    plan->points = g_renew(uint32_t, plan->points, plan->room);
    plan->postings = g_renew(struct plan_posting, plan->postings, plan->room);
}

void plan_init(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->found = g_array_new(FALSE, FALSE, sizeof(struct plan_found));
    plan->rows = g_array_new(FALSE, FALSE, sizeof(struct plan_row));
    plan->tiled = g_array_new(FALSE, FALSE, sizeof(struct plan_tiled));
    set_room(plan, FIRST_ROOM);
}

void plan_clear(struct plan *plan)
{
    g_array_unref(plan->found);
    g_array_unref(plan->rows);
    g_array_unref(plan->tiled);
    g_free(plan->postings);
    g_free(plan->starts);
    g_free(plan->docs);
    g_free(plan->points);
}

static void reserve(struct plan *plan, size_t more)
{
    if (plan->count + more > plan->room)
        set_room(plan, 2 * (plan->count + more));
}

static void read_list(struct plan *plan, const struct index *ix, const struct list *list,
                      uint32_t weight, bool is_flat)
{
    reserve(plan, list->count);
    uint32_t *docs = plan->docs + plan->count, *points = plan->points + plan->count;
    plan->kernel->read_list(list, docs);
    plan->count += list->count;
    if (is_flat)
        for (uint32_t i = 0; i < list->count; i++)
            points[i] = weight * INDEX_IMPACT_MAX;
    else if (!list->times)
        for (uint32_t i = 0; i < list->count; i++)
            points[i] = weight * ix->ones[docs[i] / INDEX_CHUNK];
    else
        for (uint32_t i = 0; i < list->count; i++)
            points[i] =
                weight * ix->impacts[docs[i] / INDEX_CHUNK * INDEX_TIMES + list_times(list, i)];
}

/* The first chunk has the shortest documents, and so the greatest impact of each f. */
static void add_whole(struct plan *plan, const struct index *ix, const struct index_term *term,
                      uint32_t weight)
{
    struct list lists[2];
    bool is_flat = term->level > 0;
    index_open_whole(ix, term, lists);
    read_list(plan, ix, &lists[0], weight, is_flat);
    read_list(plan, ix, &lists[1], weight, is_flat);
    plan->posting_bound +=
        weight * (is_flat ? (uint32_t)INDEX_IMPACT_MAX : ix->impacts[term->times_max]);
}

static void add_heavy(struct plan *plan, const struct index *ix, uint32_t term, uint32_t weight)
{
    uint32_t count;
    const struct index_heavy *heavy = index_heavy_of(ix, term, &count);
    reserve(plan, count);
    for (uint32_t i = 0; i < count; i++, plan->count++) {
        plan->docs[plan->count] = heavy[i].doc;
        plan->points[plan->count] = weight * heavy[i].impact;
    }
    plan->posting_bound += weight * INDEX_IMPACT_MAX;
}

static void add_term(struct plan *plan, const struct index *ix, uint32_t number,
                     uint32_t weight)
{
    const struct index_term *term = &ix->terms[number];
    struct plan_row row = {.row = {.weight = weight, .is_flat = term->level > 0},
                           .times_max = term->times_max};
    struct plan_tiled tiled = {term, weight};
    if (term->is_heavy)
        add_heavy(plan, ix, number, weight);
    switch ((enum index_form)term->form) {
    case INDEX_ROW:
        row.row.codes = index_row_of(ix, term);
        row.crest = ix->crests + term->at * index_crest_size(ix);
        g_array_append_val(plan->rows, row);
        break;
    case INDEX_TILED:
        g_array_append_val(plan->tiled, tiled);
        break;
    case INDEX_WHOLE:
        add_whole(plan, ix, term, weight);
        break;
    }
}

static void expect_list(const uint8_t *bytes)
{
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + 64);
    __builtin_prefetch(bytes + 128);
}

/* Finds the terms, and asks for the first bytes of their lists before any of them is read. */
static void find_terms(struct plan *plan, const struct index *ix, const struct query *query)
{
    g_array_set_size(plan->found, 0);
    for (uint32_t i = 0; i < query->term_count; i++) {
        struct plan_found found = {query_find(&query->terms[i], ix), query->terms[i].weight};
        if (found.term == INDEX_NONE || found.weight == 0)
            continue;
        if (ix->terms[found.term].form != INDEX_ROW)
            expect_list(index_bytes_of(ix, &ix->terms[found.term]));
        g_array_append_val(plan->found, found);
    }
}

/* Numbers of a list rise, so those of one tile stand together: each run is counted by itself, and the table written once a run. */
static void count_tiles(struct plan *plan, uint32_t tiles)
{
    uint32_t *starts = plan->starts, run = 0;
    memset(starts, 0, (tiles + 1) * sizeof *starts);
    for (size_t i = 0; i < plan->count; i++) {
        uint32_t tile = plan->docs[i] >> INDEX_TILE_BITS;
        run++;
        if (i + 1 == plan->count || plan->docs[i + 1] >> INDEX_TILE_BITS != tile) {
            starts[tile] += run;
            run = 0;
        }
    }
    for (uint32_t tile = 0, at = 0; tile <= tiles; tile++) {
        at += starts[tile];
        starts[tile] = at;
    }
}

static void place_postings(struct plan *plan)
{
    for (size_t i = plan->count; i > 0;) {
        uint32_t tile = plan->docs[i - 1] >> INDEX_TILE_BITS, at = plan->starts[tile];
        for (; i > 0 && plan->docs[i - 1] >> INDEX_TILE_BITS == tile; i--)
            plan->postings[--at] =
                (struct plan_posting){plan->docs[i - 1], plan->points[i - 1]};
        plan->starts[tile] = at;
    }
}

/* Puts what was read in the order of tiles: counts those of each, then places them. */
static void sort_postings(struct plan *plan, uint32_t tiles)
{
    if (tiles + 1 > plan->tile_room) {
        plan->tile_room = tiles + 1;
        plan->starts = g_renew(uint32_t, plan->starts, plan->tile_room);
    }
    count_tiles(plan, tiles);
    place_postings(plan);
}

void plan_set(struct plan *plan, const struct kernel *kernel, const struct index *ix,
              const struct query *query)
{
    plan->kernel = kernel;
    g_array_set_size(plan->rows, 0);
    g_array_set_size(plan->tiled, 0);
    plan->count = 0;
    plan->posting_bound = 0;
    find_terms(plan, ix, query);
    for (guint i = 0; i < plan->found->len; i++) {
        const struct plan_found *found = &g_array_index(plan->found, struct plan_found, i);
        add_term(plan, ix, found->term, found->weight);
    }
    sort_postings(plan, index_tiles(ix));
}
