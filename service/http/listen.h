/* listen.h - the socket that is listened on, and the signals that end it. One at a time in a process. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Listens on 127.0.0.1, on the port or on a free one where it is taken; the socket, or -1 and G_IO_ERROR. */
int listen_somewhere(int port, int *bound, GError **error);

/* From now on SIGTERM and SIGINT make the answered descriptor readable, SIGHUP the other one. -1 and G_IO_ERROR. */
int listen_catch_signals(int *again, GError **error);
/* Does what the signals do. From a signal handler or another thread. */
void listen_stop(void);
/* Gives the signals back what they did before. */
void listen_leave_signals(void);

/* Lets the process have as many sockets as connections, and some files, as far as it may. */
void listen_raise_limit(int connections);
