/* spool.h - texts by number, in the order in which they came: a workbook's shared strings. In memory up to SPOOL_MEMORY bytes,
 * beyond that in a nameless temporary file, of which some blocks are kept at hand: a workbook names its strings nearly in
 * the order in which its rows use them. Internal to the reader. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { SPOOL_MEMORY = 24 << 20 };

struct spool;

struct spool *spool_new(void);
void spool_free(struct spool *spool);
typedef struct spool spool_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(spool_t, spool_free)

/* LOADER_ERROR_OPEN when the temporary file can't be written. */
bool spool_add(struct spool *spool, const char *text, size_t len, GError **error);

size_t spool_count(const struct spool *spool);

/* Sets `out` to the text of this number. False: there is none (error unset), or the file can't be read. */
bool spool_get(struct spool *spool, size_t number, GString *out, GError **error);
