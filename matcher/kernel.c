#include "matcher/kernel.h"

#include <glib.h>
#include <pthread.h>
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

static const struct kernel *best;

static void choose(void)
{
    const char *wanted = getenv("PATBRIDGE_CPU");
    best = wanted ? kernel_named(wanted) : NULL;
    for (size_t i = 0; !best && i < G_N_ELEMENTS(kernels); i++)
        best = kernel_named(kernels[i]->name); // NOLINT(clang-analyzer-core.NullDereference)
}

const struct kernel *kernel_best(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    return best;
}
