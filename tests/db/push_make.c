#include "service/push/schedule.h"
#include "sql/feedback.h"
#include "sql/lead.h"
#include "sql/push.h"
#include "tests/db/push_support.h"
#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(push_make, .init = support_begin, .fini = support_end, .timeout = 120);

static const char noon[] = "2026-03-02T04:00:00Z"; /* in Shanghai */

static int held(const struct push_report *report, const char *reason)
{
    return (int)json_integer_value(json_object_get(report->held, reason));
}

static struct push_report make(const char *now)
{
    const struct push_options options = support_options(now);
    return support_make(&options);
}

Test(push_make, an_accepted_lead_becomes_one_push_with_its_event_and_its_outbox_row)
{
    given_enterprise(1, "{}");
    given_enterprise(2, "{}");
    given_webhook(1, "https://hook.example.com/in");
    given_lead(1000, 1, .625, "accepted");
    given_lead(1001, 2, .5, "accepted");
    given_lead(1002, 1, .9, "proposed");
    const struct push_report report = make(noon);
    cr_expect_eq(report.made, 2);
    cr_expect_eq(report.wires, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push WHERE threshold = .2 AND score = 1200 "
                            "AND model = 'm1' AND "
                            "origin_patent_id = patent_id AND jsonb_array_length(reasons) = 1"),
                 2);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM push_event WHERE channel = 'inbox' AND event = 'sent'"),
        2);
    cr_expect_eq(testdb_int("SELECT count(*) FROM outbox o JOIN push p USING (push_id) WHERE "
                            "p.enterprise_id = 1 AND "
                            "body LIKE '{\"type\":\"lead.pushed\"%1000-101%'"),
                 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead WHERE state = 'pushed'"), 2);
    const struct push_report again = make(noon);
    cr_expect_eq(again.made, 0);
}

Test(push_make, a_failure_leaves_neither_push_nor_outbox_row)
{
    const struct push_options options = support_options(noon);
    struct push_report report = {0};
    g_autoptr(GError) error = NULL;
    given_enterprise(1, "{}");
    given_webhook(1, "https://hook.example.com/in");
    given_lead(1000, 1, .5, "accepted");
    testdb_sql("ALTER TABLE outbox ADD CONSTRAINT broken CHECK (body NOT LIKE '%1000%')");
    cr_expect(!push_make_due(support.db, &options, &report, &error));
    push_report_clear(&report);
    cr_expect(error);
    cr_expect_eq(testdb_int("SELECT (SELECT count(*) FROM push) + (SELECT count(*) FROM "
                            "push_event) + (SELECT count(*) FROM outbox)"),
                 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead WHERE state = 'accepted'"), 1);
    testdb_sql("ALTER TABLE outbox DROP CONSTRAINT broken");
    cr_expect_eq(make(noon).made, 1);
}

Test(push_make, what_is_invented_stays_invented_on_the_push)
{
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "accepted");
    testdb_sql("UPDATE enterprise SET invented = true");
    make(noon);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push p JOIN push_event e USING (push_id) "
                            "WHERE p.invented AND e.invented"),
                 1);
}

Test(push_make, the_weekly_limit_of_an_enterprise_holds_best_leads_first)
{
    given_enterprise(1, "{\"weekly_limit\": 2}");
    for (int i = 0; i < 5; i++)
        given_lead(1000 + i, 1, .5 + i * .01, "accepted");
    const struct push_report first = make(noon);
    cr_expect_eq(first.made, 2);
    cr_expect_eq(held(&first, "weekly_limit"), 3);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push WHERE fit > .525"), 2, "the best two");
    const struct push_report later = make("2026-03-09T03:59:59Z");
    cr_expect_eq(later.made, 0, "not a week yet");
    cr_expect_eq(make("2026-03-09T04:00:01Z").made, 2, "a week later");
}

Test(push_make, a_weekly_limit_of_0_means_none)
{
    given_enterprise(1, "{\"weekly_limit\": 0}");
    given_lead(1000, 1, .5, "accepted");
    cr_expect_eq(make(noon).made, 0);
}

