/* Coming in: attempts and waiting, sessions and their ends, passwords, codes, links, and what the ledger is told. The clock is ours. */
#include "sql/account.h"
#include "sql/credential.h"
#include "sql/internal.h"
#include "sql/signin.h"
#include "sql/signin_link.h"
#include "sql/signin_session.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

static struct db *db;
static GError *error;

#define OK(call) cr_assert((call), "%s", error ? error->message : "")

/* 08:00 and so many seconds, of a day. The caller of more than eight at once is wrong. */
static const char *at(int seconds)
{
    static char texts[8][40];
    static int next;
    char *text = texts[next++ % 8];
    g_autoptr(GDateTime) day = g_date_time_new_utc(2026, 3, 1, 8, 0, 0);
    g_autoptr(GDateTime) moment = g_date_time_add_seconds(day, seconds);
    g_autofree char *said = g_date_time_format(moment, "%Y-%m-%d %H:%M:%S+00");
    g_strlcpy(text, said, sizeof texts[0]);
    return text;
}

static void open_one(void)
{
    bool added;
    db = testdb_open();
    testdb_sql(
        "INSERT INTO agency (agency_id, code, name, change_seq, first_recorded_at, "
        "recorded_at) "
        "VALUES (1, 'JJ01', '桥汐', 1, now(), now()), (2, 'JJ02', '砺知', 1, now(), now());"
        "INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, "
        "change_seq, first_recorded_at, recorded_at) "
        "VALUES (7, 'U7', '岚桥', '岚桥', '350582', 1, now(), now())");
    OK(account_add(db, "小李", "agency_clerk", 1, false, &added, &error));
    const struct credential given = {.account = "小李", .hash = "$hash$", .reason = "test"};
    OK(credential_set(db, &given, at(0), &error));
}

static const struct signin_from from = {"小李", "n:li", "a:home", "b:li-home"};

static int wait_of(const struct signin_from *whose, int seconds)
{
    int wait_s = -1;
    OK(signin_take(db, whose, at(seconds), &wait_s, &error));
    return wait_s;
}

static bool comes_in(const char *id, int64_t step, int seconds)
{
    bool done;
    const struct signin_session session = {.id = id,
                                           .digest = "d",
                                           .account = "小李",
                                           .password_hash = "$hash$",
                                           .totp_step = step,
                                           .idle_s = 600,
                                           .life_s = 3600};
    OK(signin_succeed(db, &session, &from, at(seconds), &done, &error));
    return done;
}

/* The role that a session has at this moment; "": none goes on. */
static char *role_at(const char *id, int seconds)
{
    json_auto_t *row = signin_session_find(db, id, "d", at(seconds), &error);
    OK(row);
    const char *role = json_string_value(json_object_get(row, "role"));
    return g_strdup(role ? role : "");
}

static void expect_role(const char *id, int seconds, const char *wanted)
{
    g_autofree char *role = role_at(id, seconds);
    cr_expect_str_eq(role, wanted, "%s after %d s: '%s', not '%s'", id, seconds, role, wanted);
}

/* ---- Waiting */

Test(signin_come, failures_have_to_wait_twice_as_long_each_time_and_never_for_ever)
{
    open_one();
    int now = 0;
    for (int i = 0; i < 4; i++)
        cr_expect_eq(wait_of(&from, now), 0, "failure %d is free", i + 1);
    cr_expect_eq(wait_of(&from, now), 0, "the fifth is looked at, and then:");
    for (int wait = 2; wait <= 1024; wait *= 2) {
        int wanted = MIN(wait, 900);
        cr_expect_eq(wait_of(&from, now), wanted, "after %d s", now);
        cr_expect_eq(wait_of(&from, now + wanted - 1), 1,
                     "what is tried meanwhile does not add to it");
        now += wanted;
        cr_expect_eq(wait_of(&from, now), 0, "then one may try");
    }
    cr_expect_eq(wait_of(&from, now), 900, "the most there is");
    cr_expect_eq(wait_of(&from, now + 5000), 0);
    cr_expect_eq(wait_of(&from, now + 5000), 0, "an hour without one forgets them");
}

