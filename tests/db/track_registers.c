/* Patents, enterprises, experts, institutions: what stands in a register on a day, and what was known of it. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static void give_patent(int id, const char *columns)
{
    givef("patent", "{'patent_id': %d, 'application_number': 'CN2020100000%02d.1'%s}", id, id,
          columns);
    givef("patent_alias", "{'patent_id': %d, 'number': 'CN2020100000%02d'}", id, id);
    givef("patent_holding", "{'patent_id': %d}", id);
}

Test(track, a_patent_counts_by_what_is_known_of_its_status_on_the_day)
{
    static const struct {
        const char *row, *columns, *status[3], *expected;
    } rows[] = {
        {"nothing known", "", {NULL}, "{'value': 1, 'unknown': 1}"},
        {"granted",
         "",
         {"'status': 'granted', 'status_date': '2022-01-01'"},
         "{'value': 1, 'unknown': 0}"},
        {"lapsed on the day",
         "",
         {"'status': 'lapsed', 'status_date': '2025-06-30'"},
         "{'value': 0, 'left_out': {'lapsed': 1}}"},
        {"lapsed a day later",
         "",
         {"'status': 'lapsed', 'status_date': '2025-07-01'"},
         "{'value': 1, 'unknown': 1}"},
        {"withdrawn, no date",
         "",
         {"'status': 'withdrawn'"},
         "{'value': 0, 'left_out': {'withdrawn': 1}}"},
        {"no date lies below a date",
         "",
         {"'status': 'rejected'", "'status': 'granted', 'status_date': '2021-01-01'"},
         "{'value': 1, 'unknown': 0}"},
        {"restored",
         "",
         {"'status': 'lapsed', 'status_date': '2024-01-01'",
          "'status': 'granted', 'status_date': '2024-09-01'"},
         "{'value': 1}"},
        {"of one date the last said",
         "",
         {"'status': 'lapsed', 'status_date': '2024-01-01'",
          "'status': 'granted', 'status_date': '2024-01-01', 'recorded_at': '2024-04-01 "
          "00:00+08'"},
         "{'value': 1, 'unknown': 0}"},
        {"taken back",
         "",
         {"'status': 'granted', 'status_date': '2021-01-01'",
          "'status': 'lapsed', 'status_date': '2024-01-01'",
          "'status_date': '2024-01-01', 'recorded_at': '2024-04-01 00:00+08'"},
         "{'value': 1, 'unknown': 0}"},
        {"recorded after the moment",
         "",
         {"'status': 'lapsed', 'status_date': '2024-01-01', 'recorded_at': '2026-01-01 "
          "00:00+08'"},
         "{'value': 1}"},
        {"invention, a day before 20 years",
         ", 'application_date': '2005-07-01'",
         {NULL},
         "{'value': 1}"},
        {"invention of 20 years",
         ", 'application_date': '2005-06-30'",
         {NULL},
         "{'value': 0, 'left_out': {'term_over': 1}}"},
        {"utility model of 10 years",
         ", 'type': 'utility_model', 'application_date': '2015-06-30'",
         {NULL},
         "{'value': 0}"},
        {"utility model, a day before",
         ", 'type': 'utility_model', 'application_date': '2015-07-01'",
         {NULL},
         "{'value': 1}"},
        {"old design of 10 years",
         ", 'type': 'design', 'application_date': '2015-06-30'",
         {NULL},
         "{'value': 0}"},
        {"new design of 4 years",
         ", 'type': 'design', 'application_date': '2021-06-01'",
         {NULL},
         "{'value': 1}"},
        {"no type, no term",
         ", 'type': null, 'application_date': '1990-01-01'",
         {NULL},
         "{'value': 1}"},
        {"filed on the day", ", 'application_date': '2025-06-30'", {NULL}, "{'value': 1}"},
        {"filed a day later",
         ", 'application_date': '2025-07-01'",
         {NULL},
         "{'value': 0, 'left_out': {'not_filed_yet': 1}}"},
        {"only its publication known",
         ", 'application_number': null, 'publication_number': 'CN106970934A'",
         {NULL},
         "{'value': 1}"},
        {"made up", ", 'invented': true", {NULL}, "{'value': 1, 'invented': 1}"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE patent CASCADE; TRUNCATE patent_alias");
        give_patent(1, rows[i].columns);
        for (size_t s = 0; s < 3 && rows[i].status[s]; s++)
            givef("patent_status", "{'patent_id': 1, %s}", rows[i].status[s]);
        count_figures(db, pack, "2025-06-30", "2025-12-31 00:00+08");
        expect(rows[i].row, "JJ01", "patents", rows[i].expected);
    }
    db_close(db);
}

Test(track, the_packs_parameters_decide_what_is_left_out_of_the_patents)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) shipped = pack_with("{}");
    g_autoptr(pack_t) keeps_lapsed =
        pack_with("{'parameters': {'patent_statuses_left_out': ['rejected']}}");
    g_autoptr(pack_t) strict = pack_with("{'parameters': {'patent_unknown_counts': false}}");
    give_patent(1, "");
    give_patent(2, "");
    give("patent_status", "{'patent_id': 2, 'status': 'lapsed', 'status_date': '2024-01-01'}");
    count_figures(db, shipped, "2025-06-30", NULL);
    expect("shipped", "JJ01", "patents", "{'value': 1, 'left_out': {'lapsed': 1}}");
    count_figures(db, keeps_lapsed, "2025-06-30", NULL);
    expect("lapsed counts", "JJ01", "patents", "{'value': 2}");
    count_figures(db, strict, "2025-06-30", NULL);
    expect("unknown does not", "JJ01", "patents",
           "{'value': 0, 'left_out': {'lapsed': 1, 'status_unknown': 1}}");
    db_close(db);
}

Test(track, a_merged_patent_is_one)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    for (int i = 1; i <= 4; i++)
        give_patent(i, "");
    testdb_sql(
        "UPDATE patent SET merged_into = 2 WHERE patent_id = 1;" /* both held */
        "UPDATE patent SET merged_into = 4 WHERE patent_id = 3;"
        "DELETE FROM patent_holding WHERE patent_id = 4"); /* the one that stands is held by its old id only */
    count_figures(db, pack, "2025-06-30", NULL);
    expect("merged", "JJ01", "patents", "{'value': 2, 'left_out': {}}");
    db_close(db);
}

