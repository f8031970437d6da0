/* Dumps of the patent office's search pages: a line of column names parted by colons, a line of values, and so on; the names
 * may differ from row to row. The pages list one patent as several documents, some without a title: these come behind all others,
 * when the patent that they add to is known. */
#include "loader/names.h"
#include "loader/reader_internal.h"
#include "loader/sentences.h"
#include <string.h>

enum { NAMES_LEAST = 4, LATE_MAX = 20000 };

static char **split_line(struct reader *reader, const char *text, size_t len)
{
    size_t wrong;
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    g_autofree char *utf8 =
        memchr(text, '\0', len) ? NULL : charset_convert(reader->charset, text, len, &wrong);
    return utf8 ? g_strsplit(utf8, ":", -1) : NULL;
}

/* A line of names: at least four are known columns, and half of all (pages of the search have many of their own). */
static bool is_names(const struct reader *reader, char **cells)
{
    struct columns *columns = columns_new(reader->plan.kind, reader->plan.mapping);
    size_t known = 0, count = g_strv_length(cells);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *name = text_trim(cells[i]);
        const struct column *column = *name != '\0' ? columns_find(columns, name) : NULL;
        known += column && column->field;
    }
    columns_free(columns);
    return known >= NAMES_LEAST && known * 3 >= count;
}

bool reader_looks_like_dump(struct reader *reader, const char *sample, size_t len)
{
    const char *feed = memchr(sample, '\n', len);
    size_t first = feed ? (size_t)(feed - sample) : len;
    for (size_t i = 0; i < first; i++)
        if (strchr(",;|\t", sample[i]))
            return false;
    g_auto(GStrv) cells = split_line(reader, sample, first);
    return cells && is_names(reader, cells);
}

static enum reader_step bad_line(struct reader *reader, int64_t line, struct problem *problem,
                                 struct raw_row *row, struct refusal *refusal)
{
    const GString *text = reader->record.text;
    return reader_bad_row(reader, line, NULL, NULL, text->str, text->len, problem, row,
                          refusal);
}

/* "甲;乙;" -> "甲;乙", "甲;甲;" -> "甲": lists end with their mark, and what is one value comes once for each name. */
static char *clean_value(const char *text)
{
    char *trimmed = text_trim(text);
    size_t len = strlen(trimmed);
    while (len > 0 && trimmed[len - 1] == ';')
        trimmed[--len] = '\0';
    const char *first = strchr(trimmed, ';');
    size_t own = first ? (size_t)(first - trimmed) : len;
    bool repeats = own > 0 && (len + 1) % (own + 1) == 0;
    for (size_t at = own + 1; repeats && at < len; at += own + 1)
        repeats = strncmp(trimmed + at, trimmed, own) == 0;
    if (repeats)
        trimmed[own] = '\0';
    return trimmed;
}

/* Values beside names. A value may hold colons of its own only where the count tells nothing: then the row is refused. */
static enum reader_step take_values(struct reader *reader, char **cells, int64_t line,
                                    struct raw_row *row, struct refusal *refusal)
{
    struct problem problem = {0};
    size_t count = g_strv_length(cells),
           names = reader->names ? g_strv_length(reader->names) : 0;
    if (count != names) {
        g_autofree char *have = g_strdup_printf("%zu", count);
        g_autofree char *want = g_strdup_printf("%zu", names);
        say(&problem, CODE_BAD_STRUCTURE, SAY_ROW_CELLS, have, want, NULL);
        return bad_line(reader, line, &problem, row, refusal);
    }
    json_decref(reader->object);
    reader->object = json_object();
    for (size_t i = 0; i < count; i++) {
        g_autofree char *name = text_trim(reader->names[i]);
        g_autofree char *value = clean_value(cells[i]);
        if (*name != '\0' && *value != '\0')
            json_object_set_new(reader->object, name, json_string(value));
    }
    *row = (struct raw_row){.line = line, .object = reader->object};
    return READER_ROW;
}

/* A patent's row that names no title is set aside. */
static bool set_aside(struct reader *reader, int64_t line)
{
    const char *name;
    json_t *value;
    if (strcmp(reader->plan.kind->name, "patent") != 0 || reader->late.length >= LATE_MAX)
        return false;
    json_object_foreach(reader->object, name, value)
    {
        const struct column *column = columns_find(reader->columns, name);
        if (column->field && strcmp(column->field->name, "title") == 0)
            return false;
    }
    json_t *late = json_pack("{s:I, s:O}", "line", (json_int_t)line, "row", reader->object);
    g_queue_push_tail(&reader->late, late);
    return true;
}

static enum reader_step take_late(struct reader *reader, struct raw_row *row)
{
    json_t *late = g_queue_pop_head(&reader->late);
    if (!late)
        return READER_END;
    json_decref(reader->object);
    reader->object = json_incref(json_object_get(late, "row"));
    *row = (struct raw_row){.line = json_integer_value(json_object_get(late, "line")),
                            .place = ++reader->elements,
                            .object = reader->object};
    json_decref(late);
    return READER_ROW;
}

static enum reader_step take_line(struct reader *reader, int64_t line, struct raw_row *row,
                                  struct refusal *refusal)
{
    struct problem problem = {0};
    const GString *text = reader->record.text;
    g_auto(GStrv) cells = split_line(reader, text->str, text->len);
    if (!cells) {
        say(&problem, CODE_BAD_ENCODING, SAY_ROW_ENCODING, charset_name(reader->charset), "?",
            NULL);
        return bad_line(reader, line, &problem, row, refusal);
    }
    if (!is_names(reader, cells)) {
        enum reader_step step = take_values(reader, cells, line, row, refusal);
        if (step == READER_ROW && set_aside(reader, line))
            return READER_END;
        return step;
    }
    g_strfreev(reader->names);
    reader->names = g_steal_pointer(&cells);
    reader->skipped += line > 1; /* the first is the header, as in other tables */
    return READER_END;
}

enum reader_step reader_next_dump(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error)
{
    enum reader_step step = READER_END;
    columns_begin_row(reader->columns);
    while (step == READER_END) {
        GString *text = reader->record.text;
        struct problem problem = {0};
        g_string_truncate(text, 0);
        enum bytes_line taken = bytes_take_line(reader->bytes, text, ROW_MAX_BYTES, error);
        int64_t line = reader->next_line++;
        if (taken == BYTES_END || taken == BYTES_FAILED)
            return taken == BYTES_END ? take_late(reader, row) : READER_FAILED;
        if (taken == BYTES_TOO_LONG) {
            say(&problem, CODE_TOO_LONG, SAY_ROW_LONG, "64", NULL);
            step = bad_line(reader, line, &problem, row, refusal);
        } else if (reader_is_blank(text->str, text->len))
            reader->skipped++;
        else
            step = take_line(reader, line, row, refusal);
    }
    row->place = ++reader->elements;
    return step;
}
