/* Which patent a row is about, and that the order of rows does not matter. */
#include "loader/patents.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The record as shown, without ids, moments and provenance, its numbers replaced by APP and PUB. */
static char *portrait(int n, const char *number)
{
    static const char *const unlike[] = {"patent_id",  "provenance",  "batch_id",
                                         "change_seq", "recorded_at", "first_recorded_at",
                                         NULL};
    json_t *record = json_deep_copy(json_object_get(shown("patent", number, 1), "record"));
    for (const char *const *name = unlike; *name; name++)
        json_object_del(record, *name);
    char *text = json_dumps(record, JSON_SORT_KEYS | JSON_INDENT(1));
    json_decref(record);
    GString *out = g_string_new(text);
    free(text);
    g_string_replace(out, app_key(n), "APP", 0);
    for (char letter = 'A'; letter <= 'C'; letter++) {
        g_autofree char *pub = g_strdup_printf("PUB%c", letter);
        g_string_replace(out, pub_number(n, letter), pub, 0);
    }
    char *dot = strstr(out->str, "APP.");
    if (dot)
        dot[4] = '?'; /* the check character follows from the number */
    return g_string_free(out, FALSE);
}

static void load_rows(const char *const *rows, const int *order, int count, bool one_batch)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (int i = 0; i < count; i++) {
        if (one_batch)
            g_string_append(all, rows[order[i]]);
        else
            load("patent", 1, rows[order[i]]);
    }
    if (one_batch)
        load("patent", 1, all->str);
}

static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                 {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

Test(merge_patents, two_publications_in_any_order_end_in_the_same_record)
{
    loading_open();
    loading.held_since = "2024-01-10";
    g_autofree char *first = NULL;
    for (int i = 0; i < 4; i++) {
        int n = i + 1;
        const char *rows[] = {
            row("{'application_number': '%s', 'publication_number': '%s', 'publication_date': "
                "'2018-01-01', 'title': '旧题', "
                "'abstract': '旧摘要', 'claims': '旧权利要求', 'applicants': ['甲'], 'ipc': "
                "['A43B 13/04'], 'legal_status': 'pending', "
                "'legal_status_date': '2018-01-01', '页数': '5', 'invented': true}\n",
                app_number(n), pub_number(n, 'A')),
            row("{'application_number': '%s', 'publication_number': '%s', 'publication_date': "
                "'2020-01-01', 'title': '新题', "
                "'abstract': '新摘要', 'claims': null, 'assignees': ['乙'], 'legal_status': "
                "'granted', 'legal_status_date': '2020-01-01', "
                "'页数': '9'}\n",
                app_number(n), pub_number(n, 'B')),
        };
        load_rows(rows, orders[i & 1 ? 2 : 0], 2, i & 2);
        g_autofree char *text = portrait(n, pub_number(n, 'A'));
        if (!first)
            first = g_steal_pointer(&text);
        else
            cr_expect_str_eq(text, first, "order %d: %s", i, text);
    }
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "title"), "新题");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "claims"), "null");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "applicants"), "[\"甲\"]");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "legal_status"), "granted");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "invented"), "true");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "extra"), "{\"页数\":\"9\"}");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "publication_number"),
                     pub_number(1, 'B'));
    cr_expect_eq(testdb_int("SELECT count(*) FROM patent WHERE merged_into IS NULL"), 4);
}

