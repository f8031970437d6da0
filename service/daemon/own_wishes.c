#include "service/daemon/daemon.h"
#include "service/daemon/inbox.h"
#include "service/daemon/leads.h"
#include "service/push/schedule.h"
#include "sql/own.h"

enum { WEEKLY_MOST = 1000 };

static json_t *wish(const json_t *enterprise, const char *name)
{
    return json_object_get(json_object_get(enterprise, "wishes"), name);
}

/* In the transaction that goes on. */
static bool answer(struct call *call, GError **error)
{
    json_auto_t *enterprise = inbox_enterprise(call, error);
    if (!enterprise)
        return false;
    call_json(call, 200,
              json_pack("{s:O?, s:O?, s:O?, s:O, s:O?, s:O, s:O, s:O}", "weekly_limit",
                        wish(enterprise, "weekly_limit"), "quiet", wish(enterprise, "quiet"),
                        "channels", wish(enterprise, "channels"), "pushed_week",
                        json_object_get(enterprise, "pushed_week"), "stopped_at",
                        json_object_get(enterprise, "stopped_at"), "agency",
                        json_object_get(enterprise, "agency"), "agency_name",
                        json_object_get(enterprise, "agency_name"), "held",
                        json_object_get(enterprise, "held")),
              NULL);
    return true;
}

bool own_wishes_show(struct call *call, GError **error)
{
    return call_begin(call, error) && answer(call, error);
}

/* What the body wishes, in the words of the record; NULL and API_WRONG. */
static json_t *read_wishes(const struct call *call, GError **error)
{
    int from, to;
    json_t *limit = json_object_get(call->body, "weekly_limit");
    json_t *quiet = json_object_get(call->body, "quiet");
    json_int_t number = json_integer_value(limit);
    if (limit && !json_is_null(limit) &&
        (!json_is_integer(limit) || number < 0 || number > WEEKLY_MOST))
        g_set_error(error, API_ERROR, API_WRONG, "weekly_limit is null, or 0 to %d",
                    WEEKLY_MOST);
    else if (quiet && !json_is_null(quiet) &&
             (!json_is_string(quiet) || *json_string_value(quiet) == 0 ||
              !schedule_quiet_read(json_string_value(quiet), &from, &to)))
        g_set_error(error, API_ERROR, API_WRONG, "quiet is null, or hours as 22:00-08:00");
    else
        return json_pack("{s:O*, s:O*}", "weekly_limit", limit, "quiet", quiet);
    return NULL;
}

/* The record says who it is of by what is required of it; everything else stays as it is. */
static json_t *record_of(const json_t *enterprise, json_t *wishes)
{
    return json_pack("{s:O, s:O, s:O, s:o}", "uscc", json_object_get(enterprise, "uscc"),
                     "name", json_object_get(enterprise, "name"), "division_code",
                     json_object_get(enterprise, "division_code"), "push", wishes);
}

static json_t *find_held(struct call *call, GError **error)
{
    json_auto_t *enterprise = call_begin(call, error) ? inbox_enterprise(call, error) : NULL;
    db_rollback(call->db);
    if (!enterprise || json_is_true(json_object_get(enterprise, "held")))
        return json_incref(enterprise);
    g_set_error(error, API_ERROR, API_CONFLICT,
                "the agency does not have the enterprise among its own any more");
    return NULL;
}

bool own_wishes_put(struct call *call, GError **error)
{
    json_auto_t *wishes = read_wishes(call, error);
    json_auto_t *enterprise = wishes ? find_held(call, error) : NULL;
    const char *key = json_string_value(json_object_get(enterprise, "uscc"));
    return enterprise &&
           inbox_store(call, "enterprise", key, record_of(enterprise, json_incref(wishes)),
                       error) &&
           answer(call, error);
}

bool own_resume_pushes(struct call *call, GError **error)
{
    bool recorded;
    json_auto_t *enterprise = call_begin(call, error) ? inbox_enterprise(call, error) : NULL;
    g_autofree char *by = leads_by(call), *now = enterprise ? db_clock(call->db, error) : NULL;
    const struct own_resumption resumption = {.agency_id = call->who.agency_id,
                                              .enterprise_id = call->who.enterprise_id,
                                              .by = by,
                                              .now = now};
    return now && own_resume(call->db, &resumption, &recorded, error) &&
           db_commit(call->db, error) && call_begin(call, error) && answer(call, error);
}
