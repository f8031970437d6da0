/* saved_mapping.h - which column of a foreign file is which field, kept by an agency for each of its sources and found again by
 * the header of a file (loader/mapping.h says how headers are compared). In the caller's transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* [{kind, name, header_key, mapping, saved_at}], the latest first; kind NULL: of every kind. */
json_t *saved_mapping_list(struct db *db, int agency_id, const char *kind, GError **error);

struct saved_mapping_row {
    int agency_id;
    const char *kind, *name, *header_key, *mapping; /* mapping: the JSON of `load --map` */
};
bool saved_mapping_save(struct db *db, const struct saved_mapping_row *row, const char *now,
                        GError **error);

/* SQL_ERROR_NOT_FOUND when there is none. */
bool saved_mapping_remove(struct db *db, int agency_id, const char *kind, const char *name,
                          GError **error);
