/* Rows without a credit code that bear a known organisation's name, and mappings that an agency keeps. */
#include "loader/mapping_store.h"
#include "loader/review.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/mending.h"
#include "service/daemon/records.h"
#include "sql/saved_mapping.h"
#include <stdlib.h>
#include <string.h>

/* What a review is made with; the texts live as long as `out`. */
struct asked {
    char *today, *by;
    struct review review;
};

static void asked_clear(struct asked *asked)
{
    g_free(asked->today);
    g_free(asked->by);
}
typedef struct asked asked_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asked_t, asked_clear)

static bool ask(struct call *call, struct asked *out, GError **error)
{
    if (!records_agency(call, error))
        return false;
    out->today = app_today();
    out->by = leads_by(call);
    out->review = (struct review){call->db, call->agency_id, out->today, out->by};
    return true;
}

bool reviews_list(struct call *call, GError **error)
{
    g_auto(asked_t) asked = {0};
    bool all = g_strcmp0(call_arg(call, "all"), "true") == 0;
    json_t *rows = ask(call, &asked, error) ? review_list(&asked.review, all, error) : NULL;
    if (rows)
        call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return rows != NULL;
}

static bool said(struct call *call, const char *verdict)
{
    call_json(call, 200,
              json_pack("{s:s, s:s}", "id", call->places.value[0], "verdict", verdict), NULL);
    return true;
}

bool reviews_accept(struct call *call, GError **error)
{
    g_auto(asked_t) asked = {0};
    const char *uscc;
    if (!leads_text(call, "uscc", false, &uscc, error) || !ask(call, &asked, error))
        return false;
    json_t *report = review_accept(&asked.review, call->places.value[0], uscc, error);
    if (!report)
        return false;
    json_object_del(report, "refused_file");
    call_json(call, 200,
              json_pack("{s:s, s:s, s:o}", "id", call->places.value[0], "verdict", "accept",
                        "report", report),
              NULL);
    return true;
}

bool reviews_reject(struct call *call, GError **error)
{
    g_auto(asked_t) asked = {0};
    return ask(call, &asked, error) &&
           review_reject(&asked.review, call->places.value[0], error) && said(call, "reject");
}

bool reviews_undo(struct call *call, GError **error)
{
    g_auto(asked_t) asked = {0};
    return ask(call, &asked, error) &&
           review_undo(&asked.review, call->places.value[0], error) && said(call, "undo");
}

/* ---- Mappings */

static json_t *mapping_item(const json_t *row)
{
    const char *key = json_string_value(json_object_get(row, "header_key"));
    g_auto(GStrv) names = g_strsplit(key, "\n", -1);
    json_t *header = json_array();
    for (char **name = names; *name; name++)
        if (**name)
            json_array_append_new(header, json_string(*name));
    return json_pack("{s:O, s:O, s:o, s:o, s:O}", "kind", json_object_get(row, "kind"), "name",
                     json_object_get(row, "name"), "header", header, "mapping",
                     json_loads(json_string_value(json_object_get(row, "mapping")), 0, NULL),
                     "saved_at", json_object_get(row, "saved_at"));
}

bool mappings_list(struct call *call, GError **error)
{
    if (!records_agency(call, error) || !call_begin(call, error))
        return false;
    json_auto_t *rows =
        saved_mapping_list(call->db, call->agency_id, call_arg(call, "kind"), error);
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(items, mapping_item(json_array_get(rows, i)));
    call_json(call, 200, json_pack("{s:o}", "items", items), NULL);
    return rows != NULL;
}

/* The names of the header's columns as in the file -> what it is recognised by. */
static char *header_key_of(const struct call *call, GError **error)
{
    const json_t *header = json_object_get(call->body, "header");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; i < json_array_size(header); i++) {
        const char *name = json_string_value(json_array_get(header, i));
        if (name)
            g_ptr_array_add(names, (gpointer)(uintptr_t)name);
    }
    if (names->len > 0 && names->len == json_array_size(header))
        return mapping_header_key((const char *const *)names->pdata, names->len);
    g_set_error(error, API_ERROR, API_WRONG,
                "header is the list of the columns' names, as in the file");
    return NULL;
}

static const struct kind *kind_named(const struct call *call, GError **error)
{
    const struct kind *kind = kind_find(call->places.value[0]);
    if (!kind)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no kind '%s'",
                    call->places.value[0]);
    return kind;
}

static bool keep(struct call *call, const struct kind *kind, const char *key, GError **error)
{
    g_autoptr(GError) why = NULL;
    char *text =
        json_dumps(json_object_get(call->body, "mapping"), JSON_COMPACT | JSON_PRESERVE_ORDER);
    bool done = db_begin(call->db, DB_SERVICE, call->agency_id, error) &&
                mapping_store_keep(call->db, call->agency_id, call->places.value[1], kind, key,
                                   text, &why) &&
                db_commit(call->db, error);
    free(text);
    if (why && why->domain == LOADER_ERROR)
        g_set_error_literal(error, API_ERROR, API_WRONG, why->message);
    else if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return done;
}

bool mappings_keep(struct call *call, GError **error)
{
    const struct kind *kind = kind_named(call, error);
    if (!kind || !records_agency(call, error))
        return false;
    if (!json_is_object(json_object_get(call->body, "mapping"))) {
        g_set_error(error, API_ERROR, API_WRONG, "mapping is the object that load --map takes");
        return false;
    }
    g_autofree char *key = header_key_of(call, error);
    if (!key || !keep(call, kind, key, error))
        return false;
    call_json(call, 200,
              json_pack("{s:s, s:s}", "kind", kind->name, "name", call->places.value[1]), NULL);
    return true;
}

bool mappings_remove(struct call *call, GError **error)
{
    const struct kind *kind = kind_named(call, error);
    if (!kind || !records_agency(call, error) ||
        !db_begin(call->db, DB_SERVICE, call->agency_id, error) ||
        !saved_mapping_remove(call->db, call->agency_id, kind->name, call->places.value[1],
                              error) ||
        !db_commit(call->db, error))
        return false;
    call_json(call, 200,
              json_pack("{s:s, s:s}", "kind", kind->name, "removed", call->places.value[1]),
              NULL);
    return true;
}
