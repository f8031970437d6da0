/* titles.h - what the classes among reasons are called. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Sets `title` on every reason of kind "class" in the member `reasons` of each of these objects, where a classification was loaded
 * that has it: its Chinese title, without the references and the edition in brackets that follow. Inside a transaction. */
bool titles_add(struct db *db, json_t *leads, GError **error);
