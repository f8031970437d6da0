#include "loader/value.h"
#include "loader/date.h"
#include "loader/identifier.h"
#include "loader/money.h"
#include "loader/names.h"
#include "loader/right.h"
#include "loader/sentences.h"
#include "loader/symbol.h"
#include "loader/values.h"
#include <math.h>
#include <string.h>

/* Whether a text may be one of the words below: these begin with a mark, an N, 无 or 暂, in some width or form. Letters, digits
 * and the Chinese characters of the main block are themselves in every form, so most texts are told by their first one. */
static bool may_be_empty(const char *text)
{
    unsigned char first = (unsigned char)*text;
    if (first < 0x80)
        return !g_ascii_isalnum(first) || first == 'n' || first == 'N';
    gunichar c = g_utf8_get_char(text);
    return c < 0x4e00 || c > 0x9fff || c == 0x65e0 || c == 0x6682;
}

bool value_is_empty(const char *text, enum field_type type)
{
    static const char *const words[] = {"", "-", "--", "/", "无", "暂无", "n/a", NULL};
    if (*text == '\0')
        return true;
    if (!may_be_empty(text))
        return false;
    g_autofree char *trimmed = text_trim(text);
    if (strlen(trimmed) > 9) /* the longest of them, "N/A" in full width */
        return false;
    g_autofree char *folded = text_fold(trimmed);
    if (type == FIELD_YES_NO && strcmp(folded, "无") == 0)
        return false;
    return g_strv_contains(words, folded);
}

/* The shortest decimal that reads back the same. */
static char *real_text(double value)
{
    char out[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 15; digits <= 17; digits++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(out, sizeof out, format, value);
        if (g_ascii_strtod(out, NULL) >= value && g_ascii_strtod(out, NULL) <= value)
            break;
    }
    return g_strdup(out);
}

char *value_text(const json_t *json)
{
    if (json_is_string(json))
        return g_strdup(json_string_value(json));
    if (json_is_integer(json))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json));
    if (json_is_real(json))
        return real_text(json_real_value(json));
    return json_is_boolean(json) ? g_strdup(json_is_true(json) ? "true" : "false") : NULL;
}

static bool is_number(enum field_type type)
{
    return type == FIELD_APPLICATION || type == FIELD_PUBLICATION || type == FIELD_PATENT ||
           type == FIELD_RIGHT || type == FIELD_USCC || type == FIELD_DIVISION ||
           type == FIELD_REGISTRATION || type == FIELD_AGENCY_CODE || type == FIELD_PRACTICE;
}

static size_t max_bytes(const struct field *field)
{
    if (field->max_bytes > 0)
        return field->max_bytes;
    if (field->type == FIELD_TEXT)
        return TEXT_MAX_BYTES;
    return field->type == FIELD_NAME || field->type == FIELD_OPEN_ENUM ||
                   field->type == FIELD_EVIDENCE
               ? LINE_MAX_BYTES
               : NUMBER_MAX_BYTES;
}

static bool say_long(size_t len, size_t max, struct problem *problem)
{
    g_autofree char *have = g_strdup_printf("%zu", len);
    g_autofree char *most = g_strdup_printf("%zu", max);
    return say(problem, CODE_TOO_LONG, SAY_TEXT_LONG, have, most, NULL);
}

static bool say_type(const json_t *given, struct problem *problem)
{
    static const char *const en[] = {"an object", "a list", "a text", "a number",
                                     "a number",  "true",   "false",  "null"};
    static const char *const zh[] = {"对象", "列表", "文本",  "数字",
                                     "数字", "true", "false", "null"};
    return say(problem, CODE_BAD_VALUE, SAY_WRONG_TYPE, "one value", "单个值",
               en[json_typeof(given)], zh[json_typeof(given)], NULL);
}

/* ---- one reader a type: text -> JSON ---- */

/* Hands a text over as JSON. */
static bool give(char *text, json_t **out)
{
    *out = json_string(text);
    g_free(text);
    return *out != NULL;
}

/* Blanks taken off a text that has been looked through leave it UTF-8. */
static bool read_trimmed(const char *text, json_t **out)
{
    g_autofree char *trimmed = text_trim(text);
    *out = json_string_nocheck(trimmed);
    return *out != NULL;
}

static bool read_date(const char *text, json_t **out, struct problem *problem)
{
    char day[DATE_LEN];
    if (!date_read(text, day, problem))
        return false;
    *out = json_string(day);
    return true;
}

