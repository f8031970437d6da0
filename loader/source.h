/* source.h - the file of a load as bytes: a copy of stdin, what makes two loads the same load. */
#pragma once
#include <glib.h>
#include <stdint.h>

/* stdin, read whole into a nameless file: facts are looked over twice, and a batch is known by its digest. The path, which the
 * caller unlinks and frees. */
char *source_spool_stdin(GError **error);

/* BLAKE2b of 32 bytes over the content, the mapping (may be NULL) and what else was said about the load (texts, NULL-ended), in
 * hex, and over SOURCE_READING:
 * several times as fast as SHA-256 in libsodium, and nothing is written before it is known. `lines` gets the number of line
 * feeds. The caller frees. */
char *source_digest(const char *path, const char *map_file, const char *const *said,
                    int64_t *lines, GError **error);

/* Raised whenever the same file would be read into other records than before: what was loaded earlier is then no word on a load
 * of today. */
#define SOURCE_READING "2"
