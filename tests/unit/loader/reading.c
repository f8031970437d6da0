#include "loader/record.h"
#include "tests/unit/loader/case.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

/* A file in a folder of its own, gone with it. */
struct scratch {
    char *folder, *path;
};

static struct scratch given_file(const char *name, const char *text, gssize len)
{
    struct scratch scratch = {.folder = g_dir_make_tmp("patbridge-reading-XXXXXX", NULL)};
    scratch.path = g_build_filename(scratch.folder, name, NULL);
    cr_assert(g_file_set_contents(scratch.path, text, len, NULL));
    return scratch;
}

static void scratch_remove(struct scratch *scratch)
{
    g_remove(scratch->path);
    g_rmdir(scratch->folder);
    g_free(scratch->path);
    g_free(scratch->folder);
}

/* All records of a file, and what was refused, as one JSON object: {"fields": [...], "refused": [...]}. */
static json_t *read_all(const char *path, const char *kind, const char *refused)
{
    struct plan plan = {.kind = kind_find(kind), .today = CASE_TODAY};
    struct refusal refusal = {0};
    struct record record;
    struct raw_row row;
    enum reader_step step;
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = reader_open(path, &plan, &error);
    cr_assert(reader, "%s", error ? error->message : "");
    struct refusal_writer *writer = refused ? refusal_writer_new(refused, reader, false) : NULL;
    json_t *out = json_pack("{s:[], s:[]}", "fields", "refused");
    while ((step = reader_next(reader, &row, &refusal, &error)) == READER_ROW ||
           step == READER_BAD_ROW) {
        if (step == READER_ROW && record_read(reader, &row, &record, &refusal)) {
            json_array_append(json_object_get(out, "fields"), record.fields);
            record_clear(&record);
            continue;
        }
        json_array_append_new(json_object_get(out, "refused"), json_string(refusal.reason_en));
        cr_assert(!writer || refusal_writer_add(writer, &row, &refusal, &error));
    }
    cr_assert_eq(step, READER_END);
    cr_assert(!writer || refusal_writer_close(writer, &error));
    refusal_clear(&refusal);
    return out;
}

static size_t count_of(const json_t *all, const char *what)
{
    return json_array_size(json_object_get(all, what));
}

Test(refused_file, mended_it_loads_again)
{
    static const char text[] = "申请号,标题,申请日,备注\n"
                               "201710027729.1,\"交易, 处理\",2017-01-16,一\n"
                               "201710027729.2,\"两行\n标题\",2017-01-16,二\n"
                               "201080056811.3,丙,2017-02-30,\"引\"\"号\"\n";
    struct scratch input = given_file("出.csv", text, -1);
    g_autofree char *refused = g_strconcat(input.path, ".refused.csv", NULL);
    json_t *first = read_all(input.path, "patent", refused);
    cr_assert_eq(count_of(first, "refused"), 2);
    g_autofree char *given = NULL;
    cr_assert(g_file_get_contents(refused, &given, NULL, NULL));
    cr_assert(
        g_str_has_prefix(
            given, "\xef\xbb\xbf\"申请号\",\"标题\",\"申请日\",\"备注\",\"_line\",\"_column\""),
        "%s", given);
    json_t *again = read_all(refused, "patent", NULL);
    cr_assert(json_equal(json_object_get(first, "refused"), json_object_get(again, "refused")),
              "the same reasons");
    GString *mended = g_string_new(given);
    g_string_replace(mended, "201710027729.2", "201710027729.1", 1);
    g_string_replace(mended, "2017-02-30", "2017-02-28", 1);
    struct scratch second = given_file("mended.csv", mended->str, (gssize)mended->len);
    json_t *loaded = read_all(second.path, "patent", NULL);
    cr_assert_eq(count_of(loaded, "fields"), 2);
    json_t *record = json_array_get(json_object_get(loaded, "fields"), 0);
    cr_expect_str_eq(json_string_value(json_object_get(record, "title")), "两行\n标题");
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(record, "extra"), "备注")), "二");
    g_remove(refused);
    scratch_remove(&input);
    scratch_remove(&second);
    g_string_free(mended, TRUE);
    json_decref(first);
    json_decref(again);
    json_decref(loaded);
}

