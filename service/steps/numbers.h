/* numbers.h - whether patents say the numbers that a need names, looked up in their texts: the index only knows that the digits and the
 * unit occur somewhere. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Sets `covered` of every aspect of kind "number" of these leads ({patent_id, aspects}) by the title and abstract of the patent. Inside
 * a transaction. */
bool numbers_check(struct db *db, json_t *leads, GError **error);
