#include "service/cli/aspects.h"
#include "service/cli/commands.h"
#include "service/steps/interest.h"
#include "sql/lead.h"
#include <stdio.h>
#include <string.h>

static const char list_usage[] =
    "patbridge leads [--state proposed|accepted|rejected|pushed|superseded|all] [--need ID] "
    "[--limit N]\n\n"
    "The review queue, best first: proposed leads unless --state says otherwise; --need takes "
    "the need's id or the agency's name "
    "for it. The probability of \"interested\" is a prior until `train "
    "--feedback` has learned from answers; what it rests on, and how sure it is, stands beside "
    "it.";

static const char decide_usage[] =
    "patbridge lead accept|reject ID… [--reason TEXT] [--by NAME]\n"
    "patbridge lead accept --above FIT --by NAME [--stand-in]\n\n"
    "ID is PATENTID-NEEDID, as `leads` shows it. Saying the same again changes nothing. A lead "
    "that was pushed can't be rejected.\n"
    "--above accepts every proposed lead from that fit on (0 to 1). --stand-in says, and "
    "records, that nobody looked: it takes the "
    "place of a person's review in the demonstration.";

enum { LIMIT = 50, REASONS_SHOWN = 3 };

/* ---- The queue */

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* A class by its symbol and what it is called. */
static void print_reason(const json_t *reason, const char *before)
{
    const char *title = text_of(reason, "title");
    printf("%s%s%s%s", before, text_of(reason, "text"), *title ? " " : "", title);
}

static void print_reasons(const json_t *reasons, bool chinese)
{
    fputs(chinese ? "    理由：" : "    because: ", stdout);
    for (size_t i = 0; i < json_array_size(reasons) && i < REASONS_SHOWN; i++)
        print_reason(json_array_get(reasons, i), i ? (chinese ? "；" : "; ") : "");
    if (json_array_size(reasons) > REASONS_SHOWN)
        printf(chinese ? " 等 %zu 项" : " (of %zu)", json_array_size(reasons));
    putchar('\n');
}

static void print_twins(const json_t *twins, bool chinese)
{
    if (json_array_size(twins) == 0)
        return;
    printf(chinese ? "    同族或同一申请人内容相近的专利（已合并显示）："
                   : "    of its family, or nearly the same by the same applicant: ");
    for (size_t i = 0; i < json_array_size(twins); i++)
        printf("%s%s", i ? ", " : "", json_string_value(json_array_get(twins, i)));
    printf("\n");
}

static void print_lead(const json_t *row, bool chinese)
{
    printf("%s  %s%s\n", text_of(row, "lead"), text_of(row, "state"),
           json_is_true(json_object_get(row, "invented"))
               ? (chinese ? "  [虚构数据]" : "  [invented data]")
               : "");
    printf(chinese ? "    需求：%s %s（%s）\n" : "    need:    %s %s (%s)\n",
           text_of(row, "need"), text_of(row, "need_title"), text_of(row, "enterprise"));
    printf(chinese ? "    专利：%s %s\n" : "    patent:  %s %s\n", text_of(row, "patent"),
           text_of(row, "patent_title"));
    printf(chinese ? "    契合度 %.0f%%，感兴趣概率 %.0f%%（%s）\n"
                   : "    fit %.0f%%, probability of \"interested\" %.0f%% (%s)\n",
           100 * json_real_value(json_object_get(row, "fit")),
           100 * json_real_value(json_object_get(row, "probability")),
           interest_basis(row, chinese));
    print_reasons(json_object_get(row, "reasons"), chinese);
    aspects_print(json_object_get(row, "aspects"), chinese);
    print_twins(json_object_get(row, "twins"), chinese);
    if (*text_of(row, "decided_by"))
        printf(chinese ? "    决定：%s %s\n" : "    decided: by %s: %s\n",
               text_of(row, "decided_by"), text_of(row, "decision_reason"));
}

/* One agency's transaction, or one of all. */
static bool begin(struct app *app, int *agency_id, GError **error)
{
    return app_db(app, error) && app_agency_or_all(app, agency_id, error) &&
           db_begin(app->db, *agency_id ? DB_SERVICE : DB_ACROSS, *agency_id, error);
}

static bool is_state(const char *state)
{
    static const char *const states[] = {"proposed",   "accepted", "rejected", "pushed",
                                         "superseded", "all",      NULL};
    return g_strv_contains(states, state);
}

static json_t *read_queue(struct app *app, struct lead_filter *filter, GError **error)
{
    if (!begin(app, &filter->agency_id, error))
        return NULL;
    json_t *rows = lead_list(app->db, filter, error);
    db_rollback(app->db);
    return rows;
}

static void print_queue(struct app *app, json_t *rows)
{
    if (app->json) {
        for (size_t i = 0; i < json_array_size(rows); i++)
            json_object_set_new(json_array_get(rows, i), "probability_basis",
                                json_string(interest_basis(json_array_get(rows, i), false)));
        app_print_json(json_incref(rows));
        return;
    }
    for (size_t i = 0; i < json_array_size(rows); i++)
        print_lead(json_array_get(rows, i), app->chinese);
    printf(app->chinese ? "共 %zu 条\n" : "%zu leads\n", json_array_size(rows));
}

