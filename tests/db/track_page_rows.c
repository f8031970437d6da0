/* Pages of rows that are counted without the rest of their metric: keys that begin alike, needs that repeat each other, and others
 * writing meanwhile. */
#include "service/track/figures.h"
#include "sql/track.h"
#include "tests/support/paged.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static struct db *db;

static void expect_pages(const struct pack *pack, const char *what, const char *const *metrics)
{
    for (; *metrics; metrics++)
        for (enum figures_show show = FIGURES_ALL; show <= FIGURES_LEFT_OUT; show++)
            for (int limit = 1; limit <= 5; limit += 2)
                paged_expect(db, pack, what, *metrics, 0, show, limit);
}

/* ---- Keys that begin alike */

static const char *const numbers[] = {"A",       "A/1",   "A/1/1", "A-5",   "A/10",
                                      "AB",      "A/1-x", "HT 7",  "甲/1",  "甲",
                                      "甲-乙/1", "a",     "A/2",   "A/1/10"};

/* A row's key is its contract's number and what its payment's or right's place is: they do not stand in the contracts' order. */
static void give_contracts(void)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(numbers); i++) {
        givef("deal",
              "{'deal_id': %d, 'agency_id': %d, 'contract_number': '%s', 'buyer': {'name': "
              "'岚桥鞋业', 'uscc': 'U10%d'}, 'rights': [{'type': 'invention', 'number': "
              "'CN20201000000%d.1'}, {'type': 'design', 'number': 'CN202030000001.1'}], "
              "'payments': %s}",
              400 + i, 1 + i % 2, numbers[i], i % 3, 1 + i % 4,
              i % 4 == 0   ? "[]"
              : i % 4 == 1 ? "[{'date': '2024-05-15', 'amount_fen': 90000000}]"
                           : "[{'date': '2024-05-15', 'amount_fen': 90000000}, {'date': "
                             "'2024-03-15', 'amount_fen': 800000000}, {'date': '2026-03-15', "
                             "'amount_fen': 5}]");
        givef("sale", "{'sale_id': %d, 'agency_id': %d, 'invoice': '%s'}", 700 + i, 1 + i % 2,
              numbers[i]);
    }
}

Test(track_page_rows, keys_that_begin_alike)
{
    static const char *const metrics[] = {
        "deals", "purchases", "transactions", "introductions", "licences", "sales", NULL};
    static const char *const packs[] = {
        "{}", "{'parameters': {'deal_unit': 'patent', 'cap_per': 'contract'}}"};
    db = trackdb_open();
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101', 'name': '青屿'}");
    give_contracts();
    for (size_t i = 0; i < G_N_ELEMENTS(packs); i++) {
        struct pack *pack = pack_with(packs[i]);
        expect_pages(pack, packs[i], metrics);
        pack_free(pack);
    }
    db_close(db);
}

/* ---- Needs that repeat each other */

/* Texts of few words, so that many are alike; each change is noted as the programs do it, and the version before is kept. */
static void write_need(GRand *chance, int id)
{
    static const char *const texts[] = {"需要一种轻质耐磨的鞋底材料，减轻重量并提高耐磨性",
                                        "需要一种轻质耐磨的鞋底材料，减轻重量且提高耐磨性",
                                        "需要一种防水透气的面料，适合户外服装", "短"};
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, "
        "record) SELECT 'need', need_id, agency_id, recorded_at, now(), to_jsonb(n) FROM need "
        "n "
        "WHERE need_id = %d; UPDATE need SET text = '%s', enterprise_id = %d, valid_from = "
        "'2024-0%d-01', change_seq = nextval('change_seq'), recorded_at = now() WHERE need_id "
        "= "
        "%d; INSERT INTO track_change (xid, source, noted_at) VALUES (pg_current_xact_id(), "
        "'need', now())",
        id, texts[g_rand_int_range(chance, 0, 4)], g_rand_int_range(chance, 100, 102),
        g_rand_int_range(chance, 1, 10), id);
    testdb_sql(sql);
}

static char *moment_now(void)
{
    g_autoptr(GError) error = NULL;
    char *now = db_begin(db, DB_READONLY, 0, &error) ? db_clock(db, &error) : NULL;
    db_rollback(db);
    cr_assert(now, "%s", error ? error->message : "");
    return now;
}

