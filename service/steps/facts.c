#include "service/steps/facts.h"
#include "loader/names.h"
#include "matcher/beside.h"
#include "matcher/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

enum { VERSION = 3, BYTE_ORDER_MARK = 0x01020304 }; /* 3: families among owners */
static const char magic[8] = "PBFACTS";

struct header {
    char magic[8];
    uint32_t version, byte_order;
    struct facts_mark mark;
    uint64_t count, pool_size;
    uint64_t body;   /* XXH3-64 of items and pool */
    uint64_t digest; /* of all before it; last */
};

struct facts_builder {
    GArray *items; /* struct fact */
    GByteArray *pool;
    GHashTable *texts; /* GBytes -> place in the pool */
};

/* ---- Lists of owners */

char *owners_block(const char *const *names, size_t *len)
{
    GString *block = g_string_new(NULL);
    for (; names && *names; names++) {
        g_autofree char *folded = **names == FACT_FAMILY ? g_strdup(*names) : name_fold(*names);
        if (*folded)
            g_string_append_len(block, folded, (gssize)strlen(folded) + 1);
    }
    g_string_append_c(block, '\0');
    *len = block->len;
    return g_string_free(block, FALSE);
}

static bool block_has(const char *block, const char *name)
{
    for (; *block; block += strlen(block) + 1)
        if (strcmp(block, name) == 0)
            return true;
    return false;
}

bool owners_meet(const char *a, const char *b)
{
    for (; *a; a += strlen(a) + 1)
        if (block_has(b, a))
            return true;
    return false;
}

bool families_meet(const char *a, const char *b)
{
    for (; *a; a += strlen(a) + 1)
        if (*a == FACT_FAMILY && block_has(b, a))
            return true;
    return false;
}

size_t owners_block_len(const char *block)
{
    const char *at = block;
    while (*at)
        at += strlen(at) + 1;
    return (size_t)(at - block) + 1;
}

/* ---- Making */

struct facts_builder *facts_builder_new(void)
{
    static const guint8 nothing[2] = {0, 0}; /* place 0 is no text, and an empty list */
    struct facts_builder *builder = g_new0(struct facts_builder, 1);
    builder->items = g_array_new(FALSE, FALSE, sizeof(struct fact));
    builder->pool = g_byte_array_new();
    builder->texts =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_byte_array_append(builder->pool, nothing, sizeof nothing);
    return builder;
}

static void free_scratch(struct facts_builder *builder)
{
    g_hash_table_unref(builder->texts);
    g_free(builder);
}

void facts_builder_free(struct facts_builder *builder)
{
    if (!builder)
        return;
    g_array_unref(builder->items);
    g_byte_array_unref(builder->pool);
    free_scratch(builder);
}

/* Owners are the same again and again, and the others are a handful of words: each text stands once. */
static uint32_t place_of(struct facts_builder *builder, const char *text, size_t len)
{
    g_autoptr(GBytes) key = g_bytes_new(text, len);
    gpointer place = g_hash_table_lookup(builder->texts, key);
    if (place)
        return GPOINTER_TO_UINT(place);
    guint at = builder->pool->len;
    g_byte_array_append(builder->pool, (const guint8 *)text, (guint)len);
    g_hash_table_insert(builder->texts, g_steal_pointer(&key), GUINT_TO_POINTER(at));
    return at;
}

static uint32_t text_place(struct facts_builder *builder, const char *text)
{
    return text && *text ? place_of(builder, text, strlen(text) + 1) : 0;
}

void facts_add(struct facts_builder *builder, const struct held_patent *patent)
{
    struct fact fact = {.patent_id = patent->patent_id,
                        .seq = patent->seq,
                        .sketch = patent->sketch,
                        .legal_status = text_place(builder, patent->legal_status),
                        .type = text_place(builder, patent->type),
                        .application_date = text_place(builder, patent->application_date)};
    if (*patent->owners)
        fact.owners = place_of(builder, patent->owners, owners_block_len(patent->owners));
    g_array_append_val(builder->items, fact);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    int64_t x = ((const struct fact *)a)->patent_id, y = ((const struct fact *)b)->patent_id;
    return (x > y) - (x < y);
}

