#include "service/track/figures_internal.h"
#include "sql/track.h"
#include <string.h>

/* "AGENCY/CONTRACT" */
static char *key_of(const json_t *row, const json_t *contract)
{
    return g_strdup_printf("%" JSON_INTEGER_FORMAT "/%s",
                           json_integer_value(json_object_get(row, "agency_id")),
                           json_string_value(contract));
}

/* The metric by which a clause counts contracts, or NULL. */
static const char *contracts_metric(const json_t *clause)
{
    static const char *const names[] = {"purchases", "transactions", "deals", "licences"};
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
            if (g_str_equal(
                    json_string_value(json_object_get(json_array_get(items, i), "metric")),
                    names[n]))
                return names[n];
    return NULL;
}

bool overlap_counts(const json_t *clause)
{
    return contracts_metric(clause) != NULL;
}

static json_t *contracts_asked(const struct pack *pack, const struct asked *asked, size_t place)
{
    const char *metric = contracts_metric(json_array_get(asked_clauses(pack), place));
    if (!metric)
        return NULL;
    return json_pack("{s:i, s:s, s:O, s:s}", "place", (int)place, "metric", metric, "pack",
                     json_array_get(asked->values, place), "day", asked_day(asked, metric));
}

json_t *overlap_contracts(struct db *db, const struct pack *pack, const struct asked *asked,
                          size_t from, size_t to, int agency_id, GError **error)
{
    const struct track_query query = {.known_at = asked->known_at, .agency_id = agency_id};
    json_t *list = json_array();
    for (size_t i = from; i < to; i++) {
        json_t *one = contracts_asked(pack, asked, i);
        if (one)
            json_array_append_new(list, one);
    }
    json_t *rows = track_contracts(db, list, &query, error);
    json_decref(list);
    return rows;
}

/* Adds a row for each contract of a figure or sum of the clause at `place`. */
static void add_counted(const json_t *row, size_t place, json_t *rows)
{
    const json_t *contracts = json_object_get(row, "contracts");
    for (size_t i = 0; i < json_array_size(contracts); i++)
        json_array_append_new(rows, json_pack("{s:i, s:O, s:O}", "place", (int)place,
                                              "agency_id", json_object_get(row, "agency_id"),
                                              "contract", json_array_get(contracts, i)));
}

json_t *overlap_counted(const struct pack *pack, const json_t *figures, const json_t *sums)
{
    const json_t *clauses = asked_clauses(pack);
    json_t *rows = json_array();
    for (size_t place = 0; place < json_array_size(clauses); place++) {
        const char *metric = contracts_metric(json_array_get(clauses, place));
        const json_t *counted = metric && track_is_base(metric) ? figures : sums;
        for (size_t i = 0; metric && i < json_array_size(counted); i++) {
            const json_t *row = json_array_get(counted, i);
            bool is_sum = counted == sums;
            if (g_strcmp0(json_string_value(json_object_get(row, "metric")), metric) == 0 &&
                (!is_sum ||
                 json_integer_value(json_object_get(row, "place")) == (json_int_t)place))
                add_counted(row, place, rows);
        }
    }
    return rows;
}

static void take_contracts(json_t *taken, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        g_autofree char *key = key_of(row, json_object_get(row, "contract"));
        json_object_set_new(taken, key, json_true());
    }
}

bool overlap_spare(struct db *db, const struct pack *pack, struct asked *asked, GError **error)
{
    json_t *taken = json_object();
    bool done = true;
    for (size_t i = 0; done && i < json_array_size(asked->values); i++) {
        json_t *values = json_array_get(asked->values, i);
        if (g_strcmp0(json_string_value(json_object_get(values, "fact_serves")), "first") !=
                0 ||
            !contracts_metric(json_array_get(asked_clauses(pack), i)))
            continue;
        json_object_set_new(values, "taken", json_copy(taken));
        json_t *rows = overlap_contracts(db, pack, asked, i, i + 1, 0, error);
        done = rows != NULL;
        take_contracts(taken, rows);
        json_decref(rows);
    }
    json_decref(taken);
    return done;
}

json_t *overlap_serving(const struct pack *pack, const json_t *rows)
{
    json_t *serving = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const json_t *clause = json_array_get(
            asked_clauses(pack), (size_t)json_integer_value(json_object_get(row, "place")));
        g_autofree char *key = key_of(row, json_object_get(row, "contract"));
        if (!json_object_get(serving, key))
            json_object_set_new(serving, key, json_array());
        json_array_append(json_object_get(serving, key), json_object_get(clause, "id"));
    }
    return serving;
}

static bool lists(const json_t *ids, const char *id)
{
    for (size_t i = 0; i < json_array_size(ids); i++)
        if (g_str_equal(json_string_value(json_array_get(ids, i)), id))
            return true;
    return false;
}

json_t *overlap_count(json_t *serving, const char *id, json_int_t agency_id)
{
    g_autofree char *prefix = g_strdup_printf("%" JSON_INTEGER_FORMAT "/", agency_id);
    json_t *overlap = json_object(), *ids;
    const char *key;
    json_object_foreach(serving, key, ids)
    {
        if (!g_str_has_prefix(key, prefix) || !lists(ids, id))
            continue;
        for (size_t i = 0; i < json_array_size(ids); i++) {
            const char *other = json_string_value(json_array_get(ids, i));
            json_int_t before = json_integer_value(json_object_get(overlap, other));
            if (!g_str_equal(other, id))
                json_object_set_new(overlap, other, json_integer(before + 1));
        }
    }
    return overlap;
}

/* Which other clauses count the contract behind a row. */
static void add_overlap(json_t *serving, const char *id, json_t *row)
{
    json_t *contract = json_object_get(json_object_get(row, "detail"), "contract");
    if (!contract || !json_is_true(json_object_get(row, "counted")))
        return;
    g_autofree char *key = key_of(row, contract);
    const json_t *ids = json_object_get(serving, key);
    json_t *others = json_array();
    for (size_t i = 0; i < json_array_size(ids); i++)
        if (!g_str_equal(json_string_value(json_array_get(ids, i)), id))
            json_array_append(others, json_array_get(ids, i));
    json_object_set_new(row, "also_in", others);
}

bool overlap_add(struct db *db, const struct pack *pack, const struct asked *asked,
                 const json_t *clause, json_t *rows, GError **error)
{
    if (!contracts_metric(clause))
        return true;
    json_t *contracts = overlap_contracts(db, pack, asked, 0, json_array_size(asked->values),
                                          asked->agency_id, error);
    json_t *serving = overlap_serving(pack, contracts);
    for (size_t i = 0; contracts && i < json_array_size(rows); i++)
        add_overlap(serving, json_string_value(json_object_get(clause, "id")),
                    json_array_get(rows, i));
    bool done = contracts != NULL;
    json_decref(serving);
    json_decref(contracts);
    return done;
}
