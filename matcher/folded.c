#include "matcher/folded.h"
#include "matcher/simplified.h"

#include <stdbool.h>

enum { SQUARED_FIRST = 0x3371, SQUARED_LAST = 0x33DF, MICRO = 0xB5, DIVISION = 0x2215 };

/* What NFKC takes apart and a list of units would miss. */
static bool comes_apart(gunichar c)
{
    return (c >= SQUARED_FIRST && c <= SQUARED_LAST) || (c >= 0xFF01 && c <= 0xFF5E) ||
           c == 0xB2 || c == 0xB3 || c == MICRO || c == 0x3000;
}

static void append(GString *out, GArray *from, gunichar c, uint32_t at)
{
    gsize before = out->len;
    g_string_append_unichar(out, c);
    for (; before < out->len; before++)
        g_array_append_val(from, at);
}

static void append_folded(GString *out, GArray *from, gunichar c, uint32_t at)
{
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    gsize count =
        comes_apart(c) ? g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts)) : 0;
    if (count == 0)
        append(out, from, simplified_of(c), at);
    for (gsize i = 0; i < count; i++)
        append(out, from, parts[i] == DIVISION ? '/' : parts[i], at);
}

struct folded *folded_new(const char *text)
{
    GString *out = g_string_new(NULL);
    GArray *from = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t at = 0;
    while (text[at]) {
        gunichar c = g_utf8_get_char_validated(text + at, -1);
        if (c < 0x110000) {
            append_folded(out, from, c, at);
            at += (uint32_t)(guchar)g_utf8_skip[(guchar)text[at]];
        } else {
            g_string_append_c(out, text[at]);
            g_array_append_val(from, at);
            at++;
        }
    }
    g_array_append_val(from, at);
    struct folded *folded = g_new(struct folded, 1);
    *folded = (struct folded){g_string_free(out, FALSE),
                              (uint32_t *)(void *)g_array_free(from, FALSE)};
    return folded;
}

void folded_free(struct folded *folded)
{
    if (!folded)
        return;
    g_free(folded->text);
    g_free(folded->from);
    g_free(folded);
}
