/* model.h - trained models as files: a header that says what it is, of which version, how long and with which checksum, then the
 * model's own bytes. Written beside and renamed, so that a reader sees the old file or the new one, never half of one.
 *
 *     "PATBMODL"  version (4 bytes)  kind (4)  length of the rest (8)  XXH3-64 of the rest (8)     numbers little-endian
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum model_kind { MODEL_CLASSES = 1 };
enum {
    MODEL_VERSION = 2
}; /* 2: as index files of version 3 cut texts (matcher/index_file.c) */

bool model_write(const char *path, enum model_kind kind, const GByteArray *bytes,
                 GError **error);

/* The model's own bytes, to be freed by the caller. Refuses, with the file's name and the reason, what is no model, of another
 * version or kind, cut off, longer than it should be, or has changed. */
GBytes *model_read(const char *path, enum model_kind kind, GError **error);
