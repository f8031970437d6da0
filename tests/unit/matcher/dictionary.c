#include "matcher/dictionary.h"
#include "matcher/error.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static struct dictionary *given(const char *text)
{
    GError *error = NULL;
    struct dictionary *dictionary = dictionary_new(text, strlen(text), &error);
    cr_assert(dictionary, "%s", error ? error->message : "");
    return dictionary;
}

/* The words that a text falls into, with bars between. */
static char *cut(const struct dictionary *dictionary, const char *text)
{
    glong count;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(text, -1, &count);
    g_autofree uint32_t *costs = g_new(uint32_t, count + 1), *next = g_new(uint32_t, count + 1);
    GString *out = g_string_new(NULL);
    dictionary_route(dictionary, chars, (uint32_t)count, costs, next);
    for (uint32_t i = 0; i < count; i = next[i]) {
        g_string_append(out, i ? "|" : "");
        for (uint32_t j = i; j < next[i]; j++)
            g_string_append_unichar(out, chars[j]);
    }
    return g_string_free(out, FALSE);
}

Test(dictionary, the_most_probable_words_are_taken)
{
    /* 研究|生命 (300 · 200) against 研究生|命 (100 · 50); with another frequency the other way round. */
    g_autoptr(match_dictionary) life =
        given("研究 300\n研究生 100\n生命 200\n命 50\n生 10\n起源 90\n");
    g_autoptr(match_dictionary) student =
        given("研究 3\n研究生 10000\n生命 2\n命 5000\n生 10\n");
    g_autofree char *a = cut(life, "研究生命起源"), *b = cut(student, "研究生命起源");
    cr_expect_str_eq(a, "研究|生命|起源");
    cr_expect_str_eq(b, "研究生|命|起|源");
}

Test(dictionary, lines_may_carry_more_and_words_of_other_letters_are_passed_over)
{
    g_autoptr(match_dictionary) d = given("鞋底 3 n\r\n\nT恤 5 n\n鞋底\t4\n4 4\n底 1");
    cr_expect_eq(d->word_count, 2);
}

Test(dictionary, what_is_no_dictionary_is_refused)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "the dictionary has no words"},
        {"abc 3\n", "the dictionary has no words"},
        {"鞋底 3\n鞋\n",
         "line 2 of the dictionary: no frequency from 1 to 1000000000 behind the word"},
        {"鞋底 0\n",
         "line 1 of the dictionary: no frequency from 1 to 1000000000 behind the word"},
        {"鞋底 99999999999999999999\n",
         "line 1 of the dictionary: no frequency from 1 to 1000000000 behind the word"},
        {"鞋底 3x\n",
         "line 1 of the dictionary: no frequency from 1 to 1000000000 behind the word"},
        {"\n\xe9\x9e 3\n", "line 2 of the dictionary: not a word in UTF-8"},
        {" 3\n", "line 1 of the dictionary: not a word in UTF-8"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect_null(dictionary_new(rows[i].text, strlen(rows[i].text), &error), "row %zu",
                       i);
        cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT), "row %zu", i);
        cr_expect_str_eq(error->message, rows[i].why, "row %zu: %s", i, error->message);
    }
}

/* The least cost of covering chars[at..count), by trying every word. */
static double least_cost(const char *const *list, const double *costs, size_t n, double alone,
                         const char *text)
{
    if (!*text)
        return 0;
    double best = alone + least_cost(list, costs, n, alone, text + g_utf8_skip[(guchar)*text]);
    for (size_t i = 0; i < n; i++)
        if (g_str_has_prefix(text, list[i]))
            best =
                MIN(best, costs[i] + least_cost(list, costs, n, alone, text + strlen(list[i])));
    return best;
}

Test(dictionary, no_other_way_of_cutting_is_cheaper)
{
    static const char *const list[] = {"甲",   "乙",     "甲乙",    "乙丙",
                                       "丙甲", "甲乙丙", "丙甲乙甲"};
    uint64_t state = 11;
    for (int round = 0; round < 200; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) letters = g_string_new(NULL);
        double frequency[G_N_ELEMENTS(list)], costs[G_N_ELEMENTS(list)], total = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(list); i++) {
            total += frequency[i] = 1 + corpus_random(&state, 1000);
            g_string_append_printf(text, "%s %.0f\n", list[i], frequency[i]);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(list); i++)
            costs[i] = log(total / frequency[i]);
        for (uint32_t n = 1 + corpus_random(&state, 9); n > 0; n--)
            g_string_append(letters, ((const char *const[]){"甲", "乙", "丙",
                                                            "丁"})[corpus_random(&state, 4)]);
        g_autoptr(match_dictionary) d = given(text->str);
        glong count;
        g_autofree gunichar *chars = g_utf8_to_ucs4_fast(letters->str, -1, &count);
        uint32_t sums[16], next[16];
        dictionary_route(d, chars, (uint32_t)count, sums, next);
        double least = least_cost(list, costs, G_N_ELEMENTS(list), log(total), letters->str);
        cr_assert_float_eq(sums[0] / 1024., least, .01, "%s: %f, could be %f", letters->str,
                           sums[0] / 1024., least);
    }
}
