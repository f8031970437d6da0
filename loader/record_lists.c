/* Lists of objects (contacts, rights, payments ...): from JSON, and from the columns of one row. */
#include "loader/names.h"
#include "loader/record_internal.h"
#include "loader/sentences.h"
#include <string.h>

const struct group *builder_group_of(const struct kind *kind, const struct field *field)
{
    for (size_t i = 0; i < kind->group_count; i++) {
        size_t len = strlen(kind->groups[i].name);
        if (strncmp(field->name, kind->groups[i].name, len) == 0 && field->name[len] == '.')
            return &kind->groups[i];
    }
    return NULL;
}

/* The object at a place of a list, made when it is not there. */
static json_t *object_at(json_t *list, size_t place)
{
    while (json_array_size(list) <= place)
        json_array_append_new(list, json_object());
    return json_array_get(list, place);
}

/* The columns of one field in a list of objects: its values, place by place. New reference. */
static json_t *flat_values(const struct field *field, const GPtrArray *slot)
{
    json_t *all = json_array(), *value;
    for (guint g = 0; g < (field->joined ? slot->len : 1); g++) {
        const struct given *given = g_ptr_array_index(slot, g);
        json_t *values = builder_given_values(field, given->value, slot->len == 1);
        size_t i;
        json_array_foreach(values, i, value)
        {
            if (slot->len > 1)
                builder_list_add(all, value);
            else
                json_array_append(all, value);
        }
        json_decref(values);
    }
    return all;
}

/* One value stands for all: the person's name beside two telephones, the type beside two rights. */
static bool spreads(const char *name)
{
    static const char *const spreading[] = {"contacts.name", "contacts.role", "rights.type",
                                            "rights.office", NULL};
    return g_strv_contains(spreading, name);
}

/* Puts the values of one field into the objects of the list. */
static bool flat_put(struct builder *builder, const struct field *field, const GPtrArray *slot,
                     json_t *values, size_t count, json_t *list)
{
    const struct given *given = g_ptr_array_index(slot, 0);
    size_t own = json_array_size(values);
    for (size_t i = 0; i < count; i++) {
        size_t from = own == 1 && spreads(field->name) ? 0 : i;
        json_t *out = NULL;
        if (from >= own)
            break;
        if (!builder_read_one(builder, field, given, json_array_get(values, from), &out))
            return false;
        if (out)
            json_object_set_new(object_at(list, i), strchr(field->name, '.') + 1, out);
    }
    return true;
}

static bool say_places(struct builder *builder, const struct field *field, size_t own,
                       size_t count, const char *other)
{
    g_autofree char *have = g_strdup_printf("%zu", own);
    g_autofree char *want = g_strdup_printf("%zu", count);
    say(&builder->problem, CODE_BAD_STRUCTURE, SAY_PLACES, have, want, other, NULL);
    return builder_fail(builder, builder_header(builder, field->name), NULL);
}

/* The flat columns of one list of objects. */
static bool take_flat(struct builder *builder, const struct group *group, json_t *list)
{
    const struct kind *kind = builder->kind;
    g_autofree json_t **values = g_new0(json_t *, kind->field_count);
    size_t count = 0;
    const char *longest = "";
    bool ok = true, loose = strcmp(group->name, "contacts") == 0;
    for (size_t i = 0; i < kind->field_count; i++) {
        if (!builder->slots[i] || builder_group_of(kind, &kind->fields[i]) != group)
            continue;
        values[i] = flat_values(&kind->fields[i], builder->slots[i]);
        longest = json_array_size(values[i]) > count
                      ? builder_header(builder, kind->fields[i].name)
                      : longest;
        count = MAX(count, json_array_size(values[i]));
    }
    for (size_t i = 0; ok && i < kind->field_count; i++) {
        const struct field *field = &kind->fields[i];
        size_t own = json_array_size(values[i]);
        if (own > 0 && own != count && !loose && !(own == 1 && spreads(field->name)))
            ok = say_places(builder, field, own, count, longest);
        else if (own > 0 && builder->slots[i])
            ok = flat_put(builder, field, builder->slots[i], values[i], count, list);
    }
    for (size_t i = 0; i < kind->field_count; i++)
        json_decref(values[i]);
    return ok;
}

/* One object of a list that came as JSON. */
static bool take_object(struct builder *builder, const struct group *group, json_t *from,
                        json_t *list)
{
    const char *name;
    json_t *value, *object = json_object();
    bool ok = true;
    json_object_foreach(from, name, value)
    {
        g_autofree char *path = g_strdup_printf("%s.%s", group->name, name);
        struct column *column = columns_find(reader_columns(builder->reader), path);
        struct given given = {.column = column, .value = value};
        json_t *out = NULL;
        bool inside = column->field && builder_group_of(builder->kind, column->field) == group;
        if (!inside)
            builder_extra(builder, path, value);
        else
            ok = builder_read_one(builder, column->field, &given, value, &out);
        if (!ok)
            break;
        if (out && !json_is_null(out))
            json_object_set(object, strchr(column->field->name, '.') + 1, out);
        json_decref(out);
    }
    if (ok && json_object_size(object) > 0)
        json_array_append(list, object);
    json_decref(object);
    return ok;
}

static bool take_objects(struct builder *builder, const struct group *group, json_t *from,
                         json_t *list)
{
    size_t i;
    json_t *value;
    json_array_foreach(from, i, value)
    {
        json_t *wrapped = json_is_object(value) ? json_incref(value)
                          : group->plain && !json_is_array(value)
                              ? json_pack("{s:O}", group->plain, value)
                              : NULL;
        bool ok = wrapped && take_object(builder, group, wrapped, list);
        json_decref(wrapped);
        if (ok)
            continue;
        if (wrapped)
            return false;
        say(&builder->problem, CODE_BAD_VALUE, SAY_WRONG_TYPE, "an object", "对象",
            "something else", "其他内容", NULL);
        return builder_fail(builder, group->name, value);
    }
    return true;
}

bool builder_take_groups(struct builder *builder)
{
    for (size_t i = 0; i < builder->kind->group_count; i++) {
        const struct group *group = &builder->kind->groups[i];
        json_t *list = json_array();
        bool ok =
            !group->list ||
            ((!builder->groups[i] || take_objects(builder, group, builder->groups[i], list)) &&
             take_flat(builder, group, list));
        for (size_t n = json_array_size(list); n > 0; n--)
            if (json_object_size(json_array_get(list, n - 1)) == 0)
                json_array_remove(list, n - 1);
        if (ok && json_array_size(list) > 0)
            json_object_set(builder->record->fields, group->name, list);
        json_decref(list);
        if (!ok)
            return false;
    }
    return true;
}
