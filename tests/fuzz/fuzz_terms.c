/* fuzz_terms.c - any bytes as text: spans lie inside it, in order, valid text gives the terms of its NFKC form, and the words
 * of the dictionary cover the same bytes as the pairs, in the order of the text. What a need names lies inside it, too, and a number that
 * is named is said by the text that names it. */
#include "matcher/aspects.h"
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
    static const char lines[] =
        "发泡 50\n鞋底 40\n鞋 100\n发 80\n泡 20\n底 30\n耐磨 60\n耐磨性 20\n";
    g_autoptr(match_dictionary) dictionary = dictionary_new(lines, strlen(lines), NULL);
    struct terms_reader *reader = terms_reader_new(dictionary);
    terms_read(reader, text, len, terms);
    terms_reader_free(reader);
    return terms;
}

static void check_spans(const GArray *terms, const char *text, size_t len)
{
    bool valid = g_utf8_validate_len(text, len, NULL);
    for (guint i = 0; i < terms->len; i++) {
        const struct term *t = &g_array_index(terms, struct term, i);
        expect(t->len > 0 && (size_t)t->start + t->len <= len);
        expect(!valid || g_utf8_validate_len(text + t->start, t->len, NULL));
    }
}

static void check_order(const GArray *terms, size_t len)
{
    g_autofree uint8_t *covered = g_new0(uint8_t, len + 1);
    size_t starts[TERM_KINDS] = {0}, word_end = 0;
    for (guint i = 0; i < terms->len; i++) {
        const struct term *t = &g_array_index(terms, struct term, i);
        expect(t->start >= starts[t->kind]);
        starts[t->kind] = t->start;
        /* One character of the text may be several when normalised (㍿ is 株式会社): words share its span then. */
        expect(t->kind == TERM_PAIR || t->start + (size_t)t->len >= word_end);
        if (t->kind == TERM_WORD)
            word_end = t->start + t->len;
        for (size_t at = t->start; at < t->start + t->len; at++)
            covered[at] |= (uint8_t)(1 << t->kind);
    }
    for (size_t at = 0; at < len; at++)
        expect((covered[at] & 2) == 0 || covered[at] == 3);
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

/* Each where it stands, whole characters, rising. */
static void check_aspects(const char *text)
{
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    size_t end = 0, len = strlen(text);
    bool valid = g_utf8_validate(text, -1, NULL);
    aspects_read(text, aspects);
    for (guint i = 0; i < aspects->len; i++) {
        const struct aspect *a = &g_array_index(aspects, struct aspect, i);
        expect(a->len > 0 && a->start >= end && (size_t)a->start + a->len <= len);
        expect(!valid || g_utf8_validate_len(text + a->start, a->len, NULL));
        end = (size_t)a->start + a->len;
        g_autofree char *named = g_strndup(text + a->start, a->len);
        expect(a->kind != ASPECT_NUMBER || aspect_number_is_said(named, named));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    g_autofree char *ended = g_strndup(text, size);
    check_aspects(ended);
    g_autoptr(GArray) terms = read_all(text, size);
    check_spans(terms, text, size);
    check_order(terms, size);
    check_folded(terms, text, size);
    return 0;
}
