/* fuzz_terms.c - any bytes as text: spans lie inside it, in order, and valid text gives the terms of its NFKC form. */
#include "matcher/terms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static GArray *read_all(const char *text, size_t len)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    terms_read(text, len, terms);
    return terms;
}

static void check_spans(const GArray *terms, const char *text, size_t len)
{
    bool valid = g_utf8_validate_len(text, len, NULL);
    for (guint i = 0; i < terms->len; i++) {
        const struct term *t = &g_array_index(terms, struct term, i);
        expect(t->len > 0 && (size_t)t->start + t->len <= len);
        expect(i == 0 || t->start >= t[-1].start);
        expect(!valid || g_utf8_validate_len(text + t->start, t->len, NULL));
    }
}

static void check_folded(const GArray *terms, const char *text, size_t len)
{
    g_autofree char *folded = NULL;
    if (g_utf8_validate_len(text, len, NULL))
        folded = g_utf8_normalize(text, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
    if (!folded)
        return;
    g_autoptr(GArray) again = read_all(folded, strlen(folded));
    expect(again->len == terms->len);
    for (guint i = 0; i < terms->len; i++)
        expect(g_array_index(again, struct term, i).hash ==
               g_array_index(terms, struct term, i).hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    g_autoptr(GArray) terms = read_all(text, size);
    check_spans(terms, text, size);
    check_folded(terms, text, size);
    return 0;
}
