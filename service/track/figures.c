#include "service/track/figures.h"
#include "sql/policy.h"
#include "sql/track.h"
#include <stdio.h>
#include <string.h>

enum { PAGE = 1000 };

bool figures_is_day(const char *text)
{
    int year = 0, month = 0, day = 0, used = 0;
    return sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used == 10 &&
           !text[10] && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static bool names_its_zone(const char *text)
{
    const char *time = strpbrk(text, "Tt ");
    return time && strpbrk(time, "Zz+-");
}

char *figures_moment(const char *text, const char *zone, GError **error)
{
    if (figures_is_day(text))
        return g_strdup_printf("%s 23:59:59.999999 %s", text, zone);
    g_autoptr(GTimeZone) local = g_time_zone_new_identifier(zone);
    const char *time = strpbrk(text, "Tt ");
    bool short_time = time && strlen(time) == strlen("T10:00");
    g_autofree char *whole = g_strconcat(text, short_time ? ":00" : "", NULL);
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(whole, local);
    if (moment)
        return names_its_zone(whole) ? g_strdup(whole) : g_strdup_printf("%s %s", whole, zone);
    g_set_error(
        error, PACK_ERROR, PACK_ERROR_FORMAT,
        "'%s' is no moment; expected 2025-06-30, 2025-06-30T10:00 or 2025-06-30T10:00:00+08:00",
        text);
    return NULL;
}

/* ---- What is asked */

typedef struct asked {
    char *known_at;
    const char *as_of; /* as asked, or the default */
    const char *day;   /* the one that 4.2 shows */
    bool ended, in_force;
    char *values; /* what the metrics read */
    struct track_query query;
} asked_t;

static void asked_clear(struct asked *asked)
{
    g_free(asked->known_at);
    free(asked->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asked_t, asked_clear)

/* Texts of needs of a past moment are compared anew; those of today were kept. */
static char *values_of(struct db *db, const struct pack *pack, const json_t *clause,
                       const char *known_at, GError **error)
{
    json_t *pairs = track_past_pairs(db, known_at, error);
    if (!pairs)
        return NULL;
    json_t *values = pack_metric_values(pack, clause);
    json_object_set_new(values, "pairs", pairs);
    char *text = json_dumps(values, JSON_COMPACT);
    json_decref(values);
    return text;
}

static bool ask(struct db *db, const struct pack *pack, const json_t *clause,
                const struct figures_request *request, struct asked *out, GError **error)
{
    out->ended = pack->to && strcmp(request->today, pack->to) > 0;
    out->in_force =
        pack->in_force && !out->ended && strcmp(request->today, pack->valid_from) >= 0;
    out->as_of = request->as_of ? request->as_of : out->ended ? pack->to : request->today;
    out->day = pack->to && strcmp(out->as_of, pack->to) > 0 ? pack->to : out->as_of;
    out->known_at = request->known_at ? g_strdup(request->known_at) : db_clock(db, error);
    out->values = out->known_at ? values_of(db, pack, clause, out->known_at, error) : NULL;
    out->query = (struct track_query){.pack = out->values,
                                      .as_of = out->day,
                                      .known_at = out->known_at,
                                      .agency_id = request->agency_id};
    return out->values != NULL;
}

/* Members of another object, those that it has. */
static void take(json_t *to, const json_t *from, const char *const *names)
{
    for (; *names; names++)
        if (json_object_get(from, *names))
            json_object_set(to, *names, json_object_get(from, *names));
}

static json_t *head(struct db *db, const struct pack *pack, const struct asked *asked,
                    GError **error)
{
    g_autofree char *known_at = track_moment(db, asked->known_at, error);
    if (!known_at)
        return NULL;
    json_t *document = json_pack("{s:s, s:i, s:s}", "policy", pack->id, "version",
                                 pack->version, "digest", pack->digest);
    take(document, pack->root, (const char *const[]){"name", "issued", "banner", NULL});
    json_object_set_new(document, "in_force", json_boolean(asked->in_force));
    json_object_set_new(document, "template", json_boolean(!pack->in_force));
    json_object_set_new(document, "as_of", json_string(asked->as_of));
    json_object_set_new(document, "known_at", json_string(known_at));
    json_t *window = json_object();
    take(window, json_object_get(pack->root, "window"),
         (const char *const[]){"from", "valid_from", "to", NULL});
    json_object_set_new(window, "ended", json_boolean(asked->ended));
    json_object_set_new(document, "window", window);
    return document;
}

/* ---- Figures */

static const json_t *figure_of(const json_t *figures, json_int_t agency_id, const char *metric)
{
    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *figure = json_array_get(figures, i);
        if (json_integer_value(json_object_get(figure, "agency_id")) == agency_id &&
            g_str_equal(json_string_value(json_object_get(figure, "metric")), metric))
            return figure;
    }
    return NULL; /* no candidate at all */
}

static json_int_t number_of(const json_t *figure, const char *name)
{
    return json_integer_value(json_object_get(figure, name));
}

static json_t *item_document(const json_t *item, const json_t *figure)
{
    const char *metric = json_string_value(json_object_get(item, "metric"));
    json_int_t value = number_of(figure, "value"), threshold = number_of(item, "threshold");
    json_t *left_out = json_object_get(figure, "left_out");
    static const char *const beside[] = {"literal", "invented", "late", "unknown"};
    json_t *document = json_object();
    take(document, item,
         (const char *const[]){"metric", "name", "threshold", "definition", NULL});
    json_object_set_new(document, "value", json_integer(value));
    json_object_set_new(document, "met", json_boolean(value >= threshold));
    json_object_set_new(document, "missing", json_integer(MAX(threshold - value, 0)));
    json_object_set_new(document, "left_out", left_out ? json_incref(left_out) : json_object());
    for (size_t i = 0; i < G_N_ELEMENTS(beside); i++)
        json_object_set_new(document, beside[i], json_integer(number_of(figure, beside[i])));
    if (g_str_equal(metric, "needs"))
        json_object_set_new(document, "open", json_integer(number_of(figure, "open")));
    return document;
}

static bool all_met(const json_t *items)
{
    for (size_t i = 0; i < json_array_size(items); i++)
        if (!json_is_true(json_object_get(json_array_get(items, i), "met")))
            return false;
    return true;
}

/* Only an agency that has settled in the zone is paid. `unsaid` gets what nobody recorded. */
static const char *state_of(const json_t *items, const json_t *agency, const char *day,
                            json_t *unsaid)
{
    const char *settled = json_string_value(json_object_get(agency, "zone_settled_date"));
    const char *left = json_string_value(json_object_get(agency, "zone_left_date"));
    if (!settled)
        json_array_append_new(unsaid, json_string("zone_settled_date"));
    if (!all_met(items) || (settled && strcmp(settled, day) > 0) ||
        (left && strcmp(left, day) < 0))
        return "not_met";
    return settled ? "met" : "undetermined";
}

static json_t *clause_document(const struct pack *pack, const json_t *clause,
                               const json_t *agency, const json_t *figures, const char *day)
{
    const json_t *items = json_object_get(clause, "items");
    json_int_t agency_id = number_of(agency, "agency_id");
    json_t *shown = json_array(), *unsaid = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *metric = json_string_value(json_object_get(item, "metric"));
        json_array_append_new(shown,
                              item_document(item, figure_of(figures, agency_id, metric)));
    }
    const char *state = state_of(shown, agency, day, unsaid);
    bool is_met = g_str_equal(state, "met");
    json_t *document = json_object();
    take(document, clause, (const char *const[]){"id", "name", NULL});
    json_object_set(document, "agency", json_object_get(agency, "code"));
    json_object_set(document, "agency_name", json_object_get(agency, "name"));
    json_object_set(document, "agency_invented", json_object_get(agency, "invented"));
    json_object_set_new(document, "as_of", json_string(day));
    json_object_set_new(document, "template", json_boolean(!pack->in_force));
    json_object_set_new(document, "state", json_string(state));
    json_object_set_new(document, "amount_fen",
                        json_integer(is_met ? number_of(clause, "amount_fen") : 0));
    json_object_set(document, "award_fen", json_object_get(clause, "amount_fen"));
    json_object_set_new(document, "undetermined", unsaid);
    json_object_set_new(document, "items", shown);
    return document;
}

