#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/track/figures.h"
#include "sql/parameter.h"
#include "sql/policy.h"
#include <string.h>

static struct pack *pack_of(const struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(GError) why = NULL;
    struct pack *pack = pack_open(folder, call->places.value[0], &why);
    if (pack)
        return pack;
    if (g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        g_set_error_literal(error, API_ERROR, API_NOT_FOUND, why->message);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    return NULL;
}

bool parameters_list(struct call *call, GError **error)
{
    g_autoptr(pack_t) pack = pack_of(call, error);
    json_t *rows = pack ? parameter_list(call->db, pack->id, error) : NULL;
    if (!rows)
        return false;
    call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return true;
}

static bool wrong(GError **error, const char *text)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

static bool read_words(const struct call *call, const char *today,
                       struct parameter_decision *out, GError **error)
{
    if (!leads_text(call, "parameter", true, &out->name, error) ||
        !leads_text(call, "clause", false, &out->clause, error) ||
        !leads_text(call, "reason", true, &out->reason, error) ||
        !leads_text(call, "effective", false, &out->effective, error))
        return false;
    if (!out->effective)
        out->effective = today;
    if (!out->clause)
        out->clause = "";
    return (figures_is_day(out->effective) && strcmp(out->effective, today) <= 0) ||
           wrong(error, "effective is today, or an earlier day");
}

/* verdict set with a value, or withdraw without one. */
static bool read_value(const struct call *call, struct parameter_decision *out, GError **error)
{
    const char *verdict;
    out->value = json_object_get(call->body, "value");
    if (!leads_text(call, "verdict", true, &verdict, error))
        return false;
    if (!g_str_equal(verdict, out->value ? "set" : "withdraw"))
        return wrong(error, "verdict is set, with a value, or withdraw, without one");
    if (*call->who.account)
        return true;
    g_set_error(error, API_ERROR, API_FORBIDDEN,
                "this key names no account, and decisions are made by a person");
    return false;
}

static bool check(const struct pack *pack, const struct parameter_decision *decision,
                  GError **error)
{
    g_autoptr(GError) why = NULL;
    return pack_check_decision(pack, decision->clause, decision->name, decision->value, &why) ||
           wrong(error, why->message);
}

static bool decide(struct call *call, const struct pack *pack,
                   const struct parameter_decision *decision, GError **error)
{
    bool waits = false;
    if (!policy_store(call->db, pack->id, pack->version, pack->text, pack->digest, error) ||
        !parameter_decide(call->db, decision, &waits, error))
        return false;
    call_json(call, 201,
              json_pack("{s:s, s:s, s:s, s:s, s:O?, s:s, s:s, s:b}", "policy", pack->id,
                        "clause", decision->clause, "parameter", decision->name, "verdict",
                        decision->value ? "set" : "withdraw", "value", decision->value, "by",
                        decision->by, "effective", decision->effective, "waiting", (int)waits),
              NULL);
    return true;
}

bool parameters_decide(struct call *call, GError **error)
{
    g_autofree char *today = app_today();
    g_autoptr(pack_t) pack = pack_of(call, error);
    if (!pack)
        return false;
    struct parameter_decision decision = {.policy = pack->id,
                                          .version = pack->version,
                                          .by = call->who.account,
                                          .os_user = "http",
                                          .four_eyes = pack_asks_four_eyes(pack, "parameter")};
    return read_words(call, today, &decision, error) && read_value(call, &decision, error) &&
           check(pack, &decision, error) && decide(call, pack, &decision, error);
}
