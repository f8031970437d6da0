#include "service/track/paper.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

char *paper_path(const char *folder, const char *sha256)
{
    char first[3] = {sha256[0], sha256[1], '\0'};
    return g_build_filename(folder, first, sha256, NULL);
}

static bool failed(const char *what, const char *file, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "could not %s '%s': %s", what, file, g_strerror(errno));
    return false;
}

/* Reads all of `in`, copies it to `out` (NULL: nowhere), and answers its digest; NULL when it can't be read or written. */
static char *digest_of(FILE *in, FILE *out, int64_t *size)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar piece[PIECE];
    size_t len;
    *size = 0;
    while ((len = fread(piece, 1, sizeof piece, in)) > 0) {
        g_checksum_update(sum, piece, (gssize)len);
        *size += (int64_t)len;
        if (out && fwrite(piece, 1, len, out) != len)
            return NULL;
    }
    return ferror(in) ? NULL : g_strdup(g_checksum_get_string(sum));
}

/* The finished copy takes its name; one that is there already is whole. */
static bool take_name(const char *folder, const char *fresh, const char *sha256, GError **error)
{
    g_autofree char *path = paper_path(folder, sha256);
    g_autofree char *place = g_path_get_dirname(path);
    if (g_mkdir_with_parents(place, 0750) != 0)
        return failed("make the folder", place, error);
    if (g_rename(fresh, path) != 0)
        return failed("keep", path, error);
    return true;
}

static bool copy(const char *folder, const char *file, FILE *in, char **sha256, int64_t *size,
                 GError **error)
{
    g_autofree char *fresh = g_build_filename(folder, ".new.XXXXXX", NULL);
    int fd = g_mkstemp_full(fresh, O_WRONLY | O_CLOEXEC, 0440);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out)
        return failed("write in", folder, error);
    g_autofree char *digest = digest_of(in, out, size);
    bool written = digest && fflush(out) == 0 && fsync(fd) == 0;
    if (!written)
        failed("copy", file, error);
    fclose(out);
    if (written && take_name(folder, fresh, digest, error)) {
        *sha256 = g_steal_pointer(&digest);
        return true;
    }
    g_unlink(fresh);
    return false;
}

bool paper_keep(const char *folder, const char *file, char **sha256, int64_t *size,
                GError **error)
{
    if (g_mkdir_with_parents(folder, 0750) != 0)
        return failed("make the folder", folder, error);
    FILE *in = g_fopen(file, "r");
    if (!in)
        return failed("open", file, error);
    bool kept = copy(folder, file, in, sha256, size, error);
    fclose(in);
    return kept;
}

const char *paper_trouble(const char *folder, const char *sha256)
{
    g_autofree char *path = paper_path(folder, sha256);
    FILE *in = g_fopen(path, "r");
    int64_t size;
    if (!in)
        return "missing";
    g_autofree char *digest = digest_of(in, NULL, &size);
    fclose(in);
    return g_strcmp0(digest, sha256) == 0 ? NULL : "altered";
}
