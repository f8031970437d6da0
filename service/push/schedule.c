#include "service/push/schedule.h"

#define SECOND ((int64_t)1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define CROWD_EARLY (10 * SECOND) /* clocks differ */

static const int64_t waits[SCHEDULE_ATTEMPTS] = {
    0,        5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR,
    5 * HOUR, 10 * HOUR,  14 * HOUR,  20 * HOUR,   24 * HOUR,
};

int64_t schedule_wait_us(int made, int64_t retry_after_s, double random)
{
    if (made < 0 || made >= SCHEDULE_ATTEMPTS)
        return -1;
    int64_t asked = CLAMP(retry_after_s, 0, DAY / SECOND) * SECOND;
    int64_t wait = MAX(waits[made], asked);
    return wait + (int64_t)((double)wait * .1 * CLAMP(random, 0, 1));
}

static bool read_minute(const char *text, int *out)
{
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) || text[2] != ':' ||
        !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
        return false;
    int hour = (text[0] - '0') * 10 + text[1] - '0',
        minute = (text[3] - '0') * 10 + text[4] - '0';
    *out = hour * 60 + minute;
    return minute < 60 && *out <= 24 * 60;
}

bool schedule_quiet_read(const char *text, int *from_minute, int *to_minute)
{
    *from_minute = *to_minute = 0;
    if (!text || !*text)
        return true;
    g_autofree char *squeezed = g_strdup(text);
    char *end = squeezed;
    for (const char *c = text; *c; c++)
        if (*c != ' ')
            *end++ = *c;
    *end = '\0';
    if (end - squeezed != 11 || squeezed[5] != '-')
        return false;
    return read_minute(squeezed, from_minute) && read_minute(squeezed + 6, to_minute);
}

int64_t schedule_after_quiet(const char *quiet, int64_t at_us)
{
    int from, to;
    if (!schedule_quiet_read(quiet, &from, &to) || from == to)
        return at_us;
    int64_t local = at_us + 8 * HOUR;
    int64_t midnight = local - ((local % DAY) + DAY) % DAY;
    /* The quiet time that began yesterday, and today's. */
    for (int day = -1; day <= 0; day++) {
        int64_t start = midnight + day * DAY + from * MINUTE;
        int64_t end = midnight + day * DAY + to * MINUTE + (to < from ? DAY : 0);
        if (local >= start && local < end)
            return end - 8 * HOUR;
    }
    return at_us;
}

int64_t schedule_after_crowd(int crowd_s, int64_t at_us)
{
    int64_t early = crowd_s ? CROWD_EARLY : 0;
    int64_t since = (at_us + early) % (HOUR / 2); /* since ten seconds before it */
    int64_t crowd = early + crowd_s * SECOND;
    return since < crowd ? at_us + crowd - since : at_us;
}

char *schedule_moment_text(int64_t at_us)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(at_us / SECOND);
    g_autofree char *text = g_date_time_format(second, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%06dZ", text, (int)(at_us % SECOND));
}

bool schedule_moment_read(const char *text, int64_t *out)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, NULL);
    if (!moment)
        return false;
    *out = g_date_time_to_unix(moment) * SECOND + g_date_time_get_microsecond(moment);
    return true;
}
