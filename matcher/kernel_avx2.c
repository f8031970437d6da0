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

/* Impacts of the documents in the lower (half 0) or upper four bits of a chunk of a row. */
AVX2 static inline __m256i impacts_of(const uint8_t *codes, int half, __m256i table)
{
    __m256i both = load(codes);
    __m256i times =
        _mm256_and_si256(half ? _mm256_srli_epi16(both, 4) : both, _mm256_set1_epi8(15));
    return _mm256_shuffle_epi8(table, times);
}

/* sums[2k + half] holds documents 16k + 8 half and the seven behind it. */
AVX2 static inline void add_two(const struct kernel_row *a, const struct kernel_row *b,
                                size_t chunk, __m256i table, __m256i flat, __m256i sums[8])
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i weights = _mm256_set1_epi32((int)(a->weight | b->weight << 16));
    for (int half = 0; half < 2; half++) {
        __m256i x = impacts_of(a->codes + chunk * 32, half, a->is_flat ? flat : table);
        __m256i y = impacts_of(b->codes + chunk * 32, half, b->is_flat ? flat : table);
        __m256i low = _mm256_unpacklo_epi8(x, y), high = _mm256_unpackhi_epi8(x, y);
        __m256i mixed[4] = {_mm256_unpacklo_epi8(low, zero), _mm256_unpackhi_epi8(low, zero),
                            _mm256_unpacklo_epi8(high, zero), _mm256_unpackhi_epi8(high, zero)};
        for (int k = 0; k < 4; k++)
            sums[2 * k + half] =
                _mm256_add_epi32(sums[2 * k + half], _mm256_madd_epi16(mixed[k], weights));
    }
}

/* A bit for each of eight unsigned sums that is at least the bar. */
AVX2 static inline uint32_t at_least(__m256i sums, __m256i bar)
{
    __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(sums, bar), sums);
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(reached));
}

AVX2 static uint32_t hand_out(const struct scan *scan, uint32_t first, const __m256i sums[8],
                              uint32_t count)
{
    __m256i bar = _mm256_set1_epi32((int)scan->bar);
    uint32_t values[8];
    for (uint32_t k = 0; k < 8; k++) {
        uint32_t near = at_least(sums[k], bar);
        if (near)
            _mm256_storeu_si256((__m256i *)(void *)values, sums[k]);
        for (; near; near &= near - 1) {
            uint32_t i = (uint32_t)__builtin_ctz(near);
            scan->places[count] = (uint16_t)(first + 8 * k + i);
            scan->scores[count++] = values[i];
        }
    }
    return count;
}

AVX2 static inline bool is_near(const __m256i sums[8], uint32_t bar)
{
    __m256i greatest = sums[0];
    for (size_t k = 1; k < 8; k++)
        greatest = _mm256_max_epu32(greatest, sums[k]);
    return at_least(greatest, _mm256_set1_epi32((int)bar)) != 0;
}

AVX2 static inline __m256i table_of(const struct scan *scan, size_t chunk)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)(scan->impacts + chunk * 16)));
}

/* All rows, or until a bar is not reached: then false. */
AVX2 static inline bool add_rows(const struct scan *scan, size_t chunk, __m256i table,
                                 bool minds_bars, __m256i sums[8])
{
    const __m256i flat = _mm256_broadcastsi128_si256(_mm_set_epi64x(0, 0xff00));
    for (uint32_t r = 0; r < scan->row_count; r += 2) {
        struct kernel_row none = {.codes = scan->rows[r].codes};
        if (minds_bars && !is_near(sums, scan->rows[r].bar))
            return false;
        add_two(&scan->rows[r], r + 1 < scan->row_count ? &scan->rows[r + 1] : &none,
                scan->first + chunk, table, flat, sums);
    }
    return true;
}

/* Lists the chunks with a sum that their bounds could lift to the floor; the others' sums are done with, and become zero. */
AVX2 static uint32_t find_near(const struct scan *scan, uint16_t *near)
{
    uint32_t count = 0;
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        __m256i sums[8];
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        for (size_t k = 0; k < 8; k++)
            sums[k] = load(at + 8 * k);
        near[count] = (uint16_t)chunk;
        if (is_near(sums, kernel_less(scan->floor, scan->bounds[chunk])))
            count++;
        else
            memset(at, 0, KERNEL_CHUNK * sizeof *at);
    }
    return count;
}

static void expect(const struct scan *scan, size_t chunk)
{
    for (uint32_t r = 0; r < scan->row_count; r++)
        __builtin_prefetch(scan->rows[r].codes + (scan->first + chunk) * 32);
}

AVX2 static uint32_t run(const struct scan *scan)
{
    uint16_t near[KERNEL_CHUNKS_MAX + 1];
    uint32_t near_count = find_near(scan, near), count = 0;
    for (uint32_t n = 0; n < near_count; n++) {
        __m256i sums[8];
        uint32_t *at = scan->sums + (size_t)near[n] * KERNEL_CHUNK;
        for (size_t k = 0; k < 8; k++)
            sums[k] = load(at + 8 * k);
        memset(at, 0, KERNEL_CHUNK * sizeof *at);
        if (n + AHEAD < near_count)
            expect(scan, near[n + AHEAD]);
        if (add_rows(scan, near[n], table_of(scan, near[n]), true, sums))
            count = hand_out(scan, (uint32_t)near[n] * KERNEL_CHUNK, sums, count);
    }
    return count;
}

AVX2 static void add(const struct scan *scan, bool one_table)
{
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        __m256i sums[8];
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        for (size_t k = 0; k < 8; k++)
            sums[k] = load(at + 8 * k);
        add_rows(scan, chunk, table_of(scan, one_table ? 0 : chunk), false, sums);
        for (size_t k = 0; k < 8; k++)
            _mm256_storeu_si256((__m256i *)(void *)(at + 8 * k), sums[k]);
    }
}

AVX2 static void find_peaks(const uint32_t *sums, uint32_t chunks, uint32_t *peaks)
{
    uint32_t lanes[8];
    for (size_t chunk = 0; chunk < chunks; chunk++, sums += KERNEL_CHUNK) {
        __m256i greatest = load(sums);
        for (size_t k = 1; k < 8; k++)
            greatest = _mm256_max_epu32(greatest, load(sums + 8 * k));
        _mm256_storeu_si256((__m256i *)(void *)lanes, greatest);
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
