#include "loader/record.h"
#include "loader/identifier.h"
#include "loader/names.h"
#include "loader/record_internal.h"
#include "loader/sentences.h"
#include <stdlib.h>
#include <string.h>

/* ---- remarks ---- */

static void notice_free(gpointer data)
{
    struct notice *notice = data;
    g_free(notice->column);
    g_free(notice->value);
    problem_clear(&notice->problem);
    g_free(notice);
}

void builder_notice(struct builder *builder, const char *column, const char *value,
                    struct problem *problem)
{
    if (!problem->en)
        return;
    struct notice *notice = g_new0(struct notice, 1);
    notice->column = g_strdup(column ? column : "");
    notice->value = text_cut(value ? value : "", REFUSAL_VALUE_BYTES);
    problem_move(&notice->problem, problem);
    g_ptr_array_add(builder->record->notices, notice);
}

/* An empty cell leaves no value, but its column is in the file. */
static const char *header_of_file(const struct builder *builder, const struct field *field)
{
    size_t count;
    const char *const *headers = reader_headers(builder->reader, &count);
    const struct group *group = field ? builder_group_of(builder->kind, field) : NULL;
    for (size_t i = 0; field && i < count; i++)
        if (reader_column(builder->reader, i)->field == field ||
            (group && reader_column(builder->reader, i)->group == group))
            return headers[i];
    return NULL;
}

const char *builder_header(const struct builder *builder, const char *name)
{
    const struct field *field = kind_field(builder->kind, name);
    const GPtrArray *slot = field ? builder->slots[field - builder->kind->fields] : NULL;
    const struct given *given = slot ? g_ptr_array_index(slot, 0) : NULL;
    const char *header =
        given && given->column ? given->column->header : header_of_file(builder, field);
    return header ? header : name;
}

/* ---- one field ---- */

static const char *given_header(const struct given *given, const struct field *field)
{
    return given->column ? given->column->header : field->name;
}

static bool keeps_spelling(enum field_type type)
{
    return type == FIELD_APPLICATION || type == FIELD_PUBLICATION || type == FIELD_PATENT ||
           type == FIELD_USCC || type == FIELD_REGISTRATION || type == FIELD_DIVISION ||
           type == FIELD_PRACTICE;
}

/* Reads one value; *out NULL: it says nothing. A number whose form changed leaves its spelling in extra. */
bool builder_read_one(struct builder *builder, const struct field *field,
                      const struct given *given, json_t *value, json_t **out)
{
    struct problem warning = {0};
    struct value_context context = {
        .plan = builder->plan, .column = given->column, .warning = &warning};
    const char *header = given_header(given, field);
    bool ok = value_read(field, &context, value, out, &builder->problem);
    if (!ok) {
        problem_clear(&warning);
        return builder_fail(builder, header, value);
    }
    if (!warning.en && !keeps_spelling(field->type))
        return true;
    g_autofree char *text = value_text(value);
    g_autofree char *spelt = text ? text_trim(text) : NULL;
    builder_notice(builder, header, spelt, &warning);
    if (spelt && json_is_string(*out) && keeps_spelling(field->type) &&
        strcmp(spelt, json_string_value(*out)) != 0) {
        json_t *as_read = json_string(spelt);
        builder_extra(builder, field->name, as_read);
        json_decref(as_read);
    }
    return true;
}

/* Appends to a list what it lacks. */
void builder_list_add(json_t *list, json_t *value)
{
    size_t i;
    json_t *own;
    json_array_foreach(list, i, own) if (json_equal(own, value)) return;
    json_array_append(list, value);
}

/* The values of one given as a list: pieces of a text, elements of an array, or the one value. New reference. */
json_t *builder_given_values(const struct field *field, const json_t *value, bool places)
{
    if (json_is_string(value) && field->type != FIELD_TEXT)
        return value_pieces(field, json_string_value(value), places);
    if (json_is_array(value))
        return json_copy((json_t *)(gintptr)value);
    json_t *out = json_array();
    json_array_append(out, (json_t *)(gintptr)value);
    return out;
}