static bool add_clauses(struct db *db, const struct pack *pack, const json_t *clause,
                        const struct asked *asked, json_t *document, GError **error)
{
    json_t *agencies = track_agencies(db, &asked->query, error);
    json_t *figures = agencies ? track_figures(db, &asked->query, error) : NULL;
    json_t *clauses = json_array();
    for (size_t i = 0; figures && i < json_array_size(agencies); i++)
        json_array_append_new(
            clauses,
            clause_document(pack, clause, json_array_get(agencies, i), figures, asked->day));
    json_object_set_new(document, "clauses", clauses);
    json_object_set_new(document, "choices",
                        json_pack("{s:o}", "4.2", pack_choices(pack, clause)));
    bool counted = figures != NULL;
    json_decref(agencies);
    json_decref(figures);
    return counted;
}

/* ---- Rows */

static bool add_page(struct db *db, const struct asked *asked, const char *metric, int most,
                     json_t *rows, GError **error)
{
    const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
    const char *key = json_string_value(json_object_get(last, "key"));
    json_t *page = track_evidence(db, &asked->query, metric, (int)number_of(last, "agency_id"),
                                  key ? key : "", most, error);
    bool read = page && json_array_extend(rows, page) == 0;
    json_decref(page);
    return read;
}

static bool add_rows(struct db *db, const struct asked *asked, const char *metric, int limit,
                     json_t *document, GError **error)
{
    json_t *rows = json_array();
    json_object_set_new(document, "metric", json_string(metric));
    json_object_set_new(document, "rows", rows);
    for (;;) {
        size_t before = json_array_size(rows);
        int most = limit ? MIN(limit - (int)before, PAGE) : PAGE;
        if (most <= 0)
            return true;
        if (!add_page(db, asked, metric, most, rows, error))
            return false;
        if (json_array_size(rows) < before + (size_t)most)
            return true;
    }
}

