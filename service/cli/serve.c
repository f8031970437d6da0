#include "service/cli/commands.h"
#include "service/http/page.h"
#include "service/http/server.h"
#include "service/track/figures.h"
#include "service/track/words.h"
#include "sql/agencies.h"
#include "sql/lead.h"
#include "sql/track.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The pages are the officials' view, every agency's records: as long as there is no sign-in, being bound to this machine is
 * what guards them. They read as patbridge_readonly. */
static const char usage[] =
    "patbridge serve [--port N] [--port-file FILE]\n\n"
    "Serves the pages on http://127.0.0.1:8080, to this machine alone: figures of every "
    "policy, the newest leads with\n"
    "their reasons, the rows behind each number. Every agency's records are shown. SIGTERM or "
    "Ctrl-C ends it.\n"
    "  --port N          (or the setting `port`) another port; when it is taken, or 0, a free "
    "one\n"
    "  --port-file FILE  the address is written there, too; the file goes away at the end";

enum { PORT = 8080, LEADS_LOOKED_AT = 20000, ROWS_AT_ONCE = 1000 };

static const char *const policies[] = {"jinjiang-2023-6", "successor-template", NULL};

struct serving {
    struct app *app;
    char *folder; /* of policy packs; NULL: those that the program carries */
};

/* ---- The database: lost with a restart of its server, found again with the next request */

typedef json_t *(*reader)(struct serving *serving, struct db *db, const void *wanted,
                          GError **error);

static bool is_lost(const GError *error)
{
    return g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT);
}

static json_t *read_once(struct serving *serving, reader read, const void *wanted,
                         GError **error)
{
    g_autoptr(GError) why = NULL;
    struct db *db = app_db(serving->app, &why);
    if (!db) { /* whatever it is, no page can be shown until it is mended */
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_UNAVAILABLE, "%s", why->message);
        return NULL;
    }
    json_t *rows = read(serving, db, wanted, error);
    db_rollback(db);
    return rows;
}

/* What pages can say of an error of ours. */
static void tell_page(GError *why, GError **error)
{
    if (is_lost(why) || g_error_matches(why, SQL_ERROR, SQL_ERROR_AGAIN))
        g_set_error_literal(error, PAGE_ERROR, PAGE_ERROR_UNAVAILABLE, why->message);
    else if (g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND) ||
             g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        g_set_error_literal(error, PAGE_ERROR, PAGE_ERROR_NOT_FOUND, why->message);
    else
        g_propagate_error(error, g_error_copy(why));
}

static json_t *read_rows(struct serving *serving, reader read, const void *wanted,
                         GError **error)
{
    bool was_open = serving->app->db != NULL;
    g_autoptr(GError) why = NULL;
    json_t *rows = read_once(serving, read, wanted, &why);
    if (!rows && is_lost(why)) {
        g_clear_pointer(&serving->app->db, db_close);
        if (was_open) { /* it may have been lost long ago */
            g_clear_error(&why);
            rows = read_once(serving, read, wanted, &why);
        }
    }
    if (!rows)
        tell_page(why, error);
    return rows;
}

/* ---- What the pages ask for */

static json_t *figures_of(struct serving *serving, struct db *db, const char *policy,
                          const struct page_evidence *wanted, int agency_id, GError **error)
{
    g_autofree char *today = app_today();
    g_autoptr(pack_t) pack = pack_open(serving->folder, policy, error);
    const struct figures_request request = {.as_of = wanted->as_of,
                                            .known_at = wanted->known_at,
                                            .today = today,
                                            .agency_id = agency_id};
    return pack ? figures_document(db, pack, &request, error) : NULL;
}

static json_t *read_figures(struct serving *serving, struct db *db, const void *wanted,
                            GError **error)
{
    return figures_of(serving, db, wanted, &(struct page_evidence){0}, 0, error);
}

static json_t *figures(const char *policy, void *user, GError **error)
{
    return read_rows(user, read_figures, policy, error);
}

static bool is_wanted(const json_t *row, enum page_show show)
{
    return show == PAGE_SHOW_ALL ||
           json_is_true(json_object_get(row, "counted")) == (show == PAGE_SHOW_COUNTED);
}

