#include "matcher/huge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

void *huge_alloc0(size_t size)
{
    if (size < HUGE_PAGE)
        return g_malloc0(size + 1);
    size_t pages = (size + HUGE_PAGE - 1) / HUGE_PAGE;
    void *block = aligned_alloc(HUGE_PAGE, pages * HUGE_PAGE);
    if (!block)
        g_error("out of memory: %zu bytes", size);
    (void)madvise(block, pages * HUGE_PAGE, MADV_HUGEPAGE); /* a hint, no more */
    memset(block, 0, size);
    return block;
}
