#include "loader/money.h"
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include <string.h>

/* Longest first: 万元 before 元. -1: another currency, nothing is converted. */
static const struct {
    const char *name;
    int64_t fen;
} units[] = {
    {"百万元", 100000000},
    {"千万元", 1000000000},
    {"万元整", 1000000},
    {"亿元", 10000000000},
    {"万元", 1000000},
    {"千元", 100000},
    {"百万", 100000000},
    {"美元", -1},
    {"欧元", -1},
    {"日元", -1},
    {"港元", -1},
    {"港币", -1},
    {"英镑", -1},
    {"万美元", -1},
    {"台币", -1},
    {"usd", -1},
    {"eur", -1},
    {"hkd", -1},
    {"jpy", -1},
    {"gbp", -1},
    {"us$", -1},
    {"$", -1},
    {"€", -1},
    {"£", -1},
    {"元整", 100},
    {"亿", 10000000000},
    {"万", 1000000},
    {"元", 100},
    {"分", 1},
    {"yuan", 100},
};

/* Words beside a unit that say nothing more than "our money". */
static char *drop_words(const char *folded)
{
    static const char *const words[] = {"单位", "人民币", "rmb", "cny", ":", "：", "¥",
                                        "￥",   "(",      ")",   "/",   "_", NULL};
    GString *out = g_string_new(folded);
    for (int i = 0; words[i]; i++)
        g_string_replace(out, words[i], "", 0);
    return g_string_free(out, FALSE);
}

int64_t money_unit(const char *folded)
{
    g_autofree char *bare = drop_words(folded);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(bare, units[i].name) == 0)
            return units[i].fen;
        if (units[i].fen < 0 && strstr(bare, units[i].name))
            return -1;
    }
    return 0;
}

int64_t money_unit_tail(const char *folded, size_t *cut)
{
    const size_t len = strlen(folded);
    size_t best = 0;
    int64_t fen = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t own = strlen(units[i].name);
        if (own <= best || own >= len || !g_str_has_suffix(folded, units[i].name))
            continue;
        best = own;
        fen = units[i].fen;
    }
    *cut = len - best;
    while (fen != 0 && *cut > 0 && strchr("/_-:", folded[*cut - 1]))
        --*cut;
    return fen;
}

/* The digits of a number, told from its marks. */
struct numeral {
    bool negative;
    char whole[24];    /* digits before the point */
    char fraction[24]; /* after it, zeros at the end cut */
    const char *rest;  /* what follows */
};

/* "1,200,000": groups of three behind the first comma. */
static const char *take_whole(const char *text, char *out, size_t size)
{
    size_t len = 0, group = 0;
    bool grouped = false;
    for (; g_ascii_isdigit(*text) || (*text == ',' && g_ascii_isdigit(text[1])); text++) {
        if (*text == ',') {
            if ((grouped && group != 3) || len == 0 || len > 3 + 18 || (!grouped && len > 3))
                return NULL;
            grouped = true;
            group = 0;
            continue;
        }
        if (len + 1 >= size)
            return NULL;
        out[len++] = *text;
        group++;
    }
    out[len] = '\0';
    return len == 0 || (grouped && group != 3) ? NULL : text;
}

static bool numeral_take(const char *text, struct numeral *out)
{
    out->negative = *text == '-';
    text += *text == '-' || *text == '+';
    text = take_whole(text, out->whole, sizeof out->whole);
    if (!text)
        return false;
    size_t digits = *text == '.' ? strspn(text + 1, "0123456789") : 0;
    if (*text == '.' && digits == 0)
        return false;
    size_t kept = digits;
    while (kept > 0 && text[kept] == '0')
        kept--;
    if (kept + 1 >= sizeof out->fraction)
        return false;
    memcpy(out->fraction, text + 1, kept);
    out->fraction[kept] = '\0';
    out->rest = text + (digits > 0 ? digits + 1 : 0);
    return true;
}

/* out = out * 10 + digit, within MONEY limits. */
static bool push_digit(int64_t *out, char digit)
{
    if (*out > (INT64_MAX - 9) / 10)
        return false;
    *out = *out * 10 + (digit - '0');
    return true;
}

