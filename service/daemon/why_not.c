#include "service/steps/why_not.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "sql/page.h"

bool leads_why_not(struct call *call, GError **error)
{
    struct lead_id id;
    g_autofree char *today = app_today();
    if (!lead_id_read(call->places.value[0], &id)) {
        g_set_error(error, API_ERROR, API_WRONG, "a lead's id is PATENTID-NEEDID");
        return false;
    }
    if (!call_begin(call, error) ||
        (call_arg(call, "patent") && !leads_patent(call, &id.patent_id, error)))
        return false;
    g_autofree char *ids = lead_patent_ids(call->db, id.patent_id, &id.patent_id, error);
    json_auto_t *facts = ids ? page_lead_facts(call->db, &id, error) : NULL;
    if (!facts)
        return false;
    json_t *answer = why_not_of(facts, today);
    json_object_set_new(answer, "lead", json_string(call->places.value[0]));
    call_json(call, 200, answer, NULL);
    return true;
}
