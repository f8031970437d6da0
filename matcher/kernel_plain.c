#include "matcher/kernel.h"

#include <string.h>

static bool is_supported(void)
{
    return true;
}

static bool is_near(const uint32_t *sums, uint32_t bar)
{
    uint32_t near = 0;
    for (int i = 0; i < KERNEL_CHUNK; i++)
        near |= sums[i] >= bar;
    return near;
}

static void add_row(const struct kernel_row *row, const uint8_t *codes, const uint8_t *impacts,
                    uint32_t *sums)
{
    static const uint8_t flat[16] = {0, 255};
    const uint8_t *table = row->is_flat ? flat : impacts;
    uint32_t products[16];
    for (int f = 0; f < 16; f++)
        products[f] = row->weight * table[f];
    for (uint32_t i = 0; i < KERNEL_CHUNK; i++)
        sums[i] += products[codes[kernel_byte(i)] >> kernel_shift(i) & 15];
}

static void add(const struct scan *scan, bool one_table)
{
    for (size_t chunk = 0; chunk < scan->chunks; chunk++)
        for (uint32_t r = 0; r < scan->row_count; r++)
            add_row(&scan->rows[r], scan->rows[r].codes + (scan->first + chunk) * 32,
                    scan->impacts + (one_table ? 0 : chunk * 16),
                    scan->sums + chunk * KERNEL_CHUNK);
}

static uint32_t hand_out(const struct scan *scan, size_t chunk, uint32_t count)
{
    const uint32_t *sums = scan->sums + chunk * KERNEL_CHUNK;
    for (uint32_t i = 0; i < KERNEL_CHUNK; i++) {
        scan->places[count] = (uint16_t)(chunk * KERNEL_CHUNK + i);
        scan->scores[count] = sums[i];
        count += sums[i] >= scan->bar;
    }
    return count;
}

static bool add_rows(const struct scan *scan, size_t chunk, uint32_t *sums)
{
    for (uint32_t r = 0; r < scan->row_count; r++) {
        const struct kernel_row *row = &scan->rows[r];
        if (!is_near(sums, row->bar))
            return false;
        add_row(row, row->codes + (scan->first + chunk) * 32, scan->impacts + chunk * 16, sums);
    }
    return true;
}

static uint32_t run(const struct scan *scan)
{
    uint32_t count = 0;
    for (size_t chunk = 0; chunk < scan->chunks; chunk++) {
        uint32_t *sums = scan->sums + chunk * KERNEL_CHUNK;
        if (is_near(sums, kernel_less(scan->floor, scan->bounds[chunk])) &&
            add_rows(scan, chunk, sums))
            count = hand_out(scan, chunk, count);
        memset(sums, 0, KERNEL_CHUNK * sizeof *sums);
    }
    return count;
}

static void find_peaks(const uint32_t *sums, uint32_t chunks, uint32_t *peaks)
{
    for (size_t chunk = 0; chunk < chunks; chunk++, sums += KERNEL_CHUNK) {
        uint32_t peak = 0;
        for (int i = 0; i < KERNEL_CHUNK; i++)
            peak = sums[i] > peak ? sums[i] : peak;
        peaks[chunk] = peak;
    }
}

const struct kernel kernel_plain = {"plain",    is_supported, run,       add,
                                    find_peaks, list_add,     list_read, list_find};