/* One row more than the page has room for tells whether others follow. */
static bool add_rows(struct db *db, const struct track_query *query,
                     const struct page_evidence *wanted, json_t *rows, GError **error)
{
    int agency = wanted->after_agency;
    g_autofree char *key = g_strdup(wanted->after_key);
    int batch = wanted->show == PAGE_SHOW_ALL ? wanted->limit + 1 : ROWS_AT_ONCE;
    for (;;) {
        json_auto_t *page =
            track_evidence(db, query, wanted->metric, agency, key, batch, error);
        size_t count = json_array_size(page);
        if (!page)
            return false;
        for (size_t i = 0; i < count && json_array_size(rows) <= (size_t)wanted->limit; i++)
            if (is_wanted(json_array_get(page, i), wanted->show))
                json_array_append(rows, json_array_get(page, i));
        if (count < (size_t)batch || json_array_size(rows) > (size_t)wanted->limit)
            return true;
        const json_t *last = json_array_get(page, count - 1);
        agency = (int)json_integer_value(json_object_get(last, "agency_id"));
        g_free(key);
        key = g_strdup(json_string_value(json_object_get(last, "key")));
    }
}

/* The first entry of the figures that is about a clause of the pack. */
static const json_t *clause_shown(const json_t *document, const json_t *clause)
{
    const json_t *clauses = json_object_get(document, "clauses"),
                 *id = json_object_get(clause, "id");
    for (size_t i = 0; id && i < json_array_size(clauses); i++)
        if (json_equal(json_object_get(json_array_get(clauses, i), "id"), id))
            return json_array_get(clauses, i);
    return NULL;
}

/* The same day and moment as the figures that stand above the rows. */
static bool add_page(struct serving *serving, struct db *db, const struct page_evidence *wanted,
                     int agency_id, json_t *document, GError **error)
{
    const char *known_at = json_string_value(json_object_get(document, "known_at"));
    json_t *rows = json_array();
    json_object_set_new(document, "rows", rows);
    g_autoptr(pack_t) pack = pack_open(serving->folder, wanted->policy, error);
    const json_t *counting = pack ? pack_clause_of(pack, wanted->metric) : NULL;
    const json_t *clause = clause_shown(document, counting);
    if (pack && !clause) /* no agency, or no clause that counts it: no rows */
        return true;
    json_auto_t *pairs = pack && db_begin(db, DB_READONLY, 0, error)
                             ? track_past_pairs(db, known_at, error)
                             : NULL;
    if (!pairs)
        return false;
    json_auto_t *values = pack_metric_values(pack, counting);
    json_object_set(values, "pairs", pairs);
    char *text = json_dumps(values, JSON_COMPACT);
    const struct track_query query = {.pack = text,
                                      .as_of =
                                          json_string_value(json_object_get(clause, "as_of")),
                                      .known_at = known_at,
                                      .agency_id = agency_id};
    bool added = add_rows(db, &query, wanted, rows, error);
    free(text);
    if (json_array_size(rows) > (size_t)wanted->limit) {
        json_array_remove(rows, (size_t)wanted->limit);
        json_object_set_new(document, "more", json_true());
    }
    return added;
}

static json_t *read_evidence(struct serving *serving, struct db *db, const void *user,
                             GError **error)
{
    const struct page_evidence *wanted = user;
    int agency_id = 0;
    if (!g_strv_contains(track_metrics(), wanted->metric)) {
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_NOT_FOUND, "there is no metric of this name");
        return NULL;
    }
    if (wanted->agency && !agencies_find(db, wanted->agency, &agency_id, error))
        return NULL;
    json_t *document = figures_of(serving, db, wanted->policy, wanted, agency_id, error);
    if (document && add_page(serving, db, wanted, agency_id, document, error))
        return document;
    json_decref(document);
    return NULL;
}

/* "2026-03-01" or a time of it: what both GLib and PostgreSQL read. */
static bool is_moment(const char *text)
{
    g_autofree char *day = g_strndup(text, strlen("2026-03-01"));
    g_autofree char *moment =
        figures_is_day(day) ? figures_moment(text, "Asia/Shanghai", NULL) : NULL;
    return moment != NULL;
}

static json_t *evidence(const struct page_evidence *wanted, void *user, GError **error)
{
    if (wanted->as_of && !figures_is_day(wanted->as_of)) {
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_WRONG,
                    "as-of is no day; expected 2025-06-30");
        return NULL;
    }
    if (wanted->known_at && !is_moment(wanted->known_at)) {
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_WRONG,
                    "known is no moment; expected 2025-06-30T10:00:00+08:00");
        return NULL;
    }
    g_autofree char *known_at =
        wanted->known_at ? figures_moment(wanted->known_at, "Asia/Shanghai", NULL) : NULL;
    struct page_evidence read = *wanted;
    read.known_at = known_at;
    return read_rows(user, read_evidence, &read, error);
}

