/* charset.h - which encoding a file has, and its cells as UTF-8. Internal to the reader.
 *
 * Decided from a sample: valid UTF-8, or UTF-8 with a few torn places (ten good characters for each bad byte), is UTF-8;
 * else GB18030 by the same measure, unless uchardet is sure of Big5; what is neither is refused with uchardet's name
 * for it. A sample that is all ASCII leaves the question open until the first cell that is not. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct charset;

/* NULL: the sample is in no encoding that can be read; the error names what it seems to be. */
struct charset *charset_guess(const char *sample, size_t len, GError **error);

/* One that the user named. LOADER_ERROR_FORMAT when there is none of this name. */
struct charset *charset_named(const char *name, GError **error);

/* An encoding known beforehand: "UTF-8". */
struct charset *charset_new(const char *name);
void charset_free(struct charset *charset);

const char *charset_name(const struct charset *charset);

/* The text as UTF-8; NULL when it has bytes that are none: *wrong is where the first of them stands. Caller frees. */
char *charset_convert(struct charset *charset, const char *text, size_t len, size_t *wrong);
