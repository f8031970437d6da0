#include "service/common/zone.h"
#include "service/track/clause.h"
#include "service/track/figures_internal.h"
#include "service/track/schema.h"
#include "sql/kept.h"
#include "sql/parameter.h"
#include "sql/policy.h"
#include "sql/track.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000 };

bool figures_is_day(const char *text)
{
    return schema_is_day(text);
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
    const char *time = strpbrk(text, "Tt ");
    bool short_time = time && strlen(time) == strlen("T10:00");
    g_autofree char *whole = g_strconcat(text, short_time ? ":00" : "", NULL);
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(whole, zone_named(zone));
    if (moment)
        return names_its_zone(whole) ? g_strdup(whole) : g_strdup_printf("%s %s", whole, zone);
    g_set_error(
        error, PACK_ERROR, PACK_ERROR_FORMAT,
        "'%s' is no moment; expected 2025-06-30, 2025-06-30T10:00 or 2025-06-30T10:00:00+08:00",
        text);
    return NULL;
}

/* ---- What is asked */

void asked_clear(struct asked *asked)
{
    g_free(asked->known_at);
    g_free(asked->state);
    json_decref(asked->values);
    json_decref(asked->decided);
    json_decref(asked->counted);
}

const json_t *asked_clauses(const struct pack *pack)
{
    return json_object_get(pack->root, "clauses");
}

const char *asked_day(const struct asked *asked, const char *metric)
{
    return track_is_base(metric) ? asked->day : asked->as_of;
}

/* The day that a clause shows is that of its first item. */
static const char *clause_day(const struct asked *asked, const json_t *clause)
{
    const json_t *item = json_array_get(json_object_get(clause, "items"), 0);
    return asked_day(asked, json_string_value(json_object_get(item, "metric")));
}

/* What officials decided on parameters, for each clause by its day. */
static json_t *decided_of(struct db *db, const struct pack *pack, const struct asked *asked,
                          GError **error)
{
    json_auto_t *on_day = json_object();
    json_auto_t *all = json_array();
    for (size_t i = 0; i < json_array_size(asked_clauses(pack)); i++) {
        const char *day = clause_day(asked, json_array_get(asked_clauses(pack), i));
        if (!json_object_get(on_day, day)) {
            json_t *rows =
                parameter_decided(db, pack->id, day, asked->known_at, pack->time_zone, error);
            if (!rows)
                return NULL;
            json_object_set_new(on_day, day, rows);
        }
        json_array_append(all, json_object_get(on_day, day));
    }
    return json_incref(all);
}

/* Texts of needs of a past moment are compared anew (known_at NULL: there is none); those of today were kept. */
static json_t *values_of(struct db *db, const struct pack *pack, const char *known_at,
                         const json_t *decided, GError **error)
{
    json_t *pairs = known_at ? track_past_pairs(db, known_at, error) : json_array();
    if (!pairs)
        return NULL;
    json_t *all = json_array();
    for (size_t i = 0; i < json_array_size(asked_clauses(pack)); i++) {
        const json_t *clause = json_array_get(asked_clauses(pack), i);
        json_t *values = pack_metric_values(pack, clause, json_array_get(decided, i));
        if (clause == pack_clause_of(pack, "needs"))
            json_object_set(values, "pairs", pairs);
        json_array_append_new(all, values);
    }
    json_decref(pairs);
    return all;
}

bool asked_read(struct db *db, const struct pack *pack, const struct figures_request *request,
                struct asked *out, GError **error)
{
    out->ended = pack->to && strcmp(request->today, pack->to) > 0;
    out->in_force =
        pack->in_force && !out->ended && strcmp(request->today, pack->valid_from) >= 0;
    out->as_of = request->as_of ? request->as_of : out->ended ? pack->to : request->today;
    out->day = pack->to && strcmp(out->as_of, pack->to) > 0 ? pack->to : out->as_of;
    out->known_at = request->known_at ? g_strdup(request->known_at) : db_clock(db, error);
    out->decided = out->known_at ? decided_of(db, pack, out, error) : NULL;
    out->values = out->decided ? values_of(db, pack, out->bare ? NULL : request->known_at,
                                           out->decided, error)
                               : NULL;
    out->agency_id = request->agency_id;
    out->keep = request->keep && !request->known_at;
    return out->values != NULL && overlap_spare(db, pack, out, error);
}

