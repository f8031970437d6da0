#include "service/cli/commands.h"
#include "service/cli/policy.h"
#include "sql/oddity.h"
#include <stdio.h>

static const char usage[] =
    "patbridge oddities [--rule RULE] [--policy ID]\n"
    "patbridge oddities look RULE KEY --by USER --reason TEXT\n\n"
    "What looks odd in the records: the rule, the rows behind it, and what an official said "
    "who "
    "looked at it. Shown, not judged:\n"
    "no count changes by it. Each row can be read with `patbridge --agency CODE show KIND "
    "KEY`.\n"
    "  --policy ID  whose last day is the deadline before which late records bunch";

struct wanted {
    char *rule, *policy, *by, *reason;
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->rule);
    g_free(wanted->policy);
    g_free(wanted->by);
    g_free(wanted->reason);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_link(const json_t *link)
{
    const char *agency = text_of(link, "agency");
    printf("    patbridge %s%s%sshow %s '%s'\n", *agency ? "--agency " : "", agency,
           *agency ? " " : "", text_of(link, "kind"), text_of(link, "key"));
}

static void print_oddity(const json_t *oddity, bool chinese)
{
    const json_t *rows = json_object_get(oddity, "rows"),
                 *mark = json_object_get(oddity, "mark");
    const json_t *number = json_object_get(oddity, "number");
    printf("%s  %s", text_of(oddity, "rule"), text_of(oddity, chinese ? "zh" : "en"));
    if (json_is_integer(number))
        printf(" (%d)", (int)json_integer_value(number));
    printf("\n  %s: %s\n", text_of(oddity, "key"), text_of(oddity, "what"));
    if (json_is_object(mark))
        printf("  %s %s: %s\n", chinese ? "已看过" : "looked at by", text_of(mark, "by"),
               text_of(mark, "reason"));
    for (size_t i = 0; i < json_array_size(rows); i++)
        print_link(json_array_get(rows, i));
}

static int list(struct app *app, struct db *db, struct oddity_query *query, GError **error)
{
    if (!app_agency_or_all(app, &query->agency_id, error))
        return APP_FAILED;
    json_t *oddities = oddity_list(db, query, error);
    if (!oddities)
        return APP_FAILED;
    if (app->json) {
        app_print_json(json_pack("{s:o}", "oddities", oddities));
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(oddities); i++)
        print_oddity(json_array_get(oddities, i), app->chinese);
    if (json_array_size(oddities) == 0)
        printf("%s\n", app->chinese ? "没有异常" : "nothing odd");
    json_decref(oddities);
    return APP_DONE;
}

static int look(struct app *app, struct db *db, const struct oddity_query *query,
                const char *key, const struct wanted *wanted, GError **error)
{
    if (!wanted->by || !*wanted->by || !wanted->reason || !*wanted->reason) {
        app_wrong_use(error, "oddities look needs --by USER and --reason TEXT");
        return APP_FAILED;
    }
    if (!oddity_mark(db, query, key, wanted->by, g_get_user_name(), wanted->reason, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(
            json_pack("{s:s, s:s, s:s}", "rule", query->rule, "key", key, "by", wanted->by));
    return APP_DONE;
}

static int run(struct app *app, int argc, char **argv, const struct wanted *wanted,
               GError **error)
{
    bool looks = argc == 4 && g_str_equal(argv[1], "look");
    if (argc > 1 && !looks) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    g_autofree char *today = app_today();
    g_autoptr(pack_t) pack = policy_open(app, wanted->policy, error);
    struct db *db = pack ? app_db(app, error) : NULL;
    if (!db)
        return APP_FAILED;
    struct oddity_query query = {.deadline = pack->to ? pack->to : today,
                                 .time_zone = pack->time_zone,
                                 .rule = looks ? argv[2] : wanted->rule};
    if (query.rule && !oddity_check_rule(db, query.rule, error))
        return APP_FAILED;
    return looks ? look(app, db, &query, argv[3], wanted, error) : list(app, db, &query, error);
}

int command_oddities(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"rule", 0, 0, G_OPTION_ARG_STRING, &wanted.rule, NULL, NULL},
        {"policy", 0, 0, G_OPTION_ARG_STRING, &wanted.policy, NULL, NULL},
        {"by", 0, 0, G_OPTION_ARG_STRING, &wanted.by, NULL, NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &wanted.reason, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = app_options(&argc, &argv, entries, usage, error)
                   ? run(app, argc, argv, &wanted, error)
                   : APP_FAILED;
    wanted_clear(&wanted);
    return code;
}
