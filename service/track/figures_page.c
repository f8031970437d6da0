#include "service/track/figures_internal.h"
#include "sql/kept.h"
#include "sql/rows.h"
#include <stdlib.h>
#include <string.h>

/* A page that is being filled, agency by agency: each has a set of rows of its own. */
struct filling {
    struct db *db;
    const struct pack *pack;
    const struct figures_page_wish *wish;
    struct asked *asked;
    bool past;      /* a moment was asked for */
    char *known_at; /* that of the rows so far */
    json_t *rows;
};

/* What the pack says of the metric. */
static json_t *values_of(const struct filling *filling)
{
    const json_t *clause = pack_clause_of(filling->pack, filling->wish->metric);
    size_t place = 0;
    while (json_array_get(asked_clauses(filling->pack), place) != clause)
        place++;
    return json_array_get(filling->asked->values, place);
}

/* Needs of a past moment are compared for it, the first time that they are counted. */
static bool add_pairs(struct filling *filling, GError **error)
{
    if (!filling->past || !g_str_equal(filling->wish->metric, "needs"))
        return true;
    json_t *pairs = track_past_pairs(filling->db, filling->asked->known_at, error);
    if (pairs)
        json_object_set_new(values_of(filling), "pairs", pairs);
    return pairs != NULL;
}

/* Counting writes, and so needs a transaction of its own between two that read. */
static bool count_set(struct filling *filling, const char *name, int agency_id,
                      struct rows_set *set, GError **error)
{
    if (!add_pairs(filling, error))
        return false;
    char *values;
    struct track_query query =
        asked_query(filling->pack, filling->asked, filling->wish->metric, &values);
    query.agency_id = agency_id;
    db_rollback(filling->db); /* it only read */
    bool done = rows_keep(filling->db, name, filling->wish->metric, &query, filling->past, set,
                          error) &&
                track_begin(filling->db, error);
    free(values);
    return done;
}

/* Pairs of needs of a past moment follow from that moment: they are no part of a set's name. */
static bool find_or_count(struct filling *filling, int agency_id, struct rows_set *set,
                          GError **error)
{
    const struct asked *asked = filling->asked;
    json_auto_t *said = json_copy(values_of(filling));
    json_object_del(said, "pairs");
    g_autofree char *name = kept_name(filling->wish->metric, said,
                                      asked_day(asked, filling->wish->metric), agency_id);
    return rows_find(filling->db, name, filling->past ? asked->known_at : NULL, set, error) &&
           (set->id || count_set(filling, name, agency_id, set, error));
}

/* Of a metric that can be counted from a row on; *counted says whether it was. */
static bool add_counted(struct filling *filling, int agency_id, const char *after, int room,
                        bool *counted, GError **error)
{
    static const char *const only[] = {NULL, "t", "f"};
    char *values;
    struct track_query query =
        asked_query(filling->pack, filling->asked, filling->wish->metric, &values);
    query.agency_id = agency_id;
    json_auto_t *rows = track_page(filling->db, &query, filling->wish->metric, after,
                                   only[filling->wish->show], room, error);
    free(values);
    *counted = rows && !json_is_null(rows);
    if (*counted)
        json_array_extend(filling->rows, rows);
    return rows != NULL;
}

static bool add_agency(struct filling *filling, int agency_id, GError **error)
{
    g_auto(rows_set_t) set = {0};
    const struct figures_page_wish *wish = filling->wish;
    int room = wish->limit + 1 - (int)json_array_size(filling->rows);
    const char *after = agency_id == wish->after_agency ? wish->after_key : "";
    bool counted = false;
    if (track_pages(wish->metric) &&
        (!add_counted(filling, agency_id, after, room, &counted, error) || counted))
        return counted;
    if (!find_or_count(filling, agency_id, &set, error))
        return false;
    json_auto_t *rows =
        rows_page(filling->db, &set, after, (enum rows_show)wish->show, room, error);
    if (!rows)
        return false;
    json_array_extend(filling->rows, rows);
    g_free(filling->known_at);
    filling->known_at = g_steal_pointer(&set.known_at);
    return true;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* Those whose rows may stand on the page, in their order. */
static GArray *agencies_of(struct filling *filling, GError **error)
{
    const struct track_query query = {.known_at = filling->asked->known_at,
                                      .agency_id = filling->asked->agency_id};
    json_auto_t *rows = track_agencies(filling->db, &query, error);
    if (!rows)
        return NULL;
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        int id = (int)json_integer_value(json_object_get(json_array_get(rows, i), "agency_id"));
        if (id >= filling->wish->after_agency)
            g_array_append_val(list, id);
    }
    g_array_sort(list, compare);
    return list;
}

