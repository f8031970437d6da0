#include "matcher/class.h"
#include "matcher/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 120, SHOWN_MAX = 40 };

static bool is_dot(gunichar c)
{
    return c == 0x00B7 || c == 0xFF0E || c == 0x3002;
}

/* Middle dot, full-width dot and 。 between digits become '.', before NFKC would make other things of them. */
static char *plain_dots(const char *text)
{
    GString *out = g_string_new(NULL);
    gunichar before = 0;
    for (const char *p = text, *next; *p; p = next) {
        next = p + g_utf8_skip[(guchar)*p];
        gunichar c = g_utf8_get_char(p), after = g_utf8_get_char(next);
        bool between = g_unichar_isdigit(before) && g_unichar_isdigit(after);
        g_string_append_unichar(out, is_dot(c) && between ? '.' : c);
        before = c;
    }
    return g_string_free(out, FALSE);
}

/* NFKC, upper case, trimmed; NULL when the text is not UTF-8 or far too long to be a symbol. */
static char *tidy(const char *text)
{
    if (strlen(text) > TEXT_MAX || !g_utf8_validate(text, -1, NULL))
        return NULL;
    g_autofree char *dotted = plain_dots(text);
    g_autofree char *folded = g_utf8_normalize(dotted, -1, G_NORMALIZE_ALL_COMPOSE);
    return folded ? g_strstrip(g_ascii_strup(folded, -1)) : NULL;
}

static bool refuse(GError **error, const char *kind, const char *text, const char *why)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    bool cut = g_utf8_strlen(valid, -1) > SHOWN_MAX;
    g_autofree char *head = cut ? g_utf8_substring(valid, 0, SHOWN_MAX) : g_strdup(valid);
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, "%s '%s%s': %s", kind, head,
                cut ? "…" : "", why);
    return false;
}

static const char *skip(const char *p, const char *set)
{
    return p + strspn(p, set);
}

static size_t digits(const char *p)
{
    return strspn(p, "0123456789");
}

static int number(const char *p, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (p[i] - '0');
    return value;
}

/* "(2006.01)I", to the end of the text. */
static bool read_bracket(const char *p, struct class_code *code)
{
    if (p[0] != '(' || digits(p + 1) != 4 || p[5] != '.' || digits(p + 6) != 2 || p[8] != ')')
        return false;
    memcpy(code->edition, p + 1, 7);
    p = skip(p + 9, " \t");
    if (g_ascii_isupper(*p))
        code->role = *p++;
    return *p == '\0';
}

/* "20060101AFI20060722BHEP", places 20 to 50 of an ST.8 record: version, level, first or later, role, action. */
static bool read_st8(const char *p, struct class_code *code)
{
    if (digits(p) != 8 || strlen(p) > 31)
        return false;
    snprintf(code->edition, sizeof code->edition, "%.4s.%.2s", p, p + 4);
    const char *rest = p + 8;
    for (const char *q = rest; *q; q++)
        if (!g_ascii_isalnum(*q) && *q != ' ')
            return false;
    if (strlen(rest) >= 3 && (rest[2] == 'I' || rest[2] == 'N'))
        code->role = rest[2];
    return true;
}

static const char *read_tail(const char *p, struct class_code *code)
{
    p = skip(p, " \t");
    if (*p == '\0' || read_bracket(p, code) || read_st8(p, code))
        return NULL;
    return "something else follows the symbol; expected its end, as in G06F 17/30, or a "
           "version as (2006.01)";
}

/* The 14 characters of G06F0017300000: zeros behind the subgroup are filling, all but the first two digits. */
static void read_compact(const char *p, struct class_code *code)
{
    code->group = number(p, 4);
    size_t len = 6;
    while (len > 2 && p[4 + len - 1] == '0')
        len--;
    memcpy(code->subgroup, p + 4, len);
}

static const char *read_subgroup(const char *p, struct class_code *code)
{
    size_t count = digits(p);
    if (count < 2 || count > 6)
        return "subgroup has 2 to 6 digits, as in G06F 17/30";
    memcpy(code->subgroup, p, count);
    p += count;
    if (p[0] == '/' && digits(p + 1) == 1) {
        code->fifth = p[1];
        p += 2;
    }
    return read_tail(p, code);
}

static const char *read_group(const char *p, struct class_code *code)
{
    size_t all = digits(p), count = all;
    if (all == 10 && *skip(p + all, " ") == '\0' && number(p, 4) > 0) {
        read_compact(p, code);
        return NULL;
    }
    for (; count > 1 && *p == '0'; count--)
        p++;
    if (count < 1 || count > 4 || *p == '0')
        return "main group is a number of 1 to 4 digits, as in G06F 17/30";
    code->group = number(p, count);
    p = skip(p + count, " \t");
    return *p == '/' ? read_subgroup(skip(p + 1, " \t"), code) : read_tail(p, code);
}

/* Reads as far as the symbol goes; NULL, or what is wrong. */
static const char *read_symbol(const char *p, struct class_code *code)
{
    if (*p == '\0')
        return "empty, expected a symbol such as G06F 17/30";
    if (!strchr("ABCDEFGHY", *p))
        return "section is A to H";
    code->section = *p;
    p = skip(p + 1, " \t");
    if (*p == '\0')
        return NULL;
    if (digits(p) < 2 || number(p, 2) == 0)
        return "class needs two digits, as in G06F 17/30";
    code->class_no = number(p, 2);
    p = skip(p + 2, " \t");
    if (*p == '\0')
        return NULL;
    if (!g_ascii_isupper(*p))
        return "subclass is a letter, as in G06F 17/30";
    code->subclass = *p;
    p = skip(p + 1, " \t-");
    return *p == '\0' || *p == '(' ? read_tail(p, code) : read_group(p, code);
}