static bool read_list(struct builder *builder, const struct field *field,
                      const struct given *given, json_t *list)
{
    json_t *values = builder_given_values(field, given->value, false), *value;
    size_t i;
    bool ok = true;
    json_array_foreach(values, i, value)
    {
        json_t *out = NULL;
        ok = builder_read_one(builder, field, given, value, &out);
        if (!ok)
            break;
        if (out && !json_is_null(out))
            builder_list_add(list, out);
        json_decref(out);
    }
    json_decref(values);
    return ok;
}

/* Before the others: those that lost no note, then in the order of the table. */
static gint compare_given(gconstpointer a, gconstpointer b)
{
    const struct column *x = (*(const struct given *const *)a)->column,
                        *y = (*(const struct given *const *)b)->column;
    if (!x || !y)
        return 0;
    if (x->noted != y->noted)
        return x->noted ? 1 : -1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Puts a value at its place: "offer.price_fen" into the object offer. Takes over the reference. */
static void put_value(struct builder *builder, const char *name, json_t *value)
{
    const char *dot = strchr(name, '.');
    if (!dot) {
        json_object_set_new_nocheck(builder->record->fields, name, value);
        return;
    }
    g_autofree char *group = g_strndup(name, (gsize)(dot - name));
    json_t *object = json_object_get(builder->record->fields, group);
    if (!json_is_object(object)) {
        object = json_object();
        json_object_set_new(builder->record->fields, group, object);
    }
    json_object_set_new(object, dot + 1, value);
}

/* What was not taken, for another column of the field came first. */
static void keep_rest(struct builder *builder, const GPtrArray *slot)
{
    const struct given *taken = g_ptr_array_index(slot, 0);
    for (guint i = 1; i < slot->len; i++) {
        const struct given *given = g_ptr_array_index(slot, i);
        if (given->column && !json_equal(given->value, taken->value))
            builder_extra(builder, given->column->header, given->value);
    }
}

/* A list of JSON that is stored as it is given; NULL: it has to be read. */
static json_t *list_as_given(const struct field *field, const GPtrArray *slot)
{
    json_t *list = ((const struct given *)g_ptr_array_index(slot, 0))->value;
    if (slot->len != 1 || !json_is_array(list) || json_array_size(list) > BUILDER_POOL)
        return NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!value_is_stored(field, json_array_get(list, i)))
            return NULL;
        for (size_t k = 0; k < i; k++)
            if (json_equal(json_array_get(list, k), json_array_get(list, i)))
                return NULL;
    }
    return list;
}

static bool take_list(struct builder *builder, const struct field *field, const GPtrArray *slot)
{
    json_t *given_list = list_as_given(field, slot);
    if (given_list) {
        put_value(builder, field->name, json_incref(given_list));
        return true;
    }
    json_t *list = json_array();
    bool ok = true, cleared = false;
    for (guint i = 0; ok && i < (field->joined ? slot->len : 1); i++) {
        const struct given *given = g_ptr_array_index(slot, i);
        if (json_is_null(given->value))
            cleared = true;
        else
            ok = read_list(builder, field, given, list);
    }
    if (ok && json_array_size(list) > 0)
        put_value(builder, field->name, json_incref(list));
    else if (ok && cleared)
        put_value(builder, field->name, json_null());
    json_decref(list);
    if (ok && !field->joined)
        keep_rest(builder, slot);
    return ok;
}

/* Several texts become one, without repeats. */
static bool join_texts(struct builder *builder, const struct field *field,
                       const GPtrArray *slot)
{
    json_t *list = json_array(), *piece;
    bool ok = true;
    size_t i;
    for (guint g = 0; ok && g < (field->joined ? slot->len : 1); g++) {
        const struct given *given = g_ptr_array_index(slot, g);
        json_t *value = given->value;
        json_t *values = json_is_array(value) ? json_incref(value) : json_pack("[O]", value);
        json_array_foreach(values, i, piece)
        {
            json_t *out = NULL;
            ok = ok && builder_read_one(builder, field, given, piece, &out);
            if (out)
                builder_list_add(list, out);
            json_decref(out);
        }
        json_decref(values);
    }
    GString *text = g_string_new(NULL);
    json_array_foreach(list, i, piece) if (json_is_string(piece)) g_string_append_printf(
        text, "%s%s", text->len > 0 ? (field->type == FIELD_TEXT ? "\n" : ";") : "",
        json_string_value(piece));
    if (ok && json_array_size(list) > 0)
        put_value(builder, field->name, text->len > 0 ? json_string(text->str) : json_null());
    g_string_free(text, TRUE);
    json_decref(list);
    return ok;
}

