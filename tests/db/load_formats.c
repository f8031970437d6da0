/* Workbooks from the file to the database and back to the person who mends them; mappings and the classification that a load goes
 * by; a batch taken back. */
#include "loader/load.h"
#include "loader/review.h"
#include "loader/scheme.h"
#include "sql/ledger.h"
#include "sql/saved_mapping.h"
#include "sql/undo.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>
#include <xlsxwriter.h>

static struct db *db;

/* A workbook of sheets; each is a name, then rows of cells parted by |, ended by NULL. */
static const char *book_of(const char *name, const char *const *sheets)
{
    const char *path = file_of(name, "");
    lxw_workbook *book = workbook_new(path);
    for (; *sheets; sheets++) {
        lxw_worksheet *sheet = workbook_add_worksheet(book, *sheets++);
        for (lxw_row_t r = 0; *sheets; sheets++, r++) {
            g_auto(GStrv) cells = g_strsplit(*sheets, "|", -1);
            for (int c = 0; cells[c]; c++)
                worksheet_write_string(sheet, r, (lxw_col_t)c, cells[c], NULL);
        }
    }
    cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
    return path;
}

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

Test(load_formats, refused_rows_of_a_workbook_come_back_as_one_and_are_loaded_once_mended)
{
    loading_open();
    const char *const sheets[] = {
        "一季度", "申请号|标题", row("%s|鞋底", app_number(1)), "202110000101.8|面料", NULL,
        "二季度", "标题|申请号", row("鞋带|%s", app_number(2)), "鞋楦|202120000202.2", NULL,
        NULL};
    json_t *report = load_path("patent", 1, book_of("专利.xlsx", sheets));
    expect_counts("the workbook", report, 2, 0, 0, 2);
    const char *refused = text_at(report, "refused_file");
    cr_assert(g_str_has_suffix(refused, "专利.xlsx.refused.xlsx"), "%s", refused);
    json_t *first = json_array_get(json_object_get(report, "refusals"), 1);
    cr_expect_str_eq(text_at(first, "sheet"), "二季度");
    cr_expect_eq(json_integer_value(json_object_get(first, "line")), 3);
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row WHERE sheet IS NOT NULL"), 2);
    expect_counts("as it was given back", load_path("patent", 1, refused), 0, 0, 0, 2);
    expect_counts("the workbook again", load_path("patent", 1, book_of("专利.xlsx", sheets)), 0,
                  0, 2, 2);
}

Test(load_formats, a_workbook_that_was_cut_short_by_a_kill_goes_on_in_its_second_sheet)
{
    loading_open();
    GPtrArray *sheets = g_ptr_array_new();
    g_ptr_array_add(sheets, (gpointer)(guintptr) "一");
    g_ptr_array_add(sheets, (gpointer)(guintptr) "申请号|标题");
    for (int i = 0; i < LOAD_CHUNK_ROWS + 5; i++)
        g_ptr_array_add(sheets, (gpointer)(guintptr)row("%s|鞋底%d", app_number(i), i));
    g_ptr_array_add(sheets, NULL);
    g_ptr_array_add(sheets, (gpointer)(guintptr) "二");
    g_ptr_array_add(sheets, (gpointer)(guintptr) "申请号|标题");
    g_ptr_array_add(sheets, (gpointer)(guintptr)row("%s|面料", app_number(900000)));
    g_ptr_array_add(sheets, NULL);
    g_ptr_array_add(sheets, NULL);
    const char *path = book_of("两张.xlsx", (const char *const *)sheets->pdata);
    expect_counts("whole", load_path("patent", 1, path), LOAD_CHUNK_ROWS + 6, 0, 0, 0);
    /* as a kill between the two chunks would have left it */
    testdb_sql(sql_text(
        "UPDATE load_batch SET finished_at = NULL, last_line = %d, read = %d, new = %d",
        LOAD_CHUNK_ROWS + 1, LOAD_CHUNK_ROWS, LOAD_CHUNK_ROWS));
    expect_counts("gone on with", load_path("patent", 1, path), LOAD_CHUNK_ROWS, 0, 6, 0);
    g_ptr_array_free(sheets, TRUE);
}

static json_t *load_with(const char *path, const GPtrArray *saved)
{
    g_autoptr(GError) error = NULL;
    struct load_options options = {
        .kind = kind_find("patent"), .agency_id = 1, .today = "2025-06-30", .saved = saved};
    json_t *report = NULL;
    cr_assert(load_file(db, path, &options, &report, &error), "%s",
              error ? error->message : "");
    return report;
}