static bool fill(struct filling *filling, GError **error)
{
    g_autoptr(GArray) agencies = agencies_of(filling, error);
    bool done = agencies != NULL;
    for (guint i = 0; done && i < agencies->len &&
                      json_array_size(filling->rows) <= (size_t)filling->wish->limit;
         i++)
        done = add_agency(filling, g_array_index(agencies, int, i), error);
    return done;
}

static json_t *document_of(struct filling *filling)
{
    size_t limit = (size_t)filling->wish->limit;
    json_t *document =
        json_pack("{s:s, s:O}", "known_at",
                  filling->known_at ? filling->known_at : filling->asked->known_at, "rows",
                  filling->rows);
    if (json_array_size(filling->rows) > limit) {
        json_array_remove(filling->rows, limit);
        json_object_set_new(document, "more", json_true());
    }
    return document;
}

json_t *figures_page(struct db *db, const struct pack *pack,
                     const struct figures_request *request,
                     const struct figures_page_wish *wish, GError **error)
{
    g_auto(asked_t) asked = {.bare = true};
    if (!figures_prepare(db, pack, request, wish->metric, error) || !track_begin(db, error))
        return NULL;
    json_auto_t *rows = json_array();
    struct filling filling = {.db = db,
                              .pack = pack,
                              .wish = wish,
                              .asked = &asked,
                              .past = request->known_at != NULL,
                              .rows = rows};
    bool done = asked_read(db, pack, request, &asked, error) && fill(&filling, error);
    db_rollback(db); /* what was kept is kept */
    json_t *document = done ? document_of(&filling) : NULL;
    g_free(filling.known_at);
    return document;
}

/* ---- Two days */

/* The rows of an agency on both days, and what of them is counted on one alone. */
struct comparing {
    struct filling before, after;
    const struct figures_changes_wish *wish;
    json_t *rows;
    json_int_t came, went;
};

static bool find_one(struct filling *filling, int agency_id, struct rows_set *set,
                     GError **error)
{
    if (!find_or_count(filling, agency_id, set, error))
        return false;
    g_free(filling->known_at);
    filling->known_at = g_strdup(set->known_at);
    return true;
}

static const json_t *shown_of(const json_t *row)
{
    const json_t *after = json_object_get(row, "after");
    return json_is_object(after) ? after : json_object_get(row, "before");
}

/* {agency_id, agency, key, label, whose, change, before, after}: of each day whether it counts, and why not. */
static json_t *change_of(const json_t *row)
{
    static const char *const same[] = {"agency_id", "agency", "key",
                                       "label",     "whose",  "invented"};
    static const char *const days[] = {"before", "after"};
    json_t *change = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++)
        json_object_set(change, same[i], json_object_get(shown_of(row), same[i]));
    json_object_set(change, "change", json_object_get(row, "change"));
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        const json_t *of = json_object_get(row, days[i]);
        json_object_set_new(change, days[i],
                            json_is_object(of)
                                ? json_pack("{s:O, s:O, s:O}", "counted",
                                            json_object_get(of, "counted"), "reasons",
                                            json_object_get(of, "reasons"), "detail",
                                            json_object_get(of, "detail"))
                                : json_null());
    }
    return change;
}

static bool add_changes(struct comparing *comparing, const struct rows_set *before,
                        const struct rows_set *after, const char *key, GError **error)
{
    int room = comparing->wish->limit + 1 - (int)json_array_size(comparing->rows);
    json_auto_t *rows =
        room > 0 ? rows_changes(comparing->before.db, before, after, key, room, error)
                 : json_array();
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(comparing->rows, change_of(json_array_get(rows, i)));
    return rows != NULL;
}

