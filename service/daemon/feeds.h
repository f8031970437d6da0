/* feeds.h - the feeds as a step of the program that is always there. */
#pragma once
#include "service/daemon/daemon.h"

/* Looks once at every feed that is due, with a connection of the pool; *stop ends it early. What came of it goes into the log. */
bool daemon_feed_step(struct daemon *daemon, const _Atomic bool *stop, GError **error);

/* Calls it every few seconds in a thread of its own, until feeds_stop(); that waits for what can be given up soon (a fetch, a chunk
 * of rows). */
struct feeds_thread;
struct feeds_thread *feeds_start(struct daemon *daemon);
void feeds_stop(struct feeds_thread *thread);
