#include "loader/registers.h"
#include "loader/merge.h"
#include "loader/names.h"
#include <string.h>

#define FACT_DEFAULTS "{\"documents\": [], \"extra\": {}, \"invented\": false}"

/* What the kinds differ in. */
static const struct traits {
    const char *kind;
    const char *key;      /* column of the natural key; NULL: see register_key() */
    const char *defaults; /* of a new record, and of cleared columns */
    bool held;            /* a register: the agency's part stands in a holding */
} traits[] = {
    {"agency", "code", "{\"documents\": [], \"extra\": {}, \"invented\": false}", false},
    {"enterprise", "uscc",
     "{\"documents\": [], \"invented\": false, \"qualifications\": [], \"push\": {}}", true},
    {"expert", NULL, "{\"documents\": [], \"invented\": false}", true},
    {"institution", "uscc", "{\"documents\": [], \"invented\": false}", true},
    {"need", "source_id",
     "{\"documents\": [], \"extra\": {}, \"invented\": false, \"state\": \"submitted\"}",
     false},
    {"deal", "contract_number",
     "{\"documents\": [], \"extra\": {}, \"invented\": false, \"payments\": []}", false},
    {"declared_push", NULL, FACT_DEFAULTS, false},
    {"open_licence", NULL, FACT_DEFAULTS, false},
    {"loan", "contract_number", FACT_DEFAULTS, false},
    {"sale", "invoice", FACT_DEFAULTS, false},
    {"event", NULL, FACT_DEFAULTS, false},
    {"navigation_project", NULL, FACT_DEFAULTS, false},
    {"attorney", "practice_number", FACT_DEFAULTS, false},
    {"case", "number", FACT_DEFAULTS, false},
    {"client", NULL, FACT_DEFAULTS, false},
    {"platform_review", "approval_number",
     "{\"documents\": [], \"extra\": {}, \"invented\": false, \"functions\": []}", false},
};

static const struct traits *traits_of(const struct kind *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(traits); i++)
        if (g_str_equal(traits[i].kind, kind->name))
            return &traits[i];
    g_error("kind %s can't be stored yet",
            kind->name); /* the table above lacks it: a mistake of ours */
}

static const char *text_of(const json_t *fields, const char *name)
{
    return json_string_value(json_object_get(fields, name));
}

static const char *declared_patent(const struct record *row)
{
    return row->app_key ? row->app_key : row->pub_key;
}

char *register_key(const struct record *row)
{
    const struct traits *of = traits_of(row->kind);
    if (of->key)
        return g_strdup(text_of(row->fields, of->key));
    if (g_str_equal(row->kind->name, "declared_push"))
        return g_strdup_printf("%s/%s", declared_patent(row),
                               text_of(row->fields, "enterprise_uscc"));
    if (g_str_equal(row->kind->name, "open_licence"))
        return g_strdup(declared_patent(row));
    return g_strdup(row->key);
}

/* ---- What is known */

static bool fetch_records(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    json_t *keys = json_array();
    for (guint i = 0; i < rows->len; i++) {
        g_autofree char *key = register_key(rows->pdata[i]);
        json_array_append_new(keys, json_string(key));
    }
    json_t *known = intake_fetch(chunk->db, chunk->kind->name, chunk->agency_id, keys,
                                 chunk->earlier, error);
    json_decref(keys);
    size_t i;
    json_t *row;
    json_array_foreach(known, i, row)
        chunk_add(chunk, text_of(row, "key"), entry_from_row(text_of(row, "record_id"), row));
    json_decref(known);
    return known != NULL;
}

/* Enterprises that needs and declared pushes name: under "uscc:…" an entry that stands for one, under "name:…" the first with
 * that folded name, whose record counts how many there are. */
static void take_enterprise(struct chunk *chunk, json_t *row)
{
    g_autofree char *code_key = g_strconcat("uscc:", text_of(row, "uscc"), NULL);
    g_autofree char *name_key = g_strconcat("name:", text_of(row, "name_key"), NULL);
    struct entry *entry = entry_new();
    entry->id = g_strdup(text_of(row, "enterprise_id"));
    entry->stored = true;
    json_object_set_new(entry->record, "namesakes", json_integer(1));
    chunk_add(chunk, code_key, entry);
    struct entry *first = g_hash_table_lookup(chunk->by_key, name_key);
    if (!first)
        g_hash_table_insert(chunk->by_key, g_steal_pointer(&name_key), entry);
    else
        json_object_set_new(
            first->record, "namesakes",
            json_integer(json_integer_value(json_object_get(first->record, "namesakes")) + 1));
}

