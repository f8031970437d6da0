/* What a reader says of the file that it reads. */
#include "loader/columns.h"
#include "loader/reader_internal.h"

enum reader_format reader_format(const struct reader *reader)
{
    return reader->format;
}

const char *reader_encoding(const struct reader *reader)
{
    const char *marked = bytes_marked(reader->bytes);
    return marked ? marked : reader->charset ? charset_name(reader->charset) : "UTF-8";
}

const char *const *reader_headers(const struct reader *reader, size_t *count)
{
    *count = reader->headers->len;
    return (const char *const *)reader->headers->pdata;
}

const char *raw_row_header(const struct raw_row *row, const char *field)
{
    for (size_t i = 0; i < row->header_count; i++)
        if (row->columns[i]->field && g_str_equal(row->columns[i]->field->name, field))
            return row->headers[i];
    return field;
}

int64_t reader_read(const struct reader *reader)
{
    return reader->read;
}

int64_t reader_skipped(const struct reader *reader)
{
    return reader->skipped;
}

int64_t reader_header_line(const struct reader *reader)
{
    return reader->header_line;
}

bool reader_is_empty(const struct reader *reader)
{
    return reader->empty;
}

static void add_unrecognised(GPtrArray *out, const struct columns *columns)
{
    for (const char *const *name = columns_unrecognised(columns); *name; name++)
        if (!g_ptr_array_find_with_equal_func(out, *name, g_str_equal, NULL))
            g_ptr_array_add(out, (gpointer)(guintptr)*name);
}

const char *const *reader_unrecognised(struct reader *reader)
{
    if (reader->old_columns->len == 0)
        return columns_unrecognised(reader->columns);
    g_clear_pointer(&reader->unrecognised, g_ptr_array_unref);
    reader->unrecognised = g_ptr_array_new();
    for (guint i = 0; i < reader->old_columns->len; i++)
        add_unrecognised(reader->unrecognised, g_ptr_array_index(reader->old_columns, i));
    add_unrecognised(reader->unrecognised, reader->columns);
    g_ptr_array_add(reader->unrecognised, NULL);
    return (const char *const *)reader->unrecognised->pdata;
}

const char *reader_format_name(enum reader_format format)
{
    static const char *const names[] = {"json_lines", "csv", "tsv", "xlsx",
                                        "json",       "xml", "dump"};
    return names[format];
}

const struct kind *reader_kind(const struct reader *reader)
{
    return reader->plan.kind;
}

const char *reader_saved_name(const struct reader *reader)
{
    return reader->saved ? reader->saved->name : NULL;
}

json_t *reader_sheets(const struct reader *reader)
{
    return reader->xlsx ? reader_xlsx_sheets(reader) : NULL;
}

struct column *reader_column(const struct reader *reader, size_t place)
{
    return g_ptr_array_index(reader->by_place, place);
}

struct columns *reader_columns(struct reader *reader)
{
    return reader->columns;
}

GPtrArray **reader_spare_slots(struct reader *reader)
{
    if (!reader->spare_slots)
        reader->spare_slots = g_new0(GPtrArray *, reader->plan.kind->field_count);
    return reader->spare_slots;
}

const struct plan *reader_plan(const struct reader *reader)
{
    return &reader->plan;
}
