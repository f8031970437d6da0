#include "service/cli/commands.h"
#include "sql/account.h"
#include <stdio.h>

static const char usage[] =
    "patbridge user add NAME --role ROLE [--invented] | list | remove NAME\n\n"
    "Accounts. ROLE: administrator, agency_manager, agency_clerk, official, enterprise. The "
    "staff of "
    "an agency is bound to it by --agency; officials and administrators to none.";

struct wanted {
    char *role;
    gboolean invented;
};

static bool check_role(const char *role, GError **error)
{
    for (const char *const *known = account_roles(); role && *known; known++)
        if (g_str_equal(role, *known))
            return true;
    return app_wrong_use(error, "user add needs --role: administrator, agency_manager, "
                                "agency_clerk, official or enterprise");
}

/* The staff of an agency needs one; who watches over agencies must have none. */
static bool agency_of(struct app *app, const char *role, int *agency_id, GError **error)
{
    *agency_id = 0;
    bool is_staff = g_str_has_prefix(role, "agency_");
    if (is_staff)
        return app_agency(app, agency_id, error);
    if (app->agency_code && !g_str_equal(role, "enterprise"))
        return app_wrong_use(error, "the role %s is bound to no agency", role);
    return app_agency_or_all(app, agency_id, error);
}

static int add(struct app *app, const char *name, const struct wanted *wanted, GError **error)
{
    int agency_id;
    bool added;
    struct db *db = app_db(app, error);
    if (!db || !agency_of(app, wanted->role, &agency_id, error) ||
        !account_add(db, name, wanted->role, agency_id, wanted->invented, &added, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:b}", "name", name, "role", wanted->role, "added",
                                 (int)added));
    else
        printf("%s: %s%s\n", name, wanted->role,
               added          ? ""
               : app->chinese ? "（已有）"
                              : ", already so");
    return APP_DONE;
}

static int remove_one(struct app *app, const char *name, GError **error)
{
    struct db *db = app_db(app, error);
    if (!db || !account_remove(db, name, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:b}", "name", name, "removed", 1));
    else
        printf(app->chinese ? "已停用 %s\n" : "removed %s\n", name);
    return APP_DONE;
}

static const char *text_or(const json_t *row, const char *name, const char *none)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : none;
}

static int list(struct app *app, GError **error)
{
    struct db *db = app_db(app, error);
    json_t *rows = db ? account_list(db, error) : NULL;
    if (!rows)
        return APP_FAILED;
    if (app->json) {
        app_print_json(rows);
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%s\t%s\t%s%s%s\n", text_or(row, "name", ""), text_or(row, "role", ""),
               text_or(row, "agency", "-"),
               json_is_true(json_object_get(row, "invented")) ? "\tinvented" : "",
               json_is_string(json_object_get(row, "removed_at")) ? "\tremoved" : "");
    }
    json_decref(rows);
    return APP_DONE;
}

static int run(struct app *app, int argc, char **argv, const struct wanted *wanted,
               GError **error)
{
    if (argc == 2 && g_str_equal(argv[1], "list"))
        return list(app, error);
    if (argc == 3 && g_str_equal(argv[1], "remove"))
        return remove_one(app, argv[2], error);
    if (argc == 3 && g_str_equal(argv[1], "add") && *argv[2])
        return check_role(wanted->role, error) ? add(app, argv[2], wanted, error) : APP_FAILED;
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}

int command_user(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &wanted.role, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &wanted.invented, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = app_options(&argc, &argv, entries, usage, error)
                   ? run(app, argc, argv, &wanted, error)
                   : APP_FAILED;
    g_free(wanted.role);
    return code;
}