static bool fetch_enterprises(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    json_t *codes = json_array(), *names = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const struct record *row = rows->pdata[i];
        const char *code = text_of(row->fields, "enterprise_uscc"),
                   *name = text_of(row->fields, "enterprise_name");
        if (code)
            json_array_append_new(codes, json_string(code));
        g_autofree char *folded = name ? name_fold(name) : NULL;
        if (folded)
            json_array_append_new(names, json_string(folded));
    }
    json_t *known = intake_enterprises(chunk->db, codes, names, error);
    json_decref(codes);
    json_decref(names);
    size_t i;
    json_t *row;
    json_array_foreach(known, i, row) take_enterprise(chunk, row);
    json_decref(known);
    return known != NULL;
}

/* Numbers of known patents, under "patent:…". */
static bool fetch_patents(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    json_t *numbers = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(numbers, json_string(declared_patent(rows->pdata[i])));
    json_t *known = intake_patent_ids(chunk->db, numbers, error);
    json_decref(numbers);
    const char *number;
    json_t *id;
    json_object_foreach(known, number, id)
    {
        g_autofree char *key = g_strconcat("patent:", number, NULL);
        struct entry *entry = entry_new();
        entry->id = g_strdup(json_string_value(id));
        entry->stored = true;
        chunk_add(chunk, key, entry);
    }
    json_decref(known);
    return known != NULL;
}

/* Who has an expert's source_id at this agency, under "source:…": the expert's entry, or one that stands for it. */
static bool fetch_sources(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    json_t *sources = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const char *source =
            text_of(((const struct record *)rows->pdata[i])->fields, "source_id");
        if (source)
            json_array_append_new(sources, json_string(source));
    }
    json_t *known = intake_sources(chunk->db, chunk->agency_id, sources, error);
    json_decref(sources);
    size_t i;
    json_t *row;
    json_array_foreach(known, i, row)
    {
        g_autofree char *source_key = g_strconcat("source:", text_of(row, "source_id"), NULL);
        struct entry *entry = g_hash_table_lookup(chunk->by_key, text_of(row, "key"));
        if (entry) {
            g_hash_table_insert(chunk->by_key, g_steal_pointer(&source_key), entry);
            continue;
        }
        entry = entry_new();
        entry->id = g_strdup(text_of(row, "record_id"));
        entry->stored = true;
        json_object_set(entry->record, "name", json_object_get(row, "name"));
        chunk_add(chunk, source_key, entry);
    }
    json_decref(known);
    return known != NULL;
}

bool registers_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error)
{
    bool need = g_str_equal(chunk->kind->name, "need"),
         declared = g_str_equal(chunk->kind->name, "declared_push");
    return fetch_records(chunk, rows, error) &&
           (!(need || declared) || fetch_enterprises(chunk, rows, error)) &&
           (!declared || fetch_patents(chunk, rows, error)) &&
           (!g_str_equal(chunk->kind->name, "expert") || fetch_sources(chunk, rows, error));
}

/* ---- One row */

/* The two sentences have one %s each, for `what`. */
static char *sentence(const char *what, const char *format)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    return g_strconcat(parts[0], what, parts[1], NULL);
}

static bool refuse(struct problem *refused, const char *field, const char *en, const char *zh,
                   const char *what)
{
    refused->code = CODE_NOT_FOUND;
    refused->field = field;
    refused->value = g_strdup(what);
    refused->en = sentence(what, en);
    refused->zh = sentence(what, zh);
    return false;
}

static const struct entry *lookup(const struct chunk *chunk, const char *prefix,
                                  const char *text)
{
    g_autofree char *key = g_strconcat(prefix, text, NULL);
    return g_hash_table_lookup(chunk->by_key, key);
}

