#include "matcher/share.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdatomic.h>

enum { PIECES = 100003 };

static atomic_uint done[PIECES];

static void count(uint32_t from, uint32_t to, void *user)
{
    cr_assert_leq(to - from, *(uint32_t *)user);
    for (uint32_t i = from; i < to; i++)
        atomic_fetch_add(&done[i], 1);
}

Test(share, every_piece_is_done_once)
{
    static const uint32_t counts[] = {PIECES, 1000, 7, 1, 0};
    uint32_t block = 7;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        for (uint32_t p = 0; p < PIECES; p++)
            atomic_store(&done[p], 0);
        share_work(counts[i], block, count, &block);
        for (uint32_t p = 0; p < PIECES; p++)
            cr_assert_eq(atomic_load(&done[p]), p < counts[i], "piece %u of %u", p, counts[i]);
    }
}
