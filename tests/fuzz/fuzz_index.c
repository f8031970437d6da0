/* fuzz_index.c - any bytes as a file of an index, or as damage to one under right checksums: it is refused, or searches do no
 * harm.
 *
 * First byte 0: the rest is the file. Otherwise 1 to 3 name one of three indexes, and the rest is damage: four bytes are a place,
 * the fifth what stands there from then on. */
#include "matcher/index_file.h"
#include "matcher/kernel.h"
#include "matcher/search.h"
#include "matcher/terms.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IMAGES = 3, KEY = 1, K = 20, WORDS = 60, NEED = 8, ROOM = 1 << 20 };

struct image {
    uint8_t *data; /* at a multiple of 64 */
    size_t size;
};

static uint64_t word_hash(uint32_t word)
{
    return terms_hash_token((const char *)&word, sizeof word);
}

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % below);
}

/* Few documents, or so many that some terms are tiled and some rows. */
static struct index *make_index(uint32_t docs)
{
    struct index_builder *builder = index_builder_new(&weighing_bm25);
    uint64_t state = docs;
    for (uint32_t d = 0; d < docs; d++) {
        uint64_t tokens[40];
        uint32_t count = d == 20 ? 40 : draw(&state, 4); /* one has a word many times */
        for (uint32_t i = 0; i < count; i++)
            tokens[i] = word_hash(d == 20 ? 3 : draw(&state, 1 + draw(&state, WORDS)));
        index_add_tokens(builder, d, tokens, count);
    }
    return index_finish(builder, NULL);
}

static struct image make_image(uint32_t docs)
{
    struct index *ix = make_index(docs);
    g_autofree char *path = g_strdup_printf("/tmp/patbridge-fuzz-index.%d", (int)getpid()),
                    *text = NULL;
    struct image image;
    expect(index_save(ix, KEY, path, NULL));
    expect(g_file_get_contents(path, &text, &image.size, NULL));
    g_unlink(path);
    index_free(ix);
    image.data = g_aligned_alloc0(1, image.size + 64, 64);
    memcpy(image.data, text, image.size);
    return image;
}

static const struct image *image_at(size_t number)
{
    static const uint32_t docs[IMAGES] = {0, 30, 1100};
    static struct image images[IMAGES];
    if (!images[number].data)
        images[number] = make_image(docs[number]);
    return &images[number];
}

static void search(const struct index *ix, const uint8_t *data, size_t size)
{
    struct searcher *searcher = search_new(ix);
    for (size_t at = 0; at < 2 && at < size + 1; at++) {
        uint64_t tokens[NEED];
        struct hit hits[K];
        for (size_t i = 0; i < NEED; i++)
            tokens[i] = word_hash((uint32_t)(i + at * 11 + (size ? data[size - 1] : 0)));
        struct query *query = query_new_tokens(ix, tokens, NEED);
        search_top(searcher, query, K, at ? SEARCH_PRUNED : SEARCH_EXHAUSTIVE, NULL, NULL,
                   hits);
        for (uint32_t i = 0; i < ix->doc_count && i < 3; i++)
            search_score_doc(query, ix, ix->order[i]);
        query_free(query);
    }
    search_free(searcher);
}

static size_t damage(uint8_t *file, const struct image *image, const uint8_t *data, size_t size)
{
    memcpy(file, image->data, image->size);
    for (; size >= 5; data += 5, size -= 5) {
        uint32_t place;
        memcpy(&place, data, sizeof place);
        file[place % image->size] = data[4];
    }
    index_reseal(file, image->size);
    return image->size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *file;
    if (!file)
        file = g_aligned_alloc0(1, ROOM, 64);
    size_t end = MIN(size, (size_t)ROOM);
    if (size > 0 && data[0] % (IMAGES + 1) > 0)
        end = damage(file, image_at(data[0] % (IMAGES + 1) - 1u), data + 1, size - 1);
    else if (size > 0)
        memcpy(file, data + 1, --end);
    struct index *ix = index_view(file, end, KEY, &weighing_bm25, NULL);
    if (ix)
        search(ix, data, size);
    index_free(ix);
    return 0;
}
