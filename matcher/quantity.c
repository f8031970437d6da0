#include "matcher/quantity.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* As they may be written, and as they are compared. */
static const struct spelling {
    const char *written, *unit;
    double times;
} units[] = {
    {"g/cm3", "g/cm3", 1}, {"kg/m3", "kg/m3", 1}, {"g/100g", "g/100g", 1},
    {"N/3cm", "N/3cm", 1}, {"N/mm", "N/mm", 1},   {"kWh", "kWh", 1},
    {"MPa", "MPa", 1},     {"kPa", "kPa", 1},     {"GPa", "GPa", 1},
    {"Pa", "Pa", 1},       {"rpm", "r/min", 1},   {"r/min", "r/min", 1},
    {"m/s", "m/s", 1},     {"mg/L", "mg/L", 1},   {"dB", "dB", 1},
    {"℃", "℃", 1},         {"°C", "℃", 1},        {"摄氏度", "℃", 1},
    {"mm", "mm", 1},       {"毫米", "mm", 1},     {"cm", "cm", 1},
    {"厘米", "cm", 1},     {"μm", "μm", 1},       {"um", "μm", 1},
    {"微米", "μm", 1},     {"nm", "nm", 1},       {"纳米", "nm", 1},
    {"km", "km", 1},       {"m2", "m2", 1},       {"m3", "m3", 1},
    {"m", "m", 1},         {"米", "m", 1},        {"kg", "kg", 1},
    {"公斤", "kg", 1},     {"千克", "kg", 1},     {"mg", "mg", 1},
    {"毫克", "mg", 1},     {"g", "g", 1},         {"克", "g", 1},
    {"t", "t", 1},         {"吨", "t", 1},        {"Hz", "Hz", 1},
    {"kHz", "kHz", 1},     {"MHz", "MHz", 1},     {"GHz", "GHz", 1},
    {"kW", "kW", 1},       {"W", "W", 1},         {"min", "min", 1},
    {"分钟", "min", 1},    {"ms", "ms", 1},       {"毫秒", "ms", 1},
    {"s", "s", 1},         {"秒", "s", 1},        {"h", "h", 1},
    {"小时", "h", 1},      {"天", "天", 1},       {"个月", "个月", 1},
    {"年", "年", 1},       {"%", "%", 1},         {"‰", "‰", 1},
    {"度", "度", 1},       {"万次", "次", 1e4},   {"次", "次", 1},
    {"级", "级", 1},       {"寸", "寸", 1},       {"层", "层", 1},
    {"倍", "倍", 1},       {"万元", "元", 1e4},   {"元", "元", 1},
    {"L", "L", 1},         {"升", "L", 1},        {"N", "N", 1},
    {"V", "V", 1},         {"A", "A", 1},         {"mL", "mL", 1},
    {"ml", "mL", 1},       {"毫升", "mL", 1},     {"kV", "kV", 1},
    {"mV", "mV", 1},       {"mA", "mA", 1},       {"MW", "MW", 1},
    {"kN", "kN", 1},
};

/* What may stand between the ends of a range; "~" is also what ～ is folded to. */
static const char *const ranges[] = {"~", "-", "–", "—", "−", "至", "到"};
static const char *const minus[] = {"-", "−"};

static size_t skip_any(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (g_str_has_prefix(text, list[i]))
            return strlen(list[i]);
    return 0;
}

/* Digits with points, and commas between thousands; a point or comma behind them is the sentence's. */
static size_t read_digits(const char *text, double *value)
{
    char digits[32];
    size_t len = 0, kept = 0;
    while (g_ascii_isdigit(text[len]) || (len > 0 && (text[len] == '.' || text[len] == ',') &&
                                          g_ascii_isdigit(text[len + 1]))) {
        if (text[len] != ',' && kept + 1 < sizeof digits)
            digits[kept++] = text[len];
        len++;
    }
    digits[kept] = '\0';
    *value = len ? g_ascii_strtod(digits, NULL) : 0;
    return len;
}

/* One that ends in a letter or digit ends where those end. */
static bool begins_with_unit(const char *text, const char *unit)
{
    size_t len = strlen(unit);
    return g_str_has_prefix(text, unit) &&
           !(g_ascii_isalnum(unit[len - 1]) && g_ascii_isalnum(text[len]));
}

/* The longest; perhaps behind a blank. */
static size_t read_unit(const char *text, struct quantity *out)
{
    const struct spelling *best = NULL;
    size_t most = 0, blank = *text == ' ';
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (strlen(units[i].written) > most &&
            begins_with_unit(text + blank, units[i].written)) {
            best = &units[i];
            most = strlen(best->written);
        }
    if (!best)
        return 0;
    out->unit = best->unit;
    out->value *= best->times;
    return blank + most;
}

bool quantity_is_unit(const char *letters)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (letters[0] && letters[1] && !strpbrk(units[i].written, "/0123456789") &&
            g_ascii_strcasecmp(units[i].written, letters) == 0)
            return true;
    return false;
}

static bool is_year(const struct quantity *q)
{
    return strcmp(q->unit, "年") == 0 && q->value >= 1900 && q->value <= 2200;
}

size_t quantity_read(const char *text, struct quantity *out)
{
    struct quantity q = {0};
    size_t sign = skip_any(text, minus, G_N_ELEMENTS(minus));
    size_t digits = read_digits(text + sign, &q.value);
    size_t unit = digits ? read_unit(text + sign + digits, &q) : 0;
    if (unit == 0 || is_year(&q))
        return 0;
    q.value = sign ? -q.value : q.value;
    *out = q;
    return sign + digits + unit;
}

/* A number with its unit, or with that behind the other end of its range; else with none. Returns its bytes without the other end; 0: no
 * number. */
static size_t read_number(const char *text, size_t sign, struct quantity *out)
{
    struct quantity other = {.unit = ""};
    size_t digits = read_digits(text + sign, &out->value);
    size_t len = digits ? quantity_read(text, out) : 0;
    if (digits == 0 || len > 0)
        return len;
    size_t range = skip_any(text + sign + digits, ranges, G_N_ELEMENTS(ranges));
    if (range > 0)
        quantity_read(text + sign + digits + range, &other);
    out->value = sign ? -out->value : out->value;
    out->unit = other.unit;
    return sign + digits;
}

static bool is_same(const struct quantity *a, const struct quantity *b)
{
    return strcmp(a->unit, b->unit) == 0 &&
           fabs(a->value - b->value) <= 1e-9 * MAX(fabs(a->value), fabs(b->value));
}

bool quantity_is_said(const struct quantity *wanted, const char *text)
{
    bool may_have_sign = true; /* neither a word nor a number stands before */
    for (const char *at = text; *at;) {
        struct quantity q = {.unit = ""};
        bool in_word = at > text && g_ascii_isalnum(at[-1]);
        size_t sign = may_have_sign ? skip_any(at, minus, G_N_ELEMENTS(minus)) : 0;
        size_t len = in_word ? 0 : read_number(at, sign, &q);
        if (len > 0 && is_same(&q, wanted))
            return true;
        may_have_sign = len == 0 && !g_ascii_isalnum(*at);
        at += len ? len : 1;
    }
    return false;
}
