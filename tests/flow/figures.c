#include "tests/flow/figures.h"
#include "tests/flow/program.h"
#include <criterion/criterion.h>
#include <string.h>

/* ---- The figures. No day in the files lies between 2026-03-31 and 2040-06-30, and every run lies between them: what the
 * system itself sent is after the day in the first two views, and long before it in the third. */

#define POLICY   "jinjiang-2023-6 --as-of 2025-12-31"
#define TEMPLATE "successor-template --as-of 2026-03-31"
#define FUTURE   "successor-template --as-of 2040-12-31"

static const struct figure {
    const char *view, *agency, *metric;
    const char *item; /* members of the item */
    const char *rows; /* the keys that count, in their order; NULL: as many as the value */
} figures[] = {
    /* ---- 晋政办规〔2023〕6号 on its last day. All was recorded after it: whatever counts is late. */

    /* 14 applications: ten in the JSON Lines; in the CSV one that is new and three that were mended, its first row being the
     * first patent's earlier publication. Left out four: …0438 lapsed on 2024-08-01; …0541 is a utility model of 2013-03-01,
     * whose ten years were over on 2023-03-01; …0866 is held since 2026-02-10; …1415 was rejected on 2025-01-15. 14 - 4 = 10.
     * Unknown two: CN199830715A and …1298 have no status. Invented one: …0217. */
    {POLICY, "QH01", "patents",
     "{'value': 10, 'literal': 10, 'left_out': {'lapsed': 1, 'term_over': 1, 'not_held_yet': "
     "1, 'rejected': 1}, "
     "'invented': 1, 'late': 10, 'unknown': 2}",
     NULL},
    /* Seven firms with the mended one. 屿澜 (high-tech to 2026-11-30), 织汐 (no end), 沐帆 (no end; the city does not matter here)
     * and 伞语, whose certificate ends on this very day, count: 4. 瓷岸 has none, that of 胶序 ended on 2025-06-30, 味屿 is held since
     * 2026-02-01. Invented one: 织汐. */
    {POLICY, "QH01", "enterprises",
     "{'value': 4, 'literal': 4, 'left_out': {'no_qualification': 1, "
     "'qualification_not_valid': 1, 'not_held_yet': 1}, "
     "'invented': 1, 'late': 4, 'unknown': 0}",
     "91350582MA0077119D 91350582MA00771278 91350582MA0077178G 91350583MA0077143C"},
    /* Five with the mended one. 庄砚秋 (invented) and 吴听澜 count; 施映川 agreed on 2026-01-20, 许知遥 was rejected by the official from
     * 2025-11-01 on, 蔡临舟 is held since 2026-02-01. */
    {POLICY, "QH01", "experts",
     "{'value': 2, 'literal': 2, 'left_out': {'no_consent': 1, 'rejected': 1, 'not_held_yet': "
     "1}, 'invented': 1, "
     "'late': 2, 'unknown': 0}",
     "吴听澜/闽汐陶瓷工程研究中心 庄砚秋/海屿理工大学"},
    /* Three, of which one is held since 2026-01-05; one of the other two is invented. */
    {POLICY, "QH01", "institutions",
     "{'value': 2, 'literal': 2, 'left_out': {'not_held_yet': 1}, 'invented': 1, 'late': 2, "
     "'unknown': 0}",
     "91350582MA00782187 91350582MA00782262"},
    /* Eleven with the mended one: XQ-01, -02 (织汐 is invented, so the need is) and -10 count, of which -10 was over on 2025-10-31: open
     * two. -03 is from Nan'an; -04 is -02 with one number changed: of its 90-odd pairs two are others, far above .85; -05 was
     * never decided, and -11 not before 2026-01-10; -06 begins on 2026-02-01; -07 says no need in six characters; -08 was
     * rejected; -09 ended in 2022. 3 + 8 = 11. */
    {POLICY, "QH01", "needs",
     "{'value': 3, 'literal': 3, 'left_out': {'not_local': 1, 'near_duplicate': 1, "
     "'not_accepted': 2, 'after_day': 1, "
     "'text_too_short': 1, 'rejected': 1, 'before_window': 1}, 'invented': 1, 'late': 3, "
     "'unknown': 0, 'open': 2}",
     "XQ-01 XQ-02 XQ-10"},
    /* Six declared, six sent by the system. Declared: …0104 to 屿澜 on 2025-03-10 and …0217 to 织汐 (invented) on 2025-04-02 were accepted
     * and count. …0326 to 织汐 was not decided; …0104 to 沐帆 is of 2022-12-20; …0326 to 屿澜 is of 2026-02-03, after the day like the
     * system's six: 7; CN199830715A to 瓷岸 was rejected. 2 + 10 = 12. */
    {POLICY, "QH01", "pushes",
     "{'value': 2, 'literal': 2, 'left_out': {'not_accepted': 1, 'before_window': 1, "
     "'after_day': 7, 'rejected': 1}, "
     "'invented': 1, 'late': 2, 'unknown': 0}",
     "CN202119830217/91350582MA00771278 CN202219830104/91350582MA0077119D"},
    /* Ten contracts. 01 (…0104, 屿澜, ten weeks after the push) and 03 (…0217 with a utility model, 织汐; a mixed contract is one deal) count.
     * Literally so do 02, which is not registered, and 06, whose seller stands in 屿澜's list of affiliates: 4. 04 was signed on the
     * very day of the push, 09 without any (two: no_push_before); 05 is a utility model alone; 07 is of 2022; 08 and 10 are of
     * later years. 2 + 8 = 10. Invented one: 03, its buyer is. Unknown one: 03 does not say whether the parties are affiliated. */
    {POLICY, "QH01", "deals",
     "{'value': 2, 'literal': 4, 'left_out': {'not_registered': 1, 'affiliated': 1, "
     "'no_push_before': 2, "
     "'no_invention': 1, 'before_window': 1, 'after_day': 2}, 'invented': 1, 'late': 2, "
     "'unknown': 1}",
     "QH-ZR-01 QH-ZR-03"},

    /* The other agency: the same first patent, held by it too, and one of its own; one firm; the same need of the same firm, which
     * an official accepted two months after QH01's; the same contract, but QH02 had pushed nothing. */
    {POLICY, "QH02", "patents",
     "{'value': 2, 'literal': 2, 'left_out': {}, 'invented': 0, 'late': 2, 'unknown': 0}",
     "CN202219830104.7 CN202319832051.7"},
    {POLICY, "QH02", "enterprises",
     "{'value': 1, 'literal': 1, 'left_out': {}, 'invented': 0, 'late': 1, 'unknown': 0}",
     "91350582MA0077186B"},
    {POLICY, "QH02", "experts",
     "{'value': 0, 'literal': 0, 'left_out': {}, 'invented': 0, 'late': 0, 'unknown': 0}", ""},
    {POLICY, "QH02", "institutions",
     "{'value': 0, 'literal': 0, 'left_out': {}, 'invented': 0, 'late': 0, 'unknown': 0}", ""},
    {POLICY, "QH02", "needs",
     "{'value': 0, 'literal': 0, 'left_out': {'near_duplicate': 1}, 'invented': 0, 'late': 0, "
     "'unknown': 0, 'open': 0}",
     ""},
    {POLICY, "QH02", "pushes",
     "{'value': 0, 'literal': 0, 'left_out': {}, 'invented': 0, 'late': 0, 'unknown': 0}", ""},
    {POLICY, "QH02", "deals",
     "{'value': 0, 'literal': 0, 'left_out': {'no_push_before': 1}, 'invented': 0, 'late': 0, "
     "'unknown': 0}",
     ""},

    /* ---- The template, whose window begins on 2026-01-01, on 2026-03-31. */

    /* The same with …0866, held since February: 11. */
    {TEMPLATE, "QH01", "patents",
     "{'value': 11, 'literal': 11, 'left_out': {'lapsed': 1, 'term_over': 1, 'rejected': 1}, "
     "'invented': 1, 'late': 11, "
     "'unknown': 2}",
     NULL},
    /* 味屿 has come, the certificate of 伞语 ended with the year. */
    {TEMPLATE, "QH01", "enterprises",
     "{'value': 4, 'literal': 4, 'left_out': {'no_qualification': 1, "
     "'qualification_not_valid': 2}, 'invented': 1, "
     "'late': 4, 'unknown': 0}",
     "91350582MA0077119D 91350582MA00771278 91350582MA007716XG 91350583MA0077143C"},
    /* All but 许知遥, whom the official rejected. */
    {TEMPLATE, "QH01", "experts",
     "{'value': 4, 'literal': 4, 'left_out': {'rejected': 1}, 'invented': 1, 'late': 4, "
     "'unknown': 0}",
     NULL},
    {TEMPLATE, "QH01", "institutions",
     "{'value': 3, 'literal': 3, 'left_out': {}, 'invented': 1, 'late': 3, 'unknown': 0}",
     NULL},
    /* XQ-01 and -02 have no end and reach into the window, -06 has begun, -11 was accepted: 4, all open. -09 and -10 ended before
     * it; -03, -04, -05, -07, -08 as before. 4 + 7 = 11. */
    {TEMPLATE, "QH01", "needs",
     "{'value': 4, 'literal': 4, 'left_out': {'not_local': 1, 'near_duplicate': 1, "
     "'not_accepted': 1, 'text_too_short': "
     "1, 'rejected': 1, 'before_window': 2}, 'invented': 1, 'late': 4, 'unknown': 0, 'open': "
     "4}",
     "XQ-01 XQ-02 XQ-06 XQ-11"},
    /* The declared one of 2026-02-03 alone; five declared before the window, and the system's six after the day. */
    {TEMPLATE, "QH01", "pushes",
     "{'value': 1, 'literal': 1, 'left_out': {'before_window': 5, 'after_day': 6}, 'invented': "
     "0, 'late': 1, 'unknown': 0}",
     "CN202319830326/91350582MA0077119D"},
    /* 08, four weeks after that push; 10 is signed in 2040, the other eight before the window. */
    {TEMPLATE, "QH01", "deals",
     "{'value': 1, 'literal': 1, 'left_out': {'before_window': 8, 'after_day': 1}, 'invented': "
     "0, 'late': 1, 'unknown': 0}",
     "QH-ZR-08"},

    /* ---- The same in 2040: nothing is late but what an official decided after the day from which it holds. */

    /* The design of 2020-07-01 has ended too: filed before 2021-06-01, so after ten years. The oldest invention that counts, …0217,
     * is of 2021-09-15 and ends in 2041. 14 - 4 = 10. */
    {FUTURE, "QH01", "patents",
     "{'value': 10, 'literal': 10, 'left_out': {'lapsed': 1, 'term_over': 2, 'rejected': 1}, "
     "'invented': 1, 'late': 0, "
     "'unknown': 2}",
     NULL},
    /* Those without an end are left: 织汐, 味屿, 沐帆. */
    {FUTURE, "QH01", "enterprises",
     "{'value': 3, 'literal': 3, 'left_out': {'no_qualification': 1, "
     "'qualification_not_valid': 3}, 'invented': 1, "
     "'late': 0, 'unknown': 0}",
     "91350582MA00771278 91350582MA007716XG 91350583MA0077143C"},
    {FUTURE, "QH01", "experts",
     "{'value': 4, 'literal': 4, 'left_out': {'rejected': 1}, 'invented': 1, 'late': 0, "
     "'unknown': 0}",
     NULL},
    {FUTURE, "QH01", "institutions",
     "{'value': 3, 'literal': 3, 'left_out': {}, 'invented': 1, 'late': 0, 'unknown': 0}",
     NULL},
    /* As before. Late all four: the decisions of 2025-06-30 and 2026-01-10 were recorded on the day of the run. */
    {FUTURE, "QH01", "needs",
     "{'value': 4, 'literal': 4, 'left_out': {'not_local': 1, 'near_duplicate': 1, "
     "'not_accepted': 1, 'text_too_short': "
     "1, 'rejected': 1, 'before_window': 2}, 'invented': 1, 'late': 4, 'unknown': 0, 'open': "
     "4}",
     "XQ-01 XQ-02 XQ-06 XQ-11"},
    /* Declared: the one of 2026-02-03 (late: its decision was). Sent by the system: to 瓷岸 and 胶序 their webhooks said yes, and 胶序 answered
     * too; 织汐 (invented) and 沐帆 answered in the inbox. That makes 5. 屿澜's webhook said yes as well, but …0104 had been declared to it
     * in 2025: sent before. 伞语 never opened its inbox. 5 + 5 before the window + 2 = 12. */
    {FUTURE, "QH01", "pushes",
     "{'value': 5, 'literal': 5, 'left_out': {'before_window': 5, 'sent_before': 1, "
     "'not_opened': 1}, 'invented': 1, "
     "'late': 1, 'unknown': 0}",
     NULL},
    /* 08, late as its push is; and 10: …1298 was delivered to 织汐 (invented) on the day of the run, and the contract, which does not say
     * whether the parties are affiliated, is of 2040. */
    {FUTURE, "QH01", "deals",
     "{'value': 2, 'literal': 2, 'left_out': {'before_window': 8}, 'invented': 1, 'late': 1, "
     "'unknown': 1}",
     "QH-ZR-08 QH-ZR-10"},
};

