/* Pushes that could not be delivered: why, in plain words, and sending them once more. */
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/push/trouble.h"
#include "sql/outbox.h"

enum { LIMIT = 200, LETTERS_MOST = 1000 };

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* As the page has it: what went wrong has words. */
static json_t *shown(const json_t *row)
{
    static const char *const hidden[] = {"agency_id", "enterprise_id", "patent_id", NULL};
    json_t *item = json_copy((json_t *)(uintptr_t)row);
    long status = (long)json_integer_value(json_object_get(row, "status"));
    for (const char *const *name = hidden; *name; name++)
        json_object_del(item, *name);
    json_object_set_new(
        item, "trouble",
        trouble_json(trouble_find(text_of(row, "outcome"), status, text_of(row, "error"))));
    return item;
}

bool dead_letters_list(struct call *call, GError **error)
{
    int limit = call_limit(call, LIMIT);
    if (!call_begin(call, error))
        return false;
    json_auto_t *waiting = outbox_waiting(call->db, call->agency_id, error);
    json_auto_t *rows =
        waiting ? outbox_dead(call->db, call->agency_id, NULL, limit, error) : NULL;
    if (!rows)
        return false;
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(items, shown(json_array_get(rows, i)));
    call_json(
        call, 200,
        json_pack("{s:O, s:o}", "count", json_object_get(waiting, "dead"), "items", items),
        NULL);
    return true;
}

/* ---- Once more */

static bool read_letters(const struct call *call, const json_t **out, GError **error)
{
    const json_t *ids = json_object_get(call->body, "letters");
    size_t count = json_array_size(ids);
    bool good = count > 0 && count <= LETTERS_MOST;
    for (size_t i = 0; good && i < count; i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        good = id && g_ascii_string_to_unsigned(id, 10, 1, G_MAXINT64, NULL, NULL);
    }
    *out = ids;
    if (!good)
        g_set_error(error, API_ERROR, API_WRONG, "letters: from 1 to %d ids, as texts",
                    LETTERS_MOST);
    return good;
}

/* One that can't be sent now is said, and the rest goes on. */
static bool put_back(struct call *call, const json_t *row, const char *now, json_t *refused,
                     int *back, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (outbox_replay(call->db, row, now, &why)) {
        (*back)++;
        return true;
    }
    if (!g_error_matches(why, SQL_ERROR, SQL_ERROR_STATE)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    bool off = json_is_true(json_object_get(row, "channel_off"));
    json_array_append_new(
        refused, json_pack("{s:s, s:s, s:s}", "letter", text_of(row, "outbox_id"), "enterprise",
                           text_of(row, "enterprise"), "why", off ? "channel_off" : "stopped"));
    return true;
}

bool dead_letters_replay(struct call *call, GError **error)
{
    const json_t *ids;
    int back = 0;
    if (!read_letters(call, &ids, error) || !records_agency(call, error) ||
        !db_begin(call->db, DB_SERVICE, call->agency_id, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    json_auto_t *rows = now ? outbox_dead(call->db, call->agency_id, ids, 0, error) : NULL;
    json_auto_t *refused = json_array();
    bool done = rows != NULL;
    for (size_t i = 0; done && i < json_array_size(rows); i++)
        done = put_back(call, json_array_get(rows, i), now, refused, &back, error);
    if (!done || !db_commit(call->db, error))
        return false;
    call_json(call, 200, json_pack("{s:i, s:O}", "put_back", back, "refused", refused), NULL);
    return true;
}
