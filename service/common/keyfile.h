/* keyfile.h - 32 secret bytes in a file of their own: 64 hexadecimal digits and a line's end, which its owner alone may read. */
#pragma once
#include <glib.h>
#include <stdbool.h>

#define KEYFILE_ERROR keyfile_error_quark()
GQuark keyfile_error_quark(void);

enum { KEYFILE_BYTES = 32 };

/* Reads the bytes; draws them and makes the file where there is none (also when two do so at once: both get the same).
 * Refuses a file that others may read. */
bool keyfile_load(const char *file, unsigned char out[KEYFILE_BYTES], GError **error);
