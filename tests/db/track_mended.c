/* A kept figure that decisions on single patents or pushes came after is mended, not counted: it equals the views' after each. */
#include "service/track/figures.h"
#include "sql/decision.h"
#include "sql/kept.h"
#include "sql/track.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

enum { PATENTS = 6, STEPS = 24 };
static struct db *db;
static struct pack *pack;

/* Each patent is held and pushed twice to one enterprise, so that one push stands in the other's place; half of the patents are of
 * two agencies; one deal rests on a push. */
static void open_all(void)
{
    g_autoptr(GError) error = NULL;
    db = trackdb_open();
    pack = pack_open(NULL, "jinjiang-2023-6", &error);
    cr_assert(pack, "%s", error ? error->message : "");
    give("account", "{'name': '陈科', 'role': 'official', 'agency_id': null}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    for (int n = 1; n <= PATENTS; n++) {
        givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
        givef("patent_alias", "{'number': 'CN20201000000%d', 'patent_id': %d}", n, n);
        for (int agency = 1; agency <= 1 + n % 2; agency++) {
            givef("patent_holding", "{'patent_id': %d, 'agency_id': %d}", n, agency);
            for (int k = 1; k <= 2; k++) {
                givef("push",
                      "{'patent_id': %d, 'origin_patent_id': %d, 'agency_id': %d, 'push_id': "
                      "'00000000-0000-4000-8000-000000000%d%d%d'}",
                      n, k == 1 ? n : 100 + n, agency, n, agency,
                      k); /* the second: of a merge */
                givef("push_event",
                      "{'patent_id': %d, 'agency_id': %d, 'push_id': "
                      "'00000000-0000-4000-8000-000000000%d%d%d', 'event': 'accepted'}",
                      n, agency, n, agency, k);
            }
        }
    }
    give("deal", "{'deal_id': 400, 'contract_number': 'HT-1', 'rights': [{'type': 'invention', "
                 "'number': 'CN202010000001.1'}], 'buyer': {'name': '岚桥鞋业', 'uscc': "
                 "'U100'}}");
}

static void decide(const char *kind, const char *key, const char *verdict, int agency,
                   const char *effective)
{
    g_autoptr(GError) error = NULL;
    const struct decision decision = {.verdict = verdict,
                                      .kind = kind,
                                      .agency_id = agency,
                                      .by = "陈科",
                                      .os_user = "os",
                                      .reason = "核实",
                                      .effective = effective};
    json_auto_t *keys = json_pack("[s]", key);
    json_auto_t *decided = decision_add(db, &decision, keys, &error);
    cr_assert(decided, "%s", error ? error->message : "");
}

static char *count(int agency, bool keep)
{
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {
        .today = "2026-03-01", .agency_id = agency, .keep = keep};
    json_auto_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return json_dumps(json_object_get(document, "clauses"), JSON_COMPACT | JSON_SORT_KEYS);
}

static void expect_same(const char *what)
{
    g_autoptr(GError) error = NULL;
    for (int agency = 0; agency <= 2; agency++) {
        char *kept = count(agency, true), *anew = count(agency, false);
        cr_expect_str_eq(kept, anew, "%s, agency %d", what, agency);
        free(kept);
        free(anew);
    }
    cr_assert(track_begin(db, &error));
    json_auto_t *altered = kept_altered(db, &error);
    db_rollback(db);
    cr_expect(json_is_null(altered), "%s: %s is not what counting gives", what,
              json_string_value(json_object_get(altered, "metric")));
}