Test(merge_patents, a_linking_row_makes_one_patent_of_two_in_all_orders)
{
    loading_open();
    loading.held_since = "2024-01-10";
    g_autofree char *first = NULL;
    for (int i = 0; i < 12; i++) {
        int n = i + 1;
        const char *rows[] = {
            row("{'application_number': '%s', 'title': '登记题', 'abstract': '登记摘要', "
                "'assignees': ['今主'], 'region': '晋江', "
                "'legal_status': 'granted', 'legal_status_date': '2020-01-01', '编号': '登记', "
                "'页数': '1', 'source': '登记簿'}\n",
                app_number(n)),
            row("{'publication_number': '%s', 'publication_date': '2018-01-01', 'title': "
                "'公布题', 'applicants': ['原主'], "
                "'assignees': ['原主'], 'claims': '权利要求', 'legal_status': 'pending', "
                "'legal_status_date': '2018-01-01', '页数': '7', "
                "'source': '公布'}\n",
                pub_number(n, 'A')),
            row("{'application_number': '%s', 'publication_number': '%s', 'title': '公布题', "
                "'ipc': ['A43B 13/04']}\n",
                app_number(n), pub_number(n, 'A')),
        };
        load_rows(rows, orders[i % 6], 3, i >= 6);
        cr_expect_eq(testdb_int("SELECT count(*) FROM patent WHERE merged_into IS NULL"), n,
                     "order %d: not one patent", i);
        g_autofree char *text = portrait(n, app_key(n));
        g_autofree char *by_publication = portrait(n, pub_number(n, 'A'));
        cr_expect_str_eq(by_publication, text);
        if (!first)
            first = g_steal_pointer(&text);
        else
            cr_expect_str_eq(text, first, "order %d: %s instead of %s", i, text, first);
    }
    static const char *const expected[][2] = {
        {"title", "公布题"},          {"abstract", "登记摘要"},
        {"claims", "权利要求"},       {"assignees", "[\"今主\"]"},
        {"applicants", "[\"原主\"]"}, {"region", "晋江"},
        {"legal_status", "granted"},  {"legal_status_date", "2020-01-01"},
        {"held_since", "2024-01-10"}, {"extra", "{\"编号\":\"登记\",\"页数\":\"7\"}"},
        {"source", "登记簿"}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        cr_expect_str_eq(shown_value("patent", app_key(1), 1, expected[i][0]), expected[i][1]);
}

Test(merge_patents, leads_and_pushes_follow_a_merge)
{
    loading_open();
    load("enterprise", 1,
         row("{'uscc': '%s', 'name': '岚桥鞋业', 'division_code': '350582'}\n", uscc(1)));
    load("need", 1,
         row("{'source_id': 'N1', 'enterprise_uscc': '%s', 'text': '需要轻质耐磨的鞋底材料', "
             "'valid_from': '2024-01-01'}\n",
             uscc(1)));
    load("patent", 1,
         row("{'application_number': '%s', 'title': '登记题'}\n{'publication_number': '%s', "
             "'title': '公布题'}\n",
             app_number(1), pub_number(1, 'A')));
    load("patent", 2,
         row("{'publication_number': '%s', 'title': '公布题', 'held_since': '2024-02-02'}\n",
             pub_number(1, 'A')));
    testdb_sql(
        sql_text("INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, "
                 "rank, reasons, model, state, change_seq, "
                 "proposed_at) SELECT a.patent_id, n.need_id, 1, 900, .5, .3, 1, '[]', 'm', "
                 "CASE WHEN a.number = '%s' THEN 'pushed' "
                 "ELSE 'proposed' END, 1, '2025-01-01' FROM patent_alias a, need n",
                 pub_number(1, 'A')));
    testdb_sql(
        sql_text("INSERT INTO push (patent_id, push_id, origin_patent_id, need_id, "
                 "agency_id, enterprise_id, score, fit, probability, "
                 "threshold, model, reasons, created_at) SELECT l.patent_id, "
                 "gen_random_uuid(), l.patent_id, l.need_id, 1, "
                 "n.enterprise_id, 900, .5, .3, .1, 'm', '[]', '2025-01-02' FROM lead l JOIN "
                 "need n ON n.need_id = l.need_id "
                 "WHERE l.state = 'pushed'"));
    testdb_sql("INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at) "
               "SELECT patent_id, push_id, 1, 'webhook', "
               "'accepted', '2025-01-03' FROM push");
    testdb_sql("INSERT INTO feedback (patent_id, feedback_id, need_id, agency_id, "
               "enterprise_id, answer, given_by, at) "
               "SELECT patent_id, gen_random_uuid(), need_id, 1, enterprise_id, 'interested', "
               "'王', '2025-01-04' FROM push");
    testdb_sql(
        "INSERT INTO patent_lookup (patent_id, agency_id, enterprise_id, looked_by, at) "
        "SELECT l.patent_id, 1, n.enterprise_id, '王', CASE WHEN l.state = 'pushed' THEN "
        "timestamptz '2025-01-02' ELSE '2025-01-05' END FROM lead l JOIN need n ON "
        "n.need_id = l.need_id");
    expect_counts(
        "the linking row",
        load(
            "patent", 1,
            row("{'application_number': '%s', 'publication_number': '%s', 'title': '公布题'}\n",
                app_number(1), pub_number(1, 'A'))),
        0, 1, 0, 0);
    g_autofree char *kept = g_strdup(
        sql_text("(SELECT patent_id FROM patent_alias WHERE number = '%s' INTERSECT SELECT "
                 "patent_id FROM patent_alias WHERE number = '%s')",
                 app_key(1), pub_number(1, 'A')));
    static const char *const tables[] = {"lead", "push", "push_event", "feedback",
                                         "patent_lookup"};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        cr_expect_eq(testdb_int(sql_text("SELECT count(*) FROM %s", tables[i])), 1,
                     "%s: not one row", tables[i]);
        cr_expect_eq(testdb_int(sql_text("SELECT count(*) FROM %s WHERE patent_id = %s",
                                         tables[i], kept)),
                     1, "%s did not follow", tables[i]);
    }
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead WHERE state = 'pushed'"), 1,
                 "the decision on the merged lead was lost");
    cr_expect_eq(testdb_int("SELECT count(*) FROM push WHERE origin_patent_id <> patent_id"),
                 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM patent_lookup WHERE at = '2025-01-02'"), 1,
                 "the first look-up of the two is lost");
    cr_expect_eq(
        testdb_int(sql_text("SELECT count(*) FROM patent WHERE merged_into = %s", kept)), 1);
    cr_expect_eq(
        testdb_int(sql_text("SELECT count(*) FROM patent_holding WHERE patent_id = %s AND "
                            "superseded_at IS NULL",
                            kept)),
        2, "not both agencies hold it");
    cr_expect_str_eq(shown_value("patent", app_key(1), 2, "held_since"), "2024-02-02");
}

