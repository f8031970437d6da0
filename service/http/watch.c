#include "service/http/watch.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

struct watched {
    int fd;
    _Atomic int step;
    _Atomic int64_t since_us;
    _Atomic int64_t bytes;
    struct watched *next, *before;
};

struct watch {
    struct watch_limits limits;
    pthread_mutex_t lock; /* of the list; a socket is not closed while it is held */
    struct watched *first;
    int count;
};

struct watch *watch_new(const struct watch_limits *limits)
{
    struct watch *watch = g_new0(struct watch, 1);
    watch->limits = *limits;
    pthread_mutex_init(&watch->lock, NULL);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    pthread_mutex_destroy(&watch->lock);
    g_free(watch);
}

struct watched *watch_add(struct watch *watch, int fd)
{
    struct watched *one = g_new0(struct watched, 1);
    one->fd = fd;
    watch_step(one, WATCH_WAITING, 0);
    pthread_mutex_lock(&watch->lock);
    one->next = watch->first;
    if (one->next)
        one->next->before = one;
    watch->first = one;
    watch->count++;
    pthread_mutex_unlock(&watch->lock);
    return one;
}

void watch_remove(struct watch *watch, struct watched *one)
{
    if (!one)
        return;
    pthread_mutex_lock(&watch->lock);
    if (one->before)
        one->before->next = one->next;
    else
        watch->first = one->next;
    if (one->next)
        one->next->before = one->before;
    watch->count--;
    pthread_mutex_unlock(&watch->lock);
    g_free(one);
}

void watch_step(struct watched *one, enum watch_step step, int64_t bytes)
{
    if (!one)
        return;
    if (atomic_exchange(&one->step, (int)step) != (int)step || step != WATCH_BODY)
        atomic_store(&one->since_us, g_get_monotonic_time());
    atomic_store(&one->bytes, bytes);
}

/* How long this step may take; -1: as long as it likes. */
static int64_t limit_us(const struct watch_limits *limits, int step, int64_t bytes)
{
    const int fixed_ms[] = {[WATCH_WAITING] = limits->waiting_ms,
                            [WATCH_HEAD] = limits->head_ms,
                            [WATCH_BODY] = limits->body_ms,
                            [WATCH_OURS] = -1,
                            [WATCH_ANSWER] = limits->answer_ms};
    if (fixed_ms[step] < 0)
        return -1;
    int64_t more = bytes * G_USEC_PER_SEC / MAX(limits->least_bytes_a_s, 1);
    return (int64_t)fixed_ms[step] * 1000 + more;
}

int watch_sweep(struct watch *watch)
{
    int shut = 0;
    pthread_mutex_lock(&watch->lock);
    int64_t now = g_get_monotonic_time();
    for (struct watched *one = watch->first; one; one = one->next) {
        int64_t most = limit_us(&watch->limits, one->step, one->bytes);
        if (most < 0 || now - one->since_us <= most)
            continue;
        shutdown(one->fd, SHUT_RDWR);
        shut++;
    }
    pthread_mutex_unlock(&watch->lock);
    return shut;
}

int watch_count(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    int count = watch->count;
    pthread_mutex_unlock(&watch->lock);
    return count;
}

int watch_busy(struct watch *watch)
{
    int busy = 0;
    pthread_mutex_lock(&watch->lock);
    for (struct watched *one = watch->first; one; one = one->next)
        busy += one->step != WATCH_WAITING;
    pthread_mutex_unlock(&watch->lock);
    return busy;
}
