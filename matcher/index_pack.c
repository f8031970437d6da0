/* index_pack.c - postings as they were counted, put where index.h keeps them. */
#include "matcher/error.h"
#include "matcher/huge.h"
#include "matcher/index_own.h"

#include <string.h>

/* One document in so many has a term: it is a row, it is tiled. A few documents are never worth a row. */
enum { ROW_SHARE = 16, TILED_SHARE = 512, ROW_LEAST = 16 };

struct index_packer {
    struct index *ix;
    GByteArray *bytes;
    uint32_t term;  /* the next */
    uint32_t *docs; /* scratch: one list */
    uint8_t *times;
};

void index_set_impacts(struct index *ix)
{
    uint32_t chunks = ix->span / INDEX_CHUNK;
    g_free(ix->impacts);
    g_free(ix->ones);
    ix->impacts = huge_alloc0((size_t)chunks * INDEX_TIMES + INDEX_PADDING);
    ix->ones = g_malloc0(chunks + INDEX_TILE_CHUNKS);
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        uint8_t *table = ix->impacts + (size_t)chunk * INDEX_TIMES;
        if (chunk > 0 && ix->lengths[chunk] == ix->lengths[chunk - 1])
            memcpy(table, table - INDEX_TIMES, INDEX_TIMES);
        else
            for (uint32_t times = 1; times < INDEX_TIMES; times++)
                table[times] = index_quantise(ix, times, ix->lengths[chunk]);
        ix->ones[chunk] = table[1];
    }
    for (uint32_t i = 0; i < ix->heavy_count; i++)
        ix->heavy[i].impact =
            index_quantise(ix, ix->heavy[i].times, ix->lengths[ix->heavy[i].doc / INDEX_CHUNK]);
}

static enum index_form form_of(const struct index *ix, const struct index_term *term)
{
    if (term->docs >= ROW_LEAST && (uint64_t)term->docs * ROW_SHARE >= ix->span)
        return INDEX_ROW;
    return (uint64_t)term->docs * TILED_SHARE >= MAX(ix->span, (uint32_t)INDEX_TILE)
               ? INDEX_TILED
               : INDEX_WHOLE;
}

/* Four bits of a row, or of its crests. */
static uint32_t read_code(const uint8_t *codes, uint32_t at)
{
    return codes[at / INDEX_CHUNK * 32 + kernel_byte(at)] >> kernel_shift(at) & 15u;
}

static void write_code(uint8_t *codes, uint32_t at, uint32_t code)
{
    uint8_t *byte = &codes[at / INDEX_CHUNK * 32 + kernel_byte(at)];
    *byte = (uint8_t)((*byte & ~(15u << kernel_shift(at))) | code << kernel_shift(at));
}

static void pack_row(struct index *ix, const struct index_term *term, const uint32_t *docs,
                     const uint8_t *times, uint32_t count)
{
    uint8_t *row = ix->rows + (size_t)term->at * (ix->span / 2),
            *crest = ix->crests + term->at * index_crest_size(ix);
    for (uint32_t i = 0; i < count; i++) {
        write_code(row, docs[i], times[i]);
        if (times[i] > read_code(crest, docs[i] / INDEX_CHUNK))
            write_code(crest, docs[i] / INDEX_CHUNK, times[i]);
    }
}

struct run { /* postings of a term, or of a term in a tile */
    const uint32_t *docs;
    const uint8_t *times;
    uint32_t count;
};

/* Appends the postings with f = 1, or those with more, as a list; gives how many. */
static uint32_t pack_list(struct index_packer *p, struct run run, uint32_t base, uint32_t bound,
                          bool more)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < run.count; i++) {
        p->docs[kept] = run.docs[i] - base;
        p->times[kept] = run.times[i];
        kept += (run.times[i] > 1) == more;
    }
    list_write(p->bytes, p->docs, more ? p->times : NULL, kept, bound);
    return kept;
}

static void pack_whole(struct index_packer *p, struct run run)
{
    uint32_t more = 0;
    for (uint32_t i = 0; i < run.count; i++)
        more += run.times[i] > 1;
    for (uint32_t rest = more, last = 0; !last; rest >>= 7) {
        last = rest < 128;
        uint8_t byte = (uint8_t)((rest & 127) | (last ? 0 : 128));
        g_byte_array_append(p->bytes, &byte, 1);
    }
    pack_list(p, run, 0, p->ix->span, false);
    pack_list(p, run, 0, p->ix->span, true);
}

