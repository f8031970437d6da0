/* Pages of transactions and introductions: what a row is awarded, and whether its patent counts, depends on contracts that stand on other
 * pages, and yet no more of them are counted than bear on it. */
#include "service/track/figures.h"
#include "tests/support/paged.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

enum { DEALS = 24, LIMIT = 3 };
static struct db *db;
static GRand *chance;

static int upto(int n)
{
    return g_rand_int_range(chance, 0, n);
}

/* Most may count: a few are of another year, not led by the agency, put to use elsewhere, about other rights, told by the other agency as
 * well, between parties that are linked. */
static void give_contract(int n, int patents)
{
    static const char *const buyers[] = {"U100", "U102", "U100", "U102", "U101", "u101"};
    static const char *const said[] = {"false", "false", "null", "false", "null", "true"};
    static const char *const types[] = {"invention", "invention", "invention",
                                        "invention", "invention", "design"};
    givef("deal",
          "{'deal_id': %d, 'agency_id': %d, 'contract_number': 'HT-%d', "
          "'registration_number': 'R-%d', 'registration_date': '202%d-0%d-1%d', "
          "'amount_fen': %d, 'upper_grant_fen': %d, 'buyer': {'name': '买方%d', 'uscc': "
          "'%s'}, 'led_by_agency': %s, 'implemented_division': '%d', 'affiliated': %s, "
          "'rights': [{'type': '%s', 'number': 'CN2020100000%02d.1'}, {'type': 'invention', "
          "'number': 'CN2020100000%02d.1'}]}",
          400 + n, 1 + n % 2, n * 7 % 100, upto(4) ? n : n / 2 * 2, upto(6) ? 4 : 5,
          1 + upto(9), upto(9), 300000000 + upto(400000000), upto(3) * 1000001, upto(3),
          buyers[upto(6)], upto(8) ? "true" : "null", upto(8) ? 350582 : 350583, said[upto(6)],
          types[upto(6)], 1 + upto(patents), 1 + upto(patents));
}

/* About so many patents: of few, most stand in several contracts. */
static void give_contracts(int patents)
{
    testdb_sql("DELETE FROM deal; DELETE FROM fact_version");
    for (int n = 0; n < DEALS; n++)
        give_contract(n, patents);
}

static void open_all(void)
{
    db = trackdb_open();
    chance = g_rand_new_with_seed(20261128);
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101', 'name': '青屿', 'affiliates': "
                       "['海丝理工大学']}");
    give("enterprise", "{'enterprise_id': 102, 'uscc': 'U102', 'name': '买方1'}");
    for (int n = 1; n <= 40; n++) { /* two numbers are one's; every sixth is not known here */
        if (n % 2)
            givef("patent", "{'patent_id': %d, 'application_number': 'CN2020100000%02d.1'}",
                  n / 2 + 1, n);
        if (n % 6)
            givef("patent_alias", "{'number': 'CN2020100000%02d', 'patent_id': %d}", n,
                  (n + 1) / 2);
    }
    give("decision", "{'kind': 'deal', 'key': 'HT-14', 'verdict': 'reject'}");
}

/* Some say something else from now on. */
static void change_contracts(void)
{
    testdb_sql("INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, "
               "superseded_at, record) SELECT 'deal', deal_id, agency_id, recorded_at, now(), "
               "to_jsonb(d) FROM deal d WHERE deal_id % 3 = 0; UPDATE deal SET amount_fen = "
               "amount_fen / 3, registration_date = registration_date + 150, recorded_at = "
               "now() WHERE deal_id % 3 = 0");
}

static char *moment_now(void)
{
    json_auto_t *rows = testdb_rows("SELECT clock_timestamp()::text AS now");
    return g_strdup(json_string_value(json_object_get(json_array_get(rows, 0), "now")));
}

static int capped_of(const struct pack *pack)
{
    json_auto_t *rows = paged_wanted(db, pack, "transactions", NULL, 0, FIGURES_COUNTED);
    int capped = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) capped +=
        json_is_true(json_object_get(json_object_get(row, "detail"), "capped"));
    return capped;
}

static void expect_pages(const struct pack *pack, const char *what, const char *moment)
{
    static const char *const metrics[] = {"transactions", "introductions"};
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        for (enum figures_show show = FIGURES_ALL; show <= FIGURES_LEFT_OUT; show++)
            paged_expect_at(db, pack, what, metrics[i], 0, show, LIMIT, moment);
}

static void expect_before_and_after(const struct pack *pack, const char *what)
{
    g_autofree char *before = moment_now();
    expect_pages(pack, what, NULL);
    change_contracts();
    expect_pages(pack, what, NULL);
    expect_pages(pack, what, before);
}

Test(track_page_awards, they_equal_the_views)
{
    static const char *const packs[] = {
        "{}", "{'parameters': {'upper_grant': 'subtracted', 'same_fact': 'each'}}",
        "{'parameters': {'cap_per': 'contract', 'fact_serves': 'first'}}"};
    static const int patents[] = {6, 40};
    open_all();
    for (size_t i = 0; i < G_N_ELEMENTS(packs) * G_N_ELEMENTS(patents); i++) {
        size_t which = i / G_N_ELEMENTS(patents);
        struct pack *pack = pack_with(packs[which]);
        give_contracts(patents[i % G_N_ELEMENTS(patents)]);
        cr_expect(which == 2 || capped_of(pack) > 0, "%s: no cap was reached", packs[which]);
        expect_before_and_after(pack, packs[which]);
        pack_free(pack);
    }
    g_rand_free(chance);
    db_close(db);
}

/* One a day, the last first, but the second before all. The first and the last, of a year of their own, have numbers of one patent; in the
 * last but one a patent stands twice: with it and the second the cap is reached. */
static void give_apart(void)
{
    enum { APART = 14, SECOND = 2, TWICE = APART - 1 };
    testdb_sql("DELETE FROM deal; DELETE FROM fact_version");
    for (int n = 1; n <= APART; n++)
        givef(
            "deal",
            "{'deal_id': %d, 'contract_number': 'HA-%02d', 'registration_number': 'R-%d', "
            "'registration_date': '202%d-03-%02d', 'amount_fen': 600000000, 'buyer': {'name': "
            "'买方', 'uscc': 'U100'}, 'led_by_agency': true, 'implemented_division': "
            "'350582', 'affiliated': false, 'rights': [{'type': 'invention', 'number': "
            "'CN2020100000%02d.1'}, {'type': 'invention', 'number': 'CN2020100000%02d.1'}]}",
            500 + n, n, n, n == 1 || n == APART ? 4 : 5, n == SECOND ? 1 : 20 - n,
            n == APART ? 2 : n * 2 - 1, n == TWICE ? n * 2 - 1 : n * 2 + 39);
}

Test(track_page_awards, patents_that_come_once_more)
{
    open_all();
    give_apart();
    struct pack *pack = pack_with("{}");
    json_auto_t *left = paged_wanted(db, pack, "introductions", NULL, 0, FIGURES_LEFT_OUT);
    cr_expect_eq(json_array_size(left), 2);
    for (int limit = 1; limit <= 2; limit++)
        paged_expect_at(db, pack, "apart", "introductions", 0, FIGURES_LEFT_OUT, limit, NULL);
    pack_free(pack);
    g_rand_free(chance);
    db_close(db);
}
