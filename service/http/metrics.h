/* metrics.h - counts of requests and how long they took, by route, in the text format of Prometheus. From any thread.
 *
 * Latencies are histograms with fixed bounds; requests are counted by route and class of status ("2xx"; "gone": the client went
 * away before it was answered). */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

typedef struct metrics metrics_t;

/* `routes` are names, count of them; literals. */
struct metrics *metrics_new(const char *const *routes, size_t count);
void metrics_free(struct metrics *metrics);
void metrics_count(struct metrics *metrics, size_t route, int status, int64_t took_us,
                   int64_t bytes_in, int64_t bytes_out);
/* Writes them all. */
void metrics_write(struct metrics *metrics, GString *out);
/* Writes samples [{name, labels, value}] that somebody else has counted; those of one name follow each other. */
void metrics_write_samples(const json_t *samples, GString *out);
