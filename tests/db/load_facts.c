/* Facts: whose enterprise they name, rows of one file that speak of one fact, and an expert's source_id. */
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

static void given_enterprises(void)
{
    load("enterprise", 1,
         row("{'uscc': '%s', 'name': '岚桥鞋业', 'division_code': '350582'}\n"
             "{'uscc': '%s', 'name': '同名公司', 'division_code': '350582'}\n"
             "{'uscc': '%s', 'name': '同名公司', 'division_code': '350582'}\n",
             uscc(1), uscc(2), uscc(3)));
}

static const char *need(const char *id, const char *more)
{
    return row(
        "{'source_id': '%s', 'text': '需要轻质耐磨的鞋底材料', 'valid_from': '2024-01-01'%s}\n",
        id, more);
}

Test(load_facts, a_need_finds_its_enterprise_by_code_or_by_a_name_that_one_alone_has)
{
    loading_open();
    given_enterprises();
    json_t *report =
        load("need", 1,
             row("%s%s%s%s%s", need("N1", row(", 'enterprise_uscc': '%s'", uscc(2))),
                 need("N2", ", 'enterprise_name': '岚桥鞋业'"),
                 need("N3", ", 'enterprise_name': '同名公司'"),
                 need("N4", ", 'enterprise_name': '无此公司'"),
                 need("N5", row(", 'enterprise_uscc': '%s'", uscc(9)))));
    expect_counts("needs", report, 2, 0, 0, 3);
    cr_expect_str_eq(shown_value("need", "N2", 1, "enterprise_uscc"), uscc(1));
    for (int line = 3; line <= 5; line++)
        cr_expect_str_eq(code_of_line(report, line), "not_found", "line %d: %s", line,
                         code_of_line(report, line));
    cr_expect(strstr(reason_of_line(report, 3), "several"), "%s", reason_of_line(report, 3));
    cr_expect_str_eq(place_of_line(report, 4), "enterprise_name=无此公司");
    cr_expect_str_eq(place_of_line(report, 5), row("enterprise_uscc=%s", uscc(9)));
    cr_expect_eq(testdb_int("SELECT count(*) FROM need"), 2);
}

static const char *declared(int patent, int enterprise)
{
    return row("{'patent': '%s', 'enterprise_uscc': '%s', 'sent_date': '2024-02-01', "
               "'channel': 'email', 'evidence': "
               "{'file': 'a.pdf', 'sha256': '%064d'}}\n",
               app_number(patent), uscc(enterprise), 1);
}

Test(load_facts, a_declared_push_needs_a_known_patent_and_enterprise)
{
    loading_open();
    given_enterprises();
    load("patent", 1, row("{'application_number': '%s', 'title': '鞋底'}\n", app_number(1)));
    const char *text = row("%s%s%s", declared(1, 1), declared(2, 1), declared(1, 9));
    json_t *report = load("declared_push", 1, text);
    expect_counts("declared", report, 1, 0, 0, 2);
    cr_expect_str_eq(code_of_line(report, 2), "not_found");
    cr_expect(g_str_has_prefix(place_of_line(report, 2), "patent=CN"), "%s",
              place_of_line(report, 2));
    cr_expect_str_eq(code_of_line(report, 3), "not_found");
    cr_expect_str_eq(place_of_line(report, 3), row("enterprise_uscc=%s", uscc(9)));
}

Test(load_facts, rows_of_one_file_that_contradict_each_other_are_all_refused)
{
    loading_open();
    given_enterprises();
    const char *who = row(", 'enterprise_uscc': '%s'", uscc(1));
    const char *file =
        row("%s%s%s%s", need("N1", row("%s, 'budget_fen': 100", who)), need("N2", who),
            need("N1", row("%s, 'budget_fen': 200", who)), need("N2", who));
    json_t *report = load("need", 1, file);
    expect_counts("contradicting", report, 1, 0, 1, 2);
    cr_expect_str_eq(code_of_line(report, 1), "duplicate_conflict");
    cr_expect_str_eq(code_of_line(report, 3), "duplicate_conflict");
    cr_expect(strstr(reason_of_line(report, 1), "line 3"), "%s", reason_of_line(report, 1));
    cr_expect(strstr(reason_of_line(report, 3), "line 1"), "%s", reason_of_line(report, 3));
    /* in two files they are a change */
    expect_counts("alone", load("need", 1, need("N1", row("%s, 'budget_fen': 100", who))), 1, 0,
                  0, 0);
    expect_counts("later", load("need", 1, need("N1", row("%s, 'budget_fen': 200", who))), 0, 1,
                  0, 0);
}