Test(track, what_was_recorded_later_is_late_and_was_not_known_before)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_patent(1, "");
    give_patent(2, "");
    testdb_sql(
        "UPDATE patent SET recorded_at = '2026-01-01 00:00+08' WHERE patent_id = 2;"
        "UPDATE patent_holding SET recorded_at = '2025-12-31 23:59:59+08' WHERE patent_id = 1;"
        "UPDATE patent_holding SET recorded_at = '2026-01-01 00:00+08' WHERE patent_id = 2");
    count_figures(db, pack, NULL, NULL);
    expect("known now", "JJ01", "patents", "{'value': 2, 'late': 1}");
    count_figures(db, pack, NULL, "2025-12-31 23:59:59+08");
    expect("known on the last day", "JJ01", "patents", "{'value': 1, 'late': 0}");
    /* A later row that repeats what was claimed in time does not make the claim late. */
    testdb_sql(
        "UPDATE patent_holding SET superseded_at = '2026-02-01 00:00+08' WHERE patent_id = 1");
    give("patent_holding",
         "{'patent_id': 1, 'recorded_at': '2026-02-01 00:00+08', 'extra': {'x': 1}}");
    count_figures(db, pack, NULL, NULL);
    expect("repeated", "JJ01", "patents", "{'value': 2, 'late': 1}");
    db_close(db);
}

Test(track, an_earlier_version_is_read_as_it_was)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_patent(1, "");
    testdb_sql("INSERT INTO patent_version SELECT patent_id, recorded_at, '2024-09-01 "
               "00:00+08', to_jsonb(p) FROM patent p;"
               "UPDATE patent SET application_date = '2001-01-01', recorded_at = '2024-09-01 "
               "00:00+08'");
    count_figures(db, pack, "2025-06-30", "2024-08-31 23:59+08");
    expect("before the correction", "JJ01", "patents", "{'value': 1}");
    count_figures(db, pack, "2025-06-30", "2024-09-01 00:00+08");
    expect("after it", "JJ01", "patents", "{'value': 0, 'left_out': {'term_over': 1}}");
    db_close(db);
}

