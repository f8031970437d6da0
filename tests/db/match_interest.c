/* P(interested): what is learned from answers reaches leads and pushes; what is too little does not. */
#include "service/steps/interest.h"
#include "service/steps/match.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

enum { FIRMS = 12, LEADS = 6 };
static GError *error;
static struct db *db;

/* Firms with a need each, and leads of them: good ones and bad ones. */
static void given_leads(void)
{
    db = loading_open();
    for (int firm = 0; firm < FIRMS; firm++) {
        load("enterprise", 1,
             row("{'uscc':'%s','name':'第%d公司','division_code':'350582'}", uscc(firm + 1),
                 firm));
        load("need", 1,
             row("{'source_id':'XQ-%d','enterprise_uscc':'%s','title':'轻质发泡鞋底%d','text':'"
                 "需要轻质发泡鞋底，耐磨',"
                 "'valid_from':'2025-01-01'}",
                 firm, uscc(firm + 1), firm));
    }
    for (int i = 0; i < LEADS; i++)
        load("patent", 1,
             row("{'application_number':'%s','title':'轻质发泡鞋底%d','abstract':'公开了%s','"
                 "applicants':['甲%d']}",
                 app_number(i + 1), i, i % 2 ? "一种耐磨的轻质发泡鞋底" : "一种鞋", i));
}

static struct match_report report;
static void matched(void)
{
    struct match_options options = {.agency_id = 1, .today = "2025-06-30", .k = LEADS};
    cr_assert(match_run(db, &options, &report, &error), "%s", error ? error->message : "");
    match_report_clear(&report); /* its numbers stay */
}

/* Every lead is answered: those of the first half of ranks mostly with yes. */
static void answered(int firms)
{
    testdb_sql(sql_text("INSERT INTO feedback (patent_id, feedback_id, need_id, agency_id, "
                        "enterprise_id, answer, given_by, at)"
                        " SELECT l.patent_id, gen_random_uuid(), l.need_id, 1, n.enterprise_id,"
                        " CASE WHEN l.rank <= 3 AND split_part(n.source_id, '-', 2)::int %% 4 "
                        "> 0 OR l.rank = 5 AND "
                        "split_part(n.source_id, '-', 2)::int %% 3 = 0 THEN 'interested' ELSE "
                        "'not_fit' END, 'test', now()"
                        " FROM lead l JOIN need n USING (need_id) WHERE n.source_id IN (SELECT "
                        "'XQ-' || i FROM generate_series(0, %d) i)",
                        firms - 1));
}

static double lead_probability(int rank)
{
    json_auto_t *rows = testdb_rows(
        sql_text("SELECT avg(probability)::float8 AS p FROM lead WHERE rank = %d", rank));
    return json_number_value(json_object_get(json_array_get(rows, 0), "p"));
}

Test(interest_learned, too_few_answers_leave_the_prior)
{
    given_leads();
    matched();
    answered(2);
    json_t *out = NULL;
    cr_expect_not(interest_learn(db, 1, &out, &error));
    cr_expect(error && strstr(error->message, "too few answers"), "%s",
              error ? error->message : "");
    cr_expect_eq(testdb_int("SELECT count(*) FROM interest_model"), 0);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM lead WHERE certainty ->> 'basis' = 'prior, not learned'"),
        testdb_int("SELECT count(*) FROM lead"));
}

Test(interest_learned, what_was_learned_weighs_all_leads_anew_and_is_named)
{
    given_leads();
    matched();
    double first = lead_probability(1), last = lead_probability(LEADS);
    answered(FIRMS);
    json_auto_t *out = NULL;
    cr_assert(interest_learn(db, 1, &out, &error), "%s", error ? error->message : "");
    cr_expect_eq(json_integer_value(json_object_get(out, "version")), 1);
    cr_expect_eq(json_integer_value(json_object_get(out, "answers")), FIRMS * LEADS);
    matched();
    cr_expect_eq(report.searched, FIRMS, "all needs, though nothing else has changed");
    cr_expect_gt(lead_probability(1), first + .1, "the first are wanted: %.2f after %.2f",
                 lead_probability(1), first);
    cr_expect_lt(lead_probability(LEADS) / lead_probability(1), last / first,
                 "the last are not");
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead WHERE model = '" MATCH_MODEL
                            "+answers-1' AND (certainty ->> 'low')::float8 < probability"
                            " AND (certainty ->> 'high')::float8 > probability AND (certainty "
                            "->> 'answers')::int = 72"),
                 testdb_int("SELECT count(*) FROM lead"));
    matched();
    cr_expect_eq(report.searched, 0, "and nothing a second time");
}

Test(interest_learned, another_agency_learns_nothing_from_it)
{
    given_leads();
    matched();
    answered(FIRMS);
    json_auto_t *out = NULL;
    cr_assert(interest_learn(db, 1, &out, &error));
    struct interest_state state = {0};
    cr_assert(db_begin(db, DB_SERVICE, 2, &error));
    cr_assert(interest_read(db, 2, &state, &error));
    db_rollback(db);
    cr_expect_not(state.is_learned);
}
