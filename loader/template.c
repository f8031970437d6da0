#include "loader/template.h"
#include "loader/columns.h"
#include "loader/reader.h"
#include "loader/tables.h"
#include <string.h>
#include <xlsxwriter.h>

enum { FORM_ROWS = 2000, LIST_MAX = 255 };

struct form {
    const struct kind *kind;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *required, *optional, *cell, *example, *note;
    lxw_col_t column;
};

/* What a type of field takes, and what an example of it looks like. */
static const struct {
    const char *note, *example;
} types[] = {
    [FIELD_TEXT] = {"文字，可以分行。", NULL},
    [FIELD_NAME] = {"文字，一行。", NULL},
    [FIELD_DATE] = {"日期，如 2025-01-15、2025年1月15日。", "2025-01-15"},
    [FIELD_MONEY] = {"金额，单位见列名；最多到分。", "12.5"},
    [FIELD_INTEGER] = {"整数。", "10"},
    [FIELD_YES_NO] = {"是 或 否。", "否"},
    [FIELD_ENUM] = {"从下拉列表中选择。", NULL},
    [FIELD_OPEN_ENUM] = {"从下拉列表中选择，也可以填其他名称。", NULL},
    [FIELD_APPLICATION] = {"专利申请号，带校验位，如 202110000101.9；ZL 开头也可以。",
                           "202110000101.9"},
    [FIELD_PUBLICATION] = {"公开（公告）号，如 CN113000001A。", "CN113000001A"},
    [FIELD_PATENT] = {"专利申请号或公开（公告）号。", "202110000101.9"},
    [FIELD_RIGHT] = {"权利的号码：专利号、商标注册号等。", "202110000101.9"},
    [FIELD_USCC] = {"18 位统一社会信用代码，会核对校验位。", "91350582000000019U"},
    [FIELD_ORGANISATION] = {"统一社会信用代码或单位名称。", "泉州某某制鞋有限公司"},
    [FIELD_DIVISION] = {"行政区划代码 6 位，如晋江市 350582；填地名也可以。", "350582"},
    [FIELD_CODE] = {"代码：字母、数字、- 和 _，最多 32 个。", "JG01"},
    [FIELD_AGENCY_CODE] = {"专利代理机构代码，5 位数字。", "35999"},
    [FIELD_REGISTRATION] = {"技术合同登记编号，14 或 16 位数字。", "2025350582000001"},
    [FIELD_PRACTICE] = {"专利代理师资格（执业）证号。", "35991234567"},
    [FIELD_EMAIL] = {"电子邮箱。", "lianxi@example.com"},
    [FIELD_QUIET] = {"免打扰时段，如 22:00-08:00。", "22:00-08:00"},
    [FIELD_IPC] = {"IPC 分类号，如 A43B13/04。", "A43B13/04"},
    [FIELD_CPC] = {"CPC 分类号，如 A43B13/04。", "A43B13/04"},
    [FIELD_LOCARNO] = {"洛迦诺分类号，如 02-04，只用于外观设计。", ""},
    [FIELD_EVIDENCE] = {"证明文件的文件名；文件本身另行上传。", "推送记录.pdf"},
};

