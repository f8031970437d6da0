/* watch.h - connections that take too long, and how long each step may take.
 *
 * The HTTP library only ends a connection that is silent; one that sends a byte now and then would hold its place for ever. Here
 * each step has an end of its own, whatever trickles in: waiting for a request, its head, its body (longer the more of it
 * there is), reading the answer. Who waits for us is never cut. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum watch_step { WATCH_WAITING, WATCH_HEAD, WATCH_BODY, WATCH_OURS, WATCH_ANSWER };

struct watch_limits {
    int waiting_ms, head_ms, body_ms, answer_ms;
    int64_t least_bytes_a_s; /* body and answer get a second more for every so many bytes */
};

typedef struct watch watch_t;
struct watched; /* one connection */

struct watch *watch_new(const struct watch_limits *limits);
void watch_free(struct watch *watch);
/* From the thread that has the connection. `fd` stays the library's. */
struct watched *watch_add(struct watch *watch, int fd);
void watch_remove(struct watch *watch, struct watched *one);
/* A step begins, or goes on with so many bytes done. */
void watch_step(struct watched *one, enum watch_step step, int64_t bytes);
/* Shuts every socket whose step has taken too long; how many. From any thread, every second or so. */
int watch_sweep(struct watch *watch);
/* How many there are. */
int watch_count(struct watch *watch);
/* How many of them are in the middle of a request. */
int watch_busy(struct watch *watch);
