#include "sql/feed.h"
#include "service/cli/commands.h"
#include "service/cli/feed.h"
#include "service/common/outbound.h"
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge [--agency CODE] feed add URL|FOLDER KIND [--every SECONDS] [--paging "
    "link|cursor]\n"
    "    [--items NAME] [--next NAME] [--parameter NAME] [--map FILE] [--encoding NAME] "
    "[--most-mb N]\n"
    "    [--stall SECONDS] [--whole SECONDS] [--settle SECONDS]\n"
    "patbridge [--agency CODE] feed list\n"
    "patbridge [--agency CODE] feed remove ID…\n"
    "patbridge [--agency CODE] feed --once [ID…]\n\n"
    "Where records come from by themselves. An address is fetched whenever its time has come "
    "(and "
    "only what is new), a\n"
    "folder is watched: what appears in FOLDER/inbox is loaded once and moved to FOLDER/done, "
    "or to "
    "FOLDER/refused with\n"
    "the rows to mend beside it. `patbridge serve` looks at them all the time; --once looks at "
    "those that are due, or at\n"
    "these, and ends. Only https is fetched, and never from a private network, unless the "
    "setting "
    "allow_private names that\n"
    "very host:port; a redirect is followed at the same place alone. The setting ca_file names "
    "certificates in place of\n"
    "the system's, feed_folder where files lie while they come (var/feeds).\n"
    "  --every SECONDS   between two looks (an address 3600, a folder 10)\n"
    "  --paging link     the page that follows stands in the header Link, rel=\"next\"\n"
    "  --paging cursor   a page is a JSON object: its records in --items (items), the cursor "
    "of the "
    "page that follows in\n"
    "                    --next (next), to be given in the parameter --parameter (after)\n"
    "  --map FILE        a mapping of columns to fields; --encoding NAME of a text file\n"
    "  --most-mb N       longer files are refused, as they come and unpacked (1024)\n"
    "  --stall SECONDS   so long without a byte: cut off, and gone on with (30); --whole "
    "SECONDS: of one "
    "try (3600)\n"
    "  --settle SECONDS  a file of a folder is left alone until it has not changed for so long "
    "(3)\n"
    "Exit code 3: some rows were refused; 1: some feed could not be read.";

char *feed_folder(const struct app *app)
{
    char *folder = app_setting(app, "feed_folder");
    return folder ? folder : g_strdup("var/feeds");
}

static bool begin(struct app *app, int *agency_id, GError **error)
{
    return app_db(app, error) && app_agency(app, agency_id, error) &&
           db_begin(app->db, DB_SERVICE, *agency_id, error);
}

static bool finish(struct app *app, bool done, GError **error)
{
    done = done && db_commit(app->db, error);
    if (!done)
        db_rollback(app->db);
    return done;
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static json_int_t count(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

/* ---- add */

struct adding {
    char *paging, *items, *next, *parameter, *map, *encoding;
    int every_s, most_mb, stall_s, whole_s, settle_s;
};

static void adding_clear(struct adding *adding)
{
    char *const all[] = {adding->paging,    adding->items, adding->next,
                         adding->parameter, adding->map,   adding->encoding};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_free(all[i]);
}

static json_t *options_of(const struct adding *adding, GError **error)
{
    const struct {
        const char *name, *text;
        int number;
    } all[] = {{"paging", adding->paging, -1},      {"items", adding->items, -1},
               {"next", adding->next, -1},          {"parameter", adding->parameter, -1},
               {"encoding", adding->encoding, -1},  {"most_mb", NULL, adding->most_mb},
               {"stall_s", NULL, adding->stall_s},  {"whole_s", NULL, adding->whole_s},
               {"settle_s", NULL, adding->settle_s}};
    g_autofree char *mapping = NULL;
    if (adding->map && !g_file_get_contents(adding->map, &mapping, NULL, error))
        return NULL;
    json_t *options = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].text)
            json_object_set_new(options, all[i].name, json_string(all[i].text));
        else if (all[i].number >= 0)
            json_object_set_new(options, all[i].name, json_integer(all[i].number));
    if (mapping)
        json_object_set_new(options, "mapping", json_string(mapping));
    return options;
}

static bool store(struct app *app, struct feeds_wish *wish, int64_t *id, GError **error)
{
    g_autofree char *problem = NULL;
    if (!begin(app, &wish->agency_id, error))
        return false;
    bool done = finish(app, feeds_set(app->db, wish, id, &problem, error), error);
    return done || !problem || app_wrong_use(error, "could not add the feed: %s", problem);
}

static bool make_folder(const struct feeds_wish *wish, GError **error)
{
    g_autofree char *problem = feeds_problem(wish->address, wish->kind, wish->options,
                                             feeds_every(wish), wish->allow_private);
    return problem || !feeds_is_folder(wish->address) ||
           feeds_make_folder(wish->address, error);
}

static int add(struct app *app, const char *address, const char *kind, struct adding *adding,
               GError **error)
{
    bool folder = !strstr(address, "://");
    g_autofree char *path = folder ? g_canonicalize_filename(address, NULL) : g_strdup(address),
                    *allowed = app_setting(app, "allow_private");
    json_auto_t *options = options_of(adding, error);
    if (!options)
        return APP_FAILED;
    struct feeds_wish wish = {.kind = kind,
                              .address = path,
                              .options = options,
                              .every_s = adding->every_s,
                              .allow_private = allowed};
    int64_t id;
    if (!make_folder(&wish, error) || !store(app, &wish, &id, error))
        return APP_FAILED;
    g_autofree char *id_text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autofree char *shown = folder ? g_strdup(path) : outbound_url_mask(path);
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:i}", "feed", id_text, "kind", kind,
                                 "address", shown, "every_s", feeds_every(&wish)));
    else
        printf(app->chinese ? "数据源 %s：%s → %s，每 %d 秒看一次\n"
                            : "feed %s: %s to %s, looked at every %d seconds\n",
               id_text, shown, kind, feeds_every(&wish));
    return APP_DONE;
}

