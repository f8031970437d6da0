#include "matcher/index.h"
#include "matcher/index_own.h"

#include <math.h>
#include <stdlib.h>

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
    ix->slots = g_new0(uint32_t, count);
    ix->slot_mask = count - 1;
    for (uint32_t t = 0; t < ix->term_count; t++)
        *index_slot(ix, ix->terms[t].hash) = t + 1;
}

uint32_t index_bag_length(const struct index *ix, const struct bag *bag, enum term_kind kind)
{
    return bag->text_terms[kind] + ix->weighing.title_times * bag->title_terms[kind];
}

void index_free(struct index *ix)
{
    if (!ix)
        return;
    g_free(ix->ids);
    g_free(ix->terms);
    g_free(ix->slots);
    g_free(ix->blocks);
    g_free(ix->post_docs);
    g_free(ix->post_impacts);
    g_free(ix);
}

uint32_t index_find(const struct index *ix, int64_t id)
{
    uint32_t low = 0, high = ix->doc_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ix->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ix->doc_count && ix->ids[low] == id ? low : INDEX_NONE;
}

uint32_t index_find_term(const struct index *ix, uint64_t hash)
{
    uint32_t found = *index_slot(ix, hash);
    return found ? found - 1 : INDEX_NONE;
}

static const struct index_block *find_block(const struct index *ix, uint32_t term,
                                            uint32_t tile)
{
    uint32_t low = ix->terms[term].first_block, high = ix->terms[term + 1].first_block,
             end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ix->blocks[middle].tile < tile)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && ix->blocks[low].tile == tile ? &ix->blocks[low] : NULL;
}

uint8_t index_impact(const struct index *ix, uint32_t term, uint32_t doc)
{
    const struct index_block *block = find_block(ix, term, doc >> INDEX_TILE_BITS);
    if (!block)
        return 0;
    uint32_t low = block[0].start, high = block[1].start, end = high,
             want = doc & (INDEX_TILE - 1);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ix->post_docs[middle] < want)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && ix->post_docs[low] == want ? ix->post_impacts[low] : 0;
}

uint8_t index_quantise(const struct index *ix, enum term_kind kind, uint32_t times,
                       uint32_t length)
{
    const struct weighing *w = &ix->weighing;
    double relative = length / ix->kinds[kind].mean_length;
    double tfn = (w->k1 + 1) * times / (times + w->k1 * (1 - w->b + w->b * relative));
    long impact = lrint(INDEX_IMPACT_MAX * (tfn + w->delta) / (w->k1 + 1 + w->delta));
    return (uint8_t)CLAMP(impact, 1, INDEX_IMPACT_MAX);
}

size_t index_bytes(const struct index *ix)
{
    size_t postings = ix->blocks[ix->block_count].start;
    return sizeof *ix + ix->doc_count * sizeof *ix->ids +
           ((size_t)ix->term_count + 1) * sizeof *ix->terms +
           ((size_t)ix->slot_mask + 1) * sizeof *ix->slots +
           ((size_t)ix->block_count + 1) * sizeof *ix->blocks +
           postings * (sizeof *ix->post_docs + sizeof *ix->post_impacts);
}

double index_alpha(const struct index *ix, enum term_kind kind)
{
    static const double repeats_enough = .2; /* abstracts have .3 to .45, titles alone .02 */
    return ix->weighing.alpha * MIN(1, ix->kinds[kind].repeat_prior / repeats_enough);
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
    profile->count = bag->count;
    profile->entries = g_new(struct profile_entry, bag->count + 1);
    for (uint32_t i = 0; i < bag->count; i++) {
        const struct bag_entry *e = &bag->entries[i];
        uint32_t times = e->in_text + ix->weighing.title_times * e->in_title;
        uint32_t length = index_bag_length(ix, bag, e->kind);
        profile->entries[i] = (struct profile_entry){
            e->hash,
            e->level ? (uint8_t)INDEX_IMPACT_MAX : index_quantise(ix, e->kind, times, length)};
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
