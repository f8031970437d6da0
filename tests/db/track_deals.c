/* Deals: contracts whose buyer had the patent delivered before. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static void give_patent(int n, const char *delivered)
{
    givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
    givef("patent_alias", "{'patent_id': %d, 'number': 'CN20201000000%d'}", n, n);
    givef("patent_alias", "{'patent_id': %d, 'number': 'CN10697093%dA'}", n, n);
    if (!delivered)
        return;
    givef("push",
          "{'patent_id': %d, 'origin_patent_id': %d, 'push_id': "
          "'00000000-0000-4000-8000-00000000000%d'}",
          n, n, n);
    givef("push_event",
          "{'patent_id': %d, 'push_id': '00000000-0000-4000-8000-00000000000%d', 'event': "
          "'opened', 'at': '%s'}",
          n, n, delivered);
}

static void give_deal(const char *columns)
{
    givef("deal",
          "{'deal_id': 10, 'contract_number': 'C1', 'buyer': {'name': '岚桥鞋业', 'uscc': "
          "'U100'}, "
          "'rights': [{'type': 'invention', 'number': 'CN202010000001.1'}]%s%s}",
          *columns ? ", " : "", columns);
}

static struct db *deals_open(const char *delivered)
{
    struct db *db = trackdb_open();
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    give_patent(1, delivered);
    return db;
}

Test(track, a_deal_counts_strictly_literally_or_not_with_the_reason)
{
    static const struct {
        const char *deal, *expected;
    } rows[] = {
        {"", "{'value': 1, 'literal': 1, 'unknown': 0, 'invented': 0, 'late': 0}"},
        {"'affiliated': null", "{'value': 1, 'unknown': 1}"},
        {"'affiliated': true", "{'value': 0, 'literal': 1, 'left_out': {'affiliated': 1}}"},
        {"'registration_number': null",
         "{'value': 0, 'literal': 1, 'left_out': {'not_registered': 1}}"},
        {"'registration_date': '2025-06-30'", "{'value': 1}"},
        {"'registration_date': '2025-07-01'",
         "{'value': 0, 'literal': 1, 'left_out': {'not_registered': 1}}"},
        {"'seller': {'name': '岚桥鞋业', 'uscc': 'U100'}",
         "{'value': 0, 'literal': 1, 'left_out': {'affiliated': 1}}"},
        {"'seller': {'name': '岚桥 控股（集团）'}",
         "{'value': 0, 'literal': 1, 'left_out': {'affiliated': 1}}"},
        {"'seller': {'uscc': 'U900'}",
         "{'value': 0, 'literal': 1, 'left_out': {'affiliated': 1}}"},
        {"'mode': 'ordinary_licence'", "{'value': 1}"},
        {"'contract_date': '2024-05-21'", "{'value': 1}"},
        {"'contract_date': '2024-05-20'",
         "{'value': 0, 'literal': 0, 'left_out': {'no_push_before': 1}}"},
        {"'buyer': {'name': '岚桥鞋业'}",
         "{'value': 0, 'literal': 0, 'left_out': {'buyer_unknown': 1}}"},
        {"'buyer': {'uscc': 'U999'}", "{'value': 0, 'left_out': {'no_push_before': 1}}"},
        {"'rights': [{'type': 'trademark', 'number': '1'}]",
         "{'value': 0, 'left_out': {'no_invention': 1}}"},
        {"'rights': [{'type': 'utility_model', 'number': 'CN202010000001.1'}]",
         "{'value': 0, 'left_out': {'no_invention': 1}}"},
        {"'rights': [{'type': 'invention', 'number': 'CN106970931A'}]", "{'value': 1}"},
        {"'rights': [{'type': 'trademark', 'number': '1'}, {'type': 'invention', 'number': "
         "'CN202010000001.1'}]",
         "{'value': 1}"},
        {"'invented': true", "{'value': 1, 'invented': 1}"},
        {"'recorded_at': '2025-07-02 00:00+08'", "{'value': 1, 'late': 1}"},
    };
    struct db *db = deals_open("2024-05-20 23:59:59+08");
    g_autoptr(pack_t) pack = pack_with("{}");
    testdb_sql("UPDATE enterprise SET affiliates = '{岚桥控股(集团)}'");
    give("enterprise",
         "{'enterprise_id': 900, 'uscc': 'U900', 'name': '砾石', 'affiliates': ['U100']}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE deal");
        give_deal(rows[i].deal);
        count_figures(db, pack, "2025-06-30", NULL);
        expect(rows[i].deal, "JJ01", "deals", rows[i].expected);
    }
    db_close(db);
}

Test(track, the_pack_may_count_deals_literally)
{
    struct db *db = deals_open("2024-05-20 10:00+08");
    g_autoptr(pack_t) pack = pack_with("{'parameters': {'deal_figure': 'literal'}}");
    give_deal("'affiliated': true, 'registration_number': null");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("literal", "JJ01", "deals", "{'value': 1, 'literal': 1, 'left_out': {}}");
    db_close(db);
}

Test(track, a_bundle_is_one_deal_unless_the_pack_counts_its_patents)
{
    struct db *db = deals_open("2024-05-20 10:00+08");
    g_autoptr(pack_t) contracts = pack_with("{}");
    g_autoptr(pack_t) patents = pack_with("{'parameters': {'deal_unit': 'patent'}}");
    give_patent(2, "2024-05-21 10:00+08");
    give_patent(3, NULL);
    give_deal("'rights': [{'type': 'invention', 'number': 'CN202010000001.1'}, {'type': "
              "'invention', 'number': "
              "'CN202010000002.1'}, {'type': 'invention', 'number': 'CN202010000003.1'}, "
              "{'type': 'trademark', 'number': '7'}]");
    count_figures(db, contracts, "2025-06-30", NULL);
    expect("contract", "JJ01", "deals", "{'value': 1, 'left_out': {}}");
    count_figures(db, patents, "2025-06-30", NULL);
    expect("patents", "JJ01", "deals",
           "{'value': 2, 'left_out': {'no_push_before': 1, 'no_invention': 1}}");
    db_close(db);
}

Test(track, a_deal_rests_on_a_declared_push_only_once_it_is_accepted)
{
    struct db *db = deals_open(NULL);
    g_autoptr(pack_t) pack = pack_with("{}");
    give("declared_push", "{'declared_push_id': 9, 'patent': 'CN202010000001', "
                          "'enterprise_uscc': 'U100', 'sent_date': '2024-06-09'}");
    give_deal("");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("a claim", "JJ01", "deals", "{'value': 0, 'left_out': {'no_push_before': 1}}");
    give("decision", "{'kind': 'declared_push', 'key': 'CN202010000001/U100', 'effective': "
                     "'2025-01-01', 'invented': true}");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("accepted", "JJ01", "deals", "{'value': 1, 'invented': 1}");
    testdb_sql("UPDATE declared_push SET sent_date = '2024-06-10'");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("sent on the contract's day", "JJ01", "deals",
           "{'value': 0, 'left_out': {'no_push_before': 1}}");
    db_close(db);
}

Test(track, another_agencys_push_does_not_make_this_agencys_deal)
{
    struct db *db = deals_open("2024-05-20 10:00+08");
    g_autoptr(pack_t) pack = pack_with("{}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give_deal("");
    give_deal("'deal_id': 11, 'agency_id': 2");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("with the push", "JJ01", "deals", "{'value': 1}");
    expect("without", "JJ02", "deals", "{'value': 0, 'left_out': {'no_push_before': 1}}");
    struct figures_request request = {.today = "2026-03-01", .agency_id = 1};
    json_t *document = figures_evidence(db, pack, &request, "deals", 0, NULL);
    const json_t *rows = json_object_get(document, "rows"), *row = json_array_get(rows, 0);
    cr_expect_eq(json_array_size(rows), 1, "an agency's evidence shows its own rows");
    cr_expect(json_is_true(json_object_get(json_object_get(row, "detail"), "conflict")),
              "and that there is a conflict");
    json_decref(document);
    db_close(db);
}
