/* mapping.h - a saved mapping (`--map FILE`): which column of a foreign file is which field.
 *
 *   {"kind": "patent",
 *    "columns": {"pub_no": "publication_number", "src": null},
 *    "constants": {"source": "export of 2024", "invented": true}}
 *
 * A name in `columns` is compared by KEY (columns.h), so spelling variants of a header are one; it beats the table of
 * names; null sends the column to `extra`. A field of money may be
 * named with its unit ("amount_yuan"), a nested list as a whole ("contacts", for cells or members that hold JSON). A name that is not in `columns` is still looked up in the table.
 * A constant is given to every row that has no value of its own for the field.
 *
 * A struct mapping is given to the caller, who frees it. */
#pragma once
#include "loader/kind.h"
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

struct mapping;

/* Reads and checks a mapping for `kind`. LOADER_ERROR_MAPPING: `mapping 'x.json': …`. */
struct mapping *mapping_load(const char *path, const struct kind *kind, GError **error);
void mapping_free(struct mapping *mapping);
typedef struct mapping mapping_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mapping_t, mapping_free)

/* False: the mapping does not name this header. True: `field` or `group` is set, both NULL for "to extra"; scale: fen
 * per 1 when the mapping says it ("amount_yuan"), else 0. */
bool mapping_find(const struct mapping *mapping, const char *header, const struct field **field,
                  const struct group **group, int64_t *scale);

/* The same from a JSON text. `name` stands in messages. */
struct mapping *mapping_parse(const char *name, const char *text, size_t len,
                              const struct kind *kind, GError **error);

/* One that was kept under a name and is found again by the header of a file. Its texts and the mapping are owned by it. */
struct saved_mapping {
    char *name;
    char *header_key;
    struct mapping *mapping;
};
void saved_mapping_free(struct saved_mapping *saved);

/* What a header is recognised by: the KEYs of its names, in order, a line each; nameless ones and those that begin with `_`
 * left out. Caller frees. */
char *mapping_header_key(const char *const *headers, size_t count);

/* The one of `saved` (struct saved_mapping *) with this header, or NULL. */
const struct saved_mapping *mapping_recognise(const GPtrArray *saved,
                                              const char *const *headers, size_t count);

/* Field name -> value, borrowed; never NULL. */
json_t *mapping_constants(const struct mapping *mapping);
