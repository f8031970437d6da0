/* key.h - natural keys as people type them, in the form by which the database finds them. */
#pragma once
#include "loader/kind.h"
#include <glib.h>

/* The key of a record of `kind` in normal form: patent numbers without check character ("CN201710027729"), credit codes in upper
 * case, names folded. APP_ERROR_USAGE says what can't be read, in the reader's language. The caller frees. */
char *key_normal(const struct kind *kind, const char *spelling, bool chinese, GError **error);
