#include "service/cli/user.h"
#include "service/cli/commands.h"
#include "service/http/keys.h"
#include "sql/account.h"
#include "sql/credential.h"
#include <stdio.h>

static const char usage[] =
    "patbridge user add NAME --role ROLE | --admin [--password] [--generate] [--invented]\n"
    "patbridge user list | show NAME | remove NAME\n"
    "patbridge user role NAME ROLE | disable NAME | enable NAME\n"
    "patbridge user password NAME [--generate | --none]\n"
    "patbridge user totp NAME [--off]\n"
    "patbridge user sessions NAME [--end]\n"
    "patbridge user invite CREDIT-CODE\n\n"
    "Accounts, and how they sign in. ROLE: administrator, agency_manager, agency_clerk, "
    "official, "
    "enterprise. The staff of an agency is bound to it by --agency; officials and "
    "administrators "
    "to none.\n"
    "  add        --admin: the role administrator, with a password. There is no default "
    "password: it is asked for at the terminal, else it is\n"
    "             the first line of stdin; --generate makes one and prints it once. Other "
    "roles "
    "have one where --password or --generate says so.\n"
    "  remove     for ever: the name is never given again. disable: until `enable`; both end "
    "at "
    "once what goes on\n"
    "  password   another one; ends the account's sessions. --none: nobody signs in by it\n"
    "  totp       one-time codes (RFC 6238) from now on: the secret is printed once. --off: no "
    "more\n"
    "  sessions   those that go on: id, since, last used, ends. --end: signs out everywhere\n"
    "  invite     a link by which an enterprise that --agency holds signs in, once, within "
    "three days";

struct wanted {
    char *role;
    gboolean invented, admin, password, generate, none, off, end;
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
    if (!db || !agency_of(app, wanted->role, &agency_id, error))
        return APP_FAILED;
    const struct user_wanted account = {name, wanted->role, agency_id, wanted->invented,
                                        wanted->generate};
    if (wanted->admin || wanted->password ||
        wanted->generate) /* its own document says the rest */
        return user_add(app, &account, error) ? APP_DONE : APP_FAILED;
    if (!account_add(db, name, wanted->role, agency_id, wanted->invented, &added, error))
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
    if (!db || !account_remove(db, name, 0, error))
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

/* The accounts, with what may be told of their passwords. */
static json_t *read_all(struct app *app, const char *name, GError **error)
{
    int agency_id;
    if (!app_agency_or_all(app, &agency_id, error) || !app_db(app, error) ||
        !(agency_id ? db_begin(app->db, DB_SERVICE, agency_id, error)
                    : db_begin(app->db, DB_READONLY, 0, error)))
        return NULL;
    json_t *rows = account_list(app->db, name, NULL, 0, error);
    db_rollback(app->db);
    return rows;
}

static bool add_about(struct app *app, json_t *rows, GError **error)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_auto_t *names = json_pack("[O]", json_object_get(row, "name"));
        g_autofree char *now = db_clock(app->db, error);
        json_auto_t *about = now ? credential_about(app->db, names, now, error) : NULL;
        if (!about)
            return false;
        json_object_del(json_array_get(about, 0), "account");
        json_object_update(row, json_array_get(about, 0));
    }
    return true;
}

static void print_one(const json_t *row)
{
    printf("%s\t%s\t%s%s%s%s%s%s\n", text_or(row, "name", ""), text_or(row, "role", ""),
           text_or(row, "agency", "-"),
           json_is_true(json_object_get(row, "invented")) ? "\tinvented" : "",
           json_is_true(json_object_get(row, "password")) ? "\tpassword" : "",
           json_is_true(json_object_get(row, "totp")) ? "\tcodes" : "",
           json_is_string(json_object_get(row, "disabled_at")) ? "\tdisabled" : "",
           json_is_string(json_object_get(row, "removed_at")) ? "\tremoved" : "");
}