Test(refused_file, of_json_lines_is_a_table_whose_lists_and_objects_read_back)
{
    static const char text[] =
        "{\"uscc\": \"91350582000000019X\", \"name\": \"甲\", \"division_code\": \"350582\", "
        "\"products\": [\"鞋;底\", \"面料\"],"
        " \"contacts\": [{\"name\": \"张三\", \"phone\": \"0595-1\"}], \"push\": "
        "{\"channels\": [\"wecom\"], \"weekly_limit\": 3}}\n"
        "{\"torn\n";
    struct scratch input = given_file("in.jsonl", text, -1);
    g_autofree char *refused = g_strconcat(input.path, ".refused.csv", NULL);
    json_t *first = read_all(input.path, "enterprise", refused);
    cr_assert_eq(count_of(first, "refused"), 2);
    g_autofree char *given = NULL;
    cr_assert(g_file_get_contents(refused, &given, NULL, NULL));
    GString *mended = g_string_new(given);
    g_string_replace(mended, "91350582000000019X", "91350582000000019U", 1);
    struct scratch second = given_file("mended.csv", mended->str, (gssize)mended->len);
    json_t *loaded = read_all(second.path, "enterprise", NULL);
    json_t *record = json_array_get(json_object_get(loaded, "fields"), 0);
    json_t *contact = json_array_get(json_object_get(record, "contacts"), 0);
    cr_assert(record, "%s", mended->str);
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(record, "products"), 0)),
                     "鞋;底");
    cr_expect_str_eq(json_string_value(json_object_get(contact, "phone")), "0595-1");
    cr_expect_eq(
        json_integer_value(json_object_get(json_object_get(record, "push"), "weekly_limit")),
        3);
    g_remove(refused);
    scratch_remove(&input);
    scratch_remove(&second);
    g_string_free(mended, TRUE);
    json_decref(first);
    json_decref(loaded);
}

Test(contract, rows_that_differ_only_in_the_right_are_joined)
{
    static const char text[] =
        "合同编号,交易方式,专利号,转让方,受让方,成交金额（元）,合同签订日期\n"
        "HT-1,转让,201710027729.1,甲公司,乙公司,1000,2025-01-02\n"
        "HT-1,转让,201080056811.3,甲公司,乙公司,1000,2025-01-02\n"
        "HT-1,转让,201310699744.2,甲公司,乙公司,2000,2025-01-02\n";
    struct scratch input = given_file("deals.csv", text, -1);
    json_t *all = read_all(input.path, "deal", NULL), *fields = json_object_get(all, "fields");
    cr_assert_eq(json_array_size(fields), 3);
    struct record a = {.kind = kind_find("deal"), .fields = json_array_get(fields, 0)};
    struct record b = {.kind = a.kind, .fields = json_array_get(fields, 1)};
    struct record c = {.kind = a.kind, .fields = json_array_get(fields, 2)};
    const char *field = NULL;
    cr_assert(record_merge_rights(&a, &b, &field), "%s", field);
    cr_assert_eq(json_array_size(json_object_get(a.fields, "rights")), 2);
    cr_assert(!record_merge_rights(&a, &c, &field));
    cr_assert_str_eq(field, "amount_fen");
    json_decref(all);
    scratch_remove(&input);
}

/* ---- what is written reads back ---- */

static const char *const pieces[] = {"鞋底",      "a\"b", "x,y", "两行\n文字", "—",
                                     "tab\there", "𠮷",   "50%", "'",          "=1+1"};

static char *random_text(GRand *rand)
{
    GString *out = g_string_new("字");
    for (int i = g_rand_int_range(rand, 0, 6); i > 0; i--)
        g_string_append(out, pieces[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(pieces))]);
    g_string_append(out, "尾");
    return g_string_free(out, FALSE);
}

static json_t *random_need(GRand *rand, int n)
{
    g_autofree char *id = g_strdup_printf("XQ-%d", n);
    g_autofree char *text = random_text(rand);
    g_autofree char *contact = random_text(rand);
    g_autofree char *day = g_strdup_printf("2025-%02d-%02d", g_rand_int_range(rand, 1, 13),
                                           g_rand_int_range(rand, 1, 29));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:[s,s], s:b}", "source_id", id,
                     "enterprise_uscc", "91350582000000019U", "text", text, "contact", contact,
                     "valid_from", day, "budget_fen",
                     (json_int_t)g_rand_int_range(rand, 0, G_MAXINT32), "cooperation",
                     "assignment", "licence", "invented", 1);
}

static void append_cell(GString *out, const char *text, const char *end)
{
    g_autofree char *copy = g_strdup(text);
    GString *doubled = g_string_new(copy);
    g_string_replace(doubled, "\"", "\"\"", 0);
    g_string_append_printf(out, "\"%s\"%s", doubled->str, end);
    g_string_free(doubled, TRUE);
}

