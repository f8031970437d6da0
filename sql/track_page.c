/* Pages of a metric whose next rows can be counted without the others: what they are about is looked for, and theirs are counted, until
 * the page is full. */
#include "sql/internal.h"
#include "sql/track.h"

enum { TRIES = 4 };

/* Which function has the rows of these ids alone, by its name's end, and what else it asks; and of how many rows one is thought to be one
 * that is to be shown, where not all are: more where looking twice is dear. */
static const struct way {
    const char *metric, *end, *asks;
    int shown_in;
} by_ids[] = {
    {"patents", "_of", "", 3},
    {"pushes", "_of", "", 2},
    {"needs", "_of", "", 2},
    {"enterprises", "_of", "", 2},
    {"sales", "_of", "", 2},
    {"deals", "_of", "", 2},
    {"licences", "_near", "", 2},
    {"purchases", "_near", "", 2},
    {"transactions", "_near", ", $10::boolean", 4},
    {"introductions", "_near", ", $10::boolean", 3},
};

static const struct way *way_of(const char *metric)
{
    for (size_t i = 0; i < G_N_ELEMENTS(by_ids); i++)
        if (g_str_equal(by_ids[i].metric, metric))
            return &by_ids[i];
    return NULL;
}

/* The function that a query of a metric's rows reads, once the ids are said; of its rows those up to a key, and of those to be shown. */
static char *rows_of_ids(const char *query, const struct way *way)
{
    g_autofree char *whole = g_strdup_printf(
        "metric_%s($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0))", way->metric);
    g_autofree char *some = g_strdup_printf(
        "metric_%s%s($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0), $8::bigint[]%s)",
        way->metric, way->end, way->asks);
    g_auto(GStrv) parts = g_strsplit(query, whole, 2);
    g_assert(g_strv_length(parts) == 2);
    g_autofree char *rows = g_strjoinv(some, parts);
    return g_strdup_printf("SELECT r.* FROM (%s) r WHERE ($9::text IS NULL OR r.key COLLATE "
                           "\"C\" <= $9::text) AND ($10::boolean IS NULL OR r.counted = "
                           "$10::boolean) ORDER BY r.key COLLATE \"C\" LIMIT $11::int",
                           rows);
}

bool track_pages(const char *metric)
{
    return way_of(metric) != NULL;
}

/* What is asked for, and how far it has come. */
struct paging {
    struct db *db;
    const struct track_query *query;
    const char *metric, *show;
    int limit, shown_in;
    char *agency, *sql;
    char *after; /* the last key that was looked at; NULL: there are no more */
    json_t *rows;
};

static PGresult *next_ids(const struct paging *paging, int most, GError **error)
{
    g_autofree char *count = g_strdup_printf("%d", most);
    const char *const values[] = {paging->metric, paging->query->as_of, paging->query->known_at,
                                  paging->agency, paging->after,        count};
    return db_run(paging->db, sql_page_ids, 6, values, "look for the next rows", error);
}

/* The plan is made for these ids. */
static bool add_rows(struct paging *paging, const char *ids, const char *last, GError **error)
{
    const struct track_query *query = paging->query;
    g_autofree char *room =
        g_strdup_printf("%d", paging->limit - (int)json_array_size(paging->rows));
    const char *const values[] = {query->pack,
                                  query->as_of,
                                  query->known_at,
                                  paging->agency,
                                  paging->agency,
                                  paging->after,
                                  NULL,
                                  ids,
                                  last,
                                  paging->show,
                                  room};
    json_auto_t *rows =
        db_rows(paging->db, paging->sql, 11, values, "read the evidence", error);
    return rows && json_array_extend(paging->rows, rows) == 0;
}

static bool add_next(struct paging *paging, int most, GError **error)
{
    g_autoptr(PGresult) next = next_ids(paging, most, error);
    if (!next)
        return false;
    const char *ids = PQgetisnull(next, 0, 0) ? NULL : PQgetvalue(next, 0, 0);
    const char *last = !ids || PQgetisnull(next, 0, 1) ? NULL : PQgetvalue(next, 0, 1);
    if (!add_rows(paging, ids, last, error))
        return false;
    g_free(paging->after);
    paging->after = g_strdup(last);
    return true;
}

/* How many to look at for the rows that are missing, if as many are to be shown as of those that were looked at: a quarter more than that. */
static int next_look(const struct paging *paging, int looked, int found)
{
    int missing = paging->limit - (int)json_array_size(paging->rows);
    int64_t most = (int64_t)looked * 4;
    return (int)(found ? MIN((int64_t)missing * looked * 5 / 4 / found + 1, most) : most);
}

/* True as well when it was given up: then neither the page is full nor the end reached. */
static bool fill(struct paging *paging, GError **error)
{
    int most = paging->limit * (paging->show ? paging->shown_in : 1);
    for (int i = 0; paging->after && i < TRIES; i++) {
        int had = (int)json_array_size(paging->rows);
        if (!add_next(paging, most, error))
            return false;
        int found = (int)json_array_size(paging->rows) - had;
        if (had + found == paging->limit)
            break;
        most = next_look(paging, most, found);
    }
    return true;
}

json_t *track_page(struct db *db, const struct track_query *query, const char *metric,
                   const char *after_key, const char *show, int limit, GError **error)
{
    const struct way *way = way_of(metric);
    g_assert(way);
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    g_autofree char *sql = rows_of_ids(track_rows_query(metric), way);
    json_auto_t *rows = json_array();
    struct paging paging = {.db = db,
                            .query = query,
                            .metric = metric,
                            .show = show,
                            .limit = limit,
                            .shown_in = way->shown_in,
                            .agency = agency,
                            .sql = sql,
                            .after = g_strdup(after_key),
                            .rows = rows};
    bool done = fill(&paging, error);
    bool whole = !paging.after || json_array_size(rows) == (size_t)limit;
    g_free(paging.after);
    return done ? (whole ? json_incref(rows) : json_null()) : NULL;
}
