#include "matcher/index.h"
#include "matcher/error.h"
#include "matcher/query.h"
#include "matcher/terms.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const char *const g06f[] = {"G06F17/30", "G06F17/30(2006.01)I", "nonsense"};
static const char *const g06n[] = {"G06N3/08", "02-04"};
static const struct document three[] = {
    {7, "eva foam", "eva foam sole, light foam", g06f, 3},
    {-3, "sole", "rubber sole", g06n, 2},
    {5, "data search", "search of data", NULL, 0},
};

static struct index *given_three(void)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (size_t i = 0; i < G_N_ELEMENTS(three); i++)
        index_add(builder, &three[i]);
    struct index *ix = index_finish(builder, NULL);
    cr_assert_not_null(ix);
    return ix;
}

static const struct index_term *term_of(const struct index *ix, const char *token)
{
    uint32_t term = index_find_term(ix, terms_hash_token(token, strlen(token)));
    cr_assert_neq(term, INDEX_NONE, "%s", token);
    return &ix->terms[term];
}

Test(index, documents_are_numbered_by_their_length_and_found_by_their_ids)
{
    g_autoptr(match_index) ix = given_three(); /* lengths 22, 10, 18 */
    cr_assert_eq(ix->doc_count, 3);
    cr_assert_eq(ix->span, 3 * INDEX_CHUNK);
    cr_assert_eq(index_find(ix, -3), 0);
    cr_assert_eq(index_find(ix, 5), INDEX_CHUNK);
    cr_assert_eq(index_find(ix, 7), 2 * INDEX_CHUNK);
    cr_assert_eq(index_find(ix, 6), INDEX_NONE);
    cr_assert_eq(index_find(ix, 8), INDEX_NONE);
}

Test(index, terms_are_counted_by_document_repetition_and_field)
{
    static const struct {
        const char *token;
        uint32_t docs, repeat, in_text, in_both;
    } rows[] = {
        {"foam", 1, 1, 1, 1},  {"eva", 1, 1, 1, 1},  {"sole", 2, 1, 2, 1},
        {"light", 1, 0, 1, 0}, {"data", 1, 1, 1, 1}, {"rubber", 1, 0, 1, 0},
    };
    g_autoptr(match_index) ix = given_three();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct index_term *t = term_of(ix, rows[i].token);
        cr_expect(t->docs == rows[i].docs && t->repeat == rows[i].repeat &&
                      t->in_text == rows[i].in_text && t->in_both == rows[i].in_both,
                  "%s: %u %u %u %u", rows[i].token, t->docs, t->repeat, t->in_text, t->in_both);
    }
}

Test(index, an_impact_is_what_the_formula_says)
{
    g_autoptr(match_index) ix = given_three();
    /* Every word counts twice, as written and as its stem: lengths 22, 10, 18. */
    double mean = 2 * (3 * 2 + 5 + 3 * 1 + 2 + 3 * 2 + 3) / 3.;
    double tfn =
        2.2 * 5 /
        (5 + 1.2 * (.25 + .75 * 22 / mean)); /* foam: 3 for the title, 2 in the abstract */
    uint32_t foam = index_find_term(ix, terms_hash_token("foam", 4));
    cr_expect_eq(index_impact(ix, foam, index_find(ix, 7)), lrint(255 * tfn / 2.2));
    cr_expect_eq(index_impact(ix, foam, index_find(ix, -3)), 0);
    cr_expect_eq(index_impact(ix, foam, index_find(ix, 5)), 0);
    cr_expect_float_eq(ix->mean_length, mean, 1e-9);
}

Test(index, a_profile_has_the_impacts_of_the_index)
{
    g_autoptr(match_index) ix = given_three();
    for (size_t i = 0; i < G_N_ELEMENTS(three); i++) {
        g_autoptr(match_profile) profile = profile_new(ix, &three[i]);
        uint32_t doc = index_find(ix, three[i].id);
        for (uint32_t t = 0; t < ix->term_count; t++)
            cr_expect_eq(profile_impact(profile, ix->terms[t].hash), index_impact(ix, t, doc),
                         "document %zu", i);
    }
}

Test(index, a_symbol_is_five_places_counted_once_and_nonsense_is_passed_over)
{
    static const struct {
        const char *place;
        uint32_t docs;
        uint8_t level;
    } rows[] = {{"G", 2, 1},       {"G06", 2, 2},        {"G06F", 1, 3},
                {"G06F 17", 1, 4}, {"G06F 17/30", 1, 5}, {"02-04", 1, 2}};
    g_autoptr(match_index) ix = given_three();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint32_t term = index_find_term(ix, terms_hash_place(rows[i].place));
        cr_assert_neq(term, INDEX_NONE, "%s", rows[i].place);
        cr_expect_eq(ix->terms[term].docs, rows[i].docs, "%s", rows[i].place);
        cr_expect_eq(ix->terms[term].level, rows[i].level, "%s", rows[i].place);
    }
    uint32_t group = index_find_term(ix, terms_hash_place("G06F 17/30"));
    cr_expect_eq(index_impact(ix, group, index_find(ix, 7)), 255);
}

