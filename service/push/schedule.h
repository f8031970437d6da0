/* schedule.h - when a push goes out: retries, quiet hours. Pure: the moment and the random number come in.
 *
 * Moments are microseconds since 1970, UTC. Quiet hours are those of Asia/Shanghai, eight hours ahead all year. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Standard Webhooks' example: the first attempt at once, then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h after one
 * another: 75:35:05 in all. */
enum { SCHEDULE_ATTEMPTS = 10 };

/* How long to wait after `made` attempts (1…), in microseconds; -1 when there are no more. Never less than the schedule's time
 * or what the receiver asked for (retry_after_s; 0: nothing; capped at a day), and up to a tenth longer by `random` (0…1), so
 * that what failed together does not come back together. */
int64_t schedule_wait_us(int made, int64_t retry_after_s, double random);

/* Reads "22:00-08:00". False when it is not that; nothing said ("" or NULL) is understood as never. */
bool schedule_quiet_read(const char *text, int *from_minute, int *to_minute);

/* The first moment not before `at_us` that lies outside of the quiet hours. Hours that can't be read are no hours. */
int64_t schedule_after_quiet(const char *quiet, int64_t at_us);

/* The first moment not before `at_us` that lies off the full and half hours: neither in the ten seconds before one, for clocks
 * differ, nor in so many seconds after it. crowd_s 0: any moment will do. */
int64_t schedule_after_crowd(int crowd_s, int64_t at_us);

/* "2026-03-01T08:00:00.123456Z". The caller frees. */
char *schedule_moment_text(int64_t at_us);
/* Reads that, and what PostgreSQL writes ("2026-03-01 08:00:00.123456+00"). */
bool schedule_moment_read(const char *text, int64_t *out);
