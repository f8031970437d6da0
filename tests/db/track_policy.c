/* Policies: two ship, an ended one shows its last day, and a figure names the version it was made with. */
#include "service/track/print.h"
#include "sql/policy.h"
#include "sql/track.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static json_t *document_of(struct db *db, const char *policy, const char *as_of,
                           const char *today)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) pack = pack_open(NULL, policy, &error);
    cr_assert(pack, "%s", error ? error->message : "");
    struct figures_request request = {.as_of = as_of, .today = today};
    json_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return document;
}

/* The base database of the one agency. */
static const json_t *base_clause(const json_t *document)
{
    const json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++)
        if (g_str_equal(json_string_value(json_object_get(json_array_get(clauses, i), "id")),
                        "4.2"))
            return json_array_get(clauses, i);
    return NULL;
}

Test(policy, the_day_shown_is_the_last_one_once_the_policy_has_ended)
{
    static const struct {
        const char *policy, *as_of, *today, *shown, *day;
        bool ended;
    } rows[] = {
        {NULL, NULL, "2025-12-31", "2025-12-31", "2025-12-31", false},
        {NULL, NULL, "2026-01-01", "2025-12-31", "2025-12-31", true},
        {NULL, NULL, "2024-06-01", "2024-06-01", "2024-06-01", false},
        {NULL, "2026-02-01", "2026-03-01", "2026-02-01", "2025-12-31", true},
        {NULL, "2024-06-01", "2026-03-01", "2024-06-01", "2024-06-01", true},
        {"successor-template", NULL, "2026-03-01", "2026-03-01", "2026-03-01", false},
    };
    struct db *db = trackdb_open();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *document = document_of(db, rows[i].policy, rows[i].as_of, rows[i].today);
        const json_t *clause = base_clause(document);
        cr_expect_str_eq(json_string_value(json_object_get(document, "as_of")), rows[i].shown,
                         "row %zu", i);
        cr_expect_str_eq(json_string_value(json_object_get(clause, "as_of")), rows[i].day,
                         "row %zu", i);
        cr_expect_eq(
            json_is_true(json_object_get(json_object_get(document, "window"), "ended")),
            rows[i].ended, "row %zu", i);
        json_decref(document);
    }
    db_close(db);
}

Test(policy, the_template_says_everywhere_that_it_is_not_in_force)
{
    struct db *db = trackdb_open();
    json_t *document = document_of(db, "successor-template", NULL, "2026-03-01");
    const json_t *clause = base_clause(document);
    g_autofree char *zh = print_figures(document, true, false);
    g_autofree char *en = print_figures(document, false, false);
    cr_expect(json_is_false(json_object_get(document, "in_force")));
    cr_expect(json_is_true(json_object_get(clause, "template")));
    cr_expect(strstr(zh, "模板，未生效"));
    cr_expect(strstr(en, "NOT IN FORCE"));
    cr_expect(json_is_null(json_object_get(json_object_get(document, "window"), "to")));
    json_decref(document);
    document = document_of(db, NULL, NULL, "2026-03-01");
    g_autofree char *ended = print_figures(document, false, false);
    cr_expect(strstr(ended, "THE POLICY HAS ENDED"));
    cr_expect(strstr(ended, "50000000 yuan") == NULL && strstr(ended, "500000.00 yuan"), "%s",
              ended);
    json_decref(document);
    db_close(db);
}

Test(policy, the_thresholds_are_those_of_the_text_in_both_packs)
{
    static const struct {
        const char *metric;
        int threshold;
    } rows[] = {{"patents", 10000},   {"enterprises", 2000}, {"experts", 500},
                {"institutions", 80}, {"needs", 1000},       {"pushes", 300},
                {"deals", 200}};
    static const char *const policies[] = {"jinjiang-2023-6", "successor-template"};
    for (size_t p = 0; p < G_N_ELEMENTS(policies); p++) {
        g_autoptr(pack_t) pack = pack_open(NULL, policies[p], NULL);
        const json_t *clause = pack_clause(pack, "4.2"),
                     *items = json_object_get(clause, "items");
        cr_expect_eq(json_integer_value(json_object_get(clause, "amount_fen")), 50000000);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            const json_t *item = json_array_get(items, i);
            cr_expect_str_eq(json_string_value(json_object_get(item, "metric")),
                             rows[i].metric);
            cr_expect_eq(json_integer_value(json_object_get(item, "threshold")),
                         rows[i].threshold, "%s", rows[i].metric);
        }
    }
}

Test(policy, a_version_that_was_used_is_kept_and_cannot_change)
{
    struct db *db = trackdb_open();
    g_autoptr(GError) error = NULL;
    json_decref(document_of(db, NULL, NULL, "2026-03-01"));
    json_decref(document_of(db, NULL, NULL, "2026-03-01"));
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM policy WHERE policy_id = 'jinjiang-2023-6' AND version = 3"),
        1);
    cr_expect_not(policy_store(db, "jinjiang-2023-6", 3, "{}", "another", &error));
    cr_expect_str_eq(error->message, "policy 'jinjiang-2023-6' version 3 has been used with "
                                     "another text; raise \"version\" in "
                                     "the changed pack");
    db_close(db);
}

