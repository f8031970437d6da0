#include "matcher/list.h"
#include "matcher/kernel.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MOST = 3000, PADDING = 64 };

struct made { /* a list, and what is in it */
    uint32_t numbers[MOST], count, bound;
    uint8_t times[MOST];
    bool has_times;
    GByteArray *bytes;
    struct list list;
};

/* `count` different numbers below the bound, rising. */
static void make_list(struct made *m, uint64_t *state, uint32_t count, uint32_t bound)
{
    static const uint8_t padding[PADDING];
    m->count = 0;
    m->bound = bound;
    m->has_times = corpus_random(state, 2);
    for (uint32_t n = 0; n < bound && m->count < count; n++)
        if (corpus_random(state, bound - n) < count - m->count) {
            m->times[m->count] = (uint8_t)(1 + corpus_random(state, 15));
            m->numbers[m->count++] = n;
        }
    m->bytes = g_byte_array_new();
    list_write(m->bytes, m->numbers, m->has_times ? m->times : NULL, m->count, bound);
    cr_assert_eq(m->bytes->len, list_size(m->count, bound, m->has_times));
    g_byte_array_append(m->bytes, padding, PADDING);
    m->list = list_open(m->bytes->data, m->count, bound, m->has_times);
}

static uint32_t times_of(const struct made *m, uint32_t i)
{
    return m->has_times ? m->times[i] : 1;
}

static const char *const names[] = {"plain", "avx2", "avx512"};

static void expect_contents(const struct made *m)
{
    uint32_t numbers[MOST + KERNEL_SLACK], at = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!kernel_named(names[i]))
            continue;
        kernel_named(names[i])->read_list(&m->list, numbers);
        cr_assert_eq(memcmp(numbers, m->numbers, m->count * sizeof *numbers), 0,
                     "%s: %u below %u are not read back", names[i], m->count, m->bound);
    }
    for (uint32_t n = 0; n < MIN(m->bound, 200000u); n++) {
        bool is_in = at < m->count && m->numbers[at] == n;
        cr_assert_eq(list_find(&m->list, n), is_in ? times_of(m, at) : 0, "%u in %u below %u",
                     n, m->count, m->bound);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (kernel_named(names[i]))
                cr_assert_eq(kernel_named(names[i])->find_list(&m->list, n),
                             is_in ? times_of(m, at) : 0, "%s: %u in %u below %u", names[i], n,
                             m->count, m->bound);
        at += is_in;
    }
    cr_assert_eq(list_find(&m->list, m->bound), 0);
}

Test(list, what_is_written_is_read_and_found)
{
    static const uint32_t bounds[] = {1, 64, 1000, LIST_TILE, 100000, 40000000};
    static const uint32_t counts[] = {0, 1, 2, 7, 23, 24, 25, 63, 64, 65, 500, MOST};
    static struct made m;
    uint64_t state = 3;
    for (size_t b = 0; b < G_N_ELEMENTS(bounds); b++)
        for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
            make_list(&m, &state, MIN(counts[c], bounds[b]), bounds[b]);
            expect_contents(&m);
            g_byte_array_unref(m.bytes);
        }
}

static void random_table(uint64_t *state, uint8_t *impacts, uint8_t *ones)
{
    for (uint32_t chunk = 0; chunk < LIST_TILE / 64; chunk++) {
        impacts[chunk * 16] = 0;
        for (uint32_t f = 1; f < 16; f++)
            impacts[chunk * 16 + f] = (uint8_t)corpus_random(state, 256);
        ones[chunk] = impacts[chunk * 16 + 1];
    }
}

Test(list, every_kernel_adds_a_list_alike)
{
    static struct made m;
    static uint8_t impacts[LIST_TILE / 4], ones[LIST_TILE / 64];
    static uint32_t want[LIST_TILE], got[LIST_TILE];
    const struct list_table table = {impacts, ones};
    uint64_t state = 9;
    for (int round = 0; round < 120; round++) {
        uint32_t weight = corpus_random(&state, 65536);
        random_table(&state, impacts, ones);
        make_list(&m, &state, corpus_random(&state, round % 2 ? MOST : 80), LIST_TILE);
        memset(want, 0, sizeof want);
        for (uint32_t i = 0; i < m.count; i++)
            want[m.numbers[i]] = weight * impacts[m.numbers[i] / 64 * 16 + times_of(&m, i)];
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            const struct kernel *kernel = kernel_named(names[i]);
            memset(got, 0, sizeof got);
            if (kernel)
                kernel->add_list(&m.list, weight, &table, got);
            cr_assert(!kernel || memcmp(want, got, sizeof got) == 0, "%s: round %d", names[i],
                      round);
        }
        g_byte_array_unref(m.bytes);
    }
}
