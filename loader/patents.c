#include "loader/patents.h"
#include "loader/merge.h"
#include <string.h>
#include <xxhash.h>

int64_t patent_id_of(const char *number, uint64_t salt)
{
    return (int64_t)XXH3_64bits_withSeed(number, strlen(number), salt);
}

enum { ID_TEXT = 24 };

/* An id as decimal digits, by the million: printf takes as long as all else that is done with a number. */
static const char *id_text(int64_t id, char buffer[ID_TEXT])
{
    char *at = buffer + ID_TEXT - 1;
    uint64_t left = id < 0 ? -(uint64_t)id : (uint64_t)id;
    *at = '\0';
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (id < 0)
        *--at = '-';
    return at;
}

/* The application number without its check character, as patent_alias has it; NULL when it is not known. Caller frees. */
static char *application_of(const json_t *record)
{
    const char *shown = json_string_value(json_object_get(record, "application_number"));
    return shown ? g_strndup(shown, strcspn(shown, ".")) : NULL;
}

/* ---- What is stored */

/* The ids that unknown numbers would be given (should one of these be taken, it must be known), and those that known ones lead to. */
static GArray *ids_to_read(const struct patent_keys *keys, json_t *known)
{
    GArray *ids = g_array_copy(keys->ids);
    const char *number;
    json_t *id;
    json_object_foreach(known, number, id)
    {
        int64_t own = g_ascii_strtoll(json_string_value(id), NULL, 10);
        g_array_append_val(ids, own);
    }
    return ids;
}

static void take_stored(struct chunk *chunk, json_t *known, json_t *patents)
{
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    const char *key;
    json_t *value;
    json_object_foreach(patents, key, value)
    {
        struct entry *entry = entry_from_row(key, value);
        g_autofree char *id_key = g_strconcat("#", key, NULL);
        chunk_add(chunk, id_key, entry);
        g_hash_table_insert(by_id, entry->id, entry);
    }
    json_object_foreach(known, key, value)
    {
        struct entry *entry = g_hash_table_lookup(by_id, json_string_value(value));
        if (entry)
            g_hash_table_insert(chunk->by_key, g_strdup(key), entry);
    }
}

static bool read_stored(struct chunk *chunk, GError **error)
{
    json_auto_t *known = intake_numbers(chunk->db, chunk->keys->numbers, error);
    if (!known)
        return false;
    g_autoptr(GArray) ids = ids_to_read(chunk->keys, known);
    json_auto_t *patents =
        intake_patents(chunk->db, ids, chunk->agency_id, chunk->earlier, error);
    if (patents)
        take_stored(chunk, known, patents);
    return patents != NULL;
}

/* The status in force: the latest date that has one; a status without a date lies below all. */
static void set_current_status(struct entry *entry)
{
    const char *latest = NULL, *date;
    json_t *status;
    json_object_foreach(entry->statuses, date,
                        status) if (!json_is_null(status) &&
                                    (!latest || strcmp(date, latest) > 0)) latest = date;
    json_object_set_new(entry->record, "legal_status_date",
                        latest && *latest ? json_string(latest) : json_null());
    status = latest ? json_object_get(entry->statuses, latest) : NULL;
    json_object_set(entry->record, "legal_status", status ? status : json_null());
}

/* ---- Stored patents that the rows show to be one */

/* Union-find over entries: each leads to the one it was joined with. */
static struct entry *root_of(GHashTable *joined, struct entry *entry)
{
    struct entry *next;
    while ((next = g_hash_table_lookup(joined, entry)))
        entry = next;
    return entry;
}

static struct entry *entry_of_number(const struct chunk *chunk, const char *number)
{
    return number ? g_hash_table_lookup(chunk->by_key, number) : NULL;
}

/* A patent has one application number. */
static bool may_have(const struct entry *entry, const char *application)
{
    g_autofree char *known = application_of(entry->record);
    return !known || g_str_equal(known, application);
}

