#include "matcher/kernel.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const struct kernel *const kernels[] = {&kernel_avx512, &kernel_avx2, &kernel_plain};

const struct kernel *kernel_named(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++)
        if (strcmp(kernels[i]->name, name) == 0) // NOLINT(clang-analyzer-core.NullDereference)
            return kernels[i]->is_supported() ? kernels[i] : NULL;
    return NULL;
}

static const struct kernel *choose(void)
{
    const char *wanted = getenv("PATBRIDGE_CPU");
    const struct kernel *named = wanted ? kernel_named(wanted) : NULL;
    for (size_t i = 0; !named && i < G_N_ELEMENTS(kernels); i++)
        named = kernel_named(kernels[i]->name); // NOLINT(clang-analyzer-core.NullDereference)
    return named;
}

const struct kernel *kernel_best(void)
{
    static gsize chosen;
    if (g_once_init_enter(&chosen))
        g_once_init_leave(&chosen, (gsize)choose());
    return (const struct kernel *)chosen; // NOLINT(performance-no-int-to-ptr)
}
