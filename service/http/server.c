#include "service/http/server.h"
#include "service/http/guard.h"
#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    IDLE_MOST_S = 15,            /* a connection that says nothing for so long is closed */
    CONNECTIONS_MOST = 64,       /* at one time */
    CONNECTION_MEMORY = 1 << 15, /* head and buffers of one request */
    BACKLOG = 64,
};

struct server {
    struct MHD_Daemon *daemon;
    server_handler handler;
    void *user;
    int port;
    struct sigaction old_term, old_int; /* what they did before */
};

/* One request, from its first line on. */
struct exchange {
    char *target;
    bool begun;
};

/* ---- Answers */

static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
     "form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static void add_headers(struct MHD_Response *response, const struct answer *answer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control",
                            answer->may_keep ? "max-age=300" : "no-store");
    if (answer->allow)
        MHD_add_response_header(response, "Allow", answer->allow);
    if (answer->closes)
        MHD_add_response_header(response, "Connection", "close");
    if (answer->retry_after_s > 0) {
        g_autofree char *seconds = g_strdup_printf("%d", answer->retry_after_s);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
}

static enum MHD_Result send_answer(struct MHD_Connection *connection,
                                   const struct answer *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body->len, answer->body->str, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add_headers(response, answer);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- Requests */

static enum MHD_Result add_value(void *values, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    const char *wanted = g_ptr_array_index((GPtrArray *)values, 0);
    (void)kind;
    if (g_ascii_strcasecmp(name, wanted) == 0)
        g_ptr_array_add(values, (gpointer)(uintptr_t)(value ? value : ""));
    return MHD_YES;
}

/* Every header of this name; the first element is the name itself. */
static GPtrArray *values_of(struct MHD_Connection *connection, const char *name)
{
    GPtrArray *values = g_ptr_array_new();
    g_ptr_array_add(values, (gpointer)(uintptr_t)name);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_value, values);
    g_ptr_array_add(values, NULL);
    return values;
}

static const struct guard_refusal *refusal_of(struct MHD_Connection *connection,
                                              const char *target)
{
    g_autoptr(GPtrArray) hosts = values_of(connection, "Host");
    g_autoptr(GPtrArray) lengths = values_of(connection, "Content-Length");
    const struct guard_head head = {
        .target = target,
        .hosts = (const char *const *)hosts->pdata + 1,
        .lengths = (const char *const *)lengths->pdata + 1,
        .has_transfer_encoding = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                             "Transfer-Encoding") != NULL,
    };
    return guard_check(&head);
}

static enum MHD_Result refuse(struct MHD_Connection *connection,
                              const struct guard_refusal *refusal)
{
    struct answer answer = {.closes = true};
    answer_problem(&answer, refusal->status, refusal->kind, refusal->title, refusal->detail);
    enum MHD_Result sent = send_answer(connection, &answer);
    answer_clear(&answer);
    return sent;
}

static enum MHD_Result add_arg(void *args, enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    (void)kind;
    if (!g_hash_table_contains(args, name)) /* of two, the first */
        g_hash_table_insert(args, g_strdup(name), g_strdup(value ? value : ""));
    return MHD_YES;
}

static enum MHD_Result ask_handler(struct server *server, struct MHD_Connection *connection,
                                   const struct request *head, bool closes)
{
    g_autoptr(GHashTable) args = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct request request = *head;
    struct answer answer = {.closes = closes};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_arg, args);
    request.args = args;
    request.accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept");
    server->handler(&request, &answer, server->user);
    enum MHD_Result sent = answer.body ? send_answer(connection, &answer) : MHD_NO;
    answer_clear(&answer);
    return sent;
}

