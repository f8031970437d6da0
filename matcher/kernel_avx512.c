/* kernel_avx512.c - kernel.h with 512-bit vectors and VNNI: four rows and 64 documents at once. */
#include "matcher/kernel.h"

#if defined __x86_64__
#include <immintrin.h>
#include <string.h>

#define AVX512                                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx512dq,avx512vbmi,"          \
                          "avx512vbmi2,bmi,bmi2,popcnt")))

static bool is_supported(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

enum { EXPECT_EVERY = 32 }; /* chunks looked at before the rows of those found are asked for */

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
        fours[i] = (struct four){.bar = scan->rows[(size_t)4 * i].bar};
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

struct chunk { /* sums of 64 documents; by name, so that they stay in registers */
    __m512i a, b, c, d;
};

AVX512 static inline struct chunk load_chunk(const uint32_t *at)
{
    return (struct chunk){_mm512_load_si512(at), _mm512_load_si512(at + 16),
                          _mm512_load_si512(at + 32), _mm512_load_si512(at + 48)};
}

AVX512 static inline void store_chunk(uint32_t *at, struct chunk sums)
{
    _mm512_store_si512(at, sums.a);
    _mm512_store_si512(at + 16, sums.b);
    _mm512_store_si512(at + 32, sums.c);
    _mm512_store_si512(at + 48, sums.d);
}

AVX512 static inline __m512i impacts_of(const struct four *four, int row, size_t chunk,
                                        __m512i table, __m512i flat)
{
    const uint8_t *codes = four->codes[row] + chunk * 32;
    __m256i both = _mm256_loadu_si256((const __m256i *)(const void *)codes);
    __m256i mask = _mm256_set1_epi8(15);
    __m256i lower = _mm256_and_si256(both, mask),
            upper = _mm256_and_si256(_mm256_srli_epi16(both, 4), mask);
    __m512i times = _mm512_inserti64x4(_mm512_castsi256_si512(lower), upper, 1);
    return _mm512_shuffle_epi8(four->flat >> row & 1 ? flat : table, times);
}

AVX512 static inline __m512i add_mixed(__m512i sums, __m512i mixed, __m512i low, __m512i high)
{
    __m512i above = _mm512_dpbusd_epi32(_mm512_setzero_si512(), mixed, high);
    return _mm512_add_epi32(_mm512_dpbusd_epi32(sums, mixed, low), _mm512_slli_epi32(above, 8));
}

AVX512 static inline struct chunk add_four(const struct four *four, size_t chunk, __m512i table,
                                           __m512i flat, struct chunk sums)
{
    __m512i a = impacts_of(four, 0, chunk, table, flat),
            b = impacts_of(four, 1, chunk, table, flat),
            c = impacts_of(four, 2, chunk, table, flat),
            d = impacts_of(four, 3, chunk, table, flat);
    __m512i ab_low = _mm512_unpacklo_epi8(a, b), ab_high = _mm512_unpackhi_epi8(a, b),
            cd_low = _mm512_unpacklo_epi8(c, d), cd_high = _mm512_unpackhi_epi8(c, d);
    __m512i low = _mm512_set1_epi32((int)four->low), high = _mm512_set1_epi32((int)four->high);
    return (struct chunk){
        add_mixed(sums.a, _mm512_unpacklo_epi16(ab_low, cd_low), low, high),
        add_mixed(sums.b, _mm512_unpackhi_epi16(ab_low, cd_low), low, high),
        add_mixed(sums.c, _mm512_unpacklo_epi16(ab_high, cd_high), low, high),
        add_mixed(sums.d, _mm512_unpackhi_epi16(ab_high, cd_high), low, high)};
}

AVX512 static inline __m512i greatest(struct chunk sums)
{
    return _mm512_max_epu32(_mm512_max_epu32(sums.a, sums.b), _mm512_max_epu32(sums.c, sums.d));
}

AVX512 static inline bool is_near(struct chunk sums, uint32_t bar)
{
    return _mm512_cmpge_epu32_mask(greatest(sums), _mm512_set1_epi32((int)bar)) != 0;
}

AVX512 static inline uint64_t at_least(__m512i sums, __m512i bar)
{
    return _mm512_cmpge_epu32_mask(sums, bar);
}

/* Hands out what has come near in a chunk, mostly one document, and leaves zeros behind. */
AVX512 static inline uint32_t hand_out(const struct scan *scan, uint32_t first, uint32_t count)
{
    const __m512i bar = _mm512_set1_epi32((int)scan->bar);
    uint32_t *at = scan->sums + first;
    struct chunk sums = load_chunk(at);
    uint64_t near = at_least(sums.a, bar) | at_least(sums.b, bar) << 16 |
                    at_least(sums.c, bar) << 32 | at_least(sums.d, bar) << 48;
    for (; near; near &= near - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(near);
        scan->places[count] = (uint16_t)(first + i);
        scan->scores[count++] = at[i];
    }
    store_chunk(at, (struct chunk){0});
    return count;
}

AVX512 static inline __m512i table_of(const struct scan *scan, size_t chunk)
{
    return _mm512_broadcast_i32x4(
        _mm_loadu_si128((const __m128i *)(const void *)(scan->impacts + chunk * 16)));
}

AVX512 static inline __m512i flat_table(void)
{
    return _mm512_broadcast_i32x4(_mm_set_epi64x(0, 0xff00));
}

AVX512 static inline struct chunk keep_if(bool keeps, struct chunk sums)
{
    __mmask16 kept = (__mmask16) - (int)keeps;
    return (struct chunk){
        _mm512_maskz_mov_epi32(kept, sums.a), _mm512_maskz_mov_epi32(kept, sums.b),
        _mm512_maskz_mov_epi32(kept, sums.c), _mm512_maskz_mov_epi32(kept, sums.d)};
}

AVX512 static inline void expect(const struct four *four, size_t chunk)
{
    for (int r = 0; r < 4; r++)
        _mm_prefetch((const char *)four->codes[r] + chunk * 32, _MM_HINT_T0);
}

/* Lists the chunks with a sum that their bounds could lift to the floor; the others' sums are done with, and become zero.
 * Without a branch: which chunks they are can't be foreseen. The first rows of those found come from memory while the next
 * chunks are looked at. */
AVX512 static uint32_t find_near(const struct scan *scan, const struct four *first,
                                 uint16_t *near)
{
    uint32_t count = 0, expected = 0;
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        struct chunk sums = load_chunk(at);
        bool keeps = is_near(sums, kernel_less(scan->floor, scan->bounds[chunk]));
        near[count] = (uint16_t)chunk;
        count += keeps;
        store_chunk(at, keep_if(keeps, sums));
        if (first && (chunk + 1) % EXPECT_EVERY == 0)
            for (; expected < count; expected++)
                expect(first, scan->first + near[expected]);
    }
    return count;
}

