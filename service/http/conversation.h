/* conversation.h - one request from its first line to its answer, as the HTTP library (libmicrohttpd) tells of it. Beside server.c
 * the only file that knows that library; nobody but the two includes this. */
#pragma once
#include "service/http/server.h"
#include "service/http/stream.h"
#include "service/http/workers.h"
#include <microhttpd.h>

struct server {
    struct MHD_Daemon *daemon;
    struct server_hooks hooks;
    struct workers *workers;
    struct watch *watch;
    struct streams *streams;
    int port, stop_fd, again_fd;
};

/* A request's first line is there; what it answers is the request's state from then on. */
void *conversation_target(void *user, const char *target, struct MHD_Connection *connection);
/* Called with the head, with each piece of the body, when that is over, and when a worker is done. */
enum MHD_Result conversation_request(void *user, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *upload, size_t *upload_len, void **state);
/* The request was answered, or its client went away. */
void conversation_end(void *user, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why);
/* A connection was opened or closed. */
void conversation_connection(void *user, struct MHD_Connection *connection, void **context,
                             enum MHD_ConnectionNotificationCode what);
/* Done by a worker: whole requests (workers.h). */
void conversation_work(void *const *jobs, size_t count, int worker, void *user);
/* Names of requests begin here, unlike those of earlier runs. */
void conversation_begin(void);