static void append_csv(GString *out, json_t *need)
{
    static const char *const names[] = {"source_id", "enterprise_uscc", "text", "contact",
                                        "valid_from"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        append_cell(out, json_string_value(json_object_get(need, names[i])), ",");
    g_string_append_printf(out, "%" JSON_INTEGER_FORMAT ",转让；许可,是\r\n",
                           json_integer_value(json_object_get(need, "budget_fen")));
}

Test(property, every_record_reads_back_the_same_from_csv_and_json_lines)
{
    GRand *rand = g_rand_new_with_seed(20250630);
    GString *csv = g_string_new("source_id,enterprise_uscc,text,contact,valid_from,budget_fen,"
                                "cooperation,invented\r\n");
    GString *lines = g_string_new(NULL);
    json_t *needs = json_array();
    for (int n = 0; n < 300; n++) {
        json_t *need = random_need(rand, n);
        char *line = json_dumps(need, n % 2 ? JSON_ENSURE_ASCII : 0);
        g_string_append_printf(lines, "%s\n", line);
        append_csv(csv, need);
        json_array_append_new(needs, need);
        free(line);
    }
    struct scratch a = given_file("a.csv", csv->str, (gssize)csv->len),
                   b = given_file("b.jsonl", lines->str, -1);
    json_t *from_csv = read_all(a.path, "need", NULL),
           *from_json = read_all(b.path, "need", NULL);
    for (size_t i = 0; i < 300; i++) {
        const json_t *need = json_array_get(needs, i);
        char *want = json_dumps(need, 0);
        cr_expect(json_equal(need, json_array_get(json_object_get(from_csv, "fields"), i)),
                  "CSV: %s", want);
        cr_expect(json_equal(need, json_array_get(json_object_get(from_json, "fields"), i)),
                  "JSON: %s", want);
        free(want);
    }
    json_decref(needs);
    json_decref(from_csv);
    json_decref(from_json);
    scratch_remove(&a);
    scratch_remove(&b);
    g_string_free(csv, TRUE);
    g_string_free(lines, TRUE);
    g_rand_free(rand);
}

Test(encoding, the_same_table_reads_the_same_in_every_encoding)
{
    static const char text[] =
        "申请号\t标题\t摘要\n201710027729.1\t一种交易处理方法\t本发明公开了一种交易处理方法\n";
    static const char *const names[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};
    json_t *first = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize len;
        g_autofree char *marked =
            g_strconcat(g_str_has_prefix(names[i], "UTF-16") ? "\xef\xbb\xbf" : "", text, NULL);
        g_autofree char *other = g_convert(marked, -1, names[i], "UTF-8", NULL, &len, NULL);
        struct scratch input = given_file("in.txt", other, (gssize)len);
        json_t *all = read_all(input.path, "patent", NULL);
        first = first ? first : json_incref(all);
        cr_expect(count_of(all, "fields") == 1 && json_equal(all, first), "%s", names[i]);
        json_decref(all);
        scratch_remove(&input);
    }
    json_decref(first);
}

/* ASCII for more than the sample, then GB18030: the first cell that is not ASCII decides. */
Test(encoding, gb18030_far_behind_the_beginning_is_recognised)
{
    GString *text = g_string_new("application_number,title\n");
    while (text->len < 400 * 1024)
        g_string_append(text, "201710027729.1,plain title\n");
    gsize len;
    g_autofree char *tail =
        g_convert("201080056811.3,一种鞋底\n", -1, "GB18030", "UTF-8", NULL, &len, NULL);
    g_string_append_len(text, tail, (gssize)len);
    struct scratch input = given_file("in.csv", text->str, (gssize)text->len);
    json_t *all = read_all(input.path, "patent", NULL),
           *fields = json_object_get(all, "fields");
    const json_t *last = json_array_get(fields, json_array_size(fields) - 1);
    cr_expect_eq(count_of(all, "refused"), 0);
    cr_expect_str_eq(json_string_value(json_object_get(last, "title")), "一种鞋底");
    json_decref(all);
    scratch_remove(&input);
    g_string_free(text, TRUE);
}

Test(json, lists_objects_and_cells_lead_to_the_same_record)
{
    static const char lines[] =
        "{\"uscc\":\"91350582000000019U\",\"name\":\"甲\",\"division_code\":\"350582\","
        "\"contacts\":[{\"name\":\"张三\",\"phone\":\"1\"},"
        "{\"name\":\"张三\",\"phone\":\"2\"}],\"qualifications\":[{\"kind\":\"high_tech\","
        "\"certificate\":\"GR1\",\"valid_from\":\"2023-01-01\"}]}\n";
    static const char table[] =
        "统一社会信用代码,企业名称,行政区划代码,联系人,联系电话,手机,资质类型,证书编号,"
        "有效期起\n"
        "91350582000000019U,甲,350582,张三,1,2,高新技术企业,GR1,2023.1.1\n";
    struct scratch a = given_file("a.jsonl", lines, -1), b = given_file("b.csv", table, -1);
    json_t *from_json = read_all(a.path, "enterprise", NULL),
           *from_csv = read_all(b.path, "enterprise", NULL);
    char *x = json_dumps(from_json, JSON_SORT_KEYS), *y = json_dumps(from_csv, JSON_SORT_KEYS);
    cr_expect_str_eq(x, y);
    free(x);
    free(y);
    json_decref(from_json);
    json_decref(from_csv);
    scratch_remove(&a);
    scratch_remove(&b);
}

Test(keys, two_spellings_of_a_number_have_one_key)
{
    static const char text[] = "专利号,企业统一社会信用代码,推送日期,推送渠道,推送凭证\n"
                               "ZL201710027729.1,91350582000000019U,2025-01-02,邮件,a.png\n"
                               "201710027729,91350582000000019u,2025.1.2,email,a.png\n";
    struct scratch input = given_file("p.csv", text, -1);
    json_t *all = read_all(input.path, "declared_push", NULL),
           *fields = json_object_get(all, "fields");
    cr_assert_eq(json_array_size(fields), 2);
    for (size_t i = 0; i < 2; i++) {
        g_autofree char *key =
            record_key(kind_find("declared_push"), json_array_get(fields, i));
        cr_expect_str_eq(key, "CN201710027729/91350582000000019U");
    }
    json_decref(all);
    scratch_remove(&input);
}
