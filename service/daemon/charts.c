#include "service/daemon/daemon.h"
#include "service/daemon/official.h"
#include "service/track/pack.h"
#include "service/track/words.h"
#include "sql/chart.h"

bool charts_show(struct call *call, GError **error)
{
    static const char zone[] = "Asia/Shanghai";
    json_t *charts =
        call_begin(call, error) ? chart_all(call->db, call->agency_id, zone, error) : NULL;
    if (charts)
        call_json(call, 200, charts, NULL);
    return charts != NULL;
}

bool words_show(struct call *call, GError **error)
{
    (void)error;
    call_json(call, 200, json_pack("{s:o}", "items", track_words()), NULL);
    return true;
}

/* ---- Policies */

static json_t *shown(const struct pack *pack)
{
    return json_pack("{s:s, s:i, s:O, s:s, s:s?, s:s?, s:b, s:O?}", "policy", pack->id,
                     "version", pack->version, "name", json_object_get(pack->root, "name"),
                     "from", pack->from, "valid_from", pack->valid_from, "to", pack->to,
                     "template", (int)!pack->in_force, "four_eyes",
                     json_object_get(pack->root, "four_eyes"));
}

bool policies_list(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *folder = app_setting(daemon->app, "policies");
    GPtrArray *packs = pack_list(folder, error);
    if (!packs)
        return false;
    json_t *items = json_array();
    for (guint i = 0; i < packs->len; i++)
        json_array_append_new(items, shown(g_ptr_array_index(packs, i)));
    g_ptr_array_unref(packs);
    call_json(call, 200, json_pack("{s:o}", "items", items), NULL);
    return true;
}
