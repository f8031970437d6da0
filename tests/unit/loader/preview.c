#include "loader/preview.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static json_t *preview_of(const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("patbridge-preview-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    const struct plan plan = {.kind = kind_find("patent"), .today = "2025-06-30"};
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    json_t *out = preview_file(path, &plan, PREVIEW_ROWS, false, &error);
    cr_assert(out, "%s", error ? error->message : "");
    g_remove(path);
    g_rmdir(folder);
    return out;
}

static const char *text_at(const json_t *list, size_t place, const char *name)
{
    const char *text = json_string_value(json_object_get(json_array_get(list, place), name));
    return text ? text : "";
}

Test(preview, columns_are_shown_with_what_they_are_read_as)
{
    json_t *preview = preview_of("a.csv", "申请号,意向价格（万元）,内部备注,_说明\n"
                                          "202110000101.9,12.5,x,y\n");
    const json_t *columns = json_object_get(preview, "columns");
    cr_expect_eq(json_array_size(columns), 4);
    cr_expect_str_eq(text_at(columns, 0, "field"), "application_number");
    cr_expect_str_eq(text_at(columns, 1, "field"), "offer.price_fen");
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(columns, 1), "unit_fen")),
                 1000000);
    cr_expect(json_is_null(json_object_get(json_array_get(columns, 2), "field")));
    cr_expect(json_is_true(json_object_get(json_array_get(columns, 3), "ignored")));
    cr_expect_str_eq(
        json_string_value(json_array_get(json_object_get(preview, "unrecognised"), 0)),
        "内部备注");
    json_decref(preview);
}

/* What the interface calls extra is no column of the file; what stands in it is kept. */
Test(preview, extra_is_not_said_to_be_unknown)
{
    json_t *preview =
        preview_of("a.jsonl", "{\"申请号\": \"202110000101.9\", \"标题\": \"鞋底\", "
                              "\"extra\": {\"备注\": \"x\"}}\n");
    const json_t *record =
        json_object_get(json_array_get(json_object_get(preview, "records"), 0), "record");
    cr_expect_eq(json_array_size(json_object_get(preview, "columns")), 2);
    cr_expect_eq(json_array_size(json_object_get(preview, "unrecognised")), 0);
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(record, "extra"), "备注")), "x");
    json_decref(preview);
}

Test(preview, records_stand_as_they_would_be_stored_and_refusals_beside_them)
{
    json_t *preview =
        preview_of("a.jsonl", "{\"申请号\": \"ZL 2021 1 0000101.9\", \"标题\": \"鞋底\"}\n"
                              "{\"申请号\": \"202110000101.8\", \"标题\": \"面料\"}\n");
    const json_t *records = json_object_get(preview, "records");
    const json_t *record = json_object_get(json_array_get(records, 0), "record");
    cr_assert_eq(json_array_size(records), 1);
    cr_expect_str_eq(json_string_value(json_object_get(record, "application_number")),
                     "CN202110000101.9");
    cr_expect_str_eq(text_at(json_object_get(preview, "refusals"), 0, "code"), "bad_check");
    cr_expect_str_eq(json_string_value(json_object_get(preview, "format")), "json_lines");
    json_decref(preview);
}

Test(preview, twenty_rows_are_read_of_a_file_of_any_length)
{
    g_autoptr(GString) text = g_string_new("申请号,标题\n");
    for (int i = 0; i < 500; i++)
        g_string_append_printf(text, "202110000101.9,鞋底%d\n", i);
    json_t *preview = preview_of("a.csv", text->str);
    cr_expect_eq(json_array_size(json_object_get(preview, "records")), PREVIEW_ROWS);
    json_decref(preview);
}

/* For somebody who has to say what they are. */
Test(preview, a_table_of_which_no_column_is_known_is_shown_with_its_names_and_a_value_of_each)
{
    json_t *preview = preview_of("a.csv", "导出清单,,\n"
                                          "bill,who,howmuch\n"
                                          "FP-1,,12\n"
                                          "FP-2,甲,13\n");
    const json_t *columns = json_object_get(preview, "columns");
    cr_assert_eq(json_array_size(columns), 3);
    cr_expect_str_eq(text_at(columns, 0, "header"), "bill");
    cr_expect_str_eq(text_at(columns, 0, "sample"), "FP-1");
    cr_expect_str_eq(text_at(columns, 1, "sample"), "甲", "the first that is not empty");
    cr_expect(json_is_null(json_object_get(json_array_get(columns, 2), "field")));
    cr_expect_eq(json_array_size(json_object_get(preview, "unrecognised")), 3);
    cr_expect_eq(json_array_size(json_object_get(preview, "records")), 0);
    cr_expect_eq(json_array_size(json_object_get(preview, "refusals")), 2);
    json_decref(preview);
}
