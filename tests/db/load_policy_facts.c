/* The kinds that the clauses beside the base database rest on: loaded, shown, changed, decided. */
#include "sql/account.h"
#include "sql/decision.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

/* A record, another of the same key in another spelling that changes one value, its key, and that value. */
static const struct fact {
    const char *kind, *first, *second, *key, *changed, *before, *after;
} facts[] = {
    {"open_licence",
     "{'patent': '%A', 'patentee': '海丝理工大学', 'published_date': '2024-05-06', "
     "'fee_terms': "
     "'每年一万元'}",
     "{'专利号': 'ZL %A', 'patentee': '海丝理工大学', 'published_date': '2024年5月6日', "
     "'fee_terms': '每年两万元'}",
     "%K", "fee_terms", "每年一万元", "每年两万元"},
    {"loan",
     "{'contract_number': 'L1', 'bank': '晋江农商', 'borrower_uscc': '%U', 'granted_yuan': "
     "'3000000.01', 'drawn_date': '2024-03-01', 'rights': ['%A'], 'collateral': '组合质押'}",
     "{'contract_number': 'L1', 'bank': '晋江农商', 'borrower_uscc': '%U', 'granted_fen': "
     "300000001, 'drawn_date': '20240301', 'rights': ['%A'], 'collateral': "
     "'ip_and_real_estate', 'real_estate_credit_fen': 100}",
     "L1", "real_estate_credit_fen", "null", "100"},
    {"sale",
     "{'invoice': 'F1', 'client': '岚桥鞋业', 'amount_yuan': '-12.50', 'date': '2024-03-01', "
     "'service': '代理'}",
     "{'invoice': 'F1', 'client': '岚桥鞋业', 'amount_fen': -1251, 'date': '2024-03-01', "
     "'service': '代理'}",
     "F1", "amount_fen", "-1250", "-1251"},
    {"event",
     "{'name': '知识产权 峰会', 'kind': '峰会', 'partner': '鞋业协会', 'start': '2024-03-01', "
     "'end': '2024-03-02', 'attendance': 200}",
     "{'name': '知识产权峰会', 'kind': 'summit', 'partner': '鞋业协会', 'start': '2024-03-01', "
     "'end': '2024-03-02', 'attendance': 201}",
     "知识产权峰会/2024-03-01", "attendance", "200", "201"},
    {"navigation_project", "{'name': '鞋材导航', 'enterprise_uscc': '%U'}",
     "{'name': '鞋材 导航', 'enterprise_uscc': '%U', 'approved_date': '2024-03-01'}",
     "鞋材导航/%U", "approved_date", "null", "2024-03-01"},
    {"attorney",
     "{'name': '林知序', 'practice_number': '35123456781', 'contract_from': '2023-01-01', "
     "'contract_to': '2025-12-31', 'service_from': '2023-02-01'}",
     "{'name': '林知序', 'practice_number': '35123456781', 'contract_from': '2023-01-01', "
     "'contract_to': '2026-12-31', 'service_from': '2023-02-01'}",
     "35123456781", "contract_to", "2025-12-31", "2026-12-31"},
    {"case",
     "{'number': 'A1', 'kind': '无效', 'client': '岚桥鞋业', 'succeeded_date': '2022-03-01'}",
     "{'number': 'A1', 'kind': 'litigation', 'client': '岚桥鞋业', 'succeeded_date': "
     "'2022-03-01'}",
     "A1", "kind", "invalidation", "litigation"},
    {"client", "{'name': '岚桥 鞋业', 'top500_year': 2022}",
     "{'name': '岚桥鞋业', 'top500_year': 2023}", "岚桥鞋业", "top500_year", "2022", "2023"},
    {"platform_review",
     "{'approval_number': 'P1', 'approved_date': '2024-03-01', 'functions': [{'kind': "
     "'信用信息', 'evidence': 'a.pdf'}]}",
     "{'approval_number': 'P1', 'approved_date': '2024-03-02'}", "P1", "approved_date",
     "2024-03-01", "2024-03-02"},
};

static const char *filled(const char *text)
{
    g_autoptr(GString) out = g_string_new(text);
    g_string_replace(out, "%A", app_number(1), 0);
    g_string_replace(out, "%K", app_key(1), 0);
    g_string_replace(out, "%U", uscc(1), 0);
    return row("%s", out->str);
}

