/* huge.h - memory for large flat arrays that are read here and there: in pages of 2 MB where the system gives them, so that
 * fewer reads wait for an address. Freed by g_free. */
#pragma once
#include <glib.h>
#include <stddef.h>

void *huge_alloc0(size_t size);
