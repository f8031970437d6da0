/* Credit codes, divisions, registration numbers, codes of agencies and attorneys. */
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include "loader/tables.h"
#include <stdlib.h>
#include <string.h>

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* number_normal without dashes. */
static char *number_bare(const char *text)
{
    char *normal = number_normal(text);
    char *to = normal;
    for (const char *from = normal; *from != '\0'; from++)
        if (*from != '-')
            *to++ = *from;
    *to = '\0';
    return normal;
}

static bool is_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* GB 32100: weights 3^(i-1) mod 31. Only for 17 characters of the alphabet. */
static char uscc_check(const char *code)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += (int)(strchr(uscc_alphabet, code[i]) - uscc_alphabet) * weight;
    return uscc_alphabet[(31 - sum % 31) % 31];
}

/* GB 11714: check of the eight characters of an organisation code. */
static char organisation_check(const char *code)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += (g_ascii_isdigit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10) * weights[i];
    return "0123456789X0"[11 - sum % 11];
}

/* A character outside the alphabet; the five letters left out for their likeness get a suggestion. */
static bool uscc_say_character(const char *code, struct problem *problem)
{
    static const char left_out[] = "IOSVZ", perhaps[] = "105U2";
    for (const char *c = code; *c != '\0'; c = text_next(c)) {
        if ((unsigned char)*c < 0x80 && strchr(uscc_alphabet, *c))
            continue;
        g_autofree char *wrong = g_utf8_substring(c, 0, 1);
        g_autofree char *place = g_strdup_printf("%ld", g_utf8_pointer_to_offset(code, c) + 1);
        const char *known = strchr(left_out, *c);
        char right[2] = {known ? perhaps[known - left_out] : '\0', '\0'};
        return known ? say(problem, CODE_BAD_NUMBER, SAY_USCC_LETTER, code, wrong, place, right,
                           NULL)
                     : say(problem, CODE_BAD_NUMBER, SAY_USCC_CHARACTER, code, wrong, place,
                           NULL);
    }
    return true;
}

/* Length and characters. */
static bool uscc_has_form(const char *code, struct problem *problem)
{
    glong len = g_utf8_strlen(code, -1);
    g_autofree char *count = g_strdup_printf("%ld", len);
    bool plain = code[strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
    bool could_be = len == 18 && code[strspn(code, uscc_alphabet)] == '\0';
    if (number_is_damaged(code) && !(could_be && uscc_check(code) == code[17]))
        return say(problem, CODE_BAD_NUMBER, SAY_USCC_DAMAGED, code, NULL);
    if (len == 15 && is_digits(code))
        return say(problem, CODE_BAD_NUMBER, SAY_USCC_OLD, code, NULL);
    if (len == 9 && plain)
        return say(problem, CODE_BAD_NUMBER, SAY_USCC_ORGANISATION, code, NULL);
    if (len != 18)
        return say(problem, CODE_BAD_NUMBER, SAY_USCC_LENGTH, code, count, NULL);
    return uscc_say_character(code, problem);
}

bool uscc_read(const char *text, char **out, struct problem *warning, struct problem *problem)
{
    g_autofree char *code = number_bare(text);
    if (!uscc_has_form(code, problem))
        return false;
    char right[2] = {uscc_check(code), '\0'}, given[2] = {code[17], '\0'};
    char inner_right[2] = {organisation_check(code + 8), '\0'}, inner[2] = {code[16], '\0'};
    bool pilot = strncmp(code + 8, "M000", 4) == 0 && *inner == *inner_right;
    if (*given != *right && !pilot)
        return say(problem, CODE_BAD_CHECK, SAY_USCC_CHECK, code, given, right, NULL);
    if (*given != *right)
        say(warning, CODE_OTHER, SAY_USCC_M000, code, NULL);
    else if (*inner != *inner_right)
        say(warning, CODE_OTHER, SAY_USCC_INNER, code, inner, inner_right, NULL);
    *out = g_steal_pointer(&code);
    return true;
}

static int compare_division(const void *key, const void *row)
{
    return strncmp(key, ((const struct division_row *)row)->code, 6);
}

static const struct division_row *division_find(const char *code)
{
    return bsearch(code, table_divisions, table_division_count, sizeof *table_divisions,
                   compare_division);
}

/* "晋江市", "泉州市晋江市", "福建省泉州市晋江市", and the name without its last character. */
static bool division_has_name(const struct division_row *row, const char *name)
{
    size_t len = strlen(name), own = strlen(row->name);
    if (*row->in_use != '1' || g_str_has_suffix(row->name, "辖区") || own == 3)
        return false;
    if (g_str_has_prefix(row->name, name) && g_utf8_strlen(row->name + len, -1) <= 1)
        return true;
    if (!g_str_has_suffix(name, row->name) || len == own)
        return false;
    g_autofree char *above = g_strndup(name, len - own);
    return strstr(row->above, above) != NULL;
}

static const char *number_word(int n)
{
    static const char *const words[] = {"no",  "one",   "two",   "three", "four", "five",
                                        "six", "seven", "eight", "nine",  "ten"};
    return n <= 10 ? words[n] : "more than ten";
}

static bool division_by_name(const char *name, char **out, struct problem *problem)
{
    const struct division_row *found = NULL;
    int count = 0;
    for (size_t i = 0; i < table_division_count; i++) {
        if (!division_has_name(&table_divisions[i], name))
            continue;
        found = &table_divisions[i];
        count++;
    }
    g_autofree char *number = g_strdup_printf("%d", count);
    if (count > 1)
        return say(problem, CODE_BAD_NUMBER, SAY_DIVISION_MANY, name, number_word(count),
                   number, NULL);
    if (count == 0)
        return say(problem, CODE_BAD_NUMBER, SAY_DIVISION_NAME, name, NULL);
    *out = g_strdup(found->code);
    return true;
}

bool division_read(const char *text, char **out, struct problem *problem)
{
    g_autofree char *code = number_normal(text);
    size_t len = strlen(code);
    g_autofree char *count = g_strdup_printf("%zu", len);
    if (!is_digits(code) && !number_is_damaged(code))
        return division_by_name(code, out, problem);
    if (number_is_damaged(code))
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, code, NULL);
    if (len != 6 && len != 9 && len != 12)
        return say(problem, CODE_BAD_NUMBER, SAY_DIVISION_LENGTH, code, count, NULL);
    if (!division_find(code))
        return say(problem, CODE_BAD_NUMBER, SAY_DIVISION_UNKNOWN, code, NULL);
    *out = g_strndup(code, 6);
    return true;
}