Test(track_page_rows, needs_that_repeat_each_other)
{
    enum { NEEDS = 12, STEPS = 12 };
    g_autoptr(GRand) chance = g_rand_new_with_seed(20261126);
    db = trackdb_open();
    struct pack *pack = pack_with("{}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101'}");
    for (int n = 1; n <= NEEDS; n++) {
        givef("need", "{'need_id': %d, 'source_id': 'N-%d', 'agency_id': %d}", n, n, 1 + n % 2);
        write_need(chance, n);
    }
    g_autofree char *before = moment_now();
    for (int i = 0; i < STEPS; i++) {
        if (i % 4 == 0) { /* what was known then is what it was, whatever is written since */
            g_free(before);
            before = moment_now();
        }
        write_need(chance, g_rand_int_range(chance, 1, NEEDS + 1));
        g_autofree char *what = g_strdup_printf("step %d", i);
        paged_expect(db, pack, what, "needs", i % 3, (enum figures_show)(i % 3), 1 + i % 4);
        paged_expect_at(db, pack, what, "needs", i % 3, FIGURES_ALL, 1 + i % 4, before);
    }
    db_close(db);
    pack_free(pack);
}

/* ---- Others writing meanwhile */

static gint over;

static gpointer write_on(gpointer user)
{
    GRand *chance = user;
    while (!g_atomic_int_get(&over)) {
        int n = g_rand_int_range(chance, 0, (int)G_N_ELEMENTS(numbers));
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, "
            "record) SELECT 'deal', deal_id, agency_id, recorded_at, now(), to_jsonb(d) FROM "
            "deal d WHERE deal_id = %d; UPDATE deal SET contract_number = '%s' || '+' || %d, "
            "payments = '[{\"date\": \"2024-0%d-01\", \"amount_fen\": %d00000000}]', "
            "recorded_at "
            "= now() WHERE deal_id = %d; INSERT INTO track_change (xid, source, agency_id, "
            "ids, "
            "noted_at) SELECT pg_current_xact_id(), 'deal', agency_id, ARRAY[deal_id::text], "
            "now() FROM deal WHERE deal_id = %d",
            400 + n, numbers[n], g_rand_int_range(chance, 0, 99),
            g_rand_int_range(chance, 1, 10), g_rand_int_range(chance, 1, 12), 400 + n, 400 + n);
        testdb_sql(sql);
        g_usleep(2000);
    }
    return NULL;
}

/* All rows of the agency, once whole and once page by page, in one transaction. */
static void expect_same_now(const struct track_query *query, const char *metric, int limit)
{
    g_autoptr(GError) error = NULL;
    cr_assert(track_begin(db, &error));
    json_auto_t *all = track_evidence(db, query, metric, 0, "", 1000, &error);
    cr_assert(all, "%s", error ? error->message : "");
    json_auto_t *paged = json_array();
    size_t before;
    do {
        before = json_array_size(paged);
        const json_t *last = json_array_get(paged, before - 1);
        const char *after = last ? json_string_value(json_object_get(last, "key")) : "";
        json_auto_t *page = track_page(db, query, metric, after, NULL, limit, &error);
        cr_assert(json_is_array(page), "%s", error ? error->message : "");
        json_array_extend(paged, page);
    } while (json_array_size(paged) == before + (size_t)limit);
    db_rollback(db);
    cr_expect(json_equal(all, paged), "%s, %d a page: %zu rows, paged %zu", metric, limit,
              json_array_size(all), json_array_size(paged));
}

static void read_meanwhile(const json_t *asked)
{
    enum { ROUNDS = 25 };
    for (int i = 0; i < ROUNDS; i++) {
        const json_t *one = json_array_get(asked, (size_t)i % json_array_size(asked));
        const struct track_query query = {
            .pack = json_string_value(json_object_get(one, "pack")),
            .as_of = json_string_value(json_object_get(one, "as_of")),
            .known_at = "infinity",
            .agency_id = 1};
        expect_same_now(&query, json_string_value(json_object_get(one, "metric")), 1 + i % 5);
    }
}

Test(track_page_rows, others_write_meanwhile)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) chance = g_rand_new_with_seed(20261127);
    db = trackdb_open();
    struct pack *pack = pack_with("{}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give_contracts();
    const struct figures_request request = {
        .today = "2026-03-01", .agency_id = 1, .keep = true};
    json_auto_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    json_auto_t *asked = testdb_rows(
        "SELECT metric, pack::text AS pack, as_of::text AS as_of FROM track_kept WHERE "
        "agency_id = 1 AND metric IN ('deals', 'purchases', 'transactions', 'introductions', "
        "'licences')");
    cr_assert_eq(json_array_size(asked), 5);
    GThread *writer = g_thread_new("writer", write_on, chance);
    read_meanwhile(asked);
    g_atomic_int_set(&over, 1);
    g_thread_join(writer);
    db_close(db);
    pack_free(pack);
}
