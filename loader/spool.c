#include "loader/spool.h"
#include "loader/reader.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, BLOCKS = 64 };

/* Bytes that only grow: in memory, or in a file with some blocks of it at hand. */
struct store {
    GByteArray *memory;   /* what is not in the file yet: all of it, or the end */
    int fd;               /* -1: all in memory */
    guint64 written;      /* bytes in the file */
    guint64 held[BLOCKS]; /* which block stands there, plus 1; 0: none */
    char *blocks;
};

struct spool {
    struct store texts;
    struct store ends; /* guint64: where each text ends */
    size_t count;
    guint64 end;
};

static void store_init(struct store *store)
{
    *store = (struct store){.memory = g_byte_array_new(), .fd = -1};
}

static void store_clear(struct store *store)
{
    g_byte_array_unref(store->memory);
    g_free(store->blocks);
    if (store->fd >= 0)
        close(store->fd);
}

static bool store_fail(GError **error)
{
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN,
                "could not keep texts in a temporary file: %s", g_strerror(errno));
    return false;
}

static bool store_open(struct store *store, GError **error)
{
    g_autofree char *path = NULL;
    store->fd = g_file_open_tmp("patbridge-texts-XXXXXX", &path, error);
    if (store->fd < 0)
        return false;
    g_unlink(path);
    store->blocks = g_malloc((gsize)BLOCK * BLOCKS);
    return true;
}

static bool store_flush(struct store *store, GError **error)
{
    if (store->fd < 0 && !store_open(store, error))
        return false;
    for (guint at = 0; at < store->memory->len;) {
        ssize_t put = write(store->fd, store->memory->data + at, store->memory->len - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return store_fail(error);
        at += (guint)put;
    }
    store->written += store->memory->len;
    g_byte_array_set_size(store->memory, 0);
    return true;
}

static bool store_add(struct store *store, const void *data, size_t len, GError **error)
{
    guint most = store->fd < 0 ? SPOOL_MEMORY / 2 : BLOCK * 4;
    if (store->memory->len > most && !store_flush(store, error))
        return false;
    g_byte_array_append(store->memory, data, (guint)len);
    return true;
}

/* The block of the file in which `at` lies. */
static const char *store_block(struct store *store, guint64 at, GError **error)
{
    guint64 number = at / BLOCK;
    char *place = store->blocks + (number % BLOCKS) * BLOCK;
    if (store->held[number % BLOCKS] == number + 1)
        return place;
    guint64 want = MIN((guint64)BLOCK, store->written - number * BLOCK);
    ssize_t got = pread(store->fd, place, want, (off_t)(number * BLOCK));
    store->held[number % BLOCKS] = 0;
    if (got != (ssize_t)want)
        return store_fail(error) ? place : NULL;
    if (want == BLOCK)
        store->held[number % BLOCKS] = number + 1; /* a block that is not full yet may grow */
    return place;
}

static bool store_get(struct store *store, guint64 at, size_t len, char *out, GError **error)
{
    while (len > 0) {
        size_t part;
        if (at >= store->written) {
            memcpy(out, store->memory->data + (at - store->written), len);
            return true;
        }
        const char *block = store_block(store, at, error);
        if (!block)
            return false;
        part = (size_t)MIN(MIN((guint64)len, BLOCK - at % BLOCK), store->written - at);
        memcpy(out, block + at % BLOCK, part);
        out += part;
        at += part;
        len -= part;
    }
    return true;
}

struct spool *spool_new(void)
{
    struct spool *spool = g_new0(struct spool, 1);
    store_init(&spool->texts);
    store_init(&spool->ends);
    return spool;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    store_clear(&spool->texts);
    store_clear(&spool->ends);
    g_free(spool);
}

size_t spool_count(const struct spool *spool)
{
    return spool->count;
}

bool spool_add(struct spool *spool, const char *text, size_t len, GError **error)
{
    if (!store_add(&spool->texts, text, len, error))
        return false;
    spool->end += len;
    spool->count++;
    return store_add(&spool->ends, &spool->end, sizeof spool->end, error);
}

bool spool_get(struct spool *spool, size_t number, GString *out, GError **error)
{
    guint64 begin = 0, end;
    if (number >= spool->count)
        return false;
    if (number > 0 && !store_get(&spool->ends, (number - 1) * sizeof begin, sizeof begin,
                                 (char *)&begin, error))
        return false;
    if (!store_get(&spool->ends, number * sizeof end, sizeof end, (char *)&end, error))
        return false;
    g_string_set_size(out, (gsize)(end - begin));
    return store_get(&spool->texts, begin, (size_t)(end - begin), out->str, error);
}
