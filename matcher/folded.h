/* folded.h - a text in the one spelling that lists of words are written in: half-width, simplified characters, "mm" for ㎜ and "m2" for
 * m², as the terms of the index are (terms.h). Letters keep their case, for units differ by it.
 *
 *     ＥＶＡ發泡３８％       text  "EVA发泡38%"
 *                            from  0 3 6 9 . . 12 …    where each byte's character begins in the text as written
 *
 * Pure. */
#pragma once
#include <glib.h>
#include <stdint.h>

struct folded {
    char *text;
    uint32_t *
        from; /* of each byte of text, and of its end; of bytes within a character, where that begins */
};

/* Bytes that are not UTF-8 stay as they are. */
struct folded *folded_new(const char *text);
void folded_free(struct folded *folded);

typedef struct folded match_folded;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_folded, folded_free)
