/* sketch.h - how like two texts are, out of 128 bytes a text: MinHash in one permutation.
 *
 * Each of a text's different pairs (terms.h) falls by its hash into one of 32 bins, which keeps the least hash it has seen. The
 * share of bins in which two texts agree is, give or take .09, the share of pairs that they have in common: |A and B| / |A or B|. */
#pragma once
#include <stdint.h>

enum { SKETCH_BINS = 32 };

struct sketch {
    uint32_t least[SKETCH_BINS]; /* UINT32_MAX: an empty bin */
};

void sketch_init(struct sketch *sketch);
void sketch_add(struct sketch *sketch, uint64_t hash); /* again and again changes nothing */

/* 0 to 1; of two empty ones 0. */
double sketch_likeness(const struct sketch *a, const struct sketch *b);
