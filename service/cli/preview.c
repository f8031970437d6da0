#include "service/cli/preview.h"
#include "loader/columns.h"
#include "service/track/table.h"
#include <stdio.h>
#include <string.h>

enum { CELL_WIDTH = 24, FIELDS_SHOWN = 8 };

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_sheets(const struct app *app, const json_t *sheets)
{
    size_t i;
    json_t *sheet;
    json_array_foreach(sheets, i, sheet)
    {
        bool loaded = json_is_true(json_object_get(sheet, "loaded"));
        bool hidden = json_is_true(json_object_get(sheet, "hidden"));
        printf(app->chinese ? "工作表 %s%s：" : "sheet %s%s: ", text_at(sheet, "name"),
               hidden ? (app->chinese ? "（隐藏）" : " (hidden)") : "");
        if (loaded)
            printf(app->chinese ? "表头在第 %d 行\n" : "header on line %d\n",
                   (int)json_integer_value(json_object_get(sheet, "header_line")));
        else
            printf(app->chinese ? "不读入：%s\n" : "not read: %s\n",
                   text_at(sheet, app->chinese ? "reason_zh" : "reason"));
    }
}

/* A field as the reader of the table calls it. */
static const char *field_shown(const struct app *app, const json_t *preview, const char *field)
{
    const struct kind *kind = kind_find(text_at(preview, "kind"));
    return app->chinese && kind ? columns_chinese(kind, field) : field;
}

static void print_columns(const struct app *app, const json_t *preview)
{
    const json_t *columns = json_object_get(preview, "columns");
    struct table *table = table_new("ll");
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;
    json_t *column;
    table_cell(table, app->chinese ? "列名" : "column");
    table_cell(table, app->chinese ? "读作" : "read as");
    json_array_foreach(columns, i, column)
    {
        const char *named = json_string_value(json_object_get(column, "field"));
        const char *field = named ? field_shown(app, preview, named) : NULL;
        json_int_t unit = json_integer_value(json_object_get(column, "unit_fen"));
        bool ignored = json_is_true(json_object_get(column, "ignored"));
        g_autofree char *money = unit == 100       ? g_strdup_printf("%s (元)", field)
                                 : unit == 1000000 ? g_strdup_printf("%s (万元)", field)
                                                   : g_strdup(field);
        g_autofree char *header = table_cut(text_at(column, "header"), 40);
        table_cell(table, header);
        table_cell(table, money          ? money
                          : ignored      ? (app->chinese ? "（不读）" : "(not read)")
                          : app->chinese ? "（未识别，保留在附加信息中）"
                                         : "(not recognised, kept in extra)");
    }
    table_end(table, "  ", out);
    fputs(out->str, stdout);
}

/* Fields of the records that fit beside each other, in the order in which they come. */
static GPtrArray *fields_of(const json_t *records)
{
    static const char *const long_ones[] = {"description", "claims",  "abstract", "text",
                                            "extra",       "profile", NULL};
    GPtrArray *fields = g_ptr_array_new();
    size_t i;
    json_t *one;
    json_array_foreach(records, i, one)
    {
        const char *name;
        json_t *value;
        json_object_foreach(json_object_get(one, "record"), name, value)
        {
            if (fields->len < FIELDS_SHOWN && !g_strv_contains(long_ones, name) &&
                !g_ptr_array_find_with_equal_func(fields, name, g_str_equal, NULL))
                g_ptr_array_add(fields, (gpointer)(guintptr)name);
        }
    }
    return fields;
}

static void put_value(struct table *table, const json_t *value)
{
    char *dump = value && !json_is_string(value)
                     ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT)
                     : NULL;
    const char *text = json_is_string(value) ? json_string_value(value) : dump;
    g_autofree char *line = g_strdup(text ? text : "");
    g_strdelimit(line, "\r\n\t", ' ');
    g_autofree char *cut = table_cut(line, CELL_WIDTH);
    table_cell(table, cut);
    free(dump);
}

static void print_records(const struct app *app, const json_t *preview)
{
    const json_t *records = json_object_get(preview, "records");
    g_autoptr(GPtrArray) fields = fields_of(records);
    g_autofree char *sides = g_strnfill(fields->len + 1, 'l');
    g_autoptr(GString) out = g_string_new(NULL);
    struct table *table = table_new(sides);
    size_t i;
    json_t *one;
    table_cell(table, app->chinese ? "行" : "line");
    for (guint f = 0; f < fields->len; f++)
        table_cell(table, field_shown(app, preview, fields->pdata[f]));
    json_array_foreach(records, i, one)
    {
        g_autofree char *line =
            g_strdup_printf("%d", (int)json_integer_value(json_object_get(one, "line")));
        table_cell(table, line);
        for (guint f = 0; f < fields->len; f++)
            put_value(table, json_object_get(json_object_get(one, "record"), fields->pdata[f]));
    }
    table_end(table, "  ", out);
    fputs(out->str, stdout);
}

static void print_remarks(const struct app *app, const json_t *preview)
{
    size_t i, k;
    json_t *one, *remark;
    const char *word = app->chinese ? "行" : "line";
    json_array_foreach(json_object_get(preview, "records"), i, one)
        json_array_foreach(json_object_get(one, "remarks"), k, remark)
            printf("  %s %d: %s\n", word, (int)json_integer_value(json_object_get(one, "line")),
                   json_string_value(remark));
    json_array_foreach(json_object_get(preview, "refusals"), i, one) printf(
        app->chinese ? "  %s %d 会被拒收 [%s] %s\n" : "  %s %d would be refused [%s] %s\n",
        word, (int)json_integer_value(json_object_get(one, "line")), text_at(one, "code"),
        text_at(one, "reason"));
}

void preview_print(const struct app *app, const json_t *preview)
{
    printf(app->chinese ? "%s：%s，%s；预览，未写入\n"
                        : "%s: %s, %s; a preview, nothing is written\n",
           text_at(preview, "file"), text_at(preview, "format"), text_at(preview, "encoding"));
    if (*text_at(preview, "mapping"))
        printf(app->chinese ? "按保存的映射“%s”读取\n" : "read by the saved mapping '%s'\n",
               text_at(preview, "mapping"));
    print_sheets(app, json_object_get(preview, "sheets"));
    int line = (int)json_integer_value(json_object_get(preview, "header_line"));
    if (line > 1)
        printf(app->chinese ? "表头在第 %d 行，上面的行不读\n"
                            : "the header is on line %d, what stands above it is not read\n",
               line);
    print_columns(app, preview);
    print_records(app, preview);
    print_remarks(app, preview);
}