/* Adds four rows to the near chunks, and lists those that are near still. All chunks by one four and then by the next, whose
 * rows are asked for: which chunks stay can't be foreseen, but nothing waits for it. */
AVX512 static uint32_t add_to_near(const struct scan *scan, const struct four *four,
                                   const struct four *next, uint32_t bar, uint16_t *near,
                                   uint32_t count)
{
    const __m512i flat = flat_table();
    uint32_t kept = 0;
    for (uint32_t n = 0; n < count; n++) {
        size_t chunk = near[n];
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        struct chunk sums =
            add_four(four, scan->first + chunk, table_of(scan, chunk), flat, load_chunk(at));
        bool keeps = is_near(sums, bar);
        near[kept] = (uint16_t)chunk;
        kept += keeps;
        if (next) /* again for those that do not stay: that costs nothing */
            expect(next, scan->first + near[kept > 0 ? kept - 1 : 0]);
        store_chunk(at, keep_if(keeps, sums));
    }
    return kept;
}

AVX512 static uint32_t run(const struct scan *scan)
{
    struct four fours[(KERNEL_ROWS_MAX + 3) / 4];
    uint16_t near[KERNEL_CHUNKS_MAX + 1];
    uint32_t four_count = set_fours(scan, fours), count = 0;
    uint32_t near_count = find_near(scan, four_count > 0 ? fours : NULL, near);
    for (uint32_t i = 0; i < four_count; i++) {
        const struct four *next = i + 1 < four_count ? &fours[i + 1] : NULL;
        near_count =
            add_to_near(scan, &fours[i], next, next ? next->bar : scan->bar, near, near_count);
    }
    for (uint32_t n = 0; n < near_count; n++)
        count = hand_out(scan, (uint32_t)near[n] * KERNEL_CHUNK, count);
    return count;
}

AVX512 static void add(const struct scan *scan, bool one_table)
{
    struct four fours[(KERNEL_ROWS_MAX + 3) / 4];
    uint32_t four_count = set_fours(scan, fours);
    const __m512i flat = flat_table();
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        uint32_t *at = scan->sums + chunk * KERNEL_CHUNK;
        struct chunk sums = load_chunk(at);
        __m512i table = table_of(scan, one_table ? 0 : chunk);
        for (uint32_t i = 0; i < four_count; i++)
            sums = add_four(&fours[i], scan->first + chunk, table, flat, sums);
        store_chunk(at, sums);
    }
}

