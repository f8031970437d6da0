/* What goes in one format comes out of all of them the same: random tables, written out in every format and read back. And what
 * is refused is given back in a file that, loaded as it is, is refused again for the same reasons: nothing is lost. */
#include "loader/record.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { TABLES = 40, ROWS_MAX = 25 };

/* A table of texts; the first row is the header. */
struct table {
    const char *kind;
    const char *const *headers;
    int columns, rows;
    char ***cells;
};

/* ---- random tables */

static const char *const patent_headers[] = {
    "申请号", "公开（公告）号",   "标题",     "申请人", "申请日", "IPC分类号",
    "摘要",   "意向价格（万元）", "内部备注", NULL};
static const char *const need_headers[] = {"需求编号", "企业统一社会信用代码",
                                           "需求内容", "预算（万元）",
                                           "有效期起", "合作方式",
                                           "经办人",   NULL};
static const char *const patent_values[][7] = {
    {"202110000101.9", "CN202120000202.1", "ZL 2022 3 0000303.9", "202110000101.8",
     "2.0211E+11", "", "abc"},
    {"CN113000001A", "CN 213000002 U", "", "", "CN413000001A", "-", ""},
    {"一种轻质发泡鞋底", "带\"引号\"的鞋底", "两行\n标题", "", "A, B; C | D", "𠮷野家の靴底",
     "无"},
    {"甲鞋业有限公司；乙研究所", "丙(晋江)有限公司|丁", "", "张三;李四", "戊,己", "", ""},
    {"2021-01-04", "2021.1.4", "2021年1月4日", "20210104", "2021-02-30", "", "四月"},
    {"A43B 13/04", "A43B13/04;C08J9/04", "A43B13/04,C08J9/04", "", "H01L", "鞋", ""},
    {"本发明公开了一种鞋底。", "含\t制表符的摘要", "第一行\n第二行\n第三行", "", "'单引号'",
     "a;b", "=1+1"},
    {"12.5", "0.0001", "10-20", "", "-3", "12.5元", "面议"},
    {"待核实", "", "", "001", "x|y", "a,b", "\"\""}};
static const char *const need_values[][7] = {
    {"XQ-1", "XQ-2", "XQ-3", "", "XQ/4", "需求5", "XQ-6"},
    {"91350582000000019U", "91350582000000019X", "", "9135058200000006XY", "91350582MA000004X0",
     "-", ""},
    {"寻求轻质发泡材料配方", "需要“热熔胶”涂布，线速30米/分", "两行\n内容", "", "a|b;c,d", "",
     "e"},
    {"12.5", "", "3", "1,000", "1,00", "万", ""},
    {"2025-01-01", "2025/1/1", "", "2025-13-01", "20250101", "", "今天"},
    {"转让", "转让；许可", "", "赠送", "合作开发|技术咨询", "", ""},
    {"王五", "", "赵六 ", "", "x", "y", "z"}};

static const char *value_of(const struct table *table, int column, GRand *random)
{
    int place = g_rand_int_range(random, 0, 7);
    return strcmp(table->kind, "patent") == 0 ? patent_values[column][place]
                                              : need_values[column][place];
}

/* A row that says nothing is no row of any format: the first cell has something. */
static void table_make(struct table *table, GRand *random)
{
    bool patents = g_rand_boolean(random);
    *table = (struct table){.kind = patents ? "patent" : "need",
                            .headers = patents ? patent_headers : need_headers,
                            .rows = g_rand_int_range(random, 1, ROWS_MAX)};
    while (table->headers[table->columns])
        table->columns++;
    table->cells = g_new0(char **, table->rows + 1);
    for (int r = 0; r < table->rows; r++) {
        table->cells[r] = g_new0(char *, table->columns + 1);
        for (int c = 0; c < table->columns; c++) {
            const char *value = value_of(table, c, random);
            table->cells[r][c] = g_strdup(c == 0 && *value == '\0' ? "?" : value);
        }
    }
}

static void table_clear(struct table *table)
{
    for (int r = 0; r < table->rows; r++)
        g_strfreev(table->cells[r]);
    g_free(table->cells);
}

/* ---- formats */

static void put_text_cell(GString *out, const char *text, char delimiter, bool last)
{
    bool quote = strchr(text, delimiter) || strpbrk(text, "\"\r\n\t,;|");
    if (quote)
        g_string_append_c(out, '"');
    for (; *text != '\0'; text++)
        g_string_append_printf(out, "%s%c", quote && *text == '"' ? "\"" : "", *text);
    g_string_append_printf(out, "%s%s", quote ? "\"" : "", last ? "\r\n" : "");
    if (!last)
        g_string_append_c(out, delimiter);
}

