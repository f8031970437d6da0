/* Boundaries: thresholds, and the first and last day. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

/* What counts once, for an agency; `n` makes it another one. */
static void give_register(int agency, int n)
{
    givef("patent_holding", "{'patent_id': %d, 'agency_id': %d}", n, agency);
    givef("record_holding", "{'record_id': %d, 'agency_id': %d, 'kind': 'enterprise'}", 100 + n,
          agency);
    givef("record_holding", "{'record_id': %d, 'agency_id': %d, 'kind': 'expert'}", 200 + n,
          agency);
    givef("record_holding", "{'record_id': %d, 'agency_id': %d, 'kind': 'institution'}",
          300 + n, agency);
}

static void give_facts(int agency, int n)
{
    int id = agency * 1000 + n;
    givef("need", "{'need_id': %d, 'agency_id': %d, 'source_id': 'N%d', 'enterprise_id': %d}",
          id, agency, n, 100 + n);
    givef("decision", "{'agency_id': %d, 'kind': 'need', 'key': 'N%d'}", agency, n);
    givef("push",
          "{'patent_id': %d, 'origin_patent_id': %d, 'agency_id': %d, 'enterprise_id': %d, "
          "'push_id': '00000000-0000-4000-8000-%012d', 'need_id': %d}",
          n, n, agency, 100 + n, id, id);
    givef("push_event",
          "{'patent_id': %d, 'agency_id': %d, 'push_id': '00000000-0000-4000-8000-%012d', "
          "'event': 'accepted'}",
          n, agency, id);
    givef(
        "deal",
        "{'deal_id': %d, 'agency_id': %d, 'contract_number': 'C%d', 'buyer': {'uscc': 'U%d'}, "
        "'rights': [{'type': 'invention', 'number': 'CN20201000000%d.1'}]}",
        10000 + id, agency, n, 100 + n, n);
}

static void give_things(int n)
{
    givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
    givef("patent_alias", "{'patent_id': %d, 'number': 'CN20201000000%d'}", n, n);
    givef("enterprise",
          "{'enterprise_id': %d, 'uscc': 'U%d', 'qualifications': [{'kind': 'high_tech', "
          "'certificate': 'GR%d', "
          "'valid_from': '2023-12-01', 'valid_to': '2026-11-30'}]}",
          100 + n, 100 + n, n);
    givef("expert", "{'expert_id': %d, 'name': '林%d', 'key': '林%d/海丝理工大学'}", 200 + n, n,
          n);
    givef("institution", "{'institution_id': %d, 'uscc': 'I%d'}", 300 + n, n);
}

Test(track, every_metric_is_met_from_its_threshold_on)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("agency", "{'agency_id': 3, 'code': 'JJ03'}");
    for (int n = 1; n <= 4; n++)
        give_things(n);
    for (int agency = 1; agency <= 3; agency++)
        for (int n = 1; n <= agency + 1; n++) {
            give_register(agency, n);
            give_facts(agency, n);
        }
    /* The same need of the same enterprise at another agency is a repeat: each agency's must differ. */
    testdb_sql("UPDATE need SET text = repeat(chr(19968 + need_id::int % 1000 * 7), 6) || "
               "repeat(chr(20200 + need_id::int), 6), "
               "title = ''");
    count_figures(db, pack, "2025-12-31", NULL);
    for (const char *const *metric =
             (const char *const[]){"patents", "enterprises", "experts", "institutions", "needs",
                                   "pushes", "deals", NULL};
         *metric; metric++) {
        expect("n-1", "JJ01", *metric,
               "{'value': 2, 'met': false, 'missing': 1, 'left_out': {}}");
        expect("n", "JJ02", *metric, "{'value': 3, 'met': true, 'missing': 0, 'left_out': {}}");
        expect("n+1", "JJ03", *metric,
               "{'value': 4, 'met': true, 'missing': 0, 'left_out': {}}");
    }
    cr_expect_str_eq(json_string_value(json_object_get(clause_of("JJ01"), "state")), "not_met");
    cr_expect_str_eq(json_string_value(json_object_get(clause_of("JJ02"), "state")), "met");
    cr_expect_eq(json_integer_value(json_object_get(clause_of("JJ02"), "amount_fen")),
                 50000000);
    cr_expect_eq(json_integer_value(json_object_get(clause_of("JJ01"), "amount_fen")), 0);
    db_close(db);
}

