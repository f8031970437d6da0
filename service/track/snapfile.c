#include "service/track/snapshot.h"
#include "sql/snapshot.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool write_lines(int64_t n, char *lines, size_t len, void *user, GError **error)
{
    (void)n;
    (void)error;
    fwrite(lines, 1, len, user); /* what goes wrong is seen at the end */
    return true;
}

static json_t *find_snapshot(struct db *db, int64_t number, GError **error)
{
    json_auto_t *all = snapshot_list(db, error);
    if (!all)
        return NULL;
    size_t count = json_array_size(all);
    for (size_t i = count; i > 0; i--) {
        json_t *one = json_array_get(all, i - 1);
        if (!number || g_ascii_strtoll(text_of(one, "number"), NULL, 10) == number)
            return json_incref(one);
    }
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                number ? "there is no snapshot %" G_GINT64_FORMAT : "there is no snapshot yet",
                number);
    return NULL;
}

/* The time-stamps that it has by now: what they are of stands above them. */
static bool write_stamps(struct db *db, const char *number, FILE *out, GError **error)
{
    json_auto_t *stamps = snapshot_stamps(db, error);
    for (size_t i = 0; i < json_array_size(stamps); i++) {
        const json_t *stamp = json_array_get(stamps, i);
        if (g_str_equal(text_of(stamp, "number"), number))
            fprintf(out, "stamp %s %s\n", text_of(stamp, "authority"),
                    text_of(stamp, "answer"));
    }
    return stamps != NULL;
}

static bool fail_file(const char *path, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "could not write '%s': %s", path, g_strerror(errno));
    return false;
}

/* What stands behind the lines. */
static bool write_end(struct db *db, const json_t *snapshot, const char *path, FILE *out,
                      GError **error)
{
    fprintf(out, "signature %s %s\n", text_of(snapshot, "public_key"),
            text_of(snapshot, "signature"));
    if (!write_stamps(db, text_of(snapshot, "number"), out, error))
        return false;
    bool is_written = fflush(out) == 0 && !ferror(out);
    if (is_written && fsync(fileno(out)) != 0)
        is_written = errno == EINVAL || errno == EROFS; /* a pipe, a terminal */
    return is_written || fail_file(path, error);
}

bool snapshot_export(struct db *db, int64_t number, const char *path, GError **error)
{
    json_auto_t *snapshot =
        db_begin(db, DB_READONLY, 0, error) ? find_snapshot(db, number, error) : NULL;
    FILE *out = snapshot ? g_fopen(path, "w") : NULL;
    if (snapshot && !out)
        fail_file(path, error);
    bool done = out &&
                snapshot_each_lines(db, text_of(snapshot, "number"), write_lines, out, error) &&
                write_end(db, snapshot, path, out, error);
    if (out)
        fclose(out);
    db_rollback(db); /* it only read */
    return done;
}

/* ---- While it is taken */

/* A link, a device or a pipe stays what it is, and gets the lines as they come. */
static bool is_put_in_place(const char *path)
{
    return !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
           (g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
            !g_file_test(path, G_FILE_TEST_EXISTS));
}

FILE *snapshot_file_begin(struct snapshot_file *file, const char *path, GError **error)
{
    file->path = g_strdup(path);
    file->part = is_put_in_place(path) ? g_strconcat(path, ".part", NULL) : NULL;
    file->out = g_fopen(file->part ? file->part : path, "w");
    if (!file->out)
        fail_file(file->part ? file->part : path, error);
    return file->out;
}

bool snapshot_file_end(struct snapshot_file *file, struct db *db, int64_t number,
                       GError **error)
{
    json_auto_t *snapshot =
        db_begin(db, DB_READONLY, 0, error) ? find_snapshot(db, number, error) : NULL;
    bool done = snapshot && write_end(db, snapshot, file->path, file->out, error);
    db_rollback(db); /* it only read */
    if (done && file->part && g_rename(file->part, file->path) != 0)
        done = fail_file(file->path, error);
    if (done)
        g_clear_pointer(&file->part, g_free);
    return done;
}

void snapshot_file_clear(struct snapshot_file *file)
{
    if (file->out)
        fclose(file->out);
    if (file->out && file->part)
        g_unlink(file->part);
    g_free(file->part);
    g_free(file->path);
}