Test(load_formats, a_kept_mapping_is_found_again_by_the_header_of_a_file)
{
    g_autoptr(GError) error = NULL;
    db = loading_open();
    const char *json = "{\"kind\": \"patent\", \"columns\": {\"编码\": \"application_number\", "
                       "\"品名\": \"title\"}}";
    const struct saved_mapping_row kept = {1, "patent", "某库导出", "编码\n品名\n", json};
    cr_assert(db_begin(db, DB_SERVICE, 1, &error));
    g_autofree char *now = db_clock(db, &error);
    cr_assert(saved_mapping_save(db, &kept, now, &error) && db_commit(db, &error), "%s",
              error ? error->message : "");
    cr_assert(db_begin(db, DB_SERVICE, 1, &error));
    json_t *rows = saved_mapping_list(db, 1, "patent", &error);
    db_rollback(db);
    cr_assert_eq(json_array_size(rows), 1);
    struct saved_mapping saved = {
        .name = (char *)(guintptr) "某库导出",
        .header_key = g_strdup(text_at(json_array_get(rows, 0), "header_key")),
        .mapping = mapping_parse("x", json, strlen(json), kind_find("patent"), &error)};
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_ptr_array_add(all, &saved);
    const char *path =
        file_of("导出.csv", row("某库导出清单,\n编 码,品名（中文）\n%s,鞋底\n", app_number(1)));
    json_t *report = load_with(path, all);
    cr_expect_str_eq(text_at(report, "mapping"), "某库导出");
    cr_expect_eq(json_integer_value(json_object_get(report, "new")), 1);
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "title"), "鞋底");
    json_decref(report);
    json_decref(rows);
    mapping_free(saved.mapping);
    g_free(saved.header_key);
}

/* ---- the classification */

static void load_scheme(const char *text, int new, int changed, int same, int refused)
{
    g_autoptr(GError) error = NULL;
    json_t *report = NULL;
    cr_assert(scheme_load(db, file_of("ipc.tsv", text), false, &report, &error), "%s",
              error ? error->message : "");
    expect_counts("the classification", report, new, changed, same, refused);
    json_decref(report);
}

Test(load_formats, symbols_of_older_editions_are_led_to_what_lives_of_them)
{
    db = loading_open();
    const char *scheme =
        "symbol\tlevel\tmain_group_or_parent\tparent_by_cpc_dots\ttitle_zh\n"
        "A\tsection\t\t\t人类生活必需\nA43\tclass\tA\t\t鞋类\nA43B\tsubclass\tA43\t\t鞋\n"
        "A43B13/00\tgroup\tA43B\t\t鞋底\nA43B13/02\tgroup\tA43B13/00\t\t按材料\n"
        "A43B13/04\tgroup\tA43B13/00\tA43B13/02\t塑料\nA43B13/04\tgroup\t\t\t重复\n";
    load_scheme(scheme, 6, 0, 0, 1);
    load_scheme(scheme, 0, 0, 6, 1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM ipc_symbol WHERE symbol = 'A43B13/04' AND "
                            "parent = 'A43B13/02'"),
                 1);
    load("patent", 1,
         row("{'application_number': '%s', 'title': '鞋底', 'ipc': ['A43B13/04', 'A43B13/99', "
             "'A43B99/01', 'H01L27/02']}\n",
             app_number(1)));
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "ipc"),
                     "[\"A43B13/04\",\"A43B13/99\",\"A43B99/01\",\"H01L27/02\"]");
    json_t *extra = testdb_rows("SELECT extra FROM patent_holding");
    char *said = json_dumps(
        json_object_get(json_object_get(json_array_get(extra, 0), "extra"), "ipc_now"),
        JSON_SORT_KEYS | JSON_COMPACT);
    cr_expect_str_eq(said, "{\"A43B13/99\":\"A43B13\",\"A43B99/01\":\"A43B\"}");
    free(said);
    json_decref(extra);
}

/* ---- a batch taken back */

static int64_t batch_of(const json_t *report)
{
    return json_integer_value(json_object_get(report, "batch"));
}

static json_t *undo(int64_t batch)
{
    g_autoptr(GError) error = NULL;
    json_t *report = undo_batch(db, batch, 1, "测试员", &error);
    cr_assert(report, "%s", error ? error->message : "");
    return report;
}

static void expect_undone(const char *what, json_t *report, int withdrawn, int restored,
                          int kept)
{
    char *text = json_dumps(report, JSON_COMPACT);
    cr_expect(json_integer_value(json_object_get(report, "withdrawn")) == withdrawn &&
                  json_integer_value(json_object_get(report, "restored")) == restored &&
                  json_integer_value(json_object_get(report, "kept")) == kept,
              "%s: %s", what, text);
    free(text);
    json_decref(report);
}

