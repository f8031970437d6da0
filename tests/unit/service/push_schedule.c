#include "service/push/schedule.h"
#include <criterion/criterion.h>

#define SECOND ((int64_t)1000000)

static int64_t at(const char *text)
{
    int64_t moment;
    cr_assert(schedule_moment_read(text, &moment), "%s", text);
    return moment;
}

Test(push_schedule, ten_attempts_take_75_hours_35_minutes_5_seconds)
{
    static const int64_t waits_s[] = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
    int64_t sum = 0;
    for (int made = 1; made < SCHEDULE_ATTEMPTS; made++) {
        cr_expect_eq(schedule_wait_us(made, 0, 0), waits_s[made - 1] * SECOND, "after %d",
                     made);
        sum += schedule_wait_us(made, 0, 0);
    }
    cr_expect_eq(sum, ((75 * 60 + 35) * 60 + 5) * SECOND);
    cr_expect_eq(schedule_wait_us(SCHEDULE_ATTEMPTS, 0, 0), -1);
    cr_expect_eq(schedule_wait_us(SCHEDULE_ATTEMPTS + 1, 0, .5), -1);
}

Test(push_schedule, jitter_lengthens_a_wait_by_a_tenth_at_most)
{
    cr_expect_eq(schedule_wait_us(2, 0, 0), 300 * SECOND);
    cr_expect_eq(schedule_wait_us(2, 0, .5), 315 * SECOND);
    cr_expect_eq(schedule_wait_us(2, 0, 1), 330 * SECOND);
    cr_expect_eq(schedule_wait_us(2, 0, 7), 330 * SECOND);
}

Test(push_schedule, what_the_receiver_asks_for_is_waited_and_a_day_at_most)
{
    cr_expect_eq(schedule_wait_us(1, 37, 0), 37 * SECOND);
    cr_expect_eq(schedule_wait_us(1, 3, 0), 5 * SECOND, "never less than the schedule");
    cr_expect_eq(schedule_wait_us(1, 999999, 0), 86400 * SECOND);
    cr_expect_eq(schedule_wait_us(1, -5, 0), 5 * SECOND);
}

Test(push_schedule, quiet_hours_are_read_or_refused)
{
    static const struct {
        const char *text;
        bool good;
        int from, to;
    } rows[] = {
        {"22:00-08:00", true, 1320, 480},
        {" 21:30 - 07:30 ", true, 1290, 450},
        {"00:00-24:00", true, 0, 1440},
        {"", true, 0, 0},
        {NULL, true, 0, 0},
        {"22-8", false, 0, 0},
        {"22:00-08:60", false, 0, 0},
        {"25:00-08:00", false, 0, 0},
        {"22:00–08:00", false, 0, 0},
        {"22:00-08:00x", false, 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int from = -1, to = -1;
        bool good = schedule_quiet_read(rows[i].text, &from, &to);
        cr_expect_eq(good, rows[i].good, "%s", rows[i].text);
        cr_expect(!good || (from == rows[i].from && to == rows[i].to), "%s: %d %d",
                  rows[i].text, from, to);
    }
}

Test(push_schedule, nothing_goes_out_before_the_quiet_hours_of_Shanghai_end)
{
    static const struct {
        const char *quiet, *at, *then; /* UTC; Shanghai is 8 hours ahead */
    } rows[] = {
        {"22:00-08:00", "2026-03-01T13:59:59Z", "2026-03-01T13:59:59Z"}, /* 21:59:59 there */
        {"22:00-08:00", "2026-03-01T14:00:00Z", "2026-03-02T00:00:00Z"}, /* 22:00 */
        {"22:00-08:00", "2026-03-01T16:30:00Z",
         "2026-03-02T00:00:00Z"}, /* 00:30 of the next day */
        {"22:00-08:00", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z"}, /* 07:59:59 */
        {"22:00-08:00", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"}, /* 08:00 */
        {"12:00-14:00", "2026-03-01T05:00:00Z", "2026-03-01T06:00:00Z"}, /* 13:00 */
        {"12:00-14:00", "2026-03-01T06:00:00Z", "2026-03-01T06:00:00Z"}, /* 14:00 */
        {"00:00-24:00", "2026-03-01T06:00:00Z", "2026-03-01T16:00:00Z"}, /* all day */
        {"08:00-08:00", "2026-03-01T06:00:00Z", "2026-03-01T06:00:00Z"}, /* no time at all */
        {"unreadable", "2026-03-01T16:00:00Z", "2026-03-01T16:00:00Z"},
        {NULL, "2026-03-01T16:00:00Z", "2026-03-01T16:00:00Z"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t then = schedule_after_quiet(rows[i].quiet, at(rows[i].at));
        g_autofree char *text = schedule_moment_text(then);
        cr_expect_eq(then, at(rows[i].then), "row %zu: %s", i, text);
    }
}

Test(push_schedule, a_platform_is_left_alone_around_full_and_half_hours)
{
    static const struct {
        int crowd_s;
        const char *at, *then;
    } rows[] = {
        {60, "2026-03-01T09:59:49Z", "2026-03-01T09:59:49Z"},
        {60, "2026-03-01T09:59:50Z", "2026-03-01T10:01:00Z"},
        {60, "2026-03-01T10:00:00Z", "2026-03-01T10:01:00Z"},
        {60, "2026-03-01T10:00:59.999999Z", "2026-03-01T10:01:00Z"},
        {60, "2026-03-01T10:01:00Z", "2026-03-01T10:01:00Z"},
        {60, "2026-03-01T17:30:12.5Z", "2026-03-01T17:31:00Z"},
        {60, "2026-03-01T17:45:00Z", "2026-03-01T17:45:00Z"},
        {0, "2026-03-01T17:30:00Z", "2026-03-01T17:30:00Z"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t then = schedule_after_crowd(rows[i].crowd_s, at(rows[i].at));
        g_autofree char *text = schedule_moment_text(then);
        cr_expect_eq(then, at(rows[i].then), "row %zu: %s", i, text);
    }
}

Test(push_schedule, moments_are_read_as_they_are_written_and_as_PostgreSQL_writes_them)
{
    g_autofree char *text = schedule_moment_text(at("2026-03-01T08:00:00.123456Z"));
    cr_expect_str_eq(text, "2026-03-01T08:00:00.123456Z");
    cr_expect_eq(at("2026-03-01 16:00:00.123456+08"), at("2026-03-01T08:00:00.123456Z"));
    cr_expect_eq(at("2026-03-01 08:00:00.123456+00"), at("2026-03-01T08:00:00.123456Z"));
    cr_expect_eq(at("2026-03-01 08:00:00+00"), at("2026-03-01T08:00:00Z"));
    int64_t moment;
    cr_expect(!schedule_moment_read("yesterday", &moment));
}
