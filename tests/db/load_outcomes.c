/* What a row did, what absent and null mean, what a refused row leaves behind. */
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

static const char *enterprise(int n, const char *more)
{
    return row("{'uscc': '%s', 'name': '岚桥鞋业%d', 'division_code': '350582'%s}\n", uscc(n),
               n, more);
}

static const char *lines(const char *a, const char *b)
{
    return row("%s%s", a, b);
}

Test(load_outcomes, a_row_is_new_then_the_same_then_changed)
{
    loading_open();
    static const struct {
        const char *kind, *first, *changed;
        int agency;
    } cases[] = {
        {"agency", "{'code': 'JJ03', 'name': '海丝'}", "{'code': 'JJ03', 'name': '海丝服务'}",
         0},
        {"patent", "{'application_number': 'CN201710000007', 'title': '鞋底'}",
         "{'application_number': 'CN201710000007', 'abstract': '轻质'}", 1},
        {"expert",
         "{'name': '林知序', 'employer': '海丝大学', 'fields': ['高分子'], 'consent_date': "
         "'2024-01-01'}",
         "{'name': '林知序', 'employer': '海丝大学', 'fields': ['橡胶'], 'consent_date': "
         "'2024-01-01'}",
         1},
        {"deal",
         "{'contract_number': 'HT1', 'mode': 'assignment', 'rights': [{'type': 'invention', "
         "'number': 'CN106000001B'}], 'seller': "
         "{'name': '甲'}, 'buyer': {'name': '乙'}, 'amount_fen': 100, 'contract_date': "
         "'2024-06-01'}",
         "{'contract_number': 'HT1', 'mode': 'assignment', 'rights': [{'type': 'invention', "
         "'number': 'CN106000001B'}], 'seller': "
         "{'name': '甲'}, 'buyer': {'name': '乙'}, 'amount_fen': 200, 'contract_date': "
         "'2024-06-01'}",
         1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_counts(cases[i].kind, load(cases[i].kind, cases[i].agency, cases[i].first), 1, 0,
                      0, 0);
        expect_counts(cases[i].kind, load(cases[i].kind, cases[i].agency, cases[i].first), 0, 0,
                      1, 0);
        expect_counts(cases[i].kind, load(cases[i].kind, cases[i].agency, cases[i].changed), 0,
                      1, 0, 0);
        expect_counts(cases[i].kind, load(cases[i].kind, cases[i].agency, cases[i].changed), 0,
                      0, 1, 0);
    }
}

Test(load_outcomes, rows_of_one_file_count_as_if_loaded_one_by_one)
{
    loading_open();
    const char *four =
        row("%s%s%s{'uscc': 'no code', 'name': '甲', 'division_code': '350582'}\n",
            enterprise(1, ""), enterprise(1, ""), enterprise(1, ", 'industry': 'C195'"));
    expect_counts("one file", load("enterprise", 1, four), 1, 1, 1, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM register_version"), 0,
                 "a version inside a transaction was kept");
}

Test(load_outcomes, loading_twice_changes_nothing)
{
    loading_open();
    static const char *const kinds[] = {"patent", "enterprise",    "expert", "institution",
                                        "need",   "declared_push", "deal"};
    const char *texts[] = {
        row("{'application_number': '%s', 'publication_number': '%s', 'publication_date': "
            "'2018-01-01', 'title': '鞋底', 'ipc': "
            "['A43B 13/04'], 'legal_status': 'granted', 'legal_status_date': '2019-01-01', "
            "'备注': '甲'}\n",
            app_number(1), pub_number(1, 'A')),
        enterprise(1, ", 'qualifications': [{'kind': '高新技术企业', 'certificate': 'GR1', "
                      "'valid_from': '2023-01-01'}], 'contacts': "
                      "[{'name': '王'}], '区域': '陈埭'"),
        "{'source_id': 'E1', 'name': '林知序', 'employer': '海丝大学', 'fields': ['高分子'], "
        "'consent_date': '2024-01-01'}\n",
        row("{'uscc': '%s', 'name': '砺知', 'kind': 'patent_agency'}\n", uscc(900)),
        row("{'source_id': 'N1', 'enterprise_uscc': '%s', 'text': '需要轻质耐磨的鞋底材料', "
            "'valid_from': '2024-01-01', 'contact': "
            "'王'}\n",
            uscc(1)),
        row("{'patent': '%s', 'enterprise_uscc': '%s', 'sent_date': '2024-02-01', 'channel': "
            "'email', 'evidence': {'file': "
            "'a.pdf', 'sha256': '%064d'}}\n",
            app_number(1), uscc(1), 1),
        row("{'contract_number': 'HT1', 'mode': 'assignment', 'rights': [{'type': 'invention', "
            "'number': '%s'}], 'seller': {'name': "
            "'甲'}, 'buyer': {'name': '乙', 'uscc': '%s'}, 'amount_fen': 100, 'contract_date': "
            "'2024-06-01', 'payments': [{'date': "
            "'2024-07-01', 'amount_fen': 50}]}\n",
            app_number(1), uscc(1)),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect_counts(kinds[i], load(kinds[i], 1, texts[i]), 1, 0, 0, 0);
    g_autofree char *before = dump_all(true);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect_counts(kinds[i], load(kinds[i], 1, texts[i]), 0, 0, 1, 0);
    g_autofree char *after = dump_all(true);
    cr_expect_str_eq(after, before);
}

Test(load_outcomes, null_clears_and_absent_leaves)
{
    loading_open();
    load("enterprise", 1,
         enterprise(1, ", 'industry': 'C195', 'profile': '鞋', 'affiliates': ['甲']"));
    load("enterprise", 1, enterprise(1, ", 'industry': null, 'affiliates': null"));
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "industry"), "null");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "affiliates"), "null");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "profile"), "鞋");
    load("patent", 1,
         row("{'application_number': '%s', 'title': '鞋底', 'abstract': '轻', 'region': "
             "'晋江'}\n",
             app_number(1)));
    load("patent", 1, row("{'application_number': '%s', 'abstract': null}\n", app_number(1)));
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "abstract"), "null");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "region"), "晋江");
    expect_counts("null of nothing",
                  load("patent", 1,
                       row("{'application_number': '%s', 'abstract': null}\n", app_number(1))),
                  0, 0, 1, 0);
}