Test(signin_come, a_stranger_makes_strangers_wait_and_not_the_person_at_the_usual_place)
{
    open_one();
    const struct signin_from stranger = {"小李", "n:li", "a:far", "b:li-far"},
                             nobody = {"没有人", "n:none", "a:other", "b:none"};
    cr_assert_eq(wait_of(&from, 0), 0);
    cr_assert(comes_in("s1", 0, 0), "the person came in from home once");
    for (int i = 0; i < 5; i++)
        wait_of(&stranger, 10);
    cr_expect_eq(wait_of(&stranger, 10), 2);
    cr_expect_eq(wait_of(&from, 10), 0, "home is counted by itself");
    cr_assert(comes_in("s2", 0, 10));
    for (int i = 0; i < 5; i++)
        wait_of(&nobody, 20);
    cr_expect_eq(wait_of(&nobody, 20), 2, "names that are nobody's wait as others do");
}

Test(signin_come, an_address_waits_whatever_names_it_tries)
{
    open_one();
    for (int i = 0; i < 20; i++) {
        g_autofree char *name = g_strdup_printf("n:%d", i), *both = g_strdup_printf("b:%d", i);
        const struct signin_from guess = {"x", name, "a:far", both};
        cr_expect_eq(wait_of(&guess, i), 0, "guess %d", i);
    }
    const struct signin_from more = {"x", "n:more", "a:far", "b:more"},
                             unsaid = {"x", "n:more", "", "b:more"};
    cr_expect_geq(wait_of(&more, 20), 1);
    cr_expect_eq(wait_of(&unsaid, 20), 0, "where no address is said none is counted");
}

Test(signin_come, a_success_forgets_the_names_failures)
{
    open_one();
    for (int i = 0; i < 4; i++)
        wait_of(&from, 0);
    wait_of(&from, 0);
    cr_assert_eq(wait_of(&from, 2), 0);
    cr_assert(comes_in("s1", 0, 2));
    for (int i = 0; i < 5; i++)
        cr_expect_eq(wait_of(&from, 3), 0, "free again: %d", i);
}

Test(signin_come, what_nobody_looked_at_is_not_counted)
{
    open_one();
    for (int i = 0; i < 30; i++) {
        cr_expect_eq(wait_of(&from, i), 0, "attempt %d", i);
        OK(signin_untake(db, &from, &error));
    }
}

/* ---- Sessions */

Test(signin_come, a_session_ends_by_its_time_without_use_and_by_itself)
{
    open_one();
    cr_assert(comes_in("s1", 0, 0));
    expect_role("s1", 0, "agency_clerk");
    expect_role("s1", 599, "agency_clerk");
    expect_role("s1", 1198, "agency_clerk");
    expect_role("s1", 1198 + 600, "");
    cr_assert(comes_in("s2", 0, 0));
    for (int second = 0; second < 3600; second += 500)
        expect_role("s2", second, "agency_clerk");
    expect_role("s2", 3599, "agency_clerk");
    expect_role("s2", 3600, "");
    json_auto_t *row = signin_session_find(db, "s2", "e", at(3599), &error);
    cr_expect(json_is_null(row), "another secret");
}

