#include "loader/mapping.h"
#include "loader/columns.h"
#include "loader/reader.h"
#include <string.h>

/* Where one name of the file goes. */
struct target {
    const struct field *field;
    const struct group *group;
    int64_t scale;
};

struct mapping {
    GHashTable *columns; /* KEY -> struct target */
    json_t *constants;
};

void mapping_free(struct mapping *mapping)
{
    if (!mapping)
        return;
    g_hash_table_destroy(mapping->columns);
    json_decref(mapping->constants);
    g_free(mapping);
}

/* "application_number, publication_number, ..." */
static char *field_names(const struct kind *kind)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < kind->field_count; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", kind->fields[i].name);
    return g_string_free(out, FALSE);
}

static bool mapping_fail_field(const struct kind *kind, const char *part, const char *name,
                               GError **error)
{
    g_autofree char *names = field_names(kind);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                "%s: '%s' is no field of %s, which has %s", part, name, kind->name, names);
    return false;
}

static bool target_read(const struct kind *kind, const char *header, json_t *value,
                        struct target *out, GError **error)
{
    const char *name = json_string_value(value);
    g_autofree char *part = g_strdup_printf("columns: '%s'", header);
    *out = (struct target){0};
    if (json_is_null(value))
        return true;
    if (!name) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                    "%s: expected the name of a field or null", part);
        return false;
    }
    out->group = kind_group(kind, name);
    return out->group || columns_named(kind, name, &out->field, &out->scale) ||
           mapping_fail_field(kind, part, name, error);
}

static bool mapping_read_columns(struct mapping *mapping, const struct kind *kind,
                                 json_t *columns, GError **error)
{
    const char *header;
    json_t *value;
    json_object_foreach(columns, header, value)
    {
        struct target target;
        g_autofree char *key = columns_key(header);
        if (!target_read(kind, header, value, &target, error))
            return false;
        if (g_hash_table_contains(mapping->columns, key)) {
            g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                        "columns: '%s' stands twice (spellings of one header are one)", header);
            return false;
        }
        g_hash_table_insert(mapping->columns, g_steal_pointer(&key),
                            g_memdup2(&target, sizeof target));
    }
    return true;
}

static bool mapping_read_constants(struct mapping *mapping, const struct kind *kind,
                                   json_t *constants, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(constants, name, value)
    {
        const struct field *field;
        int64_t scale;
        if (!columns_named(kind, name, &field, &scale) || strcmp(field->name, name) != 0)
            return mapping_fail_field(kind, "constants", name, error);
        json_object_set(mapping->constants, name, value);
    }
    return true;
}

/* The members that may stand in a mapping, and their types. */
static bool mapping_has_form(json_t *json, const struct kind *kind, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        bool is_kind = strcmp(name, "kind") == 0 && json_is_string(value);
        bool is_part = (strcmp(name, "columns") == 0 || strcmp(name, "constants") == 0) &&
                       json_is_object(value);
        bool is_note = strcmp(name, "note") == 0 && json_is_string(value);
        if (is_kind || is_part || is_note)
            continue;
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                    "'%s' does not belong in it; a mapping has kind and note (text), columns "
                    "and constants (objects)",
                    name);
        return false;
    }
    const char *own = json_string_value(json_object_get(json, "kind"));
    if (own && strcmp(own, kind->name) == 0)
        return true;
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                "it is for kind '%s', but '%s' is being loaded", own ? own : "(none)",
                kind->name);
    return false;
}

static struct mapping *mapping_from(json_t *json, const struct kind *kind, GError **error)
{
    g_autoptr(mapping_t) mapping = g_new0(struct mapping, 1);
    mapping->columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    mapping->constants = json_object();
    if (!json_is_object(json)) {
        g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_MAPPING,
                            "expected one JSON object");
        return NULL;
    }
    bool ok = mapping_has_form(json, kind, error) &&
              mapping_read_columns(mapping, kind, json_object_get(json, "columns"), error) &&
              mapping_read_constants(mapping, kind, json_object_get(json, "constants"), error);
    return ok ? g_steal_pointer(&mapping) : NULL;
}

struct mapping *mapping_parse(const char *name, const char *text, size_t len,
                              const struct kind *kind, GError **error)
{
    json_error_t wrong;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &wrong);
    if (!json) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING, "mapping '%s': line %d: %s",
                    name, wrong.line, wrong.text);
        return NULL;
    }
    struct mapping *mapping = mapping_from(json, kind, error);
    json_decref(json);
    if (!mapping)
        g_prefix_error(error, "mapping '%s': ", name);
    return mapping;
}

struct mapping *mapping_load(const char *path, const struct kind *kind, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize len = 0;
    if (g_file_get_contents(path, &text, &len, &reason))
        return mapping_parse(path, text, len, kind, error);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_MAPPING, "mapping '%s': %s", path,
                reason->message);
    return NULL;
}

void saved_mapping_free(struct saved_mapping *saved)
{
    mapping_free(saved->mapping);
    g_free(saved->name);
    g_free(saved->header_key);
    g_free(saved);
}

char *mapping_header_key(const char *const *headers, size_t count)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *key = *headers[i] == '_' ? g_strdup("") : columns_key(headers[i]);
        if (*key != '\0')
            g_string_append_printf(out, "%s\n", key);
    }
    return g_string_free(out, FALSE);
}

const struct saved_mapping *mapping_recognise(const GPtrArray *saved,
                                              const char *const *headers, size_t count)
{
    g_autofree char *key = mapping_header_key(headers, count);
    for (guint i = 0; *key != '\0' && i < saved->len; i++) {
        const struct saved_mapping *own = g_ptr_array_index(saved, i);
        if (strcmp(own->header_key, key) == 0)
            return own;
    }
    return NULL;
}

bool mapping_find(const struct mapping *mapping, const char *header, const struct field **field,
                  const struct group **group, int64_t *scale)
{
    g_autofree char *key = columns_key(header);
    const struct target *target = g_hash_table_lookup(mapping->columns, key);
    if (!target)
        return false;
    *field = target->field;
    *group = target->group;
    *scale = target->scale;
    return true;
}

json_t *mapping_constants(const struct mapping *mapping)
{
    return mapping->constants;
}