static void pack_tiles(struct index_packer *p, struct run run)
{
    uint32_t tiles = index_tiles(p->ix);
    guint first = p->bytes->len;
    g_byte_array_set_size(p->bytes, first + tiles * (guint)sizeof(struct index_tile_entry));
    for (uint32_t tile = 0; tile < tiles; tile++) {
        struct run here = {run.docs, run.times, 0};
        while (here.count < run.count && here.docs[here.count] >> INDEX_TILE_BITS == tile)
            here.count++;
        struct index_tile_entry entry = {.start = p->bytes->len - first};
        entry.ones = (uint16_t)pack_list(p, here, tile << INDEX_TILE_BITS, INDEX_TILE, false);
        entry.more = (uint16_t)pack_list(p, here, tile << INDEX_TILE_BITS, INDEX_TILE, true);
        memcpy(p->bytes->data + first + tile * sizeof entry, &entry, sizeof entry);
        run =
            (struct run){run.docs + here.count, run.times + here.count, run.count - here.count};
    }
}

static void pack_term(struct index_packer *p, struct index_term *term, struct run run)
{
    static const uint8_t zeros[4];
    for (uint32_t i = 0; i < run.count; i++)
        term->times_max = MAX(term->times_max, run.times[i]);
    if (term->form == INDEX_ROW) {
        pack_row(p->ix, term, run.docs, run.times, run.count);
        return;
    }
    g_byte_array_append(p->bytes, zeros, (4 - p->bytes->len % 4) % 4);
    term->at = p->bytes->len / 4;
    if (term->form == INDEX_TILED)
        pack_tiles(p, run);
    else
        pack_whole(p, run);
}

static void set_forms(struct index *ix)
{
    for (uint32_t t = 0; t < ix->term_count; t++) {
        struct index_term *term = &ix->terms[t];
        term->form = (uint8_t)form_of(ix, term);
        if (term->form == INDEX_ROW)
            term->at = ix->row_count++;
    }
    ix->crests = g_malloc0(ix->row_count * index_crest_size(ix) + INDEX_PADDING);
    ix->rows = huge_alloc0((size_t)ix->row_count * (ix->span / 2) + INDEX_PADDING);
}

static void take_bytes(struct index *ix, GByteArray *bytes)
{
    ix->byte_count = bytes->len;
    ix->bytes = huge_alloc0(ix->byte_count + INDEX_PADDING);
    if (bytes->len > 0)
        memcpy(ix->bytes, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

/* Terms and their slots, in the room they need. */
static void settle_terms(struct index *ix)
{
    struct index_term *terms = huge_alloc0(ix->term_count * sizeof *terms);
    uint32_t slots = 16;
    if (ix->term_count > 0)
        memcpy(terms, ix->terms, ix->term_count * sizeof *terms);
    g_free(ix->terms);
    ix->terms = terms;
    while (slots / 4 * 3 < ix->term_count)
        slots *= 2;
    index_set_slots(ix, slots);
}

struct index_packer *index_packer_new(struct index *ix)
{
    struct index_packer *p = g_new0(struct index_packer, 1);
    *p = (struct index_packer){.ix = ix,
                               .bytes = g_byte_array_new(),
                               .docs = g_new(uint32_t, ix->doc_count + 1),
                               .times = g_new(uint8_t, ix->doc_count + 1)};
    set_forms(ix);
    return p;
}

bool index_pack(struct index_packer *p, const struct index_postings *postings,
                const uint32_t *ends, uint32_t terms, GError **error)
{
    enum { BYTES_MOST = G_MAXINT }; /* what a GByteArray takes, with some to spare */
    uint32_t start = 0;
    for (uint32_t i = 0; i < terms; i++) {
        struct index_term *term = &p->ix->terms[p->term++];
        struct run run = {postings->docs + start, postings->times + start, ends[i] - start};
        pack_term(p, term, run);
        start += term->docs;
        if (p->bytes->len < BYTES_MOST)
            continue;
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_LIMIT,
                    "the lists of an index would take more than 2 GB");
        return false;
    }
    return true;
}

void index_packer_end(struct index_packer *p)
{
    take_bytes(p->ix, p->bytes);
    settle_terms(p->ix);
    g_free(p->docs);
    g_free(p->times);
    g_free(p);
}
