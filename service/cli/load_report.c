#include "service/cli/load_report.h"
#include <stdio.h>

enum { REFUSALS_SHOWN = 5, WARNINGS_SHOWN = 3, COLUMNS_SHOWN = 20 };

static int64_t count(const json_t *report, const char *name)
{
    return json_integer_value(json_object_get(report, name));
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Rows above the header are titles, which are passed over. */
static void print_header(const struct app *app, const json_t *where)
{
    int line = (int)count(where, "header_line");
    if (line > 1)
        printf(app->chinese ? "，表头在第 %d 行，上面 %d 行已跳过"
                            : ", the header is on line %d, the %d above it were passed over",
               line, line - 1);
}

static void print_loaded(const struct app *app, const json_t *sheet)
{
    int hidden = (int)count(sheet, "hidden_rows");
    printf(app->chinese ? "  工作表“%s”：读到 %d 行" : "  sheet '%s': %d rows",
           text_at(sheet, "name"), (int)count(sheet, "rows"));
    if (hidden)
        printf(app->chinese ? "，其中隐藏的 %d 行" : ", %d of them hidden", hidden);
    if (json_is_true(json_object_get(sheet, "hidden")))
        printf("%s", app->chinese ? "，工作表是隐藏的" : ", and the sheet is hidden");
    print_header(app, sheet);
    puts("");
}

static bool is_plain(const json_t *sheet)
{
    return json_is_true(json_object_get(sheet, "loaded")) && count(sheet, "header_line") == 1 &&
           !count(sheet, "hidden_rows") && !json_is_true(json_object_get(sheet, "hidden"));
}

/* Which sheets were read, where their headers are, and what was hidden. Of a single sheet with nothing special to it nothing. */
static void print_sheets(const struct app *app, const json_t *sheets)
{
    if (json_array_size(sheets) == 1 && is_plain(json_array_get(sheets, 0)))
        return;
    for (size_t i = 0; i < json_array_size(sheets); i++) {
        const json_t *sheet = json_array_get(sheets, i);
        if (json_is_true(json_object_get(sheet, "loaded")))
            print_loaded(app, sheet);
        else
            printf(
                app->chinese ? "  工作表“%s”没有读：%s\n" : "  sheet '%s' was not read: %s\n",
                text_at(sheet, "name"), text_at(sheet, app->chinese ? "reason_zh" : "reason"));
    }
}

/* Nothing of a file is dropped: what no field is known for is kept beside the record. */
static void print_unrecognised(const struct app *app, const json_t *columns)
{
    size_t all = json_array_size(columns);
    if (all == 0)
        return;
    fputs(app->chinese ? "  没有认出的列（原样保留在附加信息中）："
                       : "  columns not recognised, kept in extra: ",
          stdout);
    for (size_t i = 0; i < MIN(all, COLUMNS_SHOWN); i++)
        printf("%s%s",
               i == 0         ? ""
               : app->chinese ? "、"
                              : ", ",
               json_string_value(json_array_get(columns, i)));
    if (all > COLUMNS_SHOWN)
        printf(app->chinese ? "，另有 %zu 列" : " and %zu more", all - COLUMNS_SHOWN);
    puts("");
}

static void print_file(const struct app *app, const json_t *report)
{
    const char *mapping = text_at(report, "mapping");
    int line = (int)count(report, "header_line");
    if (mapping)
        printf(app->chinese ? "  按保存的映射“%s”读取\n" : "  read by the kept mapping '%s'\n",
               mapping);
    if (line > 1)
        printf(app->chinese ? "  表头在第 %d 行，上面 %d 行已跳过\n"
                            : "  the header is on line %d, the %d above it were passed over\n",
               line, line - 1);
    print_sheets(app, json_object_get(report, "sheets"));
    print_unrecognised(app, json_object_get(report, "unrecognised"));
}

static void print_refusals(const struct app *app, const json_t *report)
{
    const json_t *refusals = json_object_get(report, "refusals");
    for (size_t i = 0; i < MIN(json_array_size(refusals), REFUSALS_SHOWN); i++) {
        const json_t *refusal = json_array_get(refusals, i);
        printf("  %s %" G_GINT64_FORMAT " [%s] %s\n", app->chinese ? "行" : "line",
               count(refusal, "line"), text_at(refusal, "code"), text_at(refusal, "reason"));
    }
    if (json_array_size(refusals) > REFUSALS_SHOWN)
        printf(app->chinese ? "  … 另有 %zu 行\n" : "  … and %zu more\n",
               json_array_size(refusals) - REFUSALS_SHOWN);
    if (json_array_size(refusals))
        printf(app->chinese ? "  拒收的行在 %s，改好后可直接再次导入\n"
                            : "  refused rows: %s (mend them there and load that file)\n",
               text_at(report, "refused_file"));
}

static void print_warnings(const struct app *app, const json_t *warnings)
{
    size_t all = json_array_size(warnings);
    for (size_t i = 0; i < MIN(all, WARNINGS_SHOWN); i++) {
        const json_t *warning = json_array_get(warnings, i);
        printf("  %s %" G_GINT64_FORMAT "：%s\n", app->chinese ? "注意 行" : "note, line",
               count(warning, "line"), text_at(warning, "reason"));
    }
    if (all > WARNINGS_SHOWN)
        printf(app->chinese ? "  … 另有 %zu 条注意（--json 全部列出）\n"
                            : "  … and %zu more notes (--json lists them)\n",
               all - WARNINGS_SHOWN);
}

static void print_counts(const struct app *app, const char *file, const json_t *report)
{
    static const char *const names[][5] = {{"read", "new", "changed", "same", "refused"},
                                           {"读入", "新增", "更新", "相同", "拒收"}};
    printf("%-13s %s:", text_at(report, "kind"), file);
    for (size_t i = 0; i < G_N_ELEMENTS(names[0]); i++)
        if (app->chinese)
            printf("%s%s %" G_GINT64_FORMAT, i ? "，" : " ", names[1][i],
                   count(report, names[0][i]));
        else
            printf("%s %" G_GINT64_FORMAT " %s", i ? "," : "", count(report, names[0][i]),
                   names[0][i]);
    printf(app->chinese ? "，批次 batch %" G_GINT64_FORMAT : ", batch %" G_GINT64_FORMAT,
           count(report, "batch"));
    if (json_is_true(json_object_get(report, "dry_run")))
        printf(app->chinese ? "（试运行，未写入）" : " (dry run: nothing was written)");
    puts("");
}

void load_report_print(const struct app *app, const char *file, const json_t *report)
{
    print_counts(app, file, report);
    print_file(app, report);
    print_refusals(app, report);
    print_warnings(app, json_object_get(report, "warnings"));
}
