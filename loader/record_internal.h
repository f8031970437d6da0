/* record_internal.h - what record.c, record_gather.c and record_rules.c share. */
#pragma once
#include "loader/record.h"
#include "loader/value.h"

/* One value as it was given, and where. */
struct given {
    struct column *column; /* NULL: a constant of the mapping */
    json_t *value;         /* owned */
    bool pooled;           /* one of the builder's own */
};

enum { BUILDER_POOL = 64 }; /* values of one row that cost no memory of their own */

/* A record in the making. */
struct builder {
    struct reader *reader;
    const struct plan *plan;
    const struct kind *kind;
    struct record *record; /* record->fields is filled step by step */
    json_t *extra;         /* owned until it goes into fields */
    GPtrArray **slots;     /* a list of struct given for each field of the kind; NULL: none */
    struct given pool[BUILDER_POOL];
    size_t pooled;
    json_t **groups; /* for each group of the kind: what JSON gave for it (owned), or NULL */
    /* the first problem, and where */
    struct problem problem;
    char *column;
    char *value;
};

/* Empties the slots and gives their lists back to the reader, for the next row. */
void builder_drop_slots(struct builder *builder);

/* Sorts the values of the row into slots, groups and extra. False: builder->problem says what is wrong. */
bool builder_gather(struct builder *builder, const struct raw_row *row);

/* Remembers where the problem is; always false. `value` may be NULL. */
bool builder_fail(struct builder *builder, const char *column, const json_t *value);

/* Adds to extra under a name that is not taken yet; the same value twice is one. */
void builder_extra(struct builder *builder, const char *name, json_t *value);

/* Whether a member of a row is what the interface calls extra, and no column of the file. */
bool builder_is_extra(const char *name, const json_t *value);

/* Takes a remark about a value, when there is one, from `problem`. */
void builder_notice(struct builder *builder, const char *column, const char *value,
                    struct problem *problem);

/* The header under which a field came in this row, or the field's own name. */
const char *builder_header(const struct builder *builder, const char *name);

/* Reads one value; *out NULL: it says nothing. A number whose form changed leaves its spelling in extra. */
bool builder_read_one(struct builder *builder, const struct field *field,
                      const struct given *given, json_t *value, json_t **out);

/* Appends to a list what it lacks. */
void builder_list_add(json_t *list, json_t *value);

/* The values of one given as a list: pieces of a text, elements of an array, or the one value. New reference. */
json_t *builder_given_values(const struct field *field, const json_t *value, bool places);

/* The group a field is a member of, or NULL. */
const struct group *builder_group_of(const struct kind *kind, const struct field *field);

/* Fills the lists of objects. */
bool builder_take_groups(struct builder *builder);

/* What the kind asks for beyond single values: pairs of numbers, types of rights. */
bool builder_rules(struct builder *builder);

/* What must be there is there. */
bool builder_required(struct builder *builder);

/* reader.c */
struct columns;
struct columns *reader_columns(struct reader *reader);
struct column *reader_column(const struct reader *reader, size_t place);
const struct plan *reader_plan(const struct reader *reader);
GPtrArray **reader_spare_slots(struct reader *reader);
