/* mapping_store.h - mappings that an agency keeps, as a load uses them. */
#pragma once
#include "loader/reader.h"
#include "sql/db.h"

/* Those of an agency for a kind: struct saved_mapping *, for struct plan. In a transaction of its own. NULL and error when they
 * can't be read. */
GPtrArray *mapping_store_all(struct db *db, int agency_id, const struct kind *kind,
                             GError **error);

/* Keeps a mapping (its JSON, checked by mapping_parse) under `name` for files with this header. In the caller's transaction. */
bool mapping_store_keep(struct db *db, int agency_id, const char *name, const struct kind *kind,
                        const char *header_key, const char *text, GError **error);

/* The header of a file as it is recognised again; LOADER_ERROR_FORMAT where it has none. The caller frees. */
char *mapping_store_header(const char *file, const struct plan *plan, GError **error);
