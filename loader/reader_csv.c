/* CSV and TSV: the header row, then a row at a time. */
#include "loader/names.h"
#include "loader/reader_internal.h"
#include "loader/sentences.h"
#include <string.h>

static bool text_is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isspace(text[i]))
            return false;
    return true;
}

/* ---- the header ---- */

/* The record's cells as UTF-8, trimmed; NULL when one is not in the file's encoding. */
static GPtrArray *header_cells(struct reader *reader)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
    cells_split(&reader->cells, &reader->record, reader->delimiter);
    for (size_t i = 0; i < cells_count(&reader->cells); i++) {
        size_t len, wrong;
        const char *cell = cells_get(&reader->cells, i, &len);
        g_autofree char *text = charset_convert(reader->charset, cell, len, &wrong);
        if (!text)
            return NULL;
        g_ptr_array_add(out, text_trim(text));
    }
    return g_steal_pointer(&out);
}

struct score {
    size_t known, filled;
};

/* How many cells are known columns. A set of its own, so that title rows are not remembered as headers. */
static struct score header_score(const struct reader *reader, const GPtrArray *cells)
{
    struct columns *columns = columns_new(reader->plan.kind, reader->plan.mapping);
    struct score score = {0, 0};
    for (guint i = 0; i < cells->len; i++) {
        const char *cell = g_ptr_array_index(cells, i);
        const struct column *column = columns_find(columns, cell);
        score.filled += *cell != '\0';
        score.known += column->field || column->group;
    }
    columns_free(columns);
    return score;
}

/* What the file has and what was expected, for a header in which nothing is known. */
static bool header_fail(const struct reader *reader, const GPtrArray *seen, GError **error)
{
    const struct kind *kind = reader->plan.kind;
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GString) expected = g_string_new(NULL);
    for (guint i = 0; seen && i < seen->len && i < 20; i++) {
        g_autofree char *cut = text_cut(g_ptr_array_index(seen, i), 60);
        g_string_append_printf(found, "%s'%s'", i > 0 ? ", " : "", cut);
    }
    for (size_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].required)
            g_string_append_printf(expected, "%s'%s' (%s)", expected->len > 0 ? ", " : "",
                                   columns_chinese(kind, kind->fields[i].name),
                                   kind->fields[i].name);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "no column of it is known; the header has %s; expected for %s are columns such "
                "as %s. A mapping can "
                "name other columns",
                found->len > 0 ? found->str : "nothing that can be read", kind->name,
                expected->str);
    return false;
}

/* One candidate: how far into the file it ends, and its cells. */
struct candidate {
    GPtrArray *cells;
    size_t end;      /* bytes of `head` up to its end */
    int64_t lines;   /* physical lines up to its end */
    int64_t skipped; /* records and blank lines before it */
    struct score score;
};

static void candidate_take(struct candidate *best, struct candidate *next)
{
    if (best->cells)
        g_ptr_array_unref(best->cells);
    *best = *next;
    next->cells = NULL;
}

static bool score_is_header(struct score score)
{
    return score.known > 0 && score.known * 2 >= score.filled;
}

/* Reads up to ten records; `best` is the one with the most known columns, `first` the first that can be read. All that was
 * read is in `head`. */
static bool header_search(struct reader *reader, GString *head, struct candidate *best,
                          GPtrArray **first, GError **error)
{
    int64_t lines = 0, skipped = 0;
    for (int records = 0; records < HEADER_ROWS && head->len < HEADER_ROW_BYTES;) {
        enum split split =
            split_record(reader->bytes, reader->delimiter, &reader->record, error);
        if (split == SPLIT_FAILED)
            return false;
        if (split == SPLIT_END)
            break;
        g_string_append_len(head, reader->record.text->str, (gssize)reader->record.text->len);
        lines += reader->record.lines;
        bool blank = text_is_blank(reader->record.text->str, reader->record.text->len);
        struct candidate next = {
            .cells = blank ? NULL : header_cells(reader), .end = head->len, .lines = lines};
        next.skipped = skipped++;
        records += !blank;
        if (!next.cells)
            continue;
        next.score = header_score(reader, next.cells);
        if (!*first)
            *first = g_ptr_array_ref(next.cells);
        bool found = score_is_header(next.score);
        if (found || next.score.known > best->score.known)
            candidate_take(best, &next);
        g_clear_pointer(&next.cells, g_ptr_array_unref);
        if (found)
            break;
    }
    return true;
}

/* Lines above the header may name the unit of money. */
static void header_use(struct reader *reader, const struct candidate *header,
                       const GString *head)
{
    g_autofree char *above = g_utf8_make_valid(head->str, (gssize)MIN(head->len, header->end));
    size_t wrong;
    g_autofree char *converted =
        charset_convert(reader->charset, head->str, header->end, &wrong);
    g_auto(GStrv) lines = g_strsplit(converted ? converted : above, "\n", -1);
    for (int64_t i = 0; header->lines > 1 && lines[i] && i < header->lines - 1; i++)
        columns_unit_line(reader->columns, lines[i]);
    for (guint i = 0; i < header->cells->len; i++) {
        const char *text = g_ptr_array_index(header->cells, i);
        g_ptr_array_add(reader->headers, g_strdup(text));
        g_ptr_array_add(reader->by_place, columns_find(reader->columns, text));
    }
    reader->next_line = header->lines + 1;
    reader->skipped = header->skipped;
}

