#include "loader/bytes.h"
#include "loader/reader.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 128 * 1024 };

struct bytes {
    int fd;
    bool ended;   /* nothing more comes from the descriptor */
    bool begun;   /* the mark has been looked for */
    bool cr;      /* lines end with CR */
    bool assumed; /* the encoding was given */
    bool big_endian;
    const char *marked;
    char *buffer; /* [start, end) holds text that was read but not taken */
    size_t start, end, size;
    unsigned char odd[4]; /* UTF-16: bytes of a character whose rest has not come yet */
    size_t odd_len;
};

struct bytes *bytes_new(int fd)
{
    struct bytes *bytes = g_new0(struct bytes, 1);
    bytes->fd = fd;
    return bytes;
}

void bytes_free(struct bytes *bytes)
{
    if (!bytes)
        return;
    if (bytes->fd >= 0)
        close(bytes->fd);
    g_free(bytes->buffer);
    g_free(bytes);
}

const char *bytes_marked(const struct bytes *bytes)
{
    return bytes->marked;
}

void bytes_lines_end_with_cr(struct bytes *bytes)
{
    bytes->cr = true;
    for (size_t i = bytes->start; i < bytes->end; i++)
        if (bytes->buffer[i] == '\r')
            bytes->buffer[i] = '\n';
}

/* Room for `more` bytes behind end. */
static void make_room(struct bytes *bytes, size_t more)
{
    if (bytes->size - bytes->end >= more)
        return;
    size_t held = bytes->end - bytes->start;
    if (held > 0 && bytes->start > 0)
        memmove(bytes->buffer, bytes->buffer + bytes->start, held);
    bytes->start = 0;
    bytes->end = held;
    if (bytes->size - held >= more)
        return;
    bytes->size = (held + more) * 2;
    bytes->buffer = g_realloc(bytes->buffer, bytes->size);
}

static void append_bytes(struct bytes *bytes, const char *text, size_t len)
{
    if (len == 0)
        return;
    make_room(bytes, len);
    g_assert(bytes->buffer);
    memcpy(bytes->buffer + bytes->end, text, len);
    if (bytes->cr)
        for (char *c = bytes->buffer + bytes->end; c < bytes->buffer + bytes->end + len; c++)
            *c = *c == '\r' ? '\n' : *c;
    bytes->end += len;
}

static gunichar unit_at(const struct bytes *bytes, const unsigned char *at)
{
    return bytes->big_endian ? (gunichar)(at[0] << 8 | at[1]) : (gunichar)(at[1] << 8 | at[0]);
}

/* One UTF-16 character from `at`: how many bytes it took, 0 when more are needed. 0xFFFFFFFF: half a pair. */
static size_t take_character(const struct bytes *bytes, const unsigned char *at, size_t len,
                             gunichar *out)
{
    if (len < 2)
        return 0;
    *out = unit_at(bytes, at);
    if (*out < 0xd800 || *out > 0xdfff)
        return 2;
    if (len < 4 && *out < 0xdc00)
        return 0;
    gunichar low = len >= 4 ? unit_at(bytes, at + 2) : 0;
    bool pair = *out < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
    *out = pair ? 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00) : 0xffffffff;
    return pair ? 4 : 2;
}

/* Decodes UTF-16 behind the odd bytes left over from the last chunk. */
static void append_utf16(struct bytes *bytes, const unsigned char *text, size_t len)
{
    g_autofree unsigned char *all = g_malloc(bytes->odd_len + len + 1);
    memcpy(all, bytes->odd, bytes->odd_len);
    memcpy(all + bytes->odd_len, text, len);
    len += bytes->odd_len;
    size_t at = 0, taken;
    gunichar c;
    char utf8[6];
    while ((taken = take_character(bytes, all + at, len - at, &c)) > 0) {
        if (c == 0xffffffff)
            append_bytes(bytes, "\xff", 1);
        else
            append_bytes(bytes, utf8, (size_t)g_unichar_to_utf8(c, utf8));
        at += taken;
    }
    bytes->odd_len = len - at;
    memcpy(bytes->odd, all + at, bytes->odd_len);
}

/* UTF-16 without a mark: letters, digits, separators and line ends of ASCII leave a zero in every second byte. */
static void guess_utf16(struct bytes *bytes, const unsigned char *text, size_t len)
{
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < len; i++)
        zeros[i % 2] += text[i] == 0;
    size_t all = zeros[0] + zeros[1];
    if (len < 8 || all < 4 || all < len / 40 || MIN(zeros[0], zeros[1]) > all / 4)
        return;
    bytes->big_endian = zeros[0] > zeros[1];
    bytes->marked = bytes->big_endian ? "UTF-16BE" : "UTF-16LE";
}

