#include "sql/api_key.h"
#include "service/cli/commands.h"
#include "service/cli/key.h"
#include "service/http/keys.h"
#include "sql/endpoint.h"
#include <sodium.h>
#include <stdio.h>

static const char usage[] =
    "patbridge key add NAME --role ROLE [--account NAME] [--enterprise CREDIT-CODE] [--rate N] "
    "[--days N] [--invented]\n"
    "patbridge key list | remove ID\n\n"
    "Keys of the HTTP interface. The key is printed once, and only its digest is kept.\n"
    "ROLE: administrator, official (bound to no agency); agency_manager, agency_clerk, "
    "enterprise (bound to one by --agency).\n"
    "  --account NAME     the account in whose name the key decides and answers; a key of an "
    "official needs one to decide\n"
    "  --enterprise CODE  the enterprise that asks, for the role enterprise\n"
    "  --rate N           requests a minute (3000; 0: no limit)\n"
    "  --days N           it expires after so many days (365; 0: never)\n"
    "remove revokes a key: within two seconds it is refused.";

enum { RATE = 3000, DAYS = 365 };

struct wanted {
    char *role, *account, *enterprise;
    int rate, days;
    gboolean invented;
};

static bool check_wanted(const struct app *app, const struct wanted *wanted, GError **error)
{
    unsigned role = role_of(wanted->role);
    bool bound = role & (ROLES_STAFF | ROLE_ENTERPRISE);
    if (!role)
        return app_wrong_use(error, "key add needs --role\n%s", usage);
    if (!bound && app->agency_code)
        return app_wrong_use(error, "the role %s is bound to no agency", wanted->role);
    if ((role == ROLE_ENTERPRISE) != (wanted->enterprise != NULL))
        return app_wrong_use(error,
                             "--enterprise goes with the role enterprise, and only with it");
    if (wanted->rate < 0 || wanted->days < 0)
        return app_wrong_use(error, "--rate and --days are 0 or more");
    return true;
}

static bool find_bounds(struct app *app, const struct wanted *wanted, struct api_key *key,
                        GError **error)
{
    g_autofree char *code = NULL;
    if (role_of(wanted->role) & (ROLES_STAFF | ROLE_ENTERPRISE) &&
        !app_agency(app, &key->agency_id, error))
        return false;
    if (!wanted->enterprise)
        return true;
    code = key_normal(kind_find("enterprise"), wanted->enterprise, app->chinese, error);
    if (!code || !db_begin(app->db, DB_ACROSS, 0, error))
        return false;
    bool found = endpoint_enterprise(app->db, code, &key->enterprise_id, error);
    db_rollback(app->db);
    return found;
}

static char *expiry(int days)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) end = g_date_time_add_days(now, days);
    return days ? g_date_time_format(end, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static int add(struct app *app, const char *name, const struct wanted *wanted, GError **error)
{
    char text[KEY_TEXT_LEN], id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];
    g_autofree char *expires = expiry(wanted->days);
    struct api_key key = {.id = id,
                          .name = name,
                          .digest = digest,
                          .role = wanted->role,
                          .account = wanted->account,
                          .rate_per_minute = wanted->rate,
                          .expires = expires,
                          .invented = wanted->invented};
    if (sodium_init() < 0 || !check_wanted(app, wanted, error) || !app_db(app, error) ||
        !find_bounds(app, wanted, &key, error))
        return APP_FAILED;
    key_make(text, id, digest);
    if (!api_key_add(app->db, &key, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s?}", "id", id, "key", text, "role",
                                 wanted->role, "expires_at", expires));
    else
        printf("%s\n", text);
    if (!app->json)
        fprintf(stderr, app->chinese ? "密钥只显示这一次。\n" : "the key is shown this once\n");
    sodium_memzero(text, sizeof text);
    return APP_DONE;
}

static int remove_one(struct app *app, const char *id, GError **error)
{
    if (!app_db(app, error) || !api_key_revoke(app->db, id, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:b}", "id", id, "revoked", 1));
    else
        printf(app->chinese ? "已吊销 %s\n" : "revoked %s\n", id);
    return APP_DONE;
}

static const char *text_or(const json_t *row, const char *name, const char *none)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : none;
}

static int list(struct app *app, GError **error)
{
    json_t *rows = app_db(app, error) ? api_key_list(app->db, error) : NULL;
    if (!rows)
        return APP_FAILED;
    if (app->json) {
        app_print_json(rows);
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%s\t%s\t%s\t%s\t%s%s%s\n", text_or(row, "key_id", ""), text_or(row, "name", ""),
               text_or(row, "role", ""), text_or(row, "agency", "-"),
               json_is_string(json_object_get(row, "revoked_at")) ? "revoked " : "",
               "last used: ", text_or(row, "last_used_at", "never"));
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
        return add(app, argv[2], wanted, error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}

int command_key(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {.rate = RATE, .days = DAYS};
    const GOptionEntry entries[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &wanted.role, NULL, NULL},
        {"account", 0, 0, G_OPTION_ARG_STRING, &wanted.account, NULL, NULL},
        {"enterprise", 0, 0, G_OPTION_ARG_STRING, &wanted.enterprise, NULL, NULL},
        {"rate", 0, 0, G_OPTION_ARG_INT, &wanted.rate, NULL, NULL},
        {"days", 0, 0, G_OPTION_ARG_INT, &wanted.days, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &wanted.invented, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = app_options(&argc, &argv, entries, usage, error)
                   ? run(app, argc, argv, &wanted, error)
                   : APP_FAILED;
    g_free(wanted.role);
    g_free(wanted.account);
    g_free(wanted.enterprise);
    return code;
}
