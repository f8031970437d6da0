#include "service/http/server.h"
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says what it was asked, so that a test sees what arrived. */
static void echo(struct request *const *requests, struct answer *const *answers, size_t count,
                 void *user)
{
    (void)user;
    for (size_t i = 0; i < count; i++) {
        const struct request *request = requests[i];
        const char *arg = request_arg(request, "q");
        answers[i]->status = 200;
        answers[i]->type = "text/plain";
        answers[i]->body = g_string_new(NULL);
        g_string_printf(answers[i]->body, "[%s %s q=%s body=%s]", request->method,
                        request->path, arg ? arg : "-",
                        request->body ? request->body->str : "-");
        if (g_str_equal(request->path, "/slow"))
            g_usleep(1500000);
    }
}

/* A body is taken by POST, at most 100 bytes; /no is answered at once. */
static bool head(struct request *request, struct answer *answer, void *user)
{
    (void)user;
    request->body_taken = g_str_equal(request->method, "POST");
    request->body_most = 100;
    if (g_str_equal(request->path, "/no"))
        answer_problem(answer, 401, "unauthorized", "Unauthorized", "no");
    return answer->body != NULL;
}

static const struct server_hooks hooks = {.head = head, .handle = echo};
static const struct server_options options = {
    .readers = 2, .workers = 3, .limits = {1500, 1000, 1000, 3000, 1 << 20}};

static pid_t child;
static int port;

static void start(void)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        struct server *server = server_open(&options, &hooks, NULL);
        int bound = server ? server_port(server) : 0;
        bool told = write(ends[1], &bound, sizeof bound) == sizeof bound;
        bool ended = told && server && server_run(server, NULL);
        server_close(server);
        _exit(ended ? 0 : 1);
    }
    cr_assert_eq(read(ends[0], &port, sizeof port), (ssize_t)sizeof port);
    cr_assert_gt(port, 0);
    close(ends[0]);
    close(ends[1]);
}

static void stop(void)
{
    int status = -1;
    if (child <= 0)
        return;
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    child = 0;
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "SIGTERM ends it cleanly: %x",
              (unsigned)status);
}

TestSuite(http_server, .init = start, .fini = stop, .timeout = 60);

