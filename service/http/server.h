/* server.h - listens on 127.0.0.1 and hands requests on; server.c, conversation.c and stream.c alone know the HTTP
 * library (libmicrohttpd).
 *
 *   a few threads read and write, by epoll ──head──> what guard.h refuses is answered here; else `head` looks at it
 *                                          <─answer─┐
 *                                          ──body──> memory, or a file
 *   workers (workers.h) ───────────────────handle──┘  while they work, the connection waits and holds up no other
 *
 * `head` and `done` are called by the reading threads and must not wait for anything. Slow senders and readers are cut off by
 * watch.h. Every answer carries the headers that keep a page from running scripts, being framed, or telling others where it
 * was, and the request's id. */
#pragma once
#include "service/http/exchange.h"
#include "service/http/watch.h"

typedef struct server server_t;

struct server_hooks {
    /* The head is there. True: `answer` is filled, and that is all. Else body_taken and what follows it in the request say
     * how its body is read. NULL: no body is taken. */
    bool (*head)(struct request *request, struct answer *answer, void *user);
    /* The whole request is there (or several of one number); fills the answers. By a worker. */
    void (*handle)(struct request *const *requests, struct answer *const *answers, size_t count,
                   void *user);
    /* It was answered (or, with a status of 0, went away), after so long: for logs, counts, and request->call. NULL: nothing */
    void (*done)(struct request *request, const struct answer *answer, int64_t took_us,
                 void *user);
    /* Once a second, by the thread that called server_run(). NULL: nothing */
    void (*tick)(void *user);
    /* SIGHUP came; by the same thread. NULL: nothing */
    void (*reload)(void *user);
    void *user;     /* of head, handle and done */
    void *run_user; /* of tick and reload */
};

struct server_options {
    int port;    /* a free one where it is taken or 0 */
    int readers; /* threads that read and write; 0: as many as there are processors, at most 4 */
    int workers;     /* threads that work; 0: 8 */
    int connections; /* at one time; 0: 4096 */
    struct watch_limits
        limits; /* waiting_ms 0: 30 s for a request, 10 s for its head, 20 s and 16 KB/s for the rest */
};

/* Listens, and catches SIGTERM, SIGINT and SIGHUP until it is closed. One at a time in a process. G_IO_ERROR. The caller owns the
 * answer; hooks are copied. */
struct server *server_open(const struct server_options *options,
                           const struct server_hooks *hooks, GError **error);
/* The port that it is. */
int server_port(const struct server *server);
/* Answers until SIGTERM or SIGINT, or until server_stop(). */
bool server_run(struct server *server, GError **error);
/* From a signal handler or another thread: server_run() ends. */
void server_stop(void);
/* An answer that comes bit by bit may have something new. From any thread. */
void server_wake(struct server *server);
/* Takes no more requests, waits for those that are being worked on, and ends every connection. False: some did not end within
 * SERVER_DRAIN_MS; then the process can only exit, for threads still use what they were given. */
enum { SERVER_DRAIN_MS = 8000 };
bool server_drain(struct server *server);
void server_close(struct server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(server_t, server_close)

struct server_load {
    int connections;
    size_t waiting, running; /* requests */
};
void server_load(const struct server *server, struct server_load *out);
