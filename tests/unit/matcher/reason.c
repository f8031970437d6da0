#include "matcher/reason.h"
#include "matcher/search.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const sole[] = {"A43B13/04"};
static const char *const glue[] = {"C09J175/04"};
static const struct document documents[] = {
    {1, "一种轻质发泡鞋底", "一种EVA发泡鞋底，耐磨防滑。", sole, 1},
    {2, "鞋用胶粘剂", "一种聚氨酯胶粘剂，用于鞋底与鞋面的粘接。", glue, 1},
    {3, "数据检索方法", "一种数据检索方法及系统。", NULL, 0},
};

static struct index *given_index_with(const struct dictionary *dictionary)
{
    struct weighing weighing = weighing_default;
    weighing.dictionary = dictionary;
    struct index_builder *builder = index_builder_new(&weighing);
    for (size_t i = 0; i < G_N_ELEMENTS(documents); i++)
        index_add(builder, &documents[i]);
    return index_finish(builder, NULL);
}

static struct index *given_index(void)
{
    return given_index_with(NULL);
}

static struct dictionary *given_words(void)
{
    static const char lines[] =
        "发泡 9\n鞋底 9\n鞋 5\n底 3\n轻质 9\n的 99\n胶粘剂 9\n防滑 4\n防滑性 4\n超耐磨 4\n";
    return dictionary_new(lines, strlen(lines), NULL);
}

static const struct reason *find(const struct reasons *reasons, const char *text)
{
    for (uint32_t i = 0; i < reasons->count; i++)
        if (strcmp(reasons->items[i].text, text) == 0)
            return &reasons->items[i];
    return NULL;
}

Test(reason, neighbouring_pairs_are_one_word_of_the_need)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "寻找发泡鞋底的ＥＶＡ配方", NULL, 0);
    g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, index_find(ix, 1));
    cr_assert_eq(reasons->count, 2);
    cr_expect_not_null(find(reasons, "发泡鞋底"));
    cr_expect_not_null(find(reasons, "ＥＶＡ"));
    cr_expect_eq(reasons->score, search_score_doc(need, ix, index_find(ix, 1)));
}

Test(reason, parts_of_words_are_shown_as_whole_words)
{
    static const struct {
        const char *need,
            *text; /* what a need shows of the first document, with bars between */
    } rows[] = {
        {"防滑性好的鞋垫", "防滑性"}, /* it has the pair 防滑, but not 鞋 as a word */
        {"超耐磨的料", "超耐磨"},     /* it has the pair 耐磨 */
        {"轻质、发泡", "发泡|轻质"},  {"发泡的鞋底", "发泡|鞋底"}, {"耐磨防滑", "耐磨防滑"},
    };
    g_autoptr(match_dictionary) dictionary = given_words();
    g_autoptr(match_index) ix = given_index_with(dictionary);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(match_query) need = query_new(ix, rows[i].need, NULL, 0);
        g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, 0);
        g_autoptr(GString) got = g_string_new(NULL);
        for (uint32_t r = 0; r < reasons->count; r++)
            g_string_append_printf(got, "%s%s", r ? "|" : "", reasons->items[r].text);
        cr_expect_str_eq(got->str, rows[i].text, "%s: %s", rows[i].need, got->str);
        cr_expect_eq(reasons->score, search_score_doc(need, ix, 0));
    }
}

Test(reason, particles_at_the_ends_are_left_out_unless_they_are_all)
{
    static const struct {
        const char *need, *text;
    } rows[] = {{"溢流缸的办法", "溢流缸"}, /* the document has the pair 缸的 */
                {"有的溢流", "有|溢流"},    /* the pair 有的 */
                {"目的", "目的"},           /* one word */
                {"的", "的"},
                {"缸的溢流缸", "缸|溢流缸"}};
    static const char lines[] = "溢流 9\n缸 9\n的 99\n目的 9\n有 9\n";
    g_autoptr(match_dictionary) dictionary = dictionary_new(lines, strlen(lines), NULL);
    struct weighing weighing = weighing_default;
    weighing.dictionary = dictionary;
    struct index_builder *builder = index_builder_new(&weighing);
    index_add(builder, &(struct document){1, "溢流缸的改造，目的：有的", NULL, NULL, 0});
    index_add(builder, &(struct document){2, "耐磨鞋底", NULL, NULL, 0});
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(match_query) need = query_new(ix, rows[i].need, NULL, 0);
        g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, index_find(ix, 1));
        g_autoptr(GString) got = g_string_new(NULL);
        for (uint32_t r = 0; r < reasons->count; r++)
            g_string_append_printf(got, "%s%s", r ? "|" : "", reasons->items[r].text);
        cr_expect_str_eq(got->str, rows[i].text, "%s: %s", rows[i].need, got->str);
        cr_expect_eq(reasons->score, search_score_doc(need, ix, index_find(ix, 1)));
    }
}

