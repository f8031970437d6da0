/* workers.h - threads that take jobs from one queue, in the order in which they were given.
 *
 * Jobs of one number (other than 0) that wait at the same time are handed over together: where many ask the same question of
 * the database, it is asked once. At most two threads at a time do jobs of a number, and others of it gather meanwhile; a
 * job alone goes at once. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { WORKERS_BATCH_MOST = 128 };

typedef struct workers workers_t;

/* Does jobs; `count` is 1, or more where they have one number. `worker` counts from 0. */
typedef void (*workers_run)(void *const *jobs, size_t count, int worker, void *user);

/* Starts threads. NULL when they can't be had (G_IO_ERROR). The caller owns the answer. */
struct workers *workers_new(int threads, workers_run run, void *user, GError **error);
/* From any thread. `job` is borrowed until it was run. */
void workers_add(struct workers *workers, void *job, int64_t number);
/* Jobs that wait, and jobs that are being done. */
void workers_load(struct workers *workers, size_t *waiting, size_t *running);
/* Waits until nothing waits or runs, at most so long; false: something still does. */
bool workers_drain(struct workers *workers, int wait_ms);
/* Ends the threads when what waits is done. */
void workers_free(struct workers *workers);
