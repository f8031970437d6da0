/* The file that gives refused rows back. */
#include "loader/reader.h"
#include "loader/refusal.h"
#include "loader/refusal_book.h"
#include "loader/value.h"
#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FIELDS_MAX = 10000 };

struct refusal_writer {
    char *path;
    FILE *file; /* the CSV; NULL until the first row */
    const struct reader *reader;
    struct refusal_book *book; /* XLSX; NULL until the first row */
    bool chinese;
    bool json;
    FILE *
        rows; /* JSON Lines: refused rows wait here, one a line, until all their field names are known */
    GPtrArray *names; /* those names, in order of appearance */
    GHashTable *seen;
};

static const char *const own_columns[] = {"_line", "_column", "_value",
                                          "_code", "_reason", "_raw"};

static bool write_fail(const struct refusal_writer *writer, GError **error)
{
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_WRITE, "could not write file '%s': %s",
                writer->path, g_strerror(errno));
    return false;
}

struct refusal_writer *refusal_writer_new(const char *path, const struct reader *reader,
                                          bool chinese)
{
    struct refusal_writer *writer = g_new0(struct refusal_writer, 1);
    writer->path = g_strdup(path);
    enum reader_format format = reader_format(reader);
    writer->reader = reader;
    writer->json = format != READER_CSV && format != READER_TSV && format != READER_XLSX;
    writer->chinese = chinese;
    writer->names = g_ptr_array_new_with_free_func(g_free);
    writer->seen = g_hash_table_new(g_str_hash, g_str_equal);
    return writer;
}

/* Cells are always quoted; a line ends as RFC 4180 says. */
static void put_cell(FILE *file, const char *text, bool first)
{
    if (!first)
        fputc(',', file);
    csv_fwrite(file, text, strlen(text));
}

static bool open_file(struct refusal_writer *writer, GError **error)
{
    writer->file = fopen(writer->path, "we");
    if (!writer->file)
        return write_fail(writer, error);
    fputs("\xef\xbb\xbf", writer->file);
    return true;
}

static bool is_own(const char *header)
{
    for (size_t i = 0; i < G_N_ELEMENTS(own_columns); i++)
        if (strcmp(header, own_columns[i]) == 0)
            return true;
    return false;
}

static void put_own_headers(FILE *file, bool first)
{
    for (size_t i = 0; i < G_N_ELEMENTS(own_columns); i++)
        put_cell(file, own_columns[i], first && i == 0);
    fputs("\r\n", file);
}

static void put_own_cells(const struct refusal_writer *writer, const struct refusal *refusal,
                          const char *raw, bool first)
{
    g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT, refusal->line);
    put_cell(writer->file, line, first);
    put_cell(writer->file, refusal->column ? refusal->column : "", false);
    put_cell(writer->file, refusal->value ? refusal->value : "", false);
    put_cell(writer->file, code_name(refusal->code), false);
    const char *reason = writer->chinese ? refusal->reason_zh : refusal->reason_en;
    put_cell(writer->file, reason ? reason : "", false);
    put_cell(writer->file, raw ? raw : "", false);
    fputs("\r\n", writer->file);
}

/* ---- CSV and TSV ---- */

/* The line that gave money its unit must stand there again, or the mended rows would lose it. */
static void put_heads(const struct refusal_writer *writer, const struct raw_row *row)
{
    bool first = true;
    const char *unit_line = row->unit_line;
    if (unit_line) {
        put_cell(writer->file, unit_line, true);
        fputs("\r\n", writer->file);
    }
    for (size_t i = 0; i < row->header_count; i++) {
        if (is_own(row->headers[i]))
            continue;
        put_cell(writer->file, row->headers[i], first);
        first = false;
    }
    put_own_headers(writer->file, first);
}

static bool add_cells(struct refusal_writer *writer, const struct raw_row *row,
                      const struct refusal *refusal, GError **error)
{
    bool first = true;
    if (!writer->file && !open_file(writer, error))
        return false;
    if (ftell(writer->file) == 3)
        put_heads(writer, row);
    for (size_t i = 0; i < row->header_count; i++) {
        if (is_own(row->headers[i]))
            continue;
        put_cell(writer->file, i < row->cell_count ? row->cells[i] : "", first);
        first = false;
    }
    put_own_cells(writer, refusal, row->text, first);
    return !ferror(writer->file) || write_fail(writer, error);
}

/* ---- JSON Lines ---- */

static void remember_names(struct refusal_writer *writer, json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (writer->names->len >= FIELDS_MAX || g_hash_table_contains(writer->seen, name) ||
            is_own(name))
            continue;
        char *own = g_strdup(name);
        g_ptr_array_add(writer->names, own);
        g_hash_table_add(writer->seen, own);
    }
}

