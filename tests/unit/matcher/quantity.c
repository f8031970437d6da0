#include "matcher/quantity.h"
#include "matcher/aspects.h"

#include <criterion/criterion.h>
#include <string.h>

Test(quantity, a_number_is_read_with_its_sign_and_unit)
{
    static const struct {
        const char *text;
        size_t len;
        double value;
        const char *unit;
    } cases[] = {
        {"0.12 g/cm3以下", 10, .12, "g/cm3"},
        {"-20℃只有", 6, -20, "℃"},
        {"−18℃", 8, -18, "℃"},
        {"1.2万次就裂", 9, 12000, "次"},
        {"1,200元", 8, 1200, "元"},
        {"4毫米", 7, 4, "mm"},
        {"38%。", 3, 38, "%"},
        {"500ml", 5, 500, "mL"},
        {"3 mmHg", 0, 0, ""}, /* another unit */
        {"2026年", 0, 0, ""}, /* a year is no figure that somebody wants */
        {"3年", 4, 3, "年"},
        {"12", 0, 0, ""},
        {"-", 0, 0, ""},
        {"", 0, 0, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct quantity got = {.unit = ""};
        cr_expect_eq(quantity_read(cases[i].text, &got), cases[i].len, "%s", cases[i].text);
        cr_expect_str_eq(got.unit, cases[i].unit, "%s", cases[i].text);
        cr_expect_float_eq(got.value, cases[i].value, 1e-9, "%s", cases[i].text);
    }
}

Test(quantity, letters_are_a_unit_or_not)
{
    static const struct {
        const char *letters;
        bool is_unit;
    } cases[] = {{"mm", true}, {"kwh", true}, {"μm", true},   {"mpa", true},
                 {"g", false}, {"m2", false}, {"mmx", false}, {"", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_expect_eq(quantity_is_unit(cases[i].letters), cases[i].is_unit, "%s",
                     cases[i].letters);
}

Test(quantity, a_text_says_a_number_or_does_not)
{
    static const struct {
        const char *number, *text;
        bool is_said;
    } cases[] = {
        {"4%", "通过最大冰晶带仅用4 min，损失3.1%",
         false}, /* digits and unit, not side by side */
        {"99.5%", "良率99%，移动5 mm", false},
        {"38％", "要求≤３８％", true},
        {"0.12 g/cm³", "密度为0.12g/cm3", true},
        {"1.8 mm", "对0.6～1.8 mm厚的网布", true},
        {"0.6 mm", "对0.6～1.8 mm厚的网布", true},
        {"0.6 mm", "对0.6-1.8 mm厚的网布", true},
        {"8 mm", "对0.6～1.8 mm厚的网布", false},
        {"-18℃", "降至-18℃后取出", true},
        {"18℃", "降至-18℃后取出", false},
        {"-30℃", "浸入-30～-38℃的液中", true},
        {"38℃", "浸入10-38℃的液中", true},
        {"-38℃", "浸入10-38℃的液中", false},
        {"10万次", "耐折100000次", true},
        {"4毫米", "移动4 mm", true},
        {"6 h", "按50℃、6小时测定", true},
        {"201 g", "PU-201 g级", true},
        {"1 g", "PU201 g", false},
        {"4%", "", false},
        {"4%", "4", false},
        {"鞋底", "鞋底", false}, /* no number */
        {"4%",
         "\xff\xe3"
         "4%",
         true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_expect_eq(aspect_number_is_said(cases[i].number, cases[i].text), cases[i].is_said,
                     "%s in %s", cases[i].number, cases[i].text);
}
