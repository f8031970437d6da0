#include "matcher/terms.h"

#include <criterion/criterion.h>
#include <string.h>

static const char words[] =
    "发泡 50 n\n鞋底 40 n\n鞋 100 n\n发 80 v\n泡 20\n底 30\n耐磨 60\n耐磨性 20\n"
    "处理 90\n处理器 70\n器 10\nT恤 9\n";

/* The terms of one kind. */
static GArray *terms_of_kind(const char *text, size_t len, enum term_kind kind)
{
    g_autoptr(match_dictionary) dictionary = dictionary_new(words, strlen(words), NULL);
    struct terms_reader *reader = terms_reader_new(dictionary);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct term));
    terms_read(reader, text, len, all);
    terms_reader_free(reader);
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    for (guint i = 0; i < all->len; i++)
        if (g_array_index(all, struct term, i).kind == kind)
            g_array_append_val(terms, g_array_index(all, struct term, i));
    return terms;
}

static GArray *terms_of(const char *text, size_t len)
{
    return terms_of_kind(text, len, TERM_PAIR);
}

/* The terms as they stand in the text, with bars between. */
static char *spell_kind(const char *text, size_t len, enum term_kind kind)
{
    g_autoptr(GArray) terms = terms_of_kind(text, len, kind);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < terms->len; i++) {
        const struct term *term = &g_array_index(terms, struct term, i);
        cr_assert(term->len > 0 && term->start + (size_t)term->len <= len,
                  "span outside of '%s'", text);
        g_string_append_printf(out, "%s%.*s", i ? "|" : "", (int)term->len, text + term->start);
    }
    return g_string_free(out, FALSE);
}

static char *spell(const char *text, size_t len)
{
    return spell_kind(text, len, TERM_PAIR);
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
        {"厚度3.5mm", "厚度|3.5|mm"},
        {"厚度3.5 mm", "厚度|3.5|mm"},
        {"３．５㎜", "３．５|㎜"},
        {"500ml、3.", "500|ml|3"},
        {"1..2.a", "1|2|a"},
        {"v1.2", "v1|2"},
        {"2017.07.21", "2017.07.21"},
        {"kg5mmx", "kg5mmx"},
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
        {"eva", "ＥＶＡ"},
        {"eva", "Eva"},
        {"café", "cafe\u0301"},
        {"ガラス", "ｶﾞﾗｽ"},
        {"1", "①"},
        {"2", "²"},
        {"mm", "㎜"},
        {"3.5 mm", "３.5㎜"},
        {"fi", "ﬁ"},
        {"가", "\u1100\u1161"},
        {"発泡", "発\u200b泡"},
        {"豈", "\uf900"},
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
    static const char *const rows[][2] = {{"发泡", "泡发"}, {"eva", "ev"},  {"鞋", "底"},
                                          {"10", "01"},     {"0.4", "4.0"}, {"é", "e"}};
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
    struct terms_reader *reader = terms_reader_new(NULL);
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    terms_read(reader, "鞋底", 6, terms);
    cr_assert_eq(terms->len, 1, "no words without a dictionary");
    terms_read(reader, "eva", 3, terms);
    cr_assert_eq(terms->len, 3);
    cr_assert_eq(g_array_index(terms, struct term, 1).start, 0);
    cr_assert_eq(g_array_index(terms, struct term, 1).hash, terms_hash_token("eva", 3));
    terms_reader_free(reader);
}

Test(terms, runs_of_han_fall_into_words_of_the_dictionary)
{
    static const struct {
        const char *text, *terms;
    } rows[] = {
        {"发泡鞋底", "发泡|鞋底"},
        {"耐磨性鞋", "耐磨性|鞋"},
        {"耐磨鞋底", "耐磨|鞋底"},
        {"中央处理器", "中|央|处理器"},
        {"发泡\n鞋底", "发泡|鞋底"},
        {"处理，器", "处理|器"},
        {"EVA发泡ＰＵ鞋底", "EVA|发泡|ＰＵ|鞋底"},
        {"处\u200b理", "处\u200b理"},
        {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = spell_kind(rows[i].text, strlen(rows[i].text), TERM_WORD);
        cr_expect_str_eq(got, rows[i].terms, "'%s' gives %s", rows[i].text, got);
    }
}

Test(terms, english_words_are_compared_by_their_stems)
{
    static const struct {
        const char *a, *b;
        bool alike;
    } rows[] = {
        {"bonding", "Bonded", true},    {"wings", "ＷＩＮＧ", true},
        {"laminar", "laminate", false}, {"stress", "stressed", true},
        {"pu201s", "pu201", false},     {"mm", "mms", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) a = terms_of_kind(rows[i].a, strlen(rows[i].a), TERM_WORD);
        g_autoptr(GArray) b = terms_of_kind(rows[i].b, strlen(rows[i].b), TERM_WORD);
        cr_assert(a->len == 1 && b->len == 1);
        bool alike =
            g_array_index(a, struct term, 0).hash == g_array_index(b, struct term, 0).hash;
        cr_expect_eq(alike, rows[i].alike, "%s %s", rows[i].a, rows[i].b);
    }
}

Test(terms, a_word_and_a_pair_of_the_same_characters_are_two_terms)
{
    g_autoptr(GArray) pairs = terms_of_kind("发泡", 6, TERM_PAIR);
    g_autoptr(GArray) found = terms_of_kind("发泡", 6, TERM_WORD);
    cr_assert(pairs->len == 1 && found->len == 1);
    cr_assert_neq(g_array_index(pairs, struct term, 0).hash,
                  g_array_index(found, struct term, 0).hash);
}

Test(terms, a_run_longer_than_is_cut_at_once_gives_all_its_words)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "耐磨");
    g_autoptr(GArray) found = terms_of_kind(text->str, text->len, TERM_WORD);
    cr_assert_eq(found->len, 5000);
    for (guint i = 0; i < found->len; i++)
        cr_assert_eq(g_array_index(found, struct term, i).start, 6 * i);
}