/* ---- Documents */

/* With a metric: its rows; without: the figures. In a transaction that reads every agency's rows. */
static json_t *document_of(struct db *db, const struct pack *pack,
                           const struct figures_request *request, const char *metric, int limit,
                           GError **error)
{
    const json_t *clause = pack_clause(pack, "4.2");
    g_auto(asked_t) asked = {0};
    if (!ask(db, pack, clause, request, &asked, error))
        return NULL;
    json_t *document = head(db, pack, &asked, error);
    if (!document)
        return NULL;
    if (metric ? add_rows(db, &asked, metric, limit, document, error)
               : add_clauses(db, pack, clause, &asked, document, error))
        return document;
    json_decref(document);
    return NULL;
}

static json_t *prepare_and_read(struct db *db, const struct pack *pack,
                                const struct figures_request *request, const char *metric,
                                int limit, GError **error)
{
    if (!pack_clause(pack, "4.2")) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_NOT_FOUND, "policy '%s' has no clause 4.2",
                    pack->id);
        return NULL;
    }
    if (!policy_store(db, pack->id, pack->version, pack->text, pack->digest, error) ||
        !track_compare_needs(db, 0, NULL, error) || !db_begin(db, DB_READONLY, 0, error))
        return NULL;
    json_t *document = document_of(db, pack, request, metric, limit, error);
    db_rollback(db); /* nothing was written */
    return document;
}

json_t *figures_document(struct db *db, const struct pack *pack,
                         const struct figures_request *request, GError **error)
{
    return prepare_and_read(db, pack, request, NULL, 0, error);
}

json_t *figures_evidence(struct db *db, const struct pack *pack,
                         const struct figures_request *request, const char *metric, int limit,
                         GError **error)
{
    return prepare_and_read(db, pack, request, metric, limit, error);
}

bool figures_each(struct db *db, const struct pack *pack, const struct figures_request *request,
                  const char *metric, figures_row *each, void *user, GError **error)
{
    const json_t *clause = pack_clause(pack, "4.2");
    g_auto(asked_t) asked = {0};
    if (!db_begin(db, DB_READONLY, 0, error))
        return false;
    bool done = ask(db, pack, clause, request, &asked, error) &&
                track_rows_open(db, &asked.query, metric, error);
    for (bool more = done; done && more;) {
        json_t *rows = track_rows_next(db, PAGE, error);
        done = rows != NULL;
        more = json_array_size(rows) > 0;
        for (size_t i = 0; done && i < json_array_size(rows); i++)
            done = each(json_array_get(rows, i), user, error);
        json_decref(rows);
    }
    db_rollback(db); /* nothing was written */
    return done;
}
