#include "service/feed/unpack.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

G_DEFINE_QUARK(patbridge - unpack - error, unpack_error)

enum packing { PLAIN, GZIP, ZSTD };
enum { PIECE = 128 * 1024, WINDOW_LOG_MOST = 27, LAYERS_MOST = 2 };

static bool fail(GError **error, enum unpack_error code, const char *why)
{
    g_set_error_literal(error, UNPACK_ERROR, (int)code, why);
    return false;
}

static bool close_out(FILE *out, bool done, GError **error)
{
    bool closed = fclose(out) == 0;
    return done && (closed || fail(error, UNPACK_ERROR_DISK, g_strerror(errno)));
}

static bool put(FILE *out, const char *data, size_t len, int64_t *left, GError **error)
{
    if ((int64_t)len > *left)
        return fail(error, UNPACK_ERROR_LARGE, "it is longer than allowed");
    *left -= (int64_t)len;
    return fwrite(data, 1, len, out) == len ||
           fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
}

/* zlib looks after the check sum of each member; what ends in the middle of one is told by gzclose_r(). */
static bool unpack_gzip(const char *in, FILE *out, int64_t most, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    gzFile file = gzopen(in, "rbe");
    int got = 0;
    if (!file)
        return fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    bool good = true;
    while (good && (got = gzread(file, piece, PIECE)) > 0)
        good = put(out, piece, (size_t)got, &most, error);
    bool whole = gzclose_r(file) == Z_OK && got >= 0;
    return good && (whole || fail(error, UNPACK_ERROR_BROKEN, "broken gzip"));
}

static bool feed_zstd(ZSTD_DStream *stream, ZSTD_inBuffer *in, FILE *out, int64_t *left,
                      size_t *hint, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    bool more = true;
    while (more) {
        ZSTD_outBuffer to = {piece, PIECE, 0};
        *hint = ZSTD_decompressStream(stream, &to, in);
        if (ZSTD_isError(*hint))
            return fail(error, UNPACK_ERROR_BROKEN, ZSTD_getErrorName(*hint));
        if (!put(out, piece, to.pos, left, error))
            return false;
        more = in->pos < in->size || to.pos == PIECE;
    }
    return true;
}

static bool unpack_zstd(const char *in, FILE *out, int64_t most, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    FILE *file = fopen(in, "rbe");
    ZSTD_DStream *stream = ZSTD_createDStream();
    size_t got, hint = 1; /* 0 at the end of a frame */
    bool good = file && stream;
    if (!good)
        fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    else
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_LOG_MOST);
    while (good && (got = fread(piece, 1, PIECE, file)) > 0) {
        ZSTD_inBuffer from = {piece, got, 0};
        good = feed_zstd(stream, &from, out, &most, &hint, error);
    }
    if (good && hint != 0)
        good = fail(error, UNPACK_ERROR_BROKEN, "zstd that ends too early");
    ZSTD_freeDStream(stream);
    if (file)
        fclose(file);
    return good;
}

static bool read_start(const char *path, unsigned char start[4], size_t *len, GError **error)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    *len = fread(start, 1, 4, file);
    fclose(file);
    return true;
}

static bool packing_of(const char *path, enum packing *out, GError **error)
{
    static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    unsigned char start[4];
    size_t len;
    if (!read_start(path, start, &len, error))
        return false;
    *out = len >= 2 && memcmp(start, gzip, 2) == 0   ? GZIP
           : len == 4 && memcmp(start, zstd, 4) == 0 ? ZSTD
                                                     : PLAIN;
    return true;
}

/* What is said to be packed must be: gzopen() would let anything else through as it is. */
static bool is_as_said(const char *encoding, enum packing packing, GError **error)
{
    if (!encoding || !*encoding || g_ascii_strcasecmp(encoding, "identity") == 0)
        return true;
    if (g_ascii_strcasecmp(encoding, "gzip") == 0 ||
        g_ascii_strcasecmp(encoding, "x-gzip") == 0)
        return packing == GZIP || fail(error, UNPACK_ERROR_BROKEN, "it is no gzip");
    if (g_ascii_strcasecmp(encoding, "zstd") == 0)
        return packing == ZSTD || fail(error, UNPACK_ERROR_BROKEN, "it is no zstd");
    return fail(error, UNPACK_ERROR_BROKEN, "packed in a way that was not asked for");
}

static bool unpack_layer(const char *in, enum packing packing, const char *out, int64_t most,
                         GError **error)
{
    FILE *file = fopen(out, "wbe");
    if (!file)
        return fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    bool done = packing == GZIP ? unpack_gzip(in, file, most, error)
                                : unpack_zstd(in, file, most, error);
    return close_out(file, done, error);
}

static bool unpack_layers(const char *in, const char *encoding, int64_t most, GError **error)
{
    g_autofree char *layer = g_strconcat(in, ".unpacked", NULL);
    enum packing packing;
    for (int i = 0; i < LAYERS_MOST; i++) {
        if (!packing_of(in, &packing, error) ||
            (i == 0 && !is_as_said(encoding, packing, error)))
            return false;
        if (packing == PLAIN)
            return true;
        if (!unpack_layer(in, packing, layer, most, error)) {
            g_unlink(layer);
            return false;
        }
        if (g_rename(layer, in) != 0)
            return fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    }
    return true;
}

bool unpack_file(const char *in, const char *encoding, const char *out, int64_t most,
                 GError **error)
{
    bool done = unpack_layers(in, encoding, most, error);
    if (done && g_rename(in, out) != 0)
        done = fail(error, UNPACK_ERROR_DISK, g_strerror(errno));
    if (!done)
        g_unlink(in);
    return done;
}