static bool compare_agency(struct comparing *comparing, int agency_id, GError **error)
{
    g_auto(rows_set_t) before = {0};
    g_auto(rows_set_t) after = {0};
    const struct figures_changes_wish *wish = comparing->wish;
    json_int_t came = 0, went = 0;
    if (!find_one(&comparing->before, agency_id, &before, error) ||
        !find_one(&comparing->after, agency_id, &after, error) ||
        (!*wish->after_key &&
         !rows_changed(comparing->before.db, &before, &after, &came, &went, error)))
        return false;
    comparing->came += came;
    comparing->went += went;
    return add_changes(comparing, &before, &after,
                       agency_id == wish->after_agency ? wish->after_key : "", error);
}

static bool compare_all(struct comparing *comparing, GError **error)
{
    g_autoptr(GArray) agencies = agencies_of(&comparing->after, error);
    bool first = !*comparing->wish->after_key; /* the first page says how many there are */
    bool done = agencies != NULL;
    for (guint i = 0;
         done && i < agencies->len &&
         (first || json_array_size(comparing->rows) <= (size_t)comparing->wish->limit);
         i++)
        done = compare_agency(comparing, g_array_index(agencies, int, i), error);
    return done;
}

static json_t *changes_of(struct comparing *comparing)
{
    size_t limit = (size_t)comparing->wish->limit;
    struct filling *before = &comparing->before, *after = &comparing->after;
    json_t *document = json_pack(
        "{s:s, s:s, s:O}", "before_known_at",
        before->known_at ? before->known_at : before->asked->known_at, "known_at",
        after->known_at ? after->known_at : after->asked->known_at, "rows", comparing->rows);
    if (!*comparing->wish->after_key) {
        json_object_set_new(document, "came", json_integer(comparing->came));
        json_object_set_new(document, "went", json_integer(comparing->went));
    }
    if (json_array_size(comparing->rows) > limit) {
        while (json_array_size(comparing->rows) > limit)
            json_array_remove(comparing->rows, limit);
        json_object_set_new(document, "more", json_true());
    }
    return document;
}

static bool compare_days(struct comparing *comparing, const struct pack *pack,
                         const struct figures_request requests[2], GError **error)
{
    struct db *db = comparing->before.db;
    return figures_prepare(db, pack, &requests[0], comparing->wish->metric, error) &&
           figures_prepare(db, pack, &requests[1], comparing->wish->metric, error) &&
           track_begin(db, error) &&
           asked_read(db, pack, &requests[0], comparing->before.asked, error) &&
           asked_read(db, pack, &requests[1], comparing->after.asked, error) &&
           compare_all(comparing, error);
}

json_t *figures_changes(struct db *db, const struct pack *pack,
                        const struct figures_request *before,
                        const struct figures_request *after,
                        const struct figures_changes_wish *wish, GError **error)
{
    g_auto(asked_t) first = {.bare = true};
    g_auto(asked_t) second = {.bare = true};
    json_auto_t *rows = json_array();
    const struct figures_page_wish of = {.metric = wish->metric,
                                         .after_agency = wish->after_agency,
                                         .after_key = wish->after_key,
                                         .limit = wish->limit};
    const struct figures_request requests[2] = {*before, *after};
    struct filling filling = {.db = db, .pack = pack, .wish = &of};
    struct comparing comparing = {
        .before = filling, .after = filling, .wish = wish, .rows = rows};
    comparing.before.asked = &first;
    comparing.before.past = before->known_at != NULL;
    comparing.after.asked = &second;
    comparing.after.past = after->known_at != NULL;
    bool done = compare_days(&comparing, pack, requests, error);
    db_rollback(db); /* what was kept is kept */
    json_t *document = done ? changes_of(&comparing) : NULL;
    g_free(comparing.before.known_at);
    g_free(comparing.after.known_at);
    return document;
}
