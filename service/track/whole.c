#include "service/track/figures_internal.h"
#include "service/track/gather.h"
#include "sql/crew.h"
#include <stdlib.h>

enum {
    CREW = 3
}; /* sessions: the rows of the next agencies are counted while one's are written */

struct figures_whole {
    struct db *db;
    struct crew *crew; /* it, and others that see the same */
    const struct pack *pack;
    struct asked asked;
    json_t *head, *document;
    struct gather *gather;
    json_t *read; /* {metric: true} whose rows were read */
    /* of the metric that is being read */
    const char *metric;
    size_t place;
    track_row_each *each;
    void *user;
};

/* Agency by agency: what has to be sorted at once stays small. */
static json_t *agencies_of(const struct figures_whole *whole, GError **error)
{
    const struct track_query query = {.known_at = whole->asked.known_at,
                                      .agency_id = whole->asked.agency_id};
    return track_agencies(whole->db, &query, error);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

static GArray *numbers_of(const json_t *agencies)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int));
    for (size_t i = 0; i < json_array_size(agencies); i++) {
        const json_t *one = json_array_get(agencies, i);
        int id = (int)json_integer_value(json_object_get(one, "agency_id"));
        g_array_append_val(list, id);
    }
    g_array_sort(list, by_number);
    return list;
}

/* Which contracts are between parties that belong together is asked once, not for each metric of contracts. Of one agency alone it isn't, for its
 * buyers' cap is used up by contracts of others. */
static bool find_linked(struct figures_whole *whole, GError **error)
{
    if (whole->asked.agency_id)
        return true;
    json_auto_t *agencies = agencies_of(whole, error);
    if (!agencies)
        return false;
    g_autoptr(GArray) numbers = numbers_of(agencies);
    json_auto_t *linked = track_linked(whole->crew, whole->asked.known_at,
                                       (const int *)numbers->data, numbers->len, error);
    for (size_t i = 0; linked && i < json_array_size(whole->asked.values); i++)
        if (overlap_counts(json_array_get(asked_clauses(whole->pack), i)))
            json_object_set(json_array_get(whole->asked.values, i), "linked", linked);
    return linked != NULL;
}

struct figures_whole *figures_begin(struct db *db, const struct pack *pack,
                                    const struct figures_request *request, GError **error)
{
    struct figures_request anew = *request;
    anew.keep =
        false; /* what is kept is never asked where nothing may have been tampered with */
    if (!figures_prepare(db, pack, &anew, NULL, error) || !track_begin(db, error))
        return NULL;
    struct figures_whole *whole = g_new0(struct figures_whole, 1);
    *whole = (struct figures_whole){
        .db = db, .pack = pack, .gather = gather_new(), .read = json_object()};
    if (asked_read(db, pack, &anew, &whole->asked, error) &&
        (whole->head = asked_head(db, pack, &whole->asked, error))) {
        whole->crew = crew_new(db, CREW);
        if (find_linked(whole, error))
            return whole;
    }
    figures_end(whole);
    return NULL;
}

const json_t *figures_head(const struct figures_whole *whole)
{
    return whole->head;
}

/* ---- Rows */

/* The clause whose rows a metric shows. */
static size_t place_of(const struct figures_whole *whole, const char *metric)
{
    const json_t *clause = pack_clause_of(whole->pack, metric);
    size_t place = 0;
    while (json_array_get(asked_clauses(whole->pack), place) != clause)
        place++;
    return place;
}

static bool take_row(const struct track_row *row, void *user, GError **error)
{
    struct figures_whole *whole = user;
    gather_row(whole->gather, whole->place, whole->metric, row);
    return whole->each(row, whole->user, error);
}

bool figures_rows(struct figures_whole *whole, const char *metric, track_row_each *each,
                  void *user, GError **error)
{
    json_auto_t *agencies = agencies_of(whole, error);
    if (!agencies)
        return false;
    g_autoptr(GArray) numbers = numbers_of(agencies);
    whole->metric = metric;
    whole->place = place_of(whole, metric);
    whole->each = each;
    whole->user = user;
    char *values;
    const struct track_query query = asked_query(whole->pack, &whole->asked, metric, &values);
    g_autofree struct track_query *queries = g_new0(struct track_query, numbers->len + 1);
    for (guint i = 0; i < numbers->len; i++) {
        queries[i] = query;
        queries[i].agency_id = g_array_index(numbers, int, i);
    }
    bool done =
        track_rows_each(whole->crew, queries, numbers->len, metric, take_row, whole, error);
    free(values);
    if (done)
        json_object_set_new(whole->read, metric, json_true());
    return done;
}

/* ---- Figures */

/* What a second clause counts of the same metric, by its own parameters; and what was not read. */
static bool count_rest(struct figures_whole *whole, json_t *figures, json_t *sums,
                       GError **error)
{
    size_t place, i;
    json_t *clause, *item;
    json_array_foreach(asked_clauses(whole->pack), place, clause)
        json_array_foreach(json_object_get(clause, "items"), i, item)
    {
        const char *metric = json_string_value(json_object_get(item, "metric"));
        if (json_object_get(whole->read, metric) && place_of(whole, metric) == place)
            continue;
        json_auto_t *rows = count_metric(whole->db, &whole->asked, metric, place, error);
        if (!rows)
            return false;
        json_array_extend(track_is_base(metric) ? figures : sums, rows);
    }
    return true;
}

const json_t *figures_shown(struct figures_whole *whole, GError **error)
{
    json_auto_t *figures = gather_figures(whole->gather);
    json_auto_t *sums = gather_sums(whole->gather);
    json_auto_t *document = json_deep_copy(whole->head);
    if (!count_rest(whole, figures, sums, error) ||
        !figures_add(whole->db, whole->pack, &whole->asked, figures, sums, document, error))
        return NULL;
    json_decref(whole->document);
    whole->document = json_incref(document);
    return whole->document;
}

void figures_end(struct figures_whole *whole)
{
    if (!whole)
        return;
    crew_free(whole->crew);
    db_rollback(whole->db); /* it only read */
    asked_clear(&whole->asked);
    json_decref(whole->head);
    json_decref(whole->document);
    json_decref(whole->read);
    gather_free(whole->gather);
    g_free(whole);
}
