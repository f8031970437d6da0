#include "sql/outbox.h"
#include "tests/db/push_support.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(push_send, .init = support_begin, .fini = support_end, .timeout = 180);

static void given_pushes(int count)
{
    given_enterprise(1, "{}");
    given_webhook(1, NULL);
    for (int i = 0; i < count; i++)
        given_lead(1000 + i, 1, .5, "accepted");
}

static int64_t accepted_events(void)
{
    return testdb_int(
        "SELECT count(*) FROM push_event WHERE channel = 'webhook' AND event = 'accepted'");
}

static int64_t rows_in(const char *state)
{
    g_autofree char *query =
        g_strdup_printf("SELECT count(*) FROM outbox WHERE state = '%s'", state);
    return testdb_int(query);
}

/* Moves the clock of what waits. */
static void wait_is_over(void)
{
    testdb_sql(
        "UPDATE outbox SET next_attempt_at = now() - interval '1 second' WHERE state = 'due';"
        "UPDATE endpoint SET hold_until = NULL");
}

Test(push_send, a_receiver_that_checks_the_signature_takes_each_push_once)
{
    given_receiver(NULL);
    given_pushes(70);
    const struct push_options options = support_options(NULL);
    const struct push_report report = support_run(&options);
    cr_expect_eq(report.made, 70);
    cr_expect_eq(report.accepted, 70);
    cr_expect_eq(report.waiting, 0);
    cr_expect_eq(rows_in("done"), 70);
    cr_expect_eq(accepted_events(), 70);
    cr_expect_eq(logged("verified", true), 70);
    cr_expect_eq(logged_ids(), 70);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt WHERE outcome = 'accepted' AND "
                            "status = 200 AND number = 1"),
                 70);
    const struct push_report again = support_run(&options);
    cr_expect_eq(again.accepted, 0);
}

Test(push_send, two_workers_at_once_send_each_push_once)
{
    pid_t workers[3];
    given_receiver(NULL);
    given_pushes(120);
    const struct push_options options = support_options(NULL);
    for (int i = 0; i < 3; i++)
        if ((workers[i] = fork()) == 0) {
            struct push_report report = {0};
            _exit(push_run(testdb_again(), &options, &report, NULL) ? 0 : 1);
        }
    for (int i = 0; i < 3; i++) {
        int status;
        waitpid(workers[i], &status, 0);
        cr_expect_eq(status, 0);
    }
    cr_expect_eq(testdb_int("SELECT count(*) FROM push"), 120);
    cr_expect_eq(accepted_events(), 120);
    cr_expect_eq(logged(NULL, true), 120);
    cr_expect_eq(logged("duplicate", true), 0);
}

Test(push_send, a_worker_killed_while_it_sends_loses_nothing_and_counts_nothing_twice)
{
    const char *const answers[] = {"--answer", "*=slow:1", NULL};
    given_receiver(answers);
    for (int i = 0; i < 40;
         i++) { /* four to each of ten: as many as are on their way at once */
        if (i % 4 == 0) {
            given_enterprise(1 + i / 4, "{}");
            given_webhook(1 + i / 4, NULL);
        }
        given_lead(1000 + i, 1 + i / 4, .5, "accepted");
    }
    const struct push_options options = support_options(NULL);
    pid_t worker = fork();
    if (worker == 0) {
        struct push_report report = {0};
        _exit(push_run(testdb_again(), &options, &report, NULL) ? 0 : 1);
    }
    for (int i = 0; i < 1000 && logged(NULL, true) < 40; i++)
        g_usleep(10 * 1000);
    kill(worker, SIGKILL);
    waitpid(worker, NULL, 0);
    cr_expect_eq(rows_in("leased"), 40, "in the dead worker's hands");
    for (int i = 0;
         i < 500 && testdb_int("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") > 0;
         i++)
        g_usleep(10 * 1000);
    const struct push_report report = support_run(&options);
    cr_expect(report.accepted == 40 || report.retried > 0);
    wait_is_over();
    support_run(&options);
    cr_expect_eq(accepted_events(), 40);
    cr_expect_eq(rows_in("done"), 40);
    cr_expect_eq(logged_ids(), 40);
}

Test(push_send, an_acceptance_that_was_lost_on_the_way_is_sent_again_and_counted_once)
{
    const char *const answers[] = {"--answer", "*=late:1", NULL};
    given_receiver(answers);
    given_pushes(3);
    const struct push_options options = support_options(NULL);
    const struct push_report first = support_run(&options);
    cr_expect_eq(first.retried, 3);
    cr_expect_eq(accepted_events(), 0);
    wait_is_over();
    const struct push_report second = support_run(&options);
    cr_expect_eq(second.accepted, 3);
    cr_expect_eq(accepted_events(), 3);
    cr_expect_eq(logged_ids(), 3);
    cr_expect_eq(logged("duplicate", true), 3, "the receiver knows the ids");
}

