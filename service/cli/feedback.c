#include "sql/feedback.h"
#include "service/cli/commands.h"
#include "service/steps/because.h"
#include <stdio.h>

static char *usage_text(void)
{
    GString *text = g_string_new(
        "patbridge feedback LEAD interested|not_fit|stop [--because CODE] [--note TEXT] [--by "
        "NAME] "
        "[--invented]\n\n"
        "Records what an enterprise answered to a push; it was opened then, too. stop: this "
        "agency pushes "
        "nothing more to it. The same answer again changes nothing.\nCODE is one of:\n");
    for (const struct because *row = because_codes(); row->code; row++)
        g_string_append_printf(text, "  %-17s %s  %s\n", row->code, row->en, row->zh);
    g_string_truncate(text, text->len - 1);
    return g_string_free(text, FALSE);
}

static bool is_answer(const char *text)
{
    return g_str_equal(text, "interested") || g_str_equal(text, "not_fit") ||
           g_str_equal(text, "stop");
}

static json_t *record(struct app *app, struct feedback *feedback, GError **error)
{
    int agency_id;
    json_t *kept = NULL;
    if (!app_db(app, error) || !app_agency_or_all(app, &agency_id, error))
        return NULL;
    g_autofree char *now = db_clock(app->db, error);
    feedback->now = now;
    if (!now || !db_begin(app->db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return NULL;
    if (feedback_add(app->db, feedback, &kept, error) && db_commit(app->db, error))
        return kept;
    db_rollback(app->db);
    json_decref(kept);
    return NULL;
}

static int say(struct app *app, json_t *kept)
{
    const char *enterprise = json_string_value(json_object_get(kept, "enterprise"));
    const char *answer = json_string_value(json_object_get(kept, "answer"));
    if (app->json) {
        app_print_json(kept);
        return APP_DONE;
    }
    if (!json_is_true(json_object_get(kept, "recorded")))
        printf(app->chinese ? "早已记录：%s 答复 %s\n" : "known already: %s answered %s\n",
               enterprise, answer);
    else if (g_str_equal(answer, "stop"))
        printf(app->chinese ? "已记录：%s 要求停止，不再向其推送，撤回待发 %d 条\n"
                            : "recorded: %s said stop; nothing more is pushed to it, %d "
                              "waiting were withdrawn\n",
               enterprise, (int)json_integer_value(json_object_get(kept, "withdrawn")));
    else
        printf(app->chinese ? "已记录：%s 答复 %s\n" : "recorded: %s answered %s\n", enterprise,
               answer);
    json_decref(kept);
    return APP_DONE;
}

/* The lead's id stands first; a negative one would be mistaken for an option. */
static bool take_lead(int *argc, char **argv, struct lead_id *out)
{
    for (int i = 1; i < *argc; i++)
        if (lead_id_read(argv[i], out)) {
            for (; i + 1 < *argc; i++)
                argv[i] = argv[i + 1];
            (*argc)--;
            return true;
        }
    return false;
}

int command_feedback(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *because = NULL, *note = NULL, *by = NULL, *usage = usage_text();
    gboolean invented = FALSE;
    struct lead_id lead;
    const GOptionEntry entries[] = {
        {"because", 0, 0, G_OPTION_ARG_STRING, &because, NULL, NULL},
        {"note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, NULL},
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &invented, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    bool found = take_lead(&argc, argv, &lead);
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (!found || argc != 2 || !is_answer(argv[1]) || (because && !because_is(because))) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    struct feedback feedback = {.lead = lead,
                                .answer = argv[1],
                                .because = because,
                                .note = note,
                                .by = by ? by : g_get_user_name(),
                                .invented = invented};
    json_t *kept = record(app, &feedback, error);
    return kept ? say(app, kept) : APP_FAILED;
}
