#include "service/cli/commands.h"
#include "service/cli/store.h"
#include "sql/agencies.h"
#include <stdio.h>

static const char usage[] =
    "patbridge agency add CODE --name NAME [--uscc CODE] [--settled DAY] [--invented]\n"
    "patbridge [--json] agency list\n\n"
    "Agencies (operating institutions). CODE: letters, digits, - and _, at most 32. More of an "
    "agency's fields are "
    "loaded by `patbridge load agency FILE`.";

static int add(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *name = NULL, *uscc = NULL, *settled = NULL;
    gboolean invented = FALSE;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL},
        {"uscc", 0, 0, G_OPTION_ARG_STRING, &uscc, NULL, NULL},
        {"settled", 0, 0, G_OPTION_ARG_STRING, &settled, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &invented, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (argc != 2 || !name) {
        app_wrong_use(error, "agency add needs a code and --name\n%s", usage);
        return APP_FAILED;
    }
    json_t *record = json_pack("{s:s, s:s}", "code", argv[1], "name", name);
    if (uscc)
        json_object_set_new(record, "uscc", json_string(uscc));
    if (settled)
        json_object_set_new(record, "zone_settled_date", json_string(settled));
    if (invented)
        json_object_set_new(record, "invented", json_true());
    const char *outcome;
    if (!store_record(app, "agency", 0, record, &outcome, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "code", argv[1], "outcome", outcome));
    else
        printf("agency %s: %s\n", argv[1], outcome);
    return APP_DONE;
}

static int list(struct app *app, GError **error)
{
    struct db *db = app_db(app, error);
    json_t *agencies = db ? agencies_list(db, error) : NULL;
    if (!agencies)
        return APP_FAILED;
    if (app->json) {
        app_print_json(agencies);
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(agencies); i++) {
        const json_t *agency = json_array_get(agencies, i);
        printf("%-16s %s%s\n", json_string_value(json_object_get(agency, "code")),
               json_string_value(json_object_get(agency, "name")),
               json_is_true(json_object_get(agency, "invented"))
                   ? app->chinese ? "（虚构）" : " (invented)"
                   : "");
    }
    json_decref(agencies);
    return APP_DONE;
}

int command_agency(struct app *app, int argc, char **argv, GError **error)
{
    if (argc > 1 && g_str_equal(argv[1], "add"))
        return add(app, argc - 1, argv + 1, error);
    if (argc == 2 && g_str_equal(argv[1], "list"))
        return list(app, error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}
