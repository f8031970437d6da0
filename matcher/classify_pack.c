/* classify_pack.c - a classifier as bytes, little-endian, and back. What follows from the rows is not kept but worked out
 * again. Reading trusts nothing: every count is held against the bytes that are left, every number against its range. */
#include "matcher/classify_own.h"
#include "matcher/error.h"

#include <math.h>
#include <string.h>

struct unpacking {
    const guint8 *at, *end;
    bool
        broken; /* some bytes were missing or out of range; all that is read from then on is 0 */
};

static void put_u32(GByteArray *out, uint32_t value)
{
    uint32_t le = GUINT32_TO_LE(value);
    g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_u64(GByteArray *out, uint64_t value)
{
    uint64_t le = GUINT64_TO_LE(value);
    g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_float(GByteArray *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(out, bits);
}

static uint32_t get_u32(struct unpacking *in)
{
    uint32_t le = 0;
    in->broken = in->broken || (size_t)(in->end - in->at) < sizeof le;
    if (in->broken)
        return 0;
    memcpy(&le, in->at, sizeof le);
    in->at += sizeof le;
    return GUINT32_FROM_LE(le);
}

static uint64_t get_u64(struct unpacking *in)
{
    uint64_t low = get_u32(in);
    return low | (uint64_t)get_u32(in) << 32;
}

static float get_float(struct unpacking *in)
{
    uint32_t bits = get_u32(in);
    float value;
    memcpy(&value, &bits, sizeof value);
    in->broken = in->broken || !isfinite(value);
    return in->broken ? 0 : value;
}

/* A number of things that take at least `each` bytes. */
static uint32_t get_count(struct unpacking *in, size_t each)
{
    uint32_t count = get_u32(in);
    in->broken = in->broken || count > (size_t)(in->end - in->at) / each;
    return in->broken ? 0 : count;
}

static uint32_t get_below(struct unpacking *in, uint32_t limit)
{
    uint32_t value = get_u32(in);
    in->broken = in->broken || value >= limit;
    return in->broken ? 0 : value;
}

/* ---- Lists: how many there are in each, then all the items */

static void put_starts(GByteArray *out, const uint32_t *starts, uint32_t lists)
{
    put_u32(out, lists);
    for (uint32_t i = 0; i < lists; i++)
        put_u32(out, starts[i + 1] - starts[i]);
}

static uint32_t *get_starts(struct unpacking *in, uint32_t *lists)
{
    uint32_t count = get_count(in, sizeof(uint32_t));
    uint32_t *starts = g_new0(uint32_t, (size_t)count + 1);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += get_u32(in);
        in->broken = in->broken || sum > (size_t)(in->end - in->at) / 8;
        starts[i + 1] = in->broken ? starts[i] : (uint32_t)sum;
    }
    *lists = count;
    return starts;
}

static void put_parts(GByteArray *out, const struct parts *parts)
{
    put_starts(out, parts->starts, parts->lists);
    for (uint32_t i = 0; i < parts->starts[parts->lists]; i++) {
        put_u32(out, parts->items[i].of);
        put_float(out, parts->items[i].value);
    }
}

static void get_parts(struct unpacking *in, uint32_t lists, uint32_t limit, struct parts *parts)
{
    parts->starts = get_starts(in, &parts->lists);
    in->broken = in->broken || parts->lists != lists;
    uint32_t count = in->broken ? 0 : parts->starts[parts->lists];
    parts->items = g_new0(struct part, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t of = get_below(in, limit);
        parts->items[i] = (struct part){of, get_float(in)};
    }
}

/* ---- The whole */

static void put_vocabulary(GByteArray *out, const struct vocabulary *v)
{
    put_u32(out, v->texts);
    put_u32(out, v->count);
    for (uint32_t i = 0; i < v->count; i++) {
        put_u64(out, v->hashes[i]);
        put_u32(out, v->docs[i]);
        put_u32(out, v->blocks[i]);
    }
}

static void get_vocabulary(struct unpacking *in, struct vocabulary *v)
{
    v->texts = get_u32(in);
    uint32_t count = get_count(in, 16);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = get_u64(in);
        uint32_t docs = get_u32(in);
        vocabulary_add(v, hash, (uint8_t)get_below(in, FEATURE_BLOCKS), docs);
    }
    in->broken = in->broken || v->count != count; /* a hash came twice */
}