Test(signin_come, another_role_or_none_holds_from_the_next_request_on)
{
    open_one();
    cr_assert(comes_in("s1", 0, 0));
    OK(account_change(db, &(struct account_change){.name = "小李", .role = "official"},
                      &error));
    expect_role("s1", 1, "official");
    OK(account_change(
        db, &(struct account_change){.name = "小李", .sets_use = true, .disabled = true},
        &error));
    expect_role("s1", 2, "");
    cr_expect_not(comes_in("s2", 0, 2), "nor does a new one begin");
    OK(account_change(db, &(struct account_change){.name = "小李", .sets_use = true}, &error));
    expect_role("s1", 3, "official");
    testdb_sql(
        "UPDATE account SET role = 'agency_manager'"); /* bound to no agency: it would see them all */
    expect_role("s1", 4, "");
    json_auto_t *read = signin_read(db, "小李", &error);
    cr_expect(json_is_null(read));
    OK(account_remove(db, "小李", 0, &error));
    cr_expect_eq(testdb_int("SELECT count(*) FROM session WHERE ended_at IS NULL"), 0);
}

Test(signin_come, an_account_of_another_agency_is_not_changed)
{
    open_one();
    cr_expect_not(account_change(
        db, &(struct account_change){.name = "小李", .of_agency = 2, .role = "official"},
        &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_NOT_FOUND));
    g_clear_error(&error);
    cr_expect_not(account_remove(db, "小李", 2, &error));
    g_clear_error(&error);
    const struct credential other = {
        .account = "小李", .of_agency = 2, .hash = "$x$", .reason = "t"};
    cr_expect_not(credential_set(db, &other, at(1), &error));
    g_clear_error(&error);
    cr_expect_not(credential_totp(db, "小李", 2, NULL, false, at(1), &error));
    g_clear_error(&error);
    cr_expect_eq(testdb_int("SELECT count(*) FROM credential WHERE password_hash = '$hash$'"),
                 1);
}

Test(signin_come, another_password_ends_all_sessions_but_the_one_that_changed_it)
{
    open_one();
    const struct credential fresh = {.account = "小李",
                                     .hash = "$new$",
                                     .before = "$hash$",
                                     .keep = "s1",
                                     .reason = "t"},
                            stale = {.account = "小李",
                                     .hash = "$x$",
                                     .before = "$hash$",
                                     .reason = "t"};
    cr_assert(comes_in("s1", 0, 0) && comes_in("s2", 0, 0));
    OK(credential_set(db, &fresh, at(1), &error));
    expect_role("s1", 2, "agency_clerk");
    expect_role("s2", 2, "");
    cr_expect_not(comes_in("s3", 0, 2), "the password that was looked at is another by now");
    cr_expect_not(credential_set(db, &stale, at(2), &error));
    g_clear_error(&error);
}

Test(signin_come, signing_out_everywhere_ends_ones_own_and_nobody_elses)
{
    bool added;
    int count = 0;
    open_one();
    cr_assert(comes_in("s1", 0, 0) && comes_in("s2", 0, 0));
    OK(account_add(db, "小王", "agency_clerk", 1, false, &added, &error));
    testdb_sql(
        "INSERT INTO session (session_id, digest, account, address, made_at, used_at, idle_s, "
        "ends_at) SELECT 'w', digest, '小王', "
        "address, made_at, used_at, idle_s, ends_at FROM session WHERE session_id = 's1'");
    const struct signin_whose whose = {.account = "小李"};
    OK(signin_session_end_all(db, &whose, NULL, at(1), &count, &error));
    cr_expect_eq(count, 2);
    expect_role("s1", 1, "");
    expect_role("w", 1, "agency_clerk");
}

/* ---- Codes */

Test(signin_come, a_code_is_taken_once_and_none_before_it)
{
    bool done;
    open_one();
    g_autoptr(GBytes) sealed = g_bytes_new("sealed", 6);
    OK(credential_totp(db, "小李", 0, sealed, false, at(0), &error));
    json_auto_t *offered = signin_read(db, "小李", &error);
    cr_expect(json_is_false(json_object_get(offered, "totp")),
              "not asked for before it is confirmed");
    OK(credential_totp_confirm(db, "小李", 100, at(1), &done, &error));
    cr_expect(done);
    OK(credential_totp_confirm(db, "小李", 100, at(1), &done, &error));
    cr_expect_not(done);
    json_auto_t *row = signin_read(db, "小李", &error);
    cr_expect(json_is_true(json_object_get(row, "totp")));
    cr_expect_str_eq(json_string_value(json_object_get(row, "totp_sealed")), "7365616c6564");
    cr_expect_not(comes_in("s1", 100, 2), "taken before");
    cr_expect_not(comes_in("s1", 99, 2), "an earlier one");
    cr_expect(comes_in("s1", 101, 2));
    cr_expect_not(comes_in("s2", 101, 2));
}

