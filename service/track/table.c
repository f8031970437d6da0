#include "service/track/table.h"
#include <string.h>

struct table {
    char *sides;
    GPtrArray *cells;
};

struct table *table_new(const char *sides)
{
    struct table *table = g_new(struct table, 1);
    *table = (struct table){.sides = g_strdup(sides),
                            .cells = g_ptr_array_new_with_free_func(g_free)};
    return table;
}

/* A line break or a tab in a cell would break the table. */
void table_cell(struct table *table, const char *text)
{
    char *cell = g_strdup(text ? text : "");
    for (char *c = cell; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    g_ptr_array_add(table->cells, cell);
}

static gsize columns_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

gsize table_width(const char *text)
{
    gsize width = 0;
    for (const char *c = text; *c; c = g_utf8_find_next_char(c, NULL))
        width += columns_of(g_utf8_get_char(c));
    return width;
}

char *table_cut(const char *text, gsize columns)
{
    if (table_width(text) <= columns)
        return g_strdup(text);
    gsize width = 0;
    const char *c = text;
    while (width + columns_of(g_utf8_get_char(c)) < columns) {
        width += columns_of(g_utf8_get_char(c));
        c = g_utf8_find_next_char(c, NULL);
    }
    return g_strdup_printf("%.*s…", (int)(c - text), text);
}

static void put_cell(const char *text, gsize width, char side, bool last, GString *out)
{
    gsize blanks = width - table_width(text);
    if (side == 'r')
        g_string_append_printf(out, "%*s%s", (int)blanks, "", text);
    else
        g_string_append_printf(out, "%s%*s", text, last ? 0 : (int)blanks, "");
    g_string_append(out, last ? "\n" : "  ");
}

void table_end(struct table *table, const char *indent, GString *out)
{
    gsize columns = strlen(table->sides);
    g_autofree gsize *widths = g_new0(gsize, columns);
    for (guint i = 0; i < table->cells->len; i++)
        widths[i % columns] = MAX(widths[i % columns], table_width(table->cells->pdata[i]));
    for (guint i = 0; i < table->cells->len; i++) {
        gsize column = i % columns;
        if (column == 0)
            g_string_append(out, indent);
        put_cell(table->cells->pdata[i], widths[column], table->sides[column],
                 column == columns - 1, out);
    }
    g_ptr_array_unref(table->cells);
    g_free(table->sides);
    g_free(table);
}
