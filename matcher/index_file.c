#include "matcher/index_file.h"
#include "matcher/beside.h"
#include "matcher/error.h"
#include "matcher/index_own.h"
#include "matcher/share.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    VERSION = 3, /* 2: terms are in simplified characters; 3: 3.5 is one, 3.5mm two */
    BYTE_ORDER_MARK = 0x01020304,
    LINE = 64,
    BLOCK = 1 << 20,
    BLOCKS_AT_ONCE = 8
};
enum part { ORDER, IDS, LENGTHS, TERMS, SLOTS, ROWS, CRESTS, BYTES, HEAVY, PARTS };

static const char magic[8] = "PBINDEX";

struct header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t size, key, weighing; /* of the whole file; the caller's; digest */
    uint32_t doc_count, span, term_count, slot_count, row_count, heavy_count;
    uint64_t byte_count;
    struct index_totals own;
    uint64_t at[PARTS];
    uint64_t sums_at, sums_digest;
    uint64_t digest; /* of all before it; last */
};

/* What the numbers in a file depend on. */
static uint64_t digest_weighing(const struct weighing *w)
{
    const double numbers[] = {w->k1,
                              w->b,
                              w->delta,
                              w->title_times,
                              w->kind_factor[TERM_PAIR] > 0,
                              w->kind_factor[TERM_WORD] > 0,
                              INDEX_CHUNK,
                              INDEX_TILE_BITS,
                              INDEX_TIMES,
                              sizeof(struct index_term),
                              sizeof(struct index_heavy)};
    return XXH3_64bits_withSeed(numbers, sizeof numbers,
                                w->dictionary ? w->dictionary->digest : 0);
}

static void set_sizes(const struct header *h, uint64_t sizes[PARTS])
{
    uint64_t tiles = (h->span + (uint64_t)INDEX_TILE - 1) / INDEX_TILE;
    sizes[ORDER] = h->doc_count * sizeof(uint32_t);
    sizes[IDS] = h->span * sizeof(int64_t);
    sizes[LENGTHS] = h->span / INDEX_CHUNK * sizeof(uint32_t);
    sizes[TERMS] = h->term_count * sizeof(struct index_term);
    sizes[SLOTS] = h->slot_count * sizeof(uint32_t);
    sizes[ROWS] = (uint64_t)h->row_count * (h->span / 2);
    sizes[CRESTS] = h->row_count * (tiles * INDEX_TILE_CHUNKS / 2);
    sizes[BYTES] = h->byte_count;
    sizes[HEAVY] = h->heavy_count * sizeof(struct index_heavy);
}

/* Where the next part begins: behind at least INDEX_PADDING bytes that may be read. */
static uint64_t behind(uint64_t at, uint64_t size)
{
    return (at + size + INDEX_PADDING + LINE - 1) / LINE * LINE;
}

static void set_places(struct header *h)
{
    uint64_t sizes[PARTS], at = behind(0, sizeof *h);
    set_sizes(h, sizes);
    for (int part = 0; part < PARTS; part++) {
        h->at[part] = at;
        at = behind(at, sizes[part]);
    }
    h->sums_at = at;
    h->size = at + (at + BLOCK - 1) / BLOCK * sizeof(uint64_t);
}

static struct header header_of(const struct index *ix, uint64_t key)
{
    struct header h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, magic, sizeof h.magic);
    h.version = VERSION;
    h.byte_order = BYTE_ORDER_MARK;
    h.key = key;
    h.weighing = digest_weighing(&ix->weighing);
    h.doc_count = ix->doc_count;
    h.span = ix->span;
    h.term_count = ix->term_count;
    h.slot_count = ix->slot_mask + 1;
    h.row_count = ix->row_count;
    h.heavy_count = ix->heavy_count;
    h.byte_count = ix->byte_count;
    h.own = ix->own;
    set_places(&h);
    return h;
}

struct summing {
    const uint8_t *data;
    uint64_t end, *sums;
};

static void sum_some(uint32_t first, uint32_t behind_last, void *user)
{
    const struct summing *s = user;
    for (uint64_t i = first; i < behind_last; i++) {
        uint64_t at = i * BLOCK, from = i ? at : sizeof(struct header);
        s->sums[i] = XXH3_64bits(s->data + from, MIN(at + BLOCK, s->end) - from);
    }
}

/* The checksums of all blocks; that of the first leaves the header out, which has its own. */
static void sum_blocks(struct summing summing)
{
    share_work((uint32_t)((summing.end + BLOCK - 1) / BLOCK), BLOCKS_AT_ONCE, sum_some,
               &summing);
}

