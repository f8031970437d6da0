/* list.h - rising document numbers in few bits (Elias-Fano), each with its f where that is not 1.
 *
 * Of n numbers below a bound, the lowest b bits of each stand in `low`, one behind the other. What is above them rises slowly,
 * and is written in `high` as so many zeros, then a one for each number:
 *
 *   n = 4, b = 3:  5, 12, 14, 40      = 0·8+5, 1·8+4, 1·8+6, 5·8+0
 *   low    101 100 110 000
 *   high   1 0 1 1 0 0 0 0 1          the i-th one at position p says: p - i is the upper part of number i
 *
 * which comes to b + 1 bits a number and bound / 2^b more; b is chosen from n and the bound alone. Behind both stand, for a
 * list with f, four bits a number. A list is opened in place: no alignment is asked for, but 8 bytes behind it may be read. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIST_TILE = 1 << 15 }; /* lists below this bound are the ones that must be read fast */

struct list {
    const uint8_t *high, *low;
    const uint8_t *times; /* NULL: f = 1 throughout */
    uint32_t count, bound;
    uint32_t low_bits;
};

/* Bytes that a list of `count` numbers below `bound` takes. */
size_t list_size(uint32_t count, uint32_t bound, bool has_times);

/* Appends a list; numbers rise and lie below the bound; `times` (1 to 15 each) is NULL for f = 1. */
void list_write(GByteArray *out, const uint32_t *numbers, const uint8_t *times, uint32_t count,
                uint32_t bound);

struct list list_open(const uint8_t *at, uint32_t count, uint32_t bound, bool has_times);

/* Writes out all numbers. */
void list_read(const struct list *list, uint32_t *out);

/* f of the i-th. */
static inline uint32_t list_times(const struct list *list, uint32_t i)
{
    return list->times ? (list->times[i / 2] >> (4 * (i & 1))) & 15u : 1;
}

/* f of a number, or 0 when it is not in the list. */
uint32_t list_find(const struct list *list, uint32_t number);
/* The same of a number below the bound, of which it is known where in `high` the ones of its upper part begin, if it has any. */
uint32_t list_find_at(const struct list *list, uint32_t number, size_t at);

struct list_table {         /* what f is worth in each chunk of 64 numbers */
    const uint8_t *impacts; /* 16 bytes a chunk, by f */
    const uint8_t *ones;    /* a byte a chunk: f = 1. 512 bytes can be read */
};

/* sums[number] += weight · impacts[number / 64 · 16 + f], for every number. */
void list_add(const struct list *list, uint32_t weight, const struct list_table *table,
              uint32_t *sums);
