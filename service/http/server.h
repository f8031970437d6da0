/* server.h - listens on 127.0.0.1 and hands requests on; the only file that knows the HTTP library (libmicrohttpd).
 *
 * One thread does everything, in the order in which requests arrive: the handler may use one database connection. What
 * guard.h refuses never reaches the handler. Every answer carries the headers that keep a page from running scripts, being
 * framed, or telling others where it was. */
#pragma once
#include "service/http/exchange.h"

typedef struct server server_t;

/* Fills the answer; its body is taken. */
typedef void (*server_handler)(const struct request *request, struct answer *answer,
                               void *user);

/* Listens on the port, or on a free one where it is taken or 0, and catches SIGTERM and SIGINT until it is closed. One at a
 * time in a process. G_IO_ERROR. The caller owns the answer. */
struct server *server_open(int port, server_handler handler, void *user, GError **error);
/* The port that it is. */
int server_port(const struct server *server);
/* Answers until SIGTERM or SIGINT, or until server_stop(). */
bool server_run(struct server *server, GError **error);
/* From a signal handler or another thread: server_run() ends. */
void server_stop(void);
/* Ends every connection. */
void server_close(struct server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(server_t, server_close)
