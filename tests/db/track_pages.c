/* Pages of evidence, put together, are the rows that the views give: after every kind of change, for every metric and each way of
 * showing them, however long a page is. */
#include "service/track/figures.h"
#include "sql/track.h"
#include "tests/support/paged.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static struct db *db;
static struct pack *pack;

static void expect_pages(const char *what, const char *metric)
{
    for (enum figures_show show = FIGURES_ALL; show <= FIGURES_LEFT_OUT; show++)
        for (int limit = 1; limit <= 4; limit += 3)
            paged_expect(db, pack, what, metric, 0, show, limit);
}

static void expect_all(const char *what)
{
    static const char *const metrics[] = {
        "patents",   "pushes",       "needs",         "deals",    "enterprises",
        "purchases", "transactions", "introductions", "licences", "sales"};
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        expect_pages(what, metrics[i]);
}

/* As the programs do it: what changes a count is noted in the same transaction. */
static void change(const char *what, const char *sources, const char *sql)
{
    g_autofree char *all = g_strdup_printf("%s; INSERT INTO track_change (xid, source, "
                                           "noted_at) SELECT pg_current_xact_id(), s, now() "
                                           "FROM unnest('{%s}'::text[]) s",
                                           sql, sources);
    testdb_sql(all);
    expect_all(what);
}

static void open_all(void)
{
    g_autoptr(GError) error = NULL;
    db = trackdb_open();
    pack = pack_open(NULL, "jinjiang-2023-6", &error);
    cr_assert(pack, "%s", error ? error->message : "");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101'}");
    for (int n = 1; n <= 6; n++) {
        givef("need", "{'need_id': %d, 'source_id': 'N%d'}", n, n);
        givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
        givef("patent_alias", "{'number': 'CN20201000000%d', 'patent_id': %d}", n, n);
        givef("patent_holding", "{'patent_id': %d, 'agency_id': %d}", n, 1 + n % 2);
        for (int k = 1; k <= 2;
             k++) { /* the second stands in the first's place, or is another enterprise's */
            givef("push",
                  "{'patent_id': %d, 'origin_patent_id': %d, 'agency_id': %d, 'enterprise_id': "
                  "%d, "
                  "'push_id': '%d0000000-0000-4000-8000-0000000000%d%d'}",
                  n, k == 1 ? n : 100 + n, 1 + n % 2, n % 3 ? 100 : 99 + k, 7 - n, n, k);
            givef("push_event",
                  "{'patent_id': %d, 'agency_id': %d, 'push_id': "
                  "'%d0000000-0000-4000-8000-0000000000%d%d', 'event': '%s'}",
                  n, 1 + n % 2, 7 - n, n, k, n % 4 ? "accepted" : "bounced");
        }
    }
    give("deal",
         "{'deal_id': 400, 'contract_number': 'HT-1', 'rights': [{'type': 'invention', "
         "'number': 'CN202010000001.1'}], 'buyer': {'name': '岚桥鞋业', 'uscc': 'U100'}}");
    give("declared_push",
         "{'declared_push_id': 500, 'patent': 'CN202010000002.1', 'enterprise_uscc': 'U100'}");
}

/* Of an agency that holds few of all patents, its own are put in order; of another, all are gone along. */
static void suppose_patents(int count)
{
    g_autofree char *sql = g_strdup_printf(
        "UPDATE pg_class SET reltuples = %d WHERE oid = 'patent'::regclass", count);
    testdb_sql(sql);
}