/* ---- list, remove */

static void print_feed(const struct app *app, const json_t *row)
{
    bool off = !json_is_null(json_object_get(row, "off_at"));
    printf("%s  %-13s %s\n    ", text_of(row, "feed_id"), text_of(row, "kind"),
           text_of(row, "address"));
    if (off)
        printf(app->chinese ? "已停用：%s" : "off: %s", text_of(row, "off_reason"));
    else
        printf(app->chinese ? "每 %d 秒，下次 %s" : "every %d s, next %s",
               (int)count(row, "every_s"), text_of(row, "next_at"));
    if (*text_of(row, "outcome"))
        printf(app->chinese ? "；上次 %s：%s" : "; last %s: %s", text_of(row, "tried_at"),
               text_of(row, "outcome"));
    if (*text_of(row, "message"))
        printf(" (%s)", text_of(row, "message"));
    if (count(row, "failures"))
        printf(app->chinese ? "，连续失败 %d 次" : ", %d failures in a row",
               (int)count(row, "failures"));
    puts("");
}

static int list(struct app *app, GError **error)
{
    int agency_id;
    if (!app_db(app, error) || !app_agency_or_all(app, &agency_id, error) ||
        !db_begin(app->db, DB_READONLY, 0, error))
        return APP_FAILED;
    json_t *rows = feed_list(app->db, agency_id, 0, error), *row;
    size_t i;
    db_rollback(app->db);
    if (!rows)
        return APP_FAILED;
    json_array_foreach(rows, i, row)
    {
        feeds_mask(row);
        if (!app->json)
            print_feed(app, row);
    }
    if (app->json)
        app_print_json(json_incref(rows));
    json_decref(rows);
    return APP_DONE;
}

static bool read_ids(char **texts, int64_t *out, GError **error)
{
    for (; *texts; texts++, out++) {
        guint64 id;
        if (!g_ascii_string_to_unsigned(*texts, 10, 1, G_MAXINT64, &id, NULL))
            return app_wrong_use(error, "'%s' is no feed; `feed list` lists them", *texts);
        *out = (int64_t)id;
    }
    return true;
}

static int remove_these(struct app *app, const int64_t *ids, size_t id_count, GError **error)
{
    int agency_id;
    if (!begin(app, &agency_id, error))
        return APP_FAILED;
    g_autofree char *now = db_clock(app->db, error);
    bool done = now != NULL;
    for (size_t i = 0; done && i < id_count; i++)
        done = feed_off(app->db, agency_id, ids[i], now, "removed", error);
    return finish(app, done, error) ? APP_DONE : APP_FAILED;
}

/* ---- --once */

