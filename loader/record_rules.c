/* What a kind asks for beyond single values, what must be there, and the key. */
#include "loader/columns.h"
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/record_internal.h"
#include "loader/right.h"
#include "loader/sentences.h"
#include <string.h>

static const char *field_text(const json_t *fields, const char *name)
{
    return json_string_value(json_object_get(fields, name));
}

static void set_text(json_t *fields, const char *name, const char *text)
{
    json_object_set_new(fields, name, json_string(text));
}

/* ---- patents ---- */

/* A number that was stored in normal form; false when there is none. */
static bool stored_number(const json_t *fields, const char *name, const char *today,
                          struct patent_number *out)
{
    const char *text = field_text(fields, name);
    struct problem ignored = {0};
    bool publication = strcmp(name, "publication_number") == 0;
    bool ok = text && (publication ? publication_read(text, today, out, &ignored)
                                   : patent_number_read(text, today, out, &ignored));
    if (text && !ok)
        ok = application_read(text, today, out, &ignored);
    problem_clear(&ignored);
    return ok;
}

/* The same publication, with or without its letter. */
static bool same_document(const struct patent_number *a, const struct patent_number *b)
{
    return strcmp(a->digits, b->digits) == 0 && strcmp(a->overseas, b->overseas) == 0 &&
           (*a->letter == '\0' || *b->letter == '\0' || strcmp(a->letter, b->letter) == 0);
}

/* A number in the column of the other sort is taken over when that one is empty or says the same. */
static bool move_number(struct builder *builder, const char *from, const char *to,
                        bool publication)
{
    json_t *fields = builder->record->fields;
    struct patent_number found, other;
    const char *today = builder->plan->today;
    if (!stored_number(fields, from, today, &found) || found.publication != publication)
        return true;
    bool has_other = stored_number(fields, to, today, &other);
    if (has_other && !same_document(&found, &other)) {
        say(&builder->problem, CODE_BAD_NUMBER,
            publication ? SAY_IS_PUBLICATION : SAY_IS_APPLICATION, field_text(fields, from),
            NULL);
        return builder_fail(builder, builder_header(builder, from),
                            json_object_get(fields, from));
    }
    if (!has_other || (*other.letter == '\0' && *found.letter != '\0'))
        json_object_set(fields, to, json_object_get(fields, from));
    json_object_del(fields, from);
    return true;
}

/* Type and kind follow from the numbers; what a column says otherwise is remarked upon. */
static void set_by_number(struct builder *builder, const char *name, const char *right,
                          const char *number, enum sentence sentence)
{
    json_t *fields = builder->record->fields;
    const char *own = field_text(fields, name);
    struct problem warning = {0};
    if (own && strcmp(own, right) != 0) {
        say(&warning, CODE_OTHER, sentence, own, number, right, NULL);
        builder_notice(builder, builder_header(builder, name), own, &warning);
    }
    set_text(fields, name, right);
}

/* "某某事务所(普通合伙) 44347": the code is told from the name, and stays readable in extra. */
static void split_agent(struct builder *builder)
{
    json_t *fields = builder->record->fields;
    const char *text = field_text(fields, "agent_institution");
    g_autofree char *name = NULL;
    g_autofree char *code = NULL;
    if (!text || !agency_split(text, &name, &code))
        return;
    json_t *as_read = json_string(text);
    builder_extra(builder, "agent_institution", as_read);
    json_decref(as_read);
    set_text(fields, "agent_institution", name);
}

/* Publications of 1985-1988 carry the application number itself. */
static bool application_of_old(json_t *fields, const struct patent_number *publication)
{
    if (strlen(publication->digits) != 8 || field_text(fields, "application_number"))
        return false;
    g_autofree char *number = g_strconcat("CN", publication->digits, NULL);
    set_text(fields, "application_number", number);
    return true;
}

