/* unpack.h - what came packed, as the file that it was: gzip and zstd, by the Content-Encoding it came with and by its first
 * bytes (a file that is packed itself), both at most. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define UNPACK_ERROR unpack_error_quark()
GQuark unpack_error_quark(void);
enum unpack_error { UNPACK_ERROR_BROKEN, UNPACK_ERROR_LARGE, UNPACK_ERROR_DISK };

/* Makes `out` of `in`, which goes away. encoding: NULL, "identity", "gzip", "x-gzip" or "zstd". Broken or cut short:
 * UNPACK_ERROR_BROKEN; more than `most` bytes: UNPACK_ERROR_LARGE. `out` is not there after a failure. */
bool unpack_file(const char *in, const char *encoding, const char *out, int64_t most,
                 GError **error);
