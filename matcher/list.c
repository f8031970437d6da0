#include "matcher/list.h"

#include <string.h>

enum {
    BYTE_LOWS_FROM = 24
}; /* lists of a tile with so many numbers have 8 low bits: faster to read */

static uint32_t low_bits_of(uint32_t count, uint32_t bound)
{
    if (bound == LIST_TILE && count >= BYTE_LOWS_FROM)
        return 8;
    return count > 0 && bound >= count ? 31 - (uint32_t)__builtin_clz(bound / count) : 0;
}

static size_t high_size(uint32_t count, uint32_t bound, uint32_t low_bits)
{
    return ((size_t)count + (bound >> low_bits) + 8) / 8;
}

static size_t low_size(uint32_t count, uint32_t low_bits)
{
    return ((size_t)count * low_bits + 7) / 8;
}

size_t list_size(uint32_t count, uint32_t bound, bool has_times)
{
    uint32_t low_bits = low_bits_of(count, bound);
    if (count == 0)
        return 0;
    return high_size(count, bound, low_bits) + low_size(count, low_bits) +
           (has_times ? ((size_t)count + 1) / 2 : 0);
}

static void set_bits(uint8_t *at, size_t bit, uint32_t value, uint32_t bits)
{
    for (uint32_t i = 0; i < bits; i++, bit++)
        at[bit / 8] = (uint8_t)(at[bit / 8] | ((value >> i) & 1u) << (bit % 8));
}

void list_write(GByteArray *out, const uint32_t *numbers, const uint8_t *times, uint32_t count,
                uint32_t bound)
{
    uint32_t low_bits = low_bits_of(count, bound);
    guint start = out->len;
    size_t size = list_size(count, bound, times != NULL);
    if (count == 0)
        return;
    g_byte_array_set_size(out, (guint)(start + size));
    uint8_t *high = out->data + start, *low = high + high_size(count, bound, low_bits);
    uint8_t *nibbles = low + low_size(count, low_bits);
    memset(high, 0, size);
    for (uint32_t i = 0; i < count; i++) {
        size_t one = (size_t)(numbers[i] >> low_bits) + i;
        high[one / 8] = (uint8_t)(high[one / 8] | 1u << (one % 8));
        if (low_bits == 8)
            low[i] = (uint8_t)numbers[i];
        else
            set_bits(low, (size_t)i * low_bits, numbers[i], low_bits);
        if (times)
            nibbles[i / 2] = (uint8_t)(nibbles[i / 2] | times[i] << (4 * (i & 1)));
    }
}

struct list list_open(const uint8_t *at, uint32_t count, uint32_t bound, bool has_times)
{
    struct list list = {.high = at, .count = count, .bound = bound};
    list.low_bits = low_bits_of(count, bound);
    list.low = at + high_size(count, bound, list.low_bits);
    list.times = has_times ? list.low + low_size(count, list.low_bits) : NULL;
    return list;
}

static inline uint64_t word_at(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return GUINT64_FROM_LE(word);
}

/* Goes through the ones of `high`: before the first call `word` is its first 8 bytes. */
struct walk {
    uint64_t word;
    const uint8_t *at;
    uint32_t base; /* position of the word's first bit, less the ones passed */
};

static inline uint32_t walk_next(struct walk *walk)
{
    while (G_UNLIKELY(walk->word == 0)) {
        walk->at += 8;
        walk->base += 64;
        walk->word = word_at(walk->at);
    }
    uint32_t upper = walk->base + (uint32_t)__builtin_ctzll(walk->word);
    walk->word &= walk->word - 1;
    walk->base--;
    return upper;
}

static inline struct walk walk_from(const struct list *list)
{
    return (struct walk){word_at(list->high), list->high, 0};
}

static inline uint32_t low_at(const struct list *list, uint32_t i, uint32_t mask)
{
    size_t bit = (size_t)i * list->low_bits;
    return (uint32_t)(word_at(list->low + bit / 8) >> (bit % 8)) & mask;
}

