#include "service/daemon/settings.h"
#include "service/daemon/leads.h"
#include "service/http/keys.h"
#include "sql/api_key.h"
#include <sodium.h>
#include <string.h>

enum { RATE = 3000, DAYS = 365, NAME_MOST = 100 };

static bool wrong(GError **error, enum api_error code, const char *text)
{
    g_set_error_literal(error, API_ERROR, (int)code, text);
    return false;
}

static bool answer_items(struct call *call, json_t *items)
{
    if (items)
        call_json(call, 200, json_pack("{s:o}", "items", items), NULL);
    return items != NULL;
}

/* ---- Keys */

/* The agency that was asked for, or the one that whoever asks is bound to; NULL: every one. */
static const char *agency_of(const struct call *call)
{
    return call->who.agency_id ? call->who.agency : call_arg(call, "agency");
}

/* Those that whoever asks may see, in the order of making. */
static json_t *own_keys(struct call *call, GError **error)
{
    const char *agency = agency_of(call);
    json_auto_t *rows = api_key_list(call->db, error);
    json_t *own = rows ? json_array() : NULL;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const char *whose = json_string_value(json_object_get(row, "agency"));
        if (!agency || g_strcmp0(whose, agency) == 0)
            json_array_append(own, row);
    }
    return own;
}

bool keys_list(struct call *call, GError **error)
{
    return answer_items(call, own_keys(call, error));
}

static bool read_key(const struct call *call, struct api_key *key, GError **error)
{
    if (!leads_text(call, "name", true, &key->name, error) ||
        !leads_text(call, "role", true, &key->role, error))
        return false;
    if (strlen(key->name) > NAME_MOST)
        return wrong(error, API_WRONG, "name: at most 100 bytes");
    if (!(role_of(key->role) & ROLES_STAFF))
        return wrong(
            error, API_WRONG,
            "role: agency_manager or agency_clerk; others are made by the command key");
    return call->agency_id ||
           wrong(error, API_WRONG, "a key is bound to an agency: ?agency=CODE");
}

bool keys_make(struct call *call, GError **error)
{
    char text[KEY_TEXT_LEN], id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];
    struct api_key key = {
        .id = id, .digest = digest, .agency_id = call->agency_id, .rate_per_minute = RATE};
    if (!read_key(call, &key, error))
        return false;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) end = g_date_time_add_days(now, DAYS);
    g_autofree char *expires = g_date_time_format(end, "%Y-%m-%dT%H:%M:%SZ");
    key.expires = expires;
    key_make(text, id, digest);
    bool added = api_key_add(call->db, &key, error);
    if (added)
        call_json(call, 201,
                  json_pack("{s:s, s:s, s:s, s:s}", "id", id, "key", text, "role", key.role,
                            "expires_at", expires),
                  NULL);
    sodium_memzero(text, sizeof text);
    return added;
}

bool keys_revoke(struct call *call, GError **error)
{
    const char *id = call->places.value[0];
    json_auto_t *own = own_keys(call, error);
    bool found = false;
    for (size_t i = 0; i < json_array_size(own); i++)
        found |= g_strcmp0(json_string_value(json_object_get(json_array_get(own, i), "key_id")),
                           id) == 0;
    if (!own || !found)
        return own ? wrong(error, API_NOT_FOUND, "there is no such key") : false;
    if (!api_key_revoke(call->db, id, error))
        return false;
    call_json(call, 200, json_pack("{s:s, s:b}", "id", id, "revoked", 1), NULL);
    return true;
}
