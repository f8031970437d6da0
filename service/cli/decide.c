#include "loader/identifier.h"
#include "loader/names.h"
#include "service/cli/commands.h"
#include "service/cli/key.h"
#include "service/cli/parameter.h"
#include "service/cli/policy.h"
#include "service/track/figures.h"
#include "sql/decision.h"
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge decide accept|reject|withdraw KIND (KEY… | --batch ID) --by USER --reason TEXT "
    "[--effective DAY] [--invented]\n"
    "patbridge decide set parameter [CLAUSE/]NAME VALUE --by USER --reason TEXT [--policy ID] "
    "[--effective DAY]\n"
    "patbridge decide withdraw parameter [CLAUSE/]NAME --by USER --reason TEXT [--policy ID] "
    "[--effective DAY]\n\n"
    "An official's decision on what an agency (--agency) recorded. KIND: patent, enterprise, "
    "expert, institution, need, push,\n"
    "declared_push, deal, open_licence, loan, sale, event, navigation_project, attorney, case, "
    "client, platform_review; keys in any spelling that the loader reads. USER has the role "
    "official.\n"
    "  --batch ID       everything that this load batch brought\n"
    "  --effective DAY  the day from which it holds: today, or an earlier one (shown as late)\n"
    "  --invented       made up for a demonstration\n\n"
    "On a parameter of a policy (`policy show ID` lists them; without CLAUSE the whole "
    "pack's): "
    "VALUE is JSON, or a word.\n"
    "Figures of the effective day and later use it and say so; `withdraw` lets the pack's own "
    "hold again; `policy decided ID`\n"
    "lists all of it. What operating procedures say prevails. Where the pack's four_eyes name "
    "`parameter`, a second official\n"
    "has to decide the same.\n"
    "  --policy ID      the pack; left out, the one in force";

struct wanted {
    struct decision decision;
    char *by, *reason, *effective, *policy;
    gint64 batch;
    gboolean invented;
    json_t *keys;
    const char *place, *value; /* of a parameter */
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->by);
    g_free(wanted->reason);
    g_free(wanted->effective);
    g_free(wanted->policy);
    json_decref(wanted->keys);
}

/* ---- Keys in the form by which they are found */

static char *patent_key(const char *text, const char *today, struct problem *problem)
{
    struct patent_number number = {0};
    if (!patent_number_read(text, today, &number, problem))
        return NULL;
    return patent_number_key(&number);
}

static char *credit_code(const char *text, struct problem *problem)
{
    struct problem warning = {0};
    char *code = NULL;
    bool read = uscc_read(text, &code, &warning, problem);
    problem_clear(&warning);
    return read ? code : NULL;
}

static char *declared_push_key(const char *text, const char *today, struct problem *problem)
{
    const char *slash = strrchr(text, '/');
    if (!slash)
        return g_strdup(text); /* will not be found, and said so */
    g_autofree char *number = g_strndup(text, (gsize)(slash - text));
    g_autofree char *patent = patent_key(number, today, problem);
    g_autofree char *code = patent ? credit_code(slash + 1, problem) : NULL;
    return code ? g_strconcat(patent, "/", code, NULL) : NULL;
}

/* name/day, name/credit code: the name folded. */
static char *named_key(const char *text)
{
    const char *slash = strrchr(text, '/');
    g_autofree char *typed = g_strndup(text, slash ? (gsize)(slash - text) : strlen(text));
    g_autofree char *name = name_fold(typed);
    return g_strconcat(name, slash, NULL);
}

static char *key_of(const char *kind, const char *text, const char *today,
                    struct problem *problem)
{
    if (g_str_equal(kind, "patent") || g_str_equal(kind, "open_licence"))
        return patent_key(text, today, problem);
    if (g_str_equal(kind, "event") || g_str_equal(kind, "navigation_project"))
        return named_key(text);
    if (g_str_equal(kind, "declared_push"))
        return declared_push_key(text, today, problem);
    if (g_str_equal(kind, "enterprise") || g_str_equal(kind, "institution"))
        return credit_code(text, problem);
    if (g_str_equal(kind, "push"))
        return g_ascii_strdown(text, -1);
    if (g_str_equal(kind, "expert") || g_str_equal(kind, "client"))
        return name_fold(text);
    return g_strstrip(g_strdup(text));
}

char *key_lookup(const struct app *app, const char *kind, const char *text, GError **error)
{
    struct problem problem = {0};
    g_autofree char *today = app_today();
    char *key = key_of(kind, text, today, &problem);
    if (!key)
        app_wrong_use(error, "%s", problem_text(&problem, app->chinese));
    problem_clear(&problem);
    return key;
}

static bool read_keys(const struct app *app, struct wanted *wanted, char **texts,
                      const char *today, GError **error)
{
    for (; *texts; texts++) {
        struct problem problem = {0};
        g_autofree char *key = key_of(wanted->decision.kind, *texts, today, &problem);
        if (key)
            json_array_append_new(wanted->keys, json_string(key));
        else
            app_wrong_use(error, "%s", problem_text(&problem, app->chinese));
        problem_clear(&problem);
        if (!key)
            return false;
    }
    return true;
}

/* ---- Options */

static bool is_among(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (g_str_equal(*words, text))
            return true;
    return false;
}

static bool check_words(int argc, char **argv, const struct wanted *wanted, GError **error)
{
    static const char *const verdicts[] = {"accept", "reject", "withdraw", NULL};
    if (argc < 3 || !is_among(argv[1], verdicts) || !is_among(argv[2], decision_kinds()))
        return app_wrong_use(error, "%s", usage);
    if ((argc > 3) == (wanted->batch > 0))
        return app_wrong_use(error, "decide needs keys, or --batch ID\n%s", usage);
    return true;
}

