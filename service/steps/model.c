#include "service/steps/model.h"

#include <gio/gio.h>
#include <string.h>
#include <xxhash.h>

static const char magic[8] = {'P', 'A', 'T', 'B', 'M', 'O', 'D', 'L'};

struct header { /* as it stands in the file */
    char magic[8];
    uint32_t version, kind;
    uint64_t length, checksum;
};
G_STATIC_ASSERT(sizeof(struct header) == 32);

bool model_write(const char *path, enum model_kind kind, const GByteArray *bytes,
                 GError **error)
{
    struct header header = {.version = GUINT32_TO_LE((uint32_t)MODEL_VERSION),
                            .kind = GUINT32_TO_LE((uint32_t)kind),
                            .length = GUINT64_TO_LE((uint64_t)bytes->len),
                            .checksum = GUINT64_TO_LE(XXH3_64bits(bytes->data, bytes->len))};
    memcpy(header.magic, magic, sizeof magic);
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)&header, sizeof header);
    g_byte_array_append(file, bytes->data, bytes->len);
    return g_file_set_contents_full(
        path, (const char *)file->data, (gssize)file->len,
        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

static const char *what_is_wrong(const char *text, gsize len, enum model_kind kind)
{
    struct header header;
    if (len < sizeof header || memcmp(text, magic, sizeof magic) != 0)
        return "this is no model of patbridge";
    memcpy(&header, text, sizeof header);
    if (GUINT32_FROM_LE(header.version) != MODEL_VERSION)
        return "it is of another version; run `patbridge train` again";
    if (GUINT32_FROM_LE(header.kind) != (uint32_t)kind)
        return "it is a model of another kind";
    if (GUINT64_FROM_LE(header.length) != len - sizeof header)
        return "its length is not what its header says: it was cut off, or something was added";
    if (GUINT64_FROM_LE(header.checksum) !=
        XXH3_64bits(text + sizeof header, len - sizeof header))
        return "its checksum is wrong: it has changed since it was written";
    return NULL;
}

GBytes *model_read(const char *path, enum model_kind kind, GError **error)
{
    g_autofree char *text = NULL;
    gsize len;
    if (!g_file_get_contents(path, &text, &len, error))
        return NULL;
    const char *wrong = what_is_wrong(text, len, kind);
    if (wrong) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "could not use model '%s': %s",
                    path, wrong);
        return NULL;
    }
    return g_bytes_new(text + sizeof(struct header), len - sizeof(struct header));
}