int command_leads(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *state = NULL, *need = NULL;
    int limit = LIMIT;
    const GOptionEntry entries[] = {
        {"state", 0, 0, G_OPTION_ARG_STRING, &state, NULL, NULL},
        {"need", 0, 0, G_OPTION_ARG_STRING, &need, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, list_usage, error))
        return APP_FAILED;
    if (argc > 1 || limit < 1 || (state && !is_state(state))) {
        app_wrong_use(error, "%s", list_usage);
        return APP_FAILED;
    }
    struct lead_filter filter = {
        .state = state ? state : "proposed", .need = need, .limit = limit};
    if (g_str_equal(filter.state, "all"))
        filter.state = NULL;
    json_auto_t *rows = read_queue(app, &filter, error);
    if (rows)
        print_queue(app, rows);
    return rows ? APP_DONE : APP_FAILED;
}

/* ---- Decisions */

/* Takes the ids out of the command line: a negative one would be mistaken for an option. */
static GArray *take_ids(int *argc, char **argv)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(struct lead_id));
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        struct lead_id id;
        if (i > 0 && lead_id_read(argv[i], &id))
            g_array_append_val(ids, id);
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    return ids;
}

struct tally {
    int decided, already, refused;
};

/* Each in a transaction of its own: one that can't be decided does not hold up the others. */
static bool decide_one(struct app *app, int agency_id, const struct lead_id *id,
                       const struct lead_decision *decision, enum lead_outcome *outcome,
                       GError **error)
{
    if (!db_begin(app->db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return false;
    if (lead_decide(app->db, id, decision, outcome, error) && db_commit(app->db, error))
        return true;
    db_rollback(app->db);
    return false;
}

static bool decide_all(struct app *app, int agency_id, const GArray *ids,
                       const struct lead_decision *decision, struct tally *tally,
                       GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(GError) why = NULL;
        enum lead_outcome outcome = LEAD_DECIDED;
        bool done = decide_one(app, agency_id, &g_array_index(ids, struct lead_id, i), decision,
                               &outcome, &why);
        bool refused = why && why->domain == SQL_ERROR &&
                       (why->code == SQL_ERROR_STATE || why->code == SQL_ERROR_NOT_FOUND);
        if ((!done && !refused) || (refused && ids->len == 1)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        if (refused)
            fprintf(stderr, "patbridge: %s\n", why->message);
        tally->refused += refused;
        tally->decided += done && outcome == LEAD_DECIDED;
        tally->already += done && outcome == LEAD_ALREADY;
    }
    return true;
}

static int say_tally(struct app *app, const struct tally *tally)
{
    if (app->json)
        app_print_json(json_pack("{s:i, s:i, s:i}", "decided", tally->decided, "already",
                                 tally->already, "refused", tally->refused));
    else
        printf(app->chinese ? "已决定 %d 条，早已如此 %d 条，未能决定 %d 条\n"
                            : "decided %d, already so %d, refused %d\n",
               tally->decided, tally->already, tally->refused);
    return tally->refused ? APP_SOME_REFUSED : APP_DONE;
}

static int accept_above(struct app *app, double fit, const char *by, bool stand_in,
                        GError **error)
{
    struct tally tally = {0};
    int agency_id;
    g_autofree char *reason =
        stand_in ? g_strdup_printf("演示：代替人工审核，契合度不低于 %.2f / demonstration: a "
                                   "stand-in for a person's review, "
                                   "fit from %.2f on",
                                   fit, fit)
                 : g_strdup_printf("契合度不低于 %.2f / fit from %.2f on", fit, fit);
    if (!begin(app, &agency_id, error))
        return APP_FAILED;
    g_autofree char *now = db_clock(app->db, error);
    const struct lead_decision decision = {
        .verdict = LEAD_ACCEPT, .by = by, .reason = reason, .now = now};
    if (!now || !lead_accept_above(app->db, agency_id, fit, &decision, &tally.decided, error) ||
        !db_commit(app->db, error)) {
        db_rollback(app->db);
        return APP_FAILED;
    }
    if (stand_in)
        fprintf(stderr,
                app->chinese ? "注意：%s 代替人工审核，没有人看过这些线索（演示用）\n"
                             : "note: %s stands in for a person's review; nobody has looked at "
                               "these leads\n",
                by);
    return say_tally(app, &tally);
}

static int decide_named(struct app *app, enum lead_verdict verdict, const GArray *ids,
                        const char *by, const char *reason, GError **error)
{
    struct tally tally = {0};
    int agency_id;
    if (!app_db(app, error) || !app_agency_or_all(app, &agency_id, error))
        return APP_FAILED;
    g_autofree char *now = db_clock(app->db, error);
    const struct lead_decision decision = {
        .verdict = verdict, .by = by ? by : g_get_user_name(), .reason = reason, .now = now};
    if (!now || !decide_all(app, agency_id, ids, &decision, &tally, error))
        return APP_FAILED;
    return say_tally(app, &tally);
}

int command_lead(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *by = NULL, *reason = NULL;
    gboolean stand_in = FALSE;
    double above = -1;
    const GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, NULL, NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL},
        {"above", 0, 0, G_OPTION_ARG_DOUBLE, &above, NULL, NULL},
        {"stand-in", 0, 0, G_OPTION_ARG_NONE, &stand_in, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GArray) ids = take_ids(&argc, argv);
    if (!app_options(&argc, &argv, entries, decide_usage, error))
        return APP_FAILED;
    bool accept = argc == 2 && g_str_equal(argv[1], "accept"),
         reject = argc == 2 && g_str_equal(argv[1], "reject");
    if (above >= 0 && above <= 1 && accept && ids->len == 0 && by && *by)
        return accept_above(app, above, by, stand_in, error);
    if (above < 0 && (accept || reject) && ids->len > 0 && !stand_in)
        return decide_named(app, accept ? LEAD_ACCEPT : LEAD_REJECT, ids, by, reason, error);
    app_wrong_use(error, "%s", decide_usage);
    return APP_FAILED;
}
