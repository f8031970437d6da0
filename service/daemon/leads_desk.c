/* Leads as the agency's desk reviews them: both texts side by side, many at once, and a decision that is taken back. */
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/steps/explain.h"
#include "sql/page.h"

enum {
    HOLD_S = 12, /* the page offers ten; the rest is the way there and back */
    EXPLAIN_K =
        10, /* what a pair that is no lead would come after; a lead has its own certainty */
};

bool leads_hold(const struct call *call, int *out, GError **error)
{
    const json_t *hold = json_object_get(call->body, "hold");
    *out = json_is_true(hold) ? HOLD_S : 0;
    if (!hold || json_is_boolean(hold))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "hold is true or false");
    return false;
}

/* ---- Both texts */

static json_t *read_lead(struct call *call, const struct lead_id *id, GError **error)
{
    struct lead_id now_at = *id;
    char *text = NULL;
    g_autofree char *ids = lead_patent_ids(call->db, id->patent_id, &now_at.patent_id, error);
    if (!ids || !page_lead_texts(call->db, &now_at, 1, &text, error))
        return NULL;
    json_t *lead = text ? json_loads(text, 0, NULL) : NULL;
    g_free(text);
    if (!lead)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such lead");
    return lead;
}

/* Null where there is nothing to compare any more; what else goes wrong is an error. */
static bool explain(struct call *call, const json_t *texts, const struct lead_id *id,
                    json_t **out, GError **error)
{
    struct daemon *daemon = call->user;
    g_autoptr(GError) why = NULL;
    g_autofree char *today = app_today();
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, id->need_id);
    const struct match_options options = {
        .agency_id = (int)json_integer_value(json_object_get(texts, "agency_id")),
        .today = today,
        .k = EXPLAIN_K,
        .store = daemon->steps ? steps_store(daemon->steps) : NULL};
    db_rollback(call->db); /* it begins its own */
    *out = NULL;
    if (match_explain(call->db, &options, id->patent_id, need, out, &why))
        return true;
    if (g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static json_t *or_null(const json_t *document, const char *name)
{
    json_t *found = json_object_get(document, name);
    return found ? json_incref(found) : json_null();
}

bool leads_detail(struct call *call, GError **error)
{
    struct lead_id id;
    if (!leads_id(call, &id, error) || !call_begin(call, error))
        return false;
    g_autofree char *ids = lead_patent_ids(call->db, id.patent_id, &id.patent_id, error);
    json_auto_t *lead = ids ? read_lead(call, &id, error) : NULL;
    json_auto_t *texts = lead ? lead_texts(call->db, &id, error) : NULL;
    json_t *explained = NULL;
    if (!texts || !explain(call, texts, &id, &explained, error))
        return false;
    call_json(call, 200,
              json_pack("{s:O, s:O, s:O, s:o, s:o}", "lead", lead, "need",
                        json_object_get(texts, "need"), "patent",
                        json_object_get(texts, "patent"), "marks", or_null(explained, "spans"),
                        "terms", or_null(explained, "terms")),
              NULL);
    json_decref(explained);
    return true;
}

/* ---- Many at once */

static bool read_probability(const struct call *call, double *out, GError **error)
{
    const json_t *value = json_object_get(call->body, "probability");
    *out = json_number_value(value);
    if (json_is_number(value) && *out >= 0 && *out <= 1)
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "probability is a number from 0 to 1");
    return false;
}

/* Whoever was told how many they are accepts those, and no others that came meanwhile. */
static bool count(struct call *call, double probability, int64_t *out, GError **error)
{
    const json_t *wanted = json_object_get(call->body, "count");
    if (!lead_count_likely(call->db, call->agency_id, probability, out, error))
        return false;
    if (!wanted || json_integer_value(wanted) == *out)
        return true;
    g_set_error(error, API_ERROR, API_CONFLICT, "by now they are %" G_GINT64_FORMAT, *out);
    return false;
}

static bool accept_many(struct call *call, double probability, const char *reason, int hold_s,
                        GError **error)
{
    int done = 0;
    g_autofree char *by = leads_by(call), *now = db_clock(call->db, error);
    const struct lead_decision decision = {LEAD_ACCEPT, by, reason, now, hold_s};
    if (!now ||
        !lead_accept_likely(call->db, call->agency_id, probability, &decision, &done, error) ||
        !db_commit(call->db, error))
        return false;
    call_json(call, 200,
              json_pack("{s:i, s:s, s:b}", "count", done, "decided_at", now, "held",
                        (int)(hold_s > 0)),
              NULL);
    return true;
}

bool leads_accept_likely(struct call *call, GError **error)
{
    double probability;
    int64_t found;
    int hold_s;
    const char *reason;
    if (!read_probability(call, &probability, error) || !leads_hold(call, &hold_s, error) ||
        !leads_text(call, "reason", false, &reason, error) || !call_begin(call, error) ||
        !count(call, probability, &found, error))
        return false;
    if (!json_is_true(json_object_get(call->body, "dry_run")))
        return accept_many(call, probability, reason, hold_s, error);
    call_json(call, 200,
              json_pack("{s:I, s:n, s:b}", "count", (json_int_t)found, "decided_at", "held", 0),
              NULL);
    return true;
}

/* ---- Taking back */

bool leads_take_back(struct call *call, GError **error)
{
    const char *decided_at;
    g_autofree char *by = leads_by(call);
    if (!leads_text(call, "decided_at", true, &decided_at, error) || !call_begin(call, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    json_auto_t *leads =
        now ? lead_take_back(call->db, call->agency_id, by, decided_at, now, error) : NULL;
    if (!leads)
        return false;
    if (json_array_size(leads) == 0) {
        g_set_error(error, API_ERROR, API_CONFLICT,
                    "nothing can be taken back any more: what was decided holds");
        return false;
    }
    if (!db_commit(call->db, error))
        return false;
    call_json(call, 200, json_pack("{s:O}", "leads", leads), NULL);
    return true;
}
