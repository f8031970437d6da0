/* beside.h - a file that is written beside its place and renamed when it is whole: whoever opens the path finds what was there before, or all of
 * what is there now. What a killed program leaves is named PATH.XXXXXX. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct beside {
    int fd;
    const char *path; /* the caller's */
    char *fresh;
};

/* All: G_FILE_ERROR. `room`: so many bytes are set aside first, so that a full disk is known before anything is written; 0: none. */
bool beside_open(struct beside *beside, const char *path, size_t room, GError **error);
bool beside_write(struct beside *beside, const void *data, size_t size, GError **error);
/* Once, after a beside_open that succeeded. `whole`: it lasts under its name now; else it is thrown away, and that is no error. */
bool beside_close(struct beside *beside, bool whole, GError **error);

/* Says what errno says about it; false. */
bool beside_fail(GError **error, const char *path, const char *what);
