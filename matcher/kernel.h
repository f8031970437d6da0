/* kernel.h - the one loop of a search that goes over every document of a tile, in three versions that give the same.
 *
 * A scan takes the sums that lists have left, adds the rows, hands out what has come near, and leaves zeros behind:
 *
 *   near <- the chunks with a sum that their bounds could lift to `floor`
 *   for each row:  for each near chunk:  sum += weight · table[f]
 *                  near <- those of them with a sum that reaches the next row's bar
 *   for each document of a near chunk with a sum of at least `bar`: places, scores <- it
 *   sums <- 0
 *
 * Bars rise: a version that adds four rows at once need only look at that of the row behind them.
 *
 * table: the chunk's 16 impacts, for a place in a classification 255 for f = 1.
 *
 * A chunk of a row is 32 bytes: 64 documents, four bits each. Byte 16L + 4k + j holds document 16k + 4L + j in its lower half
 * and document 16k + 4(L + 2) + j in its upper one (L < 2, k < 4, j < 4). When four rows are interleaved for a sum of four
 * products at once, as vector units do within 16 bytes, documents come out in the order of their numbers:
 *
 *   32 bytes -> 64 f -> 64 impacts  (one shuffle by the table)        row a  a0 a1 a2 a3 | …
 *   a0 b0 c0 d0 a1 b1 c1 d1 …  ·  wa wb wc wd wa wb wc wd …           =      sum of document 0, of document 1, … */
#pragma once
#include "matcher/list.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KERNEL_ROWS_MAX = 256,         /* rows in one scan */
    KERNEL_WEIGHT_MAX = 127 * 256, /* of a row; greater weights come as two or three rows */
    KERNEL_SLACK = 64, /* places, scores and numbers may be written so far behind the last */
    KERNEL_CHUNK = 64,
    KERNEL_CHUNKS_MAX = 512, /* chunks in one scan */
};

struct kernel_row {
    const uint8_t *codes; /* 32 bytes a chunk, from the first of the index */
    uint32_t weight;
    uint32_t bar; /* what a sum must be for this row, and those behind it, to bring it near */
    bool is_flat; /* a place in a classification */
};

struct scan {
    uint32_t *sums; /* of chunks · 64 documents; 64-byte aligned */
    const uint32_t
        *bounds; /* the most that rows and what comes later give to a document of each chunk */
    uint32_t first, chunks; /* first: of the tile's chunks in a row */
    const uint8_t *impacts; /* 16 bytes a chunk */
    const struct kernel_row *rows;
    uint32_t row_count;
    uint32_t floor, bar; /* bar: at the end */
    uint16_t *places;    /* out: document numbers within the tile, rising */
    uint32_t *scores;    /* out: their sums */
};

struct kernel {
    const char *name;
    bool (*is_supported)(void);
    uint32_t (*scan)(const struct scan *scan); /* how many came near */
    /* sums += Σ weight · table[f] over the rows of a scan, whatever their bars; with one table for all chunks if `one_table` */
    void (*add)(const struct scan *scan, bool one_table);
    void (*find_peaks)(const uint32_t *sums, uint32_t chunks,
                       uint32_t *peaks); /* the greatest sum of each chunk */
    /* list_add and list_read (list.h); KERNEL_SLACK numbers behind the last may be written */
    void (*add_list)(const struct list *list, uint32_t weight, const struct list_table *table,
                     uint32_t *sums);
    void (*read_list)(const struct list *list, uint32_t *out);
    uint32_t (*find_list)(const struct list *list, uint32_t number); /* list_find */
};

/* kernel_avx2.c: list_find where a processor counts and places bits by itself. */
uint32_t kernel_find_list(const struct list *list, uint32_t number);

extern const struct kernel kernel_plain, kernel_avx2, kernel_avx512;

/* The fastest that this processor has, or the one that PATBRIDGE_CPU in the environment names (avx512, avx2, plain), if the
 * processor has it. Decided once. */
const struct kernel *kernel_best(void);
const struct kernel *kernel_named(const char *name); /* NULL: unknown, or not here */

static inline uint32_t kernel_less(uint32_t floor, uint64_t lift)
{
    return floor > lift ? (uint32_t)(floor - lift) : 0;
}

/* Where a document of a chunk stands in the chunk's 32 bytes: byte, and 0 or 4 bits to the right. */
static inline uint32_t kernel_byte(uint32_t doc)
{
    uint32_t k = doc >> 4 & 3, lane = doc >> 2 & 3, j = doc & 3;
    return (lane & 1) * 16 + 4 * k + j;
}

static inline uint32_t kernel_shift(uint32_t doc)
{
    return doc >> 3 & 1 ? 4 : 0;
}
