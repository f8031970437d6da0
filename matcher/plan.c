#include "matcher/plan.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

static void set_room(struct plan *plan, size_t room)
{
    plan->room = room;
    plan->docs = g_renew(uint32_t, plan->docs, plan->room + KERNEL_SLACK);
    plan->points = g_renew(uint32_t, plan->points, plan->room);
}

void plan_init(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->found = g_array_new(FALSE, FALSE, sizeof(struct plan_found));
    plan->rows = g_array_new(FALSE, FALSE, sizeof(struct plan_row));
    plan->tiled = g_array_new(FALSE, FALSE, sizeof(struct plan_tiled));
    plan->runs = g_array_new(FALSE, FALSE, sizeof(struct plan_run));
    set_room(plan, FIRST_ROOM);
}

void plan_clear(struct plan *plan)
{
    g_array_unref(plan->found);
    g_array_unref(plan->rows);
    g_array_unref(plan->tiled);
    g_array_unref(plan->runs);
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
    struct plan_run run = {.first = plan->count, .count = list->count};
    if (list->count == 0)
        return;
    g_array_append_val(plan->runs, run);
    reserve(plan, list->count + 1);
    uint32_t *docs = plan->docs + plan->count, *points = plan->points + plan->count;
    plan->kernel->read_list(list, docs);
    docs[list->count] = UINT32_MAX; /* what ends it */
    plan->count += list->count + 1;
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
    plan->bound +=
        weight * (is_flat ? (uint32_t)INDEX_IMPACT_MAX : ix->impacts[term->times_max]);
}

static void add_heavy(struct plan *plan, const struct index *ix, uint32_t term, uint32_t weight)
{
    struct plan_run run = {.weight = weight};
    run.heavy = index_heavy_of(ix, term, &run.count);
    g_array_append_val(plan->runs, run);
    plan->bound += weight * INDEX_IMPACT_MAX;
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

void plan_set(struct plan *plan, const struct kernel *kernel, const struct index *ix,
              const struct query *query)
{
    plan->kernel = kernel;
    g_array_set_size(plan->rows, 0);
    g_array_set_size(plan->tiled, 0);
    plan->count = 0;
    g_array_set_size(plan->runs, 0);
    plan->bound = plan->next = 0;
    find_terms(plan, ix, query);
    for (guint i = 0; i < plan->found->len; i++) {
        const struct plan_found *found = &g_array_index(plan->found, struct plan_found, i);
        add_term(plan, ix, found->term, found->weight);
    }
}

static uint32_t doc_at(const struct plan *plan, const struct plan_run *run, uint32_t at)
{
    return run->heavy ? run->heavy[at].doc : plan->docs[run->first + at];
}

/* Sets a run to its first posting that is not before a document. Without a branch: which half it is can't be foreseen. */
static void seek(const struct plan *plan, struct plan_run *run, uint32_t doc)
{
    uint32_t low = 0, count = doc > 0 ? run->count : 0;
    while (count > 0) {
        uint32_t half = count - count / 2;
        low += half & -(uint32_t)(doc_at(plan, run, low + half - 1) < doc);
        count -= half;
    }
    run->at = low;
}

static void add_heavies(struct plan_run *run, uint32_t first, uint32_t end, uint32_t *sums)
{
    uint32_t at = run->at;
    for (; at < run->count && run->heavy[at].doc < end; at++)
        sums[run->heavy[at].doc - first] += run->weight * run->heavy[at].impact;
    run->at = at;
}

void plan_add(struct plan *plan, uint32_t first, uint32_t end, uint32_t *sums)
{
    for (guint i = 0; i < plan->runs->len; i++) {
        struct plan_run *run = &g_array_index(plan->runs, struct plan_run, i);
        const uint32_t *docs = plan->docs + run->first, *points = plan->points + run->first;
        if (first != plan->next)
            seek(plan, run, first);
        if (run->heavy) {
            add_heavies(run, first, end, sums);
            continue;
        }
        uint32_t at = run->at;
        for (; docs[at] < end; at++)
            sums[docs[at] - first] += points[at];
        run->at = at;
    }
    plan->next = end;
}
