#include "http_embedded.h"
#include "loader/columns.h"
#include "loader/kind.h"
#include "service/daemon/daemon.h"
#include "service/http/yaml.h"
#include <stdlib.h>
#include <string.h>

/* ---- A kind as a schema */

static json_t *text_schema(const char *format)
{
    return format ? json_pack("{s:s, s:s}", "type", "string", "format", format)
                  : json_pack("{s:s}", "type", "string");
}

static json_t *type_schema(const struct field *field)
{
    switch (field->type) {
    case FIELD_DATE:
        return text_schema("date");
    case FIELD_MONEY:
    case FIELD_INTEGER:
        return json_pack("{s:s}", "type", "integer");
    case FIELD_YES_NO:
        return json_pack("{s:s}", "type", "boolean");
    case FIELD_EVIDENCE:
        return json_pack("{s:s}", "type", "object");
    default:
        return text_schema(NULL);
    }
}

/* Titles are what the Chinese forms call the fields. */
static json_t *field_schema(const struct kind *kind, const struct field *field)
{
    json_t *schema = type_schema(field);
    json_object_set_new(schema, "title", json_string(columns_chinese(kind, field->name)));
    return field->list ? json_pack("{s:s, s:O, s:o}", "type", "array", "title",
                                   json_object_get(schema, "title"), "items", schema)
                       : schema;
}

static json_t *properties_of(json_t *schema)
{
    json_t *properties = json_object_get(schema, "properties");
    if (!properties)
        json_object_set_new(schema, "properties", properties = json_object());
    return properties;
}

/* The object that a nested field stands in: of "offer.price_fen" the properties of offer. */
static json_t *group_of(const struct kind *kind, json_t *properties, const char *field)
{
    g_autofree char *name = g_strndup(field, strcspn(field, "."));
    const struct group *group = kind_group(kind, name);
    json_t *schema = json_object_get(properties, name);
    if (!schema) {
        json_t *object = json_pack("{s:s}", "type", "object");
        schema = group && group->list
                     ? json_pack("{s:s, s:o}", "type", "array", "items", object)
                     : object;
        json_object_set_new(properties, name, schema);
    }
    json_t *items = json_object_get(schema, "items");
    return properties_of(items ? items : schema);
}

static json_t *kind_schema(const struct kind *kind)
{
    json_t *schema = json_pack("{s:s, s:s}", "type", "object", "description", kind->zh);
    json_t *properties = properties_of(schema), *required = json_array();
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->fields[i];
        const char *dot = strchr(field->name, '.');
        json_object_set_new(dot ? group_of(kind, properties, field->name) : properties,
                            dot ? dot + 1 : field->name, field_schema(kind, field));
        if (field->required && !field->instead && !dot && strcmp(field->name, "title") != 0)
            json_array_append_new(required, json_string(field->name));
    }
    json_object_set_new(schema, "required", required);
    return schema;
}

/* ---- Paths with {records}, spelt out */

static json_t *replaced(const json_t *value, const char *from, const char *to)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_auto(GStrv) parts = g_strsplit(text, from, 0);
    g_autofree char *joined = g_strjoinv(to, parts);
    free(text);
    return json_loads(joined, 0, NULL);
}

static void drop_place(json_t *operation)
{
    json_t *params = json_object_get(operation, "parameters");
    for (size_t i = json_array_size(params); i-- > 0;) {
        const char *ref = json_string_value(json_object_get(json_array_get(params, i), "$ref"));
        if (ref && g_str_has_suffix(ref, "/records"))
            json_array_remove(params, i);
    }
}

static void add_filters(json_t *operation, const struct kind_of_record *kind)
{
    json_t *params = json_object_get(operation, "parameters");
    for (const char *const *name = kind->filters; *name; name++)
        json_array_append_new(params, json_pack("{s:s, s:s, s:{s:s}, s:s}", "name", *name, "in",
                                                "query", "schema", "type", "string",
                                                "description", "Only those with this value"));
}

static void narrow_roles(json_t *operation, unsigned of_kind)
{
    json_t *roles = json_object_get(operation, "x-roles");
    for (size_t i = json_array_size(roles); i-- > 0;)
        if (!(role_of(json_string_value(json_array_get(roles, i))) & of_kind))
            json_array_remove(roles, i);
}

static json_t *path_of_kind(const json_t *item, const struct kind_of_record *kind)
{
    g_autofree char *schema = g_strconcat("#/components/schemas/", kind->name, "\"", NULL);
    g_autofree char *name = g_strconcat("\"operationId\":\"", kind->plural, ".", NULL);
    json_auto_t *typed = replaced(item, "#/components/schemas/Fields\"", schema);
    json_t *own = replaced(typed, "\"operationId\":\"records.", name), *operation;
    const char *method;
    json_object_foreach(own, method, operation)
    {
        drop_place(operation);
        if (json_is_true(json_object_get(operation, "x-filters")))
            add_filters(operation, kind);
        narrow_roles(operation, g_str_equal(method, "get") ? kind->readers : kind->writers);
    }
    return own;
}

static void spell_out(json_t *root, const struct kind_of_record *kinds, size_t count)
{
    json_t *paths = json_object_get(root, "paths"), *all = json_object(), *item;
    const char *path;
    json_object_foreach(paths, path, item)
    {
        g_auto(GStrv) parts = g_strsplit(path, "{records}", 2);
        for (size_t i = 0; parts[1] && i < count; i++) {
            g_autofree char *own = g_strconcat(parts[0], kinds[i].plural, parts[1], NULL);
            json_object_set_new(all, own, path_of_kind(item, &kinds[i]));
        }
        if (!parts[1])
            json_object_set(all, path, item);
    }
    json_object_set_new(root, "paths", all);
}

GString *daemon_openapi(const struct kind_of_record *kinds, size_t count, GError **error)
{
    json_auto_t *root = yaml_read(http_openapi, http_openapi_size, error);
    if (!root)
        return NULL;
    json_t *schemas = json_object_get(json_object_get(root, "components"), "schemas");
    for (size_t i = 0; i < count; i++)
        json_object_set_new(schemas, kinds[i].name, kind_schema(kind_find(kinds[i].name)));
    json_object_del(json_object_get(json_object_get(root, "components"), "parameters"),
                    "records");
    spell_out(root, kinds, count);
    char *text = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
    GString *served = g_string_new(text);
    free(text);
    return served;
}
