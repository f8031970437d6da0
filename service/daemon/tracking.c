#include "service/daemon/tracking.h"
#include "service/track/figures.h"
#include "sql/agencies.h"
#include "sql/track.h"
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 1000, LIMIT = 100 };

/* ---- Figures */

static json_t *figures_of(struct daemon *daemon, struct db *db,
                          const struct page_evidence *wanted, int agency_id, GError **error)
{
    g_autofree char *today = app_today();
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(pack_t) pack = pack_open(folder, wanted->policy, error);
    const struct figures_request request = {.as_of = wanted->as_of,
                                            .known_at = wanted->known_at,
                                            .today = today,
                                            .agency_id = agency_id,
                                            .keep = true};
    return pack ? figures_document(db, pack, &request, error) : NULL;
}

static bool find_agency(struct db *db, const struct page_evidence *wanted, int *agency_id,
                        GError **error)
{
    *agency_id = 0;
    return !wanted->agency || agencies_find(db, wanted->agency, agency_id, error);
}

json_t *tracking_figures(struct daemon *daemon, struct db *db,
                         const struct page_evidence *wanted, GError **error)
{
    int agency_id;
    return find_agency(db, wanted, &agency_id, error)
               ? figures_of(daemon, db, wanted, agency_id, error)
               : NULL;
}

/* ---- The rows behind a number */

static bool is_wanted(const json_t *row, enum page_show show)
{
    return show == PAGE_SHOW_ALL ||
           json_is_true(json_object_get(row, "counted")) == (show == PAGE_SHOW_COUNTED);
}

/* One row more than the page has room for tells whether others follow. */
static bool add_rows(struct db *db, const struct track_query *query,
                     const struct page_evidence *wanted, json_t *rows, GError **error)
{
    int agency = wanted->after_agency;
    g_autofree char *key = g_strdup(wanted->after_key);
    int batch = wanted->show == PAGE_SHOW_ALL ? wanted->limit + 1 : ROWS_AT_ONCE;
    for (;;) {
        json_auto_t *page =
            track_evidence(db, query, wanted->metric, agency, key, batch, error);
        size_t count = json_array_size(page);
        if (!page)
            return false;
        for (size_t i = 0; i < count && json_array_size(rows) <= (size_t)wanted->limit; i++)
            if (is_wanted(json_array_get(page, i), wanted->show))
                json_array_append(rows, json_array_get(page, i));
        if (count < (size_t)batch || json_array_size(rows) > (size_t)wanted->limit)
            return true;
        const json_t *last = json_array_get(page, count - 1);
        agency = (int)json_integer_value(json_object_get(last, "agency_id"));
        g_free(key);
        key = g_strdup(json_string_value(json_object_get(last, "key")));
    }
}

/* The first entry of the figures that is about a clause of the pack. */
static const json_t *clause_shown(const json_t *document, const json_t *clause)
{
    const json_t *clauses = json_object_get(document, "clauses"),
                 *id = json_object_get(clause, "id");
    for (size_t i = 0; id && i < json_array_size(clauses); i++)
        if (json_equal(json_object_get(json_array_get(clauses, i), "id"), id))
            return json_array_get(clauses, i);
    return NULL;
}

/* The same day and moment as the figures that stand above the rows. */
static bool add_page(struct daemon *daemon, struct db *db, const struct page_evidence *wanted,
                     int agency_id, json_t *document, GError **error)
{
    const char *known_at = json_string_value(json_object_get(document, "known_at"));
    json_t *rows = json_array();
    json_object_set_new(document, "rows", rows);
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(pack_t) pack = pack_open(folder, wanted->policy, error);
    const json_t *counting = pack ? pack_clause_of(pack, wanted->metric) : NULL;
    const json_t *clause = clause_shown(document, counting);
    if (pack && !clause) /* no agency, or no clause that counts it: no rows */
        return true;
    json_auto_t *pairs = pack && db_begin(db, DB_READONLY, 0, error)
                             ? track_past_pairs(db, known_at, error)
                             : NULL;
    if (!pairs)
        return false;
    json_auto_t *values = pack_metric_values(pack, counting, json_object_get(document, "decided"));
    json_object_set(values, "pairs", pairs);
    char *text = json_dumps(values, JSON_COMPACT);
    const struct track_query query = {.pack = text,
                                      .as_of =
                                          json_string_value(json_object_get(clause, "as_of")),
                                      .known_at = known_at,
                                      .agency_id = agency_id};
    bool added = add_rows(db, &query, wanted, rows, error);
    free(text);
    if (json_array_size(rows) > (size_t)wanted->limit) {
        json_array_remove(rows, (size_t)wanted->limit);
        json_object_set_new(document, "more", json_true());
    }
    return added;
}

