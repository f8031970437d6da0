/* value.h - one value of a field, as it stands in a cell or in JSON -> its normal form. Pure. */
#pragma once
#include "loader/columns.h"
#include "loader/reader.h"

/* What reading a value depends on, and where remarks go. */
struct value_context {
    const struct plan *plan;
    struct column *column; /* where the value comes from; NULL for constants */
    struct problem
        *warning; /* filled when there is something to say about a value that was taken */
};

/* "", "-", "--", "/", "无", "暂无", "N/A" say nothing. A yes or no may be 无. */
bool value_is_empty(const char *text, enum field_type type);

/* A JSON scalar as text: numbers as they would be written. NULL for arrays, objects, null. Caller frees. */
char *value_text(const json_t *json);

/* A text that says something, is short enough and has no blanks around it is what will be stored: no copy is made. */
bool value_is_stored(const struct field *field, const json_t *given);

/* Reads one value (never a list). `*out` is NULL when the value says nothing. Caller drops *out. */
bool value_read(const struct field *field, const struct value_context *context, json_t *given,
                json_t **out, struct problem *problem);

/* The pieces of a cell that holds a list, as JSON strings: split on ; | and line ends; symbols, numbers and words of values.tsv
 * on commas and 、 too, names on 、 and on a comma between Chinese characters ("Smith, John" is one). Empty ones stay when `places` is true (they keep the others in their places), but not at the end. New reference. */
json_t *value_pieces(const struct field *field, const char *text, bool places);