Test(push_send, a_receiver_that_is_killed_gets_the_rest_when_it_is_back)
{
    given_receiver(NULL);
    given_pushes(5);
    stop_receiver(SIGKILL);
    const struct push_options options = support_options(NULL);
    const struct push_report down = support_run(&options);
    cr_expect_eq(down.retried, 5);
    cr_expect_eq(down.waiting, 5);
    cr_expect(down.next);
    given_receiver(NULL);
    wait_is_over();
    support_run(&options);
    cr_expect_eq(logged_ids(), 5);
    cr_expect_eq(accepted_events(), 5);
}

Test(push_send, a_failure_is_tried_again_by_the_schedule_and_then_a_dead_letter)
{
    const char *const answers[] = {"--answer", "*=500", NULL};
    given_receiver(answers);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    for (int attempt = 1; attempt <= 10; attempt++) {
        const struct push_report report = support_run(&options);
        cr_expect_eq(report.retried, attempt < 10, "attempt %d", attempt);
        cr_expect_eq(report.dead, attempt == 10, "attempt %d", attempt);
        wait_is_over();
    }
    cr_expect_eq(rows_in("dead"), 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt WHERE status = 500"), 10);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM push_event WHERE channel = 'webhook' AND event = 'failed'"),
        1);
    cr_expect_eq(accepted_events(), 0);
}

static bool replay_all(GError **error)
{
    bool good = true;
    cr_assert(db_begin(support.db, DB_ACROSS, 0, NULL));
    json_auto_t *dead = outbox_dead(support.db, 0, NULL, 0, NULL);
    for (size_t i = 0; i < json_array_size(dead) && good; i++)
        good =
            outbox_replay(support.db, json_array_get(dead, i), "2026-03-01T00:00:00Z", error);
    cr_assert(db_commit(support.db, NULL));
    return good;
}

Test(push_send, a_dead_letter_is_put_back_with_a_new_schedule)
{
    const char *const answers[] = {"--answer", "*=500:1", NULL};
    given_receiver(answers);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    support_run(&options);
    testdb_sql("UPDATE outbox SET attempts = 10, state = 'dead'");
    cr_assert(replay_all(NULL));
    cr_expect_eq(testdb_int("SELECT attempts FROM outbox WHERE state = 'due'"), 0);
    cr_expect_eq(support_run(&options).accepted, 1);
    cr_expect_eq(accepted_events(), 1);
    cr_expect_eq(testdb_int("SELECT max(number) FROM attempt"), 2);
}

Test(push_send, an_endpoint_that_is_gone_is_turned_off_and_what_waits_is_dead)
{
    const char *const answers[] = {"--answer", "*=410", NULL};
    g_autoptr(GError) error = NULL;
    given_receiver(answers);
    given_pushes(40);
    const struct push_options options = support_options(NULL);
    const struct push_report report = support_run(&options);
    cr_expect_geq(report.off, 1);
    cr_expect_eq(rows_in("dead"), 40);
    int seen = logged(NULL, true);
    cr_expect(seen >= 1 && seen <= 4, "%d: those on their way, then no more", seen);
    cr_expect_eq(testdb_int("SELECT count(*) FROM endpoint WHERE disabled_reason LIKE '%410%'"),
                 1);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM push_event WHERE channel = 'webhook' AND event = 'failed'"),
        40);
    cr_expect(!replay_all(&error), "there is no endpoint in use");
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_STATE));
    stop_receiver(SIGTERM);
    given_receiver(NULL);
    given_webhook(1, NULL);
    cr_assert(replay_all(NULL));
    const struct push_options back = support_options(NULL);
    cr_expect_eq(support_run(&back).accepted, 40);
}

Test(push_send, what_the_receiver_asks_to_wait_is_waited)
{
    const char *const answers[] = {"--answer", "*=429", "--retry-after", "600", NULL};
    given_receiver(answers);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    cr_expect_eq(support_run(&options).retried, 1);
    cr_expect_eq(testdb_int("SELECT (next_attempt_at BETWEEN now() + interval '590 s' AND "
                            "now() + interval '661 s')::int FROM outbox"),
                 1);
}