Test(reason, a_word_said_twice_is_one_reason)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "鞋底！鞋底？发泡鞋底", NULL, 0);
    g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, index_find(ix, 1));
    cr_assert_eq(reasons->count, 2);
    cr_expect_not_null(find(reasons, "鞋底"));
    cr_expect_not_null(find(reasons, "发泡鞋底"));
    cr_expect_eq(reasons->score, search_score_doc(need, ix, index_find(ix, 1)));
}

Test(reason, the_narrowest_shared_place_stands_for_the_way_to_it)
{
    static const char *const classes[] = {"A43B13/12", "A43B13/04", "C09J5/00"};
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "量子", classes, 3);
    g_autoptr(match_reasons) shoe = reasons_of_doc(need, ix, index_find(ix, 1));
    g_autoptr(match_reasons) adhesive = reasons_of_doc(need, ix, index_find(ix, 2));
    cr_assert_eq(adhesive->count, 1);
    cr_expect_str_eq(adhesive->items[0].text, "C09J");
    cr_expect_eq(adhesive->items[0].kind, REASON_CLASS);
    cr_expect_not_null(find(shoe, "A43B 13"));
    cr_expect_eq(shoe->score, search_score_doc(need, ix, index_find(ix, 1)));
}

Test(reason, who_shares_nothing_gets_none)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "发泡鞋底", sole, 1);
    g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, 2);
    cr_assert_eq(reasons->count, 0);
    cr_assert_eq(reasons->score, 0);
}

/* A text of up to `most` pieces: Han characters, Latin words, full-width letters, blanks. */
static char *random_text(uint64_t *state, uint32_t most)
{
    static const char *const pieces[] = {"鞋",  "底", "发", "泡", "轻", "质", "的",
                                         "eva", " ",  "，", "Ａ", "12", "。"};
    GString *text = g_string_new(NULL);
    for (uint32_t n = corpus_random(state, most + 1); n > 0; n--)
        g_string_append(text, pieces[corpus_random(state, G_N_ELEMENTS(pieces))]);
    return g_string_free(text, FALSE);
}

static const char *random_symbol(uint64_t *state)
{
    static const char *const symbols[] = {"A43B13/04", "A43B13/12", "A43B",  "A43D1/00",
                                          "C09J5/00",  "G06F17/30", "02-04", "?",
                                          "G",         "A43B13/00"};
    return symbols[corpus_random(state, G_N_ELEMENTS(symbols))];
}

static void expect_sums(const struct index *ix, uint64_t *state)
{
    g_autofree char *text = random_text(state, 40);
    const char *classes[3] = {random_symbol(state), random_symbol(state), random_symbol(state)};
    g_autoptr(match_query) need = query_new(ix, text, classes, corpus_random(state, 4));
    for (uint32_t doc = 0; doc < ix->span; doc++) {
        g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, doc);
        uint64_t sum = 0;
        for (uint32_t i = 0; i < reasons->count; i++) {
            const struct reason *reason = &reasons->items[i];
            sum += reason->points;
            cr_assert_gt(reason->points, 0);
            cr_assert(i == 0 || reason->points <= reason[-1].points, "'%s': not in order",
                      text);
            cr_assert(reason->kind == REASON_CLASS || strstr(text, reason->text),
                      "'%s' is not in '%s'", reason->text, text);
        }
        uint32_t score = search_score_doc(need, ix, doc);
        cr_assert_eq(sum, score, "'%s', document %u: reasons sum to %lu, score is %u", text,
                     doc, (unsigned long)sum, score);
        cr_assert_eq(reasons->score, score);
    }
}

Test(reason, reasons_sum_to_the_score_whatever_is_said)
{
    g_autoptr(match_dictionary) dictionary = given_words();
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t state = seed;
        struct weighing weighing = weighing_default;
        weighing.dictionary = seed % 2 ? dictionary : NULL;
        struct index_builder *builder = index_builder_new(&weighing);
        for (int64_t id = 0; id < 30; id++) {
            g_autofree char *title = random_text(&state, 6),
                            *abstract = random_text(&state, 40);
            const char *classes[2] = {random_symbol(&state), random_symbol(&state)};
            index_add(builder, &(struct document){id, title, abstract, classes,
                                                  corpus_random(&state, 3)});
        }
        g_autoptr(match_index) ix = index_finish(builder, NULL);
        for (int i = 0; i < 20; i++)
            expect_sums(ix, &state);
    }
}

Test(reason, a_profile_gives_the_same_reasons_as_the_index)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "轻质鞋底的发泡，EVA", sole, 1);
    for (uint32_t d = 0; d < G_N_ELEMENTS(documents); d++) {
        g_autoptr(match_profile) profile = profile_new(ix, &documents[d]);
        g_autoptr(match_reasons) a = reasons_of_profile(need, profile);
        g_autoptr(match_reasons) b = reasons_of_doc(need, ix, index_find(ix, documents[d].id));
        cr_assert_eq(a->count, b->count);
        for (uint32_t i = 0; i < a->count; i++) {
            cr_expect_str_eq(a->items[i].text, b->items[i].text);
            cr_expect_eq(a->items[i].points, b->items[i].points);
        }
    }
}
