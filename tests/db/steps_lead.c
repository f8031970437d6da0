/* Who leads a step: one at a time, and nothing is written under an old number. */
#include "sql/agencies.h"
#include "sql/lead.h"
#include "sql/notice.h"
#include "sql/step.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

static GError *error;

static int64_t lead(struct db *db, const char *who)
{
    int64_t fence = -1;
    cr_assert(step_lead(db, "match", who, &fence, &error), "%s", error->message);
    return fence;
}

static bool begins(struct db *db, enum db_role role)
{
    g_autoptr(GError) why = NULL;
    bool begun = db_begin(db, role, 1, &why);
    cr_expect(begun || g_error_matches(why, SQL_ERROR, SQL_ERROR_FENCED), "%s",
              begun ? "" : why->message);
    db_rollback(db);
    return begun;
}

Test(steps, one_leads_until_it_leaves)
{
    struct db *one = testdb_open(), *other = testdb_again();
    cr_expect_eq(lead(one, "one:1"), 1);
    cr_expect_eq(lead(other, "other:2"), 0);
    step_leave(one, "match");
    cr_expect_eq(lead(other, "other:2"), 2);
    cr_expect_eq(lead(one, "one:1"), 0);
    db_close(one);
    db_close(other);
}

Test(steps, a_session_that_ends_leaves_its_step_to_others)
{
    struct db *one = testdb_open(), *other = testdb_again();
    cr_expect_eq(lead(one, "one:1"), 1);
    db_close(one);
    int64_t fence = 0;
    for (int i = 0; i < 100 && !fence; i++, g_usleep(20000))
        fence = lead(other, "other:2");
    cr_expect_eq(fence, 2);
    db_close(other);
}

Test(steps, nothing_is_written_under_an_old_number)
{
    struct db *one = testdb_open(), *other = testdb_again(), *late = testdb_again();
    int64_t fence = lead(one, "one:1");
    db_fence(late, "match",
             fence); /* a second session of the same leader, which outlives the first */
    cr_expect(begins(one, DB_SERVICE) && begins(late, DB_SERVICE) && begins(late, DB_ACROSS));
    step_leave(one, "match");
    cr_expect_eq(lead(other, "other:2"), fence + 1);
    cr_expect_not(begins(late, DB_SERVICE));
    cr_expect_not(begins(late, DB_ACROSS));
    cr_expect(begins(other, DB_ACROSS));
    cr_expect(begins(one, DB_ACROSS), "a session that leads nothing writes as ever");
    const struct step_run run = {"match", fence, 1, NULL, NULL};
    cr_expect_not(step_note(one, &run, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_FENCED), "%s", error->message);
    g_clear_error(&error);
    bool leads = true;
    cr_expect(step_beat(one, "match", fence, &leads, &error));
    cr_expect_not(leads);
    db_close(one);
    db_close(other);
    db_close(late);
}

Test(steps, a_silent_leader_is_deposed_and_one_that_gave_a_sign_is_not)
{
    struct db *one = testdb_open(), *other = testdb_again();
    bool ended = true, leads;
    int64_t fence = lead(one, "one:1");
    int64_t beats = testdb_int("SELECT beats FROM step");
    cr_assert(step_beat(other, "match", fence, &leads, &error) && leads);
    cr_assert(step_depose(other, "match", fence, beats, &ended, &error));
    cr_expect_not(ended, "it gave a sign since");
    cr_assert(db_begin(one, DB_ACROSS, 0, &error)); /* in the middle of a transaction */
    cr_assert(step_depose(other, "match", fence, beats + 1, &ended, &error));
    cr_expect(ended);
    int64_t next = 0;
    for (int i = 0; i < 100 && !next; i++, g_usleep(20000))
        next = lead(other, "other:2");
    cr_expect_eq(next, fence + 1);
    cr_expect_not(db_commit(one, &error), "what it would still write is refused");
    g_clear_error(&error);
    db_close(one);
    db_close(other);
}

static void take_topic(const char *topic, void *user)
{
    g_string_append_printf(user, "%s ", topic);
}

Test(steps, who_listens_is_told_of_what_is_committed_and_of_nothing_else)
{
    struct db *one = testdb_open(), *other = testdb_again();
    g_autoptr(GString) told = g_string_new(NULL);
    cr_assert(notice_listen(other, &error));
    cr_assert(db_begin(one, DB_ACROSS, 0, &error));
    notice_tell(one, "lead");
    db_rollback(one);
    cr_assert(db_begin(one, DB_ACROSS, 0, &error) && db_commit(one, &error));
    cr_assert(notice_wait(other, 200, take_topic, told, &error));
    cr_expect_str_eq(told->str, "");
    cr_assert(db_begin(one, DB_ACROSS, 0, &error));
    notice_tell(one, "lead");
    cr_assert(db_commit(one, &error));
    cr_assert(notice_wait(other, 2000, take_topic, told, &error));
    cr_expect_str_eq(told->str, "lead ");
    db_close(one);
    db_close(other);
}
