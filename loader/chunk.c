#include "loader/chunk.h"
#include "loader/patents.h"
#include "loader/registers.h"
#include <string.h>

void chunk_init(struct chunk *chunk)
{
    chunk->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    chunk->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    chunk->now = NULL;
}

void chunk_clear(struct chunk *chunk)
{
    g_clear_pointer(&chunk->sending, intake_send_free);
    g_clear_pointer(&chunk->by_key, g_hash_table_unref);
    g_clear_pointer(&chunk->entries, g_ptr_array_unref);
    g_clear_pointer(&chunk->now, g_free);
}

struct entry *chunk_add(struct chunk *chunk, const char *key, struct entry *entry)
{
    g_ptr_array_add(chunk->entries, entry);
    g_hash_table_insert(chunk->by_key, g_strdup(key), entry);
    return entry;
}

static bool is_patents(const struct chunk *chunk)
{
    return g_str_equal(chunk->kind->name, "patent");
}

bool chunk_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    return is_patents(chunk) ? patents_fetch(chunk, rows, error)
                             : registers_fetch(chunk, rows, error);
}

bool chunk_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                 struct problem *refused, struct problem *notice)
{
    return is_patents(chunk) ? patents_apply(chunk, row, out, refused, notice)
                             : registers_apply(chunk, row, out, refused);
}

bool chunk_settled(const struct chunk *chunk, const struct entry *entry,
                   const struct record *row)
{
    return entry->settled && !(chunk->earlier_refused &&
                               g_hash_table_contains(chunk->earlier_refused, &row->place));
}

/* ---- Writing */

static bool is_register(const struct chunk *chunk)
{
    return !chunk->kind->fact && !g_str_equal(chunk->kind->name, "agency");
}

static bool draw_ids(struct chunk *chunk, GError **error)
{
    size_t wanted = 0, next = 0;
    for (guint i = 0; i < chunk->entries->len; i++)
        wanted += ((struct entry *)chunk->entries->pdata[i])->id == NULL;
    if (!wanted)
        return true;
    json_t *ids = intake_ids(chunk->db, wanted, error);
    for (guint i = 0; ids && i < chunk->entries->len; i++) {
        struct entry *entry = chunk->entries->pdata[i];
        if (!entry->id)
            entry->id = g_strdup(json_string_value(json_array_get(ids, next++)));
    }
    json_decref(ids);
    return ids != NULL;
}

static void set_text(json_t *row, const char *name, const char *text)
{
    json_object_set_new(row, name, json_string(text));
}

static void add_record(const struct chunk *chunk, struct entry *entry, const char *id_column,
                       struct intake_rows *rows)
{
    set_text(entry->record, id_column, entry->id);
    if (chunk->kind->fact)
        json_object_set_new(entry->record, "agency_id", json_integer(chunk->agency_id));
    json_array_append(entry->stored ? rows->replaced : rows->records, entry->record);
    if (entry->stored)
        json_array_append_new(rows->replaced_ids, json_string(entry->id));
}

static void add_holding(const struct chunk *chunk, struct entry *entry,
                        struct intake_rows *rows)
{
    json_t *row = entry->holding;
    set_text(row, is_patents(chunk) ? "patent_id" : "record_id", entry->id);
    if (!is_patents(chunk))
        set_text(row, "kind", chunk->kind->name);
    json_array_append(entry->holding_stored ? rows->replaced_holdings : rows->holdings, row);
    if (entry->holding_stored)
        json_array_append_new(rows->replaced_holding_ids, json_string(entry->id));
}

static void add_contacts(const struct entry *entry, struct intake_rows *rows)
{
    json_array_append_new(rows->contacts, json_pack("{s:s, s:O}", "record_id", entry->id,
                                                    "contacts", entry->contacts));
}

static void add_numbers(const struct entry *entry, struct intake_rows *rows)
{
    for (guint i = 0; i < entry->new_numbers->len; i++) {
        const struct intake_alias alias = {entry->new_numbers->pdata[i], entry->id};
        g_array_append_val(rows->aliases, alias);
    }
    for (guint i = 0; i < entry->new_status_dates->len; i++) {
        const char *date = entry->new_status_dates->pdata[i];
        const struct intake_status status = {
            entry->id, *date ? date : NULL,
            json_string_value(json_object_get(entry->statuses, date))};
        g_array_append_val(rows->statuses, status);
    }
}

static void collect(struct chunk *chunk, struct intake_rows *rows)
{
    g_autofree char *id_column = g_strconcat(chunk->kind->name, "_id", NULL);
    for (guint i = 0; i < chunk->entries->len; i++) {
        struct entry *entry = chunk->entries->pdata[i];
        if (entry->record_changed)
            add_record(chunk, entry, id_column, rows);
        if (entry->holding_changed && is_register(chunk))
            add_holding(chunk, entry, rows);
        if (entry->contacts_changed)
            add_contacts(entry, rows);
        add_numbers(entry, rows);
    }
}

static void rows_init(struct intake_rows *rows)
{
    rows->records = json_array();
    rows->replaced = json_array();
    rows->replaced_ids = json_array();
    rows->holdings = json_array();
    rows->replaced_holdings = json_array();
    rows->replaced_holding_ids = json_array();
    rows->contacts = json_array();
    rows->aliases = g_array_new(FALSE, FALSE, sizeof(struct intake_alias));
    rows->statuses = g_array_new(FALSE, FALSE, sizeof(struct intake_status));
}

/* The refusals are the caller's. */
static void rows_clear(struct intake_rows *rows)
{
    json_t *const lists[] = {
        rows->records,  rows->replaced,          rows->replaced_ids,
        rows->holdings, rows->replaced_holdings, rows->replaced_holding_ids,
        rows->contacts,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        json_decref(lists[i]);
    g_array_unref(rows->aliases);
    g_array_unref(rows->statuses);
}

static struct intake_rows rows_about(const struct chunk *chunk)
{
    return (struct intake_rows){.batch_id = chunk->batch_id, .change = chunk->change};
}

bool chunk_send(struct chunk *chunk, GError **error)
{
    struct entry *entry = chunk->entries->pdata[chunk->entries->len - 1];
    const struct intake_rows rows = rows_about(chunk);
    if (!chunk->sending)
        chunk->sending =
            intake_send_begin(chunk->db, chunk->kind->name, chunk->now, &rows, error);
    if (!chunk->sending)
        return false;
    set_text(entry->record, "patent_id", entry->id);
    intake_send(chunk->sending, entry->record);
    entry->record_changed = false; /* not to be sent again */
    return true;
}

bool chunk_write(struct chunk *chunk, json_t *refusals, GError **error)
{
    struct intake_rows rows = rows_about(chunk);
    rows.refusals = refusals;
    rows.sending = chunk->sending;
    rows_init(&rows);
    bool done = draw_ids(chunk, error);
    if (done) {
        collect(chunk, &rows);
        done = intake_write(chunk->db, chunk->kind->name, chunk->agency_id, chunk->now, &rows,
                            error);
    }
    rows_clear(&rows);
    g_clear_pointer(&chunk->sending, intake_send_free);
    return done;
}
