/* agencies.h - agencies by their code. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* The id of the agency with this code; with a NULL code, of the only one there is. SQL_ERROR_NOT_FOUND names the choices. */
bool agencies_find(struct db *db, const char *code, int *agency_id, GError **error);

/* Every agency: [{agency_id, code, name, invented}], by code. The caller owns it. */
json_t *agencies_list(struct db *db, GError **error);
