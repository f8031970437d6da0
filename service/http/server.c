#include "service/http/server.h"
#include "service/http/conversation.h"
#include "service/http/listen.h"
#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <unistd.h>

enum {
    READERS_MOST = 4,
    WORKERS = 8,
    CONNECTIONS = 4096,
    CONNECTION_MEMORY = 32768, /* head and buffers of one request */
    TICK_MS = 1000,
    ANSWERS_WAIT_MS = 1000,
};

static struct MHD_Daemon *start(struct server *server, const struct server_options *options,
                                int fd)
{
    int readers =
        options->readers ? options->readers : MIN((int)g_get_num_processors(), READERS_MOST);
    unsigned most = (unsigned)(options->connections ? options->connections : CONNECTIONS);
    unsigned silent_s =
        (unsigned)MAX(server->watch ? options->limits.waiting_ms / 1000 : 0, 30);
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
                            NULL, conversation_request, server, //
                            MHD_OPTION_LISTEN_SOCKET, fd,       //
                            MHD_OPTION_THREAD_POOL_SIZE,
                            (unsigned)(readers > 1 ? readers : 0),                         //
                            MHD_OPTION_CONNECTION_TIMEOUT, silent_s,                       //
                            MHD_OPTION_CONNECTION_LIMIT, most,                             //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                               //
                            MHD_OPTION_URI_LOG_CALLBACK, conversation_target, server,      //
                            MHD_OPTION_NOTIFY_CONNECTION, conversation_connection, server, //
                            MHD_OPTION_NOTIFY_COMPLETED, conversation_end, server,
                            MHD_OPTION_END);
}

static bool start_threads(struct server *server, const struct server_options *options,
                          GError **error)
{
    const struct watch_limits usual = {30000, 10000, 20000, 30000, 16384};
    server->streams = streams_new();
    server->watch = watch_new(options->limits.waiting_ms ? &options->limits : &usual);
    server->workers = workers_new(options->workers ? options->workers : WORKERS,
                                  conversation_work, server, error);
    return server->workers != NULL;
}

struct server *server_open(const struct server_options *options,
                           const struct server_hooks *hooks, GError **error)
{
    g_autoptr(server_t) server = g_new0(struct server, 1);
    server->hooks = *hooks;
    conversation_begin();
    server->stop_fd = listen_catch_signals(&server->again_fd, error);
    if (server->stop_fd < 0)
        return NULL;
    listen_raise_limit(options->connections ? options->connections : CONNECTIONS);
    int fd = listen_somewhere(options->port, &server->port, error);
    if (fd < 0)
        return NULL;
    if (start_threads(server, options, error) && (server->daemon = start(server, options, fd)))
        return g_steal_pointer(&server);
    close(fd);
    if (!error || !*error)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "could not start the HTTP server on 127.0.0.1:%d", server->port);
    return NULL;
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_stop(void)
{
    listen_stop();
}

void server_wake(struct server *server)
{
    streams_wake(server->streams);
}

void server_load(const struct server *server, struct server_load *out)
{
    workers_load(server->workers, &out->waiting, &out->running);
    out->connections = watch_count(server->watch);
}

/* Takes what a signal wrote. */
static void take_up(int fd)
{
    uint64_t times;
    ssize_t got = read(fd, &times, sizeof times);
    (void)got;
}

bool server_run(struct server *server, GError **error)
{
    struct pollfd fds[] = {{.fd = server->stop_fd, .events = POLLIN},
                           {.fd = server->again_fd, .events = POLLIN}};
    for (;;) {
        int ready = poll(fds, G_N_ELEMENTS(fds), TICK_MS);
        if (ready < 0 && errno != EINTR) {
            g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                        "could not wait for requests: %s", g_strerror(errno));
            return false;
        }
        if (ready > 0 && fds[0].revents)
            return true;
        if (ready > 0 && fds[1].revents) {
            take_up(server->again_fd);
            if (server->hooks.reload)
                server->hooks.reload(server->hooks.run_user);
        }
        watch_sweep(server->watch);
        streams_wake(server->streams);
        if (server->hooks.tick)
            server->hooks.tick(server->hooks.run_user);
    }
}

bool server_drain(struct server *server)
{
    int fd = MHD_quiesce_daemon(server->daemon);
    if (fd >= 0)
        close(fd);
    streams_end(server->streams);
    if (!workers_drain(server->workers, SERVER_DRAIN_MS))
        return false;
    for (int i = 0; i < ANSWERS_WAIT_MS / 10 && watch_busy(server->watch) > 0; i++)
        g_usleep(10000); /* answers that are on their way */
    return true;
}

void server_close(struct server *server)
{
    if (!server || (server->daemon && !server_drain(server)))
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    workers_free(server->workers);
    watch_free(server->watch);
    streams_free(server->streams);
    listen_leave_signals();
    g_free(server);
}
