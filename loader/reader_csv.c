/* CSV and TSV: the header row, then a row at a time. */
#include "loader/names.h"
#include "loader/reader_internal.h"
#include "loader/sentences.h"
#include <string.h>

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

/* The first rows, and how far into the file each goes. */
struct first_rows {
    GPtrArray *cells; /* GPtrArray of texts */
    GArray *ends;     /* struct row_end, beside them */
    GString *text;    /* all that was read */
};

struct row_end {
    size_t bytes;          /* of the text, up to the row's end */
    int64_t lines, before; /* physical lines up to its end; records and blank lines before it */
};

static bool read_first_rows(struct reader *reader, struct first_rows *out, GError **error)
{
    int64_t lines = 0, before = 0;
    for (int records = 0; records < HEADER_ROWS && out->text->len < HEADER_ROW_BYTES;) {
        enum split split =
            split_record(reader->bytes, reader->delimiter, &reader->record, error);
        const GString *text = reader->record.text;
        if (split == SPLIT_FAILED)
            return false;
        if (split == SPLIT_END)
            break;
        g_string_append_len(out->text, text->str, (gssize)text->len);
        lines += reader->record.lines;
        bool blank = reader_is_blank(text->str, text->len);
        GPtrArray *cells = blank ? NULL : header_cells(reader);
        struct row_end end = {out->text->len, lines, before++};
        records += !blank;
        if (!cells)
            continue;
        g_ptr_array_add(out->cells, cells);
        g_array_append_val(out->ends, end);
    }
    return true;
}

/* Lines above the header may name the unit of money. */
static void use_header(struct reader *reader, const struct header_choice *choice,
                       const struct first_rows *rows)
{
    const struct row_end *end =
        &g_array_index(rows->ends, struct row_end, choice->first + choice->rows - 1);
    reader_use_saved(reader, choice->saved);
    for (guint i = 0; i < choice->first; i++) {
        const GPtrArray *cells = g_ptr_array_index(rows->cells, i);
        for (guint c = 0; c < cells->len; c++)
            reader_unit_text(reader, g_ptr_array_index(cells, c));
    }
    reader_use_headers(reader, choice->names);
    reader->next_line = end->lines + 1;
    reader->header_line = g_array_index(rows->ends, struct row_end, choice->first).lines;
    reader->skipped = end->before - (choice->rows - 1);
    bytes_put_back(reader->bytes, rows->text->str + end->bytes, rows->text->len - end->bytes);
}

bool reader_find_header(struct reader *reader, GError **error)
{
    struct header_choice choice = {0};
    struct first_rows rows = {
        .cells = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref),
        .ends = g_array_new(FALSE, FALSE, sizeof(struct row_end)),
        .text = g_string_new(NULL)};
    bool ok = read_first_rows(reader, &rows, error);
    if (ok && header_choose(&reader->plan, rows.cells, &choice))
        use_header(reader, &choice, &rows);
    else if (ok)
        ok = header_fail(reader->plan.kind,
                         rows.cells->len ? g_ptr_array_index(rows.cells, 0) : NULL, error);
    header_choice_clear(&choice);
    g_ptr_array_unref(rows.cells);
    g_array_unref(rows.ends);
    g_string_free(rows.text, TRUE);
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

/* Too long, or with a NUL in it. */
static bool check_cell(const char *cell, size_t len, struct problem *problem)
{
    const char *zero = memchr(cell, '\0', len);
    if (len > CELL_MAX_BYTES) {
        g_autofree char *size = g_strdup_printf("%.1f", (double)len / 1048576.0);
        return say(problem, CODE_TOO_LONG, SAY_ROW_CELL_LONG, size, "8", NULL);
    }
    if (!zero)
        return true;
    g_autofree char *at = g_strdup_printf("%zu", (size_t)(zero - cell) + 1);
    return say(problem, CODE_BAD_ENCODING, SAY_ROW_NUL, at, NULL);
}

/* One cell as UTF-8 into values; false when it is too long, torn or holds NUL. */
static bool take_cell(struct reader *reader, size_t place, struct problem *problem)
{
    size_t len, wrong = 0;
    const char *cell = cells_get(&reader->cells, place, &len);
    if (!check_cell(cell, len, problem))
        return false;
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
        if (!reader_is_blank(cell, len))
            return true;
    }
    return false;
}

static bool say_count(size_t count, size_t expected, enum sentence sentence,
                      struct problem *problem)
{
    g_autofree char *have = g_strdup_printf("%zu", count);
    g_autofree char *want = g_strdup_printf("%zu", expected);
    return say(problem, CODE_BAD_STRUCTURE, sentence, have, want, NULL);
}

/* Number of cells against the header. */
static bool check_count(struct reader *reader, struct problem *problem)
{
    size_t count = cells_count(&reader->cells), expected = reader->headers->len;
    if (count > expected && has_surplus(reader))
        return say_count(count, expected, SAY_ROW_CELLS, problem);
    if (count < expected && !reader->record.terminated && !reader->seen_short)
        return say_count(count, expected, SAY_ROW_TRUNCATED, problem);
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
