#include "sql/track.h"
#include "sql/alike.h"
#include "sql/crew.h"
#include "sql/internal.h"

static const double kept_from =
    0.5; /* pairs less alike are not kept; a pack's line must lie above */

bool track_settle(struct db *db, GError **error)
{
    return db_do(db, sql_track_settings, 0, NULL, "set the counting up", error);
}

bool track_begin(struct db *db, GError **error)
{
    if (!db_begin_still(db, error))
        return false;
    if (track_settle(db, error))
        return true;
    db_rollback(db);
    return false;
}

json_t *track_agencies(struct db *db, const struct track_query *query, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    const char *const values[] = {query->known_at, agency};
    return db_rows(db, sql_track_agencies, 2, values, "read the agencies", error);
}

/* The first BASE_METRICS are those of the base database. */
enum { BASE_METRICS = 7 };
static const char *const metrics[] = {"patents",
                                      "enterprises",
                                      "experts",
                                      "institutions",
                                      "needs",
                                      "pushes",
                                      "deals",
                                      "settlement",
                                      "staff",
                                      "cases",
                                      "top500_clients",
                                      "operation_year",
                                      "sales",
                                      "attorneys",
                                      "purchases",
                                      "introductions",
                                      "transactions",
                                      "navigation_projects",
                                      "loans",
                                      "events",
                                      "pilot",
                                      "open_licences",
                                      "licences",
                                      "entrustment",
                                      "platform_reviews",
                                      NULL};
static const char *const metric_rows[] = {
    sql_metric_patents,         sql_metric_enterprises,    sql_metric_experts,
    sql_metric_institutions,    sql_metric_needs,          sql_metric_pushes,
    sql_metric_deals,           sql_metric_settlement,     sql_metric_staff,
    sql_metric_cases,           sql_metric_top500_clients, sql_metric_operation_year,
    sql_metric_sales,           sql_metric_attorneys,      sql_metric_purchases,
    sql_metric_introductions,   sql_metric_transactions,   sql_metric_navigation_projects,
    sql_metric_loans,           sql_metric_events,         sql_metric_pilot,
    sql_metric_open_licences,   sql_metric_licences,       sql_metric_entrustment,
    sql_metric_platform_reviews};

const char *const *track_metrics(void)
{
    return metrics;
}

const char *track_rows_query(const char *metric)
{
    for (size_t at = 0; metrics[at]; at++)
        if (g_str_equal(metrics[at], metric))
            return metric_rows[at];
    return NULL;
}

bool track_is_base(const char *metric)
{
    for (size_t i = 0; i < BASE_METRICS; i++)
        if (g_str_equal(metrics[i], metric))
            return true;
    return false;
}

json_t *track_contracts(struct db *db, json_t *asked, const struct track_query *query,
                        GError **error)
{
    char *text = json_dumps(asked, JSON_COMPACT);
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    const char *const values[] = {text, query->known_at, agency};
    json_t *rows = db_rows(db, sql_track_contracts, 3, values, "compare the clauses", error);
    free(text);
    return rows;
}

/* The answers of all of them in one list; lets go of them. */
static json_t *deals_of(struct crew_question *questions, size_t count)
{
    json_t *deals = json_array();
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < json_array_size(questions[i].rows); k++)
            json_array_append(deals,
                              json_object_get(json_array_get(questions[i].rows, k), "deal"));
        json_decref(questions[i].rows);
    }
    return deals;
}

json_t *track_linked(struct crew *crew, const char *known_at, const int *agencies, size_t count,
                     GError **error)
{
    g_autofree struct crew_question *questions = g_new0(struct crew_question, count + 1);
    g_autofree const char **values = g_new0(const char *, 2 * count + 1);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < count; i++) {
        g_ptr_array_add(names, g_strdup_printf("%d", agencies[i]));
        values[2 * i] = known_at;
        values[2 * i + 1] = g_ptr_array_index(names, i);
        questions[i] = (struct crew_question){
            .sql = sql_track_linked, .count = 2, .values = &values[2 * i]};
    }
    bool done = crew_ask(crew, questions, count, "compare the parties of contracts", error);
    json_t *deals = deals_of(questions, count);
    if (done)
        return deals;
    json_decref(deals);
    return NULL;
}

json_t *track_evidence(struct db *db, const struct track_query *query, const char *metric,
                       int after_agency, const char *after_key, int limit, GError **error)
{
    size_t at = 0;
    while (metrics[at] && !g_str_equal(metrics[at], metric))
        at++;
    if (!metrics[at]) {
        g_autofree char *all = g_strjoinv(", ", (char **)(uintptr_t)metrics);
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no metric '%s'; there are: %s",
                    metric, all);
        return NULL;
    }
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    g_autofree char *after = g_strdup_printf("%d", after_agency);
    g_autofree char *most = g_strdup_printf("%d", limit);
    const char *const values[] = {query->pack, query->as_of, query->known_at, agency, after,
                                  after_key,   most};
    return db_rows(db, metric_rows[at], 7, values, "read the evidence", error);
}

bool track_rows_open(struct db *db, const struct track_query *query, const char *metric,
                     GError **error)
{
    size_t at = 0;
    while (metrics[at] && !g_str_equal(metrics[at], metric))
        at++;
    if (!metrics[at]) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no metric '%s'", metric);
        return false;
    }
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    g_autofree char *declare =
        g_strconcat("DECLARE evidence NO SCROLL CURSOR FOR ", metric_rows[at], NULL);
    const char *const values[] = {query->pack, query->as_of, query->known_at, agency, "0",
                                  "",          NULL};
    return db_do(db, declare, 7, values, "read the evidence", error);
}

