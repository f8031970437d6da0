#include "matcher/top.h"

#include <stdlib.h>

static bool is_worse(const struct hit *a, const struct hit *b)
{
    return a->score != b->score ? a->score < b->score : a->id > b->id;
}

static void sink(struct top *top, size_t at)
{
    struct hit *hits = top->hits, moving = hits[at];
    for (size_t child; (child = 2 * at + 1) < top->count; at = child) {
        if (child + 1 < top->count && is_worse(&hits[child + 1], &hits[child]))
            child++;
        if (!is_worse(&hits[child], &moving))
            break;
        hits[at] = hits[child];
    }
    hits[at] = moving;
}

static void rise(struct top *top, size_t at)
{
    struct hit *hits = top->hits, moving = hits[at];
    for (; at > 0 && is_worse(&moving, &hits[(at - 1) / 2]); at = (at - 1) / 2)
        hits[at] = hits[(at - 1) / 2];
    hits[at] = moving;
}

bool top_wants(const struct top *top, uint32_t score, int64_t id)
{
    if (top->count < top->k || score != top->floor)
        return score > top->floor;
    return id < top->hits[0].id;
}

void top_offer(struct top *top, struct hit hit)
{
    if (top->count < top->k) {
        top->hits[top->count] = hit;
        rise(top, top->count++);
    } else {
        top->hits[0] = hit;
        sink(top, 0);
    }
    if (top->count == top->k)
        top->floor = top->hits[0].score;
}

static int by_rank(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    return is_worse(y, x) ? -1 : is_worse(x, y);
}

void top_sort(struct top *top)
{
    if (top->count > 1)
        qsort(top->hits, top->count, sizeof *top->hits, by_rank);
}

uint32_t top_kth(const uint32_t *numbers, uint32_t count, size_t k)
{
    g_autofree uint32_t *best = g_new0(uint32_t, MIN(k, (size_t)count) + 1);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept == k && numbers[i] <= best[kept - 1])
            continue;
        uint32_t at = kept < k ? kept++ : kept - 1;
        for (; at > 0 && best[at - 1] < numbers[i]; at--)
            best[at] = best[at - 1];
        best[at] = numbers[i];
    }
    return kept == k ? best[kept - 1] : 0;
}
