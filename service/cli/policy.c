#include "service/cli/policy.h"
#include "service/cli/commands.h"
#include "service/cli/parameter.h"
#include "service/track/pack_check.h"
#include "service/track/policy_text.h"
#include "sql/policy.h"
#include <stdio.h>

static const char usage[] =
    "patbridge policy check FILE | list | show ID | decided ID | sign ID --by USER --reason "
    "TEXT\n\n"
    "Policy packs: the clauses of a policy as data (docs/policies.md says how to write one).\n"
    "  check FILE  every mistake with its path: clauses[2].items[0].threshold: expected …; "
    "exit "
    "1 when there is one\n"
    "  list        the packs there are: id, version, window, digest\n"
    "  show ID     clauses, thresholds, awards and choices, each with its reason and "
    "alternative\n"
    "  decided ID  what officials decided on its parameters (`decide set parameter`), in its "
    "order\n"
    "  sign ID     an official (--by, with the reason) signs this version off; figures say so";

char *policy_folder(const struct app *app)
{
    char *set = app_setting(app, "policies");
    if (set)
        return set;
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *build = program ? g_path_get_dirname(program) : g_strdup(".");
    g_autofree char *root = g_path_get_dirname(build);
    char *folder = g_build_filename(root, "deploy", "policies", NULL);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        g_clear_pointer(&folder, g_free);
    return folder;
}

struct pack *policy_open(const struct app *app, const char *id, GError **error)
{
    g_autofree char *folder = policy_folder(app);
    g_autoptr(GError) why = NULL;
    struct pack *pack = pack_open(folder, id, &why);
    if (pack)
        return pack;
    if (g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        app_wrong_use(error, "%s", why->message);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    return NULL;
}

/* ---- check */

static void print_errors(const struct app *app, const char *file, const GPtrArray *errors)
{
    json_t *list = json_array();
    for (guint i = 0; i < errors->len; i++) {
        if (!app->json)
            printf("%s: %s\n", file, (const char *)errors->pdata[i]);
        json_array_append_new(list, json_string(errors->pdata[i]));
    }
    if (app->json)
        app_print_json(json_pack("{s:s, s:b, s:o}", "file", file, "good", errors->len == 0,
                                 "errors", list));
    else
        json_decref(list);
    if (!app->json && errors->len == 0)
        printf(app->chinese ? "%s：没有错误\n" : "%s: no mistakes\n", file);
}

static int check(struct app *app, const char *file, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    json_error_t why;
    if (!g_file_get_contents(file, &text, NULL, error))
        return APP_FAILED;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (root)
        pack_check(root, errors);
    else
        g_ptr_array_add(
            errors, g_strdup_printf("line %d, column %d: %s", why.line, why.column, why.text));
    json_decref(root);
    print_errors(app, file, errors);
    return errors->len == 0 ? APP_DONE : APP_FAILED;
}

/* ---- list */

static json_t *entry_of(const struct pack *pack)
{
    return json_pack("{s:s, s:i, s:O, s:b, s:s, s:s?, s:s, s:i}", "id", pack->id, "version",
                     pack->version, "name", json_object_get(pack->root, "name"), "in_force",
                     pack->in_force, "from", pack->from, "to", pack->to, "digest", pack->digest,
                     "clauses", (int)json_array_size(json_object_get(pack->root, "clauses")));
}

static int list(struct app *app, GError **error)
{
    g_autofree char *folder = policy_folder(app);
    g_autoptr(GPtrArray) packs = pack_list(folder, error);
    if (!packs)
        return APP_FAILED;
    json_t *entries = json_array();
    for (guint i = 0; i < packs->len; i++) {
        const struct pack *pack = packs->pdata[i];
        const char *name = json_string_value(
            json_object_get(json_object_get(pack->root, "name"), app->chinese ? "zh" : "en"));
        json_array_append_new(entries, entry_of(pack));
        if (!app->json)
            printf("%-20s %3d  %s - %-10s  %.12s  %s\n", pack->id, pack->version, pack->from,
                   pack->to ? pack->to : "", pack->digest, name);
    }
    if (app->json)
        app_print_json(json_pack("{s:o}", "policies", entries));
    else
        json_decref(entries);
    return APP_DONE;
}

/* ---- show */

static int show(struct app *app, const char *id, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, id, error);
    if (!pack)
        return APP_FAILED;
    if (app->json) {
        json_t *document = json_copy(pack->root);
        json_object_set_new(document, "digest", json_string(pack->digest));
        app_print_json(document);
        return APP_DONE;
    }
    g_autofree char *text = policy_text(pack, app->chinese);
    fputs(text, stdout);
    return APP_DONE;
}

/* ---- sign */

static bool store_and_sign(struct app *app, const struct pack *pack, const char *by,
                           const char *reason, GError **error)
{
    struct db *db = app_db(app, error);
    return db && policy_store(db, pack->id, pack->version, pack->text, pack->digest, error) &&
           policy_sign(db, pack->id, pack->version, by, g_get_user_name(), reason, error);
}

static int sign(struct app *app, const char *id, const char *by, const char *reason,
                GError **error)
{
    if (!by || !*by || !reason || !*reason) {
        app_wrong_use(error, "policy sign needs --by USER and --reason TEXT");
        return APP_FAILED;
    }
    g_autoptr(pack_t) pack = policy_open(app, id, error);
    if (!pack || !store_and_sign(app, pack, by, reason, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:i, s:s, s:s}", "policy", pack->id, "version",
                                 pack->version, "digest", pack->digest, "by", by));
    else
        printf("%s %d %s: %s\n", pack->id, pack->version, pack->digest, by);
    return APP_DONE;
}

static int run(struct app *app, int argc, char **argv, const char *by, const char *reason,
               GError **error)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (g_str_equal(verb, "sign") && argc == 3)
        return sign(app, argv[2], by, reason, error);
    if (g_str_equal(verb, "check") && argc == 3)
        return check(app, argv[2], error);
    if (g_str_equal(verb, "list") && argc == 2)
        return list(app, error);
    if (g_str_equal(verb, "decided") && argc == 3)
        return parameter_print(app, argv[2], error);
    if (g_str_equal(verb, "show") && argc == 3)
        return show(app, argv[2], error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}

int command_policy(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *by = NULL;
    g_autofree char *reason = NULL;
    const GOptionEntry entries[] = {{"by", 0, 0, G_OPTION_ARG_STRING, &by, NULL, NULL},
                                    {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL},
                                    G_OPTION_ENTRY_NULL};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    return run(app, argc, argv, by, reason, error);
}
