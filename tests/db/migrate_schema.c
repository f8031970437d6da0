/* An empty database becomes a whole installation, once, whoever else tries; nothing edited or newer is touched. */
#include "sql/migrate.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct migrate_report migrated(struct db *db)
{
    g_autoptr(GError) error = NULL;
    struct migrate_report report;
    cr_assert(migrate_run(db, &report, &error), "%s", error ? error->message : "");
    return report;
}

static void expect_refused(struct db *db, const char *word)
{
    struct migrate_report report;
    g_autoptr(GError) error = NULL;
    cr_assert_not(migrate_run(db, &report, &error), "it ran");
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_SCHEMA), "%s", error->message);
    cr_expect(strstr(error->message, word), "%s does not say %s", error->message, word);
}

static bool is_complete(struct db *db)
{
    g_autoptr(GError) error = NULL;
    bool complete = migrate_check(db, &error);
    cr_expect(complete || g_error_matches(error, SQL_ERROR, SQL_ERROR_SCHEMA));
    return complete;
}

Test(migrate_schema, an_empty_database_becomes_a_whole_installation)
{
    g_autoptr(db_t) db = testdb_empty();
    cr_expect_not(is_complete(db), "an empty database passed for complete");
    struct migrate_report report = migrated(db);
    cr_expect_eq(report.applied, report.total);
    cr_expect_geq(report.total, 4);
    cr_expect(report.views_changed);
    cr_expect(is_complete(db));
    cr_expect_eq(testdb_int("SELECT count(*) FROM pg_class WHERE relname IN ('patent', 'lead', "
                            "'decision', 'deal_right')"),
                 4);
    cr_expect_eq(testdb_int("SELECT count(*) FROM pg_proc WHERE proname = 'metric_patents'"),
                 1);
}

Test(migrate_schema, a_second_run_does_nothing)
{
    g_autoptr(db_t) db = testdb_open();
    testdb_sql("INSERT INTO agency (agency_id, code, name, change_seq, first_recorded_at, "
               "recorded_at) VALUES (1, 'JJ01', '桥汐', 1, "
               "now(), now())");
    struct migrate_report report = migrated(db);
    cr_expect_eq(report.applied, 0);
    cr_expect_not(report.views_changed);
    cr_expect_eq(testdb_int("SELECT count(*) FROM agency"), 1);
}

/* Exit code: how many migrations ran; 100 when it failed. */
static pid_t migrate_in_a_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct migrate_report report;
        struct db *db = testdb_again();
        _exit(migrate_run(db, &report, NULL) ? report.applied : 100);
    }
    return child;
}

Test(migrate_schema, two_at_once_end_in_one_installation)
{
    g_autoptr(db_t) db = testdb_empty();
    int total = 0;
    pid_t children[2];
    for (int i = 0; i < 2; i++)
        children[i] = migrate_in_a_child();
    for (int i = 0; i < 2; i++) {
        int status;
        waitpid(children[i], &status, 0);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) < 100, "one of them failed");
        total += WEXITSTATUS(status);
    }
    cr_expect(is_complete(db));
    cr_expect_eq(total, migrated(db).total, "%d migrations ran", total);
}

Test(migrate_schema, an_edited_migration_is_refused)
{
    g_autoptr(db_t) db = testdb_open();
    testdb_sql(
        "UPDATE schema_migration SET digest = 'another' WHERE name = '0002-distribution'");
    cr_assert_eq(testdb_int("SELECT count(*) FROM schema_migration WHERE digest = 'another'"),
                 1);
    expect_refused(db, "0002-distribution");
    cr_expect_not(is_complete(db), "an edited migration passed the check");
}

Test(migrate_schema, a_newer_database_is_refused)
{
    g_autoptr(db_t) db = testdb_open();
    testdb_sql("INSERT INTO schema_migration (name, digest) VALUES ('9999-later', 'x')");
    expect_refused(db, "newer");
    cr_expect_not(is_complete(db), "a newer database passed the check");
}

Test(migrate_schema, views_are_replaced_when_they_changed)
{
    g_autoptr(db_t) db = testdb_open();
    testdb_sql("UPDATE schema_migration SET digest = 'before' WHERE name = 'views'; DROP VIEW "
               "deal_right CASCADE");
    cr_expect_not(is_complete(db), "old views passed the check");
    struct migrate_report report = migrated(db);
    cr_expect_eq(report.applied, 0);
    cr_expect(report.views_changed);
    cr_expect(is_complete(db));
    cr_expect_eq(testdb_int("SELECT count(*) FROM pg_class WHERE relname = 'deal_right'"), 1);
}

Test(migrate_schema, a_migration_that_fails_leaves_nothing_behind)
{
    g_autoptr(db_t) db = testdb_empty();
    testdb_sql("CREATE TABLE lead (x int)"); /* in the way of 0001 */
    struct migrate_report report;
    g_autoptr(GError) error = NULL;
    cr_assert_not(migrate_run(db, &report, &error));
    cr_expect_eq(
        testdb_int("SELECT count(*) FROM pg_class WHERE relname IN ('agency', 'patent')"), 0);
    testdb_sql("DROP TABLE lead");
    cr_expect_eq(migrated(db).applied, report.total);
}
