#include "loader/preview.h"
#include "loader/names.h"
#include "loader/record.h"
#include "loader/record_internal.h"

struct preview {
    struct reader *reader;
    bool chinese;
    json_t *columns, *records, *refusals;
    GHashTable *
        seen; /* struct column * whose header is in `columns`, to what stands there (borrowed) */
};
enum { SAMPLE = 60 };

static void add_column(struct preview *preview, const struct column *column)
{
    if (*column->header == '\0' || g_hash_table_contains(preview->seen, column))
        return;
    const char *field = column->field   ? column->field->name
                        : column->group ? column->group->name
                                        : NULL;
    json_t *one = json_pack("{s:s, s:s?, s:b}", "header", column->header, "field", field,
                            "ignored", column->ignored);
    if (column->field && column->field->type == FIELD_MONEY)
        json_object_set_new(one, "unit_fen", json_integer(column->scale));
    json_array_append_new(preview->columns, one);
    g_hash_table_insert(preview->seen, (gpointer)(guintptr)column, one);
}

/* The first value of a column, for somebody who has to say what it is. */
static void add_sample(struct preview *preview, const struct column *column, const char *cell)
{
    json_t *one = g_hash_table_lookup(preview->seen, column);
    if (!one || *cell == '\0' || json_object_get(one, "sample"))
        return;
    g_autofree char *cut = text_cut(cell, SAMPLE);
    json_object_set_new(one, "sample", json_string(cut));
}

static void add_columns(struct preview *preview, const struct raw_row *row)
{
    const char *name;
    json_t *value;
    for (size_t i = 0; i < row->header_count; i++) {
        const struct column *column = reader_column(preview->reader, i);
        add_column(preview, column);
        if (row->cells && i < row->cell_count)
            add_sample(preview, column, row->cells[i]);
    }
    json_object_foreach(row->object, name, value) if (!builder_is_extra(name, value))
        add_column(preview, columns_find(reader_columns(preview->reader), name));
}

static void add_record(struct preview *preview, const struct raw_row *row,
                       const struct record *record)
{
    json_t *remarks = json_array();
    for (guint i = 0; i < record->notices->len; i++) {
        const struct notice *notice = record->notices->pdata[i];
        json_array_append_new(
            remarks, json_sprintf("%s%s%s", notice->column, *notice->column ? ": " : "",
                                  problem_text(&notice->problem, preview->chinese)));
    }
    json_array_append_new(preview->records,
                          json_pack("{s:I, s:s?, s:s, s:O, s:o}", "line", (json_int_t)row->line,
                                    "sheet", row->sheet, "key", record->key, "record",
                                    record->fields, "remarks", remarks));
}

static void add_refusal(struct preview *preview, const struct refusal *refusal)
{
    json_array_append_new(
        preview->refusals,
        json_pack("{s:I, s:s?, s:s, s:s, s:s, s:s}", "line", (json_int_t)refusal->line, "sheet",
                  refusal->sheet, "column", refusal->column, "value", refusal->value, "code",
                  code_name(refusal->code), "reason",
                  preview->chinese ? refusal->reason_zh : refusal->reason_en));
}

static bool read_rows(struct preview *preview, int rows, GError **error)
{
    enum reader_step step = READER_ROW;
    while (rows-- > 0 && step != READER_END) {
        struct raw_row row = {0};
        struct refusal refusal = {0};
        struct record record = {0};
        step = reader_next(preview->reader, &row, &refusal, error);
        if (step == READER_FAILED)
            return false;
        if (step == READER_END)
            break;
        add_columns(preview, &row);
        if (step == READER_ROW && record_read(preview->reader, &row, &record, &refusal)) {
            add_record(preview, &row, &record);
            record_clear(&record);
        } else {
            add_refusal(preview, &refusal);
        }
        refusal_clear(&refusal);
    }
    return true;
}

static json_t *document_of(const struct preview *preview, const char *path,
                           const struct plan *plan)
{
    struct reader *reader = preview->reader;
    json_t *unknown = json_array();
    for (const char *const *name = reader_unrecognised(reader); *name; name++)
        json_array_append_new(unknown, json_string(*name));
    json_t *out = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:O, s:o, s:O, s:O}", "file", path, "kind", plan->kind->name,
        "format", reader_format_name(reader_format(reader)), "encoding",
        reader_encoding(reader), "skipped", (json_int_t)reader_skipped(reader), "columns",
        preview->columns, "unrecognised", unknown, "records", preview->records, "refusals",
        preview->refusals);
    json_t *sheets = reader_sheets(reader);
    if (reader_header_line(reader))
        json_object_set_new(out, "header_line", json_integer(reader_header_line(reader)));
    if (sheets)
        json_object_set_new(out, "sheets", sheets);
    if (reader_saved_name(reader))
        json_object_set_new(out, "mapping", json_string(reader_saved_name(reader)));
    return out;
}

/* A table of which no column is known is opened all the same: somebody will say what its columns are. */
static struct reader *open_any(const char *path, const struct plan *plan, GError **error)
{
    g_autoptr(GError) why = NULL;
    struct plan any = *plan;
    struct reader *reader = reader_open(path, plan, &why);
    any.any_header = true;
    if (!reader && g_error_matches(why, LOADER_ERROR, LOADER_ERROR_FORMAT))
        reader = reader_open(path, &any, NULL);
    if (!reader)
        g_propagate_error(error, g_steal_pointer(&why));
    return reader;
}

json_t *preview_file(const char *path, const struct plan *plan, int rows, bool chinese,
                     GError **error)
{
    g_autoptr(reader_t) reader = open_any(path, plan, error);
    if (!reader)
        return NULL;
    struct preview preview = {.reader = reader,
                              .chinese = chinese,
                              .columns = json_array(),
                              .records = json_array(),
                              .refusals = json_array(),
                              .seen = g_hash_table_new(g_direct_hash, g_direct_equal)};
    json_t *out = read_rows(&preview, rows, error) ? document_of(&preview, path, plan) : NULL;
    json_decref(preview.columns);
    json_decref(preview.records);
    json_decref(preview.refusals);
    g_hash_table_unref(preview.seen);
    return out;
}