Test(push_send, a_redirect_is_not_followed)
{
    const char *const answers[] = {"--answer", "*=redirect", NULL};
    given_receiver(answers);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    cr_expect_eq(support_run(&options).retried, 1);
    cr_expect_eq(logged("followed", true), 0);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM attempt WHERE status = 301 AND error LIKE 'a redirect%'"),
        1);
}

Test(push_send, a_connection_that_is_cut_and_a_body_without_end_do_no_harm)
{
    const char *const answers[] = {"--answer", "*=reset:1", "--answer", "*=endless:2", NULL};
    given_receiver(answers);
    given_pushes(2);
    const struct push_options options = support_options(NULL);
    cr_expect_eq(support_run(&options).retried, 2);
    wait_is_over();
    cr_expect_eq(support_run(&options).accepted, 2, "the status has come; the rest is cut off");
    cr_expect_eq(testdb_int("SELECT max(length(answer)) FROM attempt"), 512);
    cr_expect_eq(accepted_events(), 2);
}

Test(push_send, a_private_address_is_refused_where_the_socket_opens_and_the_endpoint_turned_off)
{
    g_autofree char *private = NULL, *name = NULL;
    given_receiver(NULL);
    private = g_strdup_printf("https://127.0.0.1:%d/hook", support.port);
    name = g_strdup_printf("https://localhost:%d/hook", support.port);
    given_enterprise(1, "{}");
    given_enterprise(2, "{}");
    given_webhook(1, private);
    given_webhook(2, name);
    given_lead(1000, 1, .5, "accepted");
    given_lead(1000, 2, .5, "accepted");
    struct push_options options = support_options(NULL);
    options.allow_private = "127.0.0.1:1, localhost:1";
    const struct push_report report = support_run(&options);
    cr_expect_eq(report.off, 2);
    cr_expect_eq(rows_in("dead"), 2);
    cr_expect_eq(logged(NULL, true), 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt WHERE outcome = 'endpoint_off' AND "
                            "status IS NULL AND error LIKE '%private%'"),
                 2);
}

Test(push_send, plain_http_goes_only_to_what_the_configuration_allows)
{
    given_receiver(NULL);
    given_pushes(1);
    struct push_options options = support_options(NULL);
    options.allow_private = NULL;
    cr_expect_eq(support_run(&options).retried, 1);
    cr_expect_eq(logged(NULL, true), 0);
}

Test(push_send, a_proxy_of_the_environment_is_not_used)
{
    given_receiver(NULL);
    given_pushes(1);
    g_setenv("http_proxy", "http://127.0.0.1:9", TRUE);
    g_setenv("all_proxy", "http://127.0.0.1:9", TRUE);
    const struct push_options options = support_options(NULL);
    cr_expect_eq(support_run(&options).accepted, 1);
}

Test(push_send, a_secret_sealed_under_another_key_is_a_failure_of_that_row_alone)
{
    given_receiver(NULL);
    given_pushes(1);
    given_enterprise(2, "{}");
    given_webhook(2, NULL);
    given_lead(1000, 2, .5, "accepted");
    testdb_sql("UPDATE endpoint SET secret_sealed = '\\x00' WHERE enterprise_id = 1");
    const struct push_options options = support_options(NULL);
    const struct push_report report = support_run(&options);
    cr_expect_eq(report.accepted, 1);
    cr_expect_eq(report.retried, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt WHERE error LIKE '%sealed%'"), 1);
}

Test(push_send, an_acceptance_of_a_push_whose_patent_was_merged_meanwhile_is_kept)
{
    given_receiver(NULL);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    support_make(&options);
    testdb_sql("INSERT INTO patent (patent_id, publication_number, title, change_seq, "
               "first_recorded_at, recorded_at) "
               "VALUES (2000, 'CN200', '一种鞋', 1, now(), now()); UPDATE patent SET "
               "merged_into = 2000 WHERE patent_id = 1000;"
               "INSERT INTO push SELECT 2000, push_id, origin_patent_id, need_id, agency_id, "
               "enterprise_id, score, fit, probability, "
               "threshold, model, reasons, created_at, invented FROM push; DELETE FROM "
               "push_event; DELETE FROM push WHERE patent_id = 1000");
    cr_expect_eq(support_run(&options).accepted, 1);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM push_event WHERE patent_id = 2000 AND event = 'accepted'"),
        1);
}

static int64_t failures_of(int number)
{
    g_autofree char *query = g_strdup_printf(
        "SELECT failures FROM endpoint p JOIN enterprise e USING (enterprise_id) WHERE e.uscc "
        "= (SELECT uscc FROM enterprise ORDER BY enterprise_id LIMIT 1 OFFSET %d)",
        number - 1);
    return testdb_int(query);
}