/* set parameter PLACE VALUE, withdraw parameter PLACE */
static bool read_parameter(int argc, char **argv, struct wanted *out, GError **error)
{
    bool sets = g_str_equal(argv[1], "set");
    if ((!sets && !g_str_equal(argv[1], "withdraw")) || argc != (sets ? 5 : 4) || out->batch)
        return app_wrong_use(error, "%s", usage);
    out->place = argv[3];
    out->value = sets ? argv[4] : NULL;
    return true;
}

static bool check_signed(const struct wanted *wanted, GError **error)
{
    return (wanted->by && *wanted->by && wanted->reason && *wanted->reason) ||
           app_wrong_use(error, "decide needs --by USER and --reason TEXT");
}

static bool check_effective(const struct wanted *wanted, const char *today, GError **error)
{
    if (!wanted->effective)
        return true;
    if (!figures_is_day(wanted->effective))
        return app_wrong_use(error, "--effective '%s' is no day; expected 2025-06-30",
                             wanted->effective);
    if (strcmp(wanted->effective, today) > 0)
        return app_wrong_use(error,
                             "--effective %s lies ahead; it is today (%s), or an earlier day",
                             wanted->effective, today);
    return true;
}

static bool read_options(const struct app *app, int argc, char **argv, const char *today,
                         struct wanted *out, GError **error)
{
    const GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_STRING, &out->by, NULL, NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &out->reason, NULL, NULL},
        {"effective", 0, 0, G_OPTION_ARG_STRING, &out->effective, NULL, NULL},
        {"batch", 0, 0, G_OPTION_ARG_INT64, &out->batch, NULL, NULL},
        {"policy", 0, 0, G_OPTION_ARG_STRING, &out->policy, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &out->invented, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return false;
    bool parameter = argc > 2 && g_str_equal(argv[2], "parameter");
    if (!(parameter ? read_parameter(argc, argv, out, error)
                    : check_words(argc, argv, out, error)) ||
        !check_signed(out, error) || !check_effective(out, today, error))
        return false;
    out->decision = (struct decision){.verdict = argv[1],
                                      .kind = argv[2],
                                      .by = out->by,
                                      .os_user = g_get_user_name(),
                                      .reason = out->reason,
                                      .effective = out->effective ? out->effective : today,
                                      .invented = out->invented};
    return parameter || read_keys(app, out, argv + 3, today, error);
}

/* The pack in force names the kinds that two officials must decide on. */
static bool asks_four_eyes(const struct app *app, const char *kind)
{
    g_autoptr(pack_t) pack = policy_open(app, NULL, NULL);
    return pack && pack_asks_four_eyes(pack, kind);
}

/* Leaves in wanted->keys those that a second official now confirms. */
static bool ask_second(struct app *app, struct wanted *wanted, GError **error)
{
    json_t *ready, *waiting;
    if (wanted->batch)
        return app_wrong_use(error,
                             "two officials decide on each %s: name the keys, not a batch",
                             wanted->decision.kind);
    if (!decision_propose(app->db, &wanted->decision, wanted->keys, &ready, &waiting, error))
        return false;
    if (json_array_size(waiting) && app->json && json_array_size(ready) == 0)
        app_print_json(json_pack("{s:s, s:s, s:O}", "verdict", wanted->decision.verdict, "kind",
                                 wanted->decision.kind, "waiting", waiting));
    else if (json_array_size(waiting))
        fprintf(app->json ? stderr : stdout,
                app->chinese ? "待另一名审核员确认：%zu 条\n"
                             : "waiting for a second official: %zu\n",
                json_array_size(waiting));
    json_decref(waiting);
    json_decref(wanted->keys);
    wanted->keys = ready;
    return true;
}

static int run(struct app *app, struct wanted *wanted, GError **error)
{
    if (wanted->place)
        return parameter_run(app,
                             &(struct parameter_wish){wanted->policy, wanted->place,
                                                      wanted->value, wanted->by, wanted->reason,
                                                      wanted->decision.effective},
                             error);
    struct db *db = app_db(app, error);
    if (!db || !app_agency(app, &wanted->decision.agency_id, error))
        return APP_FAILED;
    if (asks_four_eyes(app, wanted->decision.kind) && !ask_second(app, wanted, error))
        return APP_FAILED;
    if (!wanted->batch && json_array_size(wanted->keys) == 0)
        return APP_DONE; /* all of them wait */
    json_t *decided = wanted->batch
                          ? decision_add_batch(db, &wanted->decision, wanted->batch, error)
                          : decision_add(db, &wanted->decision, wanted->keys, error);
    if (!decided)
        return APP_FAILED;
    if (app->json) {
        app_print_json(json_pack("{s:s, s:s, s:s, s:s, s:o}", "verdict",
                                 wanted->decision.verdict, "kind", wanted->decision.kind, "by",
                                 wanted->by, "effective", wanted->decision.effective, "keys",
                                 decided));
        return APP_DONE;
    }
    printf(app->chinese ? "%s %s：%zu 条，自 %s 起%s\n" : "%s %s: %zu, from %s on%s\n",
           wanted->decision.verdict, wanted->decision.kind, json_array_size(decided),
           wanted->decision.effective,
           json_array_size(decided) ? ""
           : app->chinese           ? "（已是如此）"
                                    : " (already so)");
    json_decref(decided);
    return APP_DONE;
}

int command_decide(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {.keys = json_array()};
    g_autofree char *today = app_today();
    int code = read_options(app, argc, argv, today, &wanted, error) ? run(app, &wanted, error)
                                                                    : APP_FAILED;
    wanted_clear(&wanted);
    return code;
}
