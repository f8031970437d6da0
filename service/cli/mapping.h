/* mapping.h - mappings that an agency keeps, as `load` uses them. */
#pragma once
#include "loader/mapping.h"
#include "loader/reader.h"
#include "service/cli/app.h"

/* Keeps the mapping in `map_file` under `name`, for files with the header of `file`. */
bool mapping_keep(struct app *app, int agency_id, const char *name, const char *map_file,
                  const char *file, const struct plan *plan, GError **error);