Test(load_facts, a_contradiction_that_the_first_row_is_silent_about_is_found)
{
    loading_open();
    given_enterprises();
    const char *who = row(", 'enterprise_uscc': '%s'", uscc(1));
    json_t *report =
        load("need", 1,
             row("%s%s%s", need("N1", who), need("N1", row("%s, 'budget_fen': 100", who)),
                 need("N1", row("%s, 'budget_fen': 200", who))));
    expect_counts("silent first row", report, 0, 0, 0, 3);
    cr_expect(strstr(reason_of_line(report, 2), "line 3"), "%s", reason_of_line(report, 2));
    cr_expect(strstr(reason_of_line(report, 3), "line 2"), "%s", reason_of_line(report, 3));
    cr_expect_eq(testdb_int("SELECT count(*) FROM need"), 0);
}

static const char *deal(const char *number, const char *right, const char *more)
{
    return row("{'contract_number': '%s', 'mode': 'assignment', 'rights': [{'type': "
               "'invention', 'number': '%s'}], 'seller': "
               "{'name': '甲'}, 'buyer': {'name': '乙'}, 'amount_fen': 500, 'contract_date': "
               "'2024-06-01'%s}\n",
               number, right, more);
}

Test(load_facts, rows_of_one_contract_that_differ_in_the_right_are_joined)
{
    loading_open();
    const char *file = row("%s%s%s", deal("HT1", app_number(1), ""),
                           deal("HT2", app_number(1), ""), deal("HT1", app_number(2), ""));
    expect_counts("first", load("deal", 1, file), 2, 0, 1, 0);
    const char *rights = shown_value("deal", "HT1", 1, "rights");
    cr_expect(strstr(rights, app_key(1)) && strstr(rights, app_key(2)), "%s", rights);
    cr_expect_str_eq(shown_value("deal", "HT1", 1, "amount_fen"), "500");
    expect_counts("again", load("deal", 1, file), 0, 0, 3, 0);
    json_t *report =
        load("deal", 1,
             row("%s%s", deal("HT3", app_number(1), ""),
                 deal("HT3", app_number(2), ", 'registration_date': '2024-07-01'")));
    expect_counts("differ elsewhere", report, 0, 0, 0, 2);
    cr_expect_str_eq(code_of_line(report, 2), "duplicate_conflict");
}

static const char *expert(const char *id, const char *name)
{
    return row("{%s'name': '%s', 'employer': '海丝大学', 'fields': ['高分子'], 'consent_date': "
               "'2024-01-01'}\n",
               *id ? row("'source_id': '%s', ", id) : "", name);
}

Test(load_facts, a_source_id_names_one_expert_of_its_agency)
{
    loading_open();
    expect_counts("first", load("expert", 1, expert("E1", "林知序")), 1, 0, 0, 0);
    json_t *report = load(
        "expert", 1,
        row("%s%s%s", expert("E1", "陈行舟"), expert("E2", "黄海丝"), expert("E2", "吴一苇")));
    expect_counts("used for another", report, 1, 0, 0, 2);
    cr_expect_str_eq(code_of_line(report, 1), "duplicate_conflict");
    cr_expect_str_eq(code_of_line(report, 3), "duplicate_conflict");
    cr_expect(strstr(reason_of_line(report, 1), "林知序"), "%s", reason_of_line(report, 1));
    expect_counts("the other agency's", load("expert", 2, expert("E1", "陈行舟")), 1, 0, 0, 0);
    expect_counts("the same person", load("expert", 1, expert("E1", "林知序")), 0, 0, 1, 0);
    /* given up by one, it may be another's, in one file, too */
    expect_counts(
        "moved", load("expert", 1, row("%s%s", expert("E9", "林知序"), expert("E1", "陈行舟"))),
        1, 1, 0, 0);
    cr_expect_str_eq(shown_value("expert", "E1", 1, "name"), "陈行舟");
    expect_counts("a refused row is no holder", load("expert", 1, expert("E1", "林知序")), 0, 0,
                  0, 1);
    cr_expect_str_eq(shown_value("expert", "E9", 1, "name"), "林知序");
}