Test(index, a_weight_is_what_the_formula_says)
{
    g_autoptr(match_index) ix = given_three();
    g_autoptr(match_query) query = query_new(ix, "sole sole", g06f, 1);
    double repeat = 1, docs = 3, both = 1, text = 10;
    for (uint32_t t = 0; t < ix->term_count; t++) {
        bool counts = ix->terms[t].level == 0 && ix->terms[t].kind == TERM_PAIR;
        repeat += counts ? ix->terms[t].repeat : 0;
        docs += counts ? ix->terms[t].docs : 0;
        both += counts ? ix->terms[t].in_both : 0;
        text += counts ? ix->terms[t].in_text : 0;
    }
    double w = log(1 + 1.5 / 2.5) * pow((1 + repeat / docs) / 3, index_alpha(ix, TERM_PAIR)) *
               pow((1 + 5 * both / text) / 7, weighing_default.beta);
    cr_expect_eq(query->terms[0].weight, lrint(512 * 2 * w));
    double factor = weighing_default.class_factor;
    cr_expect_eq(query->terms[2].weight, lrint(512 * factor * log(4 / 3.)), "section");
    cr_expect_eq(query->terms[3].weight, 0, "all of the section are in the class: nothing new");
    cr_expect_eq(query->terms[4].weight, lrint(512 * factor * log(3 / 2.)), "subclass");
}

Test(index, a_repeated_word_of_the_corpus_weighs_more)
{
    g_autoptr(match_index) ix = given_three();
    g_autoptr(match_query) query = query_new(ix, "foam rubber", NULL, 0);
    cr_assert_eq(query->terms[0].hash, terms_hash_token("foam", 4));
    cr_assert_eq(query->terms[2].hash, terms_hash_token("rubber", 6));
    cr_assert_gt(query->terms[0].weight, query->terms[2].weight);
}

Test(index, a_huge_need_keeps_its_sum_within_bounds)
{
    g_autoptr(match_index) ix = given_three();
    g_autoptr(GString) text = g_string_new("eva foam");
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(text, " w%d", i);
    g_autoptr(match_query) query = query_new(ix, text->str, NULL, 0);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < query->term_count; i++)
        sum += query->terms[i].weight;
    cr_assert_eq(sum, query->weight_sum);
    cr_assert_leq(sum, QUERY_WEIGHT_SUM_MAX);
    cr_assert_gt(query->terms[0].weight, 0);
}

Test(index, two_documents_with_one_id_are_refused)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    g_autoptr(GError) error = NULL;
    index_add(builder, &three[0]);
    index_add(builder, &three[1]);
    index_add(builder, &three[0]);
    cr_assert_null(index_finish(builder, &error));
    cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT));
    cr_assert_str_eq(error->message, "two documents have the id 7");
}

Test(index, documents_without_text_are_documents)
{
    static const struct document blank[] = {{1, NULL, NULL, NULL, 0}, {2, "", "。", NULL, 0}};
    struct index_builder *builder = index_builder_new(&weighing_default);
    index_add(builder, &blank[0]);
    index_add(builder, &blank[1]);
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    cr_assert_eq(ix->doc_count, 2);
    cr_assert_eq(ix->term_count, 0);
    cr_assert_gt(index_bytes(ix), 0);
}

Test(index, a_collection_in_which_nothing_is_repeated_still_weighs)
{
    static const struct document one = {1, "foam", NULL, NULL, 0};
    struct index_builder *builder = index_builder_new(&weighing_default);
    index_add(builder, &one);
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    g_autoptr(match_query) query = query_new(ix, "foam", NULL, 0);
    cr_assert_gt(query->terms[0].weight, 0);
}

