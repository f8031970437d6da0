#include "loader/names.h"
#include "service/daemon/daemon.h"
#include "service/daemon/inbox.h"
#include "service/daemon/leads.h"
#include "service/steps/look.h"
#include "sql/own.h"
#include <string.h>

enum { LIMIT = 50, FOUND = 5, TEXT_MOST = 40000 /* bytes */, TITLE = 40 /* characters */ };

/* What an enterprise calls a need of its own begins so: no agency's number is taken by it. */
#define OWN_PREFIX "web-"

/* ---- List */

bool own_needs_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"posted_at", "need_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) || !call_begin(call, error))
        return false;
    const struct page page = {
        .agency_id = call->who.agency_id, .after = after, .limit = limit + 1};
    json_t *rows = own_needs(call->db, &page, call->who.enterprise_id, NULL, error);
    if (rows)
        cursor_answer(call, rows, limit, columns, NULL);
    return rows != NULL;
}

/* ---- One */

static bool not_found(GError **error)
{
    g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such need");
    return false;
}

static bool is_new_name(const char *name)
{
    return g_str_has_prefix(name, OWN_PREFIX) &&
           g_uuid_string_is_valid(name + strlen(OWN_PREFIX));
}

/* The need under the address's name, JSON null for a new one; the enterprise beside. */
static bool find(struct call *call, json_t **need, json_t **enterprise, GError **error)
{
    const char *name = call->places.value[0];
    if (!call_begin(call, error) || !(*enterprise = inbox_enterprise(call, error)))
        return false;
    *need = own_need(call->db, call->who.agency_id, name, error);
    bool own = json_equal(json_object_get(*need, "enterprise_id"),
                          json_object_get(*enterprise, "enterprise_id"));
    db_rollback(call->db);
    if (!*need)
        return false;
    if (json_is_null(*need) ? is_new_name(name) : own)
        return true;
    json_decref(*need);
    *need = NULL;
    return not_found(error);
}

/* As the list has it, with the advice that storing it gave. */
static bool answer(struct call *call, GError **error)
{
    const struct page page = {.agency_id = call->who.agency_id, .limit = 1};
    int status = call->answer->status;
    json_auto_t *stored = json_loads(call->answer->body->str, 0, NULL);
    json_auto_t *rows =
        own_needs(call->db, &page, call->who.enterprise_id, call->places.value[0], error);
    if (!rows || json_array_size(rows) == 0)
        return rows && not_found(error);
    json_t *thin = json_array_get(json_object_get(stored, "thin"), 0);
    call_json(call, status,
              json_pack("{s:O, s:O?}", "need", json_array_get(rows, 0), "thin", thin), NULL);
    return true;
}

static bool store(struct call *call, json_t *record, GError **error)
{
    g_autofree char *name = g_strdup(call->places.value[0]);
    return inbox_store(call, "need", name, record, error) && answer(call, error);
}

/* A title that was made of the text goes with the text. */
static void add_title(json_t *record, const json_t *need, const char *text)
{
    const char *old = json_string_value(json_object_get(need, "text"));
    g_autofree char *was = old ? text_title(old, TITLE) : NULL, *is = text_title(text, TITLE);
    if (!was || g_strcmp0(json_string_value(json_object_get(need, "title")), was) == 0)
        json_object_set_new(record, "title", json_string(is));
}

/* What the loader asks of every need; a text that is said anew takes the old one's place. */
static json_t *record_of(const struct call *call, const json_t *need, const json_t *enterprise,
                         const char *text)
{
    g_autofree char *today = app_today();
    const char *from = json_string_value(json_object_get(need, "valid_from"));
    json_t *record = json_pack("{s:s, s:O, s:s, s:s}", "source_id", call->places.value[0],
                               "enterprise_uscc", json_object_get(enterprise, "uscc"), "text",
                               text, "valid_from", from ? from : today);
    add_title(record, need, text);
    if (!from) {
        json_object_set_new(record, "source", json_string("企业收件箱"));
        json_object_set(record, "invented", json_object_get(enterprise, "invented"));
    }
    return record;
}

/* What an official has accepted is not rewritten by whom it is for; and what has ended has ended. */
static bool may_change(const json_t *need, GError **error)
{
    const char *state = json_string_value(json_object_get(need, "state"));
    if (!state || g_str_equal(state, "submitted"))
        return true;
    g_set_error(error, API_ERROR, API_CONFLICT, "the need is %s: its text stays as it is",
                state);
    return false;
}

/* The parts of the body that may be said, checked by the loader. */
static bool add_said(const struct call *call, json_t *record, GError **error)
{
    static const char *const names[] = {"title", "valid_to"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        json_t *value = json_object_get(call->body, names[i]);
        if (value && !json_is_string(value) && !json_is_null(value)) {
            g_set_error(error, API_ERROR, API_WRONG, "%s is a text", names[i]);
            return false;
        }
        if (value)
            json_object_set(record, names[i], value);
    }
    return true;
}

bool own_needs_put(struct call *call, GError **error)
{
    const char *text;
    json_auto_t *need = NULL, *enterprise = NULL;
    if (!leads_text(call, "text", true, &text, error) ||
        !find(call, &need, &enterprise, error) || !may_change(need, error))
        return false;
    json_auto_t *record = record_of(call, need, enterprise, text);
    return add_said(call, record, error) && store(call, json_incref(record), error);
}

bool own_needs_close(struct call *call, GError **error)
{
    json_auto_t *need = NULL, *enterprise = NULL;
    if (!find(call, &need, &enterprise, error))
        return false;
    if (json_is_null(need))
        return not_found(error);
    json_t *record =
        record_of(call, need, enterprise, json_string_value(json_object_get(need, "text")));
    json_object_set_new(record, "state", json_string("closed"));
    return store(call, record, error);
}

/* ---- Before it is posted */

bool own_needs_look(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *today = app_today();
    const char *text;
    json_t *found = NULL;
    if (!leads_text(call, "text", true, &text, error))
        return false;
    if (strlen(text) > TEXT_MOST) {
        g_set_error(error, API_ERROR, API_WRONG, "the text is longer than %d bytes", TEXT_MOST);
        return false;
    }
    json_auto_t *enterprise = call_begin(call, error) ? inbox_enterprise(call, error) : NULL;
    db_rollback(call->db);
    const struct look look = {text, enterprise};
    const struct match_options options = {.agency_id = call->who.agency_id,
                                          .today = today,
                                          .k = FOUND,
                                          .store = daemon->steps ? steps_store(daemon->steps)
                                                                 : NULL};
    if (!enterprise || !look_for(call->db, &options, &look, &found, error))
        return false;
    call_json(call, 200, found, NULL);
    return true;
}
