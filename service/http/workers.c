#include "service/http/workers.h"
#include <errno.h>
#include <gio/gio.h>
#include <pthread.h>
#include <time.h>

enum { BATCHES_MOST = 2 }; /* of one number at a time */

struct job {
    void *what;
    int64_t number;
};

struct thread {
    struct workers *workers;
    pthread_t id;
    int number;
    int64_t batch; /* the number of what it does now; 0: none */
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t more, idle;
    GArray *queue; /* struct job, from `first` on */
    guint first;
    size_t running;
    int resting; /* threads that wait for a job */
    bool ends;
    workers_run run;
    void *user;
    int count;
    struct thread *threads;
};

/* While jobs of a number are being done by two threads, others of it gather: one asks the database, one writes answers. */
static bool must_wait(const struct workers *workers, int64_t number)
{
    int busy = 0;
    for (int i = 0; number && i < workers->count; i++)
        busy += workers->threads[i].batch == number;
    return busy >= BATCHES_MOST;
}

/* The first job that need not wait; the queue's length: none. With the lock held. */
static guint find_job(const struct workers *workers)
{
    guint i = workers->first;
    while (i < workers->queue->len &&
           must_wait(workers, g_array_index(workers->queue, struct job, i).number))
        i++;
    return i;
}

/* The job at `place`, and those behind it that go with it. With the lock held. */
static size_t take(struct workers *workers, guint place, void **jobs)
{
    GArray *queue = workers->queue;
    struct job first = g_array_index(queue, struct job, place);
    size_t count = 0;
    guint kept = place;
    jobs[count++] = first.what;
    if (place == workers->first && !first.number) {
        workers->first++;
    } else {
        for (guint i = place + 1; i < queue->len; i++) {
            struct job *job = &g_array_index(queue, struct job, i);
            if (first.number && job->number == first.number && count < WORKERS_BATCH_MOST)
                jobs[count++] = job->what;
            else
                g_array_index(queue, struct job, kept++) = *job;
        }
        g_array_set_size(queue, kept);
    }
    if (workers->first == queue->len) {
        g_array_set_size(queue, 0);
        workers->first = 0;
    }
    return count;
}

static void rest(struct workers *workers)
{
    workers->resting++;
    pthread_cond_wait(&workers->more, &workers->lock);
    workers->resting--;
}

static void *work(void *user)
{
    struct thread *thread = user;
    struct workers *workers = thread->workers;
    void *jobs[WORKERS_BATCH_MOST];
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        guint place;
        while ((place = find_job(workers)) == workers->queue->len &&
               !(workers->ends && place == workers->first))
            rest(workers);
        if (place == workers->queue->len)
            break;
        thread->batch = g_array_index(workers->queue, struct job, place).number;
        size_t count = take(workers, place, jobs);
        workers->running += count;
        bool more = workers->resting && find_job(workers) < workers->queue->len;
        pthread_mutex_unlock(&workers->lock);
        if (more)
            pthread_cond_signal(&workers->more);
        workers->run(jobs, count, thread->number, workers->user);
        pthread_mutex_lock(&workers->lock);
        workers->running -= count;
        thread->batch = 0;
        if (workers->ends) /* who waited for this number may find the queue empty now */
            pthread_cond_broadcast(&workers->more);
        if (workers->running == 0 && workers->queue->len == workers->first)
            pthread_cond_broadcast(&workers->idle);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static void init(struct workers *workers)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->more, NULL);
    pthread_cond_init(&workers->idle, &steady);
    pthread_condattr_destroy(&steady);
    workers->queue = g_array_new(FALSE, FALSE, sizeof(struct job));
}

struct workers *workers_new(int threads, workers_run run, void *user, GError **error)
{
    struct workers *workers = g_new0(struct workers, 1);
    /* GLib makes its C locale at the first number read; where two threads come at once, one finds errno set by the wait, and
     * g_ascii_string_to_signed() calls its number none. */
    g_ascii_strtoll("0", NULL, 10);
    workers->run = run;
    workers->user = user;
    workers->threads = g_new0(struct thread, threads);
    init(workers);
    for (; workers->count < threads; workers->count++) {
        struct thread *thread = &workers->threads[workers->count];
        *thread = (struct thread){.workers = workers, .number = workers->count};
        int why = pthread_create(&thread->id, NULL, work, thread);
        if (why == 0)
            continue;
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(why),
                    "could not start a thread: %s", g_strerror(why));
        workers_free(workers);
        return NULL;
    }
    return workers;
}

void workers_add(struct workers *workers, void *job, int64_t number)
{
    struct job added = {job, number};
    pthread_mutex_lock(&workers->lock);
    g_array_append_val(workers->queue, added);
    bool wake = workers->resting && !must_wait(workers, number);
    pthread_mutex_unlock(&workers->lock);
    if (wake) /* after the lock is free: who wakes up would only wait for it */
        pthread_cond_signal(&workers->more);
}

void workers_load(struct workers *workers, size_t *waiting, size_t *running)
{
    pthread_mutex_lock(&workers->lock);
    *waiting = workers->queue->len - workers->first;
    *running = workers->running;
    pthread_mutex_unlock(&workers->lock);
}

bool workers_drain(struct workers *workers, int wait_ms)
{
    struct timespec until;
    bool idle;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (wait_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&workers->lock);
    while (!(idle = workers->running == 0 && workers->queue->len == workers->first))
        if (pthread_cond_timedwait(&workers->idle, &workers->lock, &until) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&workers->lock);
    return idle;
}

void workers_free(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->ends = true;
    pthread_cond_broadcast(&workers->more);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i].id, NULL);
    pthread_cond_destroy(&workers->more);
    pthread_cond_destroy(&workers->idle);
    pthread_mutex_destroy(&workers->lock);
    g_array_unref(workers->queue);
    g_free(workers->threads);
    g_free(workers);
}
