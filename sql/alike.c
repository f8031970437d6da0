#include "sql/alike.h"
#include <stdlib.h>
#include <string.h>

/* Letters and digits alone, NFKC, lower case. */
static char *bare(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text ? text : "", -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = normal ? g_utf8_strdown(normal, -1) : g_strdup("");
    GString *kept = g_string_sized_new(strlen(lower));
    for (char *c = lower; *c; c = g_utf8_next_char(c))
        if (g_unichar_isalnum(g_utf8_get_char(c)))
            g_string_append_unichar(kept, g_utf8_get_char(c));
    return g_string_free(kept, FALSE);
}

static int by_value(const void *a, const void *b)
{
    guint64 one = *(const guint64 *)a, other = *(const guint64 *)b;
    return one < other ? -1 : one > other;
}

static gsize once_each(guint64 *pairs, gsize count)
{
    gsize kept = 0;
    for (gsize i = 0; i < count; i++)
        if (i == 0 || pairs[i] != pairs[i - 1])
            pairs[kept++] = pairs[i];
    return kept;
}

void alike_read(const char *title, const char *text, struct alike_text *out)
{
    g_autofree char *head = bare(title), *body = bare(text);
    const char *first = strstr(body, head) ? "" : head, *rest = strstr(head, body) ? "" : body;
    g_autofree char *both = *first || *rest ? g_strconcat(first, rest, NULL) : g_strdup(body);
    glong length = 0;
    g_autofree gunichar *letters = g_utf8_to_ucs4_fast(both, -1, &length);
    *out = (struct alike_text){.pairs = g_new(guint64, (gsize)MAX(length, 1))};
    for (glong i = 0; i + 1 < length; i++)
        out->pairs[out->count++] = (guint64)letters[i] << 32 | letters[i + 1];
    qsort(out->pairs, out->count, sizeof *out->pairs, by_value);
    out->count = once_each(out->pairs, out->count);
}

void alike_clear(struct alike_text *text)
{
    g_clear_pointer(&text->pairs, g_free);
    text->count = 0;
}

double alike_jaccard(const struct alike_text *a, const struct alike_text *b, double least)
{
    gsize common = 0, fewer = MIN(a->count, b->count), more = MAX(a->count, b->count);
    if (fewer == 0 || (double)fewer < least * (double)more)
        return 0;
    for (gsize i = 0, j = 0; i < a->count && j < b->count;) {
        common += a->pairs[i] == b->pairs[j];
        bool left = a->pairs[i] <= b->pairs[j], right = b->pairs[j] <= a->pairs[i];
        i += left;
        j += right;
    }
    return (double)common / (double)(a->count + b->count - common);
}
