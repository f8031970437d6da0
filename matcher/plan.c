#include "matcher/plan.h"

#include <stdlib.h>
#include <string.h>

void plan_init(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->rows = g_array_new(FALSE, FALSE, sizeof(struct plan_row));
    plan->tiled = g_array_new(FALSE, FALSE, sizeof(struct plan_tiled));
    plan->wholes = g_array_new(FALSE, FALSE, sizeof(struct plan_whole));
    plan->heavy = g_array_new(FALSE, FALSE, sizeof(struct plan_heavy));
}

void plan_clear(struct plan *plan)
{
    g_array_unref(plan->rows);
    g_array_unref(plan->tiled);
    g_array_unref(plan->wholes);
    g_array_unref(plan->heavy);
    g_free(plan->docs);
    g_free(plan->times);
}

static void read_whole(struct plan *plan, const struct list *list, uint32_t weight,
                       const struct index_term *term)
{
    struct plan_whole whole = {.first = plan->count,
                               .count = list->count,
                               .weight = weight,
                               .times_max = list->times ? term->times_max : 1,
                               .is_flat = term->level > 0};
    if (list->count == 0)
        return;
    if (plan->count + list->count > plan->room) {
        plan->room = 2 * (plan->count + list->count);
        plan->docs = g_renew(uint32_t, plan->docs, plan->room);
        plan->times = g_renew(uint8_t, plan->times, plan->room);
    }
    list_read(list, plan->docs + plan->count);
    for (uint32_t i = 0; i < list->count; i++)
        plan->times[plan->count + i] = (uint8_t)list_times(list, i);
    plan->count += list->count;
    g_array_append_val(plan->wholes, whole);
}

static void add_heavy(struct plan *plan, const struct index *ix, uint32_t term, uint32_t weight)
{
    uint32_t count;
    const struct index_heavy *heavy = index_heavy_of(ix, term, &count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = ix->lengths[heavy[i].doc / INDEX_CHUNK];
        struct plan_heavy posting = {heavy[i].doc,
                                     weight * index_quantise(ix, heavy[i].times, length)};
        g_array_append_val(plan->heavy, posting);
    }
}

static void add_term(struct plan *plan, const struct index *ix, uint32_t number,
                     uint32_t weight)
{
    const struct index_term *term = &ix->terms[number];
    if (term->is_heavy)
        add_heavy(plan, ix, number, weight);
    if (term->kind == INDEX_ROW) {
        struct plan_row row = {{index_row_of(ix, term), weight, term->level > 0},
                               term->times_max};
        g_array_append_val(plan->rows, row);
    } else if (term->kind == INDEX_TILED) {
        struct plan_tiled tiled = {term, weight};
        g_array_append_val(plan->tiled, tiled);
    } else {
        struct list lists[2];
        index_open_whole(ix, term, lists);
        read_whole(plan, &lists[0], weight, term);
        read_whole(plan, &lists[1], weight, term);
    }
}

static int by_doc(const void *a, const void *b)
{
    uint32_t x = ((const struct plan_heavy *)a)->doc, y = ((const struct plan_heavy *)b)->doc;
    return (x > y) - (x < y);
}

void plan_set(struct plan *plan, const struct index *ix, const struct query *query)
{
    g_array_set_size(plan->rows, 0);
    g_array_set_size(plan->tiled, 0);
    g_array_set_size(plan->wholes, 0);
    g_array_set_size(plan->heavy, 0);
    plan->count = 0;
    for (uint32_t i = 0; i < query->term_count; i++) {
        uint32_t term = index_find_term(ix, query->terms[i].hash);
        if (term != INDEX_NONE && query->terms[i].weight > 0)
            add_term(plan, ix, term, query->terms[i].weight);
    }
    if (plan->heavy->len > 1)
        qsort(plan->heavy->data, plan->heavy->len, sizeof(struct plan_heavy), by_doc);
}