static uint64_t digest_header(const struct header *h)
{
    return XXH3_64bits(h, offsetof(struct header, digest));
}

static void seal(uint8_t *data, struct header *h)
{
    uint64_t *sums = (uint64_t *)(void *)(data + h->sums_at);
    sum_blocks((struct summing){data, h->sums_at, sums});
    h->sums_digest = XXH3_64bits(sums, h->size - h->sums_at);
    h->digest = digest_header(h);
    memcpy(data, h, sizeof *h);
}

bool index_reseal(void *data, size_t size)
{
    struct header h;
    if (size < sizeof h)
        return false;
    memcpy(&h, data, sizeof h);
    set_places(&h);
    if (h.size != size)
        return false;
    seal(data, &h);
    return true;
}

/* ---- Writing */

/* A file block by block, as it goes to the disk: no second copy of the index is in memory. */
struct writing {
    struct beside file;
    uint8_t *block; /* BLOCK */
    uint64_t at;    /* bytes so far, those of the block among them */
    uint64_t *sums; /* of the blocks that are written */
    bool done;
    GError **error;
};

static void write_block(struct writing *w)
{
    uint64_t number = (w->at - 1) / BLOCK, from = number ? 0 : sizeof(struct header);
    size_t size = (size_t)(w->at - number * BLOCK);
    w->sums[number] = XXH3_64bits(w->block + from, size - from);
    w->done = w->done && beside_write(&w->file, w->block, size, w->error);
}

/* NULL: zeros. */
static void append(struct writing *w, const void *data, uint64_t size)
{
    const uint8_t *from = data;
    while (size > 0) {
        uint64_t place = w->at % BLOCK, count = MIN(size, BLOCK - place);
        if (from)
            memcpy(w->block + place, from, count);
        else
            memset(w->block + place, 0, count);
        w->at += count;
        size -= count;
        from = from ? from + count : NULL;
        if (w->at % BLOCK == 0)
            write_block(w);
    }
}

static void append_parts(struct writing *w, const struct index *ix, const struct header *h)
{
    const void *const parts[PARTS] = {
        [ORDER] = ix->order,   [IDS] = ix->ids,     [LENGTHS] = ix->lengths,
        [TERMS] = ix->terms,   [SLOTS] = ix->slots, [ROWS] = ix->rows,
        [CRESTS] = ix->crests, [BYTES] = ix->bytes, [HEAVY] = ix->heavy};
    uint64_t sizes[PARTS];
    set_sizes(h, sizes);
    append(w, NULL, sizeof *h); /* written last */
    for (int part = 0; part < PARTS; part++) {
        append(w, NULL, h->at[part] - w->at);
        append(w, parts[part], sizes[part]);
    }
    append(w, NULL, h->sums_at - w->at);
    if (w->at % BLOCK != 0)
        write_block(w);
}

static void write_index(struct writing *w, const struct index *ix, struct header *h)
{
    append_parts(w, ix, h);
    size_t size = (size_t)(h->size - h->sums_at);
    h->sums_digest = XXH3_64bits(w->sums, size);
    h->digest = digest_header(h);
    w->done = w->done && beside_write(&w->file, w->sums, size, w->error);
    if (w->done && pwrite(w->file.fd, h, sizeof *h, 0) != (ssize_t)sizeof *h)
        w->done = beside_fail(w->error, w->file.fresh, "write");
}

bool index_save(const struct index *ix, uint64_t key, const char *path, GError **error)
{
    struct header h = header_of(ix, key);
    struct writing w = {.done = true, .error = error};
    if (!beside_open(&w.file, path, h.size, error))
        return false;
    w.block = g_malloc(BLOCK);
    w.sums = g_malloc(h.size - h.sums_at);
    write_index(&w, ix, &h);
    g_free(w.block);
    g_free(w.sums);
    return beside_close(&w.file, w.done, error) && w.done;
}

/* ---- Reading */

static bool refuse(GError **error, const char *why)
{
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, "%s", why);
    return false;
}