bool track_rows_keep(struct db *db, const struct track_query *query, const char *metric,
                     const char *set, GError **error)
{
    size_t at = 0;
    while (metrics[at] && !g_str_equal(metrics[at], metric))
        at++;
    g_autofree char *agency = g_strdup_printf("%d", query->agency_id);
    g_autofree char *keep =
        g_strdup_printf("INSERT INTO track_row (rows_id, key, counted, body) SELECT "
                        "$8::bigint, r.key, r.counted, to_jsonb(r) FROM (%s) r",
                        metric_rows[at]);
    const char *const values[] = {query->pack, query->as_of, query->known_at, agency, "0", "",
                                  NULL,        set};
    return db_do(db, keep, 8, values, "keep rows", error);
}

json_t *track_rows_next(struct db *db, int limit, GError **error)
{
    g_autofree char *fetch = g_strdup_printf("FETCH %d FROM evidence", limit);
    return db_rows(db, fetch, 0, NULL, "read the evidence", error);
}

bool track_rows_close(struct db *db, GError **error)
{
    return db_do(db, "CLOSE evidence", 0, NULL, "end reading the evidence", error);
}

char *track_moment(struct db *db, const char *moment, GError **error)
{
    const char *const values[] = {moment};
    g_autoptr(PGresult) res = db_run(db, sql_track_moment, 1, values, "read the moment", error);
    return res ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}

/* ---- Needs that repeat each other */

static void compare_two(const PGresult *needs, int one, int other, double jaccard,
                        json_t *pairs)
{
    char *const one_id = PQgetvalue(needs, one, 0), *const other_id =
                                                        PQgetvalue(needs, other, 0);
    gint64 one_seq = g_ascii_strtoll(PQgetvalue(needs, one, 2), NULL, 10);
    gint64 other_seq = g_ascii_strtoll(PQgetvalue(needs, other, 2), NULL, 10);
    json_array_append_new(pairs,
                          json_pack("[s, s, I, I, f]", one_id, other_id, (json_int_t)one_seq,
                                    (json_int_t)other_seq, jaccard));
}

/* Rows from..to-1 are the needs of one enterprise, in the order of their ids. */
static void compare_group(const PGresult *needs, int from, int to,
                          const struct alike_text *texts, json_t *pairs)
{
    for (int one = from; one < to; one++)
        for (int other = one + 1; other < to; other++) {
            double jaccard = alike_jaccard(&texts[one], &texts[other], kept_from);
            if (jaccard >= kept_from)
                compare_two(needs, one, other, jaccard, pairs);
        }
}

static json_t *compare_all(const PGresult *needs)
{
    int count = PQntuples(needs);
    g_autofree struct alike_text *texts = g_new0(struct alike_text, (gsize)count + 1);
    json_t *pairs = json_array();
    for (int i = 0; i < count; i++)
        alike_read(PQgetvalue(needs, i, 3), PQgetvalue(needs, i, 4), &texts[i]);
    for (int from = 0, to; from < count; from = to) {
        for (to = from + 1;
             to < count && g_str_equal(PQgetvalue(needs, to, 1), PQgetvalue(needs, from, 1));)
            to++;
        compare_group(needs, from, to, texts, pairs);
    }
    for (int i = 0; i < count; i++)
        alike_clear(&texts[i]);
    return pairs;
}

static bool keep_pairs(struct db *db, json_t *pairs, GError **error)
{
    char *text = json_dumps(pairs, JSON_COMPACT);
    const char *const values[] = {text};
    bool kept = db_do(db, sql_track_need_pairs, 1, values, "keep the pairs of needs", error) &&
                db_do(db, sql_track_need_forget, 0, NULL, "forget old pairs of needs", error);
    free(text);
    return kept;
}

static bool compare_since(struct db *db, int64_t since, int64_t *last, GError **error)
{
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, since);
    const char *const values[] = {from};
    g_autoptr(PGresult) needs =
        db_run(db, sql_track_need_texts, 1, values, "read the needs", error);
    if (!needs)
        return false;
    json_t *pairs = compare_all(needs);
    bool kept = PQntuples(needs) == 0 || keep_pairs(db, pairs, error);
    json_decref(pairs);
    int64_t newest = since;
    for (int i = 0; i < PQntuples(needs); i++)
        newest = MAX(newest, g_ascii_strtoll(PQgetvalue(needs, i, 2), NULL, 10));
    if (kept && last)
        *last = newest;
    return kept;
}

bool track_compare_needs(struct db *db, int64_t since, int64_t *last, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (compare_since(db, since, last, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

static bool compare_new(struct db *db, GError **error)
{
    int64_t since, last;
    if (!db_number(db, sql_need_compared, 0, NULL, "read what was compared", &since, error) ||
        !compare_since(db, since, &last, error))
        return false;
    if (last == since)
        return true;
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, last);
    const char *const values[] = {text};
    kept_note(db, "need_pair");
    return db_do(db, sql_need_compared_set, 1, values, "note what was compared", error);
}

bool track_compare_new(struct db *db, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (compare_new(db, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *track_past_pairs(struct db *db, const char *known_at, GError **error)
{
    const char *const values[] = {known_at};
    g_autoptr(PGresult) needs =
        db_run(db, sql_track_need_texts_past, 1, values, "read the needs of then", error);
    return needs ? compare_all(needs) : NULL;
}

json_t *track_pair_altered(struct db *db, GError **error)
{
    static const char *const all[] = {"-1"};
    g_autoptr(PGresult) needs =
        db_run(db, sql_track_need_texts, 1, all, "read the needs", error);
    if (!needs)
        return NULL;
    json_auto_t *pairs = compare_all(needs);
    char *text = json_dumps(pairs, JSON_COMPACT);
    const char *const values[] = {text};
    json_auto_t *rows =
        db_rows(db, sql_track_pair_altered, 1, values, "compare pairs of needs", error);
    free(text);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}