Test(index, each_kind_of_term_is_weighed_by_its_own_statistics)
{
    /* The words of the dictionary are fewer and longer than the pairs: both kinds have their own priors. */
    static const struct document docs[] = {{1, "发泡鞋底", "发泡鞋底耐磨发泡", NULL, 0},
                                           {2, "鞋底", "鞋底耐磨耐磨耐磨", NULL, 0}};
    static const char lines[] = "发泡 5\n鞋底 5\n耐磨 5\n";
    g_autoptr(match_dictionary) dictionary = dictionary_new(lines, strlen(lines), NULL);
    struct weighing weighing = weighing_default;
    weighing.dictionary = dictionary;
    struct index_builder *builder = index_builder_new(&weighing);
    for (size_t i = 0; i < G_N_ELEMENTS(docs); i++)
        index_add(builder, &docs[i]);
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    /* Pairs and words together: 3 · (3 + 2) + 7 + 4, 3 · (1 + 1) + 7 + 4 */
    cr_expect_float_eq(ix->mean_length, (26 + 17) / 2., 1e-9);
    /* Words: 发泡 {df 1, twice 1}, 鞋底 {2, 0}, 耐磨 {2, 1} */
    cr_expect_float_eq(ix->kinds[TERM_WORD].repeat_prior, (1 + 2 + 1 + 1) / (5 + 3.), 1e-9);
    g_autoptr(match_query) query = query_new(ix, "发泡", NULL, 0);
    cr_assert_eq(query->term_count, 2);
    cr_expect_neq(query->terms[0].weight, query->terms[1].weight);
}

Test(index, where_nothing_is_repeated_repeating_counts_for_nothing)
{
    static const char *const titles[] = {"foam sole", "foam glue", "rubber sole", "glass glue",
                                         "foam foam"};
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (int64_t id = 0; id < 100; id++) {
        g_autofree char *other =
            g_strdup_printf("%s t%d u%d", titles[id % 4], (int)id, (int)id + 7);
        index_add(builder, &(struct document){id, id == 0 ? titles[4] : other, NULL, NULL, 0});
    }
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    double prior = ix->kinds[TERM_PAIR].repeat_prior;
    cr_expect_lt(prior, .02);
    cr_expect_float_eq(index_alpha(ix, TERM_PAIR), weighing_default.alpha * prior / .2, 1e-12);
    /* One repetition by chance lifts the frequent foam little above the equally frequent sole. */
    g_autoptr(match_query) query = query_new(ix, "foam sole", NULL, 0);
    cr_expect_lt(query->terms[0].weight, 1.5 * query->terms[2].weight);
}

Test(index, abstracts_have_the_whole_alpha)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (int64_t id = 0; id < 40; id++)
        index_add(builder,
                  &(struct document){id, "sole", "a foam sole of foam for a shoe", NULL, 0});
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    cr_expect_eq(index_alpha(ix, TERM_PAIR), weighing_default.alpha);
}

/* ---- So many postings that they are turned round in several passes */

enum { MANY = 10000, WORDS = 5000, TOKENS = 30, OFTEN = 40 };

static uint64_t hash_of(uint32_t word)
{
    return 0x9e3779b97f4a7c15u * (word + 1);
}

/* Some words of its own, and one very often now and then; gives their number. */
static uint32_t words_of(uint32_t doc, uint32_t *words)
{
    uint32_t count = 0;
    for (uint32_t j = 0; j < TOKENS; j++)
        words[count++] = (doc * 31 + j * j * 7) % WORDS;
    for (uint32_t j = 0; doc % 50 == 0 && j < OFTEN; j++)
        words[count++] = 17;
    return count;
}

static struct index *given_many(void)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (uint32_t doc = 0; doc < MANY; doc++) {
        uint32_t words[TOKENS + OFTEN], count = words_of(doc, words);
        uint64_t tokens[TOKENS + OFTEN];
        for (uint32_t i = 0; i < count; i++)
            tokens[i] = hash_of(words[i]);
        index_add_tokens(builder, (int64_t)doc * 7919 % MANY, tokens, count);
    }
    return index_finish(builder, NULL);
}

/* How many words the document has, each of which it must have in the index with its own impact. */
static uint32_t expect_words(const struct index *ix, uint32_t doc)
{
    uint32_t words[TOKENS + OFTEN], count = words_of(doc, words), found = 0;
    uint32_t place = index_find(ix, (int64_t)doc * 7919 % MANY);
    cr_assert_neq(place, INDEX_NONE);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t times = 0, before = 0;
        for (uint32_t j = 0; j < count; j++) {
            times += words[j] == words[i];
            before += j < i && words[j] == words[i];
        }
        uint32_t term = index_find_term(ix, hash_of(words[i]));
        cr_assert_neq(term, INDEX_NONE);
        cr_assert_eq(index_impact(ix, term, place),
                     index_quantise(ix, times, index_length(count)), "word %u of document %u",
                     words[i], doc);
        found += before == 0;
    }
    return found;
}

Test(index, many_postings_are_all_where_they_belong)
{
    g_autoptr(match_index) ix = given_many();
    uint64_t expected = 0, held = 0;
    cr_assert_not_null(ix);
    for (uint32_t doc = 0; doc < MANY; doc++)
        expected += expect_words(ix, doc);
    for (uint32_t term = 0; term < ix->term_count; term++)
        held += ix->terms[term].docs;
    cr_expect_eq(held, expected);
    cr_expect_gt(ix->heavy_count, 100);
}