/* Joins stored patents named by one row, following numbers that only this chunk connects. */
static void join_stored(const struct chunk *chunk, const GPtrArray *rows, GHashTable *joined)
{
    g_autoptr(GHashTable) leads =
        g_hash_table_new(g_str_hash, g_str_equal); /* number without a patent -> entry */
    for (bool again = true; again;) {
        again = false;
        for (guint i = 0; i < rows->len; i++) {
            const struct record *row = rows->pdata[i];
            if (!row->app_key || !row->pub_key)
                continue;
            struct entry *a = entry_of_number(chunk, row->app_key),
                         *b = entry_of_number(chunk, row->pub_key);
            struct entry *x = a ? a : g_hash_table_lookup(leads, row->app_key);
            struct entry *y = b ? b : g_hash_table_lookup(leads, row->pub_key);
            if (x && !y)
                again |= g_hash_table_insert(leads, row->pub_key, x);
            else if (y && !x && may_have(y, row->app_key))
                again |= g_hash_table_insert(leads, row->app_key, y);
            if (!x || !y)
                continue;
            x = root_of(joined, x);
            y = root_of(joined, y);
            g_autofree char *of_y = application_of(y->record);
            if (x != y && may_have(x, row->app_key) && may_have(y, row->app_key))
                g_hash_table_insert(joined, of_y ? x : y,
                                    of_y ? y
                                         : x); /* the one with the application number is kept */
        }
    }
}

static bool absorb_one(struct chunk *chunk, struct entry *kept, struct entry *absorbed,
                       GError **error)
{
    merge_patents(kept->record, absorbed->record);
    kept->record_changed = true;
    json_t *extra = merge_extras(json_object_get(kept->holding, "extra"),
                                 json_object_get(absorbed->holding, "extra"), kept->record);
    json_decref(kept->holding);
    kept->holding = json_pack("{s:o}", "extra", extra);
    return intake_absorb(chunk->db, chunk->agency_id, kept->id, absorbed->id, chunk->now,
                         error);
}

/* The merged record, with the status in force by the history of both. */
static void take_merged(struct entry *entry, json_t *record, json_t *extra)
{
    json_decref(entry->record);
    entry->record = json_incref(record);
    entry->record_changed = true;
    entry->merged = true;
    entry->settled = false;
    if (json_object_size(entry->statuses))
        set_current_status(entry);
    if (entry->holding)
        entry_hold(entry, NULL, "", NULL, json_incref(extra));
}

/* Absorbs, reads everything anew, and puts the merged records in place of those read. */
static bool absorb_joined(struct chunk *chunk, GHashTable *joined, GError **error)
{
    g_autoptr(GHashTable) merged =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
    GHashTableIter iter;
    gpointer absorbed, unused;
    g_hash_table_iter_init(&iter, joined);
    while (g_hash_table_iter_next(&iter, &absorbed, &unused)) {
        struct entry *kept = root_of(joined, absorbed);
        if (!absorb_one(chunk, kept, absorbed, error))
            return false;
        g_hash_table_insert(merged, g_strdup(kept->id),
                            json_pack("{s:O, s:O}", "record", kept->record, "extra",
                                      json_object_get(kept->holding, "extra")));
    }
    g_hash_table_remove_all(chunk->by_key);
    g_ptr_array_set_size(chunk->entries, 0);
    if (!read_stored(chunk, error))
        return false;
    for (guint i = 0; i < chunk->entries->len; i++) {
        struct entry *entry = chunk->entries->pdata[i];
        json_t *both = g_hash_table_lookup(merged, entry->id);
        if (both)
            take_merged(entry, json_object_get(both, "record"), json_object_get(both, "extra"));
    }
    return true;
}

bool patents_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    if (!read_stored(chunk, error))
        return false;
    if (chunk->entries->len == 0) /* nothing is stored that could be one */
        return true;
    g_autoptr(GHashTable) joined = g_hash_table_new(g_direct_hash, g_direct_equal);
    join_stored(chunk, rows, joined);
    return g_hash_table_size(joined) == 0 || absorb_joined(chunk, joined, error);
}

/* ---- One row */

static bool id_is_taken(const struct chunk *chunk, const char *id)
{
    g_autofree char *key = g_strconcat("#", id, NULL);
    return g_hash_table_contains(chunk->by_key, key);
}

