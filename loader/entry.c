#include "loader/entry.h"

struct entry *entry_new(void)
{
    struct entry *entry = g_new0(struct entry, 1);
    entry->record = json_object();
    entry->statuses = json_object();
    entry->new_status_dates = g_ptr_array_new_with_free_func(g_free);
    entry->new_numbers = g_ptr_array_new_with_free_func(g_free);
    return entry;
}

/* A reference to a member that is there and not null. */
static json_t *member(json_t *row, const char *name)
{
    json_t *value = json_object_get(row, name);
    return json_is_null(value) ? NULL : json_incref(value);
}

struct entry *entry_from_row(const char *id, json_t *row)
{
    struct entry *entry = entry_new();
    entry->id = g_strdup(id);
    entry->stored = true;
    json_decref(entry->record);
    entry->record = member(row, "record");
    if (json_object_get(row, "held") == NULL || json_is_true(json_object_get(row, "held")))
        entry->holding = member(row, "holding");
    entry->holding_stored = entry->holding != NULL;
    entry->contacts = member(row, "contacts");
    json_t *holding_settled = json_object_get(row, "holding_settled");
    entry->settled = json_is_true(json_object_get(row, "settled")) &&
                     (!holding_settled || json_is_true(holding_settled));
    json_t *statuses = member(row, "statuses");
    if (statuses) {
        json_decref(entry->statuses);
        entry->statuses = statuses;
    }
    return entry;
}

void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    g_free(entry->id);
    json_decref(entry->record);
    json_decref(entry->holding);
    json_decref(entry->contacts);
    json_decref(entry->statuses);
    g_ptr_array_unref(entry->new_status_dates);
    g_ptr_array_unref(entry->new_numbers);
    g_free(entry);
}

bool entry_hold(struct entry *entry, const char *claim, const char *today,
                const char *source_id, json_t *extra)
{
    json_t *before = entry->holding;
    json_t *after = before ? json_copy(before) : json_object();
    if (claim || !before)
        json_object_set_new(after, "held_since", json_string(claim ? claim : today));
    if (source_id)
        json_object_set_new(after, "source_id", json_string(source_id));
    if (extra)
        json_object_set_new(after, "extra", extra);
    else if (!before)
        json_object_set_new(after, "extra", json_object());
    bool changed = !before || !json_equal(before, after);
    entry->holding = after;
    entry->holding_changed |= changed;
    json_decref(before);
    return changed;
}
