/* The agency's desk: what waits, refused rows that are mended one by one, and loads as they go on. */
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/mending.h"
#include "service/daemon/records.h"
#include "sql/page.h"

enum { ENDING_DAYS = 14 };

/* ---- What waits */

bool desk_today(struct call *call, GError **error)
{
    g_autofree char *today = app_today();
    if (!call_begin(call, error))
        return false;
    json_t *row = page_today(call->db, call->agency_id, today, ENDING_DAYS, error);
    if (!row)
        return false;
    json_object_set_new(row, "ending_days", json_integer(ENDING_DAYS));
    call_json(call, 200, row, NULL);
    return true;
}

/* ---- Loads as they go on */

bool loads_progress(struct call *call, GError **error)
{
    struct daemon *daemon = call->user;
    struct answer *answer = call->answer;
    g_autofree char *owner = leads_by(call);
    if (!loading_watch(daemon->loading, owner, call->places.value[0], &answer->stream)) {
        g_set_error(error, API_ERROR, API_BUSY, "%d loads are watched already",
                    LOADING_WATCHERS_MOST);
        return false;
    }
    answer->status = 200;
    answer->type = "text/event-stream";
    return true;
}

/* ---- A refused row */

struct settling {
    int64_t batch, place;
    char *by;
    const json_t *record; /* NULL: it is set aside */
};

static bool read_asked(struct call *call, struct settling *out, GError **error)
{
    guint64 place;
    const json_t *record = json_object_get(call->body, "record");
    if (!batches_id(call, &out->batch, error))
        return false;
    if (!g_ascii_string_to_unsigned(call->places.value[1], 10, 0, G_MAXINT64, &place, NULL)) {
        g_set_error(error, API_ERROR, API_WRONG, "a row's place is a number");
        return false;
    }
    out->place = (int64_t)place;
    out->record = record;
    if (json_is_object(record) ||
        (!record && json_is_true(json_object_get(call->body, "set_aside"))))
        return true;
    g_set_error(error, API_ERROR, API_WRONG,
                "the body needs record, the row as it should be, or set_aside: true");
    return false;
}

static const struct kind_of_record *kind_of(const struct daemon *daemon, const char *name)
{
    for (size_t i = 0; i < daemon->kind_count; i++)
        if (g_strcmp0(daemon->kinds[i].name, name) == 0)
            return &daemon->kinds[i];
    return NULL;
}

/* Members that begin with `_` are ours: the line it stood on, the unit above its column. */
static json_t *fields_of(const json_t *record)
{
    json_t *fields = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)record, name, value) if (*name != '_')
        json_object_set(fields, name, value);
    return fields;
}

/* The row must be there, wait, and be of a kind that whoever asks may write. */
static bool check_row(struct call *call, const struct settling *asked, GError **error)
{
    json_auto_t *batch = batches_find(call, error);
    json_auto_t *row =
        batch ? page_refused_one(call->db, asked->batch, asked->place, error) : NULL;
    if (!row)
        return false;
    call->places.kind = kind_of(call->user, json_string_value(json_object_get(row, "kind")));
    if (!json_is_null(json_object_get(row, "settled_at")))
        g_set_error(error, API_ERROR, API_CONFLICT, "the row was settled already");
    else if (!call->places.kind || !(call->places.kind->writers & call->who.role))
        g_set_error(error, API_ERROR, API_FORBIDDEN, "this role may not write such records");
    else
        return true;
    return false;
}

static bool take(struct call *call, const struct settling *asked, json_t **report,
                 GError **error)
{
    json_auto_t *fields = fields_of(asked->record);
    db_rollback(call->db); /* the loader begins its own */
    return records_take(call, fields, report, error) && records_refused(call, *report, error);
}

/* What was read was perhaps read across agencies; only the row's own agency writes. */
static bool write_down(struct call *call, const struct settling *asked, int64_t batch,
                       GError **error)
{
    db_rollback(call->db);
    return db_begin(call->db, DB_SERVICE, call->agency_id, error) &&
           page_refused_settle(call->db, asked->batch, asked->place, asked->by, batch, error) &&
           db_commit(call->db, error);
}

static bool settle(struct call *call, const struct settling *asked, GError **error)
{
    json_auto_t *report = NULL;
    if (!check_row(call, asked, error) || (asked->record && !take(call, asked, &report, error)))
        return false;
    int64_t batch = json_integer_value(json_object_get(report, "batch"));
    if (!write_down(call, asked, batch, error))
        return false;
    call_json(call, 200,
              json_pack("{s:I, s:I, s:b, s:O?}", "batch", (json_int_t)asked->batch, "place",
                        (json_int_t)asked->place, "set_aside", (int)!asked->record, "report",
                        report),
              NULL);
    return true;
}

bool batches_settle(struct call *call, GError **error)
{
    struct settling asked = {0};
    asked.by = leads_by(call);
    bool done = read_asked(call, &asked, error) && records_agency(call, error) &&
                settle(call, &asked, error);
    g_free(asked.by);
    return done;
}