Test(load_policy_facts, each_kind_is_loaded_once_changed_by_its_key_and_kept_as_it_was_before)
{
    loading_open();
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        const struct fact *fact = &facts[i];
        const char *key = filled(fact->key);
        expect_counts(fact->kind, load(fact->kind, 1, filled(fact->first)), 1, 0, 0, 0);
        expect_counts(fact->kind, load(fact->kind, 1, filled(fact->first)), 0, 0, 1, 0);
        cr_expect_str_eq(shown_value(fact->kind, key, 1, fact->changed), fact->before, "%s",
                         fact->kind);
        expect_counts(fact->kind, load(fact->kind, 1, filled(fact->second)), 0, 1, 0, 0);
        cr_expect_str_eq(shown_value(fact->kind, key, 1, fact->changed), fact->after, "%s",
                         fact->kind);
        json_t *versions =
            json_object_get(json_object_get(shown(fact->kind, key, 1), "history"), "versions");
        cr_expect_eq(json_array_size(versions), 1, "%s", fact->kind);
        /* the same key at another agency is another fact */
        expect_counts(fact->kind, load(fact->kind, 2, filled(fact->first)), 1, 0, 0, 0);
    }
}

Test(load_policy_facts, an_official_can_decide_on_each_kind_by_its_key)
{
    struct db *db = loading_open();
    g_autoptr(GError) error = NULL;
    bool added;
    cr_assert(account_add(db, "陈科", "official", 0, false, &added, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        struct decision decision = {.verdict = "reject",
                                    .kind = facts[i].kind,
                                    .agency_id = 1,
                                    .by = "陈科",
                                    .os_user = "os",
                                    .reason = "不实",
                                    .effective = "2025-03-05"};
        load(facts[i].kind, 1, filled(facts[i].first));
        json_t *keys = json_pack("[s]", filled(facts[i].key));
        json_t *decided = decision_add(db, &decision, keys, &error);
        cr_expect(decided, "%s: %s", facts[i].kind, error ? error->message : "");
        cr_expect_eq(json_array_size(decided), 1, "%s", facts[i].kind);
        json_decref(decided);
        json_decref(keys);
        g_clear_error(&error);
    }
}

Test(load_policy_facts, what_cannot_be_read_or_lacks_a_required_value_is_refused_with_its_code)
{
    static const struct {
        const char *kind, *line, *code;
    } rows[] = {
        {"loan",
         "{'contract_number': 'L1', 'bank': 'b', 'borrower_uscc': '%U', 'granted_fen': 1, "
         "'drawn_date': '2024-03-01', 'rights': ['%A'], 'collateral': '房产'}",
         "bad_value"},
        {"loan",
         "{'contract_number': 'L1', 'bank': 'b', 'borrower_uscc': '%U', 'granted_fen': -1, "
         "'drawn_date': '2024-03-01', 'rights': ['%A'], 'collateral': 'ip_only'}",
         "bad_value"},
        {"loan",
         "{'contract_number': 'L1', 'bank': 'b', 'borrower_uscc': '%U', 'granted_fen': 1, "
         "'drawn_date': '2024-03-01', 'collateral': 'ip_only'}",
         "missing"},
        {"sale",
         "{'invoice': 'F1', 'client': 'c', 'amount_yuan': '0.001', 'date': '2024-03-01', "
         "'service': 's'}",
         "bad_value"},
        {"event",
         "{'name': 'n', 'kind': 'summit', 'partner': 'p', 'start': '2023-02-29', 'end': "
         "'2024-03-02', 'attendance': 1}",
         "bad_date"},
        {"attorney",
         "{'name': 'n', 'practice_number': '35123456781', 'contract_from': '2023-01-01', "
         "'service_from': '2023-01-01'}",
         "missing"},
        {"case",
         "{'number': 'A1', 'kind': '调解', 'client': 'c', 'succeeded_date': '2022-03-01'}",
         "bad_value"},
        {"client", "{'top500_year': 2022}", "missing"},
        {"platform_review", "{'approval_number': 'P1'}", "missing"},
        {"open_licence",
         "{'patent': 'CN201080056811.X', 'patentee': 'p', 'published_date': '2024-05-06', "
         "'fee_terms': 't'}",
         "bad_check"},
        {"navigation_project", "{'name': 'n', 'enterprise_uscc': '91350582000000019X'}",
         "bad_check"},
    };
    loading_open();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *report = load(rows[i].kind, 1, filled(rows[i].line));
        cr_expect_str_eq(code_of_line(report, 1), rows[i].code, "row %zu, %s", i, rows[i].kind);
    }
}

Test(load_policy_facts, rows_of_one_loan_that_differ_in_the_right_are_one_loan)
{
    loading_open();
    GString *lines = g_string_new(NULL);
    for (int right = 1; right <= 2; right++)
        g_string_append(lines,
                        row("{'contract_number': 'L1', 'bank': 'b', 'borrower_uscc': '%s', "
                            "'granted_fen': 500, 'drawn_date': '2024-03-01', 'rights': ['%s'], "
                            "'collateral': 'ip_only'}\n",
                            uscc(1), app_number(right)));
    load("loan", 1, lines->str);
    g_string_free(lines, TRUE);
    cr_expect_eq(testdb_int("SELECT count(*) FROM loan WHERE granted_fen = 500 AND "
                            "jsonb_array_length(rights) = 2"),
                 1);
}
