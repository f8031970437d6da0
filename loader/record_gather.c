/* A row's values, sorted by the fields they belong to. */
#include "loader/names.h"
#include "loader/record_internal.h"
#include "loader/sentences.h"
#include <string.h>

bool builder_fail(struct builder *builder, const char *column, const json_t *value)
{
    g_free(builder->column);
    g_free(builder->value);
    builder->column = g_strdup(column);
    builder->value = value ? value_text(value) : NULL;
    if (value && !builder->value && !json_is_null(value)) {
        char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        builder->value = g_strdup(dump);
        free(dump);
    }
    return false;
}

void builder_extra(struct builder *builder, const char *name, json_t *value)
{
    g_autofree char *own = g_strdup(*name != '\0' ? name : "?");
    for (int n = 2; json_object_get(builder->extra, own); n++) {
        if (json_equal(json_object_get(builder->extra, own), value))
            return;
        g_free(own);
        own = g_strdup_printf("%s (%d)", *name != '\0' ? name : "?", n);
    }
    json_object_set(builder->extra, own, value);
}

static size_t field_place(const struct kind *kind, const struct field *field)
{
    return (size_t)(field - kind->fields);
}

static void given_free(gpointer data)
{
    struct given *given = data;
    json_decref(given->value);
    if (!given->pooled)
        g_free(given);
}

static struct given *given_new(struct builder *builder)
{
    if (builder->pooled == BUILDER_POOL)
        return g_new0(struct given, 1);
    struct given *given = &builder->pool[builder->pooled++];
    given->pooled = true;
    return given;
}

static GPtrArray *slot_new(struct builder *builder, size_t place)
{
    GPtrArray *spare = g_steal_pointer(&reader_spare_slots(builder->reader)[place]);
    return spare ? spare : g_ptr_array_new_with_free_func(given_free);
}

static void slot_add(struct builder *builder, const struct field *field, struct column *column,
                     json_t *value)
{
    size_t place = field_place(builder->kind, field);
    GPtrArray **slot = &builder->slots[place];
    struct given *given = given_new(builder);
    given->column = column;
    given->value = json_incref(value);
    if (!*slot)
        *slot = slot_new(builder, place);
    g_ptr_array_add(*slot, given);
}

void builder_drop_slots(struct builder *builder)
{
    GPtrArray **spare = reader_spare_slots(builder->reader);
    for (size_t i = 0; i < builder->kind->field_count; i++) {
        if (!builder->slots[i])
            continue;
        g_ptr_array_set_size(builder->slots[i], 0);
        spare[i] = g_steal_pointer(&builder->slots[i]);
    }
}

static bool is_blank_value(const json_t *value, const struct field *field)
{
    if (json_is_string(value))
        return value_is_empty(json_string_value(value), field ? field->type : FIELD_TEXT);
    return json_is_array(value) && json_array_size(value) == 0;
}

/* Members of an object group: each goes to the field "group.member", an unknown one to extra. */
static void gather_object(struct builder *builder, const struct group *group, json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        g_autofree char *path = g_strdup_printf("%s.%s", group->name, name);
        struct column *column = columns_find(reader_columns(builder->reader), path);
        bool inside = column->field && g_str_has_prefix(column->field->name, group->name);
        if (inside && !is_blank_value(value, column->field))
            slot_add(builder, column->field, column, value);
        else if (!inside)
            builder_extra(builder, path, value);
    }
}

static bool gather_plain(struct builder *builder, const struct group *group,
                         struct column *column, json_t *value)
{
    g_autofree char *path =
        group->plain ? g_strdup_printf("%s.%s", group->name, group->plain) : NULL;
    const struct field *field = path ? kind_field(builder->kind, path) : NULL;
    if (is_blank_value(value, NULL))
        return true;
    if (field) {
        slot_add(builder, field, column, value);
        return true;
    }
    say(&builder->problem, CODE_BAD_VALUE, SAY_WRONG_TYPE, "an object", "对象", "a plain value",
        "单个值", NULL);
    return builder_fail(builder, column->header, value);
}

/* A whole nested object or list, as JSON gave it. */
static bool gather_group(struct builder *builder, const struct group *group,
                         struct column *column, json_t *value)
{
    json_t **place = &builder->groups[group - builder->kind->groups];
    if (json_is_null(value)) {
        json_object_set_new(builder->record->fields, group->name, json_null());
        return true;
    }
    if (!group->list && json_is_object(value)) {
        gather_object(builder, group, value);
        return true;
    }
    if (group->list && (json_is_array(value) || json_is_object(value))) {
        if (!*place)
            *place = json_array();
        if (json_is_array(value))
            json_array_extend(*place, value);
        else
            json_array_append(*place, value);
        return true;
    }
    return gather_plain(builder, group, column, value);
}