static GString *as_text(const struct table *table, char delimiter)
{
    GString *out = g_string_new(NULL);
    for (int c = 0; c < table->columns; c++)
        put_text_cell(out, table->headers[c], delimiter, c + 1 == table->columns);
    for (int r = 0; r < table->rows; r++)
        for (int c = 0; c < table->columns; c++)
            put_text_cell(out, table->cells[r][c], delimiter, c + 1 == table->columns);
    return out;
}

static json_t *row_object(const struct table *table, int r)
{
    json_t *object = json_object();
    for (int c = 0; c < table->columns; c++)
        if (*table->cells[r][c] != '\0')
            json_object_set_new(object, table->headers[c], json_string(table->cells[r][c]));
    return object;
}

static void write_bytes(const char *path, const char *text, size_t len)
{
    cr_assert(g_file_set_contents(path, text, (gssize)len, NULL));
}

static void write_text(const struct table *table, const char *path, const char *how)
{
    GString *text = as_text(table, *how);
    const char *charset = how + 1;
    gsize len = text->len;
    g_autofree char *converted =
        *charset ? g_convert(text->str, (gssize)text->len, charset, "UTF-8", NULL, &len, NULL)
                 : NULL;
    cr_assert(!*charset || converted, "%s", charset);
    write_bytes(path, converted ? converted : text->str, len);
    g_string_free(text, TRUE);
}

static void write_lines(const struct table *table, const char *path, const char *how)
{
    g_autoptr(GString) out = g_string_new(*how == '[' ? "[\n" : "");
    for (int r = 0; r < table->rows; r++) {
        json_t *object = row_object(table, r);
        char *dump = json_dumps(object, strcmp(how, "[i") == 0 ? JSON_INDENT(2) : JSON_COMPACT);
        g_string_append_printf(out, "%s%s\n", dump,
                               *how == '[' && r + 1 < table->rows ? "," : "");
        free(dump);
        json_decref(object);
    }
    g_string_append(out, *how == '[' ? "]\n" : "");
    write_bytes(path, out->str, out->len);
}

static void write_book(const struct table *table, const char *path, const char *how)
{
    lxw_workbook_options options = {.constant_memory = *how == 'i'}; /* texts in the cells */
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    for (int c = 0; c < table->columns; c++)
        worksheet_write_string(sheet, 0, (lxw_col_t)c, table->headers[c], NULL);
    for (int r = 0; r < table->rows; r++)
        for (int c = 0; c < table->columns; c++)
            if (*table->cells[r][c] != '\0')
                worksheet_write_string(sheet, (lxw_row_t)r + 1, (lxw_col_t)c,
                                       table->cells[r][c], NULL);
    cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
}

static const struct format {
    const char *name;
    void (*write)(const struct table *table, const char *path, const char *how);
    const char *how;
    const char *encoding;
} formats[] = {{"a.csv", write_text, ",", NULL},
               {"b.csv", write_text, ";", NULL},
               {"c.csv", write_text, "|", NULL},
               {"d.tsv", write_text, "\t", NULL},
               {"e.csv", write_text, ",GB18030", "GB18030"},
               {"f.csv", write_text, ",UTF-16LE", "UTF-16LE"},
               {"g.csv", write_text, ",UTF-16", NULL}, /* with a mark */
               {"h.tsv", write_text, "\tUTF-16BE", "UTF-16BE"},
               {"i.jsonl", write_lines, "", NULL},
               {"j.json", write_lines, "[", NULL},
               {"k.json", write_lines, "[i", NULL},
               {"l.xlsx", write_book, "s", NULL},
               {"m.xlsx", write_book, "i", NULL}};

/* ---- what comes out */

/* What is missing has no name of its own where rows are objects: there it is the field's. */
static void add_refusal(GString *out, const struct refusal *refusal)
{
    g_string_append_printf(out, "refused %s [%s] %s\n", code_name(refusal->code),
                           refusal->code == CODE_MISSING ? "" : refusal->column,
                           refusal->value);
}