void bytes_assume(struct bytes *bytes, const char *encoding)
{
    bytes->assumed = true;
    if (g_ascii_strcasecmp(encoding, "UTF-16LE") == 0)
        bytes->marked = "UTF-16LE";
    if (g_ascii_strcasecmp(encoding, "UTF-16BE") == 0)
        bytes->marked = "UTF-16BE";
    bytes->big_endian = bytes->marked && bytes->marked[6] == 'B';
}

/* Looks for a byte order mark at the beginning of the first chunk; gives how many bytes it takes. */
static size_t take_mark(struct bytes *bytes, const unsigned char *text, size_t len)
{
    bytes->begun = true;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        bytes->marked = "UTF-8";
        return 3;
    }
    bool two =
        len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
    if (!two && !bytes->assumed && memcmp(text, "PK", MIN(len, 2)) != 0)
        guess_utf16(bytes, text, len);
    if (!two)
        return 0;
    bytes->big_endian = text[0] == 0xfe;
    bytes->marked = bytes->big_endian ? "UTF-16BE" : "UTF-16LE";
    return 2;
}

/* Reads until `size` bytes are there or the file ends. Pipes give less than is asked for. */
static ssize_t read_full(int fd, char *to, size_t size)
{
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, to + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static bool fill(struct bytes *bytes, GError **error)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    ssize_t got = read_full(bytes->fd, chunk, CHUNK);
    if (got < 0) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "%s", g_strerror(errno));
        return false;
    }
    const char *text = chunk;
    size_t len = (size_t)got;
    size_t mark = bytes->begun ? 0 : take_mark(bytes, (const unsigned char *)chunk, len);
    bytes->ended = len < CHUNK;
    if (bytes->marked && bytes->marked[4] == '1')
        append_utf16(bytes, (const unsigned char *)text + mark, len - mark);
    else
        append_bytes(bytes, text + mark, len - mark);
    if (bytes->ended && bytes->odd_len > 0)
        append_bytes(bytes, "\xff", 1);
    return true;
}

const char *bytes_peek(struct bytes *bytes, size_t size, size_t *len, GError **error)
{
    while (bytes->end - bytes->start < size && !bytes->ended)
        if (!fill(bytes, error))
            return NULL;
    *len = MIN(size, bytes->end - bytes->start);
    return bytes->buffer ? bytes->buffer + bytes->start : "";
}

void bytes_skip(struct bytes *bytes, size_t len)
{
    bytes->start += MIN(len, bytes->end - bytes->start);
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text += put;
        len -= (size_t)put;
    }
    return true;
}

/* Copies what was read and what is still to come. */
static int copy_rest(struct bytes *bytes, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("patbridge-file-XXXXXX", &path, error);
    if (fd < 0)
        return -1;
    g_unlink(path);
    bool ok = write_all(fd, bytes->buffer + bytes->start, bytes->end - bytes->start);
    g_autofree char *chunk = g_malloc(CHUNK);
    ssize_t got = 0;
    while (ok && !bytes->ended && (got = read_full(bytes->fd, chunk, CHUNK)) > 0)
        ok = write_all(fd, chunk, (size_t)got);
    if (ok && got >= 0 && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN,
                "could not copy it to a temporary file: %s", g_strerror(errno));
    close(fd);
    return -1;
}

int bytes_release(struct bytes *bytes, GError **error)
{
    int fd = bytes->fd;
    if (lseek(fd, 0, SEEK_SET) == 0)
        bytes->fd = -1;
    else
        fd = copy_rest(bytes, error);
    bytes->start = bytes->end;
    bytes->ended = true;
    return fd;
}

void bytes_put_back(struct bytes *bytes, const char *text, size_t len)
{
    if (bytes->start < len) {
        size_t held = bytes->end - bytes->start, size = len + held + CHUNK;
        char *buffer = g_malloc(size);
        if (held > 0)
            memcpy(buffer + len, bytes->buffer + bytes->start, held);
        g_free(bytes->buffer);
        bytes->buffer = buffer;
        bytes->size = size;
        bytes->start = len;
        bytes->end = len + held;
    }
    bytes->start -= len;
    memcpy(bytes->buffer + bytes->start, text, len);
}

enum bytes_line bytes_take_line(struct bytes *bytes, GString *out, size_t max, GError **error)
{
    size_t taken = 0;
    for (;;) {
        const char *from = bytes->buffer ? bytes->buffer + bytes->start : "";
        size_t held = bytes->end - bytes->start;
        const char *feed = held > 0 ? memchr(from, '\n', held) : NULL;
        size_t len = feed ? (size_t)(feed - from) + 1 : held;
        g_string_append_len(out, from, (gssize)(taken < max ? MIN(len, max - taken) : 0));
        bytes->start += len;
        taken += len;
        if (feed || bytes->ended)
            break;
        if (!fill(bytes, error))
            return BYTES_FAILED;
    }
    if (taken > max)
        return BYTES_TOO_LONG;
    return taken > 0 ? BYTES_LINE : BYTES_END;
}