enum scaled { SCALED, SCALED_TOO_LARGE, SCALED_TOO_FINE };

/* whole.fraction x scale, exactly. scale is a power of ten. */
static enum scaled numeral_scale(const struct numeral *numeral, int64_t scale, int64_t *out)
{
    int64_t sum = 0;
    const char *fraction = numeral->fraction;
    for (const char *c = numeral->whole; *c != '\0'; c++)
        if (!push_digit(&sum, *c))
            return SCALED_TOO_LARGE;
    for (; scale > 1; scale /= 10)
        if (!push_digit(&sum, *fraction != '\0' ? *fraction++ : '0'))
            return SCALED_TOO_LARGE;
    *out = numeral->negative ? -sum : sum;
    return *fraction == '\0' ? SCALED : SCALED_TOO_FINE;
}

static const char *unit_name(int64_t fen)
{
    static const char *const names[] = {"分", "元", "千元", "万元", "百万元", "千万元", "亿元"};
    static const int64_t scales[] = {1,         100,        100000,     1000000,
                                     100000000, 1000000000, 10000000000};
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++)
        if (fen == scales[i])
            return names[i];
    return "?";
}

static bool money_check(const char *shown, enum scaled scaled, int64_t fen,
                        const struct money_column *column, struct problem *problem)
{
    if (scaled == SCALED_TOO_FINE)
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_FRACTION, shown, NULL);
    if (scaled == SCALED_TOO_LARGE || fen > column->max ||
        (fen < column->min && column->min < 0))
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_RANGE, shown, NULL);
    if (fen < column->min)
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_NEGATIVE, shown, NULL);
    return true;
}

/* A sign of our currency in front is dropped. */
static const char *skip_currency(const char *text)
{
    static const char *const signs[] = {"¥", "￥", "rmb", "cny", "人民币", NULL};
    for (int i = 0; signs[i]; i++)
        if (g_str_has_prefix(text, signs[i]))
            return skip_currency(text + strlen(signs[i]));
    return text;
}

bool money_read(const char *text, const struct money_column *column, int64_t *fen, bool *said,
                struct problem *problem)
{
    struct numeral numeral = {0};
    g_autofree char *shown = text_normal(text);
    g_autofree char *folded = text_fold(text);
    if (number_has_exponent(folded))
        return say(problem, CODE_BAD_VALUE, SAY_DAMAGED, shown, NULL);
    bool is_numeral = numeral_take(skip_currency(folded), &numeral);
    int64_t unit = is_numeral && *numeral.rest != '\0' ? money_unit(numeral.rest) : 0;
    if (unit < 0 || (!is_numeral && money_unit(folded) < 0))
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_CURRENCY, shown,
                   is_numeral ? numeral.rest : shown, NULL);
    if (!is_numeral || (*numeral.rest != '\0' && unit == 0))
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_FORM, shown, NULL);
    if (unit > 0 && column->scale_said && unit != column->scale)
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_UNITS, shown, unit_name(unit),
                   unit_name(column->scale), NULL);
    int64_t value = 0;
    enum scaled scaled = numeral_scale(&numeral, unit > 0 ? unit : column->scale, &value);
    if (!money_check(shown, scaled, value, column, problem))
        return false;
    *fen = value;
    *said = unit > 0;
    return true;
}

bool integer_read(const char *text, int64_t min, int64_t max, int64_t *out,
                  struct problem *problem)
{
    struct numeral numeral = {0};
    g_autofree char *shown = text_normal(text);
    g_autofree char *folded = text_fold(text);
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, min);
    g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, max);
    int64_t value = 0;
    if (number_has_exponent(folded))
        return say(problem, CODE_BAD_VALUE, SAY_DAMAGED, shown, NULL);
    if (!numeral_take(folded, &numeral) || *numeral.rest != '\0' || *numeral.fraction != '\0')
        return say(problem, CODE_BAD_VALUE, SAY_INTEGER_FORM, shown, NULL);
    if (numeral_scale(&numeral, 1, &value) != SCALED || value < min || value > max)
        return say(problem, CODE_BAD_VALUE, SAY_INTEGER_RANGE, shown, from, to, NULL);
    *out = value;
    return true;
}
