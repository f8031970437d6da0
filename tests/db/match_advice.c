/* What is said of a need: when it is posted, and beside each of its leads. */
#include "service/steps/advice.h"
#include "sql/scheme.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

static GError *error;
static struct db *db;
static const struct match_options options = {.agency_id = 1, .today = "2025-06-30", .k = 5};

static void given_patents(void)
{
    load("patent", 1,
         row("{'application_number':'%s','title':'轻质发泡鞋底','abstract':'"
             "一种耐磨的发泡鞋底，用EVA发泡，厚15 mm，0.3 g/cm³','applicants':['甲']}\n"
             "{'application_number':'%s','title':'防水面料','abstract':'"
             "一种防水透气面料，解决起皱','applicants':['乙']}",
             app_number(1), app_number(2)));
}

static json_t *posted(const char *title, const char *text)
{
    return load("need", 1,
                row("{'source_id':'XQ-%s','enterprise_uscc':'%s','title':'%s','text':'%s','"
                    "valid_from':'2025-01-01'}",
                    title, uscc(1), title, text));
}

static void begin(void)
{
    db = loading_open();
    load("enterprise", 1,
         row("{'uscc':'%s','name':'丙公司','division_code':'350582'}", uscc(1)));
}

TestSuite(advice, .init = begin);

Test(advice, a_thin_need_is_told_what_to_add)
{
    given_patents();
    json_t *report = posted("鞋底", "鞋底");
    cr_assert(advice_add(db, &options, report, &error), "%s", error ? error->message : "");
    const json_t *thin = json_array_get(json_object_get(report, "thin"), 0);
    cr_assert_eq(json_array_size(json_object_get(report, "thin")), 1);
    cr_expect_str_eq(json_string_value(json_object_get(thin, "need")), "XQ-鞋底");
    cr_expect_eq(json_array_size(json_object_get(thin, "lacks")), 5, "all but the product");
    cr_expect(strstr(json_string_value(json_object_get(thin, "advice_zh")), "用什么材料"));
    cr_expect_lt(json_number_value(json_object_get(thin, "chance")), .5);
}

Test(advice, a_need_with_enough_in_it_is_told_nothing)
{
    given_patents();
    json_t *report = posted("轻质发泡鞋底", "需要耐磨的发泡鞋底，EVA发泡");
    cr_assert(advice_add(db, &options, report, &error));
    cr_expect_eq(json_array_size(json_object_get(report, "thin")), 0);
}

Test(advice, before_there_are_patents_the_text_alone_tells)
{
    json_t *thin = posted("鞋", "鞋"),
           *rich = posted("轻质发泡鞋底", "需要耐磨的发泡鞋底，EVA发泡");
    cr_assert(advice_add(db, &options, thin, &error) && advice_add(db, &options, rich, &error));
    cr_expect_eq(json_array_size(json_object_get(thin, "thin")), 1);
    cr_expect_eq(json_array_size(json_object_get(rich, "thin")), 0);
}

Test(advice, leads_say_what_of_the_need_their_patent_speaks_of)
{
    struct match_report report;
    given_patents();
    posted("轻质发泡鞋底", "要耐磨，不起皱，厚15 mm，密度0.15 g/cm³");
    cr_assert(match_run(db, &options, &report, &error), "%s", error ? error->message : "");
    match_report_clear(&report);
    static const struct {
        const char *title, *covered, *not_covered;
    } cases[] = {{"轻质发泡鞋底", "轻质 发泡 鞋底 耐磨 15 mm", "起皱 密度 0.15 g/cm³"},
                 {"防水面料", "起皱", "轻质 发泡 鞋底 耐磨 15 mm 密度 0.15 g/cm³"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *rows = testdb_rows(sql_text(
            "SELECT string_agg(a ->> 'text', ' ') FILTER (WHERE (a ->> 'covered')::boolean) AS "
            "yes,"
            " string_agg(a ->> 'text', ' ') FILTER (WHERE NOT (a ->> 'covered')::boolean) AS no"
            " FROM lead l JOIN patent p USING (patent_id), jsonb_array_elements(l.aspects) a "
            "WHERE p.title = '%s'",
            cases[i].title));
        const json_t *row_found = json_array_get(rows, 0);
        cr_expect_str_eq(json_string_value(json_object_get(row_found, "yes")),
                         cases[i].covered);
        cr_expect_str_eq(json_string_value(json_object_get(row_found, "no")),
                         cases[i].not_covered);
    }
}

static char *titles_of_leads(void)
{
    struct match_options all = options;
    struct match_report report;
    all.all = true;
    cr_assert(match_run(db, &all, &report, &error), "%s", error ? error->message : "");
    match_report_clear(&report);
    json_auto_t *rows =
        testdb_rows("SELECT coalesce(string_agg(r ->> 'title', ' '), 'none') AS titles"
                    " FROM lead, jsonb_array_elements(reasons) r");
    return g_strdup(json_string_value(json_object_get(json_array_get(rows, 0), "titles")));
}

Test(advice, a_class_that_has_got_a_title_is_told_with_it)
{
    given_patents();
    load("patent", 1,
         row("{'application_number':'%s','title':'轻质发泡鞋底','ipc':['A43B13/"
             "04'],'applicants':"
             "['甲']}",
             app_number(3)));
    load("need", 1,
         row("{'source_id':'XQ-1','enterprise_uscc':'%s','title':'发泡鞋底','text':'轻质','ipc'"
             ":["
             "'A43B13/04'],'valid_from':'2025-01-01'}",
             uscc(1)));
    g_autofree char *before = titles_of_leads();
    cr_expect_str_eq(before, "none");
    json_auto_t *symbols =
        json_pack("[{s:s, s:s, s:s, s:s}]", "symbol", "A43B13/04", "level", "subgroup",
                  "parent", "A43B13/00", "title", "塑料鞋底〔3〕（其他入A43B5/00）");
    int64_t fresh, changed;
    cr_assert(db_begin(db, DB_ACROSS, 0, &error) &&
                  scheme_store(db, symbols, "2025-06-30T00:00:00Z", &fresh, &changed, &error) &&
                  db_commit(db, &error),
              "%s", error ? error->message : "");
    g_autofree char *after = titles_of_leads();
    cr_expect_str_eq(after, "塑料鞋底");
}