/* Reads a file: a line a row. Refused rows go to `writer`, when there is one. */
static char *read_back(const struct table *table, const char *path, const char *encoding,
                       const char *refused_path, int *refused)
{
    const struct plan plan = {
        .kind = kind_find(table->kind), .today = "2025-06-30", .encoding = encoding};
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = reader_open(path, &plan, &error);
    cr_assert(reader, "%s", error ? error->message : "");
    struct refusal_writer *writer =
        refused_path ? refusal_writer_new(refused_path, reader, false) : NULL;
    GString *out = g_string_new(NULL);
    struct refusal refusal = {0};
    struct raw_row row;
    enum reader_step step;
    while ((step = reader_next(reader, &row, &refusal, &error)) == READER_ROW ||
           step == READER_BAD_ROW) {
        struct record record = {0};
        if (step == READER_ROW && record_read(reader, &row, &record, &refusal)) {
            char *dump = json_dumps(record.fields, JSON_SORT_KEYS | JSON_COMPACT);
            g_string_append_printf(out, "%s\n", dump);
            free(dump);
            record_clear(&record);
        } else {
            (*refused)++;
            add_refusal(out, &refusal);
            cr_assert(!writer || refusal_writer_add(writer, &row, &refusal, &error));
        }
    }
    cr_assert_eq(step, READER_END, "%s", error ? error->message : "");
    cr_assert(!writer || refusal_writer_close(writer, &error), "%s",
              error ? error->message : "");
    refusal_clear(&refusal);
    return g_string_free(out, FALSE);
}

static char *only_refusals(const char *outcome)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(outcome, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, "refused "))
            g_string_append_printf(out, "%s\n", *line);
    return g_string_free(out, FALSE);
}

static void compare(const struct table *table, const char *folder, guint32 seed)
{
    g_autofree char *first = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        const struct format *format = &formats[i];
        g_autofree char *path = g_build_filename(folder, format->name, NULL);
        bool book = g_str_has_suffix(format->name, "xlsx");
        g_autofree char *given_back =
            g_strconcat(path, book ? ".refused.xlsx" : ".refused.csv", NULL);
        int refused = 0, again = 0;
        format->write(table, path, format->how);
        g_autofree char *outcome =
            read_back(table, path, format->encoding, given_back, &refused);
        if (!first)
            first = g_strdup(outcome);
        cr_expect_str_eq(outcome, first, "seed %u: %s differs from a.csv:\n%s\nin place of\n%s",
                         seed, format->name, outcome, first);
        if (refused) {
            g_autofree char *back = read_back(table, given_back, NULL, NULL, &again);
            g_autofree char *were = only_refusals(outcome);
            cr_expect_eq(again, refused, "seed %u: %s: %d of %d refused again", seed,
                         format->name, again, refused);
            cr_expect_str_eq(back, were, "seed %u: %s: given back\n%s\nin place of\n%s", seed,
                             format->name, back, were);
        }
        g_remove(path);
        g_remove(given_back);
    }
}

Test(formats, what_goes_in_one_format_comes_out_of_all_of_them_the_same, .timeout = 300)
{
    const char *given = g_getenv("SEED");
    guint32 seed = given ? (guint32)g_ascii_strtoull(given, NULL, 10) : 1;
    g_autofree char *folder = g_dir_make_tmp("patbridge-formats-XXXXXX", NULL);
    for (guint32 i = 0; i < TABLES; i++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(seed + i);
        struct table table;
        table_make(&table, random);
        compare(&table, folder, seed + i);
        table_clear(&table);
    }
    g_rmdir(folder);
}

/* What a cell of money comes to, in a file of one row that is refused and mended: with the unit that stood above the header. */
static void check_unit(const char *folder, const char *name, const struct format *format)
{
    static const char *const headers[] = {"单位：万元", "", "", NULL};
    char *rows[][4] = {{(char *)(guintptr) "申请号", (char *)(guintptr) "标题",
                        (char *)(guintptr) "意向价格", NULL},
                       {(char *)(guintptr) "202110000101.8", (char *)(guintptr) "鞋底",
                        (char *)(guintptr) "12.5", NULL}};
    char **cells[] = {rows[0], rows[1], NULL};
    struct table table = {"patent", headers, 3, 2, cells};
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *back = g_strconcat(path, ".refused", strrchr(name, '.'), NULL);
    g_autoptr(GError) error = NULL;
    int refused = 0;
    format->write(&table, path, format->how);
    g_free(read_back(&table, path, format->encoding, back, &refused));
    cr_assert_eq(refused, 1, "%s: %d refused", name, refused);
    const struct plan plan = {.kind = kind_find("patent"), .today = "2025-06-30"};
    g_autoptr(reader_t) reader = reader_open(back, &plan, &error);
    struct raw_row row;
    struct refusal refusal = {0};
    cr_assert(reader && reader_next(reader, &row, &refusal, &error) == READER_ROW);
    cr_expect_str_eq(row.unit_line ? row.unit_line : "", "单位：万元", "%s lost its unit",
                     back);
    refusal_clear(&refusal);
    g_remove(path);
    g_remove(back);
}

Test(formats, a_unit_above_the_header_stands_in_the_refused_file_too)
{
    g_autofree char *folder = g_dir_make_tmp("patbridge-formats-XXXXXX", NULL);
    check_unit(folder, "a.csv", &formats[0]);
    check_unit(folder, "l.xlsx", &formats[11]);
    g_rmdir(folder);
}