static int list(struct app *app, const char *name, GError **error)
{
    json_auto_t *rows = read_all(app, name, error);
    if (!rows || !add_about(app, rows, error))
        return APP_FAILED;
    if (name && json_array_size(rows) == 0) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "no account '%s'", name);
        return APP_FAILED;
    }
    if (app->json)
        app_print_json(json_incref(name ? json_array_get(rows, 0) : rows));
    for (size_t i = 0; !app->json && i < json_array_size(rows); i++)
        print_one(json_array_get(rows, i));
    return APP_DONE;
}

/* ---- Rights */

static int change(struct app *app, const struct account_change *wanted, GError **error)
{
    if (!app_db(app, error) || !account_change(app->db, wanted, error))
        return APP_FAILED;
    return list(app, wanted->name, error);
}

static int set_role(struct app *app, const char *name, const char *role, GError **error)
{
    struct account_change wanted = {.name = name, .role = role, .reason = role};
    if (!check_role(role, error))
        return APP_FAILED;
    if (g_str_equal(role, "enterprise")) {
        app_wrong_use(error, "an enterprise's account is made by its invitation");
        return APP_FAILED;
    }
    return app_db(app, error) && agency_of(app, role, &wanted.agency_id, error)
               ? change(app, &wanted, error)
               : APP_FAILED;
}

static int set_use(struct app *app, const char *name, bool disabled, GError **error)
{
    const struct account_change wanted = {.name = name,
                                          .sets_use = true,
                                          .disabled = disabled,
                                          .reason = disabled ? "disabled" : "enabled"};
    return change(app, &wanted, error);
}

static int run_add(struct app *app, const char *name, struct wanted *wanted, GError **error)
{
    if (wanted->admin && wanted->role && role_of(wanted->role) != ROLE_ADMINISTRATOR) {
        app_wrong_use(error, "--admin is the role administrator");
        return APP_FAILED;
    }
    if (wanted->admin && !wanted->role)
        wanted->role = g_strdup("administrator");
    return check_role(wanted->role, error) ? add(app, name, wanted, error) : APP_FAILED;
}

static int done(bool worked)
{
    return worked ? APP_DONE : APP_FAILED;
}

static int run(struct app *app, int argc, char **argv, struct wanted *wanted, GError **error)
{
    const char *verb = argc > 1 ? argv[1] : "", *name = argc > 2 ? argv[2] : NULL;
    if (argc == 2 && g_str_equal(verb, "list"))
        return list(app, NULL, error);
    if (argc == 4 && g_str_equal(verb, "role"))
        return set_role(app, name, argv[3], error);
    if (argc != 3 || !*name) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    if (g_str_equal(verb, "show"))
        return list(app, name, error);
    if (g_str_equal(verb, "remove"))
        return remove_one(app, name, error);
    if (g_str_equal(verb, "add"))
        return run_add(app, name, wanted, error);
    if (g_str_equal(verb, "disable") || g_str_equal(verb, "enable"))
        return set_use(app, name, g_str_equal(verb, "disable"), error);
    if (g_str_equal(verb, "password"))
        return done(user_password(app, name, wanted->generate, wanted->none, error));
    if (g_str_equal(verb, "totp"))
        return done(user_totp(app, name, wanted->off, error));
    if (g_str_equal(verb, "sessions"))
        return done(user_sessions(app, name, wanted->end, error));
    if (g_str_equal(verb, "invite"))
        return done(user_invite(app, name, error));
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}

int command_user(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &wanted.role, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &wanted.invented, NULL, NULL},
        {"admin", 0, 0, G_OPTION_ARG_NONE, &wanted.admin, NULL, NULL},
        {"password", 0, 0, G_OPTION_ARG_NONE, &wanted.password, NULL, NULL},
        {"generate", 0, 0, G_OPTION_ARG_NONE, &wanted.generate, NULL, NULL},
        {"none", 0, 0, G_OPTION_ARG_NONE, &wanted.none, NULL, NULL},
        {"off", 0, 0, G_OPTION_ARG_NONE, &wanted.off, NULL, NULL},
        {"end", 0, 0, G_OPTION_ARG_NONE, &wanted.end, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = app_options(&argc, &argv, entries, usage, error)
                   ? run(app, argc, argv, &wanted, error)
                   : APP_FAILED;
    g_free(wanted.role);
    return code;
}
