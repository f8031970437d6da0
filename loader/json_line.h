/* json_line.h - the plain lines of a JSON Lines file, quickly.
 *
 * Takes what nearly every line is: an object of texts without \u, whole numbers of at most 18 digits, true, false, null, lists
 * and objects, no name twice. About everything else, and about every mistake, it says nothing: then jansson reads the line, and
 * its word holds. Where an answer is given it is what jansson would give. Pure. */
#pragma once
#include <jansson.h>

/* `text` is UTF-8 that was checked, without zero bytes, and ends with one. A new reference, or NULL: ask jansson. */
json_t *json_line_read(const char *text);
