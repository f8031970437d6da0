/* index_check.c - an index from a file, before anything follows its numbers: is each within its range? */
#include "matcher/class.h"
#include "matcher/index_own.h"
#include "matcher/share.h"

#include <stdatomic.h>
#include <string.h>

struct check {
    const struct index *ix;
    uint32_t *numbers; /* scratch: one list */
    const char *fault; /* the first that was found */
};

static bool expect(struct check *c, bool is_so, const char *fault)
{
    if (!is_so && !c->fault)
        c->fault = fault;
    return c->fault == NULL;
}

static void check_documents(struct check *c)
{
    const struct index *ix = c->ix;
    for (uint32_t i = 0; i < ix->doc_count; i++)
        if (!expect(c, ix->order[i] < ix->span, "a document number out of range"))
            return;
    for (uint32_t i = 1; i < ix->doc_count; i++)
        expect(c, ix->ids[ix->order[i - 1]] < ix->ids[ix->order[i]], "ids that do not rise");
    for (uint32_t i = 1; i < ix->span / INDEX_CHUNK; i++)
        expect(c, ix->lengths[i - 1] <= ix->lengths[i], "lengths that fall");
}

/* Looking a hash up ends at an empty slot: there must be one. */
static void check_slots(struct check *c)
{
    uint64_t used = 0, count = (uint64_t)c->ix->slot_mask + 1;
    if (!expect(c, (count & (count - 1)) == 0 && count > c->ix->term_count,
                "a table of terms of an odd size"))
        return;
    for (uint64_t i = 0; i < count; i++) {
        used += c->ix->slots[i] != 0;
        expect(c, c->ix->slots[i] <= c->ix->term_count, "a term number out of range");
    }
    expect(c, used == c->ix->term_count, "terms that the table lacks");
}

static void check_heavy(struct check *c)
{
    for (uint32_t i = 0; i < c->ix->heavy_count; i++) {
        const struct index_heavy *heavy = &c->ix->heavy[i], *before = heavy - (i > 0);
        expect(c,
               heavy->term < c->ix->term_count && heavy->doc < c->ix->span && heavy->times > 0,
               "a frequent posting out of range");
        expect(c,
               i == 0 || before->term < heavy->term ||
                   (before->term == heavy->term && before->doc < heavy->doc),
               "frequent postings that do not rise");
    }
}

static uint32_t count_ones(const uint8_t *at, const uint8_t *end)
{
    uint32_t ones = 0;
    uint64_t word;
    for (; end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        ones += (uint32_t)__builtin_popcountll(word);
    }
    for (; at < end; at++)
        ones += (uint32_t)__builtin_popcount(*at);
    return ones;
}

/* A list that begins at `at`: it ends before `bytes` do, has as many numbers as it should, and they rise below the limit. */
static size_t check_list(struct check *c, size_t at, uint32_t count, uint32_t bound,
                         uint32_t limit, bool has_times)
{
    size_t size = list_size(count, bound, has_times);
    if (!expect(c, count <= c->ix->span && at + size <= c->ix->byte_count, "a list too long") ||
        count == 0)
        return size;
    struct list list = list_open(c->ix->bytes + at, count, bound, has_times);
    if (!expect(c, count_ones(list.high, list.low) == count, "a list of another length"))
        return size;
    list_read(&list, c->numbers);
    bool rises = c->numbers[count - 1] < limit;
    for (uint32_t i = 1; i < count; i++)
        rises &= c->numbers[i - 1] < c->numbers[i];
    expect(c, rises, "a list whose numbers do not rise below its bound");
    return size;
}

static void check_whole(struct check *c, const struct index_term *term)
{
    size_t at = (size_t)term->at * 4;
    uint32_t more = 0, heavy = 0, shift = 0, span = c->ix->span;
    uint8_t byte = 128;
    for (; byte & 128 && shift < 32; shift += 7, at++) {
        if (!expect(c, at < c->ix->byte_count, "a term without its lists"))
            return;
        byte = c->ix->bytes[at];
        more |= (uint32_t)(byte & 127) << shift;
    }
    if (term->is_heavy)
        index_heavy_of(c->ix, (uint32_t)(term - c->ix->terms), &heavy);
    if (!expect(c, !(byte & 128) && (uint64_t)heavy + more <= term->docs,
                "a term of odd counts"))
        return;
    at += check_list(c, at, term->docs - heavy - more, span, span, false);
    check_list(c, at, more, span, span, true);
}

static void check_tiles(struct check *c, const struct index_term *term)
{
    size_t first = (size_t)term->at * 4;
    uint32_t tiles = index_tiles(c->ix);
    struct index_tile_entry entry;
    if (!expect(c, first + tiles * sizeof entry <= c->ix->byte_count, "a term without tiles"))
        return;
    for (uint32_t tile = 0; tile < tiles && !c->fault; tile++) {
        uint32_t limit = MIN(c->ix->span - (tile << INDEX_TILE_BITS), (uint32_t)INDEX_TILE);
        memcpy(&entry, c->ix->bytes + first + tile * sizeof entry, sizeof entry);
        size_t at = first + entry.start;
        at += check_list(c, at, entry.ones, INDEX_TILE, limit, false);
        check_list(c, at, entry.more, INDEX_TILE, limit, true);
    }
}

static void check_term(struct check *c, const struct index_term *term)
{
    if (!expect(c,
                term->docs <= c->ix->doc_count && term->level <= CLASS_LEVELS &&
                    term->kind < TERM_KINDS && term->times_max < INDEX_TIMES &&
                    term->form <= INDEX_ROW && term->is_heavy <= 1,
                "a term out of range"))
        return;
    if (term->form == INDEX_ROW)
        expect(c, term->at < c->ix->row_count, "a row that is not there");
    else if (term->form == INDEX_TILED)
        check_tiles(c, term);
    else
        check_whole(c, term);
}

enum { TERMS_AT_ONCE = 1 << 14 };

struct terms_check {
    const struct index *ix;
    _Atomic(const char *) fault;
};

static void check_terms(uint32_t from, uint32_t to, void *user)
{
    struct terms_check *all = user;
    const struct index *ix = all->ix;
    g_autofree uint32_t *numbers =
        g_new(uint32_t, MAX((gsize)ix->span, (gsize)UINT16_MAX) + KERNEL_SLACK);
    struct check c = {ix, numbers, NULL};
    for (uint32_t t = from; t < to && !c.fault; t++)
        check_term(&c, &ix->terms[t]);
    if (c.fault)
        atomic_store(&all->fault, c.fault);
}

const char *index_find_fault(const struct index *ix)
{
    struct check c = {ix, NULL, NULL};
    struct terms_check terms = {ix, NULL};
    check_documents(&c);
    check_slots(&c);
    check_heavy(&c);
    if (c.fault)
        return c.fault;
    share_work(ix->term_count, TERMS_AT_ONCE, check_terms, &terms);
    return atomic_load(&terms.fault);
}
