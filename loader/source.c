#include "loader/source.h"
#include "loader/reader.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
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

static bool add_file(GChecksum *sum, const char *path, int64_t *lines, GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    char buffer[1 << 16];
    ssize_t got = fd < 0 ? -1 : 0;
    while (fd >= 0 && (got = read(fd, buffer, sizeof buffer)) > 0) {
        g_checksum_update(sum, (const guchar *)buffer, got);
        for (ssize_t i = 0; i < got; i++)
            *lines += buffer[i] == '\n';
    }
    if (got < 0)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s",
                    path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return got == 0;
}

char *source_digest(const char *path, const char *map_file, const char *held_since,
                    int64_t *lines, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    int64_t unused = 0;
    g_checksum_update(sum, (const guchar *)SOURCE_READING, -1);
    if (!add_file(sum, path, lines, error) ||
        (map_file && !add_file(sum, map_file, &unused, error)))
        return NULL;
    if (held_since)
        g_checksum_update(sum, (const guchar *)held_since, -1);
    return g_strdup(g_checksum_get_string(sum));
}