Test(push_make, quiet_hours_put_off_the_webhook_and_not_the_inbox)
{
    struct push_options options =
        support_options("2026-03-01T15:00:00Z"); /* 23:00 in Shanghai */
    given_enterprise(1, "{\"quiet\": \"22:00-08:00\"}");
    given_webhook(1, "https://hook.example.com/in");
    given_lead(1000, 1, .5, "accepted");
    options.ignore_quiet = false;
    const struct push_report report = support_run(&options);
    cr_expect_eq(report.made, 1);
    cr_expect_eq(report.retried, 0, "nothing was sent");
    cr_expect_eq(report.waiting, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM outbox WHERE state = 'due' AND "
                            "next_attempt_at = '2026-03-02T00:00:00Z'"),
                 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt"), 0);
}

Test(push_make, a_robot_of_feishu_is_left_alone_at_full_and_half_hours)
{
    struct push_options options = support_options("2026-03-01T02:30:05Z");
    given_enterprise(1, "{}");
    given_webhook(1, "https://hook.example.com/in");
    testdb_sql("UPDATE endpoint SET channel = 'feishu'");
    given_lead(1000, 1, .5, "accepted");
    options.ignore_quiet = false;
    const struct push_report report = support_run(&options);
    cr_expect_eq(report.waiting, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM outbox WHERE channel = 'feishu' AND "
                            "next_attempt_at = '2026-03-01T02:31:00Z'"),
                 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt"), 0);
}

Test(push_make, an_enterprise_that_names_its_channels_gets_no_other)
{
    given_enterprise(1, "{\"channels\": [\"inbox\"]}");
    given_enterprise(2, "{\"channels\": [\"inbox\", \"webhook\"]}");
    given_webhook(1, "https://hook.example.com/in");
    given_webhook(2, "https://hook.example.com/in");
    given_lead(1000, 1, .5, "accepted");
    given_lead(1001, 2, .5, "accepted");
    const struct push_report report = make(noon);
    cr_expect_eq(report.made, 2);
    cr_expect_eq(report.wires, 1);
}

Test(push_make, a_lead_under_the_floor_is_held_back)
{
    given_enterprise(1, "{}");
    given_lead(1000, 1, .19, "accepted");
    const struct push_report report = make(noon);
    cr_expect_eq(report.made, 0);
    cr_expect_eq(held(&report, "below_floor"), 1);
}

Test(push_make, a_patent_goes_to_an_enterprise_once_whichever_need_it_answers)
{
    given_enterprise(1, "{}");
    testdb_sql("INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, "
               "valid_from, change_seq, first_recorded_at, "
               "recorded_at) VALUES (150, 7, 'XQ-B', 1, '鞋底', '鞋底', '2025-01-01', 1, "
               "now(), now())");
    given_lead(1000, 1, .5, "accepted");
    given_lead(1000, 50, .4, "accepted");
    const struct push_report report = make(noon);
    cr_expect_eq(report.made, 1);
    cr_expect_eq(held(&report, "already_pushed"), 1);
    cr_expect_eq(make(noon).made, 0);
}

Test(push_make, more_leads_than_a_transaction_takes_are_all_pushed)
{
    given_enterprise(1, "{}");
    testdb_sql(
        "INSERT INTO patent (patent_id, publication_number, title, change_seq, "
        "first_recorded_at, recorded_at) "
        "SELECT i, 'CN' || i, '一种鞋', 1, now(), now() FROM generate_series(-250, 250) i;"
        "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, rank, "
        "reasons, model, state, change_seq, "
        "proposed_at) SELECT i, 101, 7, 5, .5, .1, 1, '[]', 'm1', 'accepted', 1, now() FROM "
        "generate_series(-250, 250) i");
    cr_expect_eq(make(noon).made, 501);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push"), 501);
}

