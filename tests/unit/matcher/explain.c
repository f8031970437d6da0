#include "matcher/explain.h"
#include "matcher/reason.h"
#include "matcher/search.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const shoe_classes[] = {"A43B 13/04", NULL};
static const struct document docs[] = {
    {1, "轻质发泡鞋底", "一种ＥＶＡ发泡鞋底，轻质耐磨。EVA foam soles.", shoe_classes, 1},
    {2, "水性聚氨酯胶粘剂", "用于鞋底粘接的水性聚氨酯胶粘剂。", NULL, 0},
    {3, "数据检索方法", "一种数据检索方法。", NULL, 0}};

static struct index *given_index(void)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (size_t i = 0; i < G_N_ELEMENTS(docs); i++)
        index_add(builder, &docs[i]);
    return index_finish(builder, NULL);
}

Test(explain, every_term_is_listed_and_points_sum_to_the_score)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "EVA鞋底的量子粘接", shoe_classes, 1);
    for (int64_t id = 1; id <= 3; id++) {
        uint32_t doc = index_find(ix, id);
        g_autoptr(match_explained) whole = explain_doc(need, ix, doc);
        g_autoptr(match_reasons) reasons = reasons_of_doc(need, ix, doc);
        cr_assert_eq(whole->count, need->term_count);
        cr_assert_eq(whole->score, search_score_doc(need, ix, doc));
        cr_assert_eq(whole->score, reasons->score);
    }
}

static const struct explained_term *term_of(const struct explained *whole, const char *text,
                                            bool is_place)
{
    for (uint32_t t = 0; t < whole->count; t++)
        if (whole->terms[t].is_place == is_place && strcmp(whole->terms[t].text, text) == 0)
            return &whole->terms[t];
    cr_assert_fail("%s", text);
    return NULL;
}

Test(explain, a_term_says_what_it_weighs_and_whether_the_document_has_it)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) need = query_new(ix, "鞋底的量子，鞋底", shoe_classes, 1);
    g_autoptr(match_explained) shoe = explain_doc(need, ix, index_find(ix, 1));
    g_autoptr(match_explained) glue = explain_doc(need, ix, index_find(ix, 2));
    const struct explained_term *sole = term_of(shoe, "鞋底", false);
    cr_expect_eq(sole->times, 2);
    cr_expect_eq(sole->docs, 2);
    cr_expect_gt(sole->impact, term_of(glue, "鞋底", false)->impact);
    cr_expect_eq(sole->points, sole->weight * sole->impact);
    cr_expect_eq(term_of(shoe, "量子", false)->docs, 0);
    cr_expect_gt(term_of(shoe, "量子", false)->weight, 0);
    cr_expect_eq(term_of(shoe, "A43B 13/04", true)->impact, 255);
    cr_expect_eq(term_of(glue, "A43B 13/04", true)->impact, 0);
}

static void expect_spans(const char *need, const char *text, const char *want)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) query = query_new(ix, need, NULL, 0);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_autoptr(GString) got = g_string_new(NULL);
    explain_spans(query, ix, text, spans);
    for (guint i = 0; i < spans->len; i++) {
        const struct span *span = &g_array_index(spans, struct span, i);
        g_string_append_printf(got, "[%.*s]", (int)span->len, text + span->start);
        const char *from = g_utf8_offset_to_pointer(text, span->char_start);
        cr_expect_eq(from, text + span->start, "%s", text);
        cr_expect_eq(g_utf8_offset_to_pointer(from, span->char_len), from + span->len);
    }
    cr_expect_str_eq(got->str, want, "%s", text);
}

Test(explain, spans_are_what_the_text_says_of_the_need_neighbours_joined)
{
    expect_spans("轻质发泡鞋底", "一种ＥＶＡ发泡鞋底，轻质耐磨。", "[发泡鞋底][轻质]");
    expect_spans("eva 耐磨", "一种ＥＶＡ发泡鞋底，轻质耐磨。", "[ＥＶＡ][耐磨]");
    expect_spans("轻质发泡鞋底", "😀一種ＥＶＡ發泡鞋底，輕質𠮷耐磨。", "[發泡鞋底][輕質]");
    expect_spans("ＥＶＡ發泡", "EVA发泡，e\u0301va", "[EVA发泡]");
    expect_spans("foamed sole", "EVA foam soles", "[foam][soles]");
    expect_spans("量子", "一种鞋底", "");
    expect_spans("鞋底", "", "");
}

Test(explain, spans_are_added_behind_those_that_are_there)
{
    g_autoptr(match_index) ix = given_index();
    g_autoptr(match_query) query = query_new(ix, "鞋底", NULL, 0);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    explain_spans(query, ix, "鞋底", spans);
    explain_spans(query, ix, "鞋底", spans);
    cr_assert_eq(spans->len, 2);
    cr_expect_eq(g_array_index(spans, struct span, 1).start, 0);
}

Test(explain, a_need_of_few_known_terms_is_thin)
{
    static const struct {
        const char *need;
        uint32_t known;
        bool is_thin;
    } rows[] = {{"", 0, true},
                {"鞋底", 1, true},
                {"量子计算", 0, true},
                {"鞋底鞋底鞋底", 1, true}, /* 底鞋 is unknown */
                {"轻质发泡鞋底", 5, false},
                {"水性聚氨酯胶粘剂用于鞋底粘接", 12, false}};
    g_autoptr(match_index) ix = given_index();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(match_query) query = query_new(ix, rows[i].need, NULL, 0);
        struct need_strength strength = explain_strength(query, ix);
        cr_expect_eq(strength.known, rows[i].known, "%s: %u", rows[i].need, strength.known);
        cr_expect_eq(strength.is_thin, rows[i].is_thin, "%s", rows[i].need);
    }
}
