#include "matcher/class.h"
#include "matcher/error.h"

#include <criterion/criterion.h>
#include <string.h>

Test(class, every_spelling_of_a_symbol_has_one_normal_form)
{
    static const struct {
        const char *text, *normal, *print;
    } rows[] = {
        {"G06F17/30", "G06F17/30", "G06F 17/30"},
        {"G06F 17/30", "G06F17/30", "G06F 17/30"},
        {"  g06f 17/30 ", "G06F17/30", "G06F 17/30"},
        {"G 06 F 17 / 30", "G06F17/30", "G06F 17/30"},
        {"Ｇ０６Ｆ１７／３０", "G06F17/30", "G06F 17/30"},
        {"E01B3/32(2006.01)I", "E01B3/32", "E01B 3/32"},
        {"G06F 17/30(2006.01)", "G06F17/30", "G06F 17/30"},
        {"G06F 17/30 (2006.01) N", "G06F17/30", "G06F 17/30"},
        {"G06F17/30(2006·01)I", "G06F17/30", "G06F 17/30"},
        {"G06F17/30（2006．01）I", "G06F17/30", "G06F 17/30"},
        {"G06F-003/0481/7", "G06F3/0481", "G06F 3/0481"},
        {"G06F3/0481", "G06F3/0481", "G06F 3/0481"},
        {"Y02E10/50", "Y02E10/50", "Y02E 10/50"},
        {"H04L2012/40208", "H04L2012/40208", "H04L 2012/40208"},
        {"G01N2333/705", "G01N2333/705", "G01N 2333/705"},
        {"G06F0017300000", "G06F17/30", "G06F 17/30"},
        {"A43B0013040000", "A43B13/04", "A43B 13/04"},
        {"G06F0003048170", "G06F3/04817", "G06F 3/04817"},
        {"A43B0013000000", "A43B13/00", "A43B 13/00"},
        {"G06F  17/30      20060101AFI20060722BHEP   ", "G06F17/30", "G06F 17/30"},
        {"A43B  13/04    20060101ALN20170315BHCN", "A43B13/04", "A43B 13/04"},
        {"E", "E", "E"},
        {"A43", "A43", "A43"},
        {"A43B", "A43B", "A43B"},
        {"A43B13", "A43B13", "A43B 13"},
        {"A43B 013", "A43B13", "A43B 13"},
        {"A43B-", "A43B", "A43B"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct class_code code;
        char out[CLASS_TEXT];
        g_autoptr(GError) error = NULL;
        cr_expect(class_parse(rows[i].text, &code, &error), "'%s': %s", rows[i].text,
                  error ? error->message : "");
        if (error)
            continue;
        cr_expect_str_eq(class_write(&code, out), rows[i].normal, "'%s' is written %s",
                         rows[i].text, out);
        cr_expect_str_eq(class_print(&code, out), rows[i].print, "'%s' is printed %s",
                         rows[i].text, out);
    }
}

Test(class, a_refusal_names_the_value_and_what_was_expected)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"G6F17/30", "IPC 'G6F17/30': class needs two digits, as in G06F 17/30"},
        {"G00F17/30", "IPC 'G00F17/30': class needs two digits, as in G06F 17/30"},
        {"I06F17/30", "IPC 'I06F17/30': section is A to H"},
        {"06F17/30", "IPC '06F17/30': section is A to H"},
        {"", "IPC '': empty, expected a symbol such as G06F 17/30"},
        {"  ", "IPC '  ': empty, expected a symbol such as G06F 17/30"},
        {"G0617/30", "IPC 'G0617/30': subclass is a letter, as in G06F 17/30"},
        {"G06FX/30",
         "IPC 'G06FX/30': main group is a number of 1 to 4 digits, as in G06F 17/30"},
        {"G06F000/30",
         "IPC 'G06F000/30': main group is a number of 1 to 4 digits, as in G06F 17/30"},
        {"G06F12345/30",
         "IPC 'G06F12345/30': main group is a number of 1 to 4 digits, as in G06F 17/30"},
        {"G06F17/", "IPC 'G06F17/': subgroup has 2 to 6 digits, as in G06F 17/30"},
        {"G06F17/3", "IPC 'G06F17/3': subgroup has 2 to 6 digits, as in G06F 17/30"},
        {"G06F17/3000000",
         "IPC 'G06F17/3000000': subgroup has 2 to 6 digits, as in G06F 17/30"},
        {"G06F17/30;A43B13/04",
         "IPC 'G06F17/30;A43B13/04': something else follows the symbol; expected its end, "
         "as in G06F 17/30, or a version as (2006.01)"},
        {"制鞋", "IPC '制鞋': section is A to H"},
        {"\xff\xfe", "IPC '��': not a symbol such as G06F 17/30"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct class_code code = {.section = '?'};
        g_autoptr(GError) error = NULL;
        cr_expect_not(class_parse(rows[i].text, &code, &error), "'%s' was read", rows[i].text);
        cr_expect_eq(code.section, '?', "'%s' touched the result", rows[i].text);
        cr_expect(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT), "'%s'",
                  rows[i].text);
        if (error)
            cr_expect_str_eq(error->message, rows[i].message, "'%s' says: %s", rows[i].text,
                             error->message);
    }
}

Test(class, a_long_value_is_refused_and_shown_cut_between_characters)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct class_code code;
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 500; i++)
        g_string_append(text, "鞋");
    cr_assert_not(class_parse(text->str, &code, &error));
    cr_assert(g_utf8_validate(error->message, -1, NULL));
    cr_assert(strstr(error->message, "鞋…'") != NULL, "%s", error->message);
}

