#include "service/cli/commands.h"
#include "sql/chart.h"
#include <stdio.h>

static const char usage[] =
    "patbridge charts\n\n"
    "The numbers that the official's charts draw: pushes and what became of them by month, "
    "needs by section of the IPC,\n"
    "records by the month in which they came, and of them those that came late; of each how "
    "many are invented.\n"
    "No clause counts them. Without --agency: every agency.";

struct column {
    const char *name, *zh;
};

static const struct column funnel[] = {
    {"month", "月份"},  {"pushed", "推送"},       {"declared", "其中此前的"},
    {"opened", "打开"}, {"answered", "回复"},     {"interested", "感兴趣"},
    {"deals", "签约"},  {"invented", "其中虚构"}, {NULL, NULL}};
static const struct column needs[] = {
    {"section", "部"}, {"needs", "需求"}, {"invented", "其中虚构"}, {NULL, NULL}};
static const struct column late[] = {{"month", "月份"},
                                     {"recorded", "录入"},
                                     {"late", "迟录"},
                                     {"invented", "其中虚构"},
                                     {NULL, NULL}};

static void print_cell(const json_t *row, const struct column *column)
{
    const json_t *value = json_object_get(row, column->name);
    if (json_is_integer(value))
        printf("\t%d", (int)json_integer_value(value));
    else
        printf("%s", json_string_length(value) ? json_string_value(value) : "-");
}

static void print_table(const json_t *rows, const struct column *columns, bool chinese)
{
    for (const struct column *column = columns; column->name; column++)
        printf("%s%s", column == columns ? "" : "\t", chinese ? column->zh : column->name);
    printf("\n");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        for (const struct column *column = columns; column->name; column++)
            print_cell(json_array_get(rows, i), column);
        printf("\n");
    }
    printf("\n");
}

static int run(struct app *app, GError **error)
{
    int agency_id;
    struct db *db = app_db(app, error);
    if (!db || !app_agency_or_all(app, &agency_id, error) ||
        !db_begin(db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return APP_FAILED;
    json_t *charts = chart_all(db, agency_id, "Asia/Shanghai", error);
    db_rollback(db);
    if (!charts)
        return APP_FAILED;
    if (app->json) {
        app_print_json(charts);
        return APP_DONE;
    }
    print_table(json_object_get(charts, "funnel"), funnel, app->chinese);
    print_table(json_object_get(charts, "needs"), needs, app->chinese);
    print_table(json_object_get(charts, "late"), late, app->chinese);
    json_decref(charts);
    return APP_DONE;
}

int command_charts(struct app *app, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (argc > 1) {
        app_wrong_use(error, "charts takes no operand '%s'\n%s", argv[1], usage);
        return APP_FAILED;
    }
    return run(app, error);
}
