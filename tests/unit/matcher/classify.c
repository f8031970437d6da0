#include "matcher/classify.h"
#include "matcher/error.h"
#include "matcher/svm.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *title, *classes[2];
    const char *author;
} texts[] = {
    {"一种发泡鞋底", {"A43B13/04", NULL}, NULL},
    {"一种防滑鞋底及鞋", {"A43B 13/22", NULL}, NULL},
    {"运动鞋鞋面", {"A43B23/02", NULL}, NULL},
    {"轻质发泡鞋中底", {"A43B13/04", "A43D"}, NULL},
    {"鞋面定型机", {"A43D11/00", NULL}, "鞋机厂"},
    {"制鞋用鞋楦", {"A43D3/02", NULL}, "鞋机厂"},
    {"鞋底压合机", {"A43D25/00", NULL}, "鞋机厂"},
    {"一种数据检索方法", {"G06F17/30", NULL}, NULL},
    {"数据库查询方法及系统", {"G06F 16/24", NULL}, NULL},
    {"数据检索的存储介质", {"G06F16/00", "?"}, NULL},
    {"区块链支付方法", {"G06Q20/38", NULL}, NULL},
    {"一种支付结算系统", {"G06Q20/00", NULL}, NULL},
};

static struct classifier_builder *given_builder(const struct dictionary *dictionary)
{
    struct classifier_builder *builder = classifier_builder_new(dictionary);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct lesson lesson = {texts[i].title, texts[i].author, texts[i].classes,
                                texts[i].classes[1] ? 2 : 1, false};
        cr_assert(classifier_add(builder, &lesson), "%s", texts[i].title);
    }
    return builder;
}

static struct classifier *given(const struct dictionary *dictionary)
{
    GError *error = NULL;
    struct classifier *c = classifier_train(given_builder(dictionary), &error);
    cr_assert(c, "%s", error ? error->message : "");
    return c;
}

static struct dictionary *given_words(void)
{
    static const char lines[] = "发泡 9\n鞋底 9\n鞋面 5\n数据 9\n检索 9\n支付 7\n方法 20\n";
    return dictionary_new(lines, strlen(lines), NULL);
}

Test(classify, a_title_gets_the_subclass_of_titles_like_it)
{
    static const struct {
        const char *title, *subclass;
    } rows[] = {{"耐磨发泡鞋底", "A43B"},
                {"鞋底定型机", "A43D"},
                {"一种检索数据的方法", "G06F"},
                {"跨境支付方法", "G06Q"}};
    g_autoptr(match_dictionary) words = given_words();
    const struct dictionary *both[] = {NULL, words};
    for (size_t d = 0; d < G_N_ELEMENTS(both); d++) {
        g_autoptr(match_classifier) c = given(both[d]);
        cr_assert_eq(classifier_class_count(c), 4);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            struct guess guesses[9];
            cr_assert_eq(classifier_infer(c, rows[i].title, 9, guesses), 4);
            cr_expect_str_eq(guesses[0].subclass, rows[i].subclass, "%s: %s", rows[i].title,
                             guesses[0].subclass);
            for (int k = 0; k < 4; k++) {
                cr_expect(guesses[k].probability > 0 && guesses[k].probability < 1);
                cr_expect(k == 0 || guesses[k].probability <= guesses[k - 1].probability);
            }
        }
    }
}

Test(classify, a_text_of_nothing_known_gets_no_guess)
{
    g_autoptr(match_classifier) c = given(NULL);
    struct guess guesses[3];
    cr_expect_eq(classifier_infer(c, "", 3, guesses), 0);
    cr_expect_eq(classifier_infer(c, "quantum 玻璃", 3, guesses), 0);
    cr_expect_eq(classifier_infer(c, "鞋", 2, guesses), 2, "no more than asked for");
}

Test(classify, texts_without_a_subclass_are_not_taken_and_one_class_is_refused)
{
    static const char *const bad[] = {"A43", "02-04", "??", "A"}, *const good[] = {"a43b13/04"};
    struct classifier_builder *builder = classifier_builder_new(NULL);
    g_autoptr(GError) error = NULL;
    cr_expect_not(classifier_add(builder, &(struct lesson){"鞋", NULL, bad, 4, false}));
    cr_expect(classifier_add(builder, &(struct lesson){"鞋", NULL, good, 1, false}));
    cr_expect(classifier_add(builder, &(struct lesson){"鞋底", NULL, good, 1, true}));
    cr_assert_null(classifier_train(builder, &error));
    cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT));
}

