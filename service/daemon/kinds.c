#include "loader/kind.h"
#include "service/daemon/daemon.h"
#include <string.h>

/* Fields that a list can be asked by: one short value each, in a column of its own; and a patent's family, by any of its numbers. */
static bool is_filter(const struct field *field)
{
    if (g_str_equal(field->name, "family"))
        return true;
    return !field->list && !strchr(field->name, '.') && field->type != FIELD_TEXT &&
           field->type != FIELD_EVIDENCE && !g_str_equal(field->name, "held_since");
}

static const char *const *filters_of(const struct kind *kind)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < kind->field_count; i++)
        if (is_filter(&kind->fields[i]))
            g_ptr_array_add(names, (gpointer)(uintptr_t)kind->fields[i].name);
    g_ptr_array_add(names, NULL);
    return (const char *const *)g_ptr_array_free(names, FALSE);
}

/* Agencies are made by administrators; everything else is an agency's daily work. */
static unsigned writers_of(const struct kind *kind)
{
    bool agency = g_str_equal(kind->name, "agency");
    return ROLE_ADMINISTRATOR | (agency ? 0u : (unsigned)ROLES_STAFF);
}

struct kind_of_record *daemon_kinds(size_t *count)
{
    const struct kind *kinds = kind_list(count);
    struct kind_of_record *all = g_new0(struct kind_of_record, *count);
    for (size_t i = 0; i < *count; i++)
        all[i] =
            (struct kind_of_record){.plural = route_plural(kinds[i].name),
                                    .name = kinds[i].name,
                                    .zh = kinds[i].zh,
                                    .fact = kinds[i].fact,
                                    .readers = ROLES_STAFF | ROLE_OFFICIAL | ROLE_ADMINISTRATOR,
                                    .writers = writers_of(&kinds[i]),
                                    .filters = filters_of(&kinds[i])};
    return all;
}

void daemon_kinds_free(struct kind_of_record *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_free(kinds[i].plural);
        g_free((gpointer)(uintptr_t)kinds[i].filters);
    }
    g_free(kinds);
}