static void drop_earlier(GArray *items)
{
    guint kept = 0;
    if (items->len == 0)
        return;
    struct fact *all = &g_array_index(items, struct fact, 0);
    for (guint i = 0; i < items->len; i++) {
        bool again = i + 1 < items->len && all[i].patent_id == all[i + 1].patent_id;
        if (!again)
            all[kept++] = all[i];
    }
    g_array_set_size(items, kept);
}

struct facts *facts_finish(struct facts_builder *builder)
{
    static const guint8 end[1] = {0};
    struct facts *facts = g_new0(struct facts, 1);
    g_byte_array_append(builder->pool, end, sizeof end); /* an empty list may end there */
    g_array_sort(builder->items, by_id);                 /* GLib's sort is stable */
    drop_earlier(builder->items);
    facts->count = builder->items->len;
    facts->pool_size = builder->pool->len;
    facts->items = (const struct fact *)(const void *)g_array_free(builder->items, FALSE);
    facts->pool = (const char *)g_byte_array_free(builder->pool, FALSE);
    free_scratch(builder);
    return facts;
}

void facts_free(struct facts *facts)
{
    if (!facts)
        return;
    if (facts->map)
        munmap(facts->map, facts->map_size);
    if (!facts->is_lent) {
        g_free((gpointer)(uintptr_t)facts->items);
        g_free((gpointer)(uintptr_t)facts->pool);
    }
    g_free(facts);
}

/* ---- Asking */

