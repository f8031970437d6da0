#include "service/http/journal.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 1 << 15 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char kept[KEPT];
static size_t kept_len;

/* With the lock held. */
static void flush(void)
{
    ssize_t wrote = kept_len ? write(STDERR_FILENO, kept, kept_len) : 0;
    (void)wrote;
    kept_len = 0;
}

void journal_flush(void)
{
    pthread_mutex_lock(&lock);
    flush();
    pthread_mutex_unlock(&lock);
}

/* Whole lines, so that they don't mix. */
static void write_text(const char *text, size_t len)
{
    pthread_mutex_lock(&lock);
    if (kept_len + len > KEPT)
        flush();
    if (len <= KEPT) {
        memcpy(kept + kept_len, text, len);
        kept_len += len;
    }
    pthread_mutex_unlock(&lock);
}

static void write_line(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_autofree char *ended = g_strconcat(text ? text : "{}", "\n", NULL);
    write_text(ended, strlen(ended));
    journal_flush();
    free(text);
    json_decref(line);
}

enum { MOMENT = 32 };

static void moment(char out[static MOMENT])
{
    struct tm day;
    gint64 now = g_get_real_time();
    time_t seconds = (time_t)(now / G_USEC_PER_SEC);
    gmtime_r(&seconds, &day);
    size_t len = strftime(out, MOMENT, "%Y-%m-%dT%H:%M:%S", &day);
    g_snprintf(out + len, MOMENT - len, ".%06dZ", (int)(now % G_USEC_PER_SEC));
}

/* Nothing that stands in it needs an escape: methods, names of routes, problems and agencies, and ids are tokens. */
void journal_request(const struct journal_request *line)
{
    char text[1024], at[MOMENT];
    bool known = line->who && *line->who->key_id;
    const char *method = line->method ? line->method : "";
    if (strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(method) || strlen(method) > 16)
        method = "?";
    moment(at);
    int len = g_snprintf(
        text, sizeof text,
        "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"request\",\"request_id\":\"%s\","
        "\"method\":\"%s\","
        "\"route\":\"%s\",\"status\":%d,\"took_ms\":%" G_GINT64_FORMAT
        ".%03d,\"bytes_in\":%" G_GINT64_FORMAT ",\"bytes_out\":%" G_GINT64_FORMAT
        "%s%s%s%s%s%s%s%s%s}\n",
        at, line->status >= 500 ? "error" : "info", line->id, method, line->route, line->status,
        line->took_us / 1000, (int)(line->took_us % 1000), line->bytes_in, line->bytes_out,
        line->problem ? ",\"problem\":\"" : "", line->problem ? line->problem : "",
        line->problem ? "\"" : "", known ? ",\"key\":\"" : "", known ? line->who->key_id : "",
        known ? "\",\"role\":\"" : "", known ? role_name(line->who->role) : "",
        known ? "\",\"agency\":\"" : "", known ? line->who->agency : "");
    if (known && len > 2) /* the last text's end */
        len = g_snprintf(text + len - 2, sizeof text - (gsize)len + 2, "\"}\n") + len - 2;
    write_text(text, (size_t)MIN(len, (int)sizeof text - 1));
    if (line->status >= 500)
        journal_flush();
}

void journal_say(const char *level, const char *event, const char *request_id,
                 const char *detail)
{
    char at[MOMENT];
    moment(at);
    json_t *object = json_pack("{s:s, s:s, s:s}", "at", at, "level", level, "event", event);
    if (request_id)
        json_object_set_new(object, "request_id", json_string(request_id));
    if (detail)
        json_object_set_new(object, "detail", json_string(detail));
    write_line(object);
}

void journal_database(bool there, const char *detail)
{
    static atomic_bool away;
    if (atomic_exchange(&away, !there) == there)
        journal_say(there ? "info" : "error",
                    there ? "the database is back" : "the database is away", NULL,
                    there ? NULL : detail);
}
