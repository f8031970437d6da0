#include "service/steps/document.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Columns that are nobody's business outside, beside ids of rows. */
static const char *const internal[] = {"provenance", "change_seq", "name_key", "key", NULL};

static bool is_internal(const char *name)
{
    return g_strv_contains(internal, name) ||
           (g_str_has_suffix(name, "_id") && !g_str_equal(name, "source_id"));
}

static bool is_nothing(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

json_t *document_fields(const char *kind, const json_t *record)
{
    static const char *const ids[] = {"patent_id", "need_id", "enterprise_id", NULL};
    json_t *document = json_pack("{s:s}", "kind_of_record", kind), *value;
    const char *name;
    for (const char *const *id = ids; *id; id++) {
        bool own = g_str_has_prefix(*id, kind) && (*id)[strlen(kind)] == '_';
        value = json_object_get(record, *id);
        if (own && value)
            json_object_set_new(
                document, *id,
                json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    }
    json_object_foreach((json_t *)(uintptr_t)record, name,
                        value) if (!is_internal(name) && !is_nothing(value))
        json_object_set(document, name, value);
    return document;
}

json_t *document_of(const char *kind, const json_t *found)
{
    json_t *document = document_fields(kind, json_object_get(found, "record"));
    json_object_set(document, "history", json_object_get(found, "history"));
    json_object_set(document, "links", json_object_get(found, "links"));
    return document;
}