void list_read(const struct list *list, uint32_t *out)
{
    struct walk walk = walk_from(list);
    const uint8_t *low = list->low;
    uint32_t bits = list->low_bits, count = list->count, mask = (1u << bits) - 1;
    size_t bit = 0;
    for (uint32_t i = 0; i < count; i++, bit += bits)
        out[i] =
            walk_next(&walk) << bits | ((uint32_t)(word_at(low + bit / 8) >> (bit % 8)) & mask);
}

/* In each byte how many ones there are up to its end: the uppermost byte has them all. */
static uint64_t count_by_byte(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    return ((word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101;
}

/* The place of the n-th one of a word that has so many. */
static uint32_t select_one(uint64_t word, uint64_t counts, uint32_t n)
{
    uint32_t shift = 0, passed = 0;
    for (uint32_t here; (here = (uint32_t)(counts >> shift) & 255) <= n; shift += 8)
        passed = here;
    for (word >>= shift; passed < n; passed++)
        word &= word - 1;
    return shift + (uint32_t)__builtin_ctzll(word);
}

/* The place of the n-th zero of `high`, from 0; there is one. */
static size_t find_zero(const uint8_t *high, uint32_t n)
{
    size_t base = 0;
    uint64_t zeros = ~word_at(high), counts;
    for (uint32_t here; (here = (uint32_t)((counts = count_by_byte(zeros)) >> 56)) <= n;
         n -= here) {
        base += 64;
        zeros = ~word_at(high + base / 8);
    }
    return base + select_one(zeros, counts, n);
}

uint32_t list_find_at(const struct list *list, uint32_t number, size_t at)
{
    uint32_t upper = number >> list->low_bits, mask = (1u << list->low_bits) - 1;
    for (uint32_t i = (uint32_t)(at - upper);
         i < list->count && list->high[at / 8] >> (at % 8) & 1; i++, at++)
        if (low_at(list, i, mask) == (number & mask))
            return list_times(list, i);
    return 0;
}

uint32_t list_find(const struct list *list, uint32_t number)
{
    uint32_t upper = number >> list->low_bits;
    if (list->count == 0 || number >= list->bound)
        return 0;
    return list_find_at(list, number, upper == 0 ? 0 : find_zero(list->high, upper - 1) + 1);
}

static inline void add_one(uint32_t number, uint32_t times, uint32_t weight,
                           const uint8_t *impacts, uint32_t *sums)
{
    sums[number] += weight * impacts[number / 64 * 16 + times];
}

/* The three loops are one, written out: what is constant in each makes it fast. */
static void add_byte_ones(const struct list *list, uint32_t weight, const uint8_t *ones,
                          uint32_t *sums)
{
    struct walk walk = walk_from(list);
    const uint8_t *low = list->low;
    uint32_t count = list->count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = walk_next(&walk) << 8 | low[i];
        sums[number] += weight * ones[number / 64];
    }
}

static void add_byte_more(const struct list *list, uint32_t weight, const uint8_t *impacts,
                          uint32_t *sums)
{
    struct walk walk = walk_from(list);
    struct list l = *list;
    for (uint32_t i = 0; i < l.count; i++)
        add_one(walk_next(&walk) << 8 | l.low[i], l.times[i / 2] >> (4 * (i & 1)) & 15, weight,
                impacts, sums);
}

static void add_bits(const struct list *list, uint32_t weight, const uint8_t *impacts,
                     uint32_t *sums)
{
    struct walk walk = walk_from(list);
    uint32_t mask = (1u << list->low_bits) - 1;
    struct list l = *list;
    for (uint32_t i = 0; i < l.count; i++)
        add_one(walk_next(&walk) << l.low_bits | low_at(&l, i, mask), list_times(&l, i), weight,
                impacts, sums);
}

void list_add(const struct list *list, uint32_t weight, const struct list_table *table,
              uint32_t *sums)
{
    if (list->low_bits != 8)
        add_bits(list, weight, table->impacts, sums);
    else if (list->times)
        add_byte_more(list, weight, table->impacts, sums);
    else
        add_byte_ones(list, weight, table->ones, sums);
}
