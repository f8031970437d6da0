#include "service/cli/commands.h"
#include "service/daemon/sending.h"
#include "service/steps/filter.h"
#include "sql/outbox.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge push [--once] [--floor FIT] [--ignore-quiet]\n"
    "patbridge push --dead                       lists dead letters\n"
    "patbridge push --replay (OUTBOX_ID… | --dead)  puts them back; then push sends them\n\n"
    "Makes pushes of accepted leads (inbox, and webhook where the enterprise has an endpoint) "
    "and sends what is due; --once ends "
    "when nothing is due, without it the command goes on until it is interrupted.\n"
    "Leads whose fit is under the floor (--floor, setting fit_floor, else 0) are held back, as "
    "are those that the conditions, the "
    "enterprise's weekly limit or its \"stop\" forbid; why is said.\n"
    "Settings: fit_floor; ignore_quiet (true: send in quiet hours too; what was put off before "
    "stays so); allow_private "
    "(\"host:port, …\": the only addresses in a "
    "private network that are sent to); public_url (front of links); key_file "
    "(var/secret.key).";

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* ---- What was done */

static void print_json(const struct push_report *report)
{
    app_print_json(json_pack("{s:i, s:i, s:O, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:s?}", "made",
                             report->made, "outbox", report->wires, "held", report->held,
                             "accepted", report->accepted, "retry", report->retried, "dead",
                             report->dead, "endpoints_off", report->off, "quiet", report->quiet,
                             "waiting", report->waiting, "dead_letters", report->dead_letters,
                             "next", report->next));
}

static void print_held(const struct push_report *report, bool chinese)
{
    const char *reason;
    json_t *count;
    json_object_foreach(report->held, reason, count)
    {
        const char *sentence = filter_sentence(reason, chinese);
        if (g_str_equal(reason, "weekly_limit"))
            sentence =
                chinese ? "已达该企业每周推送上限" : "the enterprise's weekly limit is reached";
        else if (g_str_equal(reason, "below_floor"))
            sentence = chinese ? "契合度低于下限" : "the fit is under the floor";
        printf(chinese ? "  暂不推送 %d 条：%s\n" : "  held back %d: %s\n",
               (int)json_integer_value(count), sentence ? sentence : reason);
    }
}

static void print_report(const struct push_report *report, bool chinese)
{
    printf(chinese ? "生成推送 %d 条（收件箱），待外发 %d 条\n"
                   : "pushes made: %d (inbox), of which over a wire: %d\n",
           report->made, report->wires);
    print_held(report, chinese);
    printf(
        chinese
            ? "对方已接收 %d 次，待重试 %d 次，死信 %d 条，停用端点 %d 个，因免打扰顺延 %d 条\n"
            : "accepted %d, to be tried again %d, dead %d, endpoints turned off %d, put off "
              "for quiet hours %d\n",
        report->accepted, report->retried, report->dead, report->off, report->quiet);
    if (report->waiting > 0)
        printf(chinese ? "仍在等待 %d 条，最早 %s\n" : "waiting: %d, the first at %s\n",
               report->waiting,
               report->next ? report->next
                            : (chinese ? "正由其他进程发送" : "once in another's hands"));
    if (report->dead_letters > 0)
        printf(chinese ? "死信共 %d 条：patbridge push --dead\n"
                       : "dead letters: %d; see patbridge push --dead\n",
               report->dead_letters);
}

/* ---- Running */

static void pause_between(void)
{
    for (int i = 0; i < 20 && !interrupted; i++)
        g_usleep(G_USEC_PER_SEC / 10);
}

static int run(struct app *app, struct sending *sending, bool once, GError **error)
{
    bool good;
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    do {
        struct push_report report = {0};
        sending_today(sending);
        good = push_run(app->db, &sending->options, &report, error);
        bool news =
            report.made || report.accepted || report.retried || report.dead || report.quiet;
        if (report.held && app->json && (once || news))
            print_json(&report);
        else if (report.held && (once || news))
            print_report(&report, app->chinese);
        fflush(stdout);
        push_report_clear(&report);
        if (good && !once)
            pause_between();
    } while (good && !once && !interrupted);
    return good ? APP_DONE : APP_FAILED;
}

