/* alike.h - how alike two texts of needs are: the Jaccard similarity of the sets of neighbouring pairs of letters and
 * digits of title and text, NFKC, in lower case; whatever is neither letter nor digit is left out first. A title that the
 * text repeats adds nothing. Pure. */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct alike_text {
    guint64 *pairs; /* sorted, each once; two code points in one number */
    gsize count;
};

/* Reads title (may be NULL) and text. alike_clear() frees it. */
void alike_read(const char *title, const char *text, struct alike_text *out);
void alike_clear(struct alike_text *text);

/* 0..1; 0 when either has no pair. Where it is certain to be below `least`, 0. */
double alike_jaccard(const struct alike_text *a, const struct alike_text *b, double least);
