#include "matcher/aspects.h"

#include <criterion/criterion.h>
#include <string.h>

/* "product 中底, …" of a text. */
static char *spelt(const char *text)
{
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    GString *out = g_string_new(NULL);
    aspects_read(text, aspects);
    for (guint i = 0; i < aspects->len; i++) {
        const struct aspect *aspect = &g_array_index(aspects, struct aspect, i);
        g_string_append_printf(out, "%s%s %.*s", i ? ", " : "",
                               aspect_name(aspect->kind, false), (int)aspect->len,
                               text + aspect->start);
    }
    return g_string_free(out, FALSE);
}

Test(aspects, a_need_is_read_into_what_it_names)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"超临界发泡中底减重同时保证耐磨，密度想做到0.12 g/cm³以下，侧壁就起皱",
         "process 发泡, product 中底, property 减重, property 耐磨, property 密度, number 0.12 "
         "g/cm³, problem 起皱"},
        {"常温耐折10万次没问题，-20℃只有1.2万次就裂面",
         "property 耐折, number 10万次, number -20℃, number 1.2万次, problem 裂面"},
        {"水性PU胶活化温度65～70℃，EVA底受热缩边",
         "material PU, process 活化, number 70℃, material EVA, problem 缩边"},
        {"鞋底鞋底鞋底", "product 鞋底"},
        {"ＥＶＡ發泡鞋底，壓縮永久變形≤３８％", /* as 发泡鞋底 */
         "material ＥＶＡ, process 發泡, product 鞋底, property 壓縮永久變形, number ３８％"},
        {"EVA鞋底，ＥＶＡ鞋底", "material EVA, product 鞋底"},
        {"厚4㎜，每m²重30 g", "number 4㎜, number 30 g"},
        {"风速3㎧、2㎨", "number 3㎧, number 2㎨"},
        {"型号A-5级，65-70℃", "number 5级, number 70℃"}, /* no signs, but dashes */
        {"防静电、耐黄变，2026年投产", "property 防静电, property 耐黄变"},
        {"SPUN and OPENED", ""}, /* PU and PE within words are none */
        {"", ""},
        {"耐", ""},
        {"防。", ""},
        {"12", ""},
        {"抗\xff", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = spelt(cases[i].text);
        cr_expect_str_eq(got, cases[i].want, "%s:\n  %s", cases[i].text, got);
    }
}

Test(aspects, a_patent_covers_what_it_speaks_of)
{
    static const char *const need = "发泡中底要耐磨，密度0.12 g/cm³";
    struct index_builder *builder = index_builder_new(&weighing_default);
    const struct document docs[] = {{1, "发泡中底", "一种发泡中底，密度为0.12 g/cm³", NULL, 0},
                                    {2, "耐磨鞋底", "一种耐磨的鞋底，密度0.30", NULL, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(docs); i++)
        index_add(builder, &docs[i]);
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    g_autoptr(match_query) query = query_new(ix, need, NULL, 0);
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    static const bool covered[][2] = {
        {true, false}, {true, false}, {false, true}, {true, true}, {true, false}};
    aspects_read(need, aspects);
    cr_assert_eq(aspects->len, G_N_ELEMENTS(covered));
    for (guint i = 0; i < aspects->len; i++)
        for (int64_t id = 1; id <= 2; id++) {
            const struct aspect *aspect = &g_array_index(aspects, struct aspect, i);
            cr_expect_eq(aspect_is_covered(aspect, query, ix, index_find(ix, id)),
                         covered[i][id - 1], "%.*s in %d", (int)aspect->len,
                         need + aspect->start, (int)id);
        }
}

/* A dictionary that knows 跑鞋: then no term of the need is 鞋. */
static struct index *index_of_shoes(struct dictionary *words)
{
    struct weighing weighing = weighing_default;
    weighing.dictionary = words;
    struct index_builder *builder = index_builder_new(&weighing);
    const struct document docs[] = {{1, "碳板跑鞋", "一种跑鞋用碳板", NULL, 0},
                                    {2, "运动服", "一种透气的运动服", NULL, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(docs); i++)
        index_add(builder, &docs[i]);
    return index_finish(builder, NULL);
}

static void expect_shoes(struct dictionary *words, const char *want)
{
    static const char *const need = "跑鞋弯曲刚度";
    g_autoptr(match_index) ix = index_of_shoes(words);
    g_autoptr(match_query) query = query_new(ix, need, NULL, 0);
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    aspects_of_query(query, aspects);
    cr_assert_eq(aspects->len, 2);
    const struct aspect *aspect = &g_array_index(aspects, struct aspect, 0);
    g_autofree char *text = g_strndup(need + aspect->start, aspect->len);
    cr_expect_str_eq(text, want);
    cr_expect(aspect_is_covered(aspect, query, ix, index_find(ix, 1)), "%s", want);
    cr_expect_not(aspect_is_covered(aspect, query, ix, index_find(ix, 2)), "%s", want);
}

Test(aspects, a_part_of_a_word_stands_for_the_word)
{
    static const char words[] = "跑鞋 100\n弯曲 100\n刚度 100\n碳板 100\n";
    g_autoptr(match_dictionary) dictionary = dictionary_new(words, strlen(words), NULL);
    cr_assert_not_null(dictionary);
    expect_shoes(dictionary, "跑鞋");
    expect_shoes(NULL, "鞋"); /* pairs alone: 跑鞋 is found, and has it */
}
