#include "loader/merge.h"
#include <glib.h>
#include <string.h>

void merge_object(json_t *target, const char *name, json_t *more)
{
    json_t *united = json_copy(json_object_get(target, name));
    if (!json_is_object(united)) {
        json_decref(united);
        united = json_object();
    }
    if (json_is_object(more))
        json_object_update(united, more);
    json_object_set_new(target, name, united);
}

static bool list_has(const json_t *list, const json_t *wanted)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) if (json_equal(item, wanted)) return true;
    return false;
}

void merge_list(json_t *target, const char *name, json_t *more)
{
    json_t *united = json_copy(json_object_get(target, name));
    if (!json_is_array(united)) {
        json_decref(united);
        united = json_array();
    }
    size_t i;
    json_t *item;
    json_array_foreach(more, i, item) if (!list_has(united, item))
        json_array_append(united, item);
    json_object_set_new(target, name, united);
}

static bool is_in(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (g_str_equal(*names, name))
            return true;
    return false;
}

/* A wish that was taken back is none. */
static void drop_cleared(json_t *wishes)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(wishes, next, name, value) if (json_is_null(value))
        json_object_del(wishes, name);
}

/* Evidence is added to, never replaced; own words of an agency likewise. */
static void set_member(json_t *record, const char *name, json_t *value, json_t *defaults)
{
    if (json_is_null(value)) {
        json_t *fallback = json_object_get(defaults, name);
        json_object_set(record, name, fallback ? fallback : value);
    } else if (g_str_equal(name, "documents")) {
        merge_list(record, name, value);
    } else if (g_str_equal(name, "extra")) {
        merge_object(record, name, value);
    } else if (g_str_equal(name, "push")) {
        merge_object(record, name, value);
        drop_cleared(json_object_get(record, name));
    } else if (g_str_equal(name, "qualifications")) {
        merge_qualifications(record, value);
    } else {
        json_object_set(record, name, value);
    }
}

bool merge_record(json_t *record, json_t *fields, const char *const *skip, json_t *defaults)
{
    json_t *before = json_copy(record);
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value) if (!is_in(skip, name))
        set_member(record, name, value, defaults);
    bool changed = !json_equal(before, record);
    json_decref(before);
    return changed;
}

/* ---- patents */

/* Where the word of a row without a publication number goes before every publication's, whichever was loaded first: what is so
 * today, which no print knows. */
static const char *const stated[] = {
    "offer",      "assignees", "application_number", "application_date",
    "grant_date", "source",    "invented",           NULL};
/* Not fields of the record, or with a history of their own. */
static const char *const elsewhere[] = {"held_since",        "extra",     "legal_status",
                                        "legal_status_date", "documents", NULL};

struct rank {
    const char *date; /* "" when unknown */
    int grant;        /* 0 none or application, 1 other kinds */
    const char *number;
};

static struct rank rank_of(const json_t *provenance, const char *field, const char *number)
{
    if (!*number && is_in(stated, field))
        return (struct rank){"9", 0, number};
    const char *date =
        json_string_value(json_object_get(json_object_get(provenance, "published"), number));
    size_t len = strlen(number);
    const char *letter = number;
    for (size_t i = 2; i < len; i++) /* past the office's letters */
        if (g_ascii_isalpha(number[i]))
            letter = number + i;
    return (struct rank){date ? date : "", letter != number && *letter != 'A', number};
}

static int rank_compare(struct rank a, struct rank b)
{
    int by = strcmp(a.date, b.date);
    if (!by)
        by = a.grant - b.grant;
    return by ? by : strcmp(a.number, b.number);
}

static const char *from_of(const json_t *provenance, const char *field)
{
    const char *from = json_string_value(json_object_get(provenance, field));
    if (!from)
        from = json_string_value(json_object_get(provenance, "*"));
    return from ? from : "";
}

