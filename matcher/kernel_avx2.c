/* kernel_avx2.c - kernel.h with 256-bit vectors: two rows and 32 documents at once. */
#include "matcher/kernel.h"

#if defined __x86_64__
#include <immintrin.h>
#include <string.h>

enum { AHEAD = 4 }; /* rows are asked for so many chunks before their turn */

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

static bool is_supported(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

AVX2 static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

/* Sums of every second eight of a chunk's 64 documents: those of one half of its bytes. By name, so that they stay in registers. */
struct half {
    __m256i a, b, c, d;
};

struct chunk {
    struct half lower, upper;
};

AVX2 static inline struct half load_half(const uint32_t *at)
{
    return (struct half){load(at), load(at + 16), load(at + 32), load(at + 48)};
}

AVX2 static inline struct chunk load_chunk(const uint32_t *at)
{
    return (struct chunk){load_half(at), load_half(at + 8)};
}

AVX2 static inline void store_half(uint32_t *at, struct half sums)
{
    _mm256_storeu_si256((__m256i *)(void *)at, sums.a);
    _mm256_storeu_si256((__m256i *)(void *)(at + 16), sums.b);
    _mm256_storeu_si256((__m256i *)(void *)(at + 32), sums.c);
    _mm256_storeu_si256((__m256i *)(void *)(at + 48), sums.d);
}

AVX2 static inline void store_chunk(uint32_t *at, struct chunk sums)
{
    store_half(at, sums.lower);
    store_half(at + 8, sums.upper);
}

AVX2 static inline struct half masked(struct half sums, __m256i mask)
{
    return (struct half){_mm256_and_si256(sums.a, mask), _mm256_and_si256(sums.b, mask),
                         _mm256_and_si256(sums.c, mask), _mm256_and_si256(sums.d, mask)};
}

AVX2 static inline struct chunk keep_if(bool keeps, struct chunk sums)
{
    __m256i kept = _mm256_set1_epi32(-(int)keeps);
    return (struct chunk){masked(sums.lower, kept), masked(sums.upper, kept)};
}

/* Impacts of the documents that stand in the lower four bits of a row's bytes. */
AVX2 static inline __m256i impacts_of(__m256i codes, __m256i table)
{
    return _mm256_shuffle_epi8(table, _mm256_and_si256(codes, _mm256_set1_epi8(15)));
}

AVX2 static inline __m256i add_mixed(__m256i sums, __m256i mixed, __m256i weights)
{
    return _mm256_add_epi32(sums, _mm256_madd_epi16(mixed, weights));
}

/* Adds the impacts x of a row and y of another, each with its weight. */
AVX2 static inline struct half add_half(struct half sums, __m256i x, __m256i y, __m256i weights)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i low = _mm256_unpacklo_epi8(x, y), high = _mm256_unpackhi_epi8(x, y);
    return (struct half){add_mixed(sums.a, _mm256_unpacklo_epi8(low, zero), weights),
                         add_mixed(sums.b, _mm256_unpackhi_epi8(low, zero), weights),
                         add_mixed(sums.c, _mm256_unpacklo_epi8(high, zero), weights),
                         add_mixed(sums.d, _mm256_unpackhi_epi8(high, zero), weights)};
}

AVX2 static inline struct chunk add_two(const struct kernel_row *a, const struct kernel_row *b,
                                        size_t chunk, __m256i table, __m256i flat,
                                        struct chunk sums)
{
    __m256i weights = _mm256_set1_epi32((int)(a->weight | b->weight << 16));
    __m256i of_a = a->is_flat ? flat : table, of_b = b->is_flat ? flat : table;
    __m256i x = load(a->codes + chunk * 32), y = load(b->codes + chunk * 32);
    sums.lower = add_half(sums.lower, impacts_of(x, of_a), impacts_of(y, of_b), weights);
    sums.upper = add_half(sums.upper, impacts_of(_mm256_srli_epi16(x, 4), of_a),
                          impacts_of(_mm256_srli_epi16(y, 4), of_b), weights);
    return sums;
}

/* A bit for each of eight unsigned sums that is at least the bar. */
AVX2 static inline uint32_t at_least(__m256i sums, __m256i bar)
{
    __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(sums, bar), sums);
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(reached));
}

/* The same of 64 sums: a bit for each. */
AVX2 static inline uint64_t near_ones(const uint32_t *sums, uint32_t bar)
{
    uint64_t near = 0;
    for (uint32_t i = 0; i < KERNEL_CHUNK; i += 8)
        near |= (uint64_t)at_least(load(sums + i), _mm256_set1_epi32((int)bar)) << i;
    return near;
}

/* Hands out what has come near in a chunk, mostly one document, and leaves zeros behind. */
AVX2 static uint32_t hand_out(const struct scan *scan, uint32_t first, uint32_t count)
{
    uint32_t *at = scan->sums + first;
    for (uint64_t near = near_ones(at, scan->bar); near; near &= near - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(near);
        scan->places[count] = (uint16_t)(first + i);
        scan->scores[count++] = at[i];
    }
    memset(at, 0, KERNEL_CHUNK * sizeof *at);
    return count;
}

AVX2 static inline __m256i greatest_half(struct half sums)
{
    return _mm256_max_epu32(_mm256_max_epu32(sums.a, sums.b), _mm256_max_epu32(sums.c, sums.d));
}

