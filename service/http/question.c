#include "service/http/question.h"
#include <string.h>

enum { KEY_MOST = 128 };

static bool wrong(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool wrong(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

/* ---- Values */

static bool is_day(const char *text)
{
    int year, month, day, len = 0;
    return strlen(text) == 10 &&
           sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &len) == 3 && len == 10 &&
           year > 0 && month > 0 && month <= 12 && day > 0 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

/* A day, or a moment with its offset. */
static bool is_moment(const char *text)
{
    if (is_day(text))
        return true;
    g_autofree char *day = g_strndup(text, 10);
    g_autoptr(GDateTime) at = is_day(day) ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    return at != NULL;
}

static bool is_word(const char *const *words, const char *text)
{
    return g_strv_contains(words, text);
}

bool question_is_value(const struct param *param, const char *text)
{
    gint64 number;
    switch (param->type) {
    case PARAM_TEXT:
        return *text && strlen(text) <= 1024;
    case PARAM_WORD:
        return is_word(param->words, text);
    case PARAM_NUMBER:
        return strlen(text) <= 19 &&
               g_ascii_string_to_signed(text, 10, param->least, param->most, &number, NULL);
    case PARAM_DAY:
        return is_day(text);
    case PARAM_MOMENT:
        return is_moment(text);
    }
    return false;
}

/* ---- Parameters */

static const struct param *param_of(const struct route *route, const char *name)
{
    for (size_t i = 0; i < ROUTE_PARAMS_MOST && route->params[i]; i++)
        if (g_str_equal(route->params[i]->name, name))
            return route->params[i];
    return NULL;
}

static bool check_arg(const struct call *call, const char *name, const char *value,
                      GError **error)
{
    const struct kind_of_record *kind = call->places.kind;
    const struct param *param = param_of(call->route, name);
    if (!g_utf8_validate(name, -1, NULL) || !g_utf8_validate(value, -1, NULL))
        return wrong(error, "a parameter is not UTF-8");
    if (param)
        return question_is_value(param, value) ||
               wrong(error, "the parameter %s can't be '%s'", name, value);
    if (call->route->filters && kind && g_strv_contains(kind->filters, name))
        return true;
    return wrong(error, "there is no parameter '%s' here", name);
}

static bool check_args(const struct call *call, GError **error)
{
    GHashTableIter iter;
    gpointer name, value;
    if (call->request->args_repeat)
        return wrong(error, "a parameter stands there twice");
    if (!call->request->args)
        return true;
    for (g_hash_table_iter_init(&iter, call->request->args);
         g_hash_table_iter_next(&iter, &name, &value);)
        if (!check_arg(call, name, value, error))
            return false;
    return true;
}

/* ---- Headers */

static bool check_key(const struct call *call, GError **error)
{
    const char *key = call->request->headers[HEADER_IDEMPOTENCY_KEY];
    if (!key)
        return true;
    if (!call->route->repeats)
        return wrong(error,
                     "an Idempotency-Key is of no use here: asking again changes nothing");
    for (const char *c = key; *c; c++)
        if (*c <= ' ' || *c > '~')
            return wrong(error, "an Idempotency-Key is 1 to 128 visible ASCII characters");
    return (*key && strlen(key) <= KEY_MOST) ||
           wrong(error, "an Idempotency-Key is 1 to 128 visible ASCII characters");
}

#define MEDIA_WORKBOOK "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static bool check_media(const struct call *call, GError **error)
{
    static const char *const of_json[] = {"application/json", "application/merge-patch+json",
                                          NULL},
                             *const of_file[] = {"application/x-ndjson",
                                                 "application/jsonl",
                                                 "application/json",
                                                 "text/csv",
                                                 "text/tab-separated-values",
                                                 "application/xml",
                                                 MEDIA_WORKBOOK,
                                                 NULL},
                             *const of_form[] = {"application/x-www-form-urlencoded",
                                                 "multipart/form-data", NULL},
                             *const of_mail[] = {"message/rfc822", NULL};
    const char *const *taken = call->route->body == BODY_FILE   ? of_file
                               : call->route->body == BODY_FORM ? of_form
                               : call->route->body == BODY_MAIL ? of_mail
                                                                : of_json;
    const char *type = call->request->headers[HEADER_CONTENT_TYPE];
    const char *coding = call->request->headers[HEADER_CONTENT_ENCODING];
    if (call->route->body == BODY_NONE || call->route->body == BODY_PAPER ||
        call->request->body_len == 0)
        return true;
    g_autofree char *name = g_strndup(type ? type : "", strcspn(type ? type : "", "; \t"));
    g_autofree char *small = g_ascii_strdown(name, -1);
    if (g_strv_contains(taken, small) &&
        (!coding || g_ascii_strcasecmp(coding, "identity") == 0))
        return true;
    g_autofree char *list = g_strjoinv(", ", (char **)(uintptr_t)taken);
    g_set_error(error, API_ERROR, API_MEDIA, "Content-Type here is one of %s, not compressed",
                list);
    return false;
}

bool question_check(const struct routes *routes, const struct call *call, GError **error)
{
    (void)routes;
    return check_args(call, error) && check_key(call, error) && check_media(call, error);
}
