#include "matcher/kernel.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNKS = 24, FIRST = 3, DOCS = CHUNKS * KERNEL_CHUNK, ROWS = 9 };

struct input {
    uint8_t codes[ROWS][(FIRST + CHUNKS) * 32], impacts[CHUNKS * 16];
    struct kernel_row rows[ROWS];
    uint32_t sums[DOCS], bounds[CHUNKS], row_count, floor, bar;
};

struct output {
    _Alignas(64) uint32_t sums[DOCS];
    uint16_t places[DOCS + KERNEL_SLACK];
    uint32_t scores[DOCS + KERNEL_SLACK], count;
};

/* Bars rise from row to row, as a search sets them. */
static void make_input(struct input *in, uint64_t *state)
{
    uint32_t bar = corpus_random(state, 1u << 24);
    in->row_count = corpus_random(state, ROWS + 1);
    for (uint32_t r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < sizeof in->codes[r]; i++)
            in->codes[r][i] =
                (uint8_t)(corpus_random(state, 3) ? 0 : corpus_random(state, 256));
        in->rows[r] =
            (struct kernel_row){in->codes[r], 1 + corpus_random(state, KERNEL_WEIGHT_MAX), bar,
                                corpus_random(state, 4) == 0};
        bar += corpus_random(state, 1u << 20);
    }
    for (size_t i = 0; i < sizeof in->impacts; i++)
        in->impacts[i] = i % 16 ? (uint8_t)corpus_random(state, 256) : 0;
    for (uint32_t i = 0; i < DOCS; i++)
        in->sums[i] = corpus_random(state, 5) ? 0 : corpus_random(state, 1u << 26);
    for (uint32_t i = 0; i < CHUNKS; i++)
        in->bounds[i] = corpus_random(state, 1u << 25);
    in->floor = corpus_random(state, 1u << 27);
    in->bar = MAX(bar, 1);
}

static void run_kernel(const struct kernel *kernel, const struct input *in, struct output *out,
                       bool only_adds)
{
    struct scan scan = {.sums = out->sums,
                        .bounds = in->bounds,
                        .first = FIRST,
                        .chunks = CHUNKS,
                        .impacts = in->impacts,
                        .rows = in->rows,
                        .row_count = in->row_count,
                        .floor = in->floor,
                        .bar = in->bar,
                        .places = out->places,
                        .scores = out->scores};
    memcpy(out->sums, in->sums, sizeof out->sums);
    if (only_adds)
        kernel->add(&scan, false);
    else
        out->count = kernel->scan(&scan);
}

/* What kernel.h says, document by document. */
static uint32_t sum_by_hand(const struct input *in, uint32_t doc)
{
    uint32_t sum = in->sums[doc], chunk = doc / KERNEL_CHUNK, at = (FIRST + chunk) * 32;
    for (uint32_t r = 0; r < in->row_count; r++) {
        uint32_t f = in->codes[r][at + kernel_byte(doc)] >> kernel_shift(doc) & 15;
        uint32_t flat = f == 1 ? 255 : 0;
        sum += in->rows[r].weight * (in->rows[r].is_flat ? flat : in->impacts[chunk * 16 + f]);
    }
    return sum;
}

static const char *const names[] = {"plain", "avx2", "avx512"};

Test(kernel, every_version_adds_the_rows)
{
    static struct input in;
    static struct output out;
    uint64_t state = 1;
    for (int round = 0; round < 40; round++) {
        make_input(&in, &state);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            if (!kernel_named(names[i]))
                continue;
            run_kernel(kernel_named(names[i]), &in, &out, true);
            for (uint32_t doc = 0; doc < DOCS; doc++)
                cr_assert_eq(out.sums[doc], sum_by_hand(&in, doc), "%s: document %u", names[i],
                             doc);
        }
    }
}

/* A version may look at bars less often than another, and so keep what is not near; never lose what is. */
static void expect_near(const struct input *in, const struct output *out, const char *name)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < out->count; i++)
        cr_assert_eq(out->scores[i], sum_by_hand(in, out->places[i]), "%s", name);
    for (uint32_t doc = 0; doc < DOCS; doc++) {
        uint32_t sum = in->sums[doc];
        bool is_near = sum >= kernel_less(in->floor, in->bounds[doc / KERNEL_CHUNK]);
        for (uint32_t r = 0; r < in->row_count; r++)
            is_near = is_near && sum >= in->rows[r].bar;
        is_near = is_near && sum_by_hand(in, doc) >= in->bar;
        while (at < out->count && out->places[at] < doc)
            at++;
        cr_assert(!is_near || (at < out->count && out->places[at] == doc), "%s: lost %u", name,
                  doc);
        cr_assert_eq(out->sums[doc], 0, "%s: %u is not zero again", name, doc);
    }
}

Test(kernel, every_version_hands_out_what_is_near_and_leaves_zeros)
{
    static struct input in;
    static struct output out;
    uint64_t state = 2;
    uint32_t found = 0;
    for (int round = 0; round < 200; round++) {
        make_input(&in, &state);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            if (!kernel_named(names[i]))
                continue;
            run_kernel(kernel_named(names[i]), &in, &out, false);
            expect_near(&in, &out, names[i]);
            found += out.count;
        }
    }
    cr_assert_gt(found, 1000);
}

Test(kernel, the_peak_of_a_chunk_is_its_greatest_sum)
{
    static struct input in;
    _Alignas(64) static uint32_t sums[DOCS];
    uint32_t peaks[CHUNKS];
    uint64_t state = 4;
    make_input(&in, &state);
    memcpy(sums, in.sums, sizeof sums);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!kernel_named(names[i]))
            continue;
        kernel_named(names[i])->find_peaks(sums, CHUNKS, peaks);
        for (uint32_t doc = 0; doc < DOCS; doc++)
            cr_expect_geq(peaks[doc / KERNEL_CHUNK], sums[doc], "%s", names[i]);
        for (uint32_t chunk = 0; chunk < CHUNKS; chunk++) {
            bool is_there = false;
            for (uint32_t j = 0; j < KERNEL_CHUNK; j++)
                is_there |= sums[chunk * KERNEL_CHUNK + j] == peaks[chunk];
            cr_expect(is_there, "%s", names[i]);
        }
    }
}

Test(kernel, the_environment_names_one)
{
    cr_assert_not_null(kernel_named("plain"));
    cr_assert_null(kernel_named("abacus"));
    setenv("PATBRIDGE_CPU", "plain", 1);
    cr_assert_str_eq(kernel_best()->name, "plain");
}