uint32_t facts_find(const struct facts *facts, int64_t patent_id)
{
    uint32_t low = 0, high = facts->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (facts->items[middle].patent_id < patent_id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < facts->count && facts->items[low].patent_id == patent_id;
    return found ? low : UINT32_MAX;
}

static const char *text_at(const struct facts *facts, uint32_t place)
{
    return place ? facts->pool + place : NULL;
}

struct held_patent facts_get(const struct facts *facts, uint32_t number)
{
    const struct fact *fact = &facts->items[number];
    return (struct held_patent){.patent_id = fact->patent_id,
                                .seq = fact->seq,
                                .owners = facts->pool + fact->owners,
                                .legal_status = text_at(facts, fact->legal_status),
                                .type = text_at(facts, fact->type),
                                .application_date = text_at(facts, fact->application_date),
                                .sketch = fact->sketch};
}

/* ---- As a file */

static size_t items_size(const struct header *header)
{
    return header->count * sizeof(struct fact);
}

static uint64_t digest_body(const void *items, size_t size, const char *pool, size_t pool_size)
{
    uint64_t first = XXH3_64bits(items, size);
    return XXH3_64bits_withSeed(pool, pool_size, first);
}

static uint64_t digest_header(const struct header *header)
{
    return XXH3_64bits(header, offsetof(struct header, digest));
}

bool facts_save(const struct facts *facts, const struct facts_mark *mark, const char *path,
                GError **error)
{
    struct header header;
    memset(&header, 0, sizeof header);
    memcpy(header.magic, magic, sizeof magic);
    header.version = VERSION;
    header.byte_order = BYTE_ORDER_MARK;
    header.mark = *mark;
    header.count = facts->count;
    header.pool_size = facts->pool_size;
    size_t size = items_size(&header);
    header.body = digest_body(facts->items, size, facts->pool, facts->pool_size);
    header.digest = digest_header(&header);
    struct beside file;
    if (!beside_open(&file, path, sizeof header + size + facts->pool_size, error))
        return false;
    bool done = beside_write(&file, &header, sizeof header, error) &&
                beside_write(&file, facts->items, size, error) &&
                beside_write(&file, facts->pool, facts->pool_size, error);
    return beside_close(&file, done, error) && done;
}

static const char *check_items(const struct facts *facts)
{
    for (uint32_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        uint32_t end = facts->pool_size - 1;
        if (i > 0 && facts->items[i - 1].patent_id >= fact->patent_id)
            return "ids that do not rise";
        if (fact->owners >= end || fact->legal_status >= end || fact->type >= end ||
            fact->application_date >= end)
            return "a place outside of its texts";
    }
    return NULL;
}

static const char *check_file(const struct facts *facts, const struct header *header)
{
    bool ends = facts->pool_size >= 3 && facts->pool[0] == 0 && facts->pool[1] == 0 &&
                facts->pool[facts->pool_size - 2] == 0 &&
                facts->pool[facts->pool_size - 1] == 0;
    if (!ends || header->body != digest_body(facts->items, items_size(header), facts->pool,
                                             facts->pool_size))
        return "torn: the contents are not what their checksum says";
    return check_items(facts);
}

static const char *check_header(const struct header *header, size_t size)
{
    if (memcmp(header->magic, magic, sizeof magic) != 0)
        return "no facts about patents";
    if (header->version != VERSION || header->byte_order != BYTE_ORDER_MARK)
        return "of another version or machine";
    if (header->digest != digest_header(header))
        return "the header is damaged";
    if (header->count > UINT32_MAX || header->pool_size > UINT32_MAX ||
        sizeof *header + items_size(header) + header->pool_size != size)
        return "truncated, or something was added";
    if (!memchr(header->mark.database, 0, sizeof header->mark.database) ||
        !memchr(header->mark.ledger, 0, sizeof header->mark.ledger))
        return "names without an end";
    return NULL;
}

static const char *view(const void *data, size_t size, struct facts *facts,
                        struct facts_mark *mark)
{
    struct header header;
    if (size < sizeof header)
        return "truncated: shorter than a header";
    memcpy(&header, data, sizeof header);
    const char *wrong = check_header(&header, size);
    if (wrong)
        return wrong;
    const uint8_t *body = (const uint8_t *)data + sizeof header;
    facts->items = (const struct fact *)(const void *)body;
    facts->count = (uint32_t)header.count;
    facts->pool = (const char *)body + items_size(&header);
    facts->pool_size = (uint32_t)header.pool_size;
    wrong = check_file(facts, &header);
    if (!wrong)
        *mark = header.mark;
    return wrong;
}

struct facts *facts_view(const void *data, size_t size, struct facts_mark *mark, GError **error)
{
    g_autoptr(facts_t) facts = g_new0(struct facts, 1);
    facts->is_lent = true;
    const char *wrong = view(data, size, facts, mark);
    if (!wrong)
        return g_steal_pointer(&facts);
    g_set_error_literal(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, wrong);
    return NULL;
}

bool facts_reseal(void *data, size_t size)
{
    struct header header;
    if (size < sizeof header)
        return false;
    memcpy(&header, data, sizeof header);
    size_t body = size - sizeof header;
    const uint8_t *items = (const uint8_t *)data + sizeof header;
    size_t first = header.count <= body / sizeof(struct fact) ? items_size(&header) : body;
    header.body = digest_body(items, first, (const char *)items + first, body - first);
    header.digest = digest_header(&header);
    memcpy(data, &header, sizeof header);
    return true;
}

static void *map_file(const char *path, size_t *size, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    void *data = end > 0 ? mmap(NULL, (size_t)end, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (end == 0)
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, "'%s' is empty", path);
    else if (data == MAP_FAILED)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not map file '%s': %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    *size = (size_t)MAX(end, 0);
    return data == MAP_FAILED ? NULL : data;
}

struct facts *facts_load(const char *path, struct facts_mark *mark, GError **error)
{
    size_t size;
    void *data = map_file(path, &size, error);
    struct facts *facts = data ? facts_view(data, size, mark, error) : NULL;
    if (facts) {
        facts->map = data;
        facts->map_size = size;
    } else if (data) {
        munmap(data, size);
        g_prefix_error(error, "'%s': ", path);
    }
    return facts;
}
