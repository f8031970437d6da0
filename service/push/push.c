#include "service/push/push.h"
#include "service/push/schedule.h"
#include "service/push/sender.h"
#include "service/push/worker.h"
#include "sql/outbox.h"

void push_report_clear(struct push_report *report)
{
    json_decref(report->held);
    g_free(report->next);
    *report = (struct push_report){0};
}

bool worker_now(struct db *db, const struct push_options *options, int64_t *out, GError **error)
{
    *out = options->now_us;
    if (options->now_us)
        return true;
    g_autofree char *text = db_clock(db, error);
    if (!text)
        return false;
    if (schedule_moment_read(text, out))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER, "could not read the server's clock: '%s'",
                text);
    return false;
}

static bool look_after(struct db *db, const struct push_options *options,
                       struct push_report *report, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    json_auto_t *left = outbox_waiting(db, options->agency_id, error);
    db_rollback(db);
    if (!left)
        return false;
    report->waiting = (int)json_integer_value(json_object_get(left, "waiting"));
    report->dead_letters = (int)json_integer_value(json_object_get(left, "dead"));
    g_free(report->next);
    report->next = g_strdup(json_string_value(json_object_get(left, "next_attempt_at")));
    return true;
}

bool push_run(struct db *db, const struct push_options *options, struct push_report *report,
              GError **error)
{
    return push_make_due(db, options, report, error) &&
           sender_run(db, options, report, error) && look_after(db, options, report, error);
}
