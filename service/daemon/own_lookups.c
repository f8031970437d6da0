#include "service/cli/key.h"
#include "service/daemon/daemon.h"
#include "service/daemon/inbox.h"
#include "service/daemon/leads.h"
#include "sql/own.h"

/* The number in the body, in normal form. */
static char *number_of(const struct call *call, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *spelling;
    if (!leads_text(call, "patent", true, &spelling, error))
        return NULL;
    char *number = key_normal(kind_find("patent"), spelling, false, &why);
    if (!number)
        g_set_error(error, API_ERROR, API_WRONG, "patent: %s", why->message);
    return number;
}

static bool look_up(struct call *call, const char *number, json_t **patent, bool *recorded,
                    GError **error)
{
    json_auto_t *enterprise = call_begin(call, error) ? inbox_enterprise(call, error) : NULL;
    g_autofree char *by = leads_by(call);
    g_autofree char *now = enterprise ? db_clock(call->db, error) : NULL;
    const struct own_lookup lookup = {.agency_id = call->who.agency_id,
                                      .enterprise_id = call->who.enterprise_id,
                                      .number = number,
                                      .by = by,
                                      .now = now};
    return now && own_look_up(call->db, &lookup, patent, recorded, error);
}

bool own_lookups_make(struct call *call, GError **error)
{
    bool recorded = false;
    json_auto_t *patent = NULL;
    g_autofree char *number = inbox_person(call, error) ? number_of(call, error) : NULL;
    if (!number || !look_up(call, number, &patent, &recorded, error) ||
        !db_commit(call->db, error))
        return false;
    json_object_set_new(patent, "recorded", json_boolean(recorded));
    call_json(call, recorded ? 201 : 200, json_incref(patent), NULL);
    return true;
}