Test(track_pages, they_are_the_rows_of_the_views_after_every_kind_of_change)
{
    open_all();
    expect_all("at first");
    suppose_patents(1000000);
    expect_pages("at first, among many", "patents");
    change("a new patent", "patent,patent_alias,patent_holding",
           "INSERT INTO patent SELECT (jsonb_populate_record(p, '{\"patent_id\": 9, "
           "\"application_number\": \"CN202010000000.9\", \"recorded_at\": "
           "\"2024-05-01\"}')).* FROM patent p "
           "WHERE patent_id = 1; INSERT INTO patent_holding SELECT (jsonb_populate_record(h, "
           "'{\"patent_id\": 9}')).* FROM patent_holding h WHERE patent_id = 2");
    change("two patents that are one", "patent",
           "UPDATE patent SET merged_into = 4, recorded_at = now() WHERE patent_id = 6");
    suppose_patents(10);
    expect_pages("two that are one, among few", "patents");
    change("a patent that has another number", "patent",
           "INSERT INTO patent_version (patent_id, recorded_at, superseded_at, record) SELECT "
           "patent_id, recorded_at, now(), "
           "to_jsonb(p) FROM patent p WHERE patent_id = 1; UPDATE patent SET "
           "application_number = 'CN202010000009.1', "
           "recorded_at = now() WHERE patent_id = 1");
    change("a patent that lapsed", "patent_status",
           "INSERT INTO patent_status VALUES (2, '2025-01-05', 'lapsed', now())");
    change(
        "an answer", "push_event",
        "INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at) SELECT "
        "patent_id, push_id, "
        "agency_id, 'inbox', 'answered', '2025-03-01' FROM push WHERE patent_id = 4 LIMIT 1");
    change("a declared push of a patent that nobody knows", "declared_push",
           "INSERT INTO declared_push SELECT (jsonb_populate_record(d, '{\"declared_push_id\": "
           "501, \"patent\": "
           "\"CN199910000000.1\", \"recorded_at\": \"2024-05-01\"}')).* FROM declared_push d");
    change("a decision", "decision",
           "INSERT INTO decision (agency_id, kind, key, verdict, decided_by, os_user, reason, "
           "effective, decided_at) "
           "VALUES (1, 'patent', 'CN202010000002', 'reject', '陈科', 'os', '核实', "
           "'2025-01-01', now())");
    change("a need that is gone on with", "need",
           "UPDATE need SET text = text || '，要求便于拆装', recorded_at = now() WHERE need_id "
           "= 3");
    change("a deal", "deal", "UPDATE deal SET affiliated = true, recorded_at = now()");
    db_close(db);
    pack_free(pack);
}

static bool add_text(const struct track_row *row, void *user, GError **error)
{
    (void)error;
    track_row_text(row, NULL, user);
    g_string_append_c(user, '\n');
    return true;
}

/* Rows as a snapshot writes them: those of `track --evidence`, compact, their members by name. */
static char *texts_of(const char *metric)
{
    json_auto_t *rows = paged_wanted(db, pack, metric, NULL, 0, FIGURES_ALL);
    GString *all = g_string_new(NULL);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        json_object_del(row, "agency_id");
        char *text = json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
        g_string_append_printf(all, "%s\n", text);
        free(text);
    }
    return g_string_free(all, FALSE);
}

static char *clauses_of(const json_t *document)
{
    return json_dumps(json_object_get(document, "clauses"), JSON_SORT_KEYS | JSON_INDENT(1));
}

/* Every metric of the pack, and the figures that its rows come to. */
Test(track_pages, a_snapshot_reads_what_counting_gives)
{
    open_all();
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {.today = "2026-03-01"};
    testdb_sql("UPDATE need SET title = E'\"鞋底\"\\\\\t1' WHERE need_id = 2");
    json_auto_t *counted = figures_document(db, pack, &request, &error);
    cr_assert(counted, "%s", error ? error->message : "");
    struct figures_whole *whole = figures_begin(db, pack, &request, &error);
    cr_assert(whole, "%s", error ? error->message : "");
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (const char *const *metric = track_metrics(); *metric; metric++) {
        GString *text = g_string_new(NULL);
        cr_assert(figures_rows(whole, *metric, add_text, text, &error), "%s: %s", *metric,
                  error ? error->message : "");
        g_ptr_array_add(texts, g_string_free(text, FALSE));
    }
    const json_t *shown = figures_shown(whole, &error);
    cr_assert(shown, "%s", error ? error->message : "");
    char *one = clauses_of(shown), *other = clauses_of(counted);
    cr_expect_str_eq(one, other);
    free(one);
    free(other);
    figures_end(whole);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *wanted = texts_of(track_metrics()[i]);
        cr_expect_str_eq(g_ptr_array_index(texts, i), wanted, "%s", track_metrics()[i]);
    }
    g_ptr_array_unref(texts);
    db_close(db);
    pack_free(pack);
}

/* Nobody keeps what a page shows where it is counted alone: what is kept can't show through. */
Test(track_pages, rows_that_are_counted_alone_are_never_kept)
{
    static const char *const metrics[] = {"patents", "pushes",    "needs",    "enterprises",
                                          "deals",   "purchases", "licences", "sales"};
    open_all();
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        paged_expect(db, pack, "alone", metrics[i], 0, FIGURES_ALL, 2);
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_rows"), 0);
    db_close(db);
    pack_free(pack);
}