static struct entry *new_patent(struct chunk *chunk, const char *number)
{
    struct entry *entry = entry_new();
    char digits[ID_TEXT];
    for (uint64_t salt = 0;; salt += PATENT_SALT) {
        g_free(entry->id);
        entry->id = g_strdup(id_text(patent_id_of(number, salt), digits));
        if (!id_is_taken(chunk, entry->id))
            break;
    }
    g_autofree char *key = g_strconcat("#", entry->id, NULL);
    return chunk_add(chunk, key, entry);
}

/* Makes `number` lead to the entry. */
static bool lead_number(struct chunk *chunk, const char *number, struct entry *entry)
{
    if (!number || g_hash_table_lookup(chunk->by_key, number) == entry)
        return false;
    g_hash_table_insert(chunk->by_key, g_strdup(number), entry);
    g_ptr_array_add(entry->new_numbers, g_strdup(number));
    return true;
}

bool patents_is_new(const struct chunk *chunk, const struct record *row)
{
    return row->has_title && !entry_of_number(chunk, row->app_key) &&
           !entry_of_number(chunk, row->pub_key);
}

/* What a row says beside the fields of the record. */
struct aside {
    json_t *status, *status_date, *held_since, *extra;
};

static json_t *put_aside(json_t *fields, const char *name)
{
    return json_incref(json_object_get(fields, name));
}

static struct aside aside_of(json_t *fields)
{
    return (struct aside){put_aside(fields, "legal_status"),
                          put_aside(fields, "legal_status_date"),
                          put_aside(fields, "held_since"), put_aside(fields, "extra")};
}

static void aside_clear(struct aside *aside)
{
    json_decref(aside->status);
    json_decref(aside->status_date);
    json_decref(aside->held_since);
    json_decref(aside->extra);
}

static bool apply_status(struct entry *entry, const struct aside *aside)
{
    json_t *status = aside->status;
    const char *date = json_string_value(aside->status_date);
    if (!status)
        return false;
    if (json_is_null(status) && !date) /* cleared: what is in force is taken back */
        date = json_string_value(json_object_get(entry->record, "legal_status_date"));
    date = date ? date : "";
    json_t *before = json_object_get(entry->statuses, date);
    if (before ? json_equal(before, status) : json_is_null(status))
        return false;
    json_object_set(entry->statuses, date, status);
    if (!g_ptr_array_find_with_equal_func(entry->new_status_dates, date, g_str_equal, NULL))
        g_ptr_array_add(entry->new_status_dates, g_strdup(date));
    set_current_status(entry);
    entry->record_changed = true;
    return true;
}

/* Moves all of an entry that is not stored into another. */
static void fold(struct chunk *chunk, struct entry *into, struct entry *from)
{
    merge_patents(into->record, from->record);
    for (guint i = 0; i < from->new_numbers->len; i++)
        lead_number(chunk, from->new_numbers->pdata[i], into);
    for (guint i = 0; i < from->new_status_dates->len; i++) {
        const char *date = from->new_status_dates->pdata[i];
        json_object_set(into->statuses, date, json_object_get(from->statuses, date));
        g_ptr_array_add(into->new_status_dates, g_strdup(date));
    }
    set_current_status(into);
    const char *held = json_string_value(json_object_get(into->holding, "held_since"));
    const char *other = json_string_value(json_object_get(from->holding, "held_since"));
    bool earlier = other && (!held || strcmp(other, held) < 0);
    json_t *extra = merge_extras(json_object_get(into->holding, "extra"),
                                 json_object_get(from->holding, "extra"), into->record);
    entry_hold(into, earlier ? other : NULL, other ? other : chunk->today, NULL, extra);
    into->record_changed = true;
    into->settled = false;
    g_autofree char *key = g_strconcat("#", from->id, NULL);
    g_hash_table_remove(chunk->by_key, key);
    g_ptr_array_remove(chunk->entries, from);
}

static void refuse_other_application(struct problem *refused, const char *publication,
                                     const char *application, const char *row_says)
{
    refused->code = CODE_DUPLICATE_CONFLICT;
    refused->en =
        g_strdup_printf("publication number %s belongs to application %s; this row says %s",
                        publication, application, row_says);
    refused->zh = g_strdup_printf("公开号 %s 已属于申请号 %s，本行却写 %s，请核对", publication,
                                  application, row_says);
}