/* The library calls this once with the head, then again when the (empty) body is over. An answer to the first call ends
 * the connection: that is for what is refused. */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *upload, size_t *upload_len, void **state)
{
    struct exchange *exchange = *state;
    const struct request request = {.method = method, .target = exchange->target, .path = path};
    bool reads = g_str_equal(method, "GET") || g_str_equal(method, "HEAD");
    (void)version, (void)upload;
    if (!exchange->begun) {
        exchange->begun = true;
        const struct guard_refusal *refusal = refusal_of(connection, exchange->target);
        if (refusal)
            return refuse(connection, refusal);
        return reads ? MHD_YES : ask_handler(user, connection, &request, true);
    }
    if (*upload_len >
        0) { /* the guard lets no body pass; should one come all the same, it is dropped */
        *upload_len = 0;
        return MHD_YES;
    }
    return ask_handler(user, connection, &request, false);
}

static void *on_target(void *user, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = g_new0(struct exchange, 1);
    (void)user, (void)connection;
    exchange->target = g_strdup(target);
    return exchange;
}

static void on_end(void *user, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;
    (void)user, (void)connection, (void)why;
    if (exchange)
        g_free(exchange->target);
    g_clear_pointer(&exchange, g_free);
    *state = NULL;
}

/* ---- The socket */

static int listen_on(int port, int *bound)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, BACKLOG) == 0 && getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        *bound = ntohs(address.sin_port);
        return fd;
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return -1;
}

static struct MHD_Daemon *start(struct server *server, int fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, server,              //
                            MHD_OPTION_LISTEN_SOCKET, fd,                                  //
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_MOST_S,          //
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,       //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                               //
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,                  //
                            MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
}

/* ---- Signals */

static int stop_fd = -1; /* the only thing that a signal handler can reach */

void server_stop(void)
{
    const uint64_t one = 1;
    int why = errno;
    ssize_t wrote = write(stop_fd, &one, sizeof one);
    (void)wrote;
    errno = why;
}

static void on_signal(int number)
{
    (void)number;
    server_stop();
}

static bool catch_signals(struct server *server, GError **error)
{
    struct sigaction action = {.sa_handler = on_signal};
    stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop_fd < 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "could not make an eventfd: %s", g_strerror(errno));
        return false;
    }
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, &server->old_term);
    sigaction(SIGINT, &action, &server->old_int);
    return true;
}

static void leave_signals(struct server *server)
{
    if (stop_fd < 0)
        return;
    sigaction(SIGTERM, &server->old_term, NULL);
    sigaction(SIGINT, &server->old_int, NULL);
    close(stop_fd);
    stop_fd = -1;
}

/* ---- From start to end */

static int listen_somewhere(int port, int *bound, GError **error)
{
    int fd = listen_on(port, bound);
    if (fd < 0 && (errno == EADDRINUSE || errno == EACCES))
        fd = listen_on(0, bound);
    if (fd < 0)
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "could not listen on 127.0.0.1:%d: %s", port, g_strerror(errno));
    return fd;
}

struct server *server_open(int port, server_handler handler, void *user, GError **error)
{
    g_autoptr(server_t) server = g_new0(struct server, 1);
    server->handler = handler;
    server->user = user;
    if (!catch_signals(server, error))
        return NULL;
    int fd = listen_somewhere(port, &server->port, error);
    if (fd < 0)
        return NULL;
    server->daemon = start(server, fd);
    if (server->daemon)
        return g_steal_pointer(&server);
    close(fd);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "could not start the HTTP server on 127.0.0.1:%d", server->port);
    return NULL;
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon); /* closes the socket, too */
    leave_signals(server);
    g_free(server);
}

/* ---- The loop */

static int wait_ms(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG left;
    return MHD_get_timeout(daemon, &left) == MHD_YES ? (int)MIN(left, 60000) : -1;
}

static bool loop(struct MHD_Daemon *daemon, GError **error)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[] = {{.fd = info->epoll_fd, .events = POLLIN},
                           {.fd = stop_fd, .events = POLLIN}};
    for (;;) {
        if (poll(fds, G_N_ELEMENTS(fds), wait_ms(daemon)) < 0 && errno != EINTR) {
            g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                        "could not wait for requests: %s", g_strerror(errno));
            return false;
        }
        if (fds[1].revents)
            return true;
        if (MHD_run(daemon) != MHD_YES) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "the HTTP server stopped working");
            return false;
        }
    }
}

bool server_run(struct server *server, GError **error)
{
    return loop(server->daemon, error);
}
