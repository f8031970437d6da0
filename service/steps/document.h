/* document.h - a record as it is shown to others: the field names of the interface at the top level, what is empty or nobody's
 * business left out. */
#pragma once
#include <jansson.h>

/* The record part of what show_record() or a list gives. A new object. */
json_t *document_fields(const char *kind, const json_t *record);
/* The same with `history` and `links` beside. `found` is as show_record() gives it. A new object. */
json_t *document_of(const char *kind, const json_t *found);