AVX512 static void find_peaks(const uint32_t *sums, uint32_t chunks, uint32_t *peaks)
{
    for (size_t chunk = 0; chunk < chunks; chunk++)
        peaks[chunk] =
            _mm512_reduce_max_epu32(greatest(load_chunk(sums + chunk * KERNEL_CHUNK)));
}

/* Postings taken out of a list: some words of it are read before any is added, so that nothing waits for what was just
 * written. */
enum { HANDFUL = 512 };
struct handful {
    _Alignas(64) uint16_t places[HANDFUL + 64];
    _Alignas(64) uint32_t points[HANDFUL + 64];
};

struct numbers { /* 64 of them, taken apart */
    __m512i upper, lower;
};

/* The numbers that 64 bits of `high` stand for: upper parts from the places of the ones, lower parts as they lie in `low`. */
AVX512 static inline struct numbers read_places(uint64_t ones, uint32_t upper,
                                                const uint8_t *low, uint16_t *places)
{
    const __m512i step = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42,
        41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
        19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i front = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0),
                  back = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    __m512i at = _mm512_maskz_compress_epi8(ones, step);
    __m512i uppers = _mm512_add_epi8(_mm512_sub_epi8(at, step), _mm512_set1_epi8((char)upper));
    __m512i lows = _mm512_loadu_si512(low);
    __m512i even = _mm512_unpacklo_epi8(lows, uppers), odd = _mm512_unpackhi_epi8(lows, uppers);
    _mm512_storeu_si512(places, _mm512_permutex2var_epi64(even, front, odd));
    _mm512_storeu_si512(places + 32, _mm512_permutex2var_epi64(even, back, odd));
    return (struct numbers){uppers, lows};
}

/* Impacts of f = 1, of each of the 512 chunks of a tile. */
struct ones {
    __m512i part[8];
};

AVX512 static inline __m512i look_up(const __m512i ones[4], __m512i at)
{
    __m512i front = _mm512_permutex2var_epi8(ones[0], at, ones[1]),
            back = _mm512_permutex2var_epi8(ones[2], at, ones[3]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(at), front, back);
}

AVX512 static inline void weigh_ones(const struct ones *ones, struct numbers numbers,
                                     __m512i weight, uint32_t *points)
{
    __m512i chunk = _mm512_or_si512(
        _mm512_and_si512(_mm512_srli_epi16(numbers.lower, 6), _mm512_set1_epi8(3)),
        _mm512_and_si512(_mm512_slli_epi16(numbers.upper, 2), _mm512_set1_epi8(-4)));
    __mmask64 is_upper = _mm512_test_epi8_mask(numbers.upper, _mm512_set1_epi8(64));
    __m512i found = _mm512_mask_blend_epi8(is_upper, look_up(ones->part, chunk),
                                           look_up(ones->part + 4, chunk));
    _mm512_storeu_si512(points, _mm512_mullo_epi32(weight, _mm512_cvtepu8_epi32(
                                                               _mm512_castsi512_si128(found))));
    _mm512_storeu_si512(
        points + 16,
        _mm512_mullo_epi32(weight, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 1))));
    _mm512_storeu_si512(
        points + 32,
        _mm512_mullo_epi32(weight, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 2))));
    _mm512_storeu_si512(
        points + 48,
        _mm512_mullo_epi32(weight, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, 3))));
}

/* Points of postings with an f of their own, from number `first` of the list on. */
AVX512 static inline void weigh_more(const uint8_t *impacts, const struct list *list,
                                     uint32_t first, uint32_t weight, uint32_t count,
                                     struct handful *h)
{
    _Alignas(64) uint8_t times[HANDFUL + 128];
    const uint8_t *at = list->times + first / 2, *f = times + (first & 1);
    for (uint32_t i = 0; i < count + 1; i += 64) { /* 32 bytes are 64 f, the lower half first */
        __m512i pairs = _mm512_cvtepu8_epi16(
            _mm256_loadu_si256((const __m256i *)(const void *)(at + i / 2)));
        pairs = _mm512_or_si512(pairs, _mm512_slli_epi16(pairs, 4));
        _mm512_store_si512(times + i, _mm512_and_si512(pairs, _mm512_set1_epi8(15)));
    }
    /* Vectors wrote both, which the analyser does not see. */
    for (uint32_t i = 0; i < count; i++)
        h->points[i] = // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
            weight * impacts[(h->places[i] >> 6) * 16 + f[i]];
}