/* Once a column: no unit was seen anywhere. */
static void warn_default(const struct value_context *context, const char *text)
{
    if (!context->column || context->column->scale_said || context->column->warned ||
        context->column->scale != 100)
        return;
    context->column->warned = true;
    say(context->warning, CODE_OTHER, SAY_MONEY_DEFAULT, text, NULL);
}

static bool read_money(const struct field *field, const struct value_context *context,
                       const char *text, json_t **out, struct problem *problem)
{
    const struct column *column = context->column;
    struct money_column how = {.scale = column ? column->scale : 1,
                               .scale_said = !column || column->scale_said,
                               .min = field->min,
                               .max = field->max > 0 ? field->max : MONEY_MAX};
    int64_t fen;
    bool said;
    if (column && column->currency)
        return say(problem, CODE_BAD_VALUE, SAY_MONEY_CURRENCY, text, column->currency, NULL);
    if (!money_read(text, &how, &fen, &said, problem))
        return false;
    if (!said)
        warn_default(context, text);
    *out = json_integer(fen);
    return true;
}

static bool read_integer(const struct field *field, const char *text, json_t **out,
                         struct problem *problem)
{
    bool ranged = field->min != 0 || field->max != 0;
    int64_t value;
    if (!integer_read(text, ranged ? field->min : 0, ranged ? field->max : INT32_MAX, &value,
                      problem))
        return false;
    *out = json_integer(value);
    return true;
}

static bool read_yes_no(const char *text, json_t **out, struct problem *problem)
{
    int yes = values_yes_no(text);
    if (yes < 0)
        return say(problem, CODE_BAD_VALUE, SAY_VALUE_UNKNOWN, text,
                   "yes/no, true/false, 1/0, 是/否", NULL);
    *out = json_boolean(yes);
    return true;
}

static bool read_enum(const struct field *field, const struct value_context *context,
                      const char *text, json_t **out, struct problem *problem)
{
    const char *kind = context->plan->kind->name;
    const char *value = values_find(kind, field->name, text);
    if (!value && strcmp(field->name, "kind") == 0 && strcmp(kind, "patent") == 0 &&
        g_ascii_isalpha(*text) && g_ascii_isdigit(text[1]) && text[2] == '\0') {
        const char letter[] = {*text, '\0'}; /* "B2": the second publication of its sort */
        value = values_find(kind, field->name, letter);
    }
    if (!value && field->type == FIELD_OPEN_ENUM)
        return read_trimmed(text, out);
    if (!value) {
        g_autofree char *en = values_list(kind, field->name, false);
        g_autofree char *zh = values_list(kind, field->name, true);
        g_autofree char *both =
            strcmp(en, zh) == 0 ? g_strdup(en) : g_strdup_printf("%s; %s", en, zh);
        return say(problem, CODE_BAD_VALUE, SAY_VALUE_UNKNOWN, text, both, NULL);
    }
    *out = json_string(value);
    return true;
}

/* An application number may stand in the column of publications and the other way round: record_rules sorts that out. */
static bool read_patent(const struct value_context *context, const struct field *field,
                        const char *text, json_t **out, struct problem *problem)
{
    struct patent_number number;
    struct problem other = {0};
    const char *today = context->plan->today;
    bool ok = field->type == FIELD_APPLICATION ? application_read(text, today, &number, problem)
              : field->type == FIELD_PUBLICATION
                  ? publication_read(text, today, &number, problem)
                  : patent_number_read(text, today, &number, problem);
    if (!ok && field->type == FIELD_APPLICATION)
        ok = publication_read(text, today, &number, &other);
    else if (!ok && field->type == FIELD_PUBLICATION)
        ok = application_read(text, today, &number, &other);
    problem_clear(&other);
    if (!ok)
        return false;
    problem_clear(problem);
    return number.empty || give(patent_number_show(&number), out);
}

