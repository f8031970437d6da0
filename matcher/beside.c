#include "matcher/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

bool beside_fail(GError **error, const char *path, const char *what)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code),
                "could not %s file '%s': %s", what, path, g_strerror(code));
    return false;
}

bool beside_open(struct beside *beside, const char *path, size_t room, GError **error)
{
    beside->path = path;
    beside->fresh = g_strconcat(path, ".XXXXXX", NULL);
    beside->fd = g_mkstemp_full(beside->fresh, O_RDWR | O_CLOEXEC, 0600);
    if (beside->fd < 0) {
        beside_fail(error, beside->fresh, "create");
        g_free(beside->fresh);
        return false;
    }
    int code = room ? posix_fallocate(beside->fd, 0, (off_t)room) : 0;
    if (code == 0)
        return true;
    errno = code;
    beside_fail(error, beside->fresh, "make room for");
    beside_close(beside, false, NULL);
    return false;
}

bool beside_write(struct beside *beside, const void *data, size_t size, GError **error)
{
    const char *at = data;
    while (size > 0) {
        ssize_t count = write(beside->fd, at, MIN(size, (size_t)1 << 30));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return beside_fail(error, beside->fresh, "write");
        at += count;
        size -= (size_t)count;
    }
    return true;
}

/* The rename itself must last, too. */
static bool sync_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (!done)
        beside_fail(error, folder, "sync");
    if (fd >= 0)
        close(fd);
    return done;
}

bool beside_close(struct beside *beside, bool whole, GError **error)
{
    bool done = whole;
    if (done && fsync(beside->fd) != 0)
        done = beside_fail(error, beside->fresh, "write");
    close(beside->fd);
    if (done && g_rename(beside->fresh, beside->path) != 0)
        done = beside_fail(error, beside->path, "rename to");
    if (!done)
        g_unlink(beside->fresh);
    g_free(beside->fresh);
    return done ? sync_folder(beside->path, error) : !whole;
}
