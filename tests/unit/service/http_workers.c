#include "service/http/workers.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

TestSuite(http_workers, .timeout = 60);

enum { JOBS = 5000 };
static _Atomic int done[JOBS], calls, most;

static void run(void *const *jobs, size_t count, int worker, void *user)
{
    int before = atomic_load(&most);
    (void)worker, (void)user;
    atomic_fetch_add(&calls, 1);
    while ((int)count > before && !atomic_compare_exchange_weak(&most, &before, (int)count))
        continue;
    for (size_t i = 0; i < count; i++)
        atomic_fetch_add((_Atomic int *)jobs[i], 1);
}

Test(http_workers, every_job_is_done_once_and_those_of_one_number_together)
{
    struct workers *workers = workers_new(4, run, NULL, NULL);
    cr_assert(workers);
    for (int i = 0; i < JOBS; i++)
        workers_add(workers, &done[i], i % 3); /* 0: alone */
    cr_expect(workers_drain(workers, 20000));
    size_t waiting, running;
    workers_load(workers, &waiting, &running);
    cr_expect_eq(waiting + running, 0);
    workers_free(workers);
    for (int i = 0; i < JOBS; i++)
        cr_expect_eq(done[i], 1, "job %d was done %d times", i, done[i]);
    cr_expect_leq(most, WORKERS_BATCH_MOST);
    cr_expect_leq(calls, JOBS);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void wait_at_gate(void *const *jobs, size_t count, int worker, void *user)
{
    (void)worker, (void)user;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < count; i++)
        *(size_t *)jobs[i] = count;
}

Test(http_workers, what_waits_goes_together_by_number_and_in_order)
{
    size_t first = 0, sevens[10] = {0}, eights[3] = {0}, alone = 0;
    struct workers *workers = workers_new(1, wait_at_gate, NULL, NULL);
    pthread_mutex_lock(&gate);
    workers_add(workers, &first, 0);
    while (true) { /* the only worker has it */
        size_t waiting, running;
        workers_load(workers, &waiting, &running);
        if (running == 1)
            break;
        g_usleep(1000);
    }
    for (int i = 0; i < 10; i++) {
        workers_add(workers, &sevens[i], 7);
        if (i < 3)
            workers_add(workers, &eights[i], 8);
    }
    workers_add(workers, &alone, 0);
    cr_expect_not(workers_drain(workers, 50), "something is being done");
    pthread_mutex_unlock(&gate);
    cr_expect(workers_drain(workers, 20000));
    workers_free(workers);
    cr_expect_eq(first, 1);
    cr_expect_eq(alone, 1);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(sevens[i], 10, "%zu", sevens[i]);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(eights[i], 3, "%zu", eights[i]);
}
