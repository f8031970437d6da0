#include "loader/source.h"
#include "loader/reader.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

char *source_spool_stdin(GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("patbridge-stdin-XXXXXX", &path, error);
    if (fd < 0)
        return NULL;
    char buffer[1 << 16];
    ssize_t got;
    while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write(fd, buffer, (size_t)got) != got)
            break;
    bool failed = got != 0;
    if (failed)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN,
                    "could not keep a copy of stdin in '%s': %s", path, g_strerror(errno));
    close(fd);
    if (failed)
        g_unlink(path);
    return failed ? NULL : g_steal_pointer(&path);
}

static int64_t count_feeds(const char *text, size_t len)
{
    int64_t count = 0;
    const char *end = text + len;
    while ((text = memchr(text, '\n', (size_t)(end - text)))) {
        text++;
        count++;
    }
    return count;
}

static bool add_file(crypto_generichash_state *sum, const char *path, int64_t *lines,
                     GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    char buffer[1 << 16];
    ssize_t got = fd < 0 ? -1 : 0;
    while (fd >= 0 && (got = read(fd, buffer, sizeof buffer)) > 0) {
        crypto_generichash_update(sum, (const unsigned char *)buffer, (size_t)got);
        *lines += count_feeds(buffer, (size_t)got);
    }
    if (got < 0)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s",
                    path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return got == 0;
}

static void add_text(crypto_generichash_state *sum, const char *text)
{
    crypto_generichash_update(sum, (const unsigned char *)text, strlen(text));
}

char *source_digest(const char *path, const char *map_file, const char *const *said,
                    int64_t *lines, GError **error)
{
    crypto_generichash_state sum;
    unsigned char digest[crypto_generichash_BYTES];
    char hex[2 * sizeof digest + 1];
    int64_t unused = 0;
    if (sodium_init() < 0) { /* it chooses what is quick on this processor */
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "libsodium could not be started");
        return NULL;
    }
    crypto_generichash_init(&sum, NULL, 0, sizeof digest);
    add_text(&sum, SOURCE_READING);
    if (!add_file(&sum, path, lines, error) ||
        (map_file && !add_file(&sum, map_file, &unused, error)))
        return NULL;
    for (; *said; said++)
        add_text(&sum, *said);
    crypto_generichash_final(&sum, digest, sizeof digest);
    return g_strdup(sodium_bin2hex(hex, sizeof hex, digest, sizeof digest));
}
