#include "loader/patent_keys.h"
#include "loader/feed.h"
#include "loader/patents.h"

struct keyed {
    struct feed_row *row;
    int64_t id;         /* of the number that a new patent is named by */
    guint first, count; /* its numbers in keys->ids */
};

static void add_number(struct patent_keys *keys, const char *number, struct keyed *of)
{
    if (!number)
        return;
    int64_t id = patent_id_of(number, 0);
    if (of->count++ == 0)
        of->id = id;
    g_ptr_array_add(keys->numbers, (gpointer)(guintptr)number);
    g_array_append_val(keys->ids, id);
}

/* The application number comes first, as new_patent() has it. */
static GArray *gather(struct patent_keys *keys, const GPtrArray *rows)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct keyed));
    for (guint i = 0; i < rows->len; i++) {
        struct feed_row *row = rows->pdata[i];
        struct keyed one = {.row = row, .first = keys->ids->len};
        if (row->refused)
            continue;
        add_number(keys, row->record.app_key, &one);
        add_number(keys, row->record.pub_key, &one);
        g_array_append_val(all, one);
    }
    return all;
}

/* The ids that two numbers of the block have, be it the same number twice. Keys are borrowed from `ids`. */
static GHashTable *shared_ids(const GArray *ids)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
    GHashTable *shared = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < ids->len; i++) {
        int64_t *id = &g_array_index(ids, int64_t, i);
        if (!g_hash_table_add(seen, id))
            g_hash_table_add(shared, id);
    }
    return shared;
}

static bool is_alone(const struct keyed *one, const GArray *ids, GHashTable *shared)
{
    for (guint i = 0; i < one->count; i++)
        if (g_hash_table_contains(shared, &g_array_index(ids, int64_t, one->first + i)))
            return false;
    return one->count > 0;
}

static int by_id(const void *one, const void *other)
{
    int64_t a = ((const struct keyed *)one)->id, b = ((const struct keyed *)other)->id;
    return (a > b) - (a < b);
}

struct patent_keys *patent_keys_new(const GPtrArray *rows)
{
    struct patent_keys *keys = g_new0(struct patent_keys, 1);
    keys->numbers = g_ptr_array_new();
    keys->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    keys->alone = g_ptr_array_new();
    g_autoptr(GArray) all = gather(keys, rows);
    g_autoptr(GHashTable) shared = shared_ids(keys->ids);
    g_array_sort(all, by_id);
    for (guint i = 0; i < all->len; i++) {
        const struct keyed *one = &g_array_index(all, struct keyed, i);
        if (is_alone(one, keys->ids, shared))
            g_ptr_array_add(keys->alone, one->row);
    }
    return keys;
}

void patent_keys_free(struct patent_keys *keys)
{
    if (!keys)
        return;
    g_ptr_array_unref(keys->numbers);
    g_array_unref(keys->ids);
    g_ptr_array_unref(keys->alone);
    g_free(keys);
}
