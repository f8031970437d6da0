#include "loader/json_line.h"
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { DEPTH_MAX = 32, DIGITS_MAX = 18 };

struct line {
    const char *at;
    int depth;
};

static json_t *read_value(struct line *line);

static void skip_blanks(struct line *line)
{
    line->at += strspn(line->at, " \t\r\n");
}

/* Steps over a character, and the blanks around it. */
static bool take(struct line *line, char wanted)
{
    skip_blanks(line);
    if (*line->at != wanted)
        return false;
    line->at++;
    skip_blanks(line);
    return true;
}

/* How many bytes from here need no look: up to a quotation mark, a backslash, a control character or the end. */
static size_t plain_bytes(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c >= 0x20 && *c != '"' && *c != '\\')
        c++;
    return (size_t)((const char *)c - text);
}

/* The character that a backslash and this letter stand for; 0: none that is read here. */
static char escaped(char letter)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found = letter ? strchr(letters, letter) : NULL;
    return meant[found ? found - letters : (ptrdiff_t)sizeof meant - 1];
}

/* Behind the opening quotation mark, a text with escapes. */
static json_t *read_escaped(struct line *line)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (;;) {
        size_t len = plain_bytes(line->at);
        g_string_append_len(text, line->at, (gssize)len);
        line->at += len;
        if (*line->at != '\\')
            break;
        char meant = escaped(line->at[1]);
        if (!meant)
            return NULL;
        g_string_append_c(text, meant);
        line->at += 2;
    }
    if (*line->at != '"') /* the text's end, which is not stepped over */
        return NULL;
    line->at++;
    return json_stringn_nocheck(text->str, text->len);
}

static json_t *read_string(struct line *line)
{
    const char *text = ++line->at;
    size_t len = plain_bytes(text);
    if (text[len] != '"')
        return read_escaped(line);
    line->at += len + 1;
    return json_stringn_nocheck(text, len);
}

/* Whole numbers; "-0" and leading zeros are left to jansson. */
static json_t *read_integer(struct line *line)
{
    bool minus = *line->at == '-';
    const char *digits = line->at + minus;
    size_t len = strspn(digits, "0123456789");
    json_int_t value = 0;
    if (len == 0 || len > DIGITS_MAX || (*digits == '0' && (len > 1 || minus)) ||
        (digits[len] && strchr(".eE", digits[len])))
        return NULL;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (digits[i] - '0');
    line->at = digits + len;
    return json_integer(minus ? -value : value);
}

static json_t *read_word(struct line *line, const char *word, json_t *value)
{
    size_t len = strlen(word);
    if (strncmp(line->at, word, len) != 0)
        return NULL;
    line->at += len;
    return value;
}

static bool read_items(struct line *line, json_t *list)
{
    line->at++;
    if (take(line, ']'))
        return true;
    do {
        json_t *value = read_value(line);
        if (!value)
            return false;
        json_array_append_new(list, value);
    } while (take(line, ','));
    return take(line, ']');
}

static bool read_member(struct line *line, json_t *object)
{
    if (*line->at != '"')
        return false;
    const char *name = line->at + 1;
    size_t len = plain_bytes(name);
    if (name[len] != '"')
        return false;
    line->at = name + len + 1;
    if (!take(line, ':') || json_object_getn(object, name, len))
        return false;
    json_t *value = read_value(line);
    return value && json_object_setn_new_nocheck(object, name, len, value) == 0;
}

static bool read_members(struct line *line, json_t *object)
{
    line->at++;
    if (take(line, '}'))
        return true;
    do
        if (!read_member(line, object))
            return false;
    while (take(line, ','));
    return take(line, '}');
}

static json_t *read_nested(struct line *line)
{
    bool is_object = *line->at == '{';
    if (++line->depth > DEPTH_MAX)
        return NULL;
    json_t *value = is_object ? json_object() : json_array();
    bool ok = is_object ? read_members(line, value) : read_items(line, value);
    line->depth--;
    if (ok)
        return value;
    json_decref(value);
    return NULL;
}

static json_t *read_value(struct line *line)
{
    switch (*line->at) {
    case '{':
    case '[':
        return read_nested(line);
    case '"':
        return read_string(line);
    case 't':
        return read_word(line, "true", json_true());
    case 'f':
        return read_word(line, "false", json_false());
    case 'n':
        return read_word(line, "null", json_null());
    default:
        return read_integer(line);
    }
}

json_t *json_line_read(const char *text)
{
    struct line line = {.at = text};
    skip_blanks(&line);
    json_t *object = *line.at == '{' ? read_nested(&line) : NULL;
    if (!object) /* `at` may stand behind the end then */
        return NULL;
    skip_blanks(&line);
    if (*line.at == '\0')
        return object;
    json_decref(object);
    return NULL;
}
