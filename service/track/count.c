#include "service/track/figures_internal.h"
#include "sql/kept.h"
#include "sql/track.h"
#include <stdlib.h>

/* One item of a clause: what is counted, and where it goes. */
struct item {
    const char *metric;
    size_t place;   /* of the clause */
    json_t *values; /* what the metric reads */
    char *name;     /* under which it is kept */
    json_t *rows;   /* what it came to; NULL: not yet */
    bool keep;      /* …which is to be kept */
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

/* ---- Counting */

static struct track_count to_count(const struct asked *asked, const struct item *item)
{
    return (struct track_count){.metric = item->metric,
                                .place = (int)item->place,
                                .pack = item->values,
                                .as_of = asked_day(asked, item->metric)};
}

json_t *count_metric(struct db *db, const struct asked *asked, const char *metric, size_t place,
                     GError **error)
{
    const struct item item = {
        .metric = metric, .place = place, .values = json_array_get(asked->values, place)};
    struct track_count one = to_count(asked, &item);
    if (track_count_all(db, asked->known_at, asked->agency_id, &one, 1, error))
        return one.rows;
    json_decref(one.rows);
    return NULL;
}

/* Those that have no rows yet. */
static bool count_items(struct db *db, const struct asked *asked, GArray *items, GError **error)
{
    g_autofree struct track_count *all = g_new0(struct track_count, items->len + 1);
    g_autofree struct item **whose = g_new0(struct item *, items->len + 1);
    size_t count = 0;
    for (guint i = 0; i < items->len; i++) {
        struct item *item = &g_array_index(items, struct item, i);
        if (item->rows)
            continue;
        whose[count] = item;
        all[count++] = to_count(asked, item);
    }
    bool done =
        count == 0 || track_count_all(db, asked->known_at, asked->agency_id, all, count, error);
    for (size_t i = 0; i < count; i++)
        whose[i]->rows = all[i].rows;
    return done;
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

static void find_kept(const struct asked *asked, const json_t *kept, struct item *item)
{
    item->name = name_of(asked, item);
    const json_t *known = json_object_get(kept, item->name);
    item->keep = asked->keep && (!known || json_is_true(json_object_get(known, "old")));
    if (known)
        item->rows = json_incref(json_object_get(known, "figure"));
}

/* What was kept and no longer holds, brought up to date where that is little work. */
static bool mend_items(struct db *db, const struct asked *asked, GArray *items, GError **error)
{
    g_autofree const char **names = g_new0(const char *, items->len + 1);
    g_autofree struct item **whose = g_new0(struct item *, items->len + 1);
    g_autofree json_t **figures = g_new0(json_t *, items->len + 1);
    size_t count = 0;
    for (guint i = 0; asked->keep && i < items->len; i++) {
        struct item *item = &g_array_index(items, struct item, i);
        if (item->rows || !kept_can_mend(item->metric))
            continue;
        whose[count] = item;
        names[count++] = item->name;
    }
    bool done = count == 0 || kept_mended(db, names, count, asked->known_at, figures, error);
    for (size_t i = 0; i < count; i++) {
        if (!json_is_null(figures[i]))
            whose[i]->rows = json_incref(figures[i]);
        json_decref(figures[i]);
    }
    return done;
}

static void add_item(struct asked *asked, const struct item *item, json_t *figures,
                     json_t *sums)
{
    if (item->keep)
        json_array_append_new(
            asked->counted,
            json_pack("{s:s, s:s, s:s, s:i, s:O, s:O}", "what", item->name, "metric",
                      item->metric, "as_of", asked_day(asked, item->metric), "place",
                      (int)item->place, "pack", item->values, "figure", item->rows));
    add_rows(item, item->rows, figures, sums);
}

static bool count_kept(struct db *db, struct asked *asked, GArray *items, const json_t *kept,
                       GError **error)
{
    for (guint i = 0; i < items->len; i++)
        find_kept(asked, kept, &g_array_index(items, struct item, i));
    return mend_items(db, asked, items, error) && count_items(db, asked, items, error);
}

bool count_all(struct db *db, const struct pack *pack, struct asked *asked, json_t *figures,
               json_t *sums, GError **error)
{
    g_autoptr(GArray) items = items_of(pack, asked);
    json_auto_t *kept = read_kept(db, asked, items, error);
    bool done = kept && count_kept(db, asked, items, kept, error);
    for (guint i = 0; i < items->len; i++) {
        struct item *item = &g_array_index(items, struct item, i);
        if (done)
            add_item(asked, item, figures, sums);
        json_decref(item->rows);
        g_free(item->name);
    }
    return done;
}
