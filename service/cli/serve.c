#include "service/cli/commands.h"
#include "service/daemon/daemon.h"
#include "service/daemon/feeds.h"
#include "service/daemon/supervisor.h"
#include "service/http/journal.h"
#include "service/http/server.h"
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "patbridge serve [--port N] [--port-file FILE] [--steps NAMES] [--workers N] [--readers "
    "N]\n\n"
    "Serves the interface (docs/api.md) and the pages on http://127.0.0.1:8080, to this "
    "machine "
    "alone. The interface asks\n"
    "for a key (`patbridge key add`) or a session, which the desks begin at /sign-in; the "
    "page\n"
    "at / needs none and shows every agency's records. Beside it the steps are done by "
    "schedule\n"
    "and when something new is committed: match, push, expire, statistics. Of several daemons "
    "on one database one does each.\n"
    "It also looks at the feeds (`patbridge feed`) whose time has come, unless --steps is "
    "none.\n"
    "SIGTERM or Ctrl-C ends it, SIGHUP makes it read the configuration again.\n"
    "  --port N          (or the setting `port`) another port; when it is taken, or 0, a free "
    "one\n"
    "  --port-file FILE  the address is written there, too; the file goes away at the end\n"
    "  --steps NAMES     which: all (also the setting `steps`), none, or names with commas "
    "between\n"
    "  --partition I/N   holds the I-th of N ranges of patents (from 1), for the step match; "
    "all N must run, and find the same\n"
    "                    leads together as one that holds all\n"
    "  --workers N       threads that work, each with a connection to the database (8)\n"
    "  --readers N       threads that read and write (as many as processors, at most 4)\n"
    "  --routes          prints the table of routes as JSON, and serves nothing";

enum { PORT = 8080, THREADS_MOST = 256, PARTS_MOST = 64 };

struct options {
    const char *port_file, *steps;
    int port, workers, readers;
    int part, parts; /* --partition; 0 of 0: all patents */
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

/* "2/3" */
static bool read_partition(const char *text, struct options *options, GError **error)
{
    int part = 0, parts = 0;
    char rest;
    if (!text)
        return true;
    if (sscanf(text, "%d/%d%c", &part, &parts, &rest) != 2 || part < 1 || part > parts ||
        parts > PARTS_MOST)
        return app_wrong_use(error, "--partition '%s': expected I/N, such as 1/3, N at most %d",
                             text, PARTS_MOST);
    options->part = part - 1;
    options->parts = parts;
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

enum { END_MS = 8500 }; /* from the signal to the end, at the most */

static bool serve(struct app *app, struct daemon *daemon, const struct options *options,
                  GError **error)
{
    int port = server_port(daemon->server);
    g_autofree char *address = g_strdup_printf("http://127.0.0.1:%d", port);
    g_autofree char *line = g_strconcat(address, "\n", NULL);
    if (options->port_file && !g_file_set_contents(options->port_file, line, -1, error))
        return false;
    tell_address(app, address, options->port, port);
    bool rests = options->steps && g_str_equal(options->steps, "none");
    struct feeds_thread *feeds = rests ? NULL : feeds_start(daemon);
    supervisor_tell("READY=1");
    bool ended = server_run(daemon->server, error);
    supervisor_tell("STOPPING=1");
    feeds_stop(feeds);
    if (options->port_file)
        unlink(options->port_file);
    return ended;
}

/* Requests and steps are let end, but not for ever: what is committed stays, and everything goes on when it is asked again. A look at
 * everything, which takes minutes and only reads, is given up. */
static void end(struct daemon *daemon)
{
    int64_t begun = g_get_monotonic_time();
    bool drained = true;
    if (daemon->steps)
        steps_stop(daemon->steps);
    if (daemon->server)
        drained = server_drain(daemon->server);
    int left = END_MS - (int)((g_get_monotonic_time() - begun) / 1000);
    if (drained && (!daemon->steps || steps_join(daemon->steps, MAX(left, 0))) &&
        !verification_goes_on(daemon->verification)) {
        server_close(g_steal_pointer(&daemon->server));
        return;
    }
    journal_flush();
    _exit(APP_DONE);
}

static int run(struct app *app, const struct options *options, GError **error)
{
    const struct server_options wanted = {
        .port = options->port, .workers = options->workers, .readers = options->readers};
    g_autoptr(daemon_t) daemon = app_db(app, error) ? daemon_new(app, error) : NULL;
    if (!daemon)
        return APP_FAILED;
    struct server_hooks hooks = api_hooks(daemon->api);
    hooks.tick = daemon_tick;
    hooks.reload = daemon_reload;
    hooks.run_user = daemon;
    const struct steps_wish wish = {options->steps, options->part, options->parts};
    daemon->steps = steps_new(app, daemon->pool, &wish, daemon_mind, daemon, error);
    if (!daemon->steps)
        return APP_FAILED;
    daemon->server = server_open(&wanted, &hooks, error);
    bool done = daemon->server && serve(app, daemon, options, error);
    end(daemon);
    return done ? APP_DONE : APP_FAILED;
}

static int print_routes(void)
{
    app_print_json(daemon_describe());
    return APP_DONE;
}

int command_serve(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *given = NULL, *port_file = NULL, *steps = NULL, *partition = NULL;
    struct options options = {.port = PORT};
    gboolean routes = FALSE;
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_STRING, &given, NULL, NULL},
        {"port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, NULL, NULL},
        {"steps", 0, 0, G_OPTION_ARG_STRING, &steps, NULL, NULL},
        {"partition", 0, 0, G_OPTION_ARG_STRING, &partition, NULL, NULL},
        {"workers", 0, 0, G_OPTION_ARG_INT, &options.workers, NULL, NULL},
        {"readers", 0, 0, G_OPTION_ARG_INT, &options.readers, NULL, NULL},
        {"routes", 0, 0, G_OPTION_ARG_NONE, &routes, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (!steps)
        steps = app_setting(app, "steps");
    options.port_file = port_file;
    options.steps = steps ? steps : "all";
    if (argc > 1)
        app_wrong_use(error, "serve takes no operand '%s'\n%s", argv[1], usage);
    else if (routes)
        return print_routes();
    else if (options.workers < 0 || options.readers < 0 || options.workers > THREADS_MOST ||
             options.readers > THREADS_MOST)
        app_wrong_use(error, "--workers and --readers are at most %d", THREADS_MOST);
    else if (read_partition(partition, &options, error) && steps_check(options.steps, error) &&
             read_port(app, given, &options.port, error))
        return run(app, &options, error);
    return APP_FAILED;
}
