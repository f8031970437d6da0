#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/official.h"
#include "service/track/pack.h"
#include "sql/oddity.h"

/* The policy's last day, before which late records bunch. */
static struct pack *pack_of(const struct call *call, const char *policy, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(GError) why = NULL;
    struct pack *pack = pack_open(folder, policy, &why);
    if (!pack)
        g_set_error_literal(error, API_ERROR, API_NOT_FOUND, why->message);
    return pack;
}

static struct oddity_query query_of(const struct pack *pack, const char *today)
{
    return (struct oddity_query){.deadline = pack->to ? pack->to : today,
                                 .time_zone = pack->time_zone};
}

bool oddities_list(struct call *call, GError **error)
{
    g_autofree char *today = app_today();
    g_autoptr(pack_t) pack = pack_of(call, call_arg(call, "policy"), error);
    if (!pack)
        return false;
    struct oddity_query query = query_of(pack, today);
    query.rule = call_arg(call, "rule");
    query.agency_id = call->agency_id;
    json_t *oddities = oddity_list(call->db, &query, error);
    if (!oddities)
        return false;
    call_json(call, 200, json_pack("{s:o}", "items", oddities), NULL);
    return true;
}

bool oddities_look(struct call *call, GError **error)
{
    const char *policy = NULL, *key = NULL, *reason = NULL;
    g_autofree char *today = app_today();
    struct oddity_query wanted = {0};
    if (!leads_text(call, "rule", true, &wanted.rule, error) ||
        !leads_text(call, "key", true, &key, error) ||
        !leads_text(call, "reason", true, &reason, error) ||
        !leads_text(call, "policy", false, &policy, error))
        return false;
    g_autoptr(pack_t) pack = pack_of(call, policy, error);
    if (!pack)
        return false;
    struct oddity_query query = query_of(pack, today);
    query.rule = wanted.rule;
    if (!oddity_mark(call->db, &query, key, call->who.account, "http", reason, error))
        return false;
    call_json(call, 201,
              json_pack("{s:s, s:s, s:s, s:s}", "rule", query.rule, "key", key, "by",
                        call->who.account, "reason", reason),
              NULL);
    return true;
}