/* A text of an unknown column is kept without the blanks around it, whatever format it came in. */
static void keep_unknown(struct builder *builder, const char *name, json_t *value)
{
    if (!json_is_string(value)) {
        builder_extra(builder, name, value);
        return;
    }
    g_autofree char *text = text_trim(json_string_value(value));
    json_t *trimmed = json_string(text);
    builder_extra(builder, name, trimmed);
    json_decref(trimmed);
}

static bool gather_value(struct builder *builder, struct column *column, json_t *value)
{
    if (column->ignored)
        return true;
    if (column->group)
        return gather_group(builder, column->group, column, value);
    if (!column->field)
        keep_unknown(builder, column->header, value);
    else if (!is_blank_value(value, column->field))
        slot_add(builder, column->field, column, value);
    return true;
}

static bool holds_json(const struct column *column, const char *text)
{
    bool wanted =
        column->group ||
        (column->field && (column->field->list || column->field->type == FIELD_EVIDENCE));
    return wanted && (*text == '[' || *text == '{');
}

/* A cell of a list or nested object may hold JSON, as the refused file writes it. A text in brackets that is no JSON
 * ("[美]约翰") is a plain text. */
static bool gather_cell(struct builder *builder, struct column *column, const char *cell)
{
    g_autofree char *text = text_trim(cell);
    json_error_t wrong;
    json_t *value =
        holds_json(column, text) ? json_loads(text, JSON_REJECT_DUPLICATES, &wrong) : NULL;
    if (!value && column->group && holds_json(column, text)) {
        say(&builder->problem, CODE_BAD_STRUCTURE, SAY_CELL_JSON, wrong.text, NULL);
        return builder_fail(builder, column->header, NULL);
    }
    if (!value)
        value = json_string_nocheck(text); /* the reader has looked that it is UTF-8 */
    bool ok = *text == '\0' || gather_value(builder, column, value);
    json_decref(value);
    return ok;
}

static bool gather_cells(struct builder *builder, const struct raw_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (*row->cells[i] != '\0' &&
            !gather_cell(builder, reader_column(builder->reader, i), row->cells[i]))
            return false;
    return true;
}

bool builder_is_extra(const char *name, const json_t *value)
{
    return strcmp(name, "extra") == 0 && json_is_object(value);
}

static bool gather_members(struct builder *builder, json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const char *key;
        json_t *member;
        if (builder_is_extra(name, value)) {
            json_object_foreach(value, key, member) builder_extra(builder, key, member);
            continue;
        }
        struct column *column = columns_find(reader_columns(builder->reader), name);
        if (!gather_value(builder, column, value))
            return false;
    }
    return true;
}

/* The mapping's constants, for fields that the row says nothing about. */
static void gather_constants(struct builder *builder)
{
    const char *name;
    json_t *value;
    if (!builder->plan->mapping)
        return;
    json_object_foreach(mapping_constants(builder->plan->mapping), name, value)
    {
        const struct field *field = kind_field(builder->kind, name);
        if (!builder->slots[field_place(builder->kind, field)])
            slot_add(builder, field, NULL, value);
    }
}

/* "鼓楼区" beside 所属城市 "福州市" becomes "福州市鼓楼区": many districts have one name. */
static void complete_division(struct builder *builder)
{
    static const char *const above[] = {"所属城市", "城市", "所属省份", "省份", NULL};
    const struct field *field = kind_field(builder->kind, "division_code");
    GPtrArray *slot = field ? builder->slots[field_place(builder->kind, field)] : NULL;
    struct given *given = slot ? g_ptr_array_index(slot, 0) : NULL;
    const char *name = given ? json_string_value(given->value) : NULL;
    for (int i = 0; name && !g_ascii_isdigit(*name) && above[i]; i++) {
        const char *place = json_string_value(json_object_get(builder->extra, above[i]));
        if (!place || *place == '\0')
            continue;
        if (!g_str_has_prefix(name, place) && !strstr(name, "省")) {
            json_t *whole = json_sprintf("%s%s", place, name);
            json_decref(given->value);
            given->value = whole;
        }
        return;
    }
}

bool builder_gather(struct builder *builder, const struct raw_row *row)
{
    bool ok = row->object ? gather_members(builder, row->object) : gather_cells(builder, row);
    if (ok)
        gather_constants(builder);
    if (ok)
        complete_division(builder);
    return ok;
}
