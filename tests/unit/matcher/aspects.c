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
         "property 耐折, number 10万次, number 20℃, number 1.2万次, problem 裂面"},
        {"水性PU胶活化温度65～70℃，EVA底受热缩边",
         "material PU, process 活化, number 70℃, material EVA, problem 缩边"},
        {"鞋底鞋底鞋底", "product 鞋底"},
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
