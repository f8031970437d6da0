#include "service/daemon/bounces.h"
#include "service/daemon/caller.h"
#include "service/push/bounce.h"

bool bounces_take(struct call *call, GError **error)
{
    const GString *mail = call->request->body;
    g_autoptr(GError) why = NULL;
    json_t *report = NULL;
    struct seal_key key;
    if (!caller_key(call, &key, error))
        return false;
    bool taken = call_begin(call, &why) &&
                 bounce_take(call->db, &key, mail ? mail->str : "", mail ? mail->len : 0,
                             call_arg(call, "to"), &report, &why) &&
                 db_commit(call->db, &why);
    seal_key_clear(&key);
    if (taken)
        call_json(call, json_is_true(json_object_get(report, "recorded")) ? 201 : 200, report,
                  NULL);
    else if (g_error_matches(why, BOUNCE_ERROR, BOUNCE_ERROR_MAIL))
        g_set_error_literal(error, API_ERROR, API_WRONG, why->message);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    if (!taken)
        json_decref(report);
    return taken;
}