const json_t *figures_item(const json_t *document, const char *agency, const char *metric)
{
    const json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i),
                     *items = json_object_get(clause, "items");
        for (size_t k = 0; k < json_array_size(items); k++) {
            const json_t *item = json_array_get(items, k);
            if (g_str_equal(json_string_value(json_object_get(clause, "agency")), agency) &&
                g_str_equal(json_string_value(json_object_get(item, "metric")), metric))
                return item;
        }
    }
    return NULL;
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* The rows behind a figure: as many as it says, and those left out by the same reasons. */
static void expect_rows(const struct figure *figure, const json_t *item, const char *what)
{
    const json_t *rows = json_object_get(ask("--agency %s track --policy %s --evidence %s",
                                             figure->agency, figure->view, figure->metric),
                                         "rows");
    json_auto_t *left_out = json_object();
    g_autoptr(GString) keys = g_string_new(NULL);
    json_int_t counted = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *key = json_string_value(json_object_get(row, "key")),
                   *reason = json_string_value(json_object_get(row, "reason"));
        cr_expect_str_eq(json_string_value(json_object_get(row, "agency")), figure->agency,
                         "%s", what);
        if (json_is_true(json_object_get(row, "counted"))) {
            counted++;
            g_string_append_printf(keys, "%s%s", keys->len ? " " : "", key);
        } else {
            json_object_set_new(left_out, reason,
                                json_integer(number_of(left_out, reason) + 1));
        }
    }
    cr_expect_eq(counted, number_of(item, "value"), "%s: the rows are another number", what);
    cr_expect(json_equal(left_out, json_object_get(item, "left_out")),
              "%s: the rows left out are others", what);
    if (figure->rows)
        cr_expect_str_eq(keys->str, figure->rows, "%s: %s", what, keys->str);
}

