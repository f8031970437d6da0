#include "service/http/html.h"
#include "service/common/zone.h"
#include <string.h>

void html_add(GString *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_markup_vprintf_escaped(format, args);
    va_end(args);
    g_string_append(out, text);
}

void html_both(GString *out, const char *zh, const char *en)
{
    html_add(out, "%s <span class=\"en\" lang=\"en\">%s</span>", zh, en);
}

void html_both_of(GString *out, const json_t *both)
{
    html_both(out, html_text(both, "zh"), html_text(both, "en"));
}

void html_invented(GString *out, json_int_t count)
{
    g_autofree char *number = html_count(count);
    html_add(out, " <span class=\"mark invented\">虚构%s%s</span>", count > 0 ? " " : "",
             count > 0 ? number : "");
}

char *html_count(json_int_t number)
{
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%" JSON_INTEGER_FORMAT, number);
    gssize first = number < 0 ? 1 : 0;
    for (gssize at = (gssize)out->len - 3; at > first; at -= 3)
        g_string_insert_c(out, at, ',');
    return g_string_free(out, FALSE);
}

char *html_yuan(json_int_t fen)
{
    json_int_t size = fen < 0 ? -fen : fen;
    g_autofree char *whole = html_count(size / 100);
    return g_strdup_printf("%s%s.%02d 元", fen < 0 ? "-" : "", whole, (int)(size % 100));
}

static GDateTime *read_moment(const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    return g_date_time_new_from_iso8601(text, utc);
}

char *html_moment(const char *text)
{
    g_autoptr(GDateTime) moment = read_moment(text);
    g_autoptr(GDateTime) local = moment ? g_date_time_to_timezone(moment, zone_china()) : NULL;
    return local ? g_date_time_format(local, "%Y-%m-%d %H:%M:%S") : g_strdup(text);
}

gint64 html_moment_us(const char *text)
{
    g_autoptr(GDateTime) moment = read_moment(text);
    return moment ? g_date_time_to_unix(moment) * G_USEC_PER_SEC +
                        g_date_time_get_microsecond(moment)
                  : 0;
}

const char *html_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

json_int_t html_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

bool html_is(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}
