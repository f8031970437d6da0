#include "service/feed/partial.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

static char *note_path(const char *path)
{
    return g_strconcat(path, ".json", NULL);
}

static char *member(const json_t *note, const char *name)
{
    return g_strdup(json_string_value(json_object_get(note, name)));
}

static void clear_note(struct partial *part)
{
    g_clear_pointer(&part->url, g_free);
    g_clear_pointer(&part->etag, g_free);
    g_clear_pointer(&part->last_modified, g_free);
    g_clear_pointer(&part->encoding, g_free);
    part->strong = false;
    part->total = -1;
}

static void read_note(struct partial *part)
{
    g_autofree char *path = note_path(part->path);
    json_t *note = json_load_file(path, 0, NULL);
    clear_note(part);
    part->url = member(note, "url");
    part->etag = member(note, "etag");
    part->last_modified = member(note, "last_modified");
    part->encoding = member(note, "encoding");
    part->strong = json_is_true(json_object_get(note, "strong"));
    const json_t *total = json_object_get(note, "total");
    part->total = total ? json_integer_value(total) : -1;
    json_decref(note);
}

bool partial_open(struct partial *part, const char *path, const char *url)
{
    struct stat about;
    *part = (struct partial){.path = g_strdup(path), .total = -1};
    part->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (part->fd < 0 || fstat(part->fd, &about) != 0)
        return false;
    read_note(part);
    part->len = about.st_size;
    if (g_strcmp0(part->url, url) == 0 && partial_state(part) &&
        (part->total < 0 || part->len <= part->total))
        return lseek(part->fd, 0, SEEK_END) >= 0;
    return partial_empty(part);
}

bool partial_empty(struct partial *part)
{
    clear_note(part);
    part->len = 0;
    return ftruncate(part->fd, 0) == 0 && lseek(part->fd, 0, SEEK_SET) == 0;
}

bool partial_note(const struct partial *part)
{
    g_autofree char *path = note_path(part->path);
    json_t *note =
        json_pack("{s:s?, s:s?, s:s?, s:s?, s:b, s:I}", "url", part->url, "etag", part->etag,
                  "last_modified", part->last_modified, "encoding", part->encoding, "strong",
                  (int)part->strong, "total", (json_int_t)part->total);
    bool written = note && json_dump_file(note, path, JSON_COMPACT) == 0;
    json_decref(note);
    return written;
}

bool partial_append(struct partial *part, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(part->fd, data, len);
        if (written < 0 && errno != EINTR)
            return false;
        if (written < 0)
            continue;
        data += written;
        len -= (size_t)written;
        part->len += written;
    }
    return true;
}

void partial_close(struct partial *part)
{
    if (part->fd >= 0)
        close(part->fd);
    part->fd = -1;
    clear_note(part);
    g_clear_pointer(&part->path, g_free);
}

void partial_forget(const char *path)
{
    g_autofree char *note = note_path(path);
    g_unlink(note);
}

const char *partial_state(const struct partial *part)
{
    if (!part->strong || part->len == 0)
        return NULL;
    return part->etag ? part->etag : part->last_modified;
}