static bool take_field(struct builder *builder, const struct field *field, GPtrArray *slot)
{
    json_t *out = NULL;
    if (!field->joined && slot->len > 1)
        g_ptr_array_sort(slot, compare_given);
    if (field->list)
        return take_list(builder, field, slot);
    const struct given *first = g_ptr_array_index(slot, 0);
    bool is_text = field->type == FIELD_TEXT || field->type == FIELD_NAME;
    if (is_text && (field->joined || json_is_array(first->value))) {
        bool ok = join_texts(builder, field, slot);
        if (ok && !field->joined)
            keep_rest(builder, slot);
        return ok;
    }
    json_t *value = first->value;
    if (json_is_array(value) && json_array_size(value) == 1)
        value = json_array_get(value, 0);
    if (!builder_read_one(builder, field, first, value, &out))
        return false;
    if (out)
        put_value(builder, field->name, out);
    keep_rest(builder, slot);
    return true;
}

static bool take_fields(struct builder *builder)
{
    for (size_t i = 0; i < builder->kind->field_count; i++) {
        const struct field *field = &builder->kind->fields[i];
        if (!builder->slots[i])
            continue;
        const struct group *group = builder_group_of(builder->kind, field);
        if (!(group && group->list) && !take_field(builder, field, builder->slots[i]))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static void builder_clear(struct builder *builder)
{
    builder_drop_slots(builder);
    for (size_t i = 0; i < builder->kind->group_count; i++)
        json_decref(builder->groups[i]);
    g_free(builder->slots);
    g_free(builder->groups);
    g_free(builder->column);
    g_free(builder->value);
    json_decref(builder->extra);
    problem_clear(&builder->problem);
}

static bool builder_finish(struct builder *builder)
{
    struct record *record = builder->record;
    if (json_object_size(builder->extra) > 0)
        json_object_set(record->fields, "extra", builder->extra);
    g_free(record->key);
    record->key = record->app_key && strcmp(record->kind->name, "patent") == 0
                      ? g_strdup(record->app_key)
                      : record_key(builder->kind, record->fields);
    record->has_title = json_is_string(json_object_get(record->fields, "title"));
    return record->key != NULL;
}

/* Cells that were read as days though nothing called them that. */
static void notice_written(struct builder *builder, const struct raw_row *row)
{
    for (size_t i = 0; row->written && i < row->cell_count; i++) {
        struct problem warning = {0};
        if (!row->written[i])
            continue;
        say(&warning, CODE_OTHER, SAY_DATE_BARE, row->written[i], row->cells[i], NULL);
        builder_notice(builder, row->headers[i], row->written[i], &warning);
    }
}

bool record_read(struct reader *reader, const struct raw_row *row, struct record *out,
                 struct refusal *refusal)
{
    const struct plan *plan = reader_plan(reader);
    *out = (struct record){
        .kind = plan->kind, .line = row->line, .place = row->place, .fields = json_object()};
    out->notices = g_ptr_array_new_with_free_func(notice_free);
    struct builder builder = {.reader = reader,
                              .plan = plan,
                              .kind = plan->kind,
                              .record = out,
                              .extra = json_object()};
    builder.slots = g_new0(GPtrArray *, plan->kind->field_count);
    builder.groups = g_new0(json_t *, plan->kind->group_count + 1);
    bool ok = builder_gather(&builder, row) && take_fields(&builder) &&
              builder_take_groups(&builder) && builder_rules(&builder) &&
              builder_required(&builder) && builder_finish(&builder);
    if (!ok) {
        refusal_set(refusal, row->line, builder.column, builder.value, &builder.problem);
        refusal->sheet = g_strdup(row->sheet);
        record_clear(out);
    } else {
        notice_written(&builder, row);
    }
    builder_clear(&builder);
    return ok;
}

void record_clear(struct record *record)
{
    json_decref(record->fields);
    g_free(record->key);
    g_free(record->app_key);
    g_free(record->pub_key);
    if (record->notices)
        g_ptr_array_free(record->notices, TRUE);
    *record = (struct record){0};
}
