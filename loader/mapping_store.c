#include "loader/mapping_store.h"
#include "sql/saved_mapping.h"
#include <string.h>

static json_t *list(struct db *db, int agency_id, const char *kind, GError **error)
{
    if (!db_begin(db, DB_SERVICE, agency_id, error))
        return NULL;
    json_t *rows = saved_mapping_list(db, agency_id, kind, error);
    db_rollback(db); /* nothing was written */
    return rows;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

GPtrArray *mapping_store_all(struct db *db, int agency_id, const struct kind *kind,
                             GError **error)
{
    g_autoptr(GPtrArray) out =
        g_ptr_array_new_with_free_func((GDestroyNotify)saved_mapping_free);
    json_auto_t *rows = list(db, agency_id, kind->name, error);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *text = text_of(row, "mapping");
        struct mapping *mapping =
            mapping_parse(text_of(row, "name"), text, strlen(text), kind, error);
        if (!mapping)
            return NULL;
        struct saved_mapping *saved = g_new0(struct saved_mapping, 1);
        saved->name = g_strdup(text_of(row, "name"));
        saved->header_key = g_strdup(text_of(row, "header_key"));
        saved->mapping = mapping;
        g_ptr_array_add(out, saved);
    }
    return rows ? g_steal_pointer(&out) : NULL;
}

bool mapping_store_keep(struct db *db, int agency_id, const char *name, const struct kind *kind,
                        const char *header_key, const char *text, GError **error)
{
    g_autoptr(mapping_t) mapping = mapping_parse(name, text, strlen(text), kind, error);
    const struct saved_mapping_row row = {agency_id, kind->name, name, header_key, text};
    g_autofree char *now = mapping ? db_clock(db, error) : NULL;
    return now && saved_mapping_save(db, &row, now, error);
}

char *mapping_store_header(const char *file, const struct plan *plan, GError **error)
{
    struct raw_row row = {0};
    struct refusal refusal = {0};
    g_autoptr(reader_t) reader = reader_open(file, plan, error);
    if (!reader)
        return NULL;
    enum reader_step step = reader_next(reader, &row, &refusal, error);
    refusal_clear(&refusal);
    if (step == READER_FAILED)
        return NULL;
    size_t count;
    const char *const *headers = reader_headers(reader, &count);
    if (count > 0)
        return mapping_header_key(headers, count);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "'%s' has no header that a mapping could be recognised by", file);
    return NULL;
}