Test(track, an_enterprise_needs_a_qualification_that_is_valid_on_the_day)
{
    static const struct {
        const char *qualification, *expected;
    } rows[] = {
        {"", "{'value': 0, 'left_out': {'no_qualification': 1}}"},
        {"{'kind': 'high_tech', 'certificate': 'GR1', 'valid_from': '2022-06-30', 'valid_to': "
         "'2025-06-30'}",
         "{'value': 1}"},
        {"{'kind': 'high_tech', 'certificate': 'GR1', 'valid_from': '2022-06-30', 'valid_to': "
         "'2025-06-29'}",
         "{'value': 0, 'left_out': {'qualification_not_valid': 1}}"},
        {"{'kind': 'high_tech', 'certificate': 'GR1', 'valid_from': '2025-06-30', 'valid_to': "
         "'2028-06-29'}",
         "{'value': 1}"},
        {"{'kind': 'high_tech', 'certificate': 'GR1', 'valid_from': '2025-07-01', 'valid_to': "
         "'2028-06-30'}",
         "{'value': 0}"},
        {"{'kind': 'tech_sme', 'certificate': 'K1', 'valid_from': '2025-01-01'}",
         "{'value': 1}"},
        {"{'kind': 'high_tech', 'certificate': ' ', 'valid_from': '2025-01-01'}",
         "{'value': 0}"},
        {"{'kind': '守合同重信用', 'certificate': 'K1', 'valid_from': '2025-01-01'}",
         "{'value': 0, 'left_out': {'no_qualification': 1}}"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE enterprise CASCADE; TRUNCATE record_holding");
        givef("enterprise", "{'enterprise_id': 100, 'uscc': 'U100', 'qualifications': [%s]}",
              rows[i].qualification);
        give("record_holding", "{'record_id': 100, 'kind': 'enterprise'}");
        count_figures(db, pack, "2025-06-30", NULL);
        expect(rows[i].qualification, "JJ01", "enterprises", rows[i].expected);
    }
    db_close(db);
}

Test(track, a_qualification_recorded_after_the_day_makes_the_enterprise_late)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("record_holding", "{'record_id': 100, 'kind': 'enterprise'}");
    testdb_sql("INSERT INTO register_version SELECT 'enterprise', enterprise_id, recorded_at, "
               "'2026-01-05 00:00+08', "
               "to_jsonb(e) FROM enterprise e;"
               "UPDATE enterprise SET recorded_at = '2026-01-05 00:00+08', qualifications = "
               "'[{\"kind\": \"high_tech\", "
               "\"certificate\": \"GR1\", \"valid_from\": \"2024-01-01\"}]'");
    count_figures(db, pack, NULL, NULL);
    expect("now", "JJ01", "enterprises", "{'value': 1, 'late': 1}");
    count_figures(db, pack, NULL, "2025-12-31 23:00+08");
    expect("then", "JJ01", "enterprises", "{'value': 0, 'left_out': {'no_qualification': 1}}");
    db_close(db);
}

Test(track, an_expert_needs_a_field_an_employer_and_consent_on_the_day)
{
    static const struct {
        const char *columns, *expected;
    } rows[] = {
        {"'consent_date': '2025-06-30'", "{'value': 1}"},
        {"'consent_date': '2025-07-01'", "{'value': 0, 'left_out': {'no_consent': 1}}"},
        {"'consent_date': null", "{'value': 0, 'left_out': {'no_consent': 1}}"},
        {"'fields': []", "{'value': 0, 'left_out': {'no_field': 1}}"},
        {"'employer': ''", "{'value': 0, 'left_out': {'no_employer': 1}}"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("record_holding", "{'record_id': 200, 'kind': 'expert'}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE expert");
        givef("expert", "{'expert_id': 200, %s}", rows[i].columns);
        count_figures(db, pack, "2025-06-30", NULL);
        expect(rows[i].columns, "JJ01", "experts", rows[i].expected);
    }
    db_close(db);
}
