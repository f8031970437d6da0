#include "matcher/index.h"
#include "matcher/huge.h"
#include "matcher/index_own.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const struct weighing weighing_default = {.k1 = 1.2,
                                          .b = .75,
                                          .alpha = .6,
                                          .beta = .1,
                                          .delta = 0,
                                          .class_factor = .5,
                                          .title_times = 3,
                                          .kind_factor = {1, 1}};
const struct weighing weighing_bm25 = {
    .k1 = 1.2, .b = .75, .title_times = 1, .kind_factor = {1, 0}};

uint32_t *index_slot(const struct index *ix, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & ix->slot_mask;
    while (ix->slots[at] && ix->terms[ix->slots[at] - 1].hash != hash)
        at = (at + 1) & ix->slot_mask;
    return &ix->slots[at];
}

void index_set_slots(struct index *ix, uint32_t count)
{
    g_free(ix->slots);
    ix->slots = huge_alloc0(count * sizeof *ix->slots);
    ix->slot_mask = count - 1;
    for (uint32_t t = 0; t < ix->term_count; t++)
        *index_slot(ix, ix->terms[t].hash) = t + 1;
}

uint32_t index_bag_length(const struct index *ix, const struct bag *bag)
{
    uint32_t length = 0;
    for (int kind = 0; kind < TERM_KINDS; kind++)
        if (ix->weighing.kind_factor[kind] > 0)
            length += bag->text_terms[kind] + ix->weighing.title_times * bag->title_terms[kind];
    return length;
}

static void free_parts(struct index *ix)
{
    g_free(ix->ids);
    g_free(ix->order);
    g_free(ix->lengths);
    g_free(ix->terms);
    g_free(ix->slots);
    g_free(ix->rows);
    g_free(ix->crests);
    g_free(ix->bytes);
}

void index_free(struct index *ix)
{
    if (!ix)
        return;
    g_free(ix->impacts);
    g_free(ix->ones);
    g_free(ix->heavy);
    if (!ix->is_lent)
        free_parts(ix);
    if (ix->map)
        munmap(ix->map, ix->map_size);
    g_free(ix);
}

uint32_t index_find(const struct index *ix, int64_t id)
{
    uint32_t low = 0, high = ix->doc_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ix->ids[ix->order[middle]] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ix->doc_count && ix->ids[ix->order[low]] == id ? ix->order[low] : INDEX_NONE;
}

uint32_t index_find_term(const struct index *ix, uint64_t hash)
{
    uint32_t found = *index_slot(ix, hash);
    return found ? found - 1 : INDEX_NONE;
}

void index_open_whole(const struct index *ix, const struct index_term *term,
                      struct list lists[2])
{
    const uint8_t *at = index_bytes_of(ix, term);
    uint32_t more = 0, shift = 0, heavy = 0;
    do {
        more |= (uint32_t)(*at & 127) << shift;
        shift += 7;
    } while (*at++ & 128);
    if (term->is_heavy)
        index_heavy_of(ix, (uint32_t)(term - ix->terms), &heavy);
    uint32_t ones = term->docs - heavy - more;
    lists[0] = list_open(at, ones, ix->span, false);
    lists[1] = list_open(at + list_size(ones, ix->span, false), more, ix->span, true);
}

void index_open_tile(const struct index *ix, const struct index_term *term, uint32_t tile,
                     struct list lists[2])
{
    const uint8_t *bytes = index_bytes_of(ix, term);
    struct index_tile_entry entry;
    memcpy(&entry, bytes + tile * sizeof entry, sizeof entry);
    lists[0] = list_open(bytes + entry.start, entry.ones, INDEX_TILE, false);
    lists[1] = list_open(bytes + entry.start + list_size(entry.ones, INDEX_TILE, false),
                         entry.more, INDEX_TILE, true);
}

void index_expect_tile(const struct index *ix, const struct index_term *term, uint32_t tile)
{
    enum { LINE = 64, LINES_MOST = 8 };
    const uint8_t *bytes = index_bytes_of(ix, term);
    struct index_tile_entry entry;
    if (tile >= index_tiles(ix))
        return;
    memcpy(&entry, bytes + tile * sizeof entry, sizeof entry);
    uint32_t lines = ((uint32_t)entry.ones + entry.more) * 5 / 4 / LINE + 2;
    for (uint32_t i = 0; i < MIN(lines, (uint32_t)LINES_MOST); i++)
        __builtin_prefetch(bytes + entry.start + (size_t)i * LINE);
    __builtin_prefetch(bytes + (tile + (size_t)1) * sizeof entry);
}