static const char *need_row(int n, const char *text)
{
    return row("{'source_id': 'XQ-%d', 'enterprise_uscc': '%s', 'text': '%s', 'valid_from': "
               "'2025-01-01'}\n",
               n, uscc(1), text);
}

static void load_enterprise(void)
{
    load("enterprise", 1,
         row("{'uscc': '%s', 'name': '甲鞋业', 'division_code': '350582'}\n", uscc(1)));
}

Test(load_formats, facts_of_a_batch_are_withdrawn_or_get_their_earlier_content_back)
{
    db = loading_open();
    load_enterprise();
    load("need", 1, need_row(1, "寻求轻质材料"));
    json_t *second =
        load("need", 1, row("%s%s", need_row(1, "寻求耐磨材料"), need_row(2, "寻求设备")));
    expect_counts("the second batch", second, 1, 1, 0, 0);
    expect_undone("taken back", undo(batch_of(second)), 1, 1, 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM need"), 1);
    cr_expect_str_eq(shown_value("need", "XQ-1", 1, "text"), "寻求轻质材料");
    cr_expect_eq(
        testdb_int("SELECT count(*) FROM fact_version WHERE record ->> 'source_id' = 'XQ-2'"),
        1, "what was withdrawn is kept");
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM need_at((SELECT min(recorded_at) FROM fact_version WHERE "
            "record ->> 'source_id' = 'XQ-2'))"),
        2, "what was known before can still be read");
    json_t *again =
        load("need", 1, row("%s%s", need_row(1, "寻求耐磨材料"), need_row(2, "寻求设备")));
    expect_counts("loaded again", again, 1, 1, 0, 0);
}

Test(load_formats, a_batch_is_taken_back_once_and_by_its_agency)
{
    g_autoptr(GError) error = NULL;
    db = loading_open();
    load_enterprise();
    int64_t batch = batch_of(load("need", 1, need_row(1, "寻求轻质材料")));
    cr_expect_null(undo_batch(db, batch, 2, "测试员", &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_NOT_FOUND));
    g_clear_error(&error);
    expect_undone("once", undo(batch), 1, 0, 0);
    cr_expect_null(undo_batch(db, batch, 1, "测试员", &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_STATE));
}

Test(load_formats, what_something_was_built_on_is_kept_and_named)
{
    db = loading_open();
    load_enterprise();
    json_t *first =
        load("need", 1, row("%s%s", need_row(1, "寻求轻质材料"), need_row(2, "寻求设备")));
    load("need", 1, need_row(1, "寻求更轻的材料"));
    testdb_sql(
        "INSERT INTO decision (agency_id, kind, key, verdict, decided_by, os_user, reason, "
        "effective, decided_at) "
        "SELECT 1, 'need', d.key, 'accept', '官', 'u', 'r', '2025-06-30', clock_timestamp() "
        "FROM decidable('need', 1) d WHERE d.key LIKE '%2%'");
    json_t *report = undo(batch_of(first));
    json_t *kept = json_object_get(report, "records");
    cr_expect_eq(json_array_size(kept), 2);
    cr_expect(strstr(text_at(json_array_get(kept, 0), "why"), "changed since by batch"), "%s",
              text_at(json_array_get(kept, 0), "why"));
    cr_expect(strstr(text_at(json_array_get(kept, 1), "why"), "an official decided on it"),
              "%s", text_at(json_array_get(kept, 1), "why"));
    expect_undone("kept", report, 0, 0, 2);
    cr_expect_eq(testdb_int("SELECT count(*) FROM need"), 2);
}

Test(load_formats, holdings_end_and_what_a_batch_changed_in_a_register_is_as_before)
{
    db = loading_open();
    load("patent", 1,
         row("{'application_number': '%s', 'title': '鞋底', 'legal_status': 'granted', "
             "'legal_status_date': '2024-01-01'}\n",
             app_number(1)));
    json_t *second =
        load("patent", 1,
             row("{'application_number': '%s', 'title': '鞋底二', 'legal_status': 'lapsed', "
                 "'legal_status_date': '2025-01-01', '备注': 'x'}\n"
                 "{'application_number': '%s', 'title': '面料'}\n",
                 app_number(1), app_number(2)));
    expect_counts("the second batch", second, 1, 1, 0, 0);
    expect_undone("taken back", undo(batch_of(second)), 1, 1, 0);
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "title"), "鞋底");
    cr_expect_str_eq(shown_value("patent", app_key(1), 1, "legal_status"), "granted");
    cr_expect_eq(testdb_int("SELECT count(*) FROM patent_holding WHERE superseded_at IS NULL"),
                 1);
    json_t *enterprises =
        load("enterprise", 1,
             row("{'uscc': '%s', 'name': '乙鞋业', 'division_code': '350582'}\n", uscc(2)));
    expect_undone("an enterprise", undo(batch_of(enterprises)), 1, 0, 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM record_holding WHERE superseded_at IS NULL"),
                 0);
}