static bool read_organisation(const struct value_context *context, const char *text,
                              json_t **out, struct problem *problem)
{
    g_autofree char *normal = number_normal(text);
    char *code = NULL;
    bool coded = strlen(normal) == 18 &&
                 normal[strspn(normal, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
    if (!coded)
        return read_trimmed(text, out);
    return uscc_read(normal, &code, context->warning, problem) && give(code, out);
}

static bool read_email(const char *text, json_t **out, struct problem *problem)
{
    g_autofree char *normal = text_normal(text);
    const char *at = strchr(normal, '@');
    bool ok = at && at > normal && !strchr(at + 1, '@') && strchr(at + 1, '.') &&
              at[1] != '.' && !strpbrk(normal, " ,<>()") && !g_str_has_suffix(normal, ".");
    return ok ? give(g_steal_pointer(&normal), out)
              : say(problem, CODE_BAD_VALUE, SAY_EMAIL_FORM, normal, NULL);
}

static bool read_quiet(const char *text, json_t **out, struct problem *problem)
{
    g_autofree char *folded = text_fold(text);
    g_autoptr(GRegex) form =
        g_regex_new("^(\\d{1,2}):(\\d{2})(?:-|—|~|至|到)(\\d{1,2}):(\\d{2})$", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    int part[4] = {99, 99, 99, 99};
    if (g_regex_match(form, folded, 0, &match))
        for (int i = 0; i < 4; i++) {
            g_autofree char *digits = g_match_info_fetch(match, i + 1);
            part[i] = (int)g_ascii_strtoll(digits, NULL, 10);
        }
    if (part[0] > 24 || part[1] > 59 || part[2] > 24 || part[3] > 59)
        return say(problem, CODE_BAD_VALUE, SAY_QUIET_FORM, text, NULL);
    return give(g_strdup_printf("%02d:%02d-%02d:%02d", part[0], part[1], part[2], part[3]),
                out);
}

/* `code` was filled by the reader whose answer is `ok`. */
static bool read_code(bool ok, char *const *code, json_t **out)
{
    return ok && give(*code, out);
}

static bool read_text(const struct field *field, const struct value_context *context,
                      const char *text, json_t **out, struct problem *problem)
{
    char *code = NULL;
    switch (field->type) {
    case FIELD_DATE:
        return read_date(text, out, problem);
    case FIELD_MONEY:
        return read_money(field, context, text, out, problem);
    case FIELD_INTEGER:
        return read_integer(field, text, out, problem);
    case FIELD_YES_NO:
        return read_yes_no(text, out, problem);
    case FIELD_ENUM:
    case FIELD_OPEN_ENUM:
        return read_enum(field, context, text, out, problem);
    case FIELD_APPLICATION:
    case FIELD_PUBLICATION:
    case FIELD_PATENT:
        return read_patent(context, field, text, out, problem);
    case FIELD_USCC:
        return read_code(uscc_read(text, &code, context->warning, problem), &code, out);
    case FIELD_ORGANISATION:
        return read_organisation(context, text, out, problem);
    case FIELD_DIVISION:
        return read_code(division_read(text, &code, problem), &code, out);
    case FIELD_CODE:
        return read_code(code_read(text, &code, problem), &code, out);
    case FIELD_AGENCY_CODE:
        return read_code(agency_code_read(text, &code, problem), &code, out);
    case FIELD_REGISTRATION:
        return read_code(registration_read(text, &code, context->warning, problem), &code, out);
    case FIELD_PRACTICE:
        return read_code(practice_read(text, &code, context->warning, problem), &code, out);
    case FIELD_EMAIL:
        return read_email(text, out, problem);
    case FIELD_QUIET:
        return read_quiet(text, out, problem);
    case FIELD_IPC:
    case FIELD_CPC:
        return give(symbol_read(text, context->warning), out);
    case FIELD_LOCARNO:
        return give(symbol_read_locarno(text, context->warning), out);
    case FIELD_EVIDENCE: {
        g_autofree char *file = text_trim(text);
        *out = json_pack("{s:s}", "file", file);
        return true;
    }
    case FIELD_TEXT:
    case FIELD_NAME:
    case FIELD_RIGHT: /* by rights.type: record_rules */
        break;
    }
    return read_trimmed(text, out);
}

/* {"file", "sha256"} */
static bool read_evidence(json_t *given, json_t **out, struct problem *problem)
{
    const char *file = json_string_value(json_object_get(given, "file"));
    json_t *digest = json_object_get(given, "sha256");
    const char *hex = json_string_value(digest);
    if (!file || *file == '\0')
        return say(problem, CODE_MISSING, SAY_MISSING, "file", "文件名", NULL);
    if (strlen(file) > LINE_MAX_BYTES)
        return say_long(strlen(file), LINE_MAX_BYTES, problem);
    if (digest && !json_is_null(digest) &&
        (!hex || strlen(hex) != 64 || hex[strspn(hex, "0123456789abcdefABCDEF")] != '\0'))
        return say(problem, CODE_BAD_VALUE, SAY_EVIDENCE_FORM, hex ? hex : "?", NULL);
    g_autofree char *lower = hex ? g_ascii_strdown(hex, -1) : NULL;
    *out = lower ? json_pack("{s:s, s:s}", "file", file, "sha256", lower)
                 : json_pack("{s:s}", "file", file);
    return true;
}

bool value_is_stored(const struct field *field, const json_t *given)
{
    if ((field->type != FIELD_TEXT && field->type != FIELD_NAME) || !json_is_string(given))
        return false;
    const char *text = json_string_value(given);
    size_t len = json_string_length(given);
    return len > 0 && len <= max_bytes(field) && !may_be_empty(text) &&
           text_is_trimmed(text, len);
}

bool value_read(const struct field *field, const struct value_context *context, json_t *given,
                json_t **out, struct problem *problem)
{
    *out = NULL;
    if (field->type == FIELD_EVIDENCE && json_is_object(given))
        return read_evidence(given, out, problem);
    if (json_is_null(given)) {
        *out = json_null();
        return true;
    }
    if (value_is_stored(field, given)) {
        *out = json_incref(given);
        return true;
    }
    g_autofree char *text = value_text(given);
    if (!text || (json_is_boolean(given) && field->type != FIELD_YES_NO))
        return say_type(given, problem);
    if (value_is_empty(text, field->type))
        return true;
    if (strlen(text) > max_bytes(field))
        return say_long(strlen(text), max_bytes(field), problem);
    double real = json_is_real(given) ? json_real_value(given) : 0.5;
    if (is_number(field->type) && floor(real) >= real)
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, text,
                   NULL); /* 2.0171E+11 lost its digits */
    return read_text(field, context, text, out, problem);
}

/* ---- several values in one cell */

/* What parts the values of a cell, beside ; | and line ends. */
enum commas { COMMAS_NO, COMMAS_NAMES, COMMAS_ALL };

/* Symbols, numbers and words of ours have no comma in them. Names of people and firms may ("Smith, John"), and so may titles,
 * which are no lists. */
static enum commas commas_of(const struct field *field)
{
    switch (field->type) {
    case FIELD_IPC:
    case FIELD_CPC:
    case FIELD_LOCARNO:
    case FIELD_RIGHT:
    case FIELD_ENUM:
        return COMMAS_ALL;
    case FIELD_NAME:
    case FIELD_ORGANISATION:
        return field->list || g_str_has_prefix(field->name, "contacts.") ? COMMAS_NAMES
                                                                         : COMMAS_NO;
    default:
        return COMMAS_NO;
    }
}

static bool is_wide(gunichar c)
{
    return c >= 0x2e80 || c == ')';
}

/* "张三,李四" are two, "Smith, John" is one. */
static bool is_between_wide(const char *text, const char *comma)
{
    const char *before = comma, *after = text_next(comma);
    while (before > text && before[-1] == ' ')
        before--;
    while (*after == ' ')
        after++;
    return before > text && is_wide(g_utf8_get_char(g_utf8_prev_char(before))) &&
           is_wide(g_utf8_get_char(after));
}

static bool is_separator(const char *text, const char *at, enum commas commas)
{
    gunichar c = g_utf8_get_char(at);
    if (c == ';' || c == 0xff1b || c == '|' || c == 0xff5c || c == '\n' || c == '\r')
        return true;
    if (commas == COMMAS_NO || (c != ',' && c != 0xff0c && c != 0x3001))
        return false;
    return commas == COMMAS_ALL || c == 0x3001 || is_between_wide(text, at);
}

json_t *value_pieces(const struct field *field, const char *text, bool places)
{
    json_t *out = json_array();
    enum commas commas = commas_of(field);
    const char *begin = text;
    size_t kept = 0;
    for (const char *c = text;; c = text_next(c)) {
        if (*c != '\0' && !is_separator(text, c, commas))
            continue;
        g_autofree char *piece = g_strndup(begin, (gsize)(c - begin));
        g_autofree char *trimmed = text_trim(piece);
        bool empty = value_is_empty(trimmed, field->type);
        if (!empty || places)
            json_array_append_new(out, json_string(empty ? "" : trimmed));
        kept = empty ? kept : json_array_size(out);
        begin = text_next(c);
        if (*c == '\0')
            break;
    }
    while (json_array_size(out) > kept)
        json_array_remove(out, json_array_size(out) - 1);
    return out;
}
