/* error.h - the errors of this room.
 *
 * MATCHER_ERROR_INPUT: something that was handed in can't be read; the message names it and says what was expected.
 * MATCHER_ERROR_LIMIT: more of it than the index's numbers can count. */
#pragma once
#include <glib.h>

enum matcher_error { MATCHER_ERROR_INPUT, MATCHER_ERROR_LIMIT };

#define MATCHER_ERROR (matcher_error_quark())
GQuark matcher_error_quark(void);
