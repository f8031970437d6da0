#include "service/common/keyfile.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(patbridge - keyfile - error, keyfile_error)

static bool key_failed(const char *file, const char *why, GError **error)
{
    g_set_error(error, KEYFILE_ERROR, 0, "could not use the key file '%s': %s", file, why);
    return false;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, text, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        text += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

/* A complete key under a name of its own, which then takes the file's name unless somebody was faster. */
static bool make_key(const char *file, GError **error)
{
    unsigned char bytes[KEYFILE_BYTES];
    char text[2 * KEYFILE_BYTES + 2];
    g_autofree char *folder = g_path_get_dirname(file);
    g_autofree char *fresh = g_strdup_printf("%s.XXXXXX", file);
    if (g_mkdir_with_parents(folder, 0755) != 0)
        return key_failed(file, g_strerror(errno), error);
    int fd = g_mkstemp_full(fresh, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return key_failed(file, g_strerror(errno), error);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text - 1, bytes, sizeof bytes);
    text[sizeof text - 2] = '\n';
    bool done = write_all(fd, text, sizeof text - 1) && fsync(fd) == 0;
    done = close(fd) == 0 && done;
    done = done && (link(fresh, file) == 0 || errno == EEXIST);
    int why = errno;
    unlink(fresh);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(text, sizeof text);
    return done || key_failed(file, g_strerror(why), error);
}

static bool read_key(const char *file, unsigned char out[KEYFILE_BYTES], GError **error)
{
    char text[2 * KEYFILE_BYTES];
    struct stat about;
    size_t len = 0;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return key_failed(file, g_strerror(errno), error);
    bool readable =
        fstat(fd, &about) == 0 && read(fd, text, sizeof text) == (ssize_t)sizeof text;
    close(fd);
    if (readable && about.st_mode & (S_IRWXG | S_IRWXO))
        return key_failed(file, "others may read it; chmod 600 it", error);
    bool whole = readable &&
                 sodium_hex2bin(out, KEYFILE_BYTES, text, sizeof text, NULL, &len, NULL) == 0 &&
                 len == KEYFILE_BYTES;
    sodium_memzero(text, sizeof text);
    return whole || key_failed(file, "it does not hold 64 hexadecimal digits", error);
}

bool keyfile_load(const char *file, unsigned char out[KEYFILE_BYTES], GError **error)
{
    if (sodium_init() < 0)
        return key_failed(file, "libsodium does not start", error);
    if (!g_file_test(file, G_FILE_TEST_EXISTS) && !make_key(file, error))
        return false;
    return read_key(file, out, error);
}
