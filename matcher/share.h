/* share.h - work that comes in many like pieces, divided among a few threads where there is enough of it. */
#pragma once
#include <stdint.h>

/* Does pieces 0 to count - 1, up to `block` of them a call, in any order, from this thread and others at once; comes back when all are done.
 * One block or less is done here. `work` must not care who else is at work. */
void share_work(uint32_t count, uint32_t block,
                void (*work)(uint32_t from, uint32_t to, void *user), void *user);