/* ---- The newest leads */

struct dated {
    gint64 at;
    json_t *lead;
};

static gint64 moment_of(const json_t *lead)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    const char *text = json_string_value(json_object_get(lead, "proposed_at"));
    g_autoptr(GDateTime) at = text ? g_date_time_new_from_iso8601(text, utc) : NULL;
    return at ? g_date_time_to_unix(at) * G_USEC_PER_SEC + g_date_time_get_microsecond(at) : 0;
}

static int newest_first(const void *a, const void *b)
{
    gint64 one = ((const struct dated *)a)->at, other = ((const struct dated *)b)->at;
    return one > other ? -1 : one < other;
}

/* The list is by fit, and stays so among those of one moment: the sort is stable. */
static json_t *newest_of(json_t *leads, int limit)
{
    g_autoptr(GArray) dated = g_array_new(FALSE, FALSE, sizeof(struct dated));
    json_t *newest = json_array();
    for (size_t i = 0; i < json_array_size(leads); i++) {
        json_t *lead = json_array_get(leads, i);
        struct dated one = {.at = moment_of(lead), .lead = lead};
        if (g_strcmp0(json_string_value(json_object_get(lead, "state")), "superseded") != 0)
            g_array_append_val(dated, one);
    }
    g_array_sort(dated, newest_first);
    for (guint i = 0; i < dated->len && i < (guint)limit; i++)
        json_array_append(newest, g_array_index(dated, struct dated, i).lead);
    return newest;
}

static json_t *read_leads(struct serving *serving, struct db *db, const void *wanted,
                          GError **error)
{
    const struct lead_filter all = {.limit = LEADS_LOOKED_AT};
    (void)serving;
    json_auto_t *leads =
        db_begin(db, DB_READONLY, 0, error) ? lead_list(db, &all, error) : NULL;
    return leads ? newest_of(leads, *(const int *)wanted) : NULL;
}

static json_t *leads(int limit, void *user, GError **error)
{
    return read_rows(user, read_leads, &limit, error);
}

static json_t *read_nothing(struct serving *serving, struct db *db, const void *wanted,
                            GError **error)
{
    g_autofree char *clock = db_clock(db, error);
    (void)serving, (void)wanted;
    return clock ? json_true() : NULL;
}

static bool ready(void *user, GError **error)
{
    return read_rows(user, read_nothing, NULL, error) != NULL;
}

static void tell_log(const char *path, const GError *error, void *user)
{
    (void)user;
    g_printerr("patbridge serve: %s: %s\n", path, error->message);
}

/* ---- The command */

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

static bool serve(struct app *app, struct server *server, int wanted, const char *port_file,
                  GError **error)
{
    g_autofree char *address = g_strdup_printf("http://127.0.0.1:%d", server_port(server));
    g_autofree char *line = g_strconcat(address, "\n", NULL);
    if (port_file && !g_file_set_contents(port_file, line, -1, error))
        return false;
    tell_address(app, address, wanted, server_port(server));
    bool ended = server_run(server, error);
    if (port_file)
        unlink(port_file);
    return ended;
}

static int run(struct app *app, int port, const char *port_file, GError **error)
{
    struct serving serving = {.app = app, .folder = app_setting(app, "policies")};
    const struct page_source source = {.policies = policies,
                                       .figures = figures,
                                       .evidence = evidence,
                                       .leads = leads,
                                       .word = track_word,
                                       .ready = ready,
                                       .log = tell_log,
                                       .user = &serving};
    g_autoptr(server_t) server = NULL;
    if (app_db(app, error))
        server = server_open(port, page_answer, (void *)(uintptr_t)&source, error);
    bool done = server && serve(app, server, port, port_file, error);
    g_free(serving.folder);
    return done ? APP_DONE : APP_FAILED;
}

int command_serve(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *given = NULL, *port_file = NULL;
    int port = PORT;
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_STRING, &given, NULL, NULL},
        {"port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (argc > 1) {
        app_wrong_use(error, "serve takes no operand '%s'\n%s", argv[1], usage);
        return APP_FAILED;
    }
    return read_port(app, given, &port, error) ? run(app, port, port_file, error) : APP_FAILED;
}