Test(track, seven_met_by_an_agency_whose_settling_nobody_recorded_are_undetermined)
{
    static const struct {
        const char *settled, *left, *state;
    } rows[] = {
        {"null", "null", "undetermined"},
        {"'2025-12-31'", "null", "met"},
        {"'2026-01-01'", "null", "not_met"},
        {"'2023-03-15'", "'2025-12-31'", "met"},
        {"'2023-03-15'", "'2025-12-30'", "not_met"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    for (int n = 1; n <= 3; n++) {
        give_things(n);
        give_register(1, n);
        give_facts(1, n);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *statement =
            g_strdup_printf("UPDATE agency SET zone_settled_date = %s, zone_left_date = %s",
                            rows[i].settled, rows[i].left);
        testdb_sql(statement);
        count_figures(db, pack, "2025-12-31", NULL);
        cr_expect_str_eq(json_string_value(json_object_get(clause_of("JJ01"), "state")),
                         rows[i].state, "settled %s, left %s", rows[i].settled, rows[i].left);
    }
    db_close(db);
}

Test(track, what_has_a_trigger_counts_from_the_windows_first_day_to_its_last)
{
    static const struct {
        const char *day;
        int value;
        const char *reason;
    } rows[] = {{"2022-12-31", 0, "before_window"},
                {"2023-01-01", 1, NULL},
                {"2025-12-31", 1, NULL},
                {"2026-01-01", 0, "after_day"}};
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_things(1);
    give_facts(1, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *day = rows[i].day;
        g_autofree char *left_out =
            rows[i].reason ? g_strdup_printf("{'%s': 1}", rows[i].reason) : g_strdup("{}");
        g_autofree char *expected =
            g_strdup_printf("{'value': %d, 'left_out': %s}", rows[i].value, left_out);
        g_autofree char *needs =
            g_strdup_printf("UPDATE need SET valid_from = '%s', valid_to = '%s'", day, day);
        testdb_sql(needs);
        /* The push that the deal rests on may be older than the window. */
        g_autofree char *deals =
            g_strdup_printf("UPDATE deal SET contract_date = '%s', registration_date = NULL;"
                            "UPDATE push_event SET at = '2022-06-01 10:00+08';"
                            "UPDATE push SET created_at = '2022-06-01 10:00+08'",
                            day);
        testdb_sql(deals);
        count_figures(db, pack, NULL, NULL);
        expect(day, "JJ01", "needs", expected);
        expect(day, "JJ01", "deals", expected);
        /* 23:59:59 in Shanghai is still that day. */
        g_autofree char *pushes =
            g_strdup_printf("UPDATE push_event SET at = '%s 23:59:59+08'; "
                            "UPDATE push SET created_at = '%s 23:59:59+08'",
                            day, day);
        testdb_sql(pushes);
        count_figures(db, pack, "2026-02-01", NULL); /* after the end: still the last day */
        g_autofree char *waiting = g_strdup_printf("{'value': %d}", rows[i].value);
        expect(day, "JJ01", "pushes",
               rows[i].reason && g_str_equal(rows[i].reason, "after_day") ? "{'value': 0}"
                                                                          : waiting);
    }
    db_close(db);
}

Test(track, registers_count_from_held_since_on_and_before_the_window_too)
{
    static const struct {
        const char *as_of;
        int value;
    } rows[] = {{"2022-01-09", 0}, {"2022-01-10", 1}, {"2022-01-11", 1}};
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_things(1);
    give_register(1, 1);
    testdb_sql("UPDATE patent_holding SET held_since = '2022-01-10'; UPDATE record_holding SET "
               "held_since = '2022-01-10';"
               "UPDATE expert SET consent_date = '2021-05-05';"
               "UPDATE enterprise SET qualifications = jsonb_set(qualifications, "
               "'{0,valid_from}', '\"2021-01-01\"')"
               "WHERE enterprise_id = 101");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *expected =
            g_strdup_printf("{'value': %d, 'late': %d}", rows[i].value, rows[i].value);
        count_figures(db, pack, rows[i].as_of, NULL);
        expect(rows[i].as_of, "JJ01", "patents", expected);
        expect(rows[i].as_of, "JJ01", "enterprises", expected);
        expect(rows[i].as_of, "JJ01", "experts", expected);
        expect(rows[i].as_of, "JJ01", "institutions", expected);
    }
    db_close(db);
}