/* The enterprise of a need or declared push, by credit code, else by a name that exactly one has. */
static const struct entry *find_enterprise(const struct chunk *chunk, json_t *fields,
                                           struct problem *refused)
{
    const char *code = text_of(fields, "enterprise_uscc"),
               *name = text_of(fields, "enterprise_name");
    g_autofree char *folded = name ? name_fold(name) : NULL;
    const struct entry *found = code     ? lookup(chunk, "uscc:", code)
                                : folded ? lookup(chunk, "name:", folded)
                                         : NULL;
    if (found && !code && json_integer_value(json_object_get(found->record, "namesakes")) > 1) {
        refuse(refused, "enterprise_name",
               "several enterprises have the name '%s'; give the credit code",
               "有多家企业名为“%s”，请填写统一社会信用代码", name);
        return NULL;
    }
    if (!found && code)
        refuse(refused, "enterprise_uscc",
               "no enterprise has the credit code %s; load the enterprise first",
               "库中没有统一社会信用代码为 %s 的企业，请先导入该企业", code);
    else if (!found)
        refuse(refused, "enterprise_name",
               "no enterprise has the name '%s'; load the enterprise first, or give the credit "
               "code",
               "库中没有名为“%s”的企业，请先导入该企业，或填写统一社会信用代码",
               name ? name : "");
    return found;
}

static bool apply_need(const struct chunk *chunk, struct entry *entry, json_t *fields,
                       struct problem *refused)
{
    if (text_of(fields, "enterprise_uscc") || text_of(fields, "enterprise_name") ||
        !entry->stored) {
        const struct entry *enterprise = find_enterprise(chunk, fields, refused);
        if (!enterprise)
            return false;
        json_object_set_new(entry->record, "enterprise_id",
                            json_integer(g_ascii_strtoll(enterprise->id, NULL, 10)));
    }
    if (!text_of(fields, "title") && !text_of(entry->record, "title")) {
        g_autofree char *title = text_cut(text_of(fields, "text"), 60);
        json_object_set_new(entry->record, "title", json_string(title));
    }
    return true;
}

static bool apply_declared_push(const struct chunk *chunk, struct entry *entry,
                                const struct record *row, struct problem *refused)
{
    const char *number = declared_patent(row);
    if (!lookup(chunk, "patent:", number))
        return refuse(refused, "patent", "no patent has the number %s; load the patent first",
                      "库中没有号码为 %s 的专利，请先导入该专利", number);
    if (!find_enterprise(chunk, row->fields, refused))
        return false;
    json_object_set_new(entry->record, "patent", json_string(number));
    return true;
}

/* A source_id names one expert of the agency. One that its holder has given up earlier in this chunk is free. */
static bool check_source(const struct chunk *chunk, const struct entry *entry,
                         const char *source, struct problem *refused)
{
    const struct entry *holder = source ? lookup(chunk, "source:", source) : NULL;
    if (!holder || holder == entry ||
        (holder->holding && g_strcmp0(text_of(holder->holding, "source_id"), source) != 0))
        return true;
    const char *name = text_of(holder->record, "name");
    refused->code = CODE_DUPLICATE_CONFLICT;
    refused->en = g_strdup_printf(
        "source_id '%s' is %s's at this agency already; give this expert another one", source,
        name);
    refused->zh =
        g_strdup_printf("编号“%s”在本机构已属于专家%s，请为本行的专家另给编号", source, name);
    return false;
}

static bool apply_expert(const struct chunk *chunk, struct entry *entry,
                         const struct record *row, struct problem *refused)
{
    if (!check_source(chunk, entry, text_of(row->fields, "source_id"), refused))
        return false;
    json_object_set_new(entry->record, "key", json_string(row->key));
    return true;
}

/* Facts whose natural key has a column of its own. */
static bool is_keyed(const char *kind)
{
    return g_str_equal(kind, "event") || g_str_equal(kind, "navigation_project") ||
           g_str_equal(kind, "client");
}

