/* scheme.h - the classification in force. In the caller's transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* [{symbol, level, parent, title}], each symbol once. Says how many are new and how many changed. */
bool scheme_store(struct db *db, const json_t *symbols, const char *now, int64_t *fresh,
                  int64_t *changed, GError **error);

/* Whether there is one. */
bool scheme_is_there(struct db *db, bool *out, GError **error);

/* {symbol: title} of those of `symbols` ([string]) that it has: a new object, or NULL. */
json_t *scheme_titles(struct db *db, const json_t *symbols, GError **error);

/* Those of `symbols` ([string]) that it has: a new array, or NULL. */
json_t *scheme_living(struct db *db, const json_t *symbols, GError **error);
