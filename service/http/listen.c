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

static int stop_fd = -1;
static struct sigaction old_term, old_int;

void listen_stop(void)
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
    listen_stop();
}

int listen_catch_signals(GError **error)
{
    struct sigaction action = {.sa_handler = on_signal};
    stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop_fd < 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "could not make an eventfd: %s", g_strerror(errno));
        return -1;
    }
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, &old_term);
    sigaction(SIGINT, &action, &old_int);
    return stop_fd;
}

void listen_leave_signals(void)
{
    if (stop_fd < 0)
        return;
    sigaction(SIGTERM, &old_term, NULL);
    sigaction(SIGINT, &old_int, NULL);
    close(stop_fd);
    stop_fd = -1;
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