/* A cleared field is always named: otherwise it could not be told from one that was never said. */
static void set_from(json_t *provenance, const char *field, const char *number, bool cleared)
{
    const char *all = json_string_value(json_object_get(provenance, "*"));
    if (!all)
        json_object_set_new(provenance, "*", json_string(number));
    if (!all && !cleared)
        return;
    if (all && g_str_equal(all, number) && !cleared)
        json_object_del(provenance, field);
    else
        json_object_set_new(provenance, field, json_string(number));
}

/* A copy of the provenance that knows this publication and its date. */
static json_t *provenance_with(const json_t *record, const char *number, const char *date)
{
    json_t *provenance = json_deep_copy(json_object_get(record, "provenance"));
    if (!json_is_object(provenance)) {
        json_decref(provenance);
        provenance = json_object();
    }
    if (*number && date)
        json_object_set_new(provenance, "published", json_pack("{s:s}", number, date));
    json_t *old = json_object_get(json_object_get(record, "provenance"), "published");
    if (old) {
        json_t *both = json_copy(old);
        if (*number && date)
            json_object_set_new(both, number, json_string(date));
        json_object_set_new(provenance, "published", both);
    }
    return provenance;
}

/* Null, or what `invented` is unless somebody says otherwise. */
static bool says_nothing(const json_t *value)
{
    return !value || json_is_null(value) || json_is_false(value);
}

static bool is_empty(const json_t *record, const json_t *provenance, const char *field)
{
    return says_nothing(json_object_get(record, field)) && !json_object_get(provenance, field);
}

/* Whether the value that publication `number` gives for a field goes before the one that stands. */
static bool goes_before(const json_t *record, const json_t *provenance, const char *field,
                        const char *number)
{
    if (is_empty(record, provenance, field))
        return true;
    return rank_compare(rank_of(provenance, field, number),
                        rank_of(provenance, field, from_of(provenance, field))) >= 0;
}

static void take_ranked(json_t *record, json_t *fields, json_t *provenance, const char *number,
                        const char **kept)
{
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
    {
        if (is_in(elsewhere, name))
            continue;
        if (goes_before(record, provenance, name, number)) {
            json_object_set(record, name, value);
            set_from(provenance, name, number, says_nothing(value));
        } else if (kept && !json_equal(json_object_get(record, name), value)) {
            *kept = name;
        }
    }
}

bool merge_patent(json_t *record, json_t *fields, const char **kept)
{
    const char *number = json_string_value(json_object_get(fields, "publication_number"));
    const char *date = json_string_value(json_object_get(fields, "publication_date"));
    json_t *before = json_copy(record);
    json_t *provenance = provenance_with(record, number ? number : "", date);
    json_object_set_new(record, "provenance", provenance);
    take_ranked(record, fields, provenance, number ? number : "", kept);
    if (json_object_get(fields, "documents"))
        set_member(record, "documents", json_object_get(fields, "documents"), NULL);
    bool changed = !json_equal(before, record);
    json_decref(before);
    return changed;
}

/* Nothing is to be weighed, and "*" names the row for every field but the cleared. */
static json_t *first_provenance(json_t *fields, const char *number, const char *date)
{
    json_t *provenance = json_object();
    const char *name;
    json_t *value;
    if (*number && date)
        json_object_set_new(provenance, "published", json_pack("{s:s}", number, date));
    json_object_foreach(fields, name, value) if (says_nothing(value))
        json_object_set_new(provenance, name, json_string(number));
    json_object_set_new(provenance, "*", json_string(number));
    return provenance;
}

json_t *merge_first(json_t *fields)
{
    const char *number = json_string_value(json_object_get(fields, "publication_number"));
    const char *date = json_string_value(json_object_get(fields, "publication_date"));
    json_t *documents = json_incref(json_object_get(fields, "documents"));
    for (const char *const *name = elsewhere; *name; name++)
        json_object_del(fields, *name);
    json_t *provenance = first_provenance(fields, number ? number : "", date);
    json_object_set_new(fields, "provenance", provenance);
    json_object_set_new(fields, "documents", json_array());
    if (documents)
        set_member(fields, "documents", documents, NULL);
    json_decref(documents);
    if (!json_object_get(fields, "invented"))
        json_object_set_new(fields, "invented", json_false());
    return json_incref(fields);
}

