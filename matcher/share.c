#include "matcher/share.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MOST = 4 };

struct shared {
    uint32_t count, block;
    void (*work)(uint32_t from, uint32_t to, void *user);
    void *user;
    atomic_uint_fast64_t next;
};

static void *take_blocks(void *data)
{
    struct shared *shared = data;
    uint64_t from;
    while ((from = atomic_fetch_add(&shared->next, shared->block)) < shared->count)
        shared->work((uint32_t)from, (uint32_t)MIN(from + shared->block, shared->count),
                     shared->user);
    return NULL;
}

static uint32_t helpers_for(uint32_t count, uint32_t block)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t most = (uint32_t)CLAMP(processors, 1, THREADS_MOST), blocks = count / block + 1;
    return MIN(most, blocks) - 1;
}

/* A thread that can't be had is no harm: the others do its share. */
void share_work(uint32_t count, uint32_t block, void (*work)(uint32_t, uint32_t, void *),
                void *user)
{
    struct shared shared = {count, block, work, user, 0};
    pthread_t helpers[THREADS_MOST];
    uint32_t started = 0, wanted = count > block ? helpers_for(count, block) : 0;
    while (started < wanted &&
           pthread_create(&helpers[started], NULL, take_blocks, &shared) == 0)
        started++;
    take_blocks(&shared);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(helpers[i], NULL);
}