AVX512 static void add_list(const struct list *list, uint32_t weight,
                            const struct list_table *table, uint32_t *sums)
{
    const __m512i weights = _mm512_set1_epi32((int)weight);
    struct ones ones;
    memcpy(&ones, table->ones, sizeof ones);
    const struct list l = *list;
    const uint8_t *high = l.high;
    struct handful h;
    if (l.low_bits != 8) {
        list_add(list, weight, table, sums);
        return;
    }
    for (uint32_t upper = 0, done = 0, held; done < l.count; done += held) {
        for (held = 0; held < HANDFUL && done + held < l.count; high += 8) {
            uint64_t word;
            memcpy(&word, high, sizeof word);
            uint32_t here = (uint32_t)_mm_popcnt_u64(word);
            struct numbers numbers =
                read_places(word, upper, l.low + done + held, h.places + held);
            if (!l.times)
                weigh_ones(&ones, numbers, weights, h.points + held);
            upper += 64 - here;
            held += here;
        }
        held = held < l.count - done ? held : l.count - done;
        if (l.times)
            weigh_more(table->impacts, &l, done, weight, held, &h);
        for (uint32_t i = 0; i < held; i++)
            sums[h.places[i]] += h.points[i]; // NOLINT(clang-analyzer-core.uninitialized.*)
    }
}

/* Upper parts of a list's numbers, for 64 bits of `high`: as many as there are ones, room for 64. */
AVX512 static inline void read_uppers(uint64_t word, uint32_t upper, uint32_t *out)
{
    const __m512i step = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i bytes = _mm512_inserti32x4(
        _mm512_inserti32x4(
            _mm512_inserti32x4(
                _mm512_castsi128_si512(_mm512_cvtepi32_epi8(step)),
                _mm512_cvtepi32_epi8(_mm512_add_epi32(step, _mm512_set1_epi32(16))), 1),
            _mm512_cvtepi32_epi8(_mm512_add_epi32(step, _mm512_set1_epi32(32))), 2),
        _mm512_cvtepi32_epi8(_mm512_add_epi32(step, _mm512_set1_epi32(48))), 3);
    __m512i at = _mm512_maskz_compress_epi8(word, bytes);
    at = _mm512_sub_epi8(at, bytes); /* zeros before each one */
    __m512i base = _mm512_set1_epi32((int)upper);
    _mm512_storeu_si512(
        out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(at))));
    _mm512_storeu_si512(
        out + 16,
        _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 1))));
    _mm512_storeu_si512(
        out + 32,
        _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 2))));
    _mm512_storeu_si512(
        out + 48,
        _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 3))));
}

/* 16 numbers' lower parts take a whole number of bytes: each is shifted out of the four bytes in which it begins. */
AVX512 static inline void join_lowers(const struct list *list, uint32_t *out)
{
    const __m512i step = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i bits = _mm512_mullo_epi32(step, _mm512_set1_epi32((int)list->low_bits));
    __m512i bytes =
        _mm512_mullo_epi32(_mm512_srli_epi32(bits, 3), _mm512_set1_epi32(0x01010101));
    bytes = _mm512_add_epi8(bytes, _mm512_set1_epi32(0x03020100));
    __m512i shift = _mm512_and_si512(bits, _mm512_set1_epi32(7)),
            mask = _mm512_set1_epi32((1 << list->low_bits) - 1);
    __m128i up = _mm_cvtsi32_si128((int)list->low_bits);
    const uint8_t *low = list->low;
    for (uint32_t i = 0; i < list->count; i += 16, low += (size_t)2 * list->low_bits) {
        __m512i lower = _mm512_permutexvar_epi8(bytes, _mm512_loadu_si512(low));
        lower = _mm512_and_si512(_mm512_srlv_epi32(lower, shift), mask);
        __m512i upper = _mm512_sll_epi32(_mm512_loadu_si512(out + i), up);
        _mm512_storeu_si512(out + i, _mm512_or_si512(upper, lower));
    }
}

AVX512 static void read_list(const struct list *list, uint32_t *out)
{
    const uint8_t *high = list->high;
    if (list->low_bits > 24) { /* would not lie in four bytes */
        list_read(list, out);
        return;
    }
    for (uint32_t upper = 0, done = 0; done < list->count; high += 8) {
        uint64_t word;
        memcpy(&word, high, sizeof word);
        uint32_t here = (uint32_t)_mm_popcnt_u64(word);
        read_uppers(word, upper, out + done);
        upper += 64 - here;
        done += here;
    }
    join_lowers(list, out);
}

const struct kernel kernel_avx512 = {"avx512",   is_supported, run,       add,
                                     find_peaks, add_list,     read_list, kernel_find_list};
#else
static bool is_supported(void)
{
    return false;
}
const struct kernel kernel_avx512 = {"avx512", is_supported, 0, 0, 0, 0, 0, 0};
#endif
