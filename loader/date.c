#include "loader/date.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include <stdlib.h>
#include <string.h>

/* Takes up to `max` digits as a number; NULL when there are fewer than `min`. */
static const char *take_number(const char *text, size_t min, size_t max, int *out)
{
    size_t n = strspn(text, "0123456789");
    if (n < min || n > max)
        return NULL;
    *out = (int)strtol(text, NULL, 10);
    return text + n;
}

/* One of the marks between year, month and day, the same in both places. */
static const char *take_mark(const char *text, const char *mark)
{
    return text && g_str_has_prefix(text, mark) ? text + strlen(mark) : NULL;
}

static const char *take_separated(const char *text, const char *first, const char *second,
                                  const char *last, int ymd[3])
{
    const char *at = take_number(text, 4, 4, &ymd[0]);
    at = take_mark(at, first);
    at = at ? take_number(at, 1, 2, &ymd[1]) : NULL;
    at = take_mark(at, second);
    at = at ? take_number(at, 1, 2, &ymd[2]) : NULL;
    return take_mark(at, last);
}

static const char *take_compact(const char *text, int ymd[3])
{
    int all;
    const char *end = take_number(text, 8, 8, &all);
    ymd[0] = end ? all / 10000 : 0;
    ymd[1] = end ? all / 100 % 100 : 0;
    ymd[2] = end ? all % 100 : 0;
    return end;
}

/* Nothing, or a time of day without a zone. */
static bool is_time(const char *text)
{
    int h, m, s = 0;
    if (*text == '\0')
        return true;
    text += *text == 'T' || *text == ' ';
    while (*text == ' ')
        text++;
    const char *at = take_number(text, 1, 2, &h);
    at = take_mark(at, ":");
    at = at ? take_number(at, 2, 2, &m) : NULL;
    if (at && *at == ':')
        at = take_number(at + 1, 2, 2, &s);
    if (at && *at == '.')
        at += 1 + strspn(at + 1, "0123456789");
    return at && *at == '\0' && h < 24 && m < 60 && s < 60;
}

static const char *take_date(const char *text, int ymd[3])
{
    static const char *const marks[][3] = {
        {"-", "-", ""}, {".", ".", ""}, {"/", "/", ""}, {"年", "月", "日"}, {"年", "月", "号"}};
    const char *end = take_compact(text, ymd);
    for (size_t i = 0; !end && i < sizeof marks / sizeof *marks; i++)
        end = take_separated(text, marks[i][0], marks[i][1], marks[i][2], ymd);
    return end;
}

/* 45123 -> the day it stands for in a spreadsheet; false for other texts. */
static bool date_say_serial(const char *text, struct problem *problem)
{
    int days;
    const char *end = take_number(text, 5, 5, &days);
    if (!end || (*end != '\0' && *end != '.') || days < 20000 || days > 80000)
        return true;
    GDate *date = g_date_new_dmy(30, G_DATE_DECEMBER, 1899);
    g_date_add_days(date, (guint)days);
    char shown[DATE_LEN];
    g_snprintf(shown, sizeof shown, "%04d-%02d-%02d", g_date_get_year(date),
               g_date_get_month(date), g_date_get_day(date));
    g_date_free(date);
    return say(problem, CODE_BAD_DATE, SAY_DATE_SERIAL, text, shown, NULL);
}

/* A day as it will be stored: nothing is to be done about it. */
static bool is_stored_form(const char *text)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return false;
    if (text[sizeof form - 1] != '\0')
        return false;
    int year =
        (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    int month = (text[5] - '0') * 10 + text[6] - '0',
        day = (text[8] - '0') * 10 + text[9] - '0';
    return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

bool date_read(const char *text, char out[DATE_LEN], struct problem *problem)
{
    if (is_stored_form(text)) {
        g_strlcpy(out, text, DATE_LEN);
        return true;
    }
    g_autofree char *normal = text_normal(text);
    int ymd[3] = {0, 0, 0};
    const char *end = take_date(normal, ymd);
    g_autofree char *year = g_strdup_printf("%04d", ymd[0]);
    if (!end && !date_say_serial(normal, problem))
        return false;
    if (!end || !is_time(end))
        return say(problem, CODE_BAD_DATE, SAY_DATE_FORM, normal, NULL);
    if (!g_date_valid_dmy((GDateDay)ymd[2], (GDateMonth)ymd[1], (GDateYear)ymd[0]) ||
        ymd[1] > 12)
        return say(problem, CODE_BAD_DATE, SAY_DATE_IMPOSSIBLE, normal, NULL);
    if (ymd[0] < 1900 || ymd[0] > 2200)
        return say(problem, CODE_BAD_DATE, SAY_DATE_YEAR, normal, year, NULL);
    g_snprintf(out, DATE_LEN, "%04d-%02d-%02d", ymd[0] % 10000, ymd[1] % 100, ymd[2] % 100);
    return true;
}