/* What only some kinds have, before the common fields. */
static bool apply_special(struct chunk *chunk, struct entry *entry, const struct record *row,
                          struct problem *refused)
{
    const char *kind = chunk->kind->name;
    if (g_str_equal(kind, "need"))
        return apply_need(chunk, entry, row->fields, refused);
    if (g_str_equal(kind, "declared_push"))
        return apply_declared_push(chunk, entry, row, refused);
    if (g_str_equal(kind, "expert"))
        return apply_expert(chunk, entry, row, refused);
    if (g_str_equal(kind, "open_licence"))
        json_object_set_new(entry->record, "patent", json_string(declared_patent(row)));
    if (is_keyed(kind))
        json_object_set_new(entry->record, "key", json_string(row->key));
    if (g_str_equal(kind, "enterprise") && text_of(row->fields, "name")) {
        g_autofree char *folded = name_fold(text_of(row->fields, "name"));
        json_object_set_new(entry->record, "name_key", json_string(folded));
    }
    return true;
}

/* Personal data: the list of contacts, or of a need the one text. */
static bool apply_contacts(struct entry *entry, json_t *fields)
{
    json_t *contacts = json_incref(json_object_get(fields, "contacts"));
    json_t *contact = json_object_get(fields, "contact");
    if (!contacts && contact)
        contacts = json_is_null(contact) ? json_array() : json_pack("[{s:O}]", "text", contact);
    if (json_is_null(contacts)) {
        json_decref(contacts);
        contacts = json_array();
    }
    if (!contacts || (entry->contacts ? json_equal(entry->contacts, contacts)
                                      : json_array_size(contacts) == 0)) {
        json_decref(contacts);
        return false;
    }
    json_decref(entry->contacts);
    entry->contacts = contacts;
    entry->contacts_changed = true;
    return true;
}

static bool apply_holding(const struct chunk *chunk, struct entry *entry, json_t *fields)
{
    const char *claim = text_of(fields, "held_since");
    json_t *extra = json_copy(json_object_get(entry->holding, "extra"));
    if (!extra)
        extra = json_object();
    if (json_object_get(fields, "extra"))
        json_object_update(extra, json_object_get(fields, "extra"));
    return entry_hold(entry, claim ? claim : chunk->held_since, chunk->today,
                      text_of(fields, "source_id"), extra);
}

static const char *const skip_held[] = {"contacts", "held_since", "extra", "source_id", NULL};
static const char *const skip_others[] = {"contacts", "contact",         "held_since",
                                          "patent",   "enterprise_name", NULL};
static const char *const skip_need[] = {"contact", "held_since", "enterprise_uscc",
                                        "enterprise_name", NULL};

static struct entry *new_entry(struct chunk *chunk, const char *key, const char *defaults)
{
    struct entry *entry = entry_new();
    json_decref(entry->record);
    entry->record = json_loads(defaults, 0, NULL);
    return chunk_add(chunk, key, entry);
}

bool registers_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                     struct problem *refused)
{
    const struct traits *of = traits_of(chunk->kind);
    g_autofree char *key = register_key(row);
    struct entry *entry = g_hash_table_lookup(chunk->by_key, key);
    bool is_new = !entry || (of->held && !entry->holding);
    *out = OUTCOME_SAME;
    if (!is_new && chunk_settled(chunk, entry, row))
        return true;
    json_t *before = entry ? json_copy(entry->record) : NULL;
    if (!entry)
        entry = new_entry(chunk, key, of->defaults);
    if (!apply_special(chunk, entry, row, refused)) {
        if (!before) { /* nothing came of it */
            g_hash_table_remove(chunk->by_key, key);
            g_ptr_array_remove(chunk->entries, entry);
        }
        json_decref(before);
        return false;
    }
    const char *const *skip = of->held                                 ? skip_held
                              : g_str_equal(chunk->kind->name, "need") ? skip_need
                                                                       : skip_others;
    json_t *defaults = json_loads(of->defaults, 0, NULL);
    merge_record(entry->record, row->fields, skip, defaults);
    json_decref(defaults);
    bool changed = !before || !json_equal(before, entry->record);
    json_decref(before);
    entry->record_changed |= changed;
    changed |= apply_contacts(entry, row->fields);
    if (of->held)
        changed |= apply_holding(chunk, entry, row->fields);
    entry->settled &= !changed;
    if (g_str_equal(chunk->kind->name, "expert") && text_of(row->fields, "source_id"))
        g_hash_table_insert(chunk->by_key,
                            g_strconcat("source:", text_of(row->fields, "source_id"), NULL),
                            entry);
    *out = is_new ? OUTCOME_NEW : changed ? OUTCOME_CHANGED : OUTCOME_SAME;
    return true;
}