Test(class, what_stands_behind_the_symbol_is_kept)
{
    struct class_code code;
    cr_assert(class_parse("E01B3/32(2006.01)I", &code, NULL));
    cr_assert_str_eq(code.edition, "2006.01");
    cr_assert_eq(code.role, 'I');
    cr_assert(class_parse("A43B  13/04    20060101ALN20170315BHCN", &code, NULL));
    cr_assert_str_eq(code.edition, "2006.01");
    cr_assert_eq(code.role, 'N');
    cr_assert(class_parse("G06F17/30", &code, NULL));
    cr_assert_str_eq(code.edition, "");
    cr_assert_eq(code.role, 0);
}

Test(class, a_fifth_digit_is_kept_apart_and_can_be_joined)
{
    struct class_code code;
    char out[CLASS_TEXT];
    cr_assert(class_parse("G06F-003/0481/7", &code, NULL));
    struct class_code joined = class_join_fifth(&code);
    cr_assert_str_eq(class_write(&joined, out), "G06F3/04817");
    g_autofree char *note = class_note("G06F-003/0481/7", &code);
    cr_assert_str_eq(note, "IPC 'G06F-003/0481/7': kept as G06F 3/0481; perhaps G06F 3/04817");
}

Test(class, a_main_group_alone_is_noted_and_nothing_else_is)
{
    struct class_code code;
    cr_assert(class_parse("G06F17", &code, NULL));
    g_autofree char *note = class_note("G06F17", &code);
    cr_assert_str_eq(note, "IPC 'G06F17': main group without subgroup, kept as main group");
    static const char *const quiet[] = {"G", "G06", "G06F", "G06F17/30", "G06F17/00"};
    for (size_t i = 0; i < G_N_ELEMENTS(quiet); i++) {
        cr_assert(class_parse(quiet[i], &code, NULL));
        g_autofree char *none = class_note(quiet[i], &code);
        cr_expect_null(none, "%s", quiet[i]);
    }
}

Test(class, symbols_share_the_levels_down_to_where_they_part)
{
    static const struct {
        const char *a, *b;
        int shared;
    } rows[] = {
        {"A43B13/04", "A43B13/04", 5}, {"A43B13/04", "A43B13/12", 4},
        {"A43B13/00", "A43B13/12", 4}, {"A43B13", "A43B13/00", 4},
        {"A43B13/04", "A43B17/00", 3}, {"A43B13/04", "A43D1/00", 2},
        {"A43B13/04", "A41", 1},       {"A43B13/04", "A", 1},
        {"A43B13/04", "B43B13/04", 0}, {"G06F3/045", "G06F3/0450", 4},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct class_code a, b;
        cr_assert(class_parse(rows[i].a, &a, NULL) && class_parse(rows[i].b, &b, NULL));
        cr_expect_eq(class_shared(&a, &b), rows[i].shared, "%s %s", rows[i].a, rows[i].b);
        cr_expect_eq(class_shared(&b, &a), rows[i].shared, "%s %s", rows[i].b, rows[i].a);
    }
}

Test(class, symbols_stand_in_the_order_of_the_printed_scheme)
{
    static const char *const rows[] = {
        "A",         "A43",       "A43B",           "A43B3/00",   "A43B13/00",
        "A43B13/04", "A43B13/12", "G06F3/048",      "G06F3/0481", "G06F3/05",
        "G06F17/30", "H04L12/28", "H04L2012/40208", "Y02E10/50"};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(rows); j++) {
            struct class_code a, b;
            cr_assert(class_parse(rows[i], &a, NULL) && class_parse(rows[j], &b, NULL));
            int order = class_compare(&a, &b);
            cr_expect_eq((order > 0) - (order < 0), (i > j) - (i < j), "%s %s", rows[i],
                         rows[j]);
        }
}

Test(class, locarno_classes_are_read_with_and_without_edition)
{
    static const struct {
        const char *text, *normal;
        int edition;
    } rows[] = {
        {"02-04", "02-04", 0}, {"02-04(13)", "02-04", 13}, {" 09-03（9） ", "09-03", 9}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct locarno_code code;
        char out[CLASS_TEXT];
        cr_assert(locarno_parse(rows[i].text, &code, NULL), "%s", rows[i].text);
        cr_expect_str_eq(locarno_write(&code, out), rows[i].normal, "%s", rows[i].text);
        cr_expect_eq(code.edition, rows[i].edition, "%s", rows[i].text);
    }
    static const char *const wrong[] = {"",       "2-04",    "02-4",       "0204",
                                        "02-04(", "02-04()", "02-04(123)", "02-04x"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct locarno_code code;
        g_autoptr(GError) error = NULL;
        cr_expect_not(locarno_parse(wrong[i], &code, &error), "'%s' was read", wrong[i]);
        g_autofree char *want = g_strdup_printf(
            "Locarno '%s': expected two digits, a dash and two digits, as in 02-04", wrong[i]);
        cr_expect_str_eq(error->message, want);
    }
}

Test(class, a_path_leads_from_the_section_down)
{
    static const struct {
        const char *symbol;
        int depth;
        const char *place[CLASS_LEVELS];
    } rows[] = {
        {"G06F17/30", 5, {"G", "G06", "G06F", "G06F 17", "G06F 17/30"}},
        {"G06F17/00", 4, {"G", "G06", "G06F", "G06F 17"}},
        {"G06F", 3, {"G", "G06", "G06F"}},
        {"02-04(13)", 2, {"02", "02-04"}},
        {"not a symbol", 0, {0}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct class_path path = class_path(rows[i].symbol);
        cr_expect_eq(path.depth, rows[i].depth, "%s", rows[i].symbol);
        for (int level = 0; level < rows[i].depth; level++)
            cr_expect_str_eq(path.place[level], rows[i].place[level], "%s", rows[i].symbol);
    }
}
