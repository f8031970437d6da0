#include "loader/duplicates.h"
#include "loader/registers.h"
#include <string.h>
#include <xxhash.h>

/* All rows of the file with one key. */
struct group_of_rows {
    struct record first; /* with the rights of all, or the fields of all */
    json_t *lines;     /* field -> the line that first says it, where that is not first.line */
    const char *field; /* on which two rows contradict each other; NULL: none do */
    int64_t line_a, line_b;
};

struct duplicates {
    GHashTable *groups; /* key -> struct group_of_rows * */
};

static void group_free(gpointer data)
{
    struct group_of_rows *group = data;
    record_clear(&group->first);
    json_decref(group->lines);
    g_free(group);
}

void duplicates_free(struct duplicates *duplicates)
{
    if (!duplicates)
        return;
    g_hash_table_unref(duplicates->groups);
    g_free(duplicates);
}

/* Calls `see` with every row that reads as a record; it may take the record's contents. */
static bool each_record(const char *path, const struct plan *plan,
                        void (*see)(struct record *, void *), void *user, GError **error)
{
    struct reader *from = reader_open(path, plan, error);
    if (!from)
        return false;
    enum reader_step step;
    do {
        struct raw_row row = {0};
        struct refusal refusal = {0};
        struct record record = {0};
        step = reader_next(from, &row, &refusal, error);
        if (step == READER_ROW && record_read(from, &row, &record, &refusal)) {
            see(&record, user);
            record_clear(&record);
        }
        refusal_clear(&refusal);
    } while (step != READER_END && step != READER_FAILED);
    reader_close(from);
    return step == READER_END;
}

/* ---- First look: which keys come more than once */

struct keys {
    GHashTable *once,
        *often; /* sets of 64-bit hashes; one that hits by chance only costs memory */
};

static void see_key(struct record *record, void *user)
{
    struct keys *keys = user;
    g_autofree char *key = register_key(record);
    gint64 hash = (gint64)XXH3_64bits(key, strlen(key));
    GHashTable *into = g_hash_table_contains(keys->once, &hash) ? keys->often : keys->once;
    g_hash_table_add(into, g_memdup2(&hash, sizeof hash));
}

/* ---- Second look: the rows of those */

struct second_look {
    const struct keys *keys;
    struct duplicates *out;
};

/* A field that both rows give, differently; NULL when there is none. */
static const char *contradiction(const struct record *a, const struct record *b)
{
    const char *name;
    json_t *value;
    json_object_foreach(b->fields, name, value)
    {
        const json_t *other = json_object_get(a->fields, name);
        bool counts = !g_str_equal(name, "extra") && !g_str_equal(name, "documents") &&
                      !g_str_equal(name, "rights");
        if (counts && other && !json_equal(other, value))
            return kind_field(a->kind, name) ? kind_field(a->kind, name)->name : "";
    }
    return NULL;
}

/* What the rows before were silent about is said now. */
static void add_fields(struct group_of_rows *group, const struct record *record)
{
    const char *name;
    json_t *value;
    json_object_foreach(record->fields, name,
                        value) if (!json_object_get(group->first.fields, name))
    {
        json_object_set(group->first.fields, name, value);
        json_object_set_new(group->lines, name, json_integer(record->line));
    }
}

static void join(struct group_of_rows *group, const struct record *record)
{
    if (group->field)
        return;
    const char *field = contradiction(&group->first, record);
    if (!field && json_object_get(record->fields, "rights") &&
        !record_merge_rights(&group->first, record, &field) && !field)
        field = "";
    if (!field && !json_object_get(record->fields, "rights"))
        add_fields(group, record);
    if (!field)
        return;
    json_t *line = json_object_get(group->lines, field);
    group->field = field;
    group->line_a = line ? json_integer_value(line) : group->first.line;
    group->line_b = record->line;
}

static void see_row(struct record *record, void *user)
{
    struct second_look *look = user;
    g_autofree char *key = register_key(record);
    gint64 hash = (gint64)XXH3_64bits(key, strlen(key));
    if (!g_hash_table_contains(look->keys->often, &hash))
        return;
    struct group_of_rows *group = g_hash_table_lookup(look->out->groups, key);
    if (group) {
        join(group, record);
        return;
    }
    group = g_new0(struct group_of_rows, 1);
    group->lines = json_object();
    group->first = *record;
    memset(record, 0, sizeof *record); /* taken */
    g_hash_table_insert(look->out->groups, g_steal_pointer(&key), group);
}

struct duplicates *duplicates_find(const char *path, const struct plan *plan, GError **error)
{
    g_autoptr(GHashTable) once =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GHashTable) often =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct keys keys = {once, often};
    if (!each_record(path, plan, see_key, &keys, error))
        return NULL;
    struct duplicates *found = g_new0(struct duplicates, 1);
    found->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
    struct second_look look = {&keys, found};
    if (g_hash_table_size(often) == 0 || each_record(path, plan, see_row, &look, error))
        return found;
    duplicates_free(found);
    return NULL;
}

bool duplicates_check(const struct duplicates *duplicates, struct record *row,
                      struct problem *problem, const char **field)
{
    g_autofree char *key = register_key(row);
    const struct group_of_rows *group = g_hash_table_lookup(duplicates->groups, key);
    if (!group)
        return true;
    if (!group->field) {
        json_t *rights = json_object_get(group->first.fields, "rights");
        if (rights)
            json_object_set(row->fields, "rights", rights);
        return true;
    }
    int64_t other = row->line == group->line_b ? group->line_a : group->line_b;
    *field = group->field;
    problem->code = CODE_DUPLICATE_CONFLICT;
    problem->en = g_strdup_printf("contradicts line %" G_GINT64_FORMAT
                                  " of this file, which has the same key '%s'%s%s",
                                  other, key, *group->field ? ", on " : "", group->field);
    problem->zh = g_strdup_printf("与本文件第 %" G_GINT64_FORMAT
                                  " 行矛盾：两行编号同为“%s”%s%s，内容却不同，请保留一行",
                                  other, key, *group->field ? "，字段 " : "", group->field);
    return false;
}