Test(track_mended, it_equals_the_views_after_every_decision)
{
    open_all();
    expect_same("at first");
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261125);
    static const char *const verdicts[] = {"accept", "reject", "withdraw"};
    for (int i = 0; i < STEPS; i++) {
        int n = g_rand_int_range(rand, 1, PATENTS + 1);
        int agency = g_rand_int_range(rand, 1, 2 + n % 2);
        bool push = g_rand_boolean(rand);
        g_autofree char *key = push ? g_strdup_printf("00000000-0000-4000-8000-000000000%d%d%d",
                                                      n, agency, g_rand_int_range(rand, 1, 3))
                                    : g_strdup_printf("CN20201000000%d", n);
        const char *verdict = verdicts[g_rand_int_range(rand, 0, 3)];
        g_autofree char *day = g_strdup_printf("2025-%02d-15", g_rand_int_range(rand, 1, 13));
        decide(push ? "push" : "patent", key, verdict, agency, day);
        g_autofree char *what = g_strdup_printf("%d: %s %s %s", i, verdict, key, day);
        if (g_rand_int_range(rand, 0, 4) == 0) /* what still holds is kept with a later state */
            testdb_sql("UPDATE track_kept SET kept_at = kept_at - interval '11 minutes'");
        if (g_rand_int_range(rand, 0, 3) > 0) /* or several before the next count */
            expect_same(what);
    }
    expect_same("at last");
    db_close(db);
    pack_free(pack);
}

/* What a push leaves, in one transaction as sql/push.c and sql/kept.c write it. `at`: SQL for when it happened. */
static void happen(int n, int agency, int k, const char *event, const char *at)
{
    g_autofree char *id =
        g_strdup_printf("00000000-0000-4000-8000-00000000%d%d%02d", n, agency, k);
    g_autofree char *push = g_strdup_printf(
        "INSERT INTO push SELECT (jsonb_populate_record(p, jsonb_build_object('push_id', '%s', "
        "'origin_patent_id', %d, 'created_at', %s))).* FROM push p WHERE p.patent_id = %d AND "
        "p.agency_id = %d LIMIT 1;",
        id, 1000 * k + n, at, n, agency);
    g_autofree char *sql = g_strdup_printf(
        "%sINSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at) VALUES "
        "(%d, "
        "'%s', %d, 'inbox', '%s', %s) ON CONFLICT DO NOTHING; INSERT INTO track_change (xid, "
        "source, "
        "agency_id, ids, noted_at) SELECT pg_current_xact_id(), s, %d, '{%s}', now() FROM "
        "unnest('{push,push_event}'::text[]) s",
        g_str_equal(event, "sent") ? push : "", n, id, agency, event, at, agency, id);
    testdb_sql(sql);
}

/* Some are told at once, some later than they happened, some of a day that is not over. */
Test(track_mended, new_pushes_and_what_happens_to_them)
{
    open_all();
    expect_same("at first");
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261126);
    static const char *const events[] = {"accepted", "opened", "answered", "bounced", "failed"};
    static const char *const moments[] = {"now()", "timestamptz '2025-06-01 10:00+08'",
                                          "clock_timestamp() - interval '0.05 seconds'",
                                          "timestamptz '2025-12-31 23:59:59+08'"};
    int mended = 0;
    for (int i = 0; i < STEPS; i++) {
        int n = g_rand_int_range(rand, 1, PATENTS + 1);
        int agency = g_rand_int_range(rand, 1, 2 + n % 2);
        const char *at = moments[g_rand_int_range(rand, 0, (int)G_N_ELEMENTS(moments))];
        happen(n, agency, 10 + i, "sent", at);
        mended += testdb_int("SELECT count(*) FROM track_kept k CROSS JOIN kept_touched(k) t "
                             "WHERE k.metric = 'pushes' AND t.touched IS NOT NULL") > 0;
        g_autofree char *what = g_strdup_printf("%d: a push of %d by %d, %s", i, n, agency, at);
        expect_same(what);
        happen(n, agency, 10 + i, events[g_rand_int_range(rand, 0, (int)G_N_ELEMENTS(events))],
               moments[g_rand_int_range(rand, 0, (int)G_N_ELEMENTS(moments))]);
        if (g_rand_boolean(rand)) /* or several before the next count */
            expect_same("what happened to it");
    }
    expect_same("at last");
    cr_expect(mended > 0 && mended < STEPS, "%d of them could be mended", mended);
    db_close(db);
    pack_free(pack);
}

