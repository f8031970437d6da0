#include "matcher/terms.h"

#include <criterion/criterion.h>
#include <string.h>

static GArray *terms_of(const char *text, size_t len)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    terms_read(text, len, terms);
    return terms;
}

/* The terms as they stand in the text, with bars between. */
static char *spell(const char *text, size_t len)
{
    g_autoptr(GArray) terms = terms_of(text, len);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < terms->len; i++) {
        const struct term *term = &g_array_index(terms, struct term, i);
        cr_assert(term->len > 0 && term->start + (size_t)term->len <= len,
                  "span outside of '%s'", text);
        g_string_append_printf(out, "%s%.*s", i ? "|" : "", (int)term->len, text + term->start);
    }
    return g_string_free(out, FALSE);
}

Test(terms, text_falls_into_words_and_pairs)
{
    static const struct {
        const char *text, *terms;
    } rows[] = {
        {"", ""},
        {" ，。！", ""},
        {"发泡鞋底", "发泡|泡鞋|鞋底"},
        {"鞋", "鞋"},
        {"鞋、底", "鞋|底"},
        {"EVA发泡", "EVA|发泡"},
        {"PU-201a 材料", "PU|201a|材料"},
        {"5G通信", "5G|通信"},
        {"厚度3.5mm", "厚度|3|5mm"},
        {"ＥＶＡ，１２％", "ＥＶＡ|１２"},
        {"α粒子", "α|粒子"},
        {"12℃", "12|℃"},
        {"鞋😀底", "鞋|底"},
        {"ｶﾞﾗｽ", "ｶﾞﾗ|ﾗｽ"},
        {"面\u00ad料", "面\u00ad料"},
        {"一种\n鞋底", "一种|鞋底"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = spell(rows[i].text, strlen(rows[i].text));
        cr_expect_str_eq(got, rows[i].terms, "'%s' gives %s", rows[i].text, got);
    }
}

Test(terms, what_reads_the_same_is_the_same_term)
{
    static const char *const rows[][2] = {
        {"eva", "ＥＶＡ"},      {"eva", "Eva"},   {"café", "cafe\u0301"},
        {"ガラス", "ｶﾞﾗｽ"},     {"1", "①"},       {"2", "²"},
        {"mm", "㎜"},           {"fi", "ﬁ"},      {"가", "\u1100\u1161"},
        {"発泡", "発\u200b泡"}, {"豈", "\uf900"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) a = terms_of(rows[i][0], strlen(rows[i][0]));
        g_autoptr(GArray) b = terms_of(rows[i][1], strlen(rows[i][1]));
        cr_assert(a->len > 0 && a->len == b->len, "%s %s: %u and %u terms", rows[i][0],
                  rows[i][1], a->len, b->len);
        for (guint t = 0; t < a->len; t++)
            cr_expect_eq(g_array_index(a, struct term, t).hash,
                         g_array_index(b, struct term, t).hash, "%s %s", rows[i][0],
                         rows[i][1]);
    }
}

Test(terms, what_reads_differently_is_another_term)
{
    static const char *const rows[][2] = {
        {"发泡", "泡发"}, {"eva", "ev"}, {"鞋", "底"}, {"10", "01"}, {"é", "e"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) a = terms_of(rows[i][0], strlen(rows[i][0]));
        g_autoptr(GArray) b = terms_of(rows[i][1], strlen(rows[i][1]));
        cr_expect_neq(g_array_index(a, struct term, 0).hash,
                      g_array_index(b, struct term, 0).hash, "%s %s", rows[i][0], rows[i][1]);
    }
    cr_assert_neq(terms_hash_token("G06F", 4), terms_hash_place("G06F"));
}

Test(terms, bytes_that_are_not_utf8_are_blanks)
{
    static const struct {
        const char *text;
        size_t len;
        const char *terms;
    } rows[] = {
        {"eva\xff 鞋底", 11, "eva|鞋底"},
        {"鞋\xe5\xba", 5, "鞋"},                       /* cut inside a character */
        {"鞋\xed\xa0\xbd\xed\xb8\x80底", 12, "鞋|底"}, /* an emoji as two surrogates */
        {"a\xc0\xaf"
         "b",
         4, "a|b"}, /* overlong */
        {"鞋\0底", 7, "鞋|底"},
        {"\x80\x80\x80", 3, ""},
        {"e\xcc", 2, "e"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = spell(rows[i].text, rows[i].len);
        cr_expect_str_eq(got, rows[i].terms, "row %zu gives %s", i, got);
    }
}

Test(terms, reading_goes_on_behind_what_was_read_before)
{
    g_autoptr(GArray) terms = terms_of("鞋底", 6);
    terms_read("eva", 3, terms);
    cr_assert_eq(terms->len, 2);
    cr_assert_eq(g_array_index(terms, struct term, 1).start, 0);
    cr_assert_eq(g_array_index(terms, struct term, 1).hash, terms_hash_token("eva", 3));
}