Test(push_make, several_makers_at_once_make_each_push_once_and_keep_the_limit)
{
    enum { MAKERS = 4 };
    pid_t makers[MAKERS];
    given_enterprise(1, "{\"weekly_limit\": 3}");
    given_enterprise(2, "{}");
    for (int i = 0; i < 30; i++) {
        given_lead(1000 + i, 1, .5, "accepted");
        given_lead(1000 + i, 2, .5, "accepted");
    }
    for (int i = 0; i < MAKERS; i++)
        if ((makers[i] = fork()) == 0) {
            const struct push_options options = support_options(noon);
            struct push_report report = {0};
            _exit(push_make_due(testdb_again(), &options, &report, NULL) ? 0 : 1);
        }
    for (int i = 0; i < MAKERS; i++) {
        int status;
        waitpid(makers[i], &status, 0);
        cr_expect_eq(status, 0);
    }
    cr_expect_eq(testdb_int("SELECT count(*) FROM push WHERE enterprise_id = 2"), 30);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push WHERE enterprise_id = 1"), 3);
}

/* ---- Decisions and answers */

static bool decide(enum lead_verdict verdict, int patent, enum lead_outcome *outcome,
                   GError **error)
{
    const struct lead_id id = {patent, 101};
    const struct lead_decision decision = {
        .verdict = verdict, .by = "王审", .reason = "看过", .now = noon};
    cr_assert(db_begin(support.db, DB_SERVICE, SUPPORT_AGENCY, NULL));
    bool done = lead_decide(support.db, &id, &decision, outcome, error);
    cr_assert(!done || db_commit(support.db, NULL));
    db_rollback(support.db);
    return done;
}

Test(push_make, a_decision_may_be_repeated_and_a_pushed_lead_can_not_be_rejected)
{
    enum lead_outcome outcome;
    g_autoptr(GError) pushed = NULL, missing = NULL;
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "proposed");
    cr_expect(decide(LEAD_ACCEPT, 1000, &outcome, NULL) && outcome == LEAD_DECIDED);
    cr_expect(decide(LEAD_ACCEPT, 1000, &outcome, NULL) && outcome == LEAD_ALREADY);
    cr_expect(decide(LEAD_REJECT, 1000, &outcome, NULL) && outcome == LEAD_DECIDED);
    cr_expect(decide(LEAD_ACCEPT, 1000, &outcome, NULL) && outcome == LEAD_DECIDED);
    cr_expect_eq(make(noon).made, 1);
    cr_expect(!decide(LEAD_REJECT, 1000, &outcome, &pushed));
    cr_expect(g_error_matches(pushed, SQL_ERROR, SQL_ERROR_STATE), "%s",
              pushed ? pushed->message : "");
    cr_expect(!decide(LEAD_ACCEPT, 999, &outcome, &missing));
    cr_expect(g_error_matches(missing, SQL_ERROR, SQL_ERROR_NOT_FOUND));
}

Test(push_make, a_stand_in_accepts_what_is_above_and_is_on_record)
{
    const struct lead_decision decision = {
        .verdict = LEAD_ACCEPT, .by = "stand-in", .reason = "演示", .now = noon};
    int count;
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "proposed");
    given_lead(1001, 1, .39, "proposed");
    given_lead(1002, 1, .9, "rejected");
    cr_assert(db_begin(support.db, DB_ACROSS, 0, NULL));
    cr_assert(lead_accept_above(support.db, 0, .4, &decision, &count, NULL) &&
              db_commit(support.db, NULL));
    cr_expect_eq(count, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead WHERE state = 'accepted' AND patent_id "
                            "= 1000 AND decided_by = 'stand-in' AND "
                            "decision_reason = '演示' AND decided_at = '2026-03-02T04:00:00Z'"),
                 1);
}

Test(push_make, the_queue_lists_best_leads_first_and_by_need)
{
    given_enterprise(1, "{}");
    given_enterprise(2, "{}");
    given_lead(1000, 1, .5, "proposed");
    given_lead(1001, 2, .9, "proposed");
    given_lead(1002, 2, .7, "rejected");
    const struct lead_filter proposed = {.state = "proposed", .limit = 10},
                             second = {.need = "XQ-2", .limit = 10};
    cr_assert(db_begin(support.db, DB_ACROSS, 0, NULL));
    json_auto_t *queue = lead_list(support.db, &proposed, NULL),
                *of_need = lead_list(support.db, &second, NULL);
    cr_expect_eq(json_array_size(queue), 2);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(queue, 0), "lead")),
                     "1001-102");
    cr_expect_eq(json_array_size(of_need), 2);
}

