/* Pages of a metric whose next rows can be counted without the others: the next patents are looked for, and theirs are counted, until the
 * page is full. */
#include "sql/internal.h"
#include "sql/track.h"

enum { TRIES = 4, SHOWN_IN = 2 /* one row in so many is one to be shown, or about */ };

/* The function that a query of a metric's rows reads, once its patents are said; of its rows those up to a key, and of those to be shown. */
static char *rows_of_patents(const char *query, const char *metric)
{
    g_autofree char *whole = g_strdup_printf(
        "metric_%s($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0))", metric);
    g_autofree char *some = g_strdup_printf(
        "metric_%s_of($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0), $8::bigint[])",
        metric);
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
    return g_str_equal(metric, "patents") || g_str_equal(metric, "pushes");
}

/* What is asked for, and how far it has come. */
struct paging {
    struct db *db;
    const struct track_query *query;
    const char *metric, *show;
    int limit;
    char *agency, *sql;
    char *after; /* the last key that was looked at; NULL: there are no more */
    json_t *rows;
};

static PGresult *next_patents(const struct paging *paging, int most, GError **error)
{
    g_autofree char *count = g_strdup_printf("%d", most);
    const char *const values[] = {paging->metric, paging->query->as_of, paging->query->known_at,
                                  paging->agency, paging->after,        count};
    return db_run(paging->db, sql_page_patents, 6, values, "look for the next rows", error);
}

/* The plan is made for these patents. */
static bool add_rows(struct paging *paging, const char *patents, const char *last,
                     GError **error)
{
    const struct track_query *query = paging->query;
    g_autofree char *room =
        g_strdup_printf("%d", paging->limit - (int)json_array_size(paging->rows));
    const char *const values[] = {
        query->pack,   query->as_of, query->known_at, paging->agency, paging->agency,
        paging->after, NULL,         patents,         last,           paging->show,
        room};
    json_auto_t *rows =
        db_rows(paging->db, paging->sql, 11, values, "read the evidence", error);
    return rows && json_array_extend(paging->rows, rows) == 0;
}

static bool add_next(struct paging *paging, int most, GError **error)
{
    g_autoptr(PGresult) next = next_patents(paging, most, error);
    if (!next)
        return false;
    const char *patents = PQgetisnull(next, 0, 0) ? NULL : PQgetvalue(next, 0, 0);
    const char *last = !patents || PQgetisnull(next, 0, 1) ? NULL : PQgetvalue(next, 0, 1);
    if (!add_rows(paging, patents, last, error))
        return false;
    g_free(paging->after);
    paging->after = g_strdup(last);
    return true;
}

/* True as well when it was given up: then neither the page is full nor the end reached. */
static bool fill(struct paging *paging, GError **error)
{
    int most = paging->show ? paging->limit * SHOWN_IN : paging->limit;
    for (int i = 0; paging->after && i < TRIES; i++, most *= 2) {
        if (!add_next(paging, most, error))
            return false;
        if (json_array_size(paging->rows) == (size_t)paging->limit)
            break;
    }
    return true;
}

json_t *track_page(struct db *db, const struct track_query *query, const char *metric,
                   const char *after_key, const char *show, int limit, GError **error)
{
    g_assert(track_pages(metric));
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    g_autofree char *sql = rows_of_patents(track_rows_query(metric), metric);
    json_auto_t *rows = json_array();
    struct paging paging = {.db = db,
                            .query = query,
                            .metric = metric,
                            .show = show,
                            .limit = limit,
                            .agency = agency,
                            .sql = sql,
                            .after = g_strdup(after_key),
                            .rows = rows};
    bool done = fill(&paging, error);
    bool whole = !paging.after || json_array_size(rows) == (size_t)limit;
    g_free(paging.after);
    return done ? (whole ? json_incref(rows) : json_null()) : NULL;
}
