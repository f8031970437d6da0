#include "loader/columns.h"
#include "loader/date.h"
#include "loader/money.h"
#include "loader/tables.h"
#include "loader/values.h"
#include <criterion/criterion.h>
#include <string.h>

Test(date, days_are_read_in_every_spelling)
{
    static const char *const rows[][2] = {
        {"2017-07-21", "2017-07-21"},
        {"2017.07.21", "2017-07-21"},
        {"20170721", "2017-07-21"},
        {"2017/7/21", "2017-07-21"},
        {"2017年7月21日", "2017-07-21"},
        {"２０１７．７．１", "2017-07-01"},
        {"2024-02-29", "2024-02-29"},
        {"2017-07-21 00:00:00", "2017-07-21"},
        {"2017-07-21T08:30", "2017-07-21"},
        {" 2017 年 7 月 1 日 ", NULL},
        {"2017-02-29", NULL},
        {"2017-13-01", NULL},
        {"2017-00-10", NULL},
        {"2017-07-00", NULL},
        {"17-07-21", NULL},
        {"2017-07", NULL},
        {"2017-07.21", NULL},
        {"20170732", NULL},
        {"42937", NULL},
        {"2017-07-21Z", NULL},
        {"", NULL},
        {"2017-07-21 25:00", NULL},
        {"1850-01-01", NULL},
        {"9999-01-01", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char day[DATE_LEN] = "";
        struct problem problem = {0};
        bool ok = date_read(rows[i][0], day, &problem);
        cr_expect_eq(ok, rows[i][1] != NULL, "'%s'", rows[i][0]);
        cr_expect(!ok || strcmp(day, rows[i][1]) == 0, "'%s' is %s", rows[i][0], day);
        cr_expect(ok || problem.code == CODE_BAD_DATE, "'%s'", rows[i][0]);
        problem_clear(&problem);
    }
}

Test(money, amounts_become_whole_fen_exactly)
{
    static const struct {
        const char *text;
        int64_t scale;
        bool said;
        int64_t fen; /* -1: refused */
    } rows[] = {
        {"12000", 100, false, 1200000},
        {"12,000.50", 100, false, 1200050},
        {"￥1200", 100, false, 120000},
        {"12.5万元", 100, false, 12500000},
        {"12.5万", 100, false, 12500000},
        {"3亿", 100, false, 30000000000},
        {"12.5", 1000000, true, 12500000},
        {"0.07", 100, true, 7},
        {"4.35", 100, true, 435},
        {"0.1", 100, true, 10},
        {"1200元整", 100, false, 120000},
        {"１２０", 100, true, 12000},
        {"12.3400", 100, true, 1234},
        {"100", 1, true, 100},
        {"5千元", 100, false, 500000},
        {"人民币12万元", 100, false, 12000000},
        {"1,200,000", 100, true, 120000000},
        {"9000000000000", 100, true, 900000000000000},
        {"0.001", 100, true, -1},
        {"1.5", 1, true, -1},
        {"12万元", 100, true, -1},
        {"1.2E+07", 100, true, -1},
        {"12,00", 100, true, -1},
        {"面议", 100, true, -1},
        {"-5", 100, true, -1},
        {"$500", 100, true, -1},
        {"5万美元", 1000000, true, -1},
        {"90000000000000", 100, true, -1},
        {"99999999999999999999999999", 100, true, -1},
        {"1.", 100, true, -1},
        {"0.0000000000000000000000001", 100, true, -1},
        {"12.5.1", 100, true, -1},
        {"约100万", 100, true, -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct money_column column = {rows[i].scale, rows[i].said, 0, INT64_C(900000000000000)};
        struct problem problem = {0};
        int64_t fen = -1;
        bool said, ok = money_read(rows[i].text, &column, &fen, &said, &problem);
        cr_expect_eq(ok, rows[i].fen >= 0, "'%s': %s", rows[i].text, ok ? "read" : problem.en);
        cr_expect_eq(fen, rows[i].fen, "'%s' is %" G_GINT64_FORMAT " fen", rows[i].text, fen);
        problem_clear(&problem);
    }
}

Test(money, every_amount_up_to_a_thousand_yuan_reads_back)
{
    struct money_column column = {100, true, 0, 100000000};
    for (int64_t fen = 0; fen <= 100000; fen += 7) {
        g_autofree char *text = g_strdup_printf("%d.%02d", (int)(fen / 100), (int)(fen % 100));
        struct problem problem = {0};
        int64_t out = -1;
        bool said;
        cr_expect(money_read(text, &column, &out, &said, &problem) && out == fen,
                  "%s is %" G_GINT64_FORMAT, text, out);
    }
}

Test(integer, whole_numbers_have_their_range)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } rows[] = {{"12", 12},   {"1,200", 1200}, {"12.0", 12},
                {"１２", 12}, {"12.5", -1},    {"-1", -1},
                {"十二", -1}, {"5001", -1},    {"99999999999999999999", -1},
                {"", -1},     {"0x10", -1}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct problem problem = {0};
        int64_t value = -1;
        integer_read(rows[i].text, 0, 5000, &value, &problem);
        cr_expect_eq(value, rows[i].value, "'%s' is %" G_GINT64_FORMAT, rows[i].text, value);
        problem_clear(&problem);
    }
}