/* The two numbers of a row, read once. */
struct numbers {
    bool has_app, has_pub;
    struct patent_number app, pub;
};

static void numbers_read(const struct builder *builder, struct numbers *out)
{
    json_t *fields = builder->record->fields;
    const char *today = builder->plan->today;
    *out = (struct numbers){0};
    out->has_app = stored_number(fields, "application_number", today, &out->app);
    out->has_pub = stored_number(fields, "publication_number", today, &out->pub);
}

/* Each number into its own column. */
static bool sort_numbers(struct builder *builder, struct numbers *numbers)
{
    numbers_read(builder, numbers);
    bool app_is_pub = numbers->has_app && numbers->app.publication;
    bool pub_is_app = numbers->has_pub && !numbers->pub.publication;
    if (!app_is_pub && !pub_is_app)
        return true;
    if (!move_number(builder, "application_number", "publication_number", true) ||
        !move_number(builder, "publication_number", "application_number", false))
        return false;
    numbers_read(builder, numbers);
    return true;
}

static void patent_numbers(struct builder *builder, struct numbers *numbers)
{
    struct problem warning = {0};
    struct record *record = builder->record;
    json_t *fields = record->fields;
    if (numbers->has_pub && application_of_old(fields, &numbers->pub))
        numbers_read(builder, numbers);
    const struct patent_number app = numbers->app, pub = numbers->pub;
    bool has_app = numbers->has_app, has_pub = numbers->has_pub;
    const char *number =
        field_text(fields, has_app ? "application_number" : "publication_number");
    const char *type = patent_type_name(has_app ? app.type : pub.type);
    char letter[2] = {pub.letter[0], '\0'};
    if (has_pub && has_app && patent_numbers_differ(&pub, &app, &warning))
        builder_notice(builder, builder_header(builder, "publication_number"),
                       field_text(fields, "publication_number"), &warning);
    if (type)
        set_by_number(builder, "type", type, number, SAY_TYPE_DIFFERS);
    if (*letter != '\0')
        set_by_number(builder, "kind", letter, field_text(fields, "publication_number"),
                      SAY_KIND_DIFFERS);
    record->app_key = has_app ? patent_number_key(&app) : NULL;
    record->pub_key = has_pub ? patent_number_key(&pub) : NULL;
}

/* Names of a family's members, or of the family itself, as they are compared: "us 7591949" is "US7591949". */
static void fold_family(json_t *fields)
{
    const json_t *family = json_object_get(fields, "family");
    if (!json_is_array(family))
        return;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    json_t *folded = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)family, i, one)
    {
        g_auto(GStrv) pieces = g_strsplit_set(json_string_value(one), " \t\n", -1);
        g_autofree char *joined = g_strjoinv("", pieces);
        g_autofree char *upper = g_ascii_strup(joined, -1);
        if (*upper && g_hash_table_add(seen, g_strdup(upper)))
            json_array_append_new(folded, json_string(upper));
    }
    json_object_set_new(fields, "family", folded);
}

static bool patent_rules(struct builder *builder)
{
    json_t *fields = builder->record->fields;
    struct numbers numbers;
    if (!sort_numbers(builder, &numbers))
        return false;
    patent_numbers(builder, &numbers);
    split_agent(builder);
    fold_family(fields);
    if (json_is_null(json_object_get(fields, "title")))
        json_object_del(fields, "title");
    if (builder->record->app_key || builder->record->pub_key)
        return true;
    say(&builder->problem, CODE_MISSING, SAY_MISSING_NUMBER, NULL);
    return builder_fail(builder, builder_header(builder, "application_number"), NULL);
}

/* declared_push, open_licence: the patent they are about. */
static bool patent_reference(struct builder *builder)
{
    struct patent_number number;
    struct record *record = builder->record;
    if (!kind_field(builder->kind, "patent") ||
        !stored_number(record->fields, "patent", builder->plan->today, &number))
        return true;
    g_autofree char *key = patent_number_key(&number);
    if (number.publication)
        record->pub_key = g_steal_pointer(&key);
    else
        record->app_key = g_steal_pointer(&key);
    return true;
}