bool reader_find_header(struct reader *reader, GError **error)
{
    g_autoptr(GString) head = g_string_new(NULL);
    g_autoptr(GPtrArray) first = NULL;
    struct candidate best = {0};
    bool ok = header_search(reader, head, &best, &first, error);
    if (ok && !best.cells)
        ok = header_fail(reader, first, error);
    if (ok) {
        bytes_put_back(reader->bytes, head->str + best.end, head->len - best.end);
        header_use(reader, &best, head);
    }
    g_clear_pointer(&best.cells, g_ptr_array_unref);
    return ok;
}

/* ---- rows ---- */

static enum reader_step bad_record(struct reader *reader, int64_t line, const char *column,
                                   struct problem *problem, struct raw_row *row,
                                   struct refusal *refusal)
{
    return reader_bad_row(reader, line, column, NULL, reader->record.text->str,
                          reader->record.text->len, problem, row, refusal);
}

/* One cell as UTF-8 into values; false when it is too long, torn or holds NUL. */
static bool take_cell(struct reader *reader, size_t place, struct problem *problem)
{
    size_t len, wrong = 0;
    const char *cell = cells_get(&reader->cells, place, &len);
    const char *zero = memchr(cell, '\0', len);
    g_autofree char *at = g_strdup_printf("%zu", zero ? (size_t)(zero - cell) + 1 : 0);
    g_autofree char *size = g_strdup_printf("%.1f", (double)len / 1048576.0);
    if (len > CELL_MAX_BYTES)
        return say(problem, CODE_TOO_LONG, SAY_ROW_CELL_LONG, size, "8", NULL);
    if (zero)
        return say(problem, CODE_BAD_ENCODING, SAY_ROW_NUL, at, NULL);
    char *text = charset_convert(reader->charset, cell, len, &wrong);
    if (text) {
        g_ptr_array_add(reader->values, text);
        return true;
    }
    g_autofree char *byte = reader_wrong_byte(cell, len, wrong);
    return say(problem, CODE_BAD_ENCODING, SAY_ROW_ENCODING, charset_name(reader->charset),
               byte, NULL);
}

/* More cells than headers, with something in them, have no column to go to. */
static bool has_surplus(struct reader *reader)
{
    for (size_t i = reader->headers->len; i < cells_count(&reader->cells); i++) {
        size_t len;
        const char *cell = cells_get(&reader->cells, i, &len);
        if (!text_is_blank(cell, len))
            return true;
    }
    return false;
}

/* Number of cells against the header. */
static bool check_count(struct reader *reader, struct problem *problem)
{
    size_t count = cells_count(&reader->cells), expected = reader->headers->len;
    g_autofree char *have = g_strdup_printf("%zu", count);
    g_autofree char *want = g_strdup_printf("%zu", expected);
    if (count > expected && has_surplus(reader))
        return say(problem, CODE_BAD_STRUCTURE, SAY_ROW_CELLS, have, want, NULL);
    if (count < expected && !reader->record.terminated && !reader->seen_short)
        return say(problem, CODE_BAD_STRUCTURE, SAY_ROW_TRUNCATED, have, want, NULL);
    reader->seen_short = reader->seen_short || count < expected;
    return true;
}

/* The cells of the record; "" for those that are not there. */
static enum reader_step take_row(struct reader *reader, int64_t line, struct raw_row *row,
                                 struct refusal *refusal)
{
    struct problem problem = {0};
    cells_split(&reader->cells, &reader->record, reader->delimiter);
    g_ptr_array_set_size(reader->values, 0);
    if (!check_count(reader, &problem))
        return bad_record(reader, line, NULL, &problem, row, refusal);
    for (size_t i = 0; i < reader->headers->len; i++) {
        if (i >= cells_count(&reader->cells))
            g_ptr_array_add(reader->values, g_strdup(""));
        else if (!take_cell(reader, i, &problem))
            return bad_record(reader, line, g_ptr_array_index(reader->headers, i), &problem,
                              row, refusal);
    }
    *row = (struct raw_row){.line = line,
                            .cells = (const char *const *)reader->values->pdata,
                            .cell_count = reader->headers->len};
    return READER_ROW;
}

/* All cells empty: a blank row. */
static bool record_is_blank(const struct reader *reader)
{
    const char *text = reader->record.text->str;
    for (size_t i = 0; i < reader->record.text->len; i++)
        if (!g_ascii_isspace(text[i]) && text[i] != reader->delimiter && text[i] != '"')
            return false;
    return true;
}

enum reader_step reader_next_csv(struct reader *reader, struct raw_row *row,
                                 struct refusal *refusal, GError **error)
{
    struct problem problem = {0};
    for (;;) {
        enum split split =
            split_record(reader->bytes, reader->delimiter, &reader->record, error);
        int64_t line = reader->next_line;
        reader->next_line += reader->record.lines;
        if (split == SPLIT_END || split == SPLIT_FAILED)
            return split == SPLIT_END ? READER_END : READER_FAILED;
        if (split == SPLIT_BROKEN)
            say(&problem, CODE_BAD_STRUCTURE, SAY_ROW_QUOTE, NULL);
        if (split == SPLIT_TOO_LONG)
            say(&problem, CODE_TOO_LONG, SAY_ROW_LONG, "64", NULL);
        if (split != SPLIT_RECORD)
            return bad_record(reader, line, NULL, &problem, row, refusal);
        if (!record_is_blank(reader))
            return take_row(reader, line, row, refusal);
        reader->skipped++;
    }
}