static void print_report(const struct app *app, const json_t *report)
{
    const char *message = text_of(report, "message");
    printf("%s  %-13s %s: %s", text_of(report, "feed"), text_of(report, "kind"),
           text_of(report, "address"), text_of(report, "outcome"));
    if (json_object_get(report, "read"))
        printf(app->chinese ? "，读入 %d，新增 %d，更新 %d，相同 %d，拒收 %d"
                            : ", %d read, %d new, %d changed, %d same, %d refused",
               (int)count(report, "read"), (int)count(report, "new"),
               (int)count(report, "changed"), (int)count(report, "same"),
               (int)count(report, "refused"));
    printf(*message ? " (%s)\n" : "%s\n", message);
}

static int code_of(const json_t *reports)
{
    int code = APP_DONE;
    for (size_t i = 0; i < json_array_size(reports); i++) {
        const char *outcome = text_of(json_array_get(reports, i), "outcome");
        if (g_str_equal(outcome, "later") || g_str_equal(outcome, "off"))
            return APP_FAILED;
        if (g_str_equal(outcome, "refused"))
            code = APP_SOME_REFUSED;
    }
    return code;
}

static int once(struct app *app, const int64_t *ids, size_t id_count, GError **error)
{
    g_autofree char *folder = feed_folder(app), *allowed = app_setting(app, "allow_private"),
                    *ca_file = app_setting(app, "ca_file"), *today = app_today();
    struct feeds_settings settings = {.folder = folder,
                                      .allow_private = allowed,
                                      .ca_file = ca_file,
                                      .today = today,
                                      .chinese = app->chinese,
                                      .ids = id_count ? ids : NULL,
                                      .id_count = id_count};
    json_auto_t *reports = NULL;
    if (!app_db(app, error) || !app_agency_or_all(app, &settings.agency_id, error) ||
        !feeds_step(app->db, &settings, &reports, error))
        return APP_FAILED;
    for (size_t i = 0; !app->json && i < json_array_size(reports); i++)
        print_report(app, json_array_get(reports, i));
    if (app->json)
        app_print_json(json_incref(reports));
    return code_of(reports);
}

static int run(struct app *app, int argc, char **argv, bool is_once, struct adding *adding,
               GError **error)
{
    const char *verb = is_once ? "--once" : argc > 1 ? argv[1] : "";
    char **operands = argv + (is_once ? 1 : MIN(argc, 2));
    g_autofree int64_t *ids = g_new0(int64_t, (gsize)argc + 1);
    size_t operand_count = g_strv_length(operands);
    if (g_str_equal(verb, "add") && operand_count == 2)
        return add(app, operands[0], operands[1], adding, error);
    if (g_str_equal(verb, "list") && operand_count == 0)
        return list(app, error);
    bool removes = g_str_equal(verb, "remove") && operand_count > 0;
    if (!removes && !is_once) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    if (!read_ids(operands, ids, error))
        return APP_FAILED;
    return removes ? remove_these(app, ids, operand_count, error)
                   : once(app, ids, operand_count, error);
}

int command_feed(struct app *app, int argc, char **argv, GError **error)
{
    struct adding adding = {.most_mb = -1, .stall_s = -1, .whole_s = -1, .settle_s = -1};
    gboolean is_once = FALSE;
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_NONE, &is_once, NULL, NULL},
        {"every", 0, 0, G_OPTION_ARG_INT, &adding.every_s, NULL, NULL},
        {"paging", 0, 0, G_OPTION_ARG_STRING, &adding.paging, NULL, NULL},
        {"items", 0, 0, G_OPTION_ARG_STRING, &adding.items, NULL, NULL},
        {"next", 0, 0, G_OPTION_ARG_STRING, &adding.next, NULL, NULL},
        {"parameter", 0, 0, G_OPTION_ARG_STRING, &adding.parameter, NULL, NULL},
        {"map", 0, 0, G_OPTION_ARG_FILENAME, &adding.map, NULL, NULL},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &adding.encoding, NULL, NULL},
        {"most-mb", 0, 0, G_OPTION_ARG_INT, &adding.most_mb, NULL, NULL},
        {"stall", 0, 0, G_OPTION_ARG_INT, &adding.stall_s, NULL, NULL},
        {"whole", 0, 0, G_OPTION_ARG_INT, &adding.whole_s, NULL, NULL},
        {"settle", 0, 0, G_OPTION_ARG_INT, &adding.settle_s, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int code = APP_FAILED;
    if (app_options(&argc, &argv, entries, usage, error))
        code = run(app, argc, argv, is_once, &adding, error);
    adding_clear(&adding);
    return code;
}
