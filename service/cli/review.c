#include "service/cli/review.h"
#include "loader/review.h"
#include <stdio.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print(const struct app *app, const json_t *list)
{
    size_t i, k;
    json_t *one, *candidate;
    json_array_foreach(list, i, one)
    {
        const char *sheet = text_of(one, "sheet");
        printf(app->chinese ? "%s  %s（%s%s%s 第 %d 行）没有信用代码，与下列单位同名%s：\n"
                            : "%s  %s (%s%s%s line %d) has no credit code and the name of%s:\n",
               text_of(one, "id"), text_of(one, "name"), text_of(one, "file"),
               *sheet ? " " : "", sheet, (int)json_integer_value(json_object_get(one, "line")),
               g_str_equal(text_of(one, "state"), "open") ? ""
               : g_str_equal(text_of(one, "state"), "accepted")
                   ? (app->chinese ? "（已确认）" : " (accepted)")
                   : (app->chinese ? "（已否定）" : " (rejected)"));
        json_array_foreach(json_object_get(one, "candidates"), k, candidate)
            printf("    %s  %s\n", text_of(candidate, "uscc"), text_of(candidate, "name"));
    }
    if (json_array_size(list) == 0)
        puts(app->chinese ? "没有待确认的同名单位" : "nothing to be looked at");
}

static int list(struct app *app, const struct review *review, bool all, GError **error)
{
    json_t *found = review_list(review, all, error);
    if (!found)
        return APP_FAILED;
    if (app->json) {
        app_print_json(found);
        return APP_DONE;
    }
    print(app, found);
    json_decref(found);
    return APP_DONE;
}

static bool decide(struct app *app, const struct review *review, const char *verb,
                   const char *id, const char *uscc, GError **error)
{
    bool rejects = g_str_equal(verb, "reject");
    if (rejects || g_str_equal(verb, "undo")) {
        bool done = rejects ? review_reject(review, id, error) : review_undo(review, id, error);
        if (done && !app->json)
            printf("%s%s\n", id,
                   rejects        ? app->chinese ? "：不是那一家" : ": is not that one"
                   : app->chinese ? "：已收回，待确认"
                                  : ": taken back, and open again");
        return done;
    }
    json_t *report = review_accept(review, id, uscc, error);
    if (report && !app->json)
        printf(app->chinese ? "%s：已按该单位导入，批次 %d\n"
                            : "%s: loaded as that one, batch %d\n",
               id, (int)json_integer_value(json_object_get(report, "batch")));
    json_decref(report);
    return report != NULL;
}

int review_run(struct app *app, int argc, char **argv, const char *uscc, bool all,
               const char *by, GError **error)
{
    static const char *const verbs[] = {"accept", "reject", "undo", NULL};
    int agency_id;
    if (argc > 1 && (argc == 2 || !g_strv_contains(verbs, argv[1]))) {
        app_wrong_use(error, "load --review [accept|reject|undo ID… [--uscc CODE]]");
        return APP_FAILED;
    }
    if (!app_db(app, error) || !app_agency(app, &agency_id, error))
        return APP_FAILED;
    g_autofree char *today = app_today();
    const struct review review = {app->db, agency_id, today, by ? by : g_get_user_name()};
    if (argc == 1)
        return list(app, &review, all, error);
    for (int i = 2; i < argc; i++)
        if (!decide(app, &review, argv[1], argv[i], uscc, error))
            return APP_FAILED;
    return app->json ? list(app, &review, true, error) : APP_DONE;
}
