#include "service/cli/commands.h"
#include "service/cli/policy.h"
#include "service/track/figures.h"
#include "service/track/words.h"
#include "sql/track.h"
#include <stdio.h>
#include <string.h>

enum { PAGE = 1000 };

static const char usage[] =
    "patbridge changes METRIC --before DAY [--as-of DAY] [--policy ID] [--before-known-at "
    "TIME] "
    "[--known-at TIME] [--limit N]\n\n"
    "What a number counts on one day and not on another: what came, what went, and why it is "
    "not counted where it is not.\n"
    "METRIC and days as `patbridge track` has them; without --agency: every agency.\n"
    "  --before DAY            the first of the two days\n"
    "  --as-of DAY             the second; left out: today, or the policy's last day\n"
    "  --before-known-at TIME, --known-at TIME  what had been recorded by then, for each day\n"
    "  --limit N               at most so many rows; how many came and went is of all";

struct wanted {
    char *before, *as_of, *before_known_at, *known_at, *policy;
    int limit;
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->before);
    g_free(wanted->as_of);
    g_free(wanted->before_known_at);
    g_free(wanted->known_at);
    g_free(wanted->policy);
}

static bool check(int argc, char **argv, const struct wanted *wanted, GError **error)
{
    if (argc != 2 || !wanted->before)
        return app_wrong_use(error, "%s", usage);
    if (!g_strv_contains(track_metrics(), argv[1]))
        return app_wrong_use(error, "no metric '%s'; `patbridge track --help`", argv[1]);
    if (!figures_is_day(wanted->before) || (wanted->as_of && !figures_is_day(wanted->as_of)))
        return app_wrong_use(error, "--before and --as-of are days; expected 2025-06-30");
    return wanted->limit >= 0 || app_wrong_use(error, "--limit must not be negative");
}

/* The moment as the database writes it, where one was said; the caller frees. */
static bool read_moment(const char *said, const char *zone, char **out, GError **error)
{
    g_autoptr(GError) why = NULL;
    *out = said ? figures_moment(said, zone, &why) : NULL;
    return !said || *out || app_wrong_use(error, "--known-at %s", why->message);
}

struct comparing {
    struct db *db;
    const struct pack *pack;
    struct figures_request before, after;
    struct figures_changes_wish wish;
};

/* The page behind the rows that are there, added to them; more: true where others follow. */
static bool add_page(struct comparing *all, int most, json_t **document, GError **error)
{
    json_t *rows = json_object_get(*document, "rows");
    const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
    int room = most ? most - (int)json_array_size(rows) : PAGE;
    const char *key = json_string_value(json_object_get(last, "key"));
    all->wish.limit = MIN(room, PAGE);
    all->wish.after_agency = (int)json_integer_value(json_object_get(last, "agency_id"));
    all->wish.after_key = key ? key : "";
    json_t *page =
        figures_changes(all->db, all->pack, &all->before, &all->after, &all->wish, error);
    if (!page)
        return false;
    if (!*document) {
        *document = page;
        return true;
    }
    json_array_extend(rows, json_object_get(page, "rows"));
    if (!json_is_true(json_object_get(page, "more")))
        json_object_del(*document, "more");
    json_decref(page);
    return true;
}

/* All rows, or the first `most`, of the same two moments; the caller owns it. */
static json_t *compare(struct comparing *all, int most, GError **error)
{
    json_t *document = NULL;
    bool done;
    do {
        done = add_page(all, most, &document, error);
        all->before.known_at = json_string_value(json_object_get(document, "before_known_at"));
        all->after.known_at = json_string_value(json_object_get(document, "known_at"));
    } while (done && json_is_true(json_object_get(document, "more")) &&
             (!most || json_array_size(json_object_get(document, "rows")) < (size_t)most));
    if (!done)
        g_clear_pointer(&document, json_decref);
    return document;
}

/* ---- Shown */

static char *reasons_of(const json_t *row, bool chinese)
{
    const json_t *side = json_object_get(
        row, g_strcmp0(json_string_value(json_object_get(row, "change")), "came") == 0
                 ? "before"
                 : "after");
    const json_t *reasons = json_object_get(side, "reasons");
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++)
        g_string_append_printf(
            out, "%s%s", i ? ", " : "",
            track_word(json_string_value(json_array_get(reasons, i)), chinese));
    return g_string_free(out, FALSE);
}

static void print(const json_t *document, bool chinese)
{
    const json_t *rows = json_object_get(document, "rows");
    printf(chinese ? "新计入 %d，不再计入 %d\n" : "came %d, went %d\n",
           (int)json_integer_value(json_object_get(document, "came")),
           (int)json_integer_value(json_object_get(document, "went")));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *label = json_string_value(json_object_get(row, "label"));
        bool came = g_strcmp0(json_string_value(json_object_get(row, "change")), "came") == 0;
        g_autofree char *reasons = reasons_of(row, chinese);
        printf("%s %s %s  %s%s%s%s%s\n", came ? "+" : "-",
               json_string_value(json_object_get(row, "agency")),
               json_string_value(json_object_get(row, "key")), label ? label : "",
               json_is_true(json_object_get(row, "invented")) ? " *" : "", *reasons ? " [" : "",
               reasons, *reasons ? "]" : "");
    }
}

static int run(struct app *app, const char *metric, const struct wanted *wanted, GError **error)
{
    g_autofree char *today = app_today(), *then = NULL, *now = NULL;
    g_autoptr(pack_t) pack = policy_open(app, wanted->policy, error);
    struct comparing all = {.pack = pack, .wish = {.metric = metric}};
    int agency_id;
    if (!pack || !read_moment(wanted->before_known_at, pack->time_zone, &then, error) ||
        !read_moment(wanted->known_at, pack->time_zone, &now, error) ||
        !(all.db = app_db(app, error)) || !app_agency_or_all(app, &agency_id, error))
        return APP_FAILED;
    all.before = (struct figures_request){.as_of = wanted->before,
                                          .known_at = then,
                                          .today = today,
                                          .agency_id = agency_id,
                                          .keep = true};
    all.after = all.before;
    all.after.as_of = wanted->as_of;
    all.after.known_at = now;
    json_t *document = compare(&all, wanted->limit, error);
    if (!document)
        return APP_FAILED;
    if (app->json)
        app_print_json(document);
    else
        print(document, app->chinese);
    if (!app->json)
        json_decref(document);
    return APP_DONE;
}

int command_changes(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"before", 0, 0, G_OPTION_ARG_STRING, &wanted.before, NULL, NULL},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &wanted.as_of, NULL, NULL},
        {"before-known-at", 0, 0, G_OPTION_ARG_STRING, &wanted.before_known_at, NULL, NULL},
        {"known-at", 0, 0, G_OPTION_ARG_STRING, &wanted.known_at, NULL, NULL},
        {"policy", 0, 0, G_OPTION_ARG_STRING, &wanted.policy, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT, &wanted.limit, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code =
        app_options(&argc, &argv, entries, usage, error) && check(argc, argv, &wanted, error)
            ? run(app, argv[1], &wanted, error)
            : APP_FAILED;
    wanted_clear(&wanted);
    return code;
}