/* The row's application number leads to a patent that has another one by now. */
static void refuse_two_applications(struct problem *refused, const struct record *row,
                                    const struct entry *entry)
{
    g_autofree char *application = application_of(entry->record);
    refused->code = CODE_DUPLICATE_CONFLICT;
    refused->en = g_strdup_printf(
        "%s leads to the patent with application number %s; %s is another patent", row->app_key,
        application ? application : "", row->pub_key);
    refused->zh = g_strdup_printf("%s 对应申请号为 %s 的专利，而 %s 是另一件专利，请核对",
                                  row->app_key, application ? application : "", row->pub_key);
}

/* The entry that a row is about: known by one of its numbers, merged from two, or new. */
static struct entry *find_entry(struct chunk *chunk, const struct record *row,
                                struct problem *refused)
{
    struct entry *a = entry_of_number(chunk, row->app_key),
                 *b = entry_of_number(chunk, row->pub_key);
    g_autofree char *application = b ? application_of(b->record) : NULL;
    if (application && row->app_key && !g_str_equal(application, row->app_key)) {
        refuse_other_application(refused, row->pub_key, application, row->app_key);
        return NULL;
    }
    if (a && b && a != b) {
        struct entry *into = a->stored || !b->stored ? a : b, *from = into == a ? b : a;
        if (from->stored) { /* patents_fetch has absorbed what may be one */
            refuse_two_applications(refused, row, a);
            return NULL;
        }
        fold(chunk, into, from);
        return into;
    }
    if (a || b)
        return a ? a : b;
    if (row->has_title)
        return new_patent(chunk, row->app_key ? row->app_key : row->pub_key);
    refused->code = CODE_MISSING;
    refused->field = "title";
    refused->en = g_strdup("title is missing, and no patent with this number is known yet");
    refused->zh = g_strdup("缺少名称，且库中尚无此号的专利");
    return NULL;
}

static void note_kept(struct problem *notice, const char *field)
{
    notice->code = CODE_OTHER;
    notice->en = g_strdup_printf("%s was kept: it comes from a publication; to correct it, "
                                 "name the publication number in the row",
                                 field);
    notice->zh =
        g_strdup_printf("%s 未改动：库中的值取自公布文本；如需更正，请在该行写明公开号", field);
}

/* The row's fields into the entry's record; those of the first row of a patent become the record. */
static bool take_fields(struct entry *entry, const struct record *row, const char **kept)
{
    if (json_object_size(entry->record))
        return merge_patent(entry->record, row->fields, kept);
    json_decref(entry->record);
    entry->record = merge_first(row->fields);
    return true;
}

static bool apply_to(struct chunk *chunk, struct entry *entry, const struct record *row,
                     const struct aside *aside, struct problem *notice)
{
    const char *kept = NULL;
    bool changed = take_fields(entry, row, &kept);
    entry->record_changed |= changed;
    if (kept &&
        !row->pub_key) /* an older publication is no surprise; a correction that has no effect is one */
        note_kept(notice, kept);
    changed |= lead_number(chunk, row->app_key, entry);
    changed |= lead_number(chunk, row->pub_key, entry);
    changed |= apply_status(entry, aside);
    const char *claim = json_string_value(aside->held_since);
    json_t *extra = merge_extra(json_object_get(entry->holding, "extra"), aside->extra,
                                entry->record, row->pub_key);
    changed |= entry_hold(entry, claim ? claim : chunk->held_since, chunk->today, NULL, extra);
    return changed;
}

bool patents_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                   struct problem *refused, struct problem *notice)
{
    struct entry *entry = find_entry(chunk, row, refused);
    if (!entry)
        return false;
    *out = OUTCOME_SAME;
    if (entry->holding && chunk_settled(chunk, entry, row))
        return true;
    bool is_new = !entry->holding;
    struct aside aside = aside_of(row->fields);
    bool changed = apply_to(chunk, entry, row, &aside, notice);
    aside_clear(&aside);
    changed |= entry->merged;
    entry->merged = false;
    entry->settled &= !changed;
    *out = is_new ? OUTCOME_NEW : changed ? OUTCOME_CHANGED : OUTCOME_SAME;
    return true;
}