bool class_parse(const char *text, struct class_code *out, GError **error)
{
    g_autofree char *folded = tidy(text);
    if (!folded)
        return refuse(error, "IPC", text, "not a symbol such as G06F 17/30");
    struct class_code code = {0};
    const char *why = read_symbol(folded, &code);
    if (why)
        return refuse(error, "IPC", text, why);
    *out = code;
    return true;
}

char *class_note(const char *text, const struct class_code *code)
{
    char at[CLASS_TEXT], joined_at[CLASS_TEXT];
    if (code->group && !code->subgroup[0])
        return g_strdup_printf("IPC '%s': main group without subgroup, kept as main group",
                               text);
    if (!code->fifth)
        return NULL;
    struct class_code joined = class_join_fifth(code);
    return g_strdup_printf("IPC '%s': kept as %s; perhaps %s", text, class_print(code, at),
                           class_print(&joined, joined_at));
}

static bool is_main_group(const char *subgroup)
{
    return subgroup[strspn(subgroup, "0")] == '\0'; /* none, or /00 */
}

int class_depth(const struct class_code *code)
{
    if (!code->class_no)
        return 1;
    if (!code->subclass)
        return 2;
    if (!code->group)
        return 3;
    return is_main_group(code->subgroup) ? 4 : 5;
}

struct class_code class_cut(const struct class_code *code, int level)
{
    struct class_code cut = {.section = code->section};
    if (level >= 2)
        cut.class_no = code->class_no;
    if (level >= 3)
        cut.subclass = code->subclass;
    if (level >= 4)
        cut.group = code->group;
    if (level >= 5)
        memcpy(cut.subgroup, code->subgroup, sizeof cut.subgroup);
    return cut;
}

int class_shared(const struct class_code *a, const struct class_code *b)
{
    int level = MIN(class_depth(a), class_depth(b));
    for (; level > 0; level--) {
        struct class_code x = class_cut(a, level), y = class_cut(b, level);
        if (class_compare(&x, &y) == 0)
            break;
    }
    return level;
}

struct class_code class_join_fifth(const struct class_code *code)
{
    struct class_code joined = *code;
    size_t len = strlen(code->subgroup);
    if (code->fifth && len + 1 < sizeof joined.subgroup) {
        joined.subgroup[len] = code->fifth;
        joined.subgroup[len + 1] = '\0';
        joined.fifth = 0;
    }
    return joined;
}

int class_compare(const struct class_code *a, const struct class_code *b)
{
    if (a->section != b->section)
        return a->section - b->section;
    if (a->class_no != b->class_no)
        return a->class_no - b->class_no;
    if (a->subclass != b->subclass)
        return a->subclass - b->subclass;
    if (a->group != b->group)
        return a->group - b->group;
    return strcmp(a->subgroup, b->subgroup);
}

static const char *write_with(const struct class_code *code, const char *gap,
                              char out[CLASS_TEXT])
{
    if (!code->class_no)
        snprintf(out, CLASS_TEXT, "%c", code->section);
    else if (!code->subclass)
        snprintf(out, CLASS_TEXT, "%c%02d", code->section, code->class_no);
    else if (!code->group)
        snprintf(out, CLASS_TEXT, "%c%02d%c", code->section, code->class_no, code->subclass);
    else
        snprintf(out, CLASS_TEXT, "%c%02d%c%s%d%s%.7s", code->section, code->class_no,
                 code->subclass, gap, code->group, code->subgroup[0] ? "/" : "",
                 code->subgroup);
    return out;
}

const char *class_write(const struct class_code *code, char out[CLASS_TEXT])
{
    return write_with(code, "", out);
}

const char *class_print(const struct class_code *code, char out[CLASS_TEXT])
{
    return write_with(code, " ", out);
}

static bool read_locarno(const char *p, struct locarno_code *code)
{
    if (digits(p) != 2 || p[2] != '-' || digits(p + 3) != 2)
        return false;
    *code = (struct locarno_code){.main_class = number(p, 2), .sub_class = number(p + 3, 2)};
    p += 5;
    if (*p == '\0')
        return true;
    size_t count = *p == '(' ? digits(p + 1) : 0;
    if (count < 1 || count > 2 || strcmp(p + 1 + count, ")") != 0)
        return false;
    code->edition = number(p + 1, count);
    return true;
}

bool locarno_parse(const char *text, struct locarno_code *out, GError **error)
{
    g_autofree char *folded = tidy(text);
    struct locarno_code code;
    if (!folded || !read_locarno(folded, &code))
        return refuse(error, "Locarno", text,
                      "expected two digits, a dash and two digits, as in 02-04");
    *out = code;
    return true;
}

const char *locarno_write(const struct locarno_code *code, char out[CLASS_TEXT])
{
    snprintf(out, CLASS_TEXT, "%02d-%02d", code->main_class, code->sub_class);
    return out;
}

static struct class_path locarno_path(const struct locarno_code *code)
{
    struct class_path path = {.depth = 2};
    snprintf(path.place[0], CLASS_TEXT, "%02d", code->main_class);
    locarno_write(code, path.place[1]);
    return path;
}

struct class_path class_path(const char *symbol)
{
    struct class_code code;
    struct locarno_code design;
    struct class_path path = {0};
    if (class_parse(symbol, &code, NULL)) {
        path.depth = class_depth(&code);
        for (int level = 1; level <= path.depth; level++) {
            struct class_code cut = class_cut(&code, level);
            class_print(&cut, path.place[level - 1]);
        }
    } else if (locarno_parse(symbol, &design, NULL)) {
        path = locarno_path(&design);
    }
    return path;
}
