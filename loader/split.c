#include "loader/split.h"
#include <csv.h>
#include <string.h>

/* Where we are in a record. The same states as libcsv's, which tells the cells afterwards. */
enum place { CELL_START, PLAIN, QUOTED, AFTER_QUOTE };

struct scan {
    enum place place;
    bool odd; /* a mark inside a quoted cell was followed by something else than a separator */
};

static bool is_space(char c, char delimiter)
{
    return (c == ' ' || c == '\t') && c != delimiter;
}

static enum place after_character(struct scan *scan, char c, char delimiter)
{
    if (c == delimiter)
        return scan->place == QUOTED ? QUOTED : CELL_START;
    switch (scan->place) {
    case CELL_START:
        return c == '"' ? QUOTED : is_space(c, delimiter) ? CELL_START : PLAIN;
    case QUOTED:
        return c == '"' ? AFTER_QUOTE : QUOTED;
    case AFTER_QUOTE:
        if (is_space(c, delimiter) || c == '\r' || c == '\n')
            return AFTER_QUOTE;
        scan->odd = scan->odd || c != '"';
        return QUOTED;
    case PLAIN:
        break;
    }
    return PLAIN;
}

/* `""` inside quotes takes two steps; a blank between the two makes the second an odd one, which libcsv takes too. */
static void scan_line(struct scan *scan, const char *line, size_t len, char delimiter)
{
    for (size_t i = 0; i < len; i++)
        scan->place = after_character(scan, line[i], delimiter);
}

/* The first line alone is refused, or, in a TSV file, read without quotation marks. */
static enum split split_broken(struct bytes *bytes, char delimiter, struct record_text *out,
                               size_t first)
{
    bytes_put_back(bytes, out->text->str + first, out->text->len - first);
    g_string_truncate(out->text, first);
    out->lines = 1;
    out->literal = delimiter == '\t';
    return out->literal ? SPLIT_RECORD : SPLIT_BROKEN;
}

enum split split_record(struct bytes *bytes, char delimiter, struct record_text *out,
                        GError **error)
{
    struct scan scan = {CELL_START, false};
    size_t first = 0;
    g_string_truncate(out->text, 0);
    out->lines = 0;
    out->literal = false;
    do {
        size_t before = out->text->len;
        enum bytes_line line = bytes_take_line(bytes, out->text, ROW_MAX_BYTES, error);
        if (line == BYTES_FAILED)
            return SPLIT_FAILED;
        if (line == BYTES_END && before == 0)
            return SPLIT_END;
        if (line == BYTES_TOO_LONG && before == 0) {
            out->lines = 1;
            return SPLIT_TOO_LONG;
        }
        if (line == BYTES_TOO_LONG)
            g_string_append_c(out->text, '\n');
        if (line != BYTES_LINE || out->text->len > 2 * (size_t)ROW_MAX_BYTES)
            return split_broken(bytes, delimiter, out, first);
        out->lines++;
        first = out->lines == 1 ? out->text->len : first;
        scan_line(&scan, out->text->str + before, out->text->len - before, delimiter);
        if (scan.odd && (scan.place == QUOTED || out->lines > 1))
            return split_broken(bytes, delimiter, out, first);
    } while (scan.place == QUOTED);
    out->terminated = out->text->len > 0 && out->text->str[out->text->len - 1] == '\n';
    return SPLIT_RECORD;
}

void cells_init(struct cells *cells)
{
    cells->text = g_string_new(NULL);
    cells->offsets = g_array_new(FALSE, FALSE, sizeof(size_t));
}

void cells_clear(struct cells *cells)
{
    if (cells->text)
        g_string_free(cells->text, TRUE);
    if (cells->offsets)
        g_array_free(cells->offsets, TRUE);
    *cells = (struct cells){0};
}

static void on_cell(void *text, size_t len, void *data)
{
    struct cells *cells = data;
    g_string_append_len(cells->text, text, (gssize)len);
    g_string_append_c(cells->text, '\0');
    g_array_append_val(cells->offsets, cells->text->len);
}

static int is_line_feed(unsigned char c)
{
    return c == '\n';
}

/* Without quotation marks: every delimiter counts. */
static void split_literal(struct cells *cells, const char *text, size_t len, char delimiter)
{
    const char *end = text + len;
    for (const char *next; text <= end; text = next + 1) {
        next = memchr(text, delimiter, (size_t)(end - text));
        next = next ? next : end;
        g_string_append_len(cells->text, text, next - text);
        g_string_append_c(cells->text, '\0');
        g_array_append_val(cells->offsets, cells->text->len);
    }
}

void cells_split(struct cells *cells, const struct record_text *record, char delimiter)
{
    size_t len = record->text->len, zero = 0;
    while (len > 0 &&
           (record->text->str[len - 1] == '\n' || record->text->str[len - 1] == '\r'))
        len--;
    g_string_truncate(cells->text, 0);
    g_array_set_size(cells->offsets, 0);
    g_array_append_val(cells->offsets, zero);
    if (record->literal) {
        split_literal(cells, record->text->str, len, delimiter);
        return;
    }
    struct csv_parser parser;
    csv_init(&parser, 0);
    csv_set_delim(&parser, (unsigned char)delimiter);
    csv_set_term_func(&parser, is_line_feed);
    csv_set_blk_size(&parser, (size_t)64 * 1024);
    csv_parse(&parser, record->text->str, len, on_cell, NULL, cells);
    csv_fini(&parser, on_cell, NULL, cells);
    csv_free(&parser);
}

size_t cells_count(const struct cells *cells)
{
    return cells->offsets->len - 1;
}

const char *cells_get(const struct cells *cells, size_t i, size_t *len)
{
    size_t begin = g_array_index(cells->offsets, size_t, i);
    *len = g_array_index(cells->offsets, size_t, i + 1) - begin - 1;
    return cells->text->str + begin;
}
