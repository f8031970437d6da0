/* What the verbs leave in the ledger: loads, changes, merges, erasure, two officials. After each of them verify finds nothing. */
#include "sql/account.h"
#include "sql/decision.h"
#include "sql/erase.h"
#include "sql/ledger.h"
#include "tests/support/loading.h"
#include "tests/support/verified.h"
#include <criterion/criterion.h>
#include <string.h>

static struct db *db;

static const char *finding(void)
{
    return first_finding_in(db);
}

/* loading_open() puts two agencies in behind the ledger's back: it takes them in. */
static void open_with_agencies(void)
{
    db = loading_open();
    testdb_sql(
        "SELECT ledger_append('{\"kind\": \"opened\"}', '[{\"source\": \"agency\", \"ids\": "
        "[]}]', now())");
}

static int64_t rows_of_last(void)
{
    return testdb_int(
        "SELECT count(*) FROM ledger_every_row WHERE seq = (SELECT max(seq) FROM ledger)");
}

static void load_expert(const char *name, const char *title)
{
    json_t *report =
        load("expert", 1,
             row("{'name': '%s', 'employer': '海丝大学', 'fields': ['高分子'], 'consent_date': "
                 "'2024-01-01', 'title': '%s', 'contacts': [{'name': '%s', 'phone': "
                 "'13900000000'}]}",
                 name, title, name));
    cr_assert(report);
}

Test(ledger_entries, a_load_and_a_change_leave_one_entry_each)
{
    open_with_agencies();
    load("patent", 1, row("{'application_number': '%s', 'title': '鞋底'}", app_number(1)));
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger"), 3);
    cr_expect_eq(rows_of_last(), 4, "patent, number, holding, batch");
    cr_expect_str_eq(finding(), "");
    load("patent", 1,
         row("{'application_number': '%s', 'title': '轻质鞋底', 'legal_status': 'granted', "
             "'legal_status_date': '2020-01-01'}",
             app_number(1)));
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger"), 4);
    cr_expect_eq(
        testdb_int("SELECT count(*) FROM ledger_row WHERE seq = 4 AND source = 'patent' "
                   "AND before IS NOT NULL AND after IS NOT NULL AND before <> after"),
        1, "what it was before, and is after");
    cr_expect_str_eq(finding(), "");
}

Test(ledger_entries, a_merge_of_patents_is_followed)
{
    open_with_agencies();
    load("patent", 1,
         row("{'application_number': '%s', 'title': '鞋底', 'legal_status': 'granted', "
             "'legal_status_date': '2020-01-01'}",
             app_number(1)));
    load("patent", 1,
         row("{'publication_number': '%s', 'title': '鞋底', 'legal_status': "
             "'pending', 'legal_status_date': '2019-01-01'}",
             pub_number(1, 'A')));
    load("patent", 2, row("{'publication_number': '%s', 'title': '鞋底'}", pub_number(1, 'A')));
    cr_expect_str_eq(finding(), "");
    load("patent", 1,
         row("{'application_number': '%s', 'publication_number': '%s', 'title': '鞋底'}",
             app_number(1), pub_number(1, 'A')));
    cr_assert_eq(testdb_int("SELECT count(*) FROM patent WHERE merged_into IS NOT NULL"), 1);
    cr_expect_gt(testdb_int("SELECT count(*) FROM ledger_row WHERE after IS NULL"), 0,
                 "rows went with the merge");
    cr_expect_str_eq(finding(), "");
}

Test(ledger_entries, what_a_transaction_undoes_leaves_no_entry)
{
    open_with_agencies();
    loading.dry_run = true;
    load("patent", 1, row("{'application_number': '%s', 'title': '鞋底'}", app_number(1)));
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger"), 2);
    cr_expect_str_eq(finding(), "");
}

