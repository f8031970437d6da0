/* loading.h - how far loads have come, for whoever began them to watch. In memory alone: what a load did is in its report and its
 * batch. From any thread; nothing here waits. */
#pragma once
#include "service/http/exchange.h"

enum {
    LOADING_LOADS_MOST = 256, /* remembered; the oldest are forgotten */
    LOADING_WATCHERS_MOST = 4 /* of one who asks, at one time */
};

typedef struct loading loading_t;

struct loading *loading_new(void);
void loading_free(struct loading *loading);

/* `owner`: who loads; `name`: what they call it. Others can't see it. */
void loading_begin(struct loading *loading, const char *owner, const char *name);
void loading_tell(struct loading *loading, const char *owner, const char *name, int64_t rows,
                  int64_t lines, int64_t lines_total);
void loading_end(struct loading *loading, const char *owner, const char *name, bool done);

/* Events of one load: {state (waiting, loading, done, failed), rows, lines, lines_total}. False: the
 * owner watches too many already. `out` is owned by the caller. */
bool loading_watch(struct loading *loading, const char *owner, const char *name,
                   struct answer_stream *out);
