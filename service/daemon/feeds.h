/* feeds.h - the feeds, looked at by the program that is always there. Every daemon looks by itself and none leads, for a watched folder lies
 * on one machine; a feed is held by a lock while it is looked at. */
#pragma once
#include "service/daemon/daemon.h"

/* Looks once at every feed that is due; `stop` (true: end soon) may be NULL. What came of each is added to `news`, a JSON object a line;
 * that nothing was new is no news. */
bool daemon_feed_step(const struct app *app, struct db *db, bool (*stop)(void *user),
                      void *user, GString *news, GError **error);

/* Calls it every few seconds in a thread of its own, with a connection of the pool, until feeds_stop(); that waits for what can be
 * given up soon (a fetch, a chunk of rows). */
struct feeds_thread;
struct feeds_thread *feeds_start(struct daemon *daemon);
void feeds_stop(struct feeds_thread *own);
