#include "service/daemon/records.h"
#include "service/cli/key.h"
#include "service/daemon/daemon.h"
#include "service/daemon/search.h"
#include "service/steps/document.h"
#include "sql/agencies.h"
#include "sql/page.h"
#include "sql/show.h"
#include <string.h>

enum { LIMIT = 100 };

/* ---- One */

char *records_key(const struct call *call, const char *spelling, GError **error)
{
    g_autoptr(GError) why = NULL;
    const struct kind *kind = kind_find(call->places.kind->name);
    char *key = key_normal(kind, spelling, false, &why);
    if (!key)
        g_set_error(error, API_ERROR, API_WRONG, "the key can't be read: %s", why->message);
    return key;
}

bool records_agency(struct call *call, GError **error)
{
    g_autoptr(GError) why = NULL;
    const struct kind_of_record *kind = call->places.kind;
    if (call->agency_id || (kind && g_str_equal(kind->name, "agency")))
        return true;
    if (agencies_find(call->db, NULL, &call->agency_id, &why))
        return true;
    if (g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND)) {
        g_set_error(error, API_ERROR, API_WRONG, "say whose records these are: agency=CODE");
        return false;
    }
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool not_found(const struct call *call, GError **error)
{
    g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such %s",
                call->places.kind->name);
    return false;
}

/* An enterprise, only what is its own, whoever says so meanwhile. */
static bool check_enterprise(const struct call *call, const json_t *found, GError **error)
{
    const json_t *record = json_object_get(found, "record");
    if (json_integer_value(json_object_get(record, "enterprise_id")) == call->who.enterprise_id)
        return true;
    g_set_error(error, API_ERROR, API_FORBIDDEN, "the %s is another enterprise's",
                call->places.kind->name);
    return false;
}

/* An agency sees what it holds, and of agencies itself. */
static bool check_own(struct call *call, const char *key, const json_t *found, GError **error)
{
    const char *kind = call->places.kind->name;
    bool held = true;
    if (call->who.enterprise_id && !check_enterprise(call, found, error))
        return false;
    if (!call->who.agency_id || call->places.kind->fact)
        return true;
    if (g_str_equal(kind, "agency"))
        return g_str_equal(key, call->who.agency) || not_found(call, error);
    g_autofree char *name = g_strconcat(kind, "_id", NULL);
    g_autofree char *id = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT,
        json_integer_value(json_object_get(json_object_get(found, "record"), name)));
    return page_is_held(call->db, kind, id, call->who.agency_id, &held, error) &&
           (held || not_found(call, error));
}

json_t *records_find(struct call *call, const char *key, GError **error)
{
    json_t *found = show_record(call->db, call->places.kind->name, key, call->agency_id, error);
    if (found && check_own(call, key, found, error))
        return found;
    json_decref(found);
    return NULL;
}

/* RFC 9110, 13.1.2: the reader has this one already. */
static void answer_unchanged(struct call *call)
{
    const char *sent = call->request->headers[HEADER_IF_NONE_MATCH];
    if (!sent || !strstr(sent, call->answer->etag))
        return;
    call->answer->status = 304;
    call->answer->may_pack = false;
    g_string_truncate(call->answer->body, 0);
}

bool records_get(struct call *call, GError **error)
{
    const char *kind = call->places.kind->name;
    g_autofree char *key = records_key(call, call->places.value[0], error);
    if (!key || (call->places.kind->fact && !records_agency(call, error)) ||
        !call_begin(call, error))
        return false;
    json_auto_t *found = records_find(call, key, error);
    if (!found)
        return false;
    json_auto_t *tagged = document_fields(kind, json_object_get(found, "record"));
    call_json(call, 200, document_of(kind, found), tagged);
    answer_unchanged(call);
    return true;
}

/* ---- Many */

/* Fields that an answer must have stay in it, whatever columns are asked for. */
static bool add_columns(const struct kind *kind, const char *wanted, json_t *filters,
                        GError **error)
{
    g_auto(GStrv) names = g_strsplit(wanted, ",", 100);
    g_autoptr(GString) columns = g_string_new("recorded_at,first_recorded_at,invented");
    for (char **name = names; *name; name++) {
        if (!kind_field(kind, *name) && !kind_group(kind, *name)) {
            g_set_error(error, API_ERROR, API_WRONG, "columns: there is no field '%s'", *name);
            return false;
        }
        g_string_append_printf(columns, ",%s", *name);
    }
    for (size_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].required)
            g_string_append_printf(columns, ",%.*s", (int)strcspn(kind->fields[i].name, "."),
                                   kind->fields[i].name);
    json_object_set_new(filters, "columns", json_string(columns->str));
    return true;
}

/* The parameters that are fields of the kind, and what else narrows a list down. */
json_t *records_filters(const struct call *call, GError **error)
{
    json_t *filters = json_object();
    const char *const *names = call->places.kind->filters;
    const char *since = call_arg(call, "recorded_since"), *columns = call_arg(call, "columns");
    for (; *names; names++)
        if (call_arg(call, *names))
            json_object_set_new(filters, *names, json_string(call_arg(call, *names)));
    if (since)
        json_object_set_new(filters, "recorded_since", json_string(since));
    if (columns && !add_columns(kind_find(call->places.kind->name), columns, filters, error))
        g_clear_pointer(&filters, json_decref);
    return filters;
}

json_t *records_item(const struct call *call, json_t *row)
{
    json_t *document = document_fields(call->places.kind->name, json_object_get(row, "record"));
    const json_t *agency = json_object_get(row, "agency");
    if (json_is_string(agency))
        json_object_set(document, "agency", (json_t *)(uintptr_t)agency);
    return document;
}

/* What the engine found, best first: there is no further page. */
static void answer_found(struct call *call, const struct found *found, json_t *rows, int limit)
{
    json_auto_t *ordered = search_order(found, rows, limit);
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(ordered); i++)
        json_array_append_new(items, records_item(call, json_array_get(ordered, i)));
    json_decref(rows);
    call_json(call, 200,
              json_pack("{s:o, s:n, s:s}", "items", items, "next", "found_by", "engine"), NULL);
}

static bool list(struct call *call, json_t *filters, struct found *found, GError **error)
{
    static const char *const columns[] = {"record_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) ||
        !search_narrow(call, limit, filters, found, error) || !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id,
                              .after = after,
                              .limit = found->by_engine ? (int)found->count : limit + 1};
    json_t *rows = page_records(call->db, call->places.kind->name, &page, filters, error);
    if (rows && found->by_engine)
        answer_found(call, found, rows, limit);
    else if (rows)
        cursor_answer(call, rows, limit, columns, records_item);
    return rows != NULL;
}

bool records_list(struct call *call, GError **error)
{
    struct found found = {0};
    json_auto_t *filters = records_filters(call, error);
    bool done = filters && list(call, filters, &found, error);
    found_clear(&found);
    return done;
}