/* ---- contracts ---- */

static bool right_rules(struct builder *builder, json_t *right)
{
    struct problem warning = {0};
    const char *header = builder_header(builder, "rights.number");
    const char *own = field_text(right, "type"), *type = NULL;
    g_autofree char *text = g_strdup(field_text(right, "number"));
    g_autofree char *number = NULL;
    if (!text)
        return true;
    if (!right_read(text, own, builder->plan->today, &number, &type, &warning,
                    &builder->problem)) {
        problem_clear(&warning);
        return builder_fail(builder, header, json_object_get(right, "number"));
    }
    builder_notice(builder, header, text, &warning);
    if (own && type && strcmp(own, type) != 0) {
        say(&warning, CODE_OTHER, SAY_TYPE_DIFFERS, own, number, type, NULL);
        builder_notice(builder, header, text, &warning);
    }
    if (type)
        set_text(right, "type", type);
    json_t *as_read = json_string(text);
    if (strcmp(text, number) != 0)
        builder_extra(builder, "rights.number", as_read);
    json_decref(as_read);
    set_text(right, "number", number);
    return true;
}

static bool contract_rules(struct builder *builder)
{
    json_t *fields = builder->record->fields, *right;
    const char *registration = field_text(fields, "registration_number");
    const char *contract = field_text(fields, "contract_number");
    size_t i;
    json_array_foreach(json_object_get(fields, "rights"), i,
                       right) if (!right_rules(builder, right)) return false;
    if (!registration || !contract)
        return true;
    g_autofree char *a = name_fold(registration);
    g_autofree char *b = name_fold(contract);
    if (strcmp(a, b) != 0)
        return true;
    say(&builder->problem, CODE_BAD_NUMBER, SAY_REGISTRATION_SAME, registration, NULL);
    return builder_fail(builder, builder_header(builder, "registration_number"),
                        json_object_get(fields, "registration_number"));
}

bool builder_rules(struct builder *builder)
{
    if (strcmp(builder->kind->name, "patent") == 0)
        return patent_rules(builder);
    return patent_reference(builder) && contract_rules(builder);
}

/* ---- what must be there ---- */

static bool has_value(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return value && !json_is_null(value);
}

static bool say_missing(struct builder *builder, const struct field *field)
{
    const struct kind *kind = builder->kind;
    const char *zh = columns_chinese(kind, field->name);
    if (field->instead)
        say(&builder->problem, CODE_MISSING, SAY_MISSING_EITHER, field->name, zh,
            field->instead, columns_chinese(kind, field->instead), NULL);
    else
        say(&builder->problem, CODE_MISSING, SAY_MISSING, field->name, zh, NULL);
    return builder_fail(builder, builder_header(builder, field->name), NULL);
}

/* A required member of each object in a list, or of an object. */
static bool member_required(struct builder *builder, const struct field *field, const char *dot)
{
    g_autofree char *group = g_strndup(field->name, (gsize)(dot - field->name));
    json_t *value = json_object_get(builder->record->fields, group), *object;
    size_t i;
    if (json_is_object(value) && !has_value(value, dot + 1))
        return say_missing(builder, field);
    json_array_foreach(value, i, object)
    {
        g_autofree char *place = g_strdup_printf("%zu", i + 1);
        if (has_value(object, dot + 1))
            continue;
        say(&builder->problem, CODE_MISSING, SAY_MISSING_IN_LIST, field->name,
            columns_chinese(builder->kind, field->name), place, NULL);
        return builder_fail(builder, builder_header(builder, field->name), NULL);
    }
    return true;
}