/* Needs of one enterprise are alike, at two agencies: which repeats which depends on what was decided on each. */
static void give_needs(void)
{
    enum { NEEDS = 10 };
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101'}");
    for (int n = 2; n <= NEEDS; n++)
        givef("need",
              "{'need_id': %d, 'source_id': 'N%d', 'agency_id': %d, 'enterprise_id': %d, "
              "'valid_from': '2024-0%d-01', 'text': "
              "'需要一种轻质耐磨的鞋底材料，减轻重量%s提高耐磨性'}",
              n, n, 1 + n % 2, 100 + n % 3 / 2, 1 + n % 7, n % 5 ? "并" : "且");
}

Test(track_mended, decisions_on_needs)
{
    open_all();
    give_needs();
    expect_same("at first");
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261128);
    static const char *const verdicts[] = {"accept", "accept", "reject", "withdraw"};
    int mended = 0;
    for (int i = 0; i < STEPS / 2; i++) {
        int n = g_rand_int_range(rand, 2, 11);
        g_autofree char *key = g_strdup_printf("N%d", n);
        g_autofree char *day = g_strdup_printf("2024-%02d-15", g_rand_int_range(rand, 1, 13));
        decide("need", key, verdicts[g_rand_int_range(rand, 0, 4)], 1 + n % 2, day);
        mended += testdb_int("SELECT count(*) FROM track_kept k WHERE k.metric = 'needs' AND "
                             "NOT kept_holds(k) AND kept_mended(k, clock_timestamp()) IS NOT "
                             "NULL") > 0;
        g_autofree char *what = g_strdup_printf("%d: %s %s", i, key, day);
        if (g_rand_int_range(rand, 0, 3) > 0) /* or several before the next count */
            expect_same(what);
    }
    cr_expect_eq(mended, STEPS / 2);
    testdb_sql(
        "UPDATE need SET valid_to = '2024-12-31', recorded_at = now() WHERE need_id = 5; "
        "INSERT INTO track_change (xid, source, noted_at) VALUES (pg_current_xact_id(), "
        "'need', now())");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_kept k CROSS JOIN kept_touched(k) t "
                            "WHERE k.metric = 'needs' AND t.touched IS NOT NULL"),
                 0, "a need that changed has all of them counted");
    expect_same("at last");
    db_close(db);
    pack_free(pack);
}

Test(track_mended, what_is_no_decision_on_one_of_them_is_counted_whole)
{
    open_all();
    expect_same("at first");
    decide("push", "00000000-0000-4000-8000-000000000111", "reject", 1, "2025-06-15");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_kept k CROSS JOIN kept_touched(k) t "
                            "WHERE k.metric = 'pushes' AND t.touched = '{1}'"),
                 3, "a decision may bear on every agency's");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_kept k WHERE k.metric = 'deals' AND "
                            "NOT kept_holds(k)"),
                 2, "the deal may rest on it");
    decide("push", "00000000-0000-4000-8000-000000000211", "reject", 1, "2025-06-15");
    expect_same("two pushes");
    decide("push", "00000000-0000-4000-8000-000000000212", "reject", 1, "2025-06-15");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_kept k WHERE k.metric = 'deals' AND "
                            "NOT kept_holds(k)"),
                 0, "no deal is about that patent");
    testdb_sql("INSERT INTO track_change (xid, source, agency_id, ids, noted_at) VALUES "
               "(pg_current_xact_id(), 'push_event', 1, "
               "'{00000000-0000-4000-8000-00000000ffff}', now())");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_kept k CROSS JOIN kept_touched(k) t "
                            "WHERE k.metric = 'pushes' AND t.touched IS NOT NULL"),
                 1, "that of the other agency");
    expect_same("an event");
    db_close(db);
    pack_free(pack);
}
