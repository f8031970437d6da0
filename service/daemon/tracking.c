#include "service/daemon/tracking.h"
#include "service/track/figures.h"
#include "service/track/forecast.h"
#include "sql/agencies.h"
#include "sql/track.h"
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 100 };

/* ---- Figures */

static struct figures_request request_of(const struct page_evidence *wanted, const char *today,
                                         int agency_id)
{
    return (struct figures_request){.as_of = wanted->as_of,
                                    .known_at = wanted->known_at,
                                    .today = today,
                                    .agency_id = agency_id,
                                    .keep = true};
}

static json_t *figures_of(struct daemon *daemon, struct db *db,
                          const struct page_evidence *wanted, int agency_id, GError **error)
{
    g_autofree char *today = app_today();
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(pack_t) pack = pack_open(folder, wanted->policy, error);
    const struct figures_request request = request_of(wanted, today, agency_id);
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

static json_t *page_of(struct daemon *daemon, struct db *db, const struct page_evidence *wanted,
                       GError **error)
{
    int agency_id;
    g_autofree char *today = app_today();
    g_autofree char *folder = app_setting(daemon->app, "policies");
    if (!g_strv_contains(track_metrics(), wanted->metric)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no metric of this name");
        return NULL;
    }
    if (!find_agency(db, wanted, &agency_id, error))
        return NULL;
    g_autoptr(pack_t) pack = pack_open(folder, wanted->policy, error);
    const struct figures_request request = request_of(wanted, today, agency_id);
    const struct figures_page_wish wish = {
        .metric = wanted->metric,
        .after_agency = wanted->after_agency,
        .after_key = wanted->after_key ? wanted->after_key : "",
        .show = wanted->show == PAGE_SHOW_ALL       ? FIGURES_ALL
                : wanted->show == PAGE_SHOW_COUNTED ? FIGURES_COUNTED
                                                    : FIGURES_LEFT_OUT,
        .limit = wanted->limit};
    return pack ? figures_page(db, pack, &request, &wish, error) : NULL;
}

json_t *tracking_evidence(struct daemon *daemon, struct db *db,
                          const struct page_evidence *wanted, GError **error)
{
    json_auto_t *page = page_of(daemon, db, wanted, error);
    json_t *document = page ? tracking_figures(daemon, db, wanted, error) : NULL;
    if (!document)
        return NULL;
    json_object_set(document, "known_at", json_object_get(page, "known_at"));
    json_object_set(document, "rows", json_object_get(page, "rows"));
    if (json_object_get(page, "more"))
        json_object_set_new(document, "more", json_true());
    return document;
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

static json_t *forecast_figures(const struct call *call, const struct page_evidence *wanted,
                                GError **error)
{
    const struct daemon *daemon = call->user;
    int agency_id;
    g_autofree char *today = app_today();
    g_autofree char *folder = app_setting(daemon->app, "policies");
    if (!find_agency(call->db, wanted, &agency_id, error))
        return NULL;
    g_autoptr(pack_t) pack = pack_open(folder, wanted->policy, error);
    const struct figures_request request = request_of(wanted, today, agency_id);
    json_t *document = pack ? figures_document(call->db, pack, &request, error) : NULL;
    if (document && !forecast_add(call->db, pack, &request, document, error))
        g_clear_pointer(&document, json_decref);
    return document;
}

bool tracking_forecast(struct call *call, GError **error)
{
    struct page_evidence wanted = {0};
    g_autofree char *known_at = NULL;
    g_autoptr(GError) why = NULL;
    if (!read_wanted(call, &wanted, &known_at, error))
        return false;
    json_t *document = forecast_figures(call, &wanted, &why);
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
    json_t *document = page_of(call->user, call->db, &wanted, &why);
    if (!document)
        return say_not_found(why, error);
    answer_rows(call, document, wanted.limit);
    return true;
}
