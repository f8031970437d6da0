#include "loader/template.h"
#include "service/cli/commands.h"
#include <stdio.h>

static const char usage[] =
    "patbridge template KIND FILE.xlsx\n\n"
    "Writes an empty form in Chinese: a column for each field with a note on it, lists to "
    "choose "
    "from, one example that is marked as made up. `load KIND FILE.xlsx` reads it.";

int command_template(struct app *app, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    const struct kind *kind = argc == 3 ? kind_find(argv[1]) : NULL;
    if (!kind) {
        app_wrong_use(error, "%s%s", argc == 3 ? "there is no such kind\n" : "", usage);
        return APP_FAILED;
    }
    if (!template_write(argv[2], kind, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "kind", kind->name, "file", argv[2]));
    else
        printf(app->chinese ? "%s：%s 的空白表\n" : "%s: an empty form for %s\n", argv[2],
               app->chinese ? kind->zh : kind->name);
    return APP_DONE;
}