/* Texts of fields by their name; "kind.field" goes before "field". */
static const char *const examples[][2] = {
    {"title", "一种轻质发泡鞋底"},
    {"expert.title", "教授"},
    {"abstract", "本发明公开了一种轻质发泡鞋底，包括外底和中底。"},
    {"claims", "1. 一种轻质发泡鞋底，其特征在于，包括外底和中底。"},
    {"description", "本发明涉及制鞋技术领域。"},
    {"applicants", "晋江某某鞋业有限公司；泉州某某研究所"},
    {"assignees", "晋江某某鞋业有限公司"},
    {"inventors", "张三；李四"},
    {"keywords", "鞋底；发泡"},
    {"region", "福建"},
    {"address", "福建省晋江市某某路1号"},
    {"agent_institution", "泉州某某专利代理事务所"},
    {"family", "CN113000001A；US20210000001A1"},
    {"name", "晋江某某鞋业有限公司"},
    {"expert.name", "张三"},
    {"attorney.name", "张三"},
    {"event.name", "鞋业专利对接会"},
    {"navigation_project.name", "鞋材专利导航项目"},
    {"employer", "泉州某某大学"},
    {"fields", "高分子材料；制鞋工艺"},
    {"industry", "制鞋业"},
    {"products", "运动鞋；鞋底"},
    {"profile", "生产运动鞋。"},
    {"certificate", "GR202135000001"},
    {"phone", "0595-00000000"},
    {"wecom", "zhangsan"},
    {"role", "技术负责人"},
    {"services", "专利代理；专利评估"},
    {"source_id", "XQ-2025-001"},
    {"enterprise_name", "晋江某某鞋业有限公司"},
    {"text", "寻求轻质、耐磨的发泡鞋底材料配方，密度不高于 0.2 克每立方厘米。"},
    {"accepted_by", "王五"},
    {"contact", "赵六 0595-00000000"},
    {"contract_number", "HT-2025-001"},
    {"office", "CN"},
    {"patentee", "泉州某某研究所"},
    {"statement_number", "KF-001"},
    {"fee_terms", "每年 1 万元，按年支付。"},
    {"bank", "某某银行晋江支行"},
    {"invoice", "25350000000000000001"},
    {"client", "晋江某某鞋业有限公司"},
    {"service", "专利代理"},
    {"partner", "晋江某某协会"},
    {"place", "晋江"},
    {"subject", "鞋材专利对接"},
    {"approval_number", "PF-2025-01"},
    {"number", "AJ-2025-001"},
    {"evidence", "功能截图.pdf"},
    {"source", "某某数据库导出"},
    {"entrusted_by", "某某局"},
};

static const char *last_part(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static const char *example_text(const struct kind *kind, const struct field *field)
{
    const char *found = "";
    g_autofree char *whole = g_strdup_printf("%s.%s", kind->name, last_part(field->name));
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
        if (strcmp(examples[i][0], whole) == 0)
            return examples[i][1];
        if (strcmp(examples[i][0], last_part(field->name)) == 0)
            found = examples[i][1];
    }
    return found;
}

/* Chinese words for the values of a field, the first of each; NULL-ended. */
static GPtrArray *choices_of(const struct kind *kind, const struct field *field)
{
    GPtrArray *out = g_ptr_array_new();
    const char *before = "";
    for (size_t i = 0; i < table_value_count; i++) {
        const struct value_row *row = &table_values[i];
        bool own = strcmp(row->kind, kind->name) == 0 && strcmp(row->field, field->name) == 0;
        if (!own || strcmp(row->value, before) == 0 || (unsigned char)*row->spelling < 0x80)
            continue;
        before = row->value;
        g_ptr_array_add(out, (gpointer)(guintptr)row->spelling);
    }
    return out;
}

/* Letters of patents' kinds are no words; what has none is chosen by its name. */
static char *example_of(const struct kind *kind, const struct field *field)
{
    if (strcmp(field->name, "invented") == 0)
        return g_strdup("是");
    if (strcmp(field->name, "kind") == 0 && strcmp(kind->name, "patent") == 0)
        return g_strdup("A");
    if (field->type == FIELD_ENUM || field->type == FIELD_OPEN_ENUM) {
        g_autoptr(GPtrArray) choices = choices_of(kind, field);
        return g_strdup(choices->len ? choices->pdata[0] : "");
    }
    if (strcmp(field->name, "top500_year") == 0)
        return g_strdup("2024");
    const char *plain = types[field->type].example;
    return g_strdup(plain ? plain : example_text(kind, field));
}

static char *header_of(const struct kind *kind, const struct field *field)
{
    const char *zh = columns_chinese(kind, field->name);
    bool unit = field->type == FIELD_MONEY && !strstr(zh, "元");
    return g_strdup_printf("%s%s%s", zh, unit ? "（万元）" : "", field->required ? "*" : "");
}

