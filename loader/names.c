#include "loader/names.h"
#include <string.h>

/* Zero-width and direction marks, which exports of web pages leave in cells. */
static gboolean is_invisible(gunichar c)
{
    return c == 0x200b || c == 0x200c || c == 0x200d || c == 0x200e || c == 0x200f ||
           c == 0x2060 || c == 0xfeff || c == 0x00ad;
}

static gboolean is_blank(gunichar c)
{
    if (c > 0x20 && c < 0x80)
        return FALSE;
    return g_unichar_isspace(c) || c == 0x3164 || is_invisible(c);
}

static gboolean is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return FALSE;
    return TRUE;
}

/* NFKC; a text that is no UTF-8 comes back as it is. */
static char *text_nfkc(const char *text)
{
    if (is_ascii(text))
        return g_strdup(text);
    char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return normal ? normal : g_strdup(text);
}

bool text_is_trimmed(const char *text, size_t len)
{
    return len == 0 || (!is_blank(g_utf8_get_char(text)) &&
                        !is_blank(g_utf8_get_char(g_utf8_prev_char(text + len))));
}

char *text_trim(const char *text)
{
    size_t len = strlen(text);
    if (text_is_trimmed(text, len))
        return g_strndup(text, len);
    const char *end = text + len;
    while (*text != '\0' && is_blank(g_utf8_get_char(text)))
        text = text_next(text);
    while (end > text) {
        const char *before = g_utf8_prev_char(end);
        if (!is_blank(g_utf8_get_char(before)))
            break;
        end = before;
    }
    return g_strndup(text, (gsize)(end - text));
}

char *text_normal(const char *text)
{
    g_autofree char *normal = text_nfkc(text);
    return text_trim(normal);
}

/* Brackets of all kinds become round ones. */
static gunichar unify_bracket(gunichar c)
{
    static const gunichar opening[] = {'[',    '{',    '<',    0x3010, 0x3014,
                                       0x3008, 0x300a, 0x300c, 0};
    static const gunichar closing[] = {']',    '}',    '>',    0x3011, 0x3015,
                                       0x3009, 0x300b, 0x300d, 0};
    for (int i = 0; opening[i] != 0; i++)
        if (c == opening[i] || c == closing[i])
            return c == opening[i] ? '(' : ')';
    return c;
}

/* The same of a text of ASCII: without blanks, in small letters. */
static char *squeeze_ascii(const char *text)
{
    char *out = g_malloc(strlen(text) + 1), *to = out;
    for (; *text != '\0'; text++)
        if (!g_ascii_isspace(*text))
            *to++ = g_ascii_tolower(*text);
    *to = '\0';
    return out;
}

char *text_squeeze(const char *text)
{
    if (is_ascii(text))
        return squeeze_ascii(text);
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c != '\0'; c = text_next(c))
        if (!is_blank(g_utf8_get_char(c)))
            g_string_append_unichar(out, g_utf8_get_char(c));
    g_autofree char *dropped = g_string_free(out, FALSE);
    return g_utf8_casefold(dropped, -1);
}

char *text_fold(const char *text)
{
    g_autofree char *normal = text_nfkc(text);
    return text_squeeze(normal);
}

char *name_fold(const char *name)
{
    g_autofree char *folded = text_fold(name);
    GString *out = g_string_new(NULL);
    for (const char *c = folded; *c != '\0'; c = text_next(c))
        g_string_append_unichar(out, unify_bracket(g_utf8_get_char(c)));
    return g_string_free(out, FALSE);
}

char *text_cut(const char *text, size_t max)
{
    size_t len = strlen(text);
    if (len <= max)
        return g_strdup(text);
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    return g_strndup(text, max);
}

char *text_title(const char *text, size_t characters)
{
    g_autofree char *trimmed = text_trim(text);
    const char *end = trimmed;
    for (size_t n = 0; *end != '\0' && n < characters; n++, end = text_next(end)) {
        gunichar c = g_utf8_get_char(end);
        if (c == '\n' || c == '\r' || c == 0x3002 || c == 0xff1b || c == ';')
            break;
    }
    return g_strndup(trimmed, (gsize)(end - trimmed));
}