json_t *tracking_evidence(struct daemon *daemon, struct db *db,
                          const struct page_evidence *wanted, GError **error)
{
    int agency_id;
    if (!g_strv_contains(track_metrics(), wanted->metric)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no metric of this name");
        return NULL;
    }
    if (!find_agency(db, wanted, &agency_id, error))
        return NULL;
    json_t *document = figures_of(daemon, db, wanted, agency_id, error);
    if (document && add_page(daemon, db, wanted, agency_id, document, error))
        return document;
    json_decref(document);
    return NULL;
}

/* ---- Over HTTP */

/* Which policy, of whom, as of when. *known_at is what wanted->known_at points to. */
static bool read_wanted(struct call *call, struct page_evidence *out, char **known_at,
                        GError **error)
{
    const char *known = call_arg(call, "known_at");
    out->policy = call_arg(call, "policy");
    out->as_of = call_arg(call, "as_of");
    out->agency = call->who.agency_id ? call->who.agency : call_arg(call, "agency");
    if (known && !(*known_at = figures_moment(known, "Asia/Shanghai", error)))
        return false;
    out->known_at = *known_at;
    return true;
}

static bool say_not_found(GError *why, GError **error)
{
    if (g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        g_set_error_literal(error, API_ERROR, API_NOT_FOUND, why->message);
    else
        g_propagate_error(error, g_error_copy(why));
    return false;
}

bool tracking_track(struct call *call, GError **error)
{
    struct page_evidence wanted = {0};
    g_autofree char *known_at = NULL;
    g_autoptr(GError) why = NULL;
    if (!read_wanted(call, &wanted, &known_at, error))
        return false;
    json_t *document = tracking_figures(call->user, call->db, &wanted, &why);
    if (!document)
        return say_not_found(why, error);
    call_json(call, 200, document, NULL);
    return true;
}

static void use_cursor(struct page_evidence *wanted, const json_t *after)
{
    const char *key = json_string_value(json_object_get(after, "key"));
    const char *known = json_string_value(json_object_get(after, "known_at"));
    wanted->after_agency = (int)json_integer_value(json_object_get(after, "agency_id"));
    wanted->after_key = key ? key : "";
    if (known)
        wanted->known_at = known; /* pages of one number don't move */
}

/* Rows as items, and a cursor that also has the moment of the first page. */
static void answer_rows(struct call *call, json_t *document, int limit)
{
    static const char *const columns[] = {"agency_id", "key", "known_at", NULL};
    json_t *rows = json_incref(json_object_get(document, "rows"));
    if (json_is_true(json_object_get(document, "more"))) {
        json_t *last = json_array_get(rows, json_array_size(rows) - 1);
        json_object_set(last, "known_at", json_object_get(document, "known_at"));
        json_array_append_new(rows, json_object());
    }
    cursor_answer(call, rows, limit, columns, NULL);
    json_decref(document);
}

static enum page_show show_of(const char *text)
{
    return !text                          ? PAGE_SHOW_ALL
           : g_str_equal(text, "counted") ? PAGE_SHOW_COUNTED
                                          : PAGE_SHOW_LEFT_OUT;
}

bool tracking_rows(struct call *call, GError **error)
{
    struct page_evidence wanted = {.limit = call_limit(call, LIMIT), .after_key = ""};
    g_autofree char *known_at = NULL;
    g_autoptr(GError) why = NULL;
    json_auto_t *after = NULL;
    if (!read_wanted(call, &wanted, &known_at, error) || !cursor_read(call, &after, error))
        return false;
    wanted.policy = call->places.value[0];
    wanted.metric = call->places.value[1];
    wanted.show = show_of(call_arg(call, "show"));
    if (after)
        use_cursor(&wanted, after);
    json_t *document = tracking_evidence(call->user, call->db, &wanted, &why);
    if (!document)
        return say_not_found(why, error);
    answer_rows(call, document, wanted.limit);
    return true;
}