Test(push_send, a_breaker_opens_after_five_failures_and_one_trial_closes_it)
{
    const char *const answers[] = {"--answer", "*=500", NULL};
    given_receiver(answers);
    given_pushes(30);
    const struct push_options options = support_options(NULL);
    for (int i = 0; i < 4; i++) {
        testdb_sql("UPDATE outbox SET next_attempt_at = now() - interval '1 second' WHERE "
                   "state = 'due'");
        support_run(&options);
    }
    int tried = logged(NULL, true);
    cr_expect(tried >= 5 && tried <= 8, "%d tried before it opened", tried);
    cr_expect_geq(failures_of(1), 5);
    cr_expect_eq(testdb_int("SELECT count(*) FROM endpoint WHERE hold_until > now() + "
                            "interval '50 seconds'"),
                 1);
    wait_is_over(); /* half open: one trial, which fails, and it is shut for twice as long */
    support_run(&options);
    cr_expect_eq(logged(NULL, true), tried + 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM endpoint WHERE hold_until > now() + "
                            "interval '100 seconds'"),
                 1);
    stop_receiver(SIGTERM);
    given_receiver(NULL);
    wait_is_over(); /* the trial succeeds: the rest follows */
    const struct push_options back = support_options(NULL);
    cr_expect_eq(support_run(&back).accepted, 30);
    cr_expect_eq(failures_of(1), 0);
    cr_expect_eq(accepted_events(), 30);
}

Test(push_send, what_asks_to_wait_holds_all_of_its_endpoint_and_is_no_failure)
{
    const char *const answers[] = {"--answer", "*=429", "--retry-after", "600", NULL};
    given_receiver(answers);
    given_pushes(20);
    const struct push_options options = support_options(NULL);
    const struct push_report report = support_run(&options);
    cr_expect(report.retried >= 1 && report.retried <= 4, "%d", report.retried);
    cr_expect_eq(failures_of(1), 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM endpoint WHERE hold_until > now() + "
                            "interval '590 seconds'"),
                 1);
    support_run(&options);
    cr_expect_eq(logged(NULL, true), report.retried, "nothing goes there meanwhile");
}

Test(push_send, the_log_has_request_and_answer_and_nothing_secret)
{
    given_receiver(NULL);
    given_pushes(1);
    const struct push_options options = support_options(NULL);
    support_run(&options);
    g_autoptr(GError) error = NULL;
    cr_assert(db_begin(support.db, DB_ACROSS, 0, &error));
    json_auto_t *rows = outbox_log(support.db, &(struct outbox_question){.limit = 10}, &error);
    db_rollback(support.db);
    cr_assert_eq(json_array_size(rows), 1);
    const json_t *row = json_array_get(rows, 0);
    const char *request = json_string_value(json_object_get(row, "request"));
    cr_assert(request);
    cr_expect(strstr(request, "POST http://127.0.0.1:") && strstr(request, "webhook-id: msg_"),
              "%s", request);
    cr_expect(strstr(request, "lead.pushed"));
    cr_expect_not(strstr(request, "v1,") || strstr(request, "signature"), "%s", request);
    cr_expect(strlen(request) <= 610 && g_utf8_validate(request, -1, NULL));
    cr_expect_eq(json_integer_value(json_object_get(row, "status")), 200);
    cr_expect_str_eq(json_string_value(json_object_get(row, "outcome")), "accepted");
}

Test(push_send, what_arrived_can_be_sent_again_since_a_moment_and_counts_once)
{
    given_receiver(NULL);
    given_pushes(12);
    g_autoptr(GError) error = NULL;
    const struct push_options options = support_options(NULL);
    support_run(&options);
    cr_assert(db_begin(support.db, DB_ACROSS, 0, &error));
    g_autofree char *now = db_clock(support.db, &error);
    json_auto_t *none = outbox_replayable(support.db, 0, NULL, now, &error);
    cr_expect_eq(json_array_size(none), 0, "nothing was made since now");
    json_auto_t *all = outbox_replayable(support.db, 0, NULL, "2020-01-01", &error);
    cr_expect_eq(json_array_size(all), 12);
    for (size_t i = 0; i < json_array_size(all); i++)
        cr_expect(outbox_replay(support.db, json_array_get(all, i), now, &error), "%s",
                  error ? error->message : "");
    cr_assert(db_commit(support.db, &error));
    cr_expect_eq(support_run(&options).accepted, 12);
    cr_expect_eq(accepted_events(), 12, "counted once");
    cr_expect_eq(logged("duplicate", true), 12, "under the same ids");
    cr_expect_eq(testdb_int("SELECT count(*) FROM attempt"), 24);
}
