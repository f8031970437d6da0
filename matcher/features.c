#include "matcher/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };
enum block { BLOCK_WORDS, BLOCK_PAIRS, BLOCK_CHARACTERS };

static void set_room(struct vocabulary *v, uint32_t room);

void vocabulary_init(struct vocabulary *v, const struct dictionary *dictionary)
{
    memset(v, 0, sizeof *v);
    v->reader = terms_reader_new(dictionary);
    v->terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    set_room(v, FIRST_ROOM);
}

void vocabulary_clear(struct vocabulary *v)
{
    terms_reader_free(v->reader);
    if (v->terms)
        g_array_unref(v->terms);
    g_free(v->hashes);
    g_free(v->docs);
    g_free(v->blocks);
    g_free(v->slots);
    memset(v, 0, sizeof *v);
}

static uint32_t *slot_of(const struct vocabulary *v, uint64_t hash)
{
    uint32_t mask = 2 * v->room - 1, at = (uint32_t)hash & mask;
    while (v->slots[at] && v->hashes[v->slots[at] - 1] != hash)
        at = (at + 1) & mask;
    return &v->slots[at];
}

static void set_room(struct vocabulary *v, uint32_t room)
{
    v->room = room;
    v->hashes = g_renew(uint64_t, v->hashes, room);
    v->docs = g_renew(uint32_t, v->docs, room);
    v->blocks = g_renew(uint8_t, v->blocks, room);
    g_free(v->slots);
    v->slots = g_new0(uint32_t, 2 * (size_t)room);
    for (uint32_t i = 0; i < v->count; i++)
        *slot_of(v, v->hashes[i]) = i + 1;
}

void vocabulary_add(struct vocabulary *v, uint64_t hash, uint8_t block, uint32_t docs)
{
    if (*slot_of(v, hash))
        return;
    if (v->count == v->room)
        set_room(v, 2 * v->room);
    v->hashes[v->count] = hash;
    v->blocks[v->count] = block;
    v->docs[v->count] = docs;
    *slot_of(v, hash) = ++v->count;
}

static void meet(struct vocabulary *v, uint64_t hash, uint8_t block, bool learn, GArray *out)
{
    hash += block * 0x9E3779B97F4A7C15u;
    if (learn)
        vocabulary_add(v, hash, block, 0);
    uint32_t found = *slot_of(v, hash);
    if (found) {
        struct feature feature = {found - 1, 1};
        g_array_append_val(out, feature);
    }
}

/* Characters as written: what NFKC would make of them matters only to words and pairs. */
static void meet_characters(struct vocabulary *v, const char *text, bool learn, GArray *out)
{
    const char *end = text + strlen(text);
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        if (c >= 0x110000) {
            text++;
            continue;
        }
        if (terms_is_han(c))
            meet(v, c, BLOCK_CHARACTERS, learn, out);
        text += g_utf8_skip[(guchar)*text];
    }
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = ((const struct feature *)a)->id, y = ((const struct feature *)b)->id;
    return (x > y) - (x < y);
}

/* Sorted features that are the same become one, with how often. */
static void join(GArray *features)
{
    struct feature *list = (struct feature *)(void *)features->data;
    guint kept = 0;
    if (features->len > 1)
        qsort(list, features->len, sizeof *list, by_id);
    for (guint i = 0; i < features->len; i++) {
        if (kept > 0 && list[kept - 1].id == list[i].id)
            list[kept - 1].value += list[i].value;
        else
            list[kept++] = list[i];
    }
    g_array_set_size(features, kept);
}

void vocabulary_read(struct vocabulary *v, const char *text, bool learn, GArray *out)
{
    g_array_set_size(v->terms, 0);
    g_array_set_size(out, 0);
    terms_read(v->reader, text, strlen(text), v->terms);
    for (guint i = 0; i < v->terms->len; i++) {
        const struct term *term = &g_array_index(v->terms, struct term, i);
        meet(v, term->hash, term->kind == TERM_WORD ? BLOCK_WORDS : BLOCK_PAIRS, learn, out);
    }
    meet_characters(v, text, learn, out);
    join(out);
}

void vocabulary_count(struct vocabulary *v, const struct feature *features, uint32_t count,
                      int sign)
{
    v->texts += (uint32_t)sign;
    for (uint32_t i = 0; i < count; i++)
        v->docs[features[i].id] += (uint32_t)sign;
}

uint32_t vocabulary_weigh(const struct vocabulary *v, struct feature *features, uint32_t count)
{
    double squares[FEATURE_BLOCKS] = {0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct feature f = features[i];
        if (v->docs[f.id] == 0)
            continue;
        double idf = log((1. + v->texts) / (1. + v->docs[f.id])) + 1;
        f.value = (float)((1 + log(f.value)) * idf);
        squares[v->blocks[f.id]] += (double)f.value * f.value;
        features[kept++] = f;
    }
    for (uint32_t i = 0; i < kept; i++) {
        double length = sqrt(FEATURE_BLOCKS * squares[v->blocks[features[i].id]]);
        features[i].value = (float)(features[i].value / length);
    }
    return kept;
}