static char *note_of(const struct field *field)
{
    return g_strdup_printf("%s%s%s", field->required ? "必填。" : "可以不填。",
                           types[field->type].note,
                           field->list ? "可以填多个，用分号隔开。" : "");
}

static void put_choices(struct form *form, const struct field *field)
{
    static const char *const yes_no[] = {"是", "否", NULL};
    g_autoptr(GPtrArray) choices = choices_of(form->kind, field);
    g_ptr_array_add(choices, NULL);
    const char *const *list =
        field->type == FIELD_YES_NO ? yes_no : (const char *const *)choices->pdata;
    g_autofree char *joined = g_strjoinv(",", (char **)(guintptr)list);
    if (!*list || g_utf8_strlen(joined, -1) > LIST_MAX)
        return;
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .value_list = (char **)(guintptr)list,
                                .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
    worksheet_data_validation_range(form->sheet, 1, form->column, FORM_ROWS, form->column,
                                    &rule);
}

static void put_field(struct form *form, const struct field *field)
{
    g_autofree char *header = header_of(form->kind, field);
    g_autofree char *note = note_of(field);
    g_autofree char *example = example_of(form->kind, field);
    lxw_comment_options options = {.width = 220, .height = 80};
    worksheet_set_column(form->sheet, form->column, form->column,
                         field->type == FIELD_TEXT ? 40 : 20, form->cell);
    worksheet_write_string(form->sheet, 0, form->column, header,
                           field->required ? form->required : form->optional);
    worksheet_write_comment_opt(form->sheet, 0, form->column, note, &options);
    if (*example != '\0')
        worksheet_write_string(form->sheet, 1, form->column, example, form->example);
    if (!field->list) /* a list takes several of the choices: no drop-down then */
        put_choices(form, field);
    form->column++;
}

static bool belongs(const struct field *field)
{
    return strcmp(field->name, "documents") != 0;
}

static void put_fields(struct form *form)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < form->kind->field_count; i++) {
            const struct field *field = &form->kind->fields[i];
            if (belongs(field) && field->required == (pass == 0))
                put_field(form, field);
        }
    worksheet_set_column(form->sheet, form->column, form->column, 50, NULL);
    worksheet_write_string(form->sheet, 0, form->column, "_说明", form->note);
    worksheet_write_string(
        form->sheet, 1, form->column,
        "这一行是虚构的示例，填写后请删除；列名上的批注说明怎么填，带 * 的列必填", form->note);
}

static lxw_format *format_new(lxw_workbook *book, lxw_color_t background, bool bold)
{
    lxw_format *format = workbook_add_format(book);
    format_set_num_format(format, "@");
    if (background)
        format_set_bg_color(format, background);
    if (bold)
        format_set_bold(format);
    return format;
}

bool template_write(const char *path, const struct kind *kind, GError **error)
{
    struct form form = {.kind = kind, .book = workbook_new(path)};
    lxw_error code = form.book ? LXW_NO_ERROR : LXW_ERROR_CREATING_XLSX_FILE;
    if (form.book) {
        form.sheet = workbook_add_worksheet(form.book, kind->zh);
        form.required = format_new(form.book, 0xF8CBAD, true);
        form.optional = format_new(form.book, 0xDDEBF7, true);
        form.cell = format_new(form.book, 0, false);
        form.example = format_new(form.book, 0xF2F2F2, false);
        form.note = format_new(form.book, 0, false);
        format_set_italic(form.example);
        format_set_font_color(form.note, 0x7F7F7F);
        put_fields(&form);
        worksheet_freeze_panes(form.sheet, 1, 0);
        code = workbook_close(form.book);
    }
    if (code == LXW_NO_ERROR)
        return true;
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_WRITE, "could not write file '%s': %s", path,
                lxw_strerror(code));
    return false;
}
