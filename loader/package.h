/* package.h - the ZIP archive that a workbook is: entries are unpacked as they are read, never to a file.
 *
 * Refused, with the reason: an archive that is damaged, encrypted, or a bomb (an entry, or all that was read so far, grows
 * beyond PACKAGE_GROWTH times what it is packed, above PACKAGE_FREE bytes); an entry whose name leads out of the
 * archive; two entries of one name. Internal to the reader. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PACKAGE_GROWTH = 250, PACKAGE_FREE = 64 << 20 };

struct package;

/* Takes over the descriptor, also on failure; it must be a file that can be sought in. LOADER_ERROR_FORMAT. */
struct package *package_open(int fd, GError **error);
void package_close(struct package *package);
typedef struct package package_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(package_t, package_close)

bool package_has(struct package *package, const char *name);

/* An entry being unpacked. NULL when there is none of this name, or it is encrypted. */
struct part;
struct part *package_part(struct package *package, const char *name, GError **error);
/* How many bytes came; 0 at the end, -1 on failure. */
ssize_t part_read(struct part *part, char *to, size_t size, GError **error);
void part_close(struct part *part);
typedef struct part part_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(part_t, part_close)
