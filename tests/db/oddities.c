/* Oddities: each rule's rows and the row that is just not odd; marks of officials; and no count changes by any of it. */
#include "sql/account.h"
#include "sql/oddity.h"
#include "sql/policy.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct oddity_query all = {.deadline = "2025-12-31", .time_zone = "Asia/Shanghai"};

static json_t *found(struct db *db, const char *rule)
{
    g_autoptr(GError) error = NULL;
    struct oddity_query query = all;
    query.rule = rule;
    json_t *oddities = oddity_list(db, &query, &error);
    cr_assert(oddities, "%s", error ? error->message : "");
    return oddities;
}

/* Fails unless a rule finds so many, the first of them with so many rows under this key. */
static void expect_found(struct db *db, const char *rule, size_t count, const char *key,
                         size_t rows)
{
    json_t *oddities = found(db, rule), *first = json_array_get(oddities, 0);
    char *text = json_dumps(oddities, 0);
    cr_expect_eq(json_array_size(oddities), count, "%s: %s", rule, text);
    if (count > 0) {
        cr_expect_str_eq(json_string_value(json_object_get(first, "key")), key, "%s: %s", rule,
                         text);
        cr_expect_eq(json_array_size(json_object_get(first, "rows")), rows, "%s: %s", rule,
                     text);
    }
    free(text);
    json_decref(oddities);
}

static void deal(int id, const char *seller, const char *buyer, const char *more)
{
    givef("deal",
          "{'deal_id': %d, 'contract_number': 'C%d', 'registration_number': 'R%d', 'seller': "
          "{'uscc': '%s'}, 'buyer': {'uscc': '%s'}, 'amount_fen': 123456, 'rights': [{'type': "
          "'invention', 'number': 'CN202010000001.1'}]%s}",
          id, id, id, seller, buyer, more);
}

Test(oddities, forty_deals_of_one_buyer_in_a_day_are_odd_and_thirty_nine_are_not)
{
    struct db *db = trackdb_open();
    for (int i = 1; i <= 39; i++)
        deal(i, "S", "U100", "");
    expect_found(db, "many_deals_in_a_day", 0, NULL, 0);
    deal(40, "S", "U100", "");
    deal(41, "S", "U100", ", 'contract_date': '2024-06-11'");
    expect_found(db, "many_deals_in_a_day", 1, "U100/2024-06-10", 40);
    db_close(db);
}

Test(oddities, sales_that_go_round_and_rights_that_come_back)
{
    struct db *db = trackdb_open();
    deal(1, "A", "B", "");
    deal(2, "B", "C", "");
    expect_found(db, "circular_sales", 0, NULL, 0);
    deal(3, "C", "A", "");
    expect_found(db, "circular_sales", 1, "A > B > C", 3);
    expect_found(db, "bought_and_sold_back", 0, NULL, 0);
    deal(4, "B", "A", ", 'mode': 'sole_licence', 'contract_date': '2024-08-01'");
    expect_found(db, "bought_and_sold_back", 0, NULL, 0);
    deal(5, "B", "A", ", 'contract_date': '2024-08-01'");
    expect_found(db, "bought_and_sold_back", 1, "C1/C5/CN202010000001.1", 2);
    expect_found(db, "circular_sales", 2, "A > B", 3);
    db_close(db);
}

Test(oddities, money_that_is_too_round_or_too_much_and_contracts_told_twice)
{
    struct db *db = trackdb_open();
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    for (int i = 1; i <= 8; i++)
        deal(i, "S", "U100", ", 'amount_fen': 3000000");
    deal(9, "S", "U100", "");
    expect_found(db, "round_amounts", 0, NULL, 0);
    deal(10, "S", "U100", "");
    expect_found(db, "round_amounts", 1, "JJ01", 8);
    deal(11, "S", "U100", "");
    expect_found(db, "round_amounts", 0, NULL, 0);
    deal(12, "S", "U100",
         ", 'payments': [{'date': '2024-07-01', 'amount_fen': 123456}, {'date': "
         "'2024-07-02', 'amount_fen': 1}]");
    deal(13, "S", "U100", ", 'payments': [{'date': '2024-07-01', 'amount_fen': 123456}]");
    expect_found(db, "paid_above_contract", 1, "1/C12", 1);
    deal(14, "S", "U100", ", 'registration_number': 'R13'");
    expect_found(db, "told_by_two", 0, NULL, 0);
    deal(15, "S", "U100", ", 'registration_number': 'R12', 'agency_id': 2");
    expect_found(db, "told_by_two", 1, "R12", 2);
    db_close(db);
}

Test(oddities, phones_that_are_shared_and_experts_that_nothing_else_knows)
{
    struct db *db = trackdb_open();
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101'}");
    give("contact", "{'record_id': 100, 'contacts': [{'phone': '139-0000-0000'}]}");
    give("contact", "{'record_id': 101, 'contacts': [{'phone': '13900000001'}]}");
    expect_found(db, "shared_phone", 0, NULL, 0);
    testdb_sql("UPDATE contact SET contacts = '[{\"phone\": \"13900000001;139 0000 0000\"}]' "
               "WHERE record_id = 101");
    expect_found(db, "shared_phone", 1, "13900000000", 2);
    give("expert", "{'expert_id': 300}");
    give("expert", "{'expert_id': 301, 'key': '甲/乙', 'name': '甲'}");
    give("patent", "{'patent_id': 1, 'application_number': 'CN202010000001.1', 'inventors': "
                   "['甲']}");
    expect_found(db, "expert_without_trace", 1, "林知序/海丝理工大学", 1);
    db_close(db);
}

