#include "sql/migrate.h"
#include "service/cli/commands.h"
#include <stdio.h>

static const char usage[] =
    "patbridge migrate\n\n"
    "Brings the database to this program's schema. An empty database becomes a whole new "
    "installation; "
    "safe to run twice, and from two places at once. An edited migration is refused.";

int command_migrate(struct app *app, int argc, char **argv, GError **error)
{
    struct migrate_report report;
    if (!app_options(&argc, &argv, NULL, usage, error))
        return APP_FAILED;
    if (argc > 1) {
        app_wrong_use(error, "migrate takes no operand\n%s", usage);
        return APP_FAILED;
    }
    struct db *db = app_db_unchecked(app, error);
    if (!db || !migrate_run(db, &report, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:i, s:i, s:b}", "applied", report.applied, "total",
                                 report.total, "views_changed", report.views_changed));
    else
        printf("schema: %d of %d migrations run now%s\n", report.applied, report.total,
               report.views_changed ? ", views and functions replaced" : "");
    return APP_DONE;
}
