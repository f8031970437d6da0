#include "loader/right.h"
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a number says about itself. */
enum standing { GRANTED, APPLICATION, PCT };

/* Forms of the offices that are known: # a digit, + one more of the same, ? a letter; the rest as it stands. */
static const struct {
    const char *form;
    enum standing standing;
} forms[] = {
    {"US#######B#", GRANTED},         {"US########B#", GRANTED},
    {"US#######A", GRANTED},          {"US######A", GRANTED},
    {"US#######", GRANTED},           {"US########", GRANTED},
    {"USRE#####E", GRANTED},          {"USRE#####E#", GRANTED},
    {"US###########A#", APPLICATION}, {"US###########", APPLICATION},
    {"US##/######", APPLICATION},     {"EP#######B#", GRANTED},
    {"EP#######A#", APPLICATION},     {"EP########.#", APPLICATION},
    {"JP#######B", GRANTED},          {"JP#######B#", GRANTED},
    {"JP#######C", GRANTED},          {"JP#######C#", GRANTED},
    {"JP##########A", APPLICATION},   {"WO##########", PCT},
    {"WO##########A#", PCT},          {"WO##########B#", PCT},
    {"PCT/??####/######", PCT},       {"PCT/??##/#####", PCT},
};

static bool has_form(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++)
        if (*form == '#'   ? !g_ascii_isdigit(*text)
            : *form == '?' ? !g_ascii_isupper(*text)
                           : *text != *form)
            return false;
    return *text == '\0';
}

/* "WO01/01963" -> "WO2001001963"; "US2002030239A1" lacks a zero behind the year. Others come back as they are. */
static char *spell_out(const char *text)
{
    if (has_form(text, "WO##/#####") || has_form(text, "WO##/######")) {
        bool old = text[2] >= '7';
        return g_strdup_printf("WO%s%.2s%s%s", old ? "19" : "20", text + 2,
                               strlen(text) == 10 ? "0" : "", text + 5);
    }
    if (has_form(text, "US##########A#"))
        return g_strdup_printf("%.6s0%s", text, text + 6);
    return g_strdup(text);
}

/* "特開平6-168317" -> "JP1994168317A"; NULL when it is none. */
static char *from_japanese(const char *text)
{
    static const struct {
        const char *era;
        int offset;
    } eras[] = {{"昭", 1925}, {"平", 1988}, {"令", 2018}};
    for (size_t i = 0; i < G_N_ELEMENTS(eras); i++) {
        const char *at = strstr(text, eras[i].era);
        int year, number, used = 0;
        if (!at)
            continue;
        at += strlen(eras[i].era);
        at += g_str_has_prefix(at, "和") || g_str_has_prefix(at, "成") ? strlen("和") : 0;
        if (sscanf(at, "%2d-%6d%n", &year, &number, &used) == 2 && at[used] != '\0' &&
            !g_ascii_isalpha(at[used]))
            continue;
        if (used > 0)
            return g_strdup_printf("JP%04d%06dA", eras[i].offset + year, number);
    }
    return NULL;
}

/* Other offices: two letters of the country, then 4 to 20 of digits, letters, / . - with a digit among them. */
static bool is_foreign(const char *text)
{
    size_t len = strlen(text);
    return len >= 6 && len <= 24 && g_ascii_isupper(text[0]) && g_ascii_isupper(text[1]) &&
           text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.-")] == '\0' &&
           strpbrk(text, "0123456789");
}

/* "JP168317H06": the number and the year of the era have changed places. */
static bool is_swapped(const char *text, struct problem *problem)
{
    if (!has_form(text, "JP######H##"))
        return false;
    g_autofree char *right = g_strdup_printf("JP%d-%.6s", atoi(text + 9), text + 2);
    say(problem, CODE_BAD_NUMBER, SAY_RIGHT_SWAPPED, text, right, NULL);
    return true;
}

static bool overseas_read(const char *shown, const char *text, char **out,
                          struct problem *warning, struct problem *problem)
{
    g_autofree char *japanese = from_japanese(text);
    g_autofree char *spelt = japanese ? g_strdup(japanese) : spell_out(text);
    if (is_swapped(spelt, problem))
        return false;
    if (!is_foreign(spelt))
        return say(problem, CODE_BAD_NUMBER, SAY_RIGHT_FORM, shown, NULL);
    say(warning, CODE_OTHER, SAY_RIGHT_NOT_CHECKED, shown, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (!has_form(spelt, forms[i].form))
            continue;
        if (forms[i].standing == APPLICATION)
            say(warning, CODE_OTHER, SAY_RIGHT_APPLICATION, shown, NULL);
        if (forms[i].standing == PCT)
            say(warning, CODE_OTHER, SAY_RIGHT_PCT, shown, NULL);
        break;
    }
    *out = g_steal_pointer(&spelt);
    return true;
}

static bool chinese_read(const char *text, const char *today, char **out, const char **type_out,
                         struct problem *problem)
{
    struct patent_number number;
    if (!patent_number_read(text, today, &number, problem))
        return false;
    if (number.empty)
        return say(problem, CODE_BAD_NUMBER, SAY_RIGHT_FORM, text, NULL);
    *out = patent_number_show(&number);
    *type_out = patent_type_name(number.type);
    return true;
}

bool right_read(const char *text, const char *type, const char *today, char **out,
                const char **type_out, struct problem *warning, struct problem *problem)
{
    bool overseas = type && strcmp(type, "overseas_invention") == 0;
    bool own = type && (strcmp(type, "trademark") == 0 || strcmp(type, "ic_layout") == 0 ||
                        strcmp(type, "other") == 0);
    g_autofree char *normal = number_normal(text);
    *type_out = NULL;
    if (own) {
        *out = text_trim(text);
        return true;
    }
    bool plain = g_ascii_isdigit(*normal) || g_str_has_prefix(normal, "CN") ||
                 g_str_has_prefix(normal, "ZL");
    if (overseas || (!type && !plain))
        return overseas_read(text, normal, out, warning, problem);
    return chinese_read(text, today, out, type_out, problem);
}