AVX2 static inline __m256i greatest(struct chunk sums)
{
    return _mm256_max_epu32(greatest_half(sums.lower), greatest_half(sums.upper));
}

AVX2 static inline bool is_near(struct chunk sums, uint32_t bar)
{
    return at_least(greatest(sums), _mm256_set1_epi32((int)bar)) != 0;
}

AVX2 static inline __m256i table_of(const struct scan *scan, size_t chunk)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)(scan->impacts + chunk * 16)));
}

AVX2 static inline __m256i flat_table(void)
{
    return _mm256_broadcastsi128_si256(_mm_set_epi64x(0, 0xff00));
}

/* Rows r and r + 1; behind the last row: nothing. */
AVX2 static inline struct chunk add_rows(const struct scan *scan, uint32_t r, size_t chunk,
                                         __m256i table, struct chunk sums)
{
    const struct kernel_row none = {.codes = scan->rows[r].codes};
    const struct kernel_row *next = r + 1 < scan->row_count ? &scan->rows[r + 1] : &none;
    return add_two(&scan->rows[r], next, scan->first + chunk, table, flat_table(), sums);
}

/* Lists the chunks with a sum that their bounds could lift to the floor; the others' sums are done with, and become zero.
 * Without a branch: which chunks they are can't be foreseen. */
AVX2 static uint32_t find_near(const struct scan *scan, uint16_t *near)
{
    uint32_t count = 0;
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        struct chunk sums = load_chunk(at);
        bool keeps = is_near(sums, kernel_less(scan->floor, scan->bounds[chunk]));
        near[count] = (uint16_t)chunk;
        count += keeps;
        store_chunk(at, keep_if(keeps, sums));
    }
    return count;
}

/* Adds rows r and r + 1 to the near chunks, and lists those that are near still. All chunks by two rows and then by the next:
 * which chunks stay can't be foreseen, but nothing waits for it. */
AVX2 static uint32_t add_to_near(const struct scan *scan, uint32_t r, uint32_t bar,
                                 uint16_t *near, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t n = 0; n < count; n++) {
        size_t chunk = near[n], ahead = scan->first + near[n + AHEAD];
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        __builtin_prefetch(scan->rows[r].codes + ahead * 32);
        if (r + 1 < scan->row_count)
            __builtin_prefetch(scan->rows[r + 1].codes + ahead * 32);
        struct chunk sums = add_rows(scan, r, chunk, table_of(scan, chunk), load_chunk(at));
        bool keeps = is_near(sums, bar);
        near[kept] = (uint16_t)chunk;
        kept += keeps;
        store_chunk(at, keep_if(keeps, sums));
    }
    return kept;
}

AVX2 static uint32_t run(const struct scan *scan)
{
    uint16_t near[KERNEL_CHUNKS_MAX + AHEAD] = {0};
    uint32_t near_count = find_near(scan, near), count = 0;
    for (uint32_t r = 0; r < scan->row_count; r += 2)
        near_count =
            add_to_near(scan, r, r + 2 < scan->row_count ? scan->rows[r + 2].bar : scan->bar,
                        near, near_count);
    for (uint32_t n = 0; n < near_count; n++)
        count = hand_out(scan, (uint32_t)near[n] * KERNEL_CHUNK, count);
    return count;
}

AVX2 static void add(const struct scan *scan, bool one_table)
{
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        struct chunk sums = load_chunk(at);
        __m256i table = table_of(scan, one_table ? 0 : chunk);
        for (uint32_t r = 0; r < scan->row_count; r += 2)
            sums = add_rows(scan, r, chunk, table, sums);
        store_chunk(at, sums);
    }
}

AVX2 static void find_peaks(const uint32_t *sums, uint32_t chunks, uint32_t *peaks)
{
    uint32_t lanes[8];
    for (size_t chunk = 0; chunk < chunks; chunk++, sums += KERNEL_CHUNK) {
        _mm256_storeu_si256((__m256i *)(void *)lanes, greatest(load_chunk(sums)));
        uint32_t peak = 0;
        for (int i = 0; i < 8; i++)
            peak = lanes[i] > peak ? lanes[i] : peak;
        peaks[chunk] = peak;
    }
}

/* The place of the n-th zero of `high`, from 0; there is one. */
AVX2 static size_t find_zero(const uint8_t *high, uint32_t n)
{
    for (size_t base = 0;; base += 8) {
        uint64_t word;
        memcpy(&word, high + base, sizeof word);
        uint32_t zeros = (uint32_t)_mm_popcnt_u64(~word);
        if (zeros > n)
            return base * 8 + _tzcnt_u64(_pdep_u64((uint64_t)1 << n, ~word));
        n -= zeros;
    }
}

AVX2 uint32_t kernel_find_list(const struct list *list, uint32_t number)
{
    uint32_t upper = number >> list->low_bits;
    if (list->count == 0 || number >= list->bound)
        return 0;
    return list_find_at(list, number, upper == 0 ? 0 : find_zero(list->high, upper - 1) + 1);
}

const struct kernel kernel_avx2 = {"avx2",     is_supported, run,       add,
                                   find_peaks, list_add,     list_read, kernel_find_list};
#else
static bool is_supported(void)
{
    return false;
}
const struct kernel kernel_avx2 = {"avx2", is_supported, 0, 0, 0, 0, 0, 0};
#endif
