#include "service/cli/mapping.h"
#include "loader/mapping_store.h"
#include "service/cli/commands.h"
#include "sql/saved_mapping.h"
#include <stdio.h>

static const char usage[] =
    "patbridge mapping list\n"
    "patbridge mapping remove KIND NAME\n\n"
    "Mappings of columns to fields that this agency keeps: `load KIND FILE --map MAP --save-as "
    "NAME` keeps one, and from then on every file with that header is read by it.";

static bool begin(struct app *app, int agency_id, GError **error)
{
    return app_db(app, error) && db_begin(app->db, DB_SERVICE, agency_id, error);
}

static bool finish(struct app *app, bool done, GError **error)
{
    done = done && db_commit(app->db, error);
    if (!done)
        db_rollback(app->db);
    return done;
}

static json_t *list(struct app *app, int agency_id, const char *kind, GError **error)
{
    if (!begin(app, agency_id, error))
        return NULL;
    json_t *rows = saved_mapping_list(app->db, agency_id, kind, error);
    if (finish(app, rows != NULL, error))
        return rows;
    json_decref(rows);
    return NULL;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

bool mapping_keep(struct app *app, int agency_id, const char *name, const char *map_file,
                  const char *file, const struct plan *plan, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *key = mapping_store_header(file, plan, error);
    if (!key || !g_file_get_contents(map_file, &text, NULL, error) ||
        !begin(app, agency_id, error))
        return false;
    return finish(
        app, mapping_store_keep(app->db, agency_id, name, plan->kind, key, text, error), error);
}

static int command_list(struct app *app, int agency_id, GError **error)
{
    json_t *rows = list(app, agency_id, NULL, error), *row;
    size_t i;
    if (!rows)
        return APP_FAILED;
    if (app->json) {
        app_print_json(rows);
        return APP_DONE;
    }
    json_array_foreach(rows, i, row)
    {
        g_autofree char *headers = g_strdup(text_of(row, "header_key"));
        g_strdelimit(g_strchomp(headers), "\n", ' ');
        printf("%-12s %s: %s\n", text_of(row, "kind"), text_of(row, "name"), headers);
    }
    json_decref(rows);
    return APP_DONE;
}

int command_mapping(struct app *app, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int agency_id;
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    bool lists = argc == 2 && g_str_equal(argv[1], "list");
    bool removes = argc == 4 && g_str_equal(argv[1], "remove");
    if (!lists && !removes)
        return app_wrong_use(error, "%s", usage) ? APP_DONE : APP_FAILED;
    if (!app_db(app, error) || !app_agency(app, &agency_id, error))
        return APP_FAILED;
    if (lists)
        return command_list(app, agency_id, error);
    bool done =
        begin(app, agency_id, error) &&
        finish(app, saved_mapping_remove(app->db, agency_id, argv[2], argv[3], error), error);
    return done ? APP_DONE : APP_FAILED;
}