static int send_due(struct app *app, bool once, double floor, bool ignore_quiet, GError **error)
{
    g_auto(sending_t) sending = {0};
    if (!app_db(app, error) || !sending_init(&sending, app, floor, error) ||
        !app_agency_or_all(app, &sending.options.agency_id, error))
        return APP_FAILED;
    sending.options.ignore_quiet |= ignore_quiet;
    if (sending.options.ignore_quiet)
        fputs(app->chinese ? "注意：不理会企业的免打扰时段（演示用）\n"
                           : "note: the enterprises' quiet hours are ignored (meant for the "
                             "demonstration)\n",
              stderr);
    return run(app, &sending, once, error);
}

/* ---- Dead letters */

static int list_dead(struct app *app, const json_t *dead)
{
    size_t i;
    json_t *row;
    if (app->json) {
        app_print_json(json_deep_copy(dead));
        return APP_DONE;
    }
    json_array_foreach(dead, i, row)
        printf("%s\t%s\t%d\t%d\t%s\n", text_of(row, "outbox_id"), text_of(row, "finished_at"),
               (int)json_integer_value(json_object_get(row, "attempts")),
               (int)json_integer_value(json_object_get(row, "status")),
               text_of(row, "error") ? text_of(row, "error") : "");
    printf(app->chinese ? "死信 %zu 条\n" : "%zu dead letters\n", json_array_size(dead));
    return APP_DONE;
}

static int replay(struct app *app, const json_t *dead, GError **error)
{
    g_autofree char *now = db_clock(app->db, error);
    int back = 0, refused = 0;
    for (size_t i = 0; now && i < json_array_size(dead); i++) {
        g_autoptr(GError) why = NULL;
        if (outbox_replay(app->db, json_array_get(dead, i), now, &why)) {
            back++;
        } else if (g_error_matches(why, SQL_ERROR, SQL_ERROR_STATE)) {
            refused++;
            fprintf(stderr, "patbridge: %s\n", why->message);
        } else {
            g_propagate_error(error, g_steal_pointer(&why));
            return APP_FAILED;
        }
    }
    if (!now || !db_commit(app->db, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:i, s:i}", "replayed", back, "refused", refused));
    else
        printf(app->chinese ? "重新排队 %d 条，未能重排 %d 条\n" : "put back %d, refused %d\n",
               back, refused);
    return refused ? APP_SOME_REFUSED : APP_DONE;
}

static int dead_letters(struct app *app, bool put_back, char **ids, GError **error)
{
    int agency_id;
    json_auto_t *wanted = ids ? json_array() : NULL;
    for (; ids && *ids; ids++) {
        if (!g_ascii_string_to_unsigned(*ids, 10, 1, G_MAXINT64, NULL, NULL)) {
            app_wrong_use(error, "'%s' is no outbox id; patbridge push --dead lists them",
                          *ids);
            return APP_FAILED;
        }
        json_array_append_new(wanted, json_string(*ids));
    }
    if (!app_db(app, error) || !app_agency_or_all(app, &agency_id, error) ||
        !db_begin(app->db, DB_ACROSS, 0, error))
        return APP_FAILED;
    json_auto_t *dead = outbox_dead(app->db, agency_id, wanted, error);
    int code = !dead ? APP_FAILED : put_back ? replay(app, dead, error) : list_dead(app, dead);
    db_rollback(app->db);
    if (code != APP_FAILED && wanted && json_array_size(dead) < json_array_size(wanted)) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                    "%zu of the ids named are no dead letters",
                    json_array_size(wanted) - json_array_size(dead));
        code = APP_FAILED;
    }
    return code;
}

int command_push(struct app *app, int argc, char **argv, GError **error)
{
    gboolean once = FALSE, ignore_quiet = FALSE, put_back = FALSE, dead = FALSE;
    double floor = -1;
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_NONE, &once, NULL, NULL},
        {"ignore-quiet", 0, 0, G_OPTION_ARG_NONE, &ignore_quiet, NULL, NULL},
        {"floor", 0, 0, G_OPTION_ARG_DOUBLE, &floor, NULL, NULL},
        {"replay", 0, 0, G_OPTION_ARG_NONE, &put_back, NULL, NULL},
        {"dead", 0, 0, G_OPTION_ARG_NONE, &dead, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if ((argc > 1) != (put_back && !dead)) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    if (put_back || dead)
        return dead_letters(app, put_back, argc > 1 ? argv + 1 : NULL, error);
    return send_due(app, once, floor, ignore_quiet, error);
}