Test(load_outcomes, what_was_before_a_change_is_kept_as_a_version)
{
    loading_open();
    load("enterprise", 1, enterprise(1, ", 'industry': 'C195'"));
    load("enterprise", 1, enterprise(1, ", 'industry': 'C196'"));
    json_t *rows = testdb_rows(
        "SELECT v.record ->> 'industry' AS before, v.superseded_at = e.recorded_at AS joined "
        "FROM register_version v JOIN enterprise e ON e.enterprise_id = v.record_id");
    cr_assert_eq(json_array_size(rows), 1);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(rows, 0), "before")),
                     "C195");
    cr_expect(json_is_true(json_object_get(json_array_get(rows, 0), "joined")));
    json_decref(rows);
}

Test(load_outcomes,
     held_since_is_a_claim_of_the_row_then_of_the_command_else_the_day_of_loading)
{
    loading_open();
    loading.held_since = "2024-05-05";
    load("enterprise", 1,
         lines(enterprise(1, ""), enterprise(2, ", 'held_since': '2023-02-02'")));
    loading.held_since = NULL;
    load("enterprise", 1, enterprise(3, ""));
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "held_since"), "2024-05-05");
    cr_expect_str_eq(shown_value("enterprise", uscc(2), 1, "held_since"), "2023-02-02");
    cr_expect_str_eq(shown_value("enterprise", uscc(3), 1, "held_since"), "2025-06-30");
    expect_counts("without a claim", load("enterprise", 1, enterprise(1, "")), 0, 0, 1, 0);
    expect_counts("another claim",
                  load("enterprise", 1, enterprise(1, ", 'held_since': '2024-06-06'")), 0, 1, 0,
                  0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM record_holding WHERE held_since = "
                            "'2024-05-05' AND superseded_at IS NOT NULL"),
                 1, "the claim before was not kept");
}

/* Whatever JSON, arrays and COPY must escape: quotes, backslashes, ends of field and line, what looks like COPY's null. */
Test(load_outcomes, words_with_anything_to_escape_arrive_as_written)
{
    static const char *const words[] = {"鞋",  "\"x\"", "C:\\new\\table", "a\tb",
                                        "\\N", "a\\\"", "{a,b}"};
    loading_open();
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        json_t *given = json_pack("{s:s, s:s, s:s, s:s, s:[s, s], s:s}", "uscc", uscc((int)i),
                                  "name", "岚桥鞋业", "division_code", "350582", "profile",
                                  words[i], "affiliates", words[i], "乙", "备\"注\\", words[i]);
        char *line = json_dumps(given, 0);
        expect_counts(words[i], load("enterprise", 1, line), 1, 0, 0, 0);
        json_t *record = json_object_get(shown("enterprise", uscc((int)i), 1), "record");
        json_t *extra = json_pack("{s:s}", "备\"注\\", words[i]);
        cr_expect(json_equal(json_object_get(record, "extra"), extra), "%s", words[i]);
        static const char *const same[] = {"profile", "affiliates"};
        for (size_t k = 0; k < G_N_ELEMENTS(same); k++)
            cr_expect(
                json_equal(json_object_get(record, same[k]), json_object_get(given, same[k])),
                "%s of %s", same[k], words[i]);
        json_decref(extra);
        json_decref(given);
        free(line);
    }
}