/* Members of another object, those that it has. */
static void take(json_t *to, const json_t *from, const char *const *names)
{
    for (; *names; names++)
        if (json_object_get(from, *names))
            json_object_set(to, *names, json_object_get(from, *names));
}

json_t *asked_head(struct db *db, const struct pack *pack, const struct asked *asked,
                   GError **error)
{
    g_autofree char *known_at = track_moment(db, asked->known_at, error);
    json_t *signature = known_at ? policy_signature(db, pack->id, pack->version, pack->digest,
                                                    asked->known_at, error)
                                 : NULL;
    if (!signature)
        return NULL;
    json_t *document = json_pack("{s:s, s:i, s:s}", "policy", pack->id, "version",
                                 pack->version, "digest", pack->digest);
    take(document, pack->root, (const char *const[]){"name", "issued", "banner", NULL});
    json_object_set_new(document, "signed_off", signature);
    json_object_set_new(document, "in_force", json_boolean(asked->in_force));
    json_object_set_new(document, "template", json_boolean(!pack->in_force));
    json_object_set_new(document, "as_of", json_string(asked->as_of));
    json_object_set_new(document, "known_at", json_string(known_at));
    json_t *window = json_object();
    take(window, json_object_get(pack->root, "window"),
         (const char *const[]){"from", "valid_from", "to", NULL});
    json_object_set_new(window, "ended", json_boolean(asked->ended));
    json_object_set_new(document, "window", window);
    json_t *decided = json_array();
    for (size_t i = 0; i < json_array_size(asked_clauses(pack)); i++)
        pack_add_decided(pack, json_array_get(asked_clauses(pack), i),
                         json_array_get(asked->decided, i), decided);
    json_object_set_new(document, "decided", decided);
    return document;
}

/* ---- Figures */

/* Everything that is counted, of all agencies. sums: {"PLACE/AGENCY": [those of one clause and agency]}, for all of them are too many to be
 * looked through for each. */
struct counted {
    json_t *agencies, *figures, *sums, *serving;
};

