#include "service/track/schema.h"
#include <stdio.h>
#include <string.h>

struct check {
    const json_t *root; /* the schema that holds $defs */
    GPtrArray *errors;
};

static void check_value(const struct check *check, const json_t *schema, const json_t *value,
                        const char *path);

static void say(const struct check *check, const char *path, const char *what)
{
    g_ptr_array_add(check->errors,
                    g_strdup_printf("%s%s%s", path, *path ? ": " : "(the whole): ", what));
}

static void say_expected(const struct check *check, const json_t *schema, const char *path)
{
    const char *expected = json_string_value(json_object_get(schema, "expected"));
    g_autofree char *what =
        g_strdup_printf("expected %s", expected ? expected : "something else");
    say(check, path, what);
}

static const json_t *followed(const struct check *check, const json_t *schema)
{
    const char *to = json_string_value(json_object_get(schema, "$ref"));
    if (!to)
        return schema;
    const json_t *defs = json_object_get(check->root, "$defs");
    return followed(check, json_object_get(defs, to + strlen("#/$defs/")));
}

/* ---- One value */

static bool is_type(const json_t *value, const char *type)
{
    return (g_str_equal(type, "object") && json_is_object(value)) ||
           (g_str_equal(type, "array") && json_is_array(value)) ||
           (g_str_equal(type, "string") && json_is_string(value)) ||
           (g_str_equal(type, "integer") && json_is_integer(value)) ||
           (g_str_equal(type, "number") && json_is_number(value)) ||
           (g_str_equal(type, "boolean") && json_is_boolean(value)) ||
           (g_str_equal(type, "null") && json_is_null(value));
}

static bool fits_type(const json_t *types, const json_t *value)
{
    if (json_is_string(types))
        return is_type(value, json_string_value(types));
    for (size_t i = 0; i < json_array_size(types); i++)
        if (is_type(value, json_string_value(json_array_get(types, i))))
            return true;
    return !types;
}

static bool fits_enum(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value))
            return true;
    return !list;
}

bool schema_is_day(const char *text)
{
    int year = 0, month = 0, day = 0, used = 0;
    return sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used == 10 &&
           !text[10] && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static bool is_zone(const char *text)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(text);
    return zone != NULL;
}

static bool fits_text(const json_t *schema, const char *text)
{
    const char *format = json_string_value(json_object_get(schema, "format"));
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    if (format && g_str_equal(format, "date") && !schema_is_day(text))
        return false;
    if (format && g_str_equal(format, "time-zone") && !is_zone(text))
        return false;
    return !pattern || g_regex_match_simple(pattern, text, 0, 0);
}

static bool fits_number(const json_t *schema, double number)
{
    const json_t *least = json_object_get(schema, "minimum"),
                 *most = json_object_get(schema, "maximum");
    return (!least || number >= json_number_value(least)) &&
           (!most || number <= json_number_value(most));
}

static bool fits_size(const json_t *schema, const json_t *value)
{
    const json_t *items = json_object_get(schema, "minItems"),
                 *least = json_object_get(schema, "minProperties"),
                 *most = json_object_get(schema, "maxProperties");
    if (json_is_array(value))
        return json_array_size(value) >= (size_t)json_integer_value(items);
    return !json_is_object(value) ||
           (json_object_size(value) >= (size_t)json_integer_value(least) &&
            (!most || json_object_size(value) <= (size_t)json_integer_value(most)));
}

static bool fits(const json_t *schema, const json_t *value)
{
    return fits_type(json_object_get(schema, "type"), value) &&
           fits_enum(json_object_get(schema, "enum"), value) && fits_size(schema, value) &&
           (!json_is_string(value) || fits_text(schema, json_string_value(value))) &&
           (!json_is_number(value) || fits_number(schema, json_number_value(value)));
}

/* ---- What it holds */

static void check_required(const struct check *check, const json_t *schema,
                           const json_t *object, const char *path)
{
    const json_t *names = json_object_get(schema, "required");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        const json_t *member = json_object_get(json_object_get(schema, "properties"), name);
        g_autofree char *at = g_strconcat(path, *path ? "." : "", name, NULL);
        g_autofree char *what = g_strdup_printf(
            "is missing; expected %s",
            json_string_value(json_object_get(followed(check, member), "expected")));
        if (!json_object_get(object, name))
            say(check, at, what);
    }
}

static void check_members(const struct check *check, const json_t *schema, json_t *object,
                          const char *path)
{
    const json_t *known = json_object_get(schema, "properties");
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const json_t *member = json_object_get(known, name);
        g_autofree char *at = g_strconcat(path, *path ? "." : "", name, NULL);
        if (member)
            check_value(check, member, value, at);
        else if (json_is_false(json_object_get(schema, "additionalProperties")))
            say(check, at, "there is no member of this name here");
    }
}

static void check_items(const struct check *check, const json_t *schema, const json_t *list,
                        const char *path)
{
    const json_t *item = json_object_get(schema, "items");
    for (size_t i = 0; item && i < json_array_size(list); i++) {
        g_autofree char *at = g_strdup_printf("%s[%zu]", path, i);
        check_value(check, item, json_array_get(list, i), at);
    }
}

static void check_value(const struct check *check, const json_t *schema, const json_t *value,
                        const char *path)
{
    schema = followed(check, schema);
    if (!fits(schema, value)) {
        say_expected(check, schema, path);
        return;
    }
    if (json_is_object(value)) {
        check_required(check, schema, value, path);
        check_members(check, schema, (json_t *)(guintptr)value, path);
    }
    check_items(check, schema, value, path);
}

void schema_check(const json_t *schema, const json_t *value, GPtrArray *errors)
{
    const struct check check = {schema, errors};
    check_value(&check, schema, value, "");
}