Test(load_formats, the_ledger_stands_after_a_batch_was_taken_back)
{
    g_autoptr(GError) error = NULL;
    db = loading_open();
    load_enterprise();
    load("need", 1, need_row(1, "寻求轻质材料"));
    json_decref(
        undo(batch_of(load("need", 1, row("%s%s", need_row(1, "改"), need_row(2, "新"))))));
    json_decref(undo(batch_of(load(
        "patent", 1, row("{'application_number': '%s', 'title': '鞋底'}\n", app_number(1))))));
    cr_assert(db_begin(db, DB_ACROSS, 0, &error));
    json_t *found = ledger_first_altered(db, &error);
    db_rollback(db);
    cr_assert(found, "%s", error ? error->message : "");
    char *text = json_dumps(found, JSON_ENCODE_ANY);
    /* the agencies were put there without an entry, which is said last */
    cr_expect_str_eq(text_at(found, "source"), "agency", "%s", text);
    free(text);
    json_decref(found);
}

/* ---- the same organisation, or another? */

static const char *only_proposal(const struct review *review, int expected)
{
    static char ids[8][64]; /* the last eight stay */
    static int next;
    char *id = ids[next++ % 8];
    g_autoptr(GError) error = NULL;
    json_t *list = review_list(review, false, &error);
    cr_assert(list, "%s", error ? error->message : "");
    cr_assert_eq((int)json_array_size(list), expected, "%zu proposals", json_array_size(list));
    g_strlcpy(id, expected ? text_at(json_array_get(list, 0), "id") : "", 64);
    json_decref(list);
    return id;
}

Test(load_formats, a_row_without_a_credit_code_is_never_merged_by_its_name_alone)
{
    g_autoptr(GError) error = NULL;
    db = loading_open();
    const struct review review = {db, 1, "2025-06-30", "测试员"};
    load(
        "enterprise", 1,
        row("{'uscc': '%s', 'name': '晋江甲鞋业（福建）有限公司', 'division_code': '350582'}\n",
            uscc(1)));
    const char *list = file_of("名单.csv", "企业名称,统一社会信用代码,行政区划代码,所属行业\n"
                                           "晋江甲鞋业(福建)有限公司,,350582,制鞋业\n"
                                           "无人知道的公司,,350582,制鞋业\n"
                                           "晋江甲鞋业(福建)有限公司,,,制鞋业\n");
    expect_counts("the list", load_path("enterprise", 1, list), 0, 0, 0, 3);
    const char *id = only_proposal(&review, 1);
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "industry"), "null");
    json_t *report = review_accept(&review, id, NULL, &error);
    cr_assert(report, "%s", error ? error->message : "");
    cr_expect_eq(json_integer_value(json_object_get(report, "changed")), 1);
    json_decref(report);
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "industry"), "制鞋业");
    cr_expect_eq(testdb_int("SELECT count(*) FROM enterprise"), 1);
    only_proposal(&review, 0);
    cr_assert(review_undo(&review, id, &error), "%s", error ? error->message : "");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "industry"), "null");
    cr_assert(review_reject(&review, only_proposal(&review, 1), &error), "%s",
              error ? error->message : "");
    only_proposal(&review, 0);
    expect_counts("the list again", load_path("enterprise", 1, list), 0, 0, 0, 3);
    only_proposal(&review, 0); /* what was said of the row holds for another load of it */
}

Test(load_formats, where_two_organisations_have_the_name_a_person_says_which)
{
    g_autoptr(GError) error = NULL;
    db = loading_open();
    const struct review review = {db, 1, "2025-06-30", "测试员"};
    for (int i = 1; i < 3; i++)
        load("enterprise", 1,
             row("{'uscc': '%s', 'name': '同名鞋业', 'division_code': '350582'}\n", uscc(i)));
    load("enterprise", 1,
         "{'name': '同名鞋业', 'division_code': '350582', 'industry': '制鞋业'}\n");
    const char *id = only_proposal(&review, 1);
    cr_expect_null(review_accept(&review, id, NULL, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_STATE));
    g_clear_error(&error);
    cr_expect_null(review_accept(&review, id, uscc(3), &error));
    g_clear_error(&error);
    json_t *report = review_accept(&review, id, uscc(2), &error);
    cr_assert(report, "%s", error ? error->message : "");
    json_decref(report);
    cr_expect_str_eq(shown_value("enterprise", uscc(2), 1, "industry"), "制鞋业");
    cr_expect_str_eq(shown_value("enterprise", uscc(1), 1, "industry"), "null");
}
