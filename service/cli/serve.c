#include "service/cli/commands.h"
#include "service/daemon/daemon.h"
#include "service/daemon/feeds.h"
#include "service/http/server.h"
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "patbridge serve [--port N] [--port-file FILE] [--workers N] [--readers N]\n\n"
    "Serves the interface (docs/api.md) and the pages on http://127.0.0.1:8080, to this "
    "machine "
    "alone. The interface asks\n"
    "for a key (`patbridge key add`); the pages show every agency's records. SIGTERM or Ctrl-C "
    "ends it. It also looks\n"
    "at the feeds (`patbridge feed`) whose time has come.\n"
    "  --port N          (or the setting `port`) another port; when it is taken, or 0, a free "
    "one\n"
    "  --port-file FILE  the address is written there, too; the file goes away at the end\n"
    "  --workers N       threads that work, each with a connection to the database (8)\n"
    "  --readers N       threads that read and write (as many as processors, at most 4)\n"
    "  --routes          prints the table of routes as JSON, and serves nothing";

enum { PORT = 8080, THREADS_MOST = 256 };

struct options {
    char *port_file;
    int port, workers, readers;
};

static bool read_port(struct app *app, const char *given, int *port, GError **error)
{
    g_autofree char *set = app_setting(app, "port");
    const char *text = given ? given : set;
    guint64 number = PORT;
    if (text && !g_ascii_string_to_unsigned(text, 10, 0, 65535, &number, NULL))
        return app_wrong_use(error, "port '%s' is none; expected 0 to 65535", text);
    *port = (int)number;
    return true;
}

static void tell_address(const struct app *app, const char *address, int wanted, int port)
{
    if (wanted && port != wanted)
        g_printerr(app->chinese ? "端口 %d 已被占用，改用空闲端口 %d。\n"
                                : "port %d is taken: using the free port %d\n",
                   wanted, port);
    if (app->json)
        app_print_json(json_pack("{s:s, s:i}", "url", address, "port", port));
    else
        puts(address);
    fflush(stdout);
}

static bool serve(struct app *app, struct daemon *daemon, const struct options *options,
                  GError **error)
{
    int port = server_port(daemon->server);
    g_autofree char *address = g_strdup_printf("http://127.0.0.1:%d", port);
    g_autofree char *line = g_strconcat(address, "\n", NULL);
    if (options->port_file && !g_file_set_contents(options->port_file, line, -1, error))
        return false;
    tell_address(app, address, options->port, port);
    struct feeds_thread *feeds = feeds_start(daemon);
    bool ended = server_run(daemon->server, error);
    feeds_stop(feeds);
    if (options->port_file)
        unlink(options->port_file);
    return ended;
}

static int run(struct app *app, const struct options *options, GError **error)
{
    const struct server_options wanted = {
        .port = options->port, .workers = options->workers, .readers = options->readers};
    g_autoptr(daemon_t) daemon = app_db(app, error) ? daemon_new(app, error) : NULL;
    if (!daemon)
        return APP_FAILED;
    const struct server_hooks hooks = api_hooks(daemon->api);
    daemon->server = server_open(&wanted, &hooks, error);
    bool done = daemon->server && serve(app, daemon, options, error);
    if (done && !server_drain(daemon->server))
        _exit(
            APP_DONE); /* a load that takes longer: what it committed stays, it goes on when asked again */
    server_close(g_steal_pointer(&daemon->server));
    return done ? APP_DONE : APP_FAILED;
}

static int print_routes(void)
{
    app_print_json(daemon_describe());
    return APP_DONE;
}

int command_serve(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *given = NULL, *port_file = NULL;
    struct options options = {.port = PORT};
    gboolean routes = FALSE;
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_STRING, &given, NULL, NULL},
        {"port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, NULL, NULL},
        {"workers", 0, 0, G_OPTION_ARG_INT, &options.workers, NULL, NULL},
        {"readers", 0, 0, G_OPTION_ARG_INT, &options.readers, NULL, NULL},
        {"routes", 0, 0, G_OPTION_ARG_NONE, &routes, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    options.port_file = port_file;
    if (argc > 1)
        app_wrong_use(error, "serve takes no operand '%s'\n%s", argv[1], usage);
    else if (routes)
        return print_routes();
    else if (options.workers < 0 || options.readers < 0 || options.workers > THREADS_MOST ||
             options.readers > THREADS_MOST)
        app_wrong_use(error, "--workers and --readers are at most %d", THREADS_MOST);
    else if (read_port(app, given, &options.port, error))
        return run(app, &options, error);
    return APP_FAILED;
}
