#include "service/http/journal.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_line(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_autofree char *ended = g_strconcat(text ? text : "{}", "\n", NULL);
    ssize_t wrote = write(STDERR_FILENO, ended, strlen(ended)); /* whole, so that lines don't mix */
    (void)wrote;
    free(text);
    json_decref(line);
}

static char *moment(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.%fZ");
}

void journal_request(const struct journal_request *line)
{
    g_autofree char *at = moment();
    const char *level = line->status >= 500 ? "error" : "info";
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:f, s:I, s:I}", "at", at, "level", level, "event",
        "request", "request_id", line->id, "method", line->method ? line->method : "", "route",
        line->route, "status", line->status, "took_ms", (double)line->took_us / 1000,
        "bytes_in", (json_int_t)line->bytes_in, "bytes_out", (json_int_t)line->bytes_out);
    if (line->problem)
        json_object_set_new(object, "problem", json_string(line->problem));
    if (line->who && *line->who->key_id) {
        json_object_set_new(object, "key", json_string(line->who->key_id));
        json_object_set_new(object, "role", json_string(role_name(line->who->role)));
        json_object_set_new(object, "agency", json_string(line->who->agency));
    }
    write_line(object);
}

void journal_say(const char *level, const char *event, const char *request_id,
                 const char *detail)
{
    g_autofree char *at = moment();
    json_t *object =
        json_pack("{s:s, s:s, s:s}", "at", at, "level", level, "event", event);
    if (request_id)
        json_object_set_new(object, "request_id", json_string(request_id));
    if (detail)
        json_object_set_new(object, "detail", json_string(detail));
    write_line(object);
}