static bool group_required(struct builder *builder, const struct group *group)
{
    g_autofree char *member =
        g_strdup_printf("%s.%s", group->name, group->plain ? group->plain : "");
    if (!group->required || has_value(builder->record->fields, group->name))
        return true;
    say(&builder->problem, CODE_MISSING, SAY_MISSING, group->name,
        columns_chinese(builder->kind, member), NULL);
    return builder_fail(builder, builder_header(builder, member), NULL);
}

bool builder_required(struct builder *builder)
{
    const struct kind *kind = builder->kind;
    bool is_patent = strcmp(kind->name, "patent") == 0;
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->fields[i];
        const char *dot = strchr(field->name, '.');
        if (!field->required ||
            is_patent) /* patents: patent_rules; the title may be known already */
            continue;
        if (dot && !member_required(builder, field, dot))
            return false;
        bool instead = field->instead && has_value(builder->record->fields, field->instead);
        if (!dot && !instead && !has_value(builder->record->fields, field->name))
            return say_missing(builder, field);
    }
    for (size_t i = 0; i < kind->group_count; i++)
        if (!group_required(builder, &kind->groups[i]))
            return false;
    return true;
}

/* ---- keys ---- */

static char *key_part(const struct field *field, const char *text)
{
    struct patent_number number;
    struct problem ignored = {0};
    bool is_patent = field->type == FIELD_PATENT || field->type == FIELD_APPLICATION;
    char *key = is_patent && patent_number_read(text, "9999-12-31", &number, &ignored)
                    ? patent_number_key(&number)
                    : NULL;
    problem_clear(&ignored);
    if (key)
        return key;
    return field->type == FIELD_NAME ? name_fold(text) : g_strdup(text);
}

char *record_key(const struct kind *kind, json_t *fields)
{
    GString *key = g_string_new(NULL);
    const char *publication = field_text(fields, "publication_number");
    for (size_t i = 0; i < G_N_ELEMENTS(kind->key) && kind->key[i]; i++) {
        const char *text = field_text(fields, kind->key[i]);
        g_autofree char *part =
            text ? key_part(kind_field(kind, kind->key[i]), text) : g_strdup(publication);
        if (!part) {
            g_string_free(key, TRUE);
            return NULL;
        }
        if (i > 0)
            g_string_append_c(key, '/');
        g_string_append(key, part);
    }
    return g_string_free(key, FALSE);
}

/* ---- rows of one contract ---- */

static bool is_joinable(const char *name)
{
    return strcmp(name, "rights") == 0 || strcmp(name, "extra") == 0 ||
           strcmp(name, "documents") == 0;
}

/* The first field in which the two differ, apart from what is joined; NULL when there is none. */
static const char *first_difference(const struct record *a, const struct record *b)
{
    for (size_t i = 0; i < a->kind->field_count; i++) {
        const char *name = a->kind->fields[i].name, *dot = strchr(name, '.');
        g_autofree char *top = dot ? g_strndup(name, (gsize)(dot - name)) : g_strdup(name);
        const json_t *x = json_object_get(a->fields, top), *y = json_object_get(b->fields, top);
        if (!is_joinable(top) && x != y && !(x && y && json_equal(x, y)))
            return name;
    }
    return NULL;
}

static void join_lists(json_t *into, const json_t *from, const char *name)
{
    json_t *list = json_object_get(into, name), *value, *own;
    size_t i, n;
    if (!json_is_array(list))
        json_object_set_new(into, name, list = json_array());
    json_array_foreach(json_object_get(from, name), i, value)
    {
        bool there = false;
        json_array_foreach(list, n, own) there = there || json_equal(own, value);
        if (!there)
            json_array_append(list, value);
    }
    if (json_array_size(list) == 0)
        json_object_del(into, name);
}

bool record_merge_rights(struct record *into, const struct record *from, const char **field)
{
    *field = first_difference(into, from);
    if (*field)
        return false;
    join_lists(into->fields, from->fields, "rights");
    join_lists(into->fields, from->fields, "documents");
    return true;
}
