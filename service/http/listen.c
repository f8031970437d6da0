#include "service/http/listen.h"
#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BACKLOG = 1024, FILES = 256 };

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

int listen_somewhere(int port, int *bound, GError **error)
{
    int fd = listen_on(port, bound);
    if (fd < 0 && (errno == EADDRINUSE || errno == EACCES))
        fd = listen_on(0, bound);
    if (fd < 0)
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "could not listen on 127.0.0.1:%d: %s", port, g_strerror(errno));
    return fd;
}

/* ---- Signals: what a handler can reach */

static int stop_fd = -1, again_fd = -1;
static const int caught[] = {SIGTERM, SIGINT, SIGHUP};
static struct sigaction old[G_N_ELEMENTS(caught)];

static void write_one(int fd)
{
    const uint64_t one = 1;
    int why = errno;
    ssize_t wrote = write(fd, &one, sizeof one);
    (void)wrote;
    errno = why;
}

void listen_stop(void)
{
    write_one(stop_fd);
}

static void on_signal(int number)
{
    write_one(number == SIGHUP ? again_fd : stop_fd);
}

int listen_catch_signals(int *again, GError **error)
{
    struct sigaction action = {.sa_handler = on_signal};
    stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    again_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop_fd < 0 || again_fd < 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "could not make an eventfd: %s", g_strerror(errno));
        listen_leave_signals();
        return -1;
    }
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < G_N_ELEMENTS(caught); i++)
        sigaction(caught[i], &action, &old[i]);
    *again = again_fd;
    return stop_fd;
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void listen_leave_signals(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(caught) && stop_fd >= 0 && again_fd >= 0; i++)
        sigaction(caught[i], &old[i], NULL);
    shut(&stop_fd);
    shut(&again_fd);
}

void listen_raise_limit(int connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = MIN(wanted, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
