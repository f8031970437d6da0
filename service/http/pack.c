#include "service/http/pack.h"
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { LEVEL = 4, GZIP_WINDOW = 15 + 16, MEMORY = 8 };

static bool is_refused(const char *parameters)
{
    const char *q = strstr(parameters, "q=");
    return q && g_ascii_strtod(q + 2, NULL) <= 0;
}

/* "x-gzip" is an old name of gzip (RFC 9110, 8.4.1.3). */
static bool is_named(const char *name, size_t len, const char *coding)
{
    if (len > 2 && g_ascii_strncasecmp(name, "x-", 2) == 0 && g_str_equal(coding, "gzip")) {
        name += 2;
        len -= 2;
    }
    return len == strlen(coding) && g_ascii_strncasecmp(name, coding, len) == 0;
}

bool pack_is_taken(const char *accept_encoding, const char *coding)
{
    bool taken = false;
    g_auto(GStrv) codings = g_strsplit(accept_encoding ? accept_encoding : "", ",", 32);
    for (char **one = codings; *one; one++) {
        char *name = g_strstrip(*one);
        size_t len = strcspn(name, "; \t");
        if (is_named(name, len, coding))
            return !is_refused(name + len);
        if (len == 1 && *name == '*')
            taken = !is_refused(name + len);
    }
    return taken;
}

static GString *gzip(const GString *plain)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return NULL;
    gsize most = deflateBound(&stream, plain->len);
    GString *packed = g_string_sized_new(most);
    stream.next_in = (Bytef *)plain->str;
    stream.avail_in = (uInt)plain->len;
    stream.next_out = (Bytef *)packed->str;
    stream.avail_out = (uInt)most;
    bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    gsize len = stream.total_out;
    deflateEnd(&stream);
    if (!done) {
        g_string_free(packed, TRUE);
        return NULL;
    }
    packed->len = len;
    packed->str[len] = 0;
    return packed;
}

GString *pack_undo(const unsigned char *packed, size_t len, size_t size)
{
    z_stream stream = {.next_in = packed, .avail_in = (uInt)len};
    GString *plain = g_string_sized_new(size); /* one byte more is there for the NUL */
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return plain;
    stream.next_out = (Bytef *)plain->str;
    stream.avail_out = (uInt)size;
    inflate(&stream, Z_FINISH);
    plain->len = stream.total_out;
    plain->str[plain->len] = 0;
    inflateEnd(&stream);
    return plain;
}

void pack_answer(const struct request *request, struct answer *answer)
{
    if (!answer->may_pack || answer->coding || !answer->body ||
        answer->body->len < PACK_LEAST || answer->body->len > G_MAXINT32 ||
        !pack_is_taken(request->headers[HEADER_ACCEPT_ENCODING], "gzip"))
        return;
    GString *packed = gzip(answer->body);
    if (!packed)
        return;
    g_string_free(answer->body, TRUE);
    answer->body = packed;
    answer->coding = "gzip";
    if (answer->etag) {
        g_autofree char *plain = answer->etag;
        answer->etag = g_strdup_printf("%.*s-gzip\"", (int)strlen(plain) - 1, plain);
    }
}
