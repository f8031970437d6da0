/* CNIPA application and publication numbers. */
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include <stdlib.h>
#include <string.h>

/* What stands in a number once prefix, blanks and dashes are gone. */
struct body {
    char *text;       /* owned */
    size_t digits;    /* how many digits it begins with */
    const char *rest; /* what follows them */
};

const char *patent_type_name(enum patent_type type)
{
    static const char *const names[] = {NULL, "invention", "utility_model", "design"};
    return names[type];
}

/* The same for a text of ASCII, as nearly all numbers are; NULL: it is none. */
static char *number_normal_ascii(const char *text)
{
    char *out = g_malloc(strlen(text) + 1), *to = out;
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80) {
            g_free(out);
            return NULL;
        }
        if (!g_ascii_isspace(*c) && *c != '\v')
            *to++ = g_ascii_toupper(*c);
    }
    *to = '\0';
    return out;
}

char *number_normal(const char *text)
{
    char *ascii = number_normal_ascii(text);
    if (ascii)
        return ascii;
    g_autofree char *normal = text_normal(text);
    g_autofree char *upper = g_utf8_strup(normal, -1);
    GString *out = g_string_new(NULL);
    for (const char *c = upper; *c != '\0'; c = text_next(c)) {
        gunichar u = g_utf8_get_char(c);
        if (u == 0xb7 || u == 0x3002 || u == 0x30fb || u == 0x2022)
            u = '.';
        if (!g_unichar_isspace(u) && !(u >= 0x200b && u <= 0x200f) && u != 0xfeff)
            g_string_append_unichar(out, u);
    }
    return g_string_free(out, FALSE);
}

bool number_has_exponent(const char *text)
{
    size_t mantissa = strspn(text, "0123456789.");
    if (mantissa == 0 || (text[mantissa] != 'E' && text[mantissa] != 'e'))
        return false;
    const char *exponent = text + mantissa + 1;
    exponent += *exponent == '+' || *exponent == '-';
    return *exponent != '\0' && exponent[strspn(exponent, "0123456789")] == '\0';
}

bool number_is_damaged(const char *text)
{
    size_t len = strlen(text);
    if (number_has_exponent(text))
        return true;
    return len > 15 && len < 24 && text[strspn(text, "0123456789")] == '\0' &&
           strcmp(text + len - 3, "000") == 0;
}

char application_check(const char *digits)
{
    static const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    int sum = 0;
    for (int i = 0; i < 12 && digits[i] != '\0'; i++)
        sum += (digits[i] - '0') * weights[i];
    return "0123456789X"[sum % 11];
}

