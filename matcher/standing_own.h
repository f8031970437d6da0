/* standing_own.h - the inside of an index over needs: standing.c makes it and scores all needs, standing_best.c finds the best.
 *
 *   slots    hash table over the terms: number + 1, or 0
 *   terms    [ hash, first | hash, first | …                a term's postings end where the next one's begin
 *   needs    [ 3 17 90 | 5 17 | …                           rising within a term
 *   weights  [ 70 41 9 | …                                  of the term in that need; 16 bits (query.h)
 *   codes    of each need a line of the cache: four bits for each of the terms that most needs have, its rows: which of the weights
 *            in the row's table; 0: the need lacks the term, or has it with a weight that few have, and is among the row's others */
#pragma once
#include "matcher/search.h"
#include <stddef.h>

enum {
    STANDING_CODES = 16,
    STANDING_LINE = 64,
    STANDING_ROWS = 2 * STANDING_LINE,
};
#define STANDING_NO_ROW UINT32_MAX

struct standing_term {
    uint64_t hash;
    size_t first;
    uint32_t row; /* or STANDING_NO_ROW */
};

struct standing_row {
    uint16_t weights[STANDING_CODES]; /* of each code; [0]: 0 */
    uint16_t weight_max;              /* of them */
    uint32_t first_other, end_other;  /* in `others` */
};

struct standing_other {
    uint32_t need, weight;
};

struct standing {
    uint32_t need_count;
    struct standing_term *terms; /* by hash; ends with one more */
    uint32_t term_count;
    uint32_t *needs;
    uint16_t *weights;
    uint32_t *slots;
    uint32_t mask;
    struct standing_row *rows;
    GArray *others; /* struct standing_other, needs rising within a row */
    uint8_t *codes; /* STANDING_LINE bytes a need: row 2i in the lower half of byte i */
};

/* The number of a term + 1, or 0. */
uint32_t standing_find(const struct standing *standing, uint64_t hash);

/* Asks for the terms of a profile from memory. */
void standing_expect(const struct standing *standing, const struct profile *profile);

/* standing_rows.c: gives rows to terms that many needs have. Of a standing that has its terms and postings. */
void standing_set_rows(struct standing *standing);