static int connect_to(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends bytes, and reads until the other side closes. */
static char *say(const char *bytes)
{
    GString *heard = g_string_new(NULL);
    char buffer[4096];
    int fd = connect_to();
    ssize_t count = write(fd, bytes, strlen(bytes));
    cr_assert_eq(count, (ssize_t)strlen(bytes));
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        g_string_append_len(heard, buffer, count);
    close(fd);
    return g_string_free(heard, FALSE);
}

Test(http_server, what_the_guard_refuses_never_reaches_the_handler)
{
    static const struct {
        const char *name, *head, *status;
    } rows[] = {
        {"plain",
         "GET /a?q=%E9%9E%8B+x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
         "200"},
        {"no body",
         "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
         "200"},
        {"two lengths",
         "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: "
         "4\r\n\r\nabcd",
         "400"},
        {"two lengths turned",
         "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: "
         "0\r\n\r\nabcd",
         "400"},
        {"two lengths to post",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: "
         "5\r\n\r\nabcd",
         "400"},
        {"a body", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd", "400"},
        {"a body to post",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nConnection: "
         "close\r\n\r\nabcd",
         "200"},
        {"the same length twice",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: "
         "4\r\n\r\nabcd",
         "400"},
        {"chunks",
         "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
         "chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
         "411"},
        {"chunks and a length",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n",
         "400"},
        {"a bare LF in front", "GET / HTTP/1.1\nHost: localhost\r\n\r\n", "400"},
        {"a bare LF between", "GET / HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", "400"},
        {"a bare LF at the end", "GET / HTTP/1.1\r\nHost: localhost\r\n\n", "400"},
        {"bare LF alone", "GET / HTTP/1.1\nHost: localhost\n\n", "400"},
        {"a bare CR", "GET / HTTP/1.1\r\nHost: localhost\rX-A: 1\r\n\r\n", "400"},
        {"a folded line", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n 2\r\n\r\n", "400"},
        {"blanks behind a value",
         "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1  \r\nConnection: close\r\n\r\n", "200"},
        {"a value that is empty",
         "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A:\r\n\r\n", "200"},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
        {"a body that is too large",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\n", "413"},
        {"what is answered before its body",
         "POST /no HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n", "401"},
        {"no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400"},
        {"an old client", "GET / HTTP/1.0\r\n\r\n", "400"},
        {"another name", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"},
        {"two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400"},
        {"a zero byte", "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
        {"not UTF-8", "GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
        {"for a proxy", "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *heard = say(rows[i].head);
        g_autofree char *wanted = g_strdup_printf("HTTP/1.1 %s", rows[i].status);
        cr_expect(g_str_has_prefix(heard, wanted) ||
                      strstr(heard, rows[i].status) == heard + strlen("HTTP/1.0 "),
                  "%s: %.40s", rows[i].name, heard);
        cr_expect_eq(strstr(heard, "[GET") || strstr(heard, "[POST"),
                     g_str_equal(rows[i].status, "200"), "%s", rows[i].name);
        cr_expect_not(strstr(heard, "hidden"), "%s", rows[i].name);
    }
}

Test(http_server, a_handler_gets_the_decoded_path_and_arguments)
{
    g_autofree char *heard = say("GET /%E9%9E%8B/%3Cb%3E?q=%E4%B8%AD%26+x&q=2 "
                                 "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    cr_expect(strstr(heard, "[GET /鞋/<b> q=中& x body=-]"), "%s", heard);
}

Test(http_server, an_overlong_target_is_refused)
{
    static const int lengths[] = {5000, 100000};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *path = g_strnfill((gsize)lengths[i], 'a');
        g_autofree char *head =
            g_strdup_printf("GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
        g_autofree char *heard = say(head);
        cr_expect(!*heard || strncmp(heard + strlen("HTTP/1.1 "), "414", 3) == 0, "%d: %.40s",
                  lengths[i], heard);
        cr_expect_not(strstr(heard, "[GET"));
    }
}

Test(http_server, every_answer_forbids_scripts_frames_and_guessing)
{
    static const char *const wanted[] = {
        "Content-Security-Policy: default-src 'none'; style-src 'self'",
        "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        "Cache-Control: no-store",
    };
    static const char *const hosts[] = {"localhost", "evil.example"};
    for (size_t h = 0; h < G_N_ELEMENTS(hosts); h++) {
        g_autofree char *head = g_strdup_printf(
            "HEAD / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", hosts[h]);
        g_autofree char *heard = say(head);
        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
            cr_expect(strstr(heard, wanted[i]), "%s: %s", hosts[h], wanted[i]);
        cr_expect_not(strstr(heard, "[HEAD"), "HEAD has no body");
    }
}

Test(http_server, a_body_reaches_the_handler_whole_however_it_is_cut)
{
    int fd = connect_to();
    static const char *const pieces[] = {"POST /x HTTP/1.1\r\nHost: local",
                                         "host\r\nContent-Length: 7\r\nConnection: close\r\n\r",
                                         "\nab", "cde", "fg"};
    GString *heard = g_string_new(NULL);
    char buffer[4096];
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        cr_assert_eq(write(fd, pieces[i], strlen(pieces[i])), (ssize_t)strlen(pieces[i]));
        g_usleep(30000);
    }
    for (ssize_t count; (count = read(fd, buffer, sizeof buffer)) > 0;)
        g_string_append_len(heard, buffer, count);
    close(fd);
    cr_expect(strstr(heard->str, "[POST /x q=- body=abcdefg]"), "%s", heard->str);
    g_string_free(heard, TRUE);
}

/* Sends a byte every 100 ms until the other side closes; the milliseconds that it took. */
static int trickle(const char *start, char byte)
{
    int fd = connect_to();
    char buffer[512];
    gint64 begun = g_get_monotonic_time();
    cr_assert_eq(write(fd, start, strlen(start)), (ssize_t)strlen(start));
    for (int i = 0; i < 80; i++) {
        g_usleep(100000);
        if (send(fd, &byte, 1, MSG_NOSIGNAL) < 0 ||
            recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) == 0)
            break;
    }
    close(fd);
    return (int)((g_get_monotonic_time() - begun) / 1000);
}

Test(http_server, who_sends_a_byte_now_and_then_is_cut_off)
{
    static const struct {
        const char *name, *start;
        char byte;
    } rows[] = {
        {"a first line without end", "GET /", 'a'},
        {"a head without end", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", 'a'},
        {"a body without end",
         "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n", 'a'},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int took_ms = trickle(rows[i].start, rows[i].byte);
        cr_expect(took_ms < 4500, "%s: after %d ms still there", rows[i].name, took_ms);
        cr_expect(took_ms >= 900, "%s: cut off after %d ms", rows[i].name, took_ms);
    }
}

Test(http_server, who_waits_for_us_is_not_cut_off)
{
    g_autofree char *heard =
        say("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    cr_expect(strstr(heard, "[GET /slow"), "%s", heard);
}

Test(http_server, many_questions_share_a_connection_and_a_silent_one_hinders_nobody)
{
    int silent = connect_to();
    g_autofree char *heard = say(
        "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        "GET /3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    cr_expect(strstr(heard, "[GET /1") && strstr(heard, "[GET /2") && strstr(heard, "[GET /3"),
              "%s", heard);
    close(silent);
}

Test(http_server, a_port_that_is_taken_is_replaced_by_a_free_one)
{
    g_autoptr(server_t) second =
        server_open(&(struct server_options){.port = port}, &hooks, NULL);
    cr_assert(second);
    cr_expect_neq(server_port(second), port);
    cr_expect_gt(server_port(second), 0);
}
