/* index_file.h - an index as a file, mapped read-only when it is opened again.
 *
 *   header      magic, version, byte order, sizes of what follows, the key, the weighing's digest, where each part begins
 *   parts       order, ids, lengths, terms, slots, rows, crests, bytes, heavy: as in memory, each from a multiple of 64 on
 *   checksums   XXH3-64 of each megabyte before them; the header has that of the checksums, and its own
 *
 * A file is never trusted. It is refused (MATCHER_ERROR_INPUT, the message says why) when it is torn or truncated, of another
 * version, machine, key or weighing; and even where all checksums fit, every number that is followed later is held against
 * its range first, lists number by number, so that no file makes a search read what it must not. What is refused is built
 * again: a file holds nothing that is not somewhere else too.
 *
 * `key` is whatever the caller knows its documents by: a digest, a sequence number. */
#pragma once
#include "matcher/index.h"

/* Writes beside the path, then renames: whoever opens the path finds the old file or the new one, whole. G_FILE_ERROR. */
bool index_save(const struct index *ix, uint64_t key, const char *path, GError **error);

/* G_FILE_ERROR, or MATCHER_ERROR_INPUT as above. The dictionary of the weighing must outlive the index. */
struct index *index_load(const char *path, uint64_t key, const struct weighing *weighing,
                         GError **error);

/* The same of bytes that lie in memory, at a multiple of 64; they stay the caller's and must outlive the index. */
struct index *index_view(const void *data, size_t size, uint64_t key,
                         const struct weighing *weighing, GError **error);

/* Puts the right checksums into an image of a file, whatever it says; false when it is too short to have any. For tests that
 * must get past them. */
bool index_reseal(void *data, size_t size);