/* What the header says by itself. */
static bool check_header(const struct header *h, size_t size, uint64_t key,
                         const struct weighing *weighing, GError **error)
{
    struct header again = *h;
    if (memcmp(h->magic, magic, sizeof magic) != 0)
        return refuse(error, "not an index");
    if (h->byte_order != BYTE_ORDER_MARK || h->version != VERSION)
        return refuse(error, "an index of another version or machine");
    if (h->digest != digest_header(h))
        return refuse(error, "the header is damaged");
    if (h->key != key)
        return refuse(error, "an index of other documents");
    if (h->weighing != digest_weighing(weighing))
        return refuse(error, "an index under another weighing or dictionary");
    if (h->slot_count == 0 || h->doc_count > h->span || h->span % INDEX_CHUNK != 0 ||
        h->span > 1u << 31 || h->byte_count > G_MAXUINT32 * (uint64_t)4 ||
        h->own.docs != h->doc_count)
        return refuse(error, "sizes that can't be");
    set_places(&again);
    if (again.size != size || memcmp(&again, h, sizeof again) != 0)
        return refuse(error, "truncated, or parts that are not where they belong");
    return true;
}

static bool check_sums(const uint8_t *data, const struct header *h, GError **error)
{
    size_t size = h->size - h->sums_at;
    g_autofree uint64_t *sums = g_malloc(size);
    sum_blocks((struct summing){data, h->sums_at, sums});
    if (XXH3_64bits(data + h->sums_at, size) != h->sums_digest ||
        memcmp(sums, data + h->sums_at, size) != 0)
        return refuse(error, "torn: a block is not what its checksum says");
    return true;
}

/* Parts that never change are used where they lie; what follows from the mean length is worked out anew. */
static struct index *view_parts(const uint8_t *data, const struct header *h,
                                const struct weighing *weighing)
{
    uint8_t *parts = (uint8_t *)(uintptr_t)data; /* only read: is_lent */
    struct index *ix = g_new0(struct index, 1);
    ix->weighing = *weighing;
    ix->is_lent = true;
    ix->doc_count = h->doc_count;
    ix->span = h->span;
    ix->term_count = h->term_count;
    ix->slot_mask = h->slot_count - 1;
    ix->row_count = h->row_count;
    ix->byte_count = h->byte_count;
    ix->own = h->own;
    ix->order = (uint32_t *)(void *)(parts + h->at[ORDER]);
    ix->ids = (int64_t *)(void *)(parts + h->at[IDS]);
    ix->lengths = (uint32_t *)(void *)(parts + h->at[LENGTHS]);
    ix->terms = (struct index_term *)(void *)(parts + h->at[TERMS]);
    ix->slots = (uint32_t *)(void *)(parts + h->at[SLOTS]);
    ix->rows = parts + h->at[ROWS];
    ix->crests = parts + h->at[CRESTS];
    ix->bytes = parts + h->at[BYTES];
    ix->heavy_count = h->heavy_count;
    ix->heavy = g_new(struct index_heavy, (gsize)h->heavy_count + 1);
    memcpy(ix->heavy, parts + h->at[HEAVY], h->heavy_count * sizeof *ix->heavy);
    return ix;
}

struct index *index_view(const void *data, size_t size, uint64_t key,
                         const struct weighing *weighing, GError **error)
{
    struct header h;
    if (size < sizeof h) {
        refuse(error, "truncated: shorter than a header");
        return NULL;
    }
    memcpy(&h, data, sizeof h);
    if (!check_header(&h, size, key, weighing, error) || !check_sums(data, &h, error))
        return NULL;
    struct index *ix = view_parts(data, &h, weighing);
    const char *wrong = index_find_fault(ix);
    if (wrong) {
        refuse(error, wrong);
        index_free(ix);
        return NULL;
    }
    index_use_totals(ix, &ix->own);
    return ix;
}

static void *map_file(const char *path, size_t *size, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (end < 0) {
        beside_fail(error, path, "open");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    *size = (size_t)end;
    void *data = end == 0 ? MAP_FAILED : mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
    if (end == 0)
        refuse(error, "truncated: empty");
    else if (data == MAP_FAILED)
        beside_fail(error, path, "map");
    close(fd);
    return data == MAP_FAILED ? NULL : data;
}

struct index *index_load(const char *path, uint64_t key, const struct weighing *weighing,
                         GError **error)
{
    size_t size;
    void *data = map_file(path, &size, error);
    if (!data)
        return NULL;
    (void)madvise(data, size, MADV_WILLNEED); /* a hint, no more */
    struct index *ix = index_view(data, size, key, weighing, error);
    if (ix) {
        ix->map = data;
        ix->map_size = size;
    } else {
        munmap(data, size);
        g_prefix_error(error, "index '%s': ", path);
    }
    return ix;
}