Test(merge_patents, a_publication_of_another_application_is_refused)
{
    loading_open();
    for (int one_batch = 0; one_batch < 2; one_batch++) {
        int n = 10 * one_batch;
        const char *rows[] = {
            row("{'application_number': '%s', 'publication_number': '%s', 'title': '甲'}\n",
                app_number(n + 1), pub_number(n + 1, 'A')),
            row("{'application_number': '%s', 'publication_number': '%s', 'title': '乙'}\n",
                app_number(n + 2), pub_number(n + 1, 'A'))};
        json_t *report = one_batch ? load("patent", 1, row("%s%s", rows[0], rows[1]))
                                   : (load("patent", 1, rows[0]), load("patent", 1, rows[1]));
        expect_counts("another application", report, one_batch, 0, 0, 1);
        cr_expect_str_eq(code_of_line(report, one_batch + 1), "duplicate_conflict");
        cr_expect(strstr(reason_of_line(report, one_batch + 1), app_key(n + 1)));
        cr_expect_str_eq(shown_value("patent", pub_number(n + 1, 'A'), 1, "title"), "甲");
    }
}

Test(merge_patents, a_number_whose_id_is_taken_is_hashed_again)
{
    loading_open();
    testdb_sql(sql_text("INSERT INTO patent (patent_id, application_number, title, change_seq, "
                        "first_recorded_at, recorded_at) "
                        "VALUES (%" G_GINT64_FORMAT
                        ", '%s', '别的', 1, '2024-01-01', '2024-01-01')",
                        patent_id_of(app_key(1), 0), app_number(99)));
    testdb_sql(sql_text("INSERT INTO patent_alias VALUES ('%s', %" G_GINT64_FORMAT
                        ", '2024-01-01')",
                        app_key(99), patent_id_of(app_key(1), 0)));
    const char *text = row("{'application_number': '%s', 'title': '鞋底'}\n", app_number(1));
    expect_counts("collision", load("patent", 1, text), 1, 0, 0, 0);
    expect_counts("again", load("patent", 1, text), 0, 0, 1, 0);
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "title"), "鞋底");
    cr_expect_str_eq(shown_value("patent", app_key(99), 1, "title"), "别的");
    cr_expect_eq(
        testdb_int(sql_text("SELECT count(*) FROM patent_alias WHERE number = '%s' AND "
                            "patent_id = %" G_GINT64_FORMAT,
                            app_key(1), patent_id_of(app_key(1), PATENT_SALT))),
        1);
}

Test(merge_patents, a_row_without_a_title_updates_a_known_patent_and_is_missing_one_else)
{
    loading_open();
    const char *bare = row("{'application_number': '%s', 'abstract': '轻质'}\n", app_number(1));
    json_t *report = load("patent", 1, bare);
    expect_counts("unknown", report, 0, 0, 0, 1);
    cr_expect_str_eq(code_of_line(report, 1), "missing");
    const char *titled = row("{'application_number': '%s', 'title': '鞋底'}\n", app_number(1));
    expect_counts("known by the row before",
                  load("patent", 1, row("%s%s%s", bare, titled, bare)), 1, 1, 0, 1);
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "abstract"), "轻质");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "title"), "鞋底");
}

Test(merge_patents, two_patents_that_claim_one_application_are_refused_not_a_crash)
{
    loading_open();
    load("patent", 1,
         row("{'application_number': '%s', 'publication_number': '%s', 'title': "
             "'甲'}\n{'publication_number': '%s', 'title': "
             "'丙'}\n",
             app_number(1), pub_number(1, 'A'), pub_number(3, 'A')));
    /* the application number is taken back, and another said: both now lead to the first */
    load("patent", 1,
         row("{'publication_number': '%s', 'application_number': null}\n", pub_number(1, 'A')));
    load("patent", 1,
         row("{'publication_number': '%s', 'application_number': '%s'}\n", pub_number(1, 'A'),
             app_number(2)));
    json_t *report = load("patent", 1,
                          row("{'publication_number': '%s', 'application_number': '%s'}\n",
                              pub_number(3, 'A'), app_number(1)));
    expect_counts("a number of two applications", report, 0, 0, 0, 1);
    cr_expect_str_eq(code_of_line(report, 1), "duplicate_conflict");
}
