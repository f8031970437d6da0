#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/right.h"
#include "loader/symbol.h"
#include <criterion/criterion.h>
#include <string.h>

#define TODAY "2025-06-30"

/* Fails when the sentence lacks a part. */
static void expect_part(const char *row, const char *sentence, const char *part)
{
    cr_expect(sentence && strstr(sentence, part), "'%s': \"%s\" lacks \"%s\"", row,
              sentence ? sentence : "(none)", part);
}

Test(identifier, application_numbers_are_read_in_every_spelling)
{
    static const char *const rows[][3] = {
        {"201710027729.1", "CN201710027729.1", "CN201710027729"},
        {"CN201710027729.1", "CN201710027729.1", "CN201710027729"},
        {"ZL 2017 1 0027729.1", "CN201710027729.1", "CN201710027729"},
        {"CN ZL201710027729.1", "CN201710027729.1", "CN201710027729"},
        {"zl201710027729.1", "CN201710027729.1", "CN201710027729"},
        {"２０１７１００２７７２９．１", "CN201710027729.1", "CN201710027729"},
        {"201710027729·1", "CN201710027729.1", "CN201710027729"},
        {"201710027729。1", "CN201710027729.1", "CN201710027729"},
        {"2017100277291", "CN201710027729.1", "CN201710027729"},
        {"CN201710027729", "CN201710027729.1", "CN201710027729"},
        {"CN02103734.5", "CN02103734.5", "CN02103734"},
        {"021037345", "CN02103734.5", "CN02103734"},
        {"85100001", "CN85100001", "CN85100001"},
        {"CN201710027729.120170721FM", "CN201710027729.1", "CN201710027729"},
        {"201710027729120170721FM", "CN201710027729.1", "CN201710027729"},
        {"CN201710027729A", "CN201710027729.1", "CN201710027729"},
        {"201080056811.3", "CN201080056811.3", "CN201080056811"},
        {"90101673.X", "CN90101673.X", "CN90101673"},
        {"90101673x", "CN90101673.X", "CN90101673"},
        {"97101765.4", "CN97101765.4", "CN97101765"},
        {"201310699744.2", "CN201310699744.2", "CN201310699744"},
        {" 2017-1-0027729.1 ", "CN201710027729.1", "CN201710027729"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patent_number number = {0};
        struct problem problem = {0};
        bool ok = application_read(rows[i][0], TODAY, &number, &problem);
        cr_expect(ok, "'%s': %s", rows[i][0], ok ? "" : problem.en);
        g_autofree char *shown = ok ? patent_number_show(&number) : NULL;
        g_autofree char *key = ok ? patent_number_key(&number) : NULL;
        cr_expect(!ok || strcmp(shown, rows[i][1]) == 0, "'%s' shown as %s", rows[i][0], shown);
        cr_expect(!ok || strcmp(key, rows[i][2]) == 0, "'%s' has key %s", rows[i][0], key);
        problem_clear(&problem);
    }
}

Test(identifier, wrong_application_numbers_are_refused_with_what_was_expected)
{
    static const struct {
        const char *text;
        enum refusal_code code;
        const char *en, *zh;
    } rows[] = {
        {"201080056811.X", CODE_BAD_CHECK,
         "application number 201080056811.X: check character is X, should be 3; a digit may be "
         "mistyped",
         "应为 3"},
        {"89103229.2", CODE_BAD_CHECK, "check character is 2, should be 0", "应为 0"},
        {"2010800568", CODE_BAD_NUMBER,
         "application number '2010800568': 10 digits, expected 8 or 12 and a check character",
         "10 位数字"},
        {"201760027729.1", CODE_BAD_NUMBER,
         "5th digit 6 names no kind of patent (1, 2, 3, 8 or 9)", "第 5 位"},
        {"02603734.5", CODE_BAD_NUMBER, "3rd digit 6 names no kind of patent", "第 3 位"},
        {"205110027729.1", CODE_BAD_NUMBER, "year 2051 is not possible", "年份 2051"},
        {"202610027729.1", CODE_BAD_NUMBER, "year 2026 is not possible", "年份 2026"},
        {"200210027729.1", CODE_BAD_NUMBER, "year 2002 is not possible", "年份 2002"},
        {"84103734.5", CODE_BAD_NUMBER, "year 84 is not possible", "年份 84"},
        {"2.0171E+11", CODE_BAD_NUMBER,
         "'2.0171E+11' was damaged by a spreadsheet; format the column as text and export "
         "again",
         "电子表格"},
        {"201710027729100000", CODE_BAD_NUMBER, "was damaged by a spreadsheet", "电子表格"},
        {"CN106970934A", CODE_BAD_NUMBER,
         "'CN106970934A' is a publication number; put it in that column", "公开（公告）号"},
        {"106970934", CODE_BAD_NUMBER, "is a publication number", "公开（公告）号"},
        {"20171002772A.1", CODE_BAD_NUMBER, "'A' does not belong in it", "不应出现“A”"},
        {"201710027729.", CODE_BAD_NUMBER, "expected 8 or 12", "应为 8 位或 12 位"},
        {"专利", CODE_BAD_NUMBER, "does not belong in it", "不应出现"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patent_number number;
        struct problem problem = {0};
        cr_expect(!application_read(rows[i].text, TODAY, &number, &problem), "'%s' was read",
                  rows[i].text);
        expect_part(rows[i].text, problem.en, rows[i].en);
        expect_part(rows[i].text, problem.zh, rows[i].zh);
        cr_expect_eq(problem.code, rows[i].code, "'%s': %s", rows[i].text,
                     code_name(problem.code));
        problem_clear(&problem);
    }
}

Test(identifier, every_wrong_digit_and_every_swap_of_neighbours_is_caught)
{
    static const char number[] = "201710027729.1";
    for (size_t i = 5; i < 12; i++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char text[sizeof number];
            struct patent_number out;
            struct problem problem = {0};
            memcpy(text, number, sizeof text);
            text[i] = digit;
            bool same = strcmp(text, number) == 0;
            cr_expect_eq(application_read(text, TODAY, &out, &problem), same, "%s", text);
            problem_clear(&problem);
            memcpy(text, number, sizeof text);
            text[i] = number[i == 11 ? 10 : i + 1];
            text[i == 11 ? 10 : i + 1] = number[i];
            same = strcmp(text, number) == 0;
            cr_expect_eq(application_read(text, TODAY, &out, &problem), same, "%s", text);
            problem_clear(&problem);
        }
}

Test(identifier, a_bare_prefix_says_nothing)
{
    struct patent_number number = {0};
    struct problem problem = {0};
    cr_assert(application_read("CN", TODAY, &number, &problem));
    cr_assert(number.empty);
}

Test(identifier, publication_numbers_are_read_in_every_spelling)
{
    static const struct {
        const char *text, *shown;
        enum patent_type type;
    } rows[] = {
        {"CN106970934A", "CN106970934A", PATENT_INVENTION},
        {"CN 102890692 A", "CN102890692A", PATENT_INVENTION},
        {"CN-102890692-A", "CN102890692A", PATENT_INVENTION},
        {"cn212345678u", "CN212345678U", PATENT_UTILITY_MODEL},
        {"CN1234567A", "CN1234567A", PATENT_INVENTION},
        {"CN100412345C", "CN100412345C", PATENT_INVENTION},
        {"CN301234567S", "CN301234567S", PATENT_DESIGN},
        {"CN301234567", "CN301234567", PATENT_DESIGN},
        {"CN106970934A8", "CN106970934A8", PATENT_INVENTION},
        {"CN201234567Y", "CN201234567Y", PATENT_UTILITY_MODEL},
        {"106970934", "CN106970934", PATENT_INVENTION},
        {"CN87100927", "CN87100927", PATENT_INVENTION},
        {"CN87100927A", "CN87100927A", PATENT_INVENTION},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patent_number number = {0};
        struct problem problem = {0};
        bool ok = publication_read(rows[i].text, TODAY, &number, &problem);
        g_autofree char *shown = ok ? patent_number_show(&number) : NULL;
        cr_expect(ok && strcmp(shown, rows[i].shown) == 0, "'%s': %s", rows[i].text,
                  ok ? shown : problem.en);
        cr_expect_eq(number.type, rows[i].type, "type of '%s'", rows[i].text);
        problem_clear(&problem);
    }
}

Test(identifier, wrong_publication_numbers_are_refused_with_what_was_expected)
{
    static const char *const rows[][2] = {
        {"CN406970934A",
         "publication number 'CN406970934A': first digit 4, expected 1, 2 or 3"},
        {"CN10697093A", "8 digits, expected 7 or 9"},
        {"CN106970934U", "kind letter U does not go with an invention (first digit 1)"},
        {"CN206970934B", "kind letter B does not go with a utility model (first digit 2)"},
        {"CN306970934Y", "kind letter Y does not go with a design (first digit 3)"},
        {"CN106970934X", "expected CN, 7 or 9 digits and a kind letter"},
        {"XX7591949B2", "expected CN, 7 or 9 digits and a kind letter"},
        {"CN201710027729.1", "is an application number; put it in that column"},
        {"1.06971E+08", "was damaged by a spreadsheet"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patent_number number;
        struct problem problem = {0};
        cr_expect(!publication_read(rows[i][0], TODAY, &number, &problem), "'%s' was read",
                  rows[i][0]);
        expect_part(rows[i][0], problem.en, rows[i][1]);
        cr_expect(problem.zh && *problem.zh != '\0');
        problem_clear(&problem);
    }
}

Test(identifier, nine_digits_without_a_letter_are_told_apart_by_the_first)
{
    static const struct {
        const char *text;
        bool publication;
    } rows[] = {
        {"106970934", true}, {"301234567", true}, {"021037345", false}, {"971017654", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patent_number number = {0};
        struct problem problem = {0};
        cr_expect(patent_number_read(rows[i].text, TODAY, &number, &problem), "%s: %s",
                  rows[i].text, problem.en);
        cr_expect_eq(number.publication, rows[i].publication, "%s", rows[i].text);
        problem_clear(&problem);
    }
}

Test(identifier, a_publication_and_an_application_of_different_kinds_are_remarked)
{
    struct patent_number pub = {0}, app = {0};
    struct problem problem = {0};
    cr_assert(publication_read("CN212345678U", TODAY, &pub, &problem));
    cr_assert(application_read("201710027729.1", TODAY, &app, &problem));
    cr_assert(patent_numbers_differ(&pub, &app, &problem));
    expect_part(
        "pair", problem.en,
        "publication CN212345678U and application CN201710027729.1 are of different kinds");
    problem_clear(&problem);
}

Test(identifier, credit_codes_pass_both_checks)
{
    static const char *const rows[] = {
        "91350582000000019U",       "9135058200000006XY",
        "91350582MA000004X0",       "91350582ma000004x0",
        " 9135 0582 0000 0001 9U ", "９１３５０５８２０００００００１９Ｕ"};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct problem warning = {0}, problem = {0};
        char *code = NULL;
        cr_expect(uscc_read(rows[i], &code, &warning, &problem), "'%s': %s", rows[i],
                  problem.en);
        cr_expect(!warning.en, "'%s': %s", rows[i], warning.en);
        problem_clear(&problem);
        g_free(code);
    }
}

Test(identifier, wrong_credit_codes_are_refused_with_what_was_expected)
{
    static const struct {
        const char *text, *part;
        enum refusal_code code;
    } rows[] = {
        {"91350582000000019X",
         "credit code 91350582000000019X: check character is X, should be U", CODE_BAD_CHECK},
        {"9135O582000000019U", "'O' at place 5 is never used; perhaps 0", CODE_BAD_NUMBER},
        {"9I350582000000019U", "'I' at place 2 is never used; perhaps 1", CODE_BAD_NUMBER},
        {"913S0582000000019U", "'S' at place 4 is never used; perhaps 5", CODE_BAD_NUMBER},
        {"9135058Z000000019U", "'Z' at place 8 is never used; perhaps 2", CODE_BAD_NUMBER},
        {"350582100012345", "'350582100012345' is an old registration number", CODE_BAD_NUMBER},
        {"000000019", "is an organisation code; the 18-character credit code is needed",
         CODE_BAD_NUMBER},
        {"9135058200000001U", "17 characters, expected 18", CODE_BAD_NUMBER},
        {"9.13506E+17", "9.13506E+17 was damaged by a spreadsheet", CODE_BAD_NUMBER},
        {"2.0171E+1666666661", "was damaged by a spreadsheet",
         CODE_BAD_NUMBER}, /* 18 characters, not all of a code */
        {"913505820000000190", "check character is 0, should be U", CODE_BAD_CHECK},
        {"晋江市某某鞋业有限公司统一社会信用代码吗", "20 characters, expected 18",
         CODE_BAD_NUMBER},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct problem warning = {0}, problem = {0};
        char *code = NULL;
        cr_expect(!uscc_read(rows[i].text, &code, &warning, &problem), "'%s' was read",
                  rows[i].text);
        expect_part(rows[i].text, problem.en, rows[i].part);
        cr_expect_eq(problem.code, rows[i].code, "'%s': %s", rows[i].text,
                     code_name(problem.code));
        problem_clear(&problem);
    }
}

/* A made-up code of the pilot time: place 17 is right by GB 11714, place 18 is not by GB 32100. */
Test(identifier, codes_of_the_pilot_time_are_taken_with_a_warning)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int taken = 0;
    for (const char *inner = "0123456789X"; *inner != '\0'; inner++)
        for (const char *last = alphabet; *last != '\0'; last++) {
            g_autofree char *text = g_strdup_printf("91350582M0000012%c%c", *inner, *last);
            struct problem warning = {0}, problem = {0};
            char *code = NULL;
            if (uscc_read(text, &code, &warning, &problem) && warning.en &&
                strstr(warning.en, "pilot time"))
                taken++;
            problem_clear(&warning);
            problem_clear(&problem);
            g_free(code);
        }
    cr_assert_eq(taken, 30, "one place 17 is right, and 30 of 31 place 18 are not: %d", taken);
}

Test(identifier, divisions_are_read_from_codes_and_names)
{
    static const struct {
        const char *text, *code, *part;
    } rows[] = {
        {"350582", "350582", NULL},
        {"350582000000", "350582", NULL},
        {"350582001", "350582", NULL},
        {"晋江市", "350582", NULL},
        {"福建省泉州市晋江市", "350582", NULL},
        {"福州市鼓楼区", "350102", NULL},
        {"350528", NULL, "division '350528': not in the list of division codes"},
        {"鼓楼区", NULL, "division '鼓楼区': four cities have one; give the code or the city"},
        {"35058", NULL, "5 digits, expected 6"},
        {"火星市", NULL, "no place of this name"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct problem problem = {0};
        g_autofree char *code = NULL;
        bool ok = division_read(rows[i].text, &code, &problem);
        cr_expect_eq(ok, rows[i].code != NULL, "'%s': %s", rows[i].text, problem.en);
        cr_expect(!ok || strcmp(code, rows[i].code) == 0, "'%s' is %s", rows[i].text, code);
        if (!ok && rows[i].part)
            expect_part(rows[i].text, problem.en, rows[i].part);
        problem_clear(&problem);
    }
}

Test(identifier, codes_of_agencies_and_contracts_have_their_lengths)
{
    struct problem problem = {0}, warning = {0};
    g_autofree char *code = NULL, *name = NULL, *registration = NULL, *other = NULL,
                    *practice = NULL;
    cr_assert(!agency_code_read("4434", &code, &problem));
    expect_part("4434", problem.en, "agency code '4434': 4 digits, expected 5");
    cr_assert(agency_split("深圳市某某代理事务所(普通合伙) 44347", &name, &code));
    cr_assert_str_eq(name, "深圳市某某代理事务所(普通合伙)");
    cr_assert_str_eq(code, "44347");
    cr_assert(registration_read("2022350582000123", &registration, &warning, &problem) &&
              !warning.en);
    cr_assert(registration_read("闽-2022-1", &other, &warning, &problem));
    expect_part("闽-2022-1", warning.en, "expected 14 or 16 digits; kept as it stands");
    problem_clear(&warning);
    cr_assert(practice_read("4434712345.6", &practice, &warning, &problem) && !warning.en);
    cr_assert_str_eq(practice, "44347123456");
    problem_clear(&problem);
}

Test(identifier, rights_abroad_are_read_by_the_form_of_their_office)
{
    static const char *const rows[][3] = {
        {"US7591949B2", "US7591949B2", "not checked"},
        {"US20010031072A1", "US20010031072A1",
         "is an application; give the number of the granted patent"},
        {"US2002030239A1", "US20020030239A1", "is an application"},
        {"WO2001001963A1", "WO2001001963A1", "a PCT publication is not a patent"},
        {"WO01/01963", "WO2001001963", "a PCT publication is not a patent"},
        {"EP0049154B2", "EP0049154B2", "not checked"},
        {"JP3746071B2", "JP3746071B2", "not checked"},
        {"特開平6-168317", "JP1994168317A", "is an application"},
        {"KR10-1234567", "KR10-1234567", "not checked"},
        {"JP168317H06", NULL, "'JP168317H06': number and year are swapped; perhaps JP6-168317"},
        {"美国专利", NULL, "is no patent number that can be read"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct problem warning = {0}, problem = {0};
        g_autofree char *out = NULL;
        const char *type;
        bool ok = right_read(rows[i][0], "overseas_invention", TODAY, &out, &type, &warning,
                             &problem);
        cr_expect_eq(ok, rows[i][1] != NULL, "'%s'", rows[i][0]);
        cr_expect(!ok || strcmp(out, rows[i][1]) == 0, "'%s' is %s", rows[i][0], out);
        expect_part(rows[i][0], ok ? warning.en : problem.en, rows[i][2]);
        problem_clear(&warning);
        problem_clear(&problem);
    }
}

Test(identifier, the_type_of_a_right_follows_from_its_number)
{
    struct problem warning = {0}, problem = {0};
    g_autofree char *out = NULL;
    const char *type;
    cr_assert(right_read("ZL202121000202.8", NULL, TODAY, &out, &type, &warning, &problem) ||
              problem.en);
    problem_clear(&problem);
    g_clear_pointer(&out, g_free);
    cr_assert(right_read("CN212345678U", NULL, TODAY, &out, &type, &warning, &problem), "%s",
              problem.en);
    cr_assert_str_eq(type, "utility_model");
}

Test(identifier, symbols_that_cannot_be_read_are_kept_as_printed)
{
    struct problem warning = {0};
    g_autofree char *good = symbol_read("E01B3/32(2006.01)I", &warning);
    cr_assert_str_eq(good, "E01B3/32");
    cr_assert(!warning.en);
    g_autofree char *bad = symbol_read("鞋类", &warning);
    cr_assert_str_eq(bad, "鞋类");
    expect_part("鞋类", warning.en, "kept as printed");
    problem_clear(&warning);
    g_autofree char *locarno = symbol_read_locarno("09-03(8)", &warning);
    cr_assert_str_eq(locarno, "09-03(8)");
}

Test(identifier, two_spellings_of_a_name_have_one_key)
{
    static const char *const rows[][2] = {
        {"晋江市某某鞋业（福建）有限公司", "晋江市某某鞋业(福建)有限公司"},
        {"ＡＢＣ 科技 有限公司", "abc科技有限公司"},
        {"某某【福建】公司\xe2\x80\x8b", "某某(福建)公司"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *a = name_fold(rows[i][0]);
        g_autofree char *b = name_fold(rows[i][1]);
        cr_expect_str_eq(a, b);
    }
    g_autofree char *cut = text_cut("鞋底", 4);
    cr_assert_str_eq(cut, "鞋");
}