static char *sums_key(json_int_t place, json_int_t agency_id)
{
    return g_strdup_printf("%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT, place, agency_id);
}

static json_t *by_clause(const json_t *sums)
{
    json_t *all = json_object();
    for (size_t i = 0; i < json_array_size(sums); i++) {
        json_t *row = json_array_get(sums, i);
        g_autofree char *key = sums_key(json_integer_value(json_object_get(row, "place")),
                                        json_integer_value(json_object_get(row, "agency_id")));
        if (!json_object_get(all, key))
            json_object_set_new(all, key, json_array());
        json_array_append(json_object_get(all, key), row);
    }
    return all;
}

static json_t *sums_for(const struct counted *counted, size_t place, json_int_t agency_id)
{
    g_autofree char *key = sums_key((json_int_t)place, agency_id);
    json_t *own = json_object_get(counted->sums, key);
    return own ? json_incref(own) : json_array();
}

static bool complete(struct db *db, const struct pack *pack, const struct asked *asked,
                     json_t *figures, const json_t *sums, struct counted *out, GError **error)
{
    const struct track_query query = {.known_at = asked->known_at,
                                      .agency_id = asked->agency_id};
    *out = (struct counted){.figures = json_incref(figures), .sums = by_clause(sums)};
    out->agencies = track_agencies(db, &query, error);
    json_t *contracts = overlap_counted(pack, figures, sums);
    out->serving = overlap_serving(pack, contracts);
    json_decref(contracts);
    return out->agencies != NULL;
}

static void counted_clear(struct counted *counted)
{
    json_decref(counted->agencies);
    json_decref(counted->figures);
    json_decref(counted->sums);
    json_decref(counted->serving);
}

static json_t *document_for(const struct pack *pack, const struct asked *asked,
                            const struct counted *counted, size_t place, size_t agency)
{
    const json_t *clause = json_array_get(asked_clauses(pack), place),
                 *whose = json_array_get(counted->agencies, agency);
    json_int_t agency_id = json_integer_value(json_object_get(whose, "agency_id"));
    const char *id = json_string_value(json_object_get(clause, "id"));
    json_t *sums = sums_for(counted, place, agency_id);
    json_t *overlap = overlap_count(counted->serving, id, agency_id);
    const struct clause_view view = {.pack = pack,
                                     .clause = clause,
                                     .values = json_array_get(asked->values, place),
                                     .agency = whose,
                                     .figures = counted->figures,
                                     .sums = sums,
                                     .overlap = overlap,
                                     .as_of = clause_day(asked, clause)};
    json_t *document = clause_document(&view);
    json_decref(sums);
    json_decref(overlap);
    return document;
}

static void add_documents(const struct pack *pack, const struct asked *asked,
                          const struct counted *counted, json_t *document)
{
    json_t *clauses = json_array(), *choices = json_object();
    for (size_t a = 0; a < json_array_size(counted->agencies); a++)
        for (size_t c = 0; c < json_array_size(asked_clauses(pack)); c++)
            json_array_append_new(clauses, document_for(pack, asked, counted, c, a));
    for (size_t c = 0; c < json_array_size(asked_clauses(pack)); c++) {
        const json_t *clause = json_array_get(asked_clauses(pack), c);
        json_object_set_new(choices, json_string_value(json_object_get(clause, "id")),
                            pack_choices(pack, clause, json_array_get(asked->decided, c)));
    }
    json_object_set_new(document, "clauses", clauses);
    json_object_set_new(document, "choices", choices);
}

bool figures_add(struct db *db, const struct pack *pack, const struct asked *asked,
                 json_t *figures, json_t *sums, json_t *document, GError **error)
{
    struct counted counted;
    bool done = complete(db, pack, asked, figures, sums, &counted, error);
    if (done)
        add_documents(pack, asked, &counted, document);
    counted_clear(&counted);
    return done;
}

static bool add_clauses(struct db *db, const struct pack *pack, struct asked *asked,
                        json_t *document, GError **error)
{
    json_auto_t *figures = json_array(), *sums = json_array();
    return count_all(db, pack, asked, figures, sums, error) &&
           figures_add(db, pack, asked, figures, sums, document, error);
}

/* ---- Rows */

/* By a cursor: the rows are counted and sorted once, however many pages there are. */
static bool read_rows(struct db *db, const struct track_query *query, const char *metric,
                      int limit, json_t *rows, GError **error)
{
    if (!track_rows_open(db, query, metric, error))
        return false;
    for (;;) {
        size_t before = json_array_size(rows);
        int most = limit ? MIN(limit - (int)before, PAGE) : PAGE;
        json_auto_t *page = most > 0 ? track_rows_next(db, most, error) : NULL;
        if (most <= 0)
            break;
        if (!page)
            return false;
        json_array_extend(rows, page);
        if (json_array_size(page) < (size_t)most)
            break;
    }
    return track_rows_close(db, error);
}

struct track_query asked_query(const struct pack *pack, const struct asked *asked,
                               const char *metric, char **values)
{
    const json_t *clause = pack_clause_of(pack, metric);
    size_t place = 0;
    while (json_array_get(asked_clauses(pack), place) != clause)
        place++;
    *values = json_dumps(json_array_get(asked->values, place), JSON_COMPACT);
    return (struct track_query){.pack = *values,
                                .as_of = asked_day(asked, metric),
                                .known_at = asked->known_at,
                                .agency_id = asked->agency_id};
}

/* "fen", or NULL: pieces. */
static json_t *unit_of(const json_t *clause, const char *metric)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(clause, "items"), i,
                       item) if (g_str_equal(json_string_value(json_object_get(item, "metric")),
                                             metric)) return json_object_get(item, "unit");
    return NULL;
}