Test(policy, a_wrong_pack_is_refused_with_the_path)
{
    static const struct {
        const char *path[4];
        const char *value, *message;
    } rows[] = {
        {{"version"}, "0", "version: expected a whole number above 0"},
        {{"window", "from"}, "\"2023-02-30\"", "window.from: expected a day, as 2023-01-01"},
        {{"window", "to"}, "\"2022-12-31\"", "window.to: lies before window.from"},
        {{"time_zone"},
         "\"Asia/Nowhere\"",
         "time_zone: expected a zone's name, as Asia/Shanghai"},
        {{"in_force"},
         "false",
         "banner: a policy that is not in force must say so, as {zh, en}"},
        {{"operating_procedures", "overrides"},
         "{\"deal_figur\": 1}",
         "operating_procedures.overrides.deal_figur: there is no member of this name here"},
        {{"operating_procedures", "overrides"},
         "{\"deal_figure\": 1}",
         "operating_procedures.overrides.deal_figure: expected strict or literal"},
        {{"clauses"}, "[]", "clauses: expected a list of clauses"},
    };
    g_autoptr(pack_t) pack = pack_open(NULL, "jinjiang-2023-6", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        json_t *root = json_deep_copy(pack->root), *at = root;
        for (size_t p = 0; rows[i].path[p + 1]; p++)
            at = json_object_get(at, rows[i].path[p]);
        json_object_set_new(at, rows[i].path[1] ? rows[i].path[1] : rows[i].path[0],
                            json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        char *text = json_dumps(root, 0);
        g_autofree char *expected = g_strdup_printf("policy pack x.json: %s", rows[i].message);
        cr_expect_null(pack_read(text, "x.json", &error), "%s", rows[i].message);
        cr_expect_str_eq(error ? error->message : "", expected, "%s",
                         error ? error->message : "taken");
        free(text);
        json_decref(root);
    }
}

Test(policy, operating_procedures_go_before_a_choice)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) shipped = pack_open(NULL, "jinjiang-2023-6", NULL);
    json_object_set_new(json_object_get(shipped->root, "operating_procedures"), "overrides",
                        json_pack("{s:s}", "deal_figure", "literal"));
    char *text = json_dumps(shipped->root, 0);
    g_autoptr(pack_t) pack = pack_read(text, "x.json", &error);
    cr_assert(pack, "%s", error ? error->message : "");
    json_t *values = pack_metric_values(pack, pack_clause(pack, "4.2"), NULL);
    cr_expect_str_eq(json_string_value(json_object_get(values, "deal_figure")), "literal");
    free(text);
    json_decref(values);
}

Test(policy, a_moment_is_read_in_the_policys_zone)
{
    static const struct {
        const char *text, *moment; /* NULL: refused */
    } rows[] = {
        {"2025-06-30", "2025-06-30T15:59:59.999999Z"},
        {"2025-06-30T10:00", "2025-06-30T02:00:00.000000Z"},
        {"2025-06-30 10:00:30", "2025-06-30T02:00:30.000000Z"},
        {"2025-06-30T10:00:00Z", "2025-06-30T10:00:00.000000Z"},
        {"2025-06-30T10:00:00+01:00", "2025-06-30T09:00:00.000000Z"},
        {"2025-06-30T02:00:00.123456Z", "2025-06-30T02:00:00.123456Z"},
        {"2025-02-30", NULL},
        {"yesterday", NULL},
        {"", NULL},
    };
    struct db *db = trackdb_open();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *moment = figures_moment(rows[i].text, "Asia/Shanghai", &error);
        g_autofree char *shown = moment ? track_moment(db, moment, &error) : NULL;
        cr_expect_eq(shown == NULL, rows[i].moment == NULL, "%s: %s", rows[i].text,
                     error ? error->message : shown);
        if (shown && rows[i].moment)
            cr_expect_str_eq(shown, rows[i].moment, "%s: %s", rows[i].text, shown);
    }
    db_close(db);
}

Test(policy, every_row_of_the_evidence_is_read_page_by_page_and_adds_up_to_the_figure)
{
    struct db *db = trackdb_open();
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) pack = pack_open(NULL, NULL, &error);
    testdb_sql(
        "SELECT give('need', jsonb_build_object('need_id', i, 'source_id', 'N' || i, 'text', "
        "md5(i::text) || md5((i * 7)::text))) FROM generate_series(1, 2100) i;"
        "SELECT give('decision', jsonb_build_object('kind', 'need', 'key', 'N' || i)) FROM "
        "generate_series(1, 1500) i");
    struct figures_request request = {.today = "2026-03-01"};
    json_t *document = figures_evidence(db, pack, &request, "needs", 0, &error);
    cr_assert(document, "%s", error ? error->message : "");
    const json_t *rows = json_object_get(document, "rows");
    size_t counted = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        counted += json_is_true(json_object_get(row, "counted"));
        cr_expect_eq(json_is_true(json_object_get(row, "counted")),
                     json_is_null(json_object_get(row, "reason")));
    }
    cr_expect_eq(json_array_size(rows), 2100);
    cr_expect_eq(counted, 1500);
    json_decref(document);
    count_figures(db, pack, NULL, NULL);
    expect("all", "JJ01", "needs", "{'value': 1500, 'left_out': {'not_accepted': 600}}");
    cr_expect_null(figures_evidence(db, pack, &request, "loan", 0, &error));
    db_close(db);
}
