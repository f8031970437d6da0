/* key.h - natural keys as people type them, in the form by which the database finds them. */
#pragma once
#include "loader/kind.h"
#include "service/cli/app.h"
#include <glib.h>

/* The key of a record of `kind` in normal form: patent numbers without check character ("CN201710027729"), credit codes in upper
 * case, names folded. APP_ERROR_USAGE says what can't be read, in the reader's language. The caller frees. */
char *key_normal(const struct kind *kind, const char *spelling, bool chinese, GError **error);

/* The key by which decisions and papers find a record (sql/decision.h), from any spelling that the loader reads. The caller
 * frees; APP_ERROR_USAGE as above. */
char *key_lookup(const struct app *app, const char *kind, const char *text, GError **error);