Test(load_outcomes, extra_and_contacts_belong_to_the_agency_that_said_them)
{
    loading_open();
    load("enterprise", 1,
         enterprise(1, ", '区域': '陈埭', 'contacts': [{'name': '王', 'phone': '1'}]"));
    expect_counts(
        "the other agency's",
        load("enterprise", 2, enterprise(1, ", '区域': '池店', 'contacts': [{'name': '李'}]")),
        1, 0, 0, 0);
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "extra"), "{\"区域\":\"陈埭\"}");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 2, "extra"), "{\"区域\":\"池店\"}");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 2, "contacts"), "[{\"name\":\"李\"}]");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "contacts"),
                     "[{\"name\":\"王\",\"phone\":\"1\"}]");
    load("patent", 1,
         row("{'application_number': '%s', 'title': '鞋底', '编号': '甲1'}\n", app_number(1)));
    load("patent", 2,
         row("{'application_number': '%s', 'title': '鞋底', '编号': '乙1'}\n", app_number(1)));
    cr_expect(strstr(shown_value("patent", app_key(1), 1, "extra"), "甲1"));
    cr_expect(strstr(shown_value("patent", app_key(1), 2, "extra"), "乙1"));
    cr_expect_not(strstr(shown_value("patent", app_key(1), 1, "extra"), "乙1"));
}

Test(load_outcomes, a_dry_run_says_what_would_be_and_changes_nothing)
{
    loading_open();
    load("enterprise", 1, enterprise(1, ""));
    g_autofree char *before = dump_all(true);
    loading.dry_run = true;
    const char *text = row("%s%s%s{}\n", enterprise(1, ""),
                           enterprise(1, ", 'industry': 'C195'"), enterprise(2, ""));
    json_t *report = load("enterprise", 1, text);
    expect_counts("dry run", report, 1, 1, 1, 1);
    cr_expect(json_is_null(json_object_get(report, "batch")));
    g_autofree char *after = dump_all(true);
    cr_expect_str_eq(after, before);
    cr_expect_eq(testdb_int("SELECT count(*) FROM load_batch"), 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row"), 0);
}

Test(load_outcomes, a_dry_run_of_more_than_one_chunk_counts_the_same_as_the_load)
{
    loading_open();
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 10500; i++) /* the last 500 are rows of the first chunk once more */
        g_string_append_printf(
            text, "{\"publication_number\": \"CN106%06dA\", \"title\": \"鞋底\"}\n", i % 10000);
    loading.dry_run = true;
    expect_counts("dry run", load("patent", 1, text->str), 10000, 0, 500, 0);
    loading.dry_run = false;
    expect_counts("load", load("patent", 1, text->str), 10000, 0, 500, 0);
}

Test(load_outcomes, the_refused_file_loads_again_after_mending)
{
    loading_open();
    g_autofree char *mistyped = g_strdup(uscc(2));
    mistyped[17] = mistyped[17] == '1' ? '2' : '1';
    const char *path = file_of(
        "企业.jsonl",
        row("%s{'uscc': '%s', 'name': '甲', 'division_code': '350582', 'products': ['鞋;底', "
            "'面料'], '区域': '陈埭'}\n",
            enterprise(1, ""), mistyped));
    json_t *report = load_path("enterprise", 1, path);
    expect_counts("first", report, 1, 0, 0, 1);
    cr_expect_str_eq(code_of_line(report, 2), "bad_check");
    const char *refused_file = json_string_value(json_object_get(report, "refused_file"));
    g_autofree char *refused = NULL;
    cr_assert(g_file_get_contents(refused_file, &refused, NULL, NULL), "no refused file %s",
              refused_file);
    char **parts = g_strsplit(refused, mistyped, 2);
    cr_assert(parts[1], "the refused file has not the value: %s", refused);
    g_autofree char *mended = g_strconcat(parts[0], uscc(2), parts[1], NULL);
    g_strfreev(parts);
    expect_counts("mended", load_path("enterprise", 1, file_of("mended.csv", mended)), 1, 0, 0,
                  0);
    cr_expect_str_eq(shown_value("enterprise", uscc(2), 1, "products"), "[\"鞋;底\",\"面料\"]");
    cr_expect_str_eq(shown_value("enterprise", uscc(2), 1, "extra"), "{\"区域\":\"陈埭\"}");
    json_t *kept = testdb_rows("SELECT line, \"column\", value, code FROM refused_row");
    cr_assert_eq(json_array_size(kept), 1);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(kept, 0), "value")),
                     mistyped);
    json_decref(kept);
}