/* The first in `heavy` that is not before this term and document. */
static uint32_t heavy_from(const struct index *ix, uint32_t term, uint32_t doc)
{
    uint32_t low = 0, high = ix->heavy_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct index_heavy *heavy = &ix->heavy[middle];
        if (heavy->term < term || (heavy->term == term && heavy->doc < doc))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct index_heavy *index_heavy_of(const struct index *ix, uint32_t term, uint32_t *count)
{
    uint32_t first = heavy_from(ix, term, 0);
    *count = heavy_from(ix, term + 1, 0) - first;
    return ix->heavy + first;
}

static uint32_t heavy_impact(const struct index *ix, uint32_t term, uint32_t doc)
{
    uint32_t at = heavy_from(ix, term, doc);
    bool is_there =
        at < ix->heavy_count && ix->heavy[at].term == term && ix->heavy[at].doc == doc;
    return is_there ? ix->heavy[at].impact : 0;
}

static uint32_t find_in_both(const struct kernel *kernel, const struct list lists[2],
                             uint32_t place)
{
    uint32_t times = kernel->find_list(&lists[0], place);
    return times ? times : kernel->find_list(&lists[1], place);
}

/* f of postings that are not heavy. */
static void read_times(const struct index *ix, const struct index_term *t, const uint32_t *docs,
                       uint32_t count, uint8_t *out)
{
    const struct kernel *kernel = kernel_best();
    struct list lists[2];
    uint32_t open = INDEX_NONE; /* tile */
    if (t->form == INDEX_WHOLE)
        index_open_whole(ix, t, lists);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t doc = docs[i], place = t->form == INDEX_WHOLE ? doc : doc & (INDEX_TILE - 1);
        if (t->form == INDEX_TILED && open != doc >> INDEX_TILE_BITS) {
            open = doc >> INDEX_TILE_BITS;
            index_open_tile(ix, t, open, lists);
        }
        out[i] = t->form == INDEX_ROW
                     ? index_row_of(ix, t)[doc / INDEX_CHUNK * 32 + kernel_byte(doc)] >>
                               kernel_shift(doc) &
                           15
                     : (uint8_t)find_in_both(kernel, lists, place);
    }
}

void index_expect_docs(const struct index *ix, uint32_t term, const uint32_t *docs,
                       uint32_t count)
{
    enum { LINE = 64, LINES = 4 };
    const struct index_term *t = &ix->terms[term];
    if (t->form == INDEX_WHOLE)
        for (uint32_t i = 0; i < LINES; i++)
            __builtin_prefetch(index_bytes_of(ix, t) + (size_t)i * LINE);
    for (uint32_t i = 0; i < count && t->form == INDEX_ROW; i++)
        __builtin_prefetch(index_row_of(ix, t) + (size_t)docs[i] / INDEX_CHUNK * 32);
    for (uint32_t i = 0; i < count && t->form == INDEX_TILED; i++)
        if (i == 0 || docs[i] >> INDEX_TILE_BITS != docs[i - 1] >> INDEX_TILE_BITS)
            index_expect_tile(ix, t, docs[i] >> INDEX_TILE_BITS);
}

void index_impacts(const struct index *ix, uint32_t term, const uint32_t *docs, uint32_t count,
                   uint8_t *out)
{
    const struct index_term *t = &ix->terms[term];
    read_times(ix, t, docs, count, out);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t times = out[i], heavy = 0;
        if (times == 0 && t->is_heavy)
            heavy = heavy_impact(ix, term, docs[i]);
        if (times > 0 && t->level > 0)
            out[i] = INDEX_IMPACT_MAX;
        else
            out[i] = heavy ? (uint8_t)heavy
                           : ix->impacts[docs[i] / INDEX_CHUNK * INDEX_TIMES + times];
    }
}

uint8_t index_impact(const struct index *ix, uint32_t term, uint32_t doc)
{
    uint8_t impact;
    index_impacts(ix, term, &doc, 1, &impact);
    return impact;
}

uint32_t index_length_code(uint32_t length)
{
    if (length < 64)
        return length;
    uint32_t drop = 26 - (uint32_t)__builtin_clz(length); /* six bits stay */
    return 64 + 32 * (drop - 1) + (length >> drop) - 32;
}

uint32_t index_length_of_code(uint32_t code)
{
    if (code < 64)
        return code;
    uint32_t drop = (code - 64) / 32 + 1, kept = (code - 64) % 32 + 32;
    return (kept << drop) + (1u << (drop - 1));
}

uint32_t index_length(uint32_t length)
{
    return index_length_of_code(index_length_code(length));
}

uint8_t index_quantise(const struct index *ix, uint32_t times, uint32_t length)
{
    const struct weighing *w = &ix->weighing;
    double relative = length / ix->mean_length;
    double tfn = (w->k1 + 1) * times / (times + w->k1 * (1 - w->b + w->b * relative));
    long impact = lrint(INDEX_IMPACT_MAX * (tfn + w->delta) / (w->k1 + 1 + w->delta));
    return (uint8_t)CLAMP(impact, 1, INDEX_IMPACT_MAX);
}