Test(oddities, needs_that_differ_in_a_word_and_pushes_opened_at_once)
{
    struct db *db = trackdb_open();
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    give("need", "{'need_id': 2, 'source_id': 'N2'}");
    testdb_sql("INSERT INTO need_pair VALUES (1, 2, .749, 1, 1)");
    expect_found(db, "needs_nearly_alike", 0, NULL, 0);
    testdb_sql("UPDATE need_pair SET jaccard = .75");
    expect_found(db, "needs_nearly_alike", 1, "1/2", 2);
    for (int i = 1; i <= 3; i++) {
        givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", i, i);
        givef("push",
              "{'patent_id': %d, 'origin_patent_id': %d, 'push_id': "
              "'00000000-0000-4000-8000-00000000000%d'}",
              i, i, i);
        givef("push_event",
              "{'patent_id': %d, 'push_id': '00000000-0000-4000-8000-00000000000%d', 'event': "
              "'opened', 'at': '2024-05-01 10:00:0%s+08', 'detail': {'address': '10.0.0.%d'}}",
              i, i, i == 3 ? "5.5" : "4.9", i == 1 ? 1 : 2);
    }
    expect_found(db, "opened_at_once", 1, "10.0.0.2/2024-05-01 10:00:05", 2);
    testdb_sql("UPDATE push_event SET at = at + interval '1 second' WHERE patent_id = 3");
    expect_found(db, "opened_at_once", 0, NULL, 0);
    db_close(db);
}

Test(oddities, facts_recorded_in_the_last_week_before_the_end)
{
    struct db *db = trackdb_open();
    testdb_sql("SELECT give('sale', jsonb_build_object('sale_id', i, 'invoice', 'F' || i, "
               "'first_recorded_at', CASE WHEN i <= 19 THEN '2025-12-25 00:00+08' ELSE "
               "'2025-12-24 23:59+08' END)) FROM generate_series(1, 40) i");
    expect_found(db, "late_before_deadline", 0, NULL, 0);
    testdb_sql("UPDATE sale SET first_recorded_at = '2025-12-31 23:59+08' WHERE sale_id = 20");
    expect_found(db, "late_before_deadline", 1, "1/sale/2025-12-31", 20);
    db_close(db);
}

static void given_accounts(struct db *db)
{
    g_autoptr(GError) error = NULL;
    bool added;
    cr_assert(account_add(db, "陈科", "official", 0, false, &added, &error));
    cr_assert(account_add(db, "小李", "agency_clerk", 1, false, &added, &error));
}

Test(oddities, an_official_marks_one_as_looked_at_and_no_count_changes)
{
    struct db *db = trackdb_open();
    g_autoptr(GError) error = NULL;
    struct oddity_query query = all;
    query.rule = "paid_above_contract";
    given_accounts(db);
    deal(1, "S", "U100",
         ", 'led_by_agency': true, 'implemented_division': '350582', 'payments': [{'date': "
         "'2024-07-01', 'amount_fen': 200000}]");
    g_autoptr(pack_t) pack = pack_with("{}");
    count_figures(db, pack, NULL, NULL);
    expect("before", "JJ01", "purchases", "{'value': 200000}");
    cr_expect_not(oddity_mark(db, &query, "1/C1", "小李", "os", "看过", &error));
    cr_expect(strstr(error->message, "only an official"), "%s", error->message);
    g_clear_error(&error);
    cr_expect_not(oddity_mark(db, &query, "1/C2", "陈科", "os", "看过", &error));
    g_clear_error(&error);
    cr_expect(oddity_mark(db, &query, "1/C1", "陈科", "os", "补签了协议", &error), "%s",
              error ? error->message : "");
    json_t *oddities = found(db, query.rule),
           *mark = json_object_get(json_array_get(oddities, 0), "mark");
    cr_expect_str_eq(json_string_value(json_object_get(mark, "by")), "陈科");
    cr_expect_str_eq(json_string_value(json_object_get(mark, "reason")), "补签了协议");
    json_decref(oddities);
    count_figures(db, pack, NULL, NULL);
    expect("after", "JJ01", "purchases", "{'value': 200000}");
    db_close(db);
}

Test(oddities, a_version_that_an_official_signed_off_says_so_in_its_figures)
{
    struct db *db = trackdb_open();
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) pack = pack_open(NULL, NULL, NULL);
    struct figures_request request = {.today = "2026-03-01"};
    given_accounts(db);
    cr_expect_not(policy_sign(db, pack->id, pack->version, "陈科", "os", "核对", &error));
    g_clear_error(&error);
    json_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    cr_expect(json_is_null(json_object_get(document, "signed_off")));
    json_decref(document);
    cr_expect_not(policy_sign(db, pack->id, pack->version, "小李", "os", "核对", &error));
    g_clear_error(&error);
    cr_assert(policy_sign(db, pack->id, pack->version, "陈科", "os", "核对", &error), "%s",
              error ? error->message : "");
    document = figures_document(db, pack, &request, &error);
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(document, "signed_off"), "by")),
        "陈科");
    json_decref(document);
    db_close(db);
}
