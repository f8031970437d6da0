/* names.h - comparing names as written by different hands, and small work on UTF-8 texts. Pure. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* g_utf8_next_char, which casts const away under clang. */
static inline const char *text_next(const char *c)
{
    return c + g_utf8_skip[*(const unsigned char *)c];
}

/* Key under which two spellings of a name are one: NFKC, brackets unified, blanks and zero-width characters dropped,
 * case folded. Caller frees. */
char *name_fold(const char *name);

/* NFKC and trimmed (blanks of all kinds, zero-width characters, byte order mark). Caller frees. */
char *text_normal(const char *text);

/* Trimmed only: the text stays as written. Caller frees. */
char *text_trim(const char *text);
/* Whether that would change nothing. */
bool text_is_trimmed(const char *text, size_t len);

/* NFKC, without any blank, case folded: how spellings of enumerations are compared. text_squeeze: the same of a text
 * that is NFKC already. Caller frees. */
char *text_fold(const char *text);
char *text_squeeze(const char *text);

/* The first sentence or line of a text, at most so many characters: the title of a need that has none. Caller frees. */
char *text_title(const char *text, size_t characters);

/* At most `max` bytes of text, cut at a character. Caller frees. */
char *text_cut(const char *text, size_t max);