size_t index_bytes(const struct index *ix)
{
    size_t chunks = ix->span / INDEX_CHUNK;
    return sizeof *ix + ix->span * sizeof *ix->ids + ix->doc_count * sizeof *ix->order +
           chunks * (INDEX_TIMES + 1 + sizeof *ix->lengths) +
           (size_t)ix->term_count * sizeof *ix->terms +
           ((size_t)ix->slot_mask + 1) * sizeof *ix->slots +
           (size_t)ix->row_count * (ix->span / 2 + index_crest_size(ix)) + ix->byte_count +
           ix->heavy_count * sizeof *ix->heavy + 3 * (size_t)INDEX_PADDING;
}

void index_expect(const struct index *ix, const uint64_t *hashes, size_t count)
{
    enum { AT_ONCE = 64 };
    for (size_t i = 0; i < count; i += AT_ONCE) {
        size_t end = MIN(count, i + AT_ONCE);
        for (size_t j = i; j < end; j++)
            __builtin_prefetch(&ix->slots[(uint32_t)hashes[j] & ix->slot_mask]);
        for (size_t j = i; j < end; j++) {
            uint32_t found = ix->slots[(uint32_t)hashes[j] & ix->slot_mask];
            __builtin_prefetch(&ix->terms[found ? found - 1 : 0]);
        }
    }
}

double index_alpha(const struct index *ix, enum term_kind kind)
{
    static const double repeats_enough = .2; /* abstracts have .3 to .45, titles alone .02 */
    return ix->weighing.alpha * MIN(1, ix->kinds[kind].repeat_prior / repeats_enough);
}

void index_use_totals(struct index *ix, const struct index_totals *all)
{
    ix->all_docs = all->docs;
    ix->mean_length =
        all->docs > 0 && all->length > 0 ? (double)all->length / (double)all->docs : 1;
    for (int kind = 0; kind < TERM_KINDS; kind++) {
        const struct index_sums *sums = &all->sums[kind];
        ix->kinds[kind] = (struct index_kind){
            .repeat_prior = ((double)sums->repeat + 1) / ((double)sums->docs + 3),
            .title_prior = ((double)sums->in_both + 1) / ((double)sums->in_text + 10)};
    }
    index_set_impacts(ix);
}

struct index_weights {
    struct index ix; /* all but impacts, ones and heavy are the index's own */
};

struct index_weights *index_weights_new(const struct index *ix, const struct index_totals *all)
{
    struct index_weights *weights = g_new0(struct index_weights, 1);
    weights->ix = *ix;
    weights->ix.impacts = NULL;
    weights->ix.ones = NULL;
    weights->ix.heavy = g_memdup2(ix->heavy, ix->heavy_count * sizeof *ix->heavy);
    index_use_totals(&weights->ix, all);
    return weights;
}

void index_weights_exchange(struct index *ix, struct index_weights *weights)
{
    struct index old = *ix;
    *ix = weights->ix;
    weights->ix = old;
}

void index_weights_free(struct index_weights *weights)
{
    if (!weights)
        return;
    g_free(weights->ix.impacts);
    g_free(weights->ix.ones);
    g_free(weights->ix.heavy);
    g_free(weights);
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = ((const struct profile_entry *)a)->hash,
             y = ((const struct profile_entry *)b)->hash;
    return (x > y) - (x < y);
}

static struct profile *profile_of(const struct index *ix, const struct bag *bag)
{
    struct profile *profile = g_new0(struct profile, 1);
    uint32_t length = index_length(index_bag_length(ix, bag));
    profile->count = bag->count;
    profile->entries = g_new(struct profile_entry, bag->count + 1);
    for (uint32_t i = 0; i < bag->count; i++) {
        const struct bag_entry *e = &bag->entries[i];
        uint32_t times = e->in_text + ix->weighing.title_times * e->in_title;
        profile->entries[i] = (struct profile_entry){
            e->hash, e->level ? (uint8_t)INDEX_IMPACT_MAX : index_quantise(ix, times, length)};
    }
    qsort(profile->entries, profile->count, sizeof *profile->entries, by_hash);
    return profile;
}

struct profile *profile_new(const struct index *ix, const struct document *document)
{
    struct bag bag;
    bag_init(&bag, ix->weighing.dictionary);
    bag_add_document(&bag, document);
    struct profile *profile = profile_of(ix, &bag);
    bag_clear(&bag);
    return profile;
}

struct profile *profile_new_tokens(const struct index *ix, const uint64_t *tokens, size_t count)
{
    struct bag bag;
    bag_init(&bag, ix->weighing.dictionary);
    for (size_t i = 0; i < count; i++)
        bag_add_token(&bag, tokens[i]);
    struct profile *profile = profile_of(ix, &bag);
    bag_clear(&bag);
    return profile;
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    g_free(profile->entries);
    g_free(profile);
}

uint8_t profile_impact(const struct profile *profile, uint64_t hash)
{
    uint32_t low = 0, high = profile->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (profile->entries[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < profile->count && profile->entries[low].hash == hash
               ? profile->entries[low].impact
               : 0;
}
