#include "service/track/figures_internal.h"
#include "sql/kept.h"
#include "sql/track.h"
#include <stdlib.h>

/* One item of a clause: what is counted, and where it goes. */
struct item {
    const char *metric;
    size_t place;   /* of the clause */
    json_t *values; /* what the metric reads */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Every item of the pack, in its order. */
static GArray *items_of(const struct pack *pack, const struct asked *asked)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct item));
    for (size_t place = 0; place < json_array_size(asked_clauses(pack)); place++) {
        const json_t *items =
            json_object_get(json_array_get(asked_clauses(pack), place), "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            struct item item = {.metric = text_of(json_array_get(items, i), "metric"),
                                .place = place,
                                .values = json_array_get(asked->values, place)};
            g_array_append_val(list, item);
        }
    }
    return list;
}

/* ---- Counting one */

static json_t *count_base(struct db *db, const struct item *item,
                          const struct track_query *query, GError **error)
{
    struct track_query whole = *query;
    char *values = json_dumps(item->values, JSON_COMPACT);
    whole.pack = values;
    json_t *rows = track_figures(db, &whole, item->metric, error);
    free(values);
    return rows;
}

static json_t *count_sums(struct db *db, const struct item *item,
                          const struct track_query *query, GError **error)
{
    json_auto_t *list = json_pack("[{s:i, s:s, s:O}]", "place", (int)item->place, "metric",
                                  item->metric, "pack", item->values);
    return track_clauses(db, list, query, error);
}

static json_t *count_item(struct db *db, const struct asked *asked, const struct item *item,
                          GError **error)
{
    const struct track_query query = {.as_of = asked_day(asked, item->metric),
                                      .known_at = asked->known_at,
                                      .agency_id = asked->agency_id};
    return track_is_base(item->metric) ? count_base(db, item, &query, error)
                                       : count_sums(db, item, &query, error);
}

json_t *count_metric(struct db *db, const struct asked *asked, const char *metric, size_t place,
                     GError **error)
{
    const struct item item = {
        .metric = metric, .place = place, .values = json_array_get(asked->values, place)};
    return count_item(db, asked, &item, error);
}

/* ---- What is kept */

static char *name_of(const struct asked *asked, const struct item *item)
{
    return kept_name(item->metric, item->values, asked_day(asked, item->metric),
                     asked->agency_id);
}

static json_t *names_of(const struct asked *asked, const GArray *items)
{
    json_t *names = json_array();
    for (guint i = 0; i < items->len; i++) {
        g_autofree char *name = name_of(asked, &g_array_index(items, struct item, i));
        json_array_append_new(names, json_string(name));
    }
    return names;
}

/* An object, empty where nothing is to be kept. */
static json_t *read_kept(struct db *db, struct asked *asked, const GArray *items,
                         GError **error)
{
    if (!asked->keep)
        return json_object();
    json_auto_t *names = names_of(asked, items);
    asked->counted = json_array();
    asked->state = kept_state(db, error);
    return asked->state ? kept_fresh(db, names, error) : NULL;
}

/* ---- All of them */

/* A sum says whose clause it is of by its place, which a pack may have changed since. */
static void add_rows(const struct item *item, const json_t *rows, json_t *figures, json_t *sums)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        if (!track_is_base(item->metric))
            json_object_set_new(row, "place", json_integer((json_int_t)item->place));
        json_array_append(track_is_base(item->metric) ? figures : sums, row);
    }
}

/* What was kept, brought up to date where that is little work; else counted. */
static json_t *mend_or_count(struct db *db, struct asked *asked, const struct item *item,
                             const char *name, GError **error)
{
    if (!asked->keep ||
        !(g_str_equal(item->metric, "patents") || g_str_equal(item->metric, "pushes")))
        return count_item(db, asked, item, error);
    json_t *rows = kept_mended(db, name, asked->known_at, error);
    if (!json_is_null(rows))
        return rows;
    return count_item(db, asked, item, error);
}

static bool add_item(struct db *db, struct asked *asked, const struct item *item,
                     const json_t *kept, json_t *figures, json_t *sums, GError **error)
{
    g_autofree char *name = name_of(asked, item);
    const json_t *known = json_object_get(kept, name);
    json_auto_t *rows = known ? json_incref(json_object_get(known, "figure"))
                              : mend_or_count(db, asked, item, name, error);
    if (!rows)
        return false;
    if (asked->keep && (!known || json_is_true(json_object_get(known, "old"))))
        json_array_append_new(asked->counted, json_pack("{s:s, s:s, s:s, s:i, s:O, s:O}",
                                                        "what", name, "metric", item->metric,
                                                        "as_of", asked_day(asked, item->metric),
                                                        "place", (int)item->place, "pack",
                                                        item->values, "figure", rows));
    add_rows(item, rows, figures, sums);
    return true;
}

bool count_all(struct db *db, const struct pack *pack, struct asked *asked, json_t *figures,
               json_t *sums, GError **error)
{
    g_autoptr(GArray) items = items_of(pack, asked);
    json_auto_t *kept = read_kept(db, asked, items, error);
    bool done = kept != NULL;
    for (guint i = 0; done && i < items->len; i++)
        done = add_item(db, asked, &g_array_index(items, struct item, i), kept, figures, sums,
                        error);
    return done;
}