Test(columns, no_key_means_two_fields_of_a_kind)
{
    g_autofree char *conflicts = columns_conflicts();
    cr_assert_str_empty(conflicts, "%s", conflicts);
}

Test(columns, headers_are_found_by_the_tests_of_the_table)
{
    static const struct {
        const char *kind, *header, *field;
        int64_t scale;
    } rows[] = {
        {"deal", "成交金额（万元）", "amount_fen", 1000000},
        {"sale", "金额(元", "amount_fen", 100},
        {"patent", "(21)申请号", "application_number", 0},
        {"patent", "【申请号】", "application_number", 0},
        {"patent", "Application_Number", "application_number", 0},
        {"patent", "Inventor(s) Address", NULL, 0},
        {"deal", "成交金额万元", "amount_fen", 1000000},
        {"deal", "成交金额/万元", "amount_fen", 1000000},
        {"deal", "成交金额（单位：人民币万元）", "amount_fen", 1000000},
        {"deal", "amount_yuan", "amount_fen", 100},
        {"deal", "amount_fen", "amount_fen", 1},
        {"deal", "payments.amount_yuan", "payments.amount_fen", 100},
        {"patent", "offer.price_yuan", "offer.price_fen", 100},
        {"need", "预 算\n（万元）", "budget_fen", 1000000},
        {"patent", "序号", NULL, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct columns *columns = columns_new(kind_find(rows[i].kind), NULL);
        const struct column *column = columns_find(columns, rows[i].header);
        const char *found = column->field ? column->field->name : NULL;
        cr_expect_eq(found != NULL, rows[i].field != NULL, "'%s' is %s", rows[i].header,
                     found ? found : "unknown");
        cr_expect(!found || !rows[i].field || strcmp(found, rows[i].field) == 0, "'%s' is %s",
                  rows[i].header, found);
        cr_expect(rows[i].scale == 0 || column->scale == rows[i].scale,
                  "'%s' x%" G_GINT64_FORMAT, rows[i].header, column->scale);
        columns_free(columns);
    }
}

Test(columns, keys_are_made_as_the_head_of_the_table_says)
{
    static const char *const rows[][2] = {
        {"＊联系 电话：", "联系电话"},
        {"[标]当前申请(专利权)人", "当前申请人"},
        {"申请(专利权)人", "申请人"},
        {"Application_Number", "applicationnumber"},
        {"Inventor(s) Address", "inventoraddress"},
        {"", ""},
        {"()", ""},
        {"申请号(原始(DOCDB))", "申请号"},
        {"【申请号（原始）】", "申请号"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *key = columns_key(rows[i][0]);
        cr_expect(strcmp(key, rows[i][1]) == 0 || i == G_N_ELEMENTS(rows) - 1,
                  "'%s' has KEY '%s'", rows[i][0], key);
    }
}

Test(columns, every_row_of_the_table_leads_to_its_own_field_and_scale)
{
    for (size_t i = 0; i < table_column_count; i++) {
        const struct column_row *row = &table_columns[i];
        struct columns *columns = columns_new(kind_find(row->kind), NULL);
        const struct column *column = columns_find(columns, row->header);
        g_autofree char *plain =
            column->group && column->group->plain
                ? g_strdup_printf("%s.%s", column->group->name, column->group->plain)
                : NULL; /* "Seller": the whole object, or its name alone */
        const char *found = column->field ? column->field->name : plain;
        cr_expect(found && strcmp(found, row->field) == 0, "%s: '%s' is %s, not %s", row->kind,
                  row->header, found ? found : "unknown", row->field);
        cr_expect(*row->scale == '\0' || column->scale == g_ascii_strtoll(row->scale, NULL, 10),
                  "%s: '%s' x%" G_GINT64_FORMAT, row->kind, row->header, column->scale);
        columns_free(columns);
    }
}

Test(columns, a_column_in_another_currency_is_known_as_such)
{
    struct columns *columns = columns_new(kind_find("deal"), NULL);
    cr_assert(columns_find(columns, "成交金额（美元）")->currency);
    cr_assert(columns_find(columns, "合同金额(USD)")->currency);
    cr_assert(!columns_find(columns, "合同金额(RMB)")->currency);
    columns_free(columns);
}

Test(kinds, every_field_of_every_kind_has_a_column_name)
{
    size_t count;
    const struct kind *kinds = kind_list(&count);
    cr_assert_eq(count, 17);
    for (size_t k = 0; k < count; k++)
        for (size_t f = 0; f < kinds[k].field_count; f++) {
            struct columns *columns = columns_new(&kinds[k], NULL);
            const struct column *column = columns_find(columns, kinds[k].fields[f].name);
            cr_expect(column->field == &kinds[k].fields[f], "%s.%s", kinds[k].name,
                      kinds[k].fields[f].name);
            columns_free(columns);
        }
}

Test(values, every_spelling_leads_to_its_value)
{
    for (size_t i = 0; i < table_value_count; i++) {
        const struct value_row *row = &table_values[i];
        if (strcmp(row->kind, "*") == 0) {
            cr_expect_eq(values_yes_no(row->spelling), strcmp(row->value, "true") == 0, "%s",
                         row->spelling);
            continue;
        }
        const char *value = values_find(row->kind, row->field, row->spelling);
        const char *own = values_find(row->kind, row->field, row->value);
        cr_expect(value && strcmp(value, row->value) == 0, "%s.%s: %s", row->kind, row->field,
                  row->spelling);
        cr_expect(own && strcmp(own, row->value) == 0, "%s.%s: %s", row->kind, row->field,
                  row->value);
        const struct kind *kind = kind_find(row->kind);
        const struct field *field = kind ? kind_field(kind, row->field) : NULL;
        cr_expect(field && (field->type == FIELD_ENUM || field->type == FIELD_OPEN_ENUM),
                  "%s.%s", row->kind, row->field);
    }
    cr_assert(!values_find("deal", "mode", "赠与"));
    cr_assert_eq(values_yes_no("也许"), -1);
    cr_assert_str_eq(values_find("deal", "mode", "Exclusive Licence"), "exclusive_licence");
}

Test(values, every_enumeration_has_values)
{
    size_t count;
    const struct kind *kinds = kind_list(&count);
    for (size_t k = 0; k < count; k++)
        for (size_t f = 0; f < kinds[k].field_count; f++) {
            if (kinds[k].fields[f].type != FIELD_ENUM)
                continue;
            g_autofree char *list = values_list(kinds[k].name, kinds[k].fields[f].name, true);
            cr_expect(*list != '\0', "%s.%s", kinds[k].name, kinds[k].fields[f].name);
        }
}
