/* because.h - why an enterprise answered as it did: the one table of codes. Pure. */
#pragma once
#include <stdbool.h>

struct because {
    const char *code, *en, *zh;
};

/* All of them; the last has no code. */
const struct because *because_codes(void);
bool because_is(const char *code);
