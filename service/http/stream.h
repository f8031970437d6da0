/* stream.h - answers that come bit by bit (server-sent events), without a thread that waits for them: a connection with nothing to
 * send is suspended, and woken when there may be something new, and once a second. Each ends after STREAM_MS at the latest; whoever
 * listens asks again. Beside server.c and conversation.c this knows the HTTP library. */
#pragma once
#include "service/http/exchange.h"
#include "service/http/watch.h"
#include <microhttpd.h>

enum { STREAM_MS = 30000, STREAMS_MOST = 64 };

struct streams;

struct streams *streams_new(void);
/* None may be left: the library has stopped. */
void streams_free(struct streams *streams);
/* The answer's body; takes what `source` holds. NULL: there are STREAMS_MOST already, or no memory; then it is still the caller's. */
struct MHD_Response *stream_begin(struct streams *streams, struct MHD_Connection *connection,
                                  struct watched *watched, struct answer_stream *source);
/* There may be something new. From any thread. */
void streams_wake(struct streams *streams);
/* All of them end now, and no other begins. */
void streams_end(struct streams *streams);