/* ---- Links */

static bool uses(const char *link, const char *session, int seconds)
{
    bool done;
    const struct signin_by_link by = {.link = link,
                                      .id = session,
                                      .digest = "d",
                                      .address = "",
                                      .idle_s = 86400,
                                      .life_s = 86400};
    OK(signin_link_use(db, &by, at(seconds), &done, &error));
    return done;
}

Test(signin_come, a_link_signs_its_enterprise_in_once)
{
    open_one();
    const struct signin_invitation invitation = {"l1", 1, 7, "小李", 100},
                                   late = {"l2", 1, 7, "小李", 100};
    g_autofree char *ends = NULL, *ends_late = NULL;
    OK(signin_link_add(db, &invitation, at(0), &ends, &error));
    OK(signin_link_add(db, &late, at(0), &ends_late, &error));
    json_auto_t *about = signin_link_about(db, "l1", at(1), &error);
    cr_expect_str_eq(json_string_value(json_object_get(about, "enterprise")), "岚桥");
    cr_expect(uses("l1", "s1", 1), "looking at it changed nothing");
    cr_expect_not(uses("l1", "s2", 1), "twice");
    cr_expect_not(uses("l2", "s3", 100), "over");
    cr_expect_not(uses("l3", "s4", 1), "never made");
    json_auto_t *row = signin_session_find(db, "s1", "d", at(2), &error);
    cr_expect_str_eq(json_string_value(json_object_get(row, "role")), "enterprise");
    cr_expect_str_eq(json_string_value(json_object_get(row, "enterprise_id")), "7");
    cr_expect_str_eq(json_string_value(json_object_get(row, "agency")), "JJ01");
    cr_expect(json_is_null(json_object_get(row, "account")));
}

Test(signin_come, an_enterprise_that_came_by_a_link_makes_one_account)
{
    open_one();
    const struct signin_invitation invitation = {"l1", 1, 7, "小李", 100},
                                   second = {"l2", 1, 7, "小李", 100};
    g_autofree char *ends = NULL, *later = NULL;
    OK(signin_link_add(db, &invitation, at(0), &ends, &error));
    OK(signin_link_add(db, &second, at(0), &later, &error));
    cr_assert(uses("l1", "s1", 1) && uses("l2", "s2", 1));
    struct credential_first first = {"s1", "小李", "$e$", 1, 7};
    cr_expect_not(credential_first(db, &first, at(2), &error), "a name that is another's");
    g_clear_error(&error);
    first.name = "岚桥";
    OK(credential_first(db, &first, at(2), &error));
    expect_role("s1", 3, "enterprise");
    cr_expect_eq(testdb_int("SELECT count(*) FROM account WHERE name = '岚桥' AND "
                            "enterprise_id = 7 AND agency_id = 1"),
                 1);
    const struct credential_first again = {"s2", "岚桥二", "$e$", 1, 7};
    cr_expect_not(credential_first(db, &again, at(3), &error),
                  "whoever has another link does not make a second");
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_CONFLICT));
    g_clear_error(&error);
}

/* ---- The ledger */

static int64_t entries(const char *reason)
{
    g_autofree char *query =
        g_strdup_printf("SELECT count(*) FROM ledger WHERE body::jsonb ->> 'kind' = 'sign_in' "
                        "AND body::jsonb ->> 'reason' LIKE '%s'",
                        reason);
    return testdb_int(query);
}

