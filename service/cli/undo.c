#include "service/cli/undo.h"
#include "sql/undo.h"
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 50 };

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static int64_t count(const json_t *report, const char *name)
{
    return json_integer_value(json_object_get(report, name));
}

static void print(const struct app *app, const json_t *report)
{
    const json_t *kept = json_object_get(report, "records");
    printf(app->chinese ? "批次 %s（%s）：撤回 %" G_GINT64_FORMAT
                          "，恢复原内容 %" G_GINT64_FORMAT "，保留 %" G_GINT64_FORMAT "\n"
                        : "batch %s (%s): withdrawn %" G_GINT64_FORMAT
                          ", restored %" G_GINT64_FORMAT ", kept %" G_GINT64_FORMAT "\n",
           text_of(report, "batch"), text_of(report, "file"), count(report, "withdrawn"),
           count(report, "restored"), count(report, "kept"));
    for (size_t i = 0; i < MIN(json_array_size(kept), SHOWN); i++)
        printf(app->chinese ? "  保留 %s：%s\n" : "  kept %s: %s\n",
               text_of(json_array_get(kept, i), "name"),
               text_of(json_array_get(kept, i), "why"));
    if (json_array_size(kept) > SHOWN)
        printf(app->chinese ? "  ……共 %zu 条，全部见 --json\n" : "  … %zu in all, see --json\n",
               json_array_size(kept));
}

int undo_run(struct app *app, const char *batch, const char *by, GError **error)
{
    char *end;
    int64_t id = g_ascii_strtoll(batch, &end, 10);
    int agency_id;
    if (id <= 0 || *end != '\0') {
        app_wrong_use(error, "--undo: '%s' is no batch; `load` names it", batch);
        return APP_FAILED;
    }
    if (!app_db(app, error) || !app_agency(app, &agency_id, error))
        return APP_FAILED;
    json_t *report = undo_batch(app->db, id, agency_id, by ? by : g_get_user_name(), error);
    if (!report)
        return APP_FAILED;
    bool kept = count(report, "kept") > 0;
    if (app->json)
        app_print_json(json_incref(report));
    else
        print(app, report);
    json_decref(report);
    return kept ? APP_SOME_REFUSED : APP_DONE;
}