/* One line: the row, and beside it the refusal. */
static bool add_object(struct refusal_writer *writer, const struct raw_row *row,
                       const struct refusal *refusal, GError **error)
{
    const char *reason = writer->chinese ? refusal->reason_zh : refusal->reason_en;
    if (!writer->rows)
        writer->rows = tmpfile();
    if (!writer->rows)
        return write_fail(writer, error);
    if (row->object)
        remember_names(writer, row->object);
    /* as text, so that it adds no nesting of its own */
    char *text = row->object ? json_dumps(row->object, JSON_COMPACT) : NULL;
    json_t *line =
        json_pack("{s:s?, s:I, s:s?, s:s?, s:i, s:s?, s:s?}", "row", text, "line",
                  (json_int_t)refusal->line, "column", refusal->column, "value", refusal->value,
                  "code", (int)refusal->code, "reason", reason, "raw", row->text);
    bool ok = line && json_dumpf(line, writer->rows, JSON_COMPACT) == 0 &&
              fputc('\n', writer->rows) != EOF;
    json_decref(line);
    free(text);
    return ok || write_fail(writer, error);
}

static bool add_to_book(struct refusal_writer *writer, const struct raw_row *row,
                        const struct refusal *refusal, GError **error)
{
    if (!writer->book &&
        !(writer->book = refusal_book_new(writer->path, writer->chinese, error)))
        return false;
    return refusal_book_add(writer->book, row, refusal, error);
}

bool refusal_writer_add(struct refusal_writer *writer, const struct raw_row *row,
                        const struct refusal *refusal, GError **error)
{
    if (writer->json)
        return add_object(writer, row, refusal, error);
    return reader_format(writer->reader) == READER_XLSX
               ? add_to_book(writer, row, refusal, error)
               : add_cells(writer, row, refusal, error);
}

/* A member as a cell: texts and numbers as they are, lists and objects as JSON. */
static void put_member(FILE *file, const json_t *value, bool first)
{
    bool plain = !value || json_is_null(value);
    char *dump = plain || json_is_string(value)
                     ? NULL
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *text = plain ? "" : dump ? dump : json_string_value(value);
    put_cell(file, text ? text : "", first);
    free(dump);
}

static void put_object(const struct refusal_writer *writer, const json_t *line)
{
    const char *text = json_string_value(json_object_get(line, "row"));
    json_t *row = text ? json_loads(text, 0, NULL) : NULL;
    struct refusal refusal = {.line = json_integer_value(json_object_get(line, "line"))};
    g_autofree char *column = g_strdup(json_string_value(json_object_get(line, "column")));
    g_autofree char *value = g_strdup(json_string_value(json_object_get(line, "value")));
    g_autofree char *reason = g_strdup(json_string_value(json_object_get(line, "reason")));
    refusal.code = (enum refusal_code)json_integer_value(json_object_get(line, "code"));
    refusal.column = column;
    refusal.value = value;
    refusal.reason_en = refusal.reason_zh = reason;
    for (guint i = 0; i < writer->names->len; i++)
        put_member(writer->file, json_object_get(row, g_ptr_array_index(writer->names, i)),
                   i == 0);
    put_own_cells(writer, &refusal, json_string_value(json_object_get(line, "raw")),
                  writer->names->len == 0);
    json_decref(row);
}

/* The waiting rows become the CSV. */
static bool write_objects(struct refusal_writer *writer, GError **error)
{
    json_t *line;
    if (!open_file(writer, error))
        return false;
    for (guint i = 0; i < writer->names->len; i++)
        put_cell(writer->file, g_ptr_array_index(writer->names, i), i == 0);
    put_own_headers(writer->file, writer->names->len == 0);
    rewind(writer->rows);
    while ((line = json_loadf(writer->rows, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        put_object(writer, line);
        json_decref(line);
    }
    return !ferror(writer->rows) || write_fail(writer, error);
}

bool refusal_writer_close(struct refusal_writer *writer, GError **error)
{
    bool ok = !writer->rows || write_objects(writer, error);
    if (writer->file && ok && (fflush(writer->file) != 0 || ferror(writer->file)))
        ok = write_fail(writer, error);
    if (writer->book)
        ok = refusal_book_close(writer->book, ok ? error : NULL) && ok;
    if (writer->file)
        fclose(writer->file);
    if (writer->rows)
        fclose(writer->rows);
    g_ptr_array_free(writer->names, TRUE);
    g_hash_table_destroy(writer->seen);
    g_free(writer->path);
    g_free(writer);
    return ok;
}