Test(signin_come, every_sign_in_is_in_the_ledger_and_a_flood_of_failures_is_two_entries)
{
    open_one();
    cr_assert(comes_in("s1", 0, 0));
    cr_expect_eq(entries("password"), 1);
    for (int i = 0; i < 300; i++) {
        OK(signin_fail(db, i % 3 ? "小李" : NULL, at(i), &error));
        if (i % 50 == 0)
            OK(signin_sweep(db, at(i), &error));
    }
    cr_expect_eq(entries("failed at%"), 2, "one a name, one for all names that are nobody's");
    cr_expect_eq(entries("% failed from%"), 0, "not over yet");
    OK(signin_sweep(db, at(299 + 601), &error));
    cr_expect_eq(entries("200 failed from%"), 1);
    cr_expect_eq(entries("100 failed from%"), 1);
    OK(signin_fail(db, "小李", at(2000), &error));
    OK(signin_sweep(db, at(2000), &error));
    OK(signin_sweep(db, at(2700), &error));
    cr_expect_eq(entries("failed at%"), 3);
    cr_expect_eq(entries("% failed from%"), 2, "one alone was told when it was made");
    for (int i = 0; i < 7300; i += 300) {
        OK(signin_fail(db, "小李", at(3000 + i), &error));
        OK(signin_sweep(db, at(3000 + i), &error));
    }
    cr_expect_geq(entries("% failed from%"), 3, "one that goes on is told of each hour");
}

Test(signin_come, a_change_of_rights_is_in_the_ledger_with_who_made_it)
{
    open_one();
    db_sign(db, "林管", "root");
    OK(account_change(
        db, &(struct account_change){.name = "小李", .role = "official", .reason = "official"},
        &error));
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger WHERE body::jsonb @> '{\"kind\": "
                            "\"account\", \"who\": \"林管\", \"subject\": \"小李\", "
                            "\"reason\": \"official\", \"rows\": 1}'"),
                 1);
}

/* ---- Who may read it */

Test(signin_come, no_role_but_one_reads_passwords_and_sessions)
{
    open_one();
    static const enum db_role roles[] = {DB_SERVICE, DB_ACROSS, DB_READONLY};
    static const char *const statements[] = {
        "SELECT password_hash FROM credential", "SELECT digest FROM session",
        "SELECT subject FROM signin_attempt", "SELECT link FROM signin_link",
        "UPDATE credential SET password_hash = 'x'"};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(statements); k++) {
            g_autoptr(GError) why = NULL;
            cr_assert(db_begin(db, roles[i], 1, &why));
            cr_expect_not(db_do(db, statements[k], 0, NULL, "try", &why), "role %zu: %s", i,
                          statements[k]);
            cr_expect(g_error_matches(why, SQL_ERROR, SQL_ERROR_DENIED), "%s",
                      why ? why->message : "");
            db_rollback(db);
        }
    g_autoptr(GError) why = NULL;
    cr_assert(db_begin(db, DB_SIGNIN, 0, &why));
    cr_expect(db_do(db, statements[0], 0, NULL, "try", &why));
    cr_expect_not(db_do(db, "UPDATE ledger SET body = 'x'", 0, NULL, "try", &why),
                  "the ledger is only appended to");
    db_rollback(db);
}

Test(signin_come, an_agency_lists_its_own_accounts_alone)
{
    bool added;
    open_one();
    OK(account_add(db, "小王", "agency_clerk", 2, false, &added, &error));
    OK(account_add(db, "陈科", "official", 0, false, &added, &error));
    cr_assert(db_begin(db, DB_SERVICE, 2, &error));
    json_auto_t *rows = account_list(db, NULL, NULL, 0, &error);
    db_rollback(db);
    cr_assert_eq(json_array_size(rows), 1);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(rows, 0), "name")),
                     "小王");
}
