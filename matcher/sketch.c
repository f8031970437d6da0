#include "matcher/sketch.h"

#include <stdbool.h>

void sketch_init(struct sketch *sketch)
{
    for (int bin = 0; bin < SKETCH_BINS; bin++)
        sketch->least[bin] = UINT32_MAX;
}

void sketch_add(struct sketch *sketch, uint64_t hash)
{
    uint32_t *least = &sketch->least[hash % SKETCH_BINS], value = (uint32_t)(hash >> 32);
    if (value < *least)
        *least = value;
}

double sketch_likeness(const struct sketch *a, const struct sketch *b)
{
    int used = 0, same = 0;
    for (int bin = 0; bin < SKETCH_BINS; bin++) {
        bool is_used = a->least[bin] != UINT32_MAX || b->least[bin] != UINT32_MAX;
        used += is_used;
        same += is_used && a->least[bin] == b->least[bin];
    }
    return used ? (double)same / used : 0;
}