typedef struct body body_t;
static void body_clear(struct body *body)
{
    g_free(body->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(body_t, body_clear)

/* Prefixes CN and ZL in any order and number, then the number without dashes. */
static void body_read(const char *text, struct body *out)
{
    g_autofree char *normal = number_normal(text);
    GString *kept = g_string_new(NULL);
    for (const char *c = normal; *c != '\0'; c++)
        if (*c != '-')
            g_string_append_c(kept, *c);
    const char *start = kept->str;
    while (g_str_has_prefix(start, "CN") || g_str_has_prefix(start, "ZL"))
        start += 2;
    out->text = g_strdup(start);
    out->digits = strspn(out->text, "0123456789");
    out->rest = out->text + out->digits;
    g_string_free(kept, TRUE);
}

/* A kind letter with or without its digit: "A", "B9". */
static bool is_kind_letter(const char *text)
{
    return *text != '\0' && strchr("ABCDUSY", *text) &&
           (text[1] == '\0' || (g_ascii_isdigit(text[1]) && text[2] == '\0'));
}

/* What exports hang behind the check: publication date, FM SY WG, or a kind letter. */
static bool is_tail(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    if (digits == 0)
        return *text == '\0' || is_kind_letter(text);
    return digits == 8 && (*rest == '\0' || strcmp(rest, "FM") == 0 ||
                           strcmp(rest, "SY") == 0 || strcmp(rest, "WG") == 0);
}

/* Finds the 8 or 12 digits and the check (0: absent) of an application number. False: it has no such form. */
static bool application_form(const struct body *body, char digits[16], char *check)
{
    size_t n = body->digits;
    bool dated = (n == 21 || n == 17) && is_tail(body->text + n - 8) && *body->rest != '\0';
    size_t len = dated ? n - 9 : n == 13 || n == 9 ? n - 1 : n;
    if (len != 8 && len != 12)
        return false;
    const char *rest = body->text + len;
    *check = 0;
    if (*rest == '.')
        rest++;
    if ((g_ascii_isdigit(*rest) || *rest == 'X'))
        *check = *rest++;
    else if (rest > body->text + len)
        return false; /* a point and nothing behind it */
    if (!is_tail(rest))
        return false;
    memcpy(digits, body->text, len);
    digits[len] = '\0';
    return true;
}

/* 7 or 9 digits that begin with 1, 2 or 3, or 8 of 1985-1988; no point. */
static bool looks_published(const struct body *body)
{
    char first = body->text[0];
    if (*body->rest != '\0' && !is_kind_letter(body->rest))
        return false;
    if (body->digits == 8)
        return first == '8' && body->text[1] >= '5' && body->text[1] <= '8' &&
               *body->rest != '\0';
    return body->digits == 7 || (body->digits == 9 && first >= '1' && first <= '3');
}

static enum patent_type type_of_digit(char digit)
{
    if (digit == '1' || digit == '8')
        return PATENT_INVENTION;
    if (digit == '2' || digit == '9')
        return PATENT_UTILITY_MODEL;
    return digit == '3' ? PATENT_DESIGN : PATENT_TYPE_UNKNOWN;
}

/* Years that had such numbers: 1985-2003 with 8 digits, 2003 to this year with 12. */
static bool year_is_possible(const char *digits, const char *today)
{
    if (strlen(digits) == 8) {
        int year = (digits[0] - '0') * 10 + digits[1] - '0';
        return year >= 85 || year <= 3;
    }
    return strncmp(digits, "2003", 4) >= 0 && strncmp(digits, today, 4) <= 0;
}

/* Explains a text that has no form of an application number. */
static bool application_say_form(const char *shown, const struct body *body,
                                 struct problem *problem)
{
    size_t known = strspn(body->text, "0123456789.X");
    g_autofree char *count = g_strdup_printf("%zu", body->digits);
    if (body->text[known] == '\0' || (is_kind_letter(body->rest)))
        return say(problem, CODE_BAD_NUMBER, SAY_APP_LENGTH, shown, count, NULL);
    g_autofree char *wrong = g_utf8_substring(body->text + known, 0, 1);
    return say(problem, CODE_BAD_NUMBER, SAY_APP_CHARACTERS, shown, wrong, NULL);
}

/* Year, kind digit and check of an application number that has the right form. */
static bool application_verify(const char *shown, const char *digits, char check,
                               const char *today, struct problem *problem)
{
    bool is_long = strlen(digits) == 12;
    char kind[2] = {digits[is_long ? 4 : 2], '\0'};
    g_autofree char *year = g_strndup(digits, is_long ? 4 : 2);
    char given[2] = {check, '\0'}, right[2] = {application_check(digits), '\0'};
    if (!year_is_possible(digits, today))
        return say(problem, CODE_BAD_NUMBER, SAY_APP_YEAR, shown, year, NULL);
    if (type_of_digit(*kind) == PATENT_TYPE_UNKNOWN)
        return say(problem, CODE_BAD_NUMBER, SAY_APP_KIND, shown, is_long ? "5th" : "3rd",
                   is_long ? "第 5 位" : "第 3 位", kind, NULL);
    if (check != 0 && *given != *right)
        return say(problem, CODE_BAD_CHECK, SAY_APP_CHECK, shown, given, right, NULL);
    return true;
}

static bool is_without_check(const char *digits)
{
    return strlen(digits) == 8 && digits[0] == '8' && digits[1] >= '5' && digits[1] <= '8';
}

static bool application_from(const char *text, const struct body *body, const char *today,
                             struct patent_number *out, struct problem *problem)
{
    struct patent_number number = {0};
    char check = 0;
    g_autofree char *shown = text_normal(text);
    if (number_is_damaged(body->text))
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, shown, NULL);
    if (looks_published(body) && body->digits != 8)
        return say(problem, CODE_BAD_NUMBER, SAY_IS_PUBLICATION, shown, NULL);
    if (!application_form(body, number.digits, &check))
        return application_say_form(shown, body, problem);
    if (!application_verify(shown, number.digits, check, today, problem))
        return false;
    number.type = type_of_digit(number.digits[strlen(number.digits) == 12 ? 4 : 2]);
    number.check = is_without_check(number.digits) ? '\0' : application_check(number.digits);
    *out = number;
    return true;
}

static bool letter_goes_with(char letter, enum patent_type type)
{
    static const char *const letters[] = {"", "ABC", "UY", "DS"};
    return strchr(letters[type], letter) != NULL;
}

static bool publication_say_letter(const char *shown, const struct patent_number *number,
                                   struct problem *problem)
{
    static const char *const en[] = {"", "an invention", "a utility model", "a design"};
    static const char *const zh[] = {"", "发明", "实用新型", "外观设计"};
    char letter[2] = {number->letter[0], '\0'}, first[2] = {number->digits[0], '\0'};
    return say(problem, CODE_BAD_NUMBER, SAY_PUB_LETTER, shown, letter, en[number->type],
               zh[number->type], first, NULL);
}

/* Length, first digit and letter of a publication number. */
static bool publication_verify(const char *shown, const struct body *body,
                               struct problem *problem)
{
    char first[2] = {body->text[0], '\0'};
    g_autofree char *count = g_strdup_printf("%zu", body->digits);
    if (body->digits == 0 || (*body->rest != '\0' && !is_kind_letter(body->rest)))
        return say(problem, CODE_BAD_NUMBER, SAY_PUB_FORM, shown, NULL);
    if (body->digits == 8 && *first == '8' && body->text[1] >= '5' && body->text[1] <= '8')
        return type_of_digit(body->text[2]) != PATENT_TYPE_UNKNOWN ||
               say(problem, CODE_BAD_NUMBER, SAY_PUB_FORM, shown, NULL);
    if (body->digits != 7 && body->digits != 9)
        return say(problem, CODE_BAD_NUMBER, SAY_PUB_LENGTH, shown, count, NULL);
    if (*first < '1' || *first > '3')
        return say(problem, CODE_BAD_NUMBER, SAY_PUB_DIGIT, shown, first, NULL);
    return true;
}

static bool publication_from(const char *text, const struct body *body, const char *today,
                             struct patent_number *out, struct problem *problem)
{
    struct patent_number number = {.publication = true}, application;
    g_autofree char *shown = text_normal(text);
    struct problem ignored = {0};
    if (number_is_damaged(body->text))
        return say(problem, CODE_BAD_NUMBER, SAY_DAMAGED, shown, NULL);
    bool as_application = !looks_published(body) && body->digits != 8 &&
                          application_from(text, body, today, &application, &ignored);
    problem_clear(&ignored);
    if (as_application || (body->digits == 8 && *body->rest == '.'))
        return say(problem, CODE_BAD_NUMBER, SAY_IS_APPLICATION, shown, NULL);
    if (!publication_verify(shown, body, problem))
        return false;
    memcpy(number.digits, body->text, body->digits);
    g_strlcpy(number.letter, body->rest, sizeof number.letter);
    number.type = type_of_digit(number.digits[body->digits == 8 ? 2 : 0]);
    if (number.letter[0] != '\0' && body->digits != 8 &&
        !letter_goes_with(number.letter[0], number.type))
        return publication_say_letter(shown, &number, problem);
    *out = number;
    return true;
}

/* Offices whose numbers are met in exports, by their two letters. */
static bool is_office(const char *text)
{
    static const char offices[] = "US EP WO JP KR DE FR GB TW HK MO CA AU RU SU IN BR ES IT NL "
                                  "SE CH AT BE DK FI NO PL CZ HU SG MX ZA IL NZ TR "
                                  "EA AP OA GC AR CL CO CU CS DD DZ EE EG GR HR ID IE IS LT LU "
                                  "LV MA MD MY PE PH PT RO RS SI SK TH TN UA UY VN YU";
    const char name[] = {text[0], text[0] ? text[1] : '\0', '\0'};
    const char *found = strlen(name) == 2 ? strstr(offices, name) : NULL;
    return found && (found - offices) % 3 == 0;
}

/* The office, up to two letters (USRE, JPH), then at least four digits with / . - among them, perhaps a kind letter. */
static bool overseas_read(const char *text, struct patent_number *out)
{
    struct patent_number number = {0};
    g_autofree char *normal = number_normal(text);
    size_t len = 0, digits = 0;
    if (!is_office(normal))
        return false;
    for (const char *c = normal; *c != '\0'; c++) {
        bool parts = *c == '-' && (len == 2 || g_ascii_isalpha(c[strspn(c, "-,")]));
        if (*c == ',' || parts) /* US-7591949-B2, and GB--2--A as well */
            continue;
        if (len + 1 >= sizeof number.overseas || !(g_ascii_isalnum(*c) || strchr("/.-", *c)))
            return false;
        number.overseas[len++] = *c;
        digits += g_ascii_isdigit(*c) != 0;
    }
    size_t letters = strspn(number.overseas, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *last = number.overseas + (len ? len - 1 : 0);
    last -= last > number.overseas && g_ascii_isdigit(*last) && g_ascii_isalpha(last[-1]);
    number.publication = g_ascii_isalpha(*last);
    if (digits < 4 || letters > 4)
        return false;
    *out = number;
    return true;
}

/* A bare prefix says nothing. */
static bool body_is_empty(const struct body *body, struct patent_number *out)
{
    if (*body->text == '\0')
        *out = (struct patent_number){.empty = true};
    return *body->text == '\0';
}

bool application_read(const char *text, const char *today, struct patent_number *out,
                      struct problem *problem)
{
    g_auto(body_t) body = {0};
    if (overseas_read(text, out)) {
        if (out->publication)
            return say(problem, CODE_BAD_NUMBER, SAY_IS_PUBLICATION, out->overseas, NULL);
        return true;
    }
    body_read(text, &body);
    return body_is_empty(&body, out) || application_from(text, &body, today, out, problem);
}

bool publication_read(const char *text, const char *today, struct patent_number *out,
                      struct problem *problem)
{
    g_auto(body_t) body = {0};
    if (overseas_read(text, out)) {
        out->publication = true;
        return true;
    }
    body_read(text, &body);
    return body_is_empty(&body, out) || publication_from(text, &body, today, out, problem);
}

bool patent_number_read(const char *text, const char *today, struct patent_number *out,
                        struct problem *problem)
{
    g_auto(body_t) body = {0};
    if (overseas_read(text, out))
        return true;
    body_read(text, &body);
    if (body_is_empty(&body, out))
        return true;
    bool published = looks_published(&body) || is_kind_letter(body.rest) || body.digits == 0;
    return published ? publication_from(text, &body, today, out, problem)
                     : application_from(text, &body, today, out, problem);
}

char *patent_number_key(const struct patent_number *number)
{
    if (*number->overseas != '\0')
        return g_strdup(number->overseas);
    return g_strconcat("CN", number->digits, number->publication ? number->letter : "", NULL);
}

char *patent_number_show(const struct patent_number *number)
{
    if (number->publication || number->check == 0)
        return patent_number_key(number);
    const char check[] = {'.', number->check, '\0'};
    return g_strconcat("CN", number->digits, check, NULL);
}

bool patent_numbers_differ(const struct patent_number *publication,
                           const struct patent_number *application, struct problem *warning)
{
    if (publication->type == application->type || publication->type == PATENT_TYPE_UNKNOWN ||
        application->type == PATENT_TYPE_UNKNOWN)
        return false;
    g_autofree char *pub = patent_number_show(publication);
    g_autofree char *app = patent_number_show(application);
    say(warning, CODE_OTHER, SAY_PAIR_KINDS, pub, app, NULL);
    return true;
}