static json_t *answer(int patent, const char *text, const char *now, GError **error)
{
    const struct feedback feedback = {
        .lead = {patent, 101}, .answer = text, .by = "庄", .now = now};
    json_t *kept = NULL;
    cr_assert(db_begin(support.db, DB_SERVICE, SUPPORT_AGENCY, NULL));
    if (feedback_add(support.db, &feedback, &kept, error))
        cr_assert(db_commit(support.db, NULL));
    db_rollback(support.db);
    return kept;
}

Test(push_make, an_answer_is_kept_once_and_implies_that_the_push_was_opened)
{
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "accepted");
    make(noon);
    json_auto_t *first = answer(1000, "interested", "2026-03-03T01:00:00Z", NULL);
    json_auto_t *second = answer(1000, "interested", "2026-03-03T01:00:05Z", NULL);
    cr_expect(json_is_true(json_object_get(first, "recorded")));
    cr_expect(json_is_false(json_object_get(second, "recorded")));
    cr_expect_eq(testdb_int("SELECT count(*) FROM feedback"), 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM push_event WHERE channel = 'inbox' AND event "
                            "IN ('opened', 'answered') AND "
                            "at = '2026-03-03T01:00:00Z'"),
                 2);
    json_decref(answer(1000, "not_fit", "2026-03-04T01:00:00Z", NULL));
    json_decref(answer(1000, "interested", "2026-03-05T01:00:00Z", NULL));
    cr_expect_eq(testdb_int("SELECT count(*) FROM feedback"), 3, "a change of mind, and back");
}

Test(push_make, an_answer_to_a_lead_that_was_never_pushed_is_refused)
{
    g_autoptr(GError) error = NULL;
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "accepted");
    cr_expect_null(answer(1000, "interested", noon, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_NOT_FOUND), "%s",
              error ? error->message : "");
}

Test(push_make, an_answer_to_a_lead_of_a_merged_patent_finds_it)
{
    given_enterprise(1, "{}");
    given_lead(1000, 1, .5, "accepted");
    make(noon);
    testdb_sql(
        "INSERT INTO patent (patent_id, publication_number, title, change_seq, "
        "first_recorded_at, recorded_at) "
        "VALUES (2000, 'CN200', '一种鞋', 1, now(), now()), (1500, 'CN150', '一种鞋', 1, "
        "now(), now());"
        "UPDATE patent SET merged_into = 1500 WHERE patent_id = 1000; UPDATE patent SET "
        "merged_into = 2000 WHERE patent_id = 1500;"
        "INSERT INTO lead SELECT 2000, need_id, agency_id, score, fit, probability, rank, "
        "reasons, model, state, change_seq, "
        "proposed_at FROM lead; INSERT INTO push SELECT 2000, push_id, origin_patent_id, "
        "need_id, agency_id, enterprise_id, score, "
        "fit, probability, threshold, model, reasons, created_at, invented FROM push; DELETE "
        "FROM push_event; "
        "DELETE FROM push WHERE patent_id = 1000; DELETE FROM lead WHERE patent_id = 1000");
    json_auto_t *kept = answer(1000, "interested", noon, NULL);
    cr_assert(kept);
    cr_expect_str_eq(json_string_value(json_object_get(kept, "lead")), "2000-101");
    cr_expect_eq(testdb_int("SELECT count(*) FROM push_event WHERE patent_id = 2000"), 2);
}

Test(push_make, stop_ends_pushes_to_the_enterprise_and_takes_back_what_waits)
{
    given_enterprise(1, "{\"quiet\": \"00:00-24:00\"}");
    given_webhook(1, "https://hook.example.com/in");
    given_lead(1000, 1, .5, "accepted");
    struct push_options options = support_options(noon);
    options.ignore_quiet = false;
    support_run(&options);
    json_auto_t *kept = answer(1000, "stop", "2026-03-03T01:00:00Z", NULL);
    cr_expect_eq(json_integer_value(json_object_get(kept, "withdrawn")), 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM outbox WHERE state = 'dead'"), 1);
    given_lead(1001, 1, .5, "accepted");
    const struct push_report report = make(noon);
    cr_expect_eq(report.made, 0);
    cr_expect_eq(held(&report, "enterprise_stopped"), 1);
}