Test(ledger_entries, a_persons_name_is_erased_and_every_digest_stays)
{
    g_autoptr(GError) error = NULL;
    bool added;
    struct erased erased;
    open_with_agencies();
    load_expert("林知序", "教授");
    load_expert("林知序", "研究员");
    load_expert("苏望舒", "教授");
    cr_assert(account_add(db, "陈科", "official", 0, false, &added, &error));
    const struct decision accept = {.verdict = "accept",
                                    .kind = "expert",
                                    .agency_id = 1,
                                    .by = "陈科",
                                    .os_user = "os",
                                    .reason = "核实",
                                    .effective = "2025-06-30"};
    json_t *keys = json_pack("[s]", "林知序/海丝大学");
    json_decref(decision_add(db, &accept, keys, &error));
    json_decref(keys);
    cr_expect_str_eq(finding(), "");
    cr_assert(
        erase_person(db, "expert", 1, "林知序/海丝大学", "陈科", "本人请求", &erased, &error),
        "%s", error ? error->message : "");
    cr_expect_eq(erased.names, 2, "name and key: %d", (int)erased.names);
    static const char *const tables[] = {"expert",        "register_version", "decision",
                                         "contact",       "ledger",           "personal_salt",
                                         "record_holding"};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        cr_expect_eq(
            testdb_int(sql_text("SELECT count(*) FROM %s t WHERE to_jsonb(t)::text LIKE "
                                "'%%林知序%%'",
                                tables[i])),
            0, "%s still has the name", tables[i]);
    cr_expect_eq(testdb_int("SELECT count(*) FROM expert WHERE name = '苏望舒'"), 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM expert x JOIN decision d ON d.key = x.key"),
                 1, "the decision is still this expert's");
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger WHERE body LIKE '%\"erase\"%'"), 1);
    cr_expect_str_eq(finding(), "");
}

Test(ledger_entries, of_two_officials_the_second_decides)
{
    g_autoptr(GError) error = NULL;
    bool added;
    open_with_agencies();
    load_expert("林知序", "教授");
    account_add(db, "陈科", "official", 0, false, &added, &error);
    account_add(db, "王科", "official", 0, false, &added, &error);
    struct decision reject = {.verdict = "reject",
                              .kind = "expert",
                              .agency_id = 1,
                              .by = "陈科",
                              .os_user = "os",
                              .reason = "核实",
                              .effective = "2025-06-30"};
    static const struct {
        const char *what, *by, *verdict;
        size_t ready;
    } steps[] = {{"the first proposes", "陈科", "reject", 0},
                 {"the same one again does not decide", "陈科", "reject", 0},
                 {"another verdict does not confirm", "王科", "accept", 0},
                 {"the second confirms", "王科", "reject", 1}};
    json_t *keys = json_pack("[s]", "林知序/海丝大学");
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        json_t *ready = NULL, *waiting = NULL;
        reject.by = steps[i].by;
        reject.verdict = steps[i].verdict;
        cr_assert(decision_propose(db, &reject, keys, &ready, &waiting, &error), "%s",
                  error ? error->message : "");
        cr_expect_eq(json_array_size(ready), steps[i].ready, "%s", steps[i].what);
        cr_expect_eq(json_array_size(waiting), 1 - steps[i].ready, "%s", steps[i].what);
        json_decref(ready);
        json_decref(waiting);
    }
    json_t *decided = decision_add(db, &reject, keys, &error);
    cr_expect_eq(json_array_size(decided), 1);
    json_decref(decided);
    json_decref(keys);
    cr_expect_str_eq(finding(), "");
}

Test(ledger_entries, an_official_of_an_agency_does_not_decide)
{
    g_autoptr(GError) error = NULL;
    bool added;
    open_with_agencies();
    load_expert("林知序", "教授");
    account_add(db, "林科", "official", 1, false, &added, &error);
    const struct decision accept = {.verdict = "accept",
                                    .kind = "expert",
                                    .agency_id = 1,
                                    .by = "林科",
                                    .os_user = "os",
                                    .reason = "核实",
                                    .effective = "2025-06-30"};
    json_t *keys = json_pack("[s]", "林知序/海丝大学");
    cr_expect_null(decision_add(db, &accept, keys, &error));
    cr_expect(error && strstr(error->message, "who benefits does not decide"), "%s",
              error ? error->message : "it decided");
    json_decref(keys);
}