static bool add_rows(struct db *db, const struct pack *pack, const struct asked *asked,
                     const char *metric, int limit, json_t *document, GError **error)
{
    const json_t *clause = pack_clause_of(pack, metric);
    char *values;
    const struct track_query query = asked_query(pack, asked, metric, &values);
    json_t *rows = json_array();
    json_object_set_new(document, "metric", json_string(metric));
    json_object_set(document, "clause", json_object_get(clause, "id"));
    json_object_set(document, "unit", unit_of(clause, metric));
    json_object_set_new(document, "rows", rows);
    bool done = read_rows(db, &query, metric, limit, rows, error) &&
                overlap_add(db, pack, asked, clause, rows, error);
    free(values);
    return done;
}

/* ---- Documents */

/* With a metric: its rows; without: the figures. In a transaction that reads every agency's rows. */
static json_t *document_of(struct db *db, const struct pack *pack,
                           const struct figures_request *request, const char *metric, int limit,
                           struct asked *asked, GError **error)
{
    if (!asked_read(db, pack, request, asked, error))
        return NULL;
    json_t *document = asked_head(db, pack, asked, error);
    if (!document)
        return NULL;
    if (metric ? add_rows(db, pack, asked, metric, limit, document, error)
               : add_clauses(db, pack, asked, document, error))
        return document;
    json_decref(document);
    return NULL;
}

static json_t *read_document(struct db *db, const struct pack *pack,
                             const struct figures_request *request, const char *metric,
                             int limit, GError **error)
{
    g_auto(asked_t) asked = {0};
    if (!track_begin(db, error))
        return NULL;
    json_t *document = document_of(db, pack, request, metric, limit, &asked, error);
    db_rollback(db); /* nothing was written */
    if (document && json_array_size(asked.counted) &&
        !kept_add(db, asked.counted, asked.agency_id, asked.state, error))
        g_clear_pointer(&document, json_decref);
    return document;
}

bool figures_prepare(struct db *db, const struct pack *pack,
                     const struct figures_request *request, const char *metric, GError **error)
{
    if (metric && !pack_clause_of(pack, metric)) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_NOT_FOUND,
                    "policy '%s' has no clause that counts '%s'", pack->id, metric);
        return false;
    }
    return policy_store(db, pack->id, pack->version, pack->text, pack->digest, error) &&
           (request->keep ? track_compare_new(db, error)
                          : track_compare_needs(db, 0, NULL, error));
}

static json_t *prepare_and_read(struct db *db, const struct pack *pack,
                                const struct figures_request *request, const char *metric,
                                int limit, GError **error)
{
    return figures_prepare(db, pack, request, metric, error)
               ? read_document(db, pack, request, metric, limit, error)
               : NULL;
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

static bool open_rows(struct db *db, const struct pack *pack, const struct asked *asked,
                      const char *metric, GError **error)
{
    char *values;
    const struct track_query query = asked_query(pack, asked, metric, &values);
    bool done = track_rows_open(db, &query, metric, error);
    free(values);
    return done;
}

bool figures_each(struct db *db, const struct pack *pack, const struct figures_request *request,
                  const char *metric, figures_row *each, void *user, GError **error)
{
    g_auto(asked_t) asked = {0};
    if (!track_begin(db, error))
        return false;
    bool done = asked_read(db, pack, request, &asked, error) &&
                open_rows(db, pack, &asked, metric, error);
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