/* Each view is asked for once: figures of one view and agency stand together. */
struct views {
    const struct figure *last;
    const json_t *official, *own;
};

static void look(struct views *views, const struct figure *figure)
{
    const struct figure *last = views->last;
    bool same_view = last && g_str_equal(last->view, figure->view);
    if (!same_view)
        views->official = ask("track --policy %s", figure->view);
    if (!same_view || !g_str_equal(last->agency, figure->agency))
        views->own = ask("--agency %s track --policy %s", figure->agency, figure->view);
    views->last = figure;
}

static bool is_alone(const json_t *document, const char *agency)
{
    const json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *whose = json_object_get(json_array_get(clauses, i), "agency");
        if (g_strcmp0(json_string_value(whose), agency) != 0)
            return false;
    }
    return json_array_size(clauses) == 11; /* each clause of the policy once */
}

void figures_expect(void)
{
    struct views views = {NULL, NULL, NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
        const struct figure *figure = &figures[i];
        g_autofree char *what =
            g_strdup_printf("%s, %s: %s", figure->view, figure->agency, figure->metric);
        look(&views, figure);
        const json_t *item = figures_item(views.official, figure->agency, figure->metric);
        cr_assert(item, "%s: no such item", what);
        expect_members(what, item, figure->item);
        cr_expect_eq(number_of(item, "missing"),
                     number_of(item, "threshold") - number_of(item, "value"), "%s", what);
        cr_expect(json_is_false(json_object_get(item, "met")), "%s", what);
        cr_expect(is_alone(views.own, figure->agency), "%s: an agency sees itself alone", what);
        cr_expect(json_equal(item, figures_item(views.own, figure->agency, figure->metric)),
                  "%s: the agency sees another item", what);
        expect_rows(figure, item, what);
    }
}