Test(classify, a_firm_with_many_texts_counts_less_in_each)
{
    /* The same word in texts of two classes: one firm's sixteen against three of unknown hands. */
    static const char *const shoes[] = {"A43B"}, *const data[] = {"G06F"};
    double lead[2];
    for (int known = 0; known < 2; known++) {
        struct classifier_builder *builder = classifier_builder_new(NULL);
        for (int i = 0; i < 16; i++) {
            g_autofree char *text = g_strdup_printf("装置 a%d", i);
            classifier_add(builder,
                           &(struct lesson){text, known ? "一家" : NULL, shoes, 1, false});
        }
        for (int i = 0; i < 3; i++) {
            g_autofree char *text = g_strdup_printf("装置 b%d", i);
            classifier_add(builder, &(struct lesson){text, NULL, data, 1, false});
        }
        g_autoptr(match_classifier) c = classifier_train(builder, NULL);
        struct guess guesses[2];
        cr_assert_eq(classifier_infer(c, "装置 a1 b1", 2, guesses), 2);
        bool shoes_first = strcmp(guesses[0].subclass, "A43B") == 0;
        lead[known] =
            (guesses[0].probability - guesses[1].probability) * (shoes_first ? 1 : -1);
    }
    cr_assert_lt(lead[1], lead[0], "%f with the firm known, %f without", lead[1], lead[0]);
}

/* ---- Packing */

static void expect_alike(struct classifier *a, struct classifier *b, const char *text)
{
    struct guess x[4], y[4];
    uint32_t count = classifier_infer(a, text, 4, x);
    cr_assert_eq(classifier_infer(b, text, 4, y), count);
    for (uint32_t i = 0; i < count; i++) {
        cr_expect_str_eq(x[i].subclass, y[i].subclass);
        cr_expect_float_eq(x[i].probability, y[i].probability, 1e-5);
    }
}

Test(classify, a_model_that_was_packed_guesses_the_same)
{
    g_autoptr(match_dictionary) words = given_words();
    g_autoptr(match_classifier) c = given(words);
    g_autoptr(GByteArray) bytes = classifier_pack(c);
    g_autoptr(GError) error = NULL;
    g_autoptr(match_classifier) again =
        classifier_unpack(bytes->data, bytes->len, words, &error);
    cr_assert(again, "%s", error ? error->message : "");
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        expect_alike(c, again, texts[i].title);
    g_autoptr(GByteArray) twice = classifier_pack(again);
    cr_assert_eq(twice->len, bytes->len);
    cr_assert_eq(memcmp(twice->data, bytes->data, bytes->len), 0);
}

Test(classify, a_model_of_another_dictionary_is_refused)
{
    g_autoptr(match_dictionary) words = given_words();
    g_autoptr(match_classifier) c = given(words);
    g_autoptr(GByteArray) bytes = classifier_pack(c);
    g_autoptr(GError) error = NULL;
    cr_assert_null(classifier_unpack(bytes->data, bytes->len, NULL, &error));
    cr_assert_str_eq(error->message, "the model was made with another dictionary");
}

Test(classify, a_torn_model_is_refused_at_every_length)
{
    g_autoptr(match_classifier) c = given(NULL);
    g_autoptr(GByteArray) bytes = classifier_pack(c);
    for (guint len = 0; len < bytes->len; len++) {
        g_autoptr(GError) error = NULL;
        g_autofree guint8 *part =
            g_memdup2(bytes->data, len + 1); /* ASan sees a byte too far */
        part = g_realloc(part, MAX(len, 1));
        cr_assert_null(classifier_unpack(part, len, NULL, &error), "%u bytes", len);
        cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT));
    }
    g_byte_array_append(bytes, (const guint8 *)"x", 1);
    cr_assert_null(classifier_unpack(bytes->data, bytes->len, NULL, NULL), "a byte too many");
}