json_t *merge_extra(json_t *extra, json_t *more, const json_t *record, const char *number)
{
    const json_t *provenance = json_object_get(record, "provenance");
    json_t *united = extra ? json_deep_copy(extra) : json_object();
    json_t *from = json_object_get(united, "_from");
    const char *name;
    json_t *value;
    if (!from && json_object_size(more))
        json_object_set_new(united, "_from", from = json_object());
    json_object_foreach(more, name, value)
    {
        bool stands = json_object_get(united, name) != NULL;
        struct rank mine = rank_of(provenance, "extra", number ? number : "");
        if (stands && rank_compare(mine, rank_of(provenance, "extra", from_of(from, name))) < 0)
            continue;
        json_object_set(united, name, value);
        set_from(from, name, number ? number : "", false);
    }
    return united;
}

json_t *merge_extras(json_t *extra, json_t *other, const json_t *record)
{
    const json_t *provenance = json_object_get(record, "provenance");
    const json_t *theirs = json_object_get(other, "_from");
    json_t *united = extra ? json_deep_copy(extra) : json_object();
    json_t *mine = json_object_get(united, "_from");
    const char *name;
    json_t *value;
    if (!mine && json_object_size(other))
        json_object_set_new(united, "_from", mine = json_object());
    json_object_foreach(other, name, value)
    {
        const char *from = from_of(theirs, name);
        if (g_str_equal(name, "_from") ||
            (json_object_get(united, name) &&
             rank_compare(rank_of(provenance, "extra", from),
                          rank_of(provenance, "extra", from_of(mine, name))) <= 0))
            continue;
        json_object_set(united, name, value);
        set_from(mine, name, from, false);
    }
    return united;
}

/* Columns that are the row's own affairs, not the patent's. */
static const char *const housekeeping[] = {"patent_id",         "provenance",  "merged_into",
                                           "batch_id",          "change_seq",  "documents",
                                           "first_recorded_at", "recorded_at", NULL};

void merge_patents(json_t *record, json_t *other)
{
    json_t *mine = json_deep_copy(json_object_get(record, "provenance"));
    json_t *theirs = json_object_get(other, "provenance");
    json_t *published = json_copy(json_object_get(mine, "published"));
    if (!published)
        published = json_object();
    json_object_update(published, json_object_get(theirs, "published"));
    json_object_set_new(mine, "published", published);
    const char *name;
    json_t *value;
    json_object_foreach(other, name, value)
    {
        const char *from = from_of(theirs, name);
        if (is_in(housekeeping, name) ||
            (says_nothing(value) && !json_object_get(theirs, name)))
            continue;
        if (is_empty(record, mine, name) ||
            rank_compare(rank_of(mine, name, from), rank_of(mine, name, from_of(mine, name))) >
                0) {
            json_object_set(record, name, value);
            set_from(mine, name, from, says_nothing(value));
        }
    }
    merge_list(record, "documents", json_object_get(other, "documents"));
    json_object_set_new(record, "provenance", mine);
}

/* ---- enterprises */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int compare_qualifications(gconstpointer a, gconstpointer b)
{
    const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
    int by = strcmp(text_of(x, "kind"), text_of(y, "kind"));
    return by ? by : strcmp(text_of(x, "certificate"), text_of(y, "certificate"));
}

void merge_qualifications(json_t *record, json_t *more)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    json_t *old = json_object_get(record, "qualifications");
    size_t i;
    json_t *item;
    json_array_foreach(more, i, item) g_ptr_array_add(all, item);
    json_array_foreach(old, i, item)
    {
        bool replaced = false;
        for (guint k = 0; k < json_array_size(more) && !replaced; k++)
            replaced = compare_qualifications(&all->pdata[k], &item) == 0;
        if (!replaced)
            g_ptr_array_add(all, item);
    }
    g_ptr_array_sort(all, compare_qualifications);
    json_t *united = json_array();
    for (guint k = 0; k < all->len; k++)
        json_array_append(united, all->pdata[k]);
    json_object_set_new(record, "qualifications", united);
}