static void put_rows(GByteArray *out, const struct rows *rows)
{
    put_starts(out, rows->starts, rows->count);
    for (uint32_t i = 0; i < rows->starts[rows->count]; i++) {
        put_u32(out, rows->items[i].id);
        put_float(out, rows->items[i].value);
    }
}

static void get_rows(struct unpacking *in, uint32_t features, struct rows *rows)
{
    rows->starts = get_starts(in, &rows->count);
    uint32_t count = in->broken ? 0 : rows->starts[rows->count];
    rows->items = g_new0(struct feature, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = get_below(in, features);
        rows->items[i] = (struct feature){id, get_float(in)};
        in->broken = in->broken || rows->items[i].value <= 0;
    }
}

static void put_level(GByteArray *out, const struct level *level)
{
    put_u32(out, level->count);
    for (uint32_t i = 0; i < level->count; i++) {
        g_byte_array_append(out, (const guint8 *)level->labels[i].name, CLASSIFY_SUBCLASS);
        put_float(out, level->offsets[i]);
    }
    put_parts(out, &level->members);
    put_parts(out, &level->weights);
}

static void get_level(struct unpacking *in, uint32_t rows, struct level *level)
{
    level->count = get_count(in, CLASSIFY_SUBCLASS + sizeof(float));
    level->labels = g_new0(struct label, (size_t)level->count + 1);
    level->offsets = g_new0(float, (size_t)level->count + 1);
    for (uint32_t i = 0; i < level->count; i++) {
        uint32_t letters = GUINT32_TO_LE(get_u32(in));
        memcpy(level->labels[i].name, &letters, CLASSIFY_SUBCLASS);
        level->offsets[i] = get_float(in);
        for (const char *p = level->labels[i].name; *p; p++)
            in->broken = in->broken || !g_ascii_isalnum(*p);
    }
    get_parts(in, rows, level->count, &level->members);
    get_parts(in, rows, level->count, &level->weights);
}

static uint64_t digest_of(const struct dictionary *dictionary)
{
    return dictionary ? dictionary->digest : 0;
}

GByteArray *classifier_pack(const struct classifier *c)
{
    GByteArray *out = g_byte_array_new();
    put_u64(out, digest_of(c->dictionary));
    for (size_t i = 0; i < G_N_ELEMENTS(c->calibration); i++)
        put_float(out, (float)c->calibration[i]);
    put_vocabulary(out, &c->vocabulary);
    put_rows(out, &c->rows);
    for (uint32_t i = 0; i < c->rows.count; i++)
        put_float(out, c->row_counts[i]);
    for (int i = 0; i < LEVELS; i++)
        put_level(out, &c->levels[i]);
    return out;
}

static bool fail(GError **error, const char *why)
{
    g_set_error_literal(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, why);
    return false;
}

static bool unpack(struct unpacking *in, struct classifier *c, GError **error)
{
    if (get_u64(in) != digest_of(c->dictionary) && !in->broken)
        return fail(error, "the model was made with another dictionary");
    for (size_t i = 0; i < G_N_ELEMENTS(c->calibration); i++)
        c->calibration[i] = get_float(in);
    get_vocabulary(in, &c->vocabulary);
    get_rows(in, c->vocabulary.count, &c->rows);
    c->row_counts = g_new0(float, (size_t)c->rows.count + 1);
    for (uint32_t i = 0; i < c->rows.count; i++)
        c->row_counts[i] = get_float(in);
    for (int i = 0; i < LEVELS; i++)
        get_level(in, c->rows.count, &c->levels[i]);
    bool empty = c->levels[LEVEL_SUBCLASS].count < 2 || c->levels[LEVEL_CLASS].count < 1;
    return (!in->broken && !empty && in->at == in->end) ||
           fail(error, "the model is damaged: its parts do not fit together");
}

struct classifier *classifier_unpack(const void *bytes, size_t len,
                                     const struct dictionary *dictionary, GError **error)
{
    struct unpacking in = {.at = bytes, .end = (const guint8 *)bytes + len};
    g_autoptr(match_classifier) c = g_new0(struct classifier, 1);
    c->dictionary = dictionary;
    vocabulary_init(&c->vocabulary, dictionary);
    if (!unpack(&in, c, error))
        return NULL;
    classifier_prepare(c);
    return g_steal_pointer(&c);
}
