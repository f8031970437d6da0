/* kernel_avx512.c - kernel.h with 512-bit vectors and VNNI: four rows and 64 documents at once. */
#include "matcher/kernel.h"

#if defined __x86_64__
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx512dq,bmi,bmi2,popcnt")))

static bool is_supported(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
}

enum { AHEAD = 256 }; /* bytes of a row that are asked for before their turn */

/* A weight is low + 256 · high, low between -128 and 127, for products of signed bytes. Four rows' parts side by side. */
struct four {
    const uint8_t *codes[4];
    uint32_t low, high;
    uint32_t flat; /* a bit a row */
    uint32_t bar;
};

static uint32_t set_fours(const struct scan *scan, struct four *fours)
{
    uint32_t count = (scan->row_count + 3) / 4;
    for (uint32_t i = 0; i < count; i++) {
        fours[i] = (struct four){.bar = scan->rows[4 * i].bar};
        for (uint32_t r = 0; r < 4; r++) {
            uint32_t at = 4 * i + r;
            const struct kernel_row *row = &scan->rows[at < scan->row_count ? at : 0];
            uint32_t weight = at < scan->row_count ? row->weight : 0;
            uint32_t low = weight & 255, high = (weight >> 8) + (low > 127);
            fours[i].codes[r] = row->codes;
            fours[i].low |= low << (8 * r);
            fours[i].high |= high << (8 * r);
            fours[i].flat |= (uint32_t)row->is_flat << r;
        }
    }
    return count;
}

AVX512 static inline __m512i impacts_of(const uint8_t *codes, __m512i table)
{
    __m256i both = _mm256_loadu_si256((const __m256i *)(const void *)codes);
    __m256i mask = _mm256_set1_epi8(15);
    __m256i lower = _mm256_and_si256(both, mask),
            upper = _mm256_and_si256(_mm256_srli_epi16(both, 4), mask);
    __m512i times = _mm512_inserti64x4(_mm512_castsi256_si512(lower), upper, 1);
    return _mm512_shuffle_epi8(table, times);
}

AVX512 static inline void add_four(const struct four *four, uint32_t chunk, __m512i table,
                                   __m512i flat, __m512i sums[4])
{
    __m512i row[4], mixed[4];
    for (int r = 0; r < 4; r++) {
        const uint8_t *codes = four->codes[r] + (size_t)chunk * 32;
        _mm_prefetch((const char *)codes + AHEAD, _MM_HINT_T0);
        row[r] = impacts_of(codes, four->flat >> r & 1 ? flat : table);
    }
    __m512i ab_low = _mm512_unpacklo_epi8(row[0], row[1]),
            ab_high = _mm512_unpackhi_epi8(row[0], row[1]),
            cd_low = _mm512_unpacklo_epi8(row[2], row[3]),
            cd_high = _mm512_unpackhi_epi8(row[2], row[3]);
    mixed[0] = _mm512_unpacklo_epi16(ab_low, cd_low);
    mixed[1] = _mm512_unpackhi_epi16(ab_low, cd_low);
    mixed[2] = _mm512_unpacklo_epi16(ab_high, cd_high);
    mixed[3] = _mm512_unpackhi_epi16(ab_high, cd_high);
    __m512i low = _mm512_set1_epi32((int)four->low), high = _mm512_set1_epi32((int)four->high);
    for (int k = 0; k < 4; k++) {
        __m512i above = _mm512_dpbusd_epi32(_mm512_setzero_si512(), mixed[k], high);
        sums[k] = _mm512_add_epi32(_mm512_dpbusd_epi32(sums[k], mixed[k], low),
                                   _mm512_slli_epi32(above, 8));
    }
}

AVX512 static inline uint32_t hand_out(const struct scan *scan, uint32_t first,
                                       const __m512i sums[4], uint32_t count)
{
    const __m512i step = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i bar = _mm512_set1_epi32((int)scan->bar);
    for (int k = 0; k < 4; k++) {
        __mmask16 near = _mm512_cmpge_epu32_mask(sums[k], bar);
        if (!near)
            continue;
        __m512i places = _mm512_add_epi32(step, _mm512_set1_epi32((int)first + 16 * k));
        places = _mm512_maskz_compress_epi32(near, places);
        _mm256_storeu_si256((__m256i *)(void *)(scan->places + count),
                            _mm512_cvtepi32_epi16(places));
        _mm512_storeu_si512(scan->scores + count, _mm512_maskz_compress_epi32(near, sums[k]));
        count += (uint32_t)__builtin_popcount(near);
    }
    return count;
}

AVX512 static inline bool is_near(const __m512i sums[4], uint32_t bar)
{
    __m512i greatest = _mm512_max_epu32(_mm512_max_epu32(sums[0], sums[1]),
                                        _mm512_max_epu32(sums[2], sums[3]));
    return _mm512_cmpge_epu32_mask(greatest, _mm512_set1_epi32((int)bar)) != 0;
}

AVX512 static uint32_t run(const struct scan *scan)
{
    struct four fours[(KERNEL_ROWS_MAX + 3) / 4];
    uint32_t four_count = set_fours(scan, fours), count = 0;
    const __m512i flat = _mm512_broadcast_i32x4(_mm_set_epi64x(0, 0xff00));
    for (uint32_t chunk = 0; chunk < scan->chunks; chunk++) {
        __m512i sums[4];
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK, i = 0;
        for (int k = 0; k < 4; k++) {
            sums[k] = _mm512_load_si512(at + 16 * k);
            _mm512_store_si512(at + 16 * k, _mm512_setzero_si512());
        }
        __m512i table = _mm512_broadcast_i32x4(
            _mm_loadu_si128((const __m128i *)(const void *)(scan->impacts + chunk * 16)));
        for (; i < four_count && is_near(sums, fours[i].bar); i++)
            add_four(&fours[i], scan->first + chunk, table, flat, sums);
        if (i == four_count)
            count = hand_out(scan, chunk * KERNEL_CHUNK, sums, count);
    }
    return count;
}

AVX512 static void find_peaks(const uint32_t *sums, uint32_t chunks, uint32_t *peaks)
{
    for (uint32_t chunk = 0; chunk < chunks; chunk++, sums += KERNEL_CHUNK) {
        __m512i a = _mm512_max_epu32(_mm512_load_si512(sums), _mm512_load_si512(sums + 16));
        __m512i b =
            _mm512_max_epu32(_mm512_load_si512(sums + 32), _mm512_load_si512(sums + 48));
        peaks[chunk] = _mm512_reduce_max_epu32(_mm512_max_epu32(a, b));
    }
}

const struct kernel kernel_avx512 = {"avx512", is_supported, run, find_peaks};
#else
static bool is_supported(void)
{
    return false;
}
const struct kernel kernel_avx512 = {"avx512", is_supported, 0, 0};
#endif