Test(classify, changed_bytes_are_refused_or_give_a_model_that_can_be_asked)
{
    g_autoptr(match_classifier) c = given(NULL);
    g_autoptr(GByteArray) bytes = classifier_pack(c);
    uint64_t state = 5;
    int refused = 0, taken = 0;
    for (int round = 0; round < 3000; round++) {
        uint32_t at = corpus_random(&state, bytes->len);
        guint8 old = bytes->data[at];
        bytes->data[at] = (guint8)(old + 1 + corpus_random(&state, 255));
        g_autoptr(match_classifier) other =
            classifier_unpack(bytes->data, bytes->len, NULL, NULL);
        struct guess guesses[4];
        if (other)
            classifier_infer(other, "发泡鞋底", 4, guesses);
        taken += other != NULL;
        refused += other == NULL;
        bytes->data[at] = old;
    }
    cr_assert_gt(refused, 100);
    cr_assert_gt(taken, 100);
}

/* ---- Features and the SVM */

Test(features, values_are_what_the_formula_says)
{
    struct vocabulary v;
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(struct feature));
    vocabulary_init(&v, NULL);
    vocabulary_read(&v, "foam foam rubber", true, out);
    vocabulary_count(&v, (struct feature *)(void *)out->data, out->len, 1);
    vocabulary_read(&v, "foam", true, out);
    vocabulary_count(&v, (struct feature *)(void *)out->data, out->len, 1);
    vocabulary_read(&v, "foam foam rubber glass", false, out);
    struct feature *list = (struct feature *)(void *)out->data;
    cr_assert_eq(out->len, 4, "words and pairs of foam and rubber");
    cr_assert_eq(vocabulary_weigh(&v, list, out->len), 4);
    double foam = (1 + log(2)) * (log(3 / 3.) + 1), rubber = log(3 / 2.) + 1;
    double length = sqrt(3 * (foam * foam + rubber * rubber));
    cr_expect_float_eq(list[0].value, foam / length, 1e-6);
    cr_expect_float_eq(list[3].value, rubber / length, 1e-6);
    vocabulary_clear(&v);
}

Test(features, han_gives_pairs_characters_and_with_a_dictionary_words)
{
    g_autoptr(match_dictionary) words = given_words();
    const struct dictionary *both[] = {NULL, words};
    for (uint32_t d = 0; d < 2; d++) {
        struct vocabulary v;
        g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(struct feature));
        vocabulary_init(&v, both[d]);
        vocabulary_read(&v, "发泡鞋底", true, out);
        cr_expect_eq(out->len, 3 + 4 + 2 * d);
        vocabulary_clear(&v);
    }
}

/* Random rows of three features, parted by a plane; and what the solution must satisfy. */
Test(svm, the_solution_satisfies_the_conditions_of_the_optimum)
{
    enum { ROWS = 60, WIDTH = 3 };
    const double c = .5;
    uint64_t state = 3;
    struct feature items[ROWS * WIDTH];
    uint32_t starts[ROWS + 1] = {0};
    bool in_class[ROWS];
    float counts[ROWS];
    for (uint32_t i = 0; i < ROWS; i++) {
        float sum = 0;
        for (uint32_t k = 0; k < WIDTH; k++) {
            float x = (float)corpus_random(&state, 2000) / 1000 - 1;
            items[i * WIDTH + k] = (struct feature){k, x};
            sum += x * (float)(k + 1);
        }
        starts[i + 1] = (i + 1) * WIDTH;
        in_class[i] = sum > .3f;
        counts[i] = i % 3 ? 1 : 2;
    }
    struct rows rows = {items, starts, ROWS};
    struct svm svm;
    svm_init(&svm, &rows, WIDTH);
    svm_train(&svm, in_class, counts, c);
    for (uint32_t i = 0; i < ROWS; i++) {
        double margin = svm.w[WIDTH];
        for (uint32_t k = 0; k < WIDTH; k++)
            margin += svm.w[k] * items[i * WIDTH + k].value;
        margin *= in_class[i] ? 1 : -1;
        /* a = 0 where the margin is 1 or more, else a = 2 C v (1 - margin), within the solver's tolerance */
        double wanted = MAX(0, 2 * c * counts[i] * (1 - margin));
        cr_expect_float_eq(svm.gains[i], wanted, .15, "row %u: %f, expected %f", i,
                           svm.gains[i], wanted);
    }
    svm_clear(&svm);
}