bool registration_read(const char *text, char **out, struct problem *warning,
                       struct problem *problem)
{
    g_autofree char *code = number_normal(text);
    size_t len = strlen(code);
    g_autofree char *count = g_strdup_printf("%ld", g_utf8_strlen(code, -1));
    if (number_has_exponent(code))
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, code, NULL);
    if (!is_digits(code) || (len != 14 && len != 16))
        say(warning, CODE_OTHER, SAY_REGISTRATION_FORM, code, count, NULL);
    *out = g_steal_pointer(&code);
    return true;
}

bool agency_code_read(const char *text, char **out, struct problem *problem)
{
    g_autofree char *code = number_normal(text);
    size_t digits = strspn(code, "0123456789");
    g_autofree char *count = g_strdup_printf("%zu", digits);
    g_autofree char *wrong =
        code[digits] != '\0' ? g_utf8_substring(code + digits, 0, 1) : NULL;
    if (wrong)
        return say(problem, CODE_BAD_NUMBER, SAY_AGENCY_CHARACTERS, code, wrong, NULL);
    if (digits != 5)
        return say(problem, CODE_BAD_NUMBER, SAY_AGENCY_LENGTH, code, count, NULL);
    *out = g_steal_pointer(&code);
    return true;
}

bool agency_split(const char *text, char **name, char **code)
{
    g_autofree char *trimmed = text_trim(text);
    size_t len = strlen(trimmed);
    if (len < 7 || !is_digits(trimmed + len - 5) || !g_ascii_isspace(trimmed[len - 6]))
        return false;
    *code = g_strdup(trimmed + len - 5);
    trimmed[len - 6] = '\0';
    *name = text_trim(trimmed);
    return true;
}

bool practice_read(const char *text, char **out, struct problem *warning,
                   struct problem *problem)
{
    g_autofree char *code = number_bare(text);
    g_auto(GStrv) parts = g_strsplit(code, ".", -1);
    g_autofree char *bare = g_strjoinv("", parts);
    size_t digits = strspn(bare, "0123456789");
    if (number_has_exponent(code))
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, code, NULL);
    bool right = strlen(bare) == 11 && (digits == 11 || (digits == 10 && bare[10] == 'X'));
    if (!right)
        say(warning, CODE_OTHER, SAY_PRACTICE_FORM, code, NULL);
    *out = right ? g_steal_pointer(&bare) : g_steal_pointer(&code);
    return true;
}

bool code_read(const char *text, char **out, struct problem *problem)
{
    g_autofree char *code = text_normal(text);
    size_t len = strlen(code);
    bool plain = true;
    for (const char *c = code; *c != '\0'; c++)
        plain = plain && (g_ascii_isalnum(*c) || *c == '_' || *c == '-');
    if (!plain || len == 0 || len > 32)
        return say(problem, CODE_BAD_NUMBER, SAY_CODE_FORM, code, NULL);
    *out = g_steal_pointer(&code);
    return true;
}
