#include "sql/track.h"
#include "service/cli/commands.h"
#include "service/cli/policy.h"
#include "service/track/figures.h"
#include "service/track/forecast.h"
#include "service/track/print.h"
#include <stdint.h>
#include <stdio.h>

static const char usage[] =
    "patbridge track [--policy ID] [--as-of DAY] [--known-at TIME] "
    "[--evidence METRIC [--limit N]] [--forecast] [--brief] "
    "[--anew]\n\n"
    "How far each agency has come under a policy: value, threshold, "
    "met or not, and what is missing. Without --agency: every "
    "agency.\n"
    "  --policy ID        a pack of deploy/policies, or of the folder "
    "that the setting `policies` names\n"
    "  --as-of DAY        what is true of that day; left out: today, "
    "or the policy's last day when it has ended\n"
    "  --known-at TIME    what had been recorded by then: 2025-06-30 "
    "(the end of it) or 2025-06-30T10:00\n"
    "  --evidence METRIC  the rows behind a number, and those left out "
    "with the reason: patents, enterprises, experts,\n"
    "                     institutions, needs, pushes, deals; settlement, staff, cases, "
    "top500_clients, operation_year;\n"
    "                     sales; attorneys; purchases; introductions, transactions; "
    "navigation_projects; loans; events;\n"
    "                     pilot, open_licences, licences; entrustment, platform_reviews\n"
    "  --forecast         when each open threshold will be met at the pace of the last 4, 12 "
    "and 26 "
    "weeks, and what the deadline asks for\n"
    "  --brief            the tables alone, without definitions and choices\n"
    "  --anew             counts everything, also what was counted before and still holds";

struct wanted {
    char *policy, *as_of, *known_at, *evidence;
    int limit;
    gboolean brief, forecast, anew;
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->policy);
    g_free(wanted->as_of);
    g_free(wanted->known_at);
    g_free(wanted->evidence);
}

static bool is_metric(const char *name)
{
    for (const char *const *metric = track_metrics(); *metric; metric++)
        if (g_str_equal(*metric, name))
            return true;
    return false;
}

static bool read_options(int argc, char **argv, struct wanted *out, GError **error)
{
    const GOptionEntry entries[] = {
        {"policy", 0, 0, G_OPTION_ARG_STRING, &out->policy, NULL, NULL},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &out->as_of, NULL, NULL},
        {"known-at", 0, 0, G_OPTION_ARG_STRING, &out->known_at, NULL, NULL},
        {"evidence", 0, 0, G_OPTION_ARG_STRING, &out->evidence, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT, &out->limit, NULL, NULL},
        {"forecast", 0, 0, G_OPTION_ARG_NONE, &out->forecast, NULL, NULL},
        {"brief", 0, 0, G_OPTION_ARG_NONE, &out->brief, NULL, NULL},
        {"anew", 0, 0, G_OPTION_ARG_NONE, &out->anew, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return false;
    if (argc > 1)
        return app_wrong_use(error, "track takes no operand '%s'\n%s", argv[1], usage);
    if (out->as_of && !figures_is_day(out->as_of))
        return app_wrong_use(error, "--as-of '%s' is no day; expected 2025-06-30", out->as_of);
    if (out->evidence && !is_metric(out->evidence)) {
        g_autofree char *all = g_strjoinv(", ", (char **)(uintptr_t)track_metrics());
        return app_wrong_use(error, "no metric '%s'; there are: %s", out->evidence, all);
    }
    if (out->limit < 0)
        return app_wrong_use(error, "--limit must not be negative");
    return true;
}

static json_t *document_of(struct app *app, const struct wanted *wanted,
                           const struct pack *pack, GError **error)
{
    g_autofree char *today = app_today();
    g_autofree char *known_at = NULL;
    g_autoptr(GError) why = NULL;
    struct figures_request request = {
        .as_of = wanted->as_of, .today = today, .keep = !wanted->anew};
    if (wanted->known_at &&
        !(known_at = figures_moment(wanted->known_at, pack->time_zone, &why))) {
        app_wrong_use(error, "--known-at %s", why->message);
        return NULL;
    }
    request.known_at = known_at;
    struct db *db = app_db(app, error);
    if (!db || !app_agency_or_all(app, &request.agency_id, error))
        return NULL;
    if (wanted->evidence)
        return figures_evidence(db, pack, &request, wanted->evidence, wanted->limit, error);
    json_t *document = figures_document(db, pack, &request, error);
    if (document && wanted->forecast && !forecast_add(db, pack, &request, document, error))
        g_clear_pointer(&document, json_decref);
    return document;
}

static int run(struct app *app, const struct wanted *wanted, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, wanted->policy, error);
    json_t *document = pack ? document_of(app, wanted, pack, error) : NULL;
    if (!document)
        return APP_FAILED;
    if (app->json) {
        app_print_json(document);
        return APP_DONE;
    }
    g_autofree char *text = wanted->evidence
                                ? print_evidence(document, app->chinese)
                                : print_figures(document, app->chinese, wanted->brief);
    g_autofree char *forecast =
        wanted->forecast && !wanted->evidence ? forecast_text(document, app->chinese) : NULL;
    json_decref(document);
    fputs(text, stdout);
    fputs(forecast ? forecast : "", stdout);
    return APP_DONE;
}

int command_track(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    int code = read_options(argc, argv, &wanted, error) ? run(app, &wanted, error) : APP_FAILED;
    wanted_clear(&wanted);
    return code;
}
