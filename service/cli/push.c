#include "service/cli/commands.h"
#include "service/cli/letters.h"
#include "service/daemon/sending.h"
#include "service/steps/filter.h"
#include "sql/outbox.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge push [--once] [--floor FIT] [--interest P] [--ignore-quiet]\n"
    "patbridge push --log [--since MOMENT] [--enterprise USCC] [--limit N]  what was sent, and "
    "what came back\n"
    "patbridge push --dead                       lists dead letters\n"
    "patbridge push --replay (OUTBOX_ID… | --dead | --since MOMENT)  puts them back, with what "
    "arrived since then; then push "
    "sends them,\n"
    "                                            under the same ids: a receiver knows what it "
    "has seen\n\n"
    "Makes pushes of accepted leads (inbox, and where the enterprise has endpoints) "
    "and sends what is due; --once ends "
    "when nothing is due, without it the command goes on until it is interrupted.\n"
    "Leads whose fit is under the floor (--floor, setting fit_floor, else 0) are held back, or "
    "whose probability "
    "of \"interested\" is under the other (--interest, setting interest_floor, else 0), as "
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

/* ---- What was done */

static void print_json(const struct push_report *report)
{
    app_print_json(json_pack("{s:i, s:i, s:O, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:s?}",
                             "made", report->made, "outbox", report->wires, "held",
                             report->held, "accepted", report->accepted, "sent", report->sent,
                             "retry", report->retried, "dead", report->dead, "endpoints_off",
                             report->off, "quiet", report->quiet, "waiting", report->waiting,
                             "dead_letters", report->dead_letters, "next", report->next));
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
        else if (g_str_equal(reason, "below_interest"))
            sentence = chinese ? "感兴趣的概率低于下限"
                               : "the probability of \"interested\" is under its floor";
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
    printf(chinese ? "对方已接收 %d 次，平台已收下 %d 次，待重试 %d 次，死信 %d 条，停用端点 "
                     "%d 个，因免打扰顺延 %d 条\n"
                   : "accepted %d, taken by a platform or relay %d, to be tried again %d, dead "
                     "%d, endpoints turned off %d, put off "
                     "for quiet hours %d\n",
           report->accepted, report->sent, report->retried, report->dead, report->off,
           report->quiet);
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

static int send_due(struct app *app, bool once, const double floors[2], bool ignore_quiet,
                    GError **error)
{
    g_auto(sending_t) sending = {0};
    if (!app_db(app, error) || !sending_init(&sending, app, floors[0], error) ||
        !app_agency_or_all(app, &sending.options.agency_id, error))
        return APP_FAILED;
    if (floors[1] > 1)
        return app_wrong_use(error, "--interest is a number from 0 to 1"), APP_FAILED;
    if (floors[1] >= 0)
        sending.options.interest_floor = floors[1];
    sending.options.ignore_quiet |= ignore_quiet;
    if (sending.options.ignore_quiet)
        fputs(app->chinese ? "注意：不理会企业的免打扰时段（演示用）\n"
                           : "note: the enterprises' quiet hours are ignored (meant for the "
                             "demonstration)\n",
              stderr);
    return run(app, &sending, once, error);
}

static bool check_use(const struct letters_asked *asked, GError **error)
{
    bool choice = asked->ids || asked->dead || asked->since;
    if (asked->log && !asked->ids && !asked->dead && !asked->replay && asked->limit > 0)
        return true;
    if (!asked->log && asked->replay && !asked->uscc && choice)
        return true;
    if (!asked->log && !asked->replay && !asked->uscc && !asked->ids && !asked->since)
        return true;
    return app_wrong_use(error, "%s", usage);
}

int command_push(struct app *app, int argc, char **argv, GError **error)
{
    gboolean once = FALSE, ignore_quiet = FALSE, put_back = FALSE, dead = FALSE, log = FALSE;
    g_autofree char *since = NULL, *uscc = NULL;
    double floors[2] = {-1, -1}; /* on fit, on probability */
    int limit = 100;
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_NONE, &once, NULL, NULL},
        {"ignore-quiet", 0, 0, G_OPTION_ARG_NONE, &ignore_quiet, NULL, NULL},
        {"floor", 0, 0, G_OPTION_ARG_DOUBLE, &floors[0], NULL, NULL},
        {"interest", 0, 0, G_OPTION_ARG_DOUBLE, &floors[1], NULL, NULL},
        {"replay", 0, 0, G_OPTION_ARG_NONE, &put_back, NULL, NULL},
        {"dead", 0, 0, G_OPTION_ARG_NONE, &dead, NULL, NULL},
        {"log", 0, 0, G_OPTION_ARG_NONE, &log, NULL, NULL},
        {"since", 0, 0, G_OPTION_ARG_STRING, &since, NULL, NULL},
        {"enterprise", 0, 0, G_OPTION_ARG_STRING, &uscc, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    const struct letters_asked asked = {log,   dead, put_back, argc > 1 ? argv + 1 : NULL,
                                        since, uscc, limit};
    if (!check_use(&asked, error))
        return APP_FAILED;
    if (put_back || dead || log)
        return letters_run(app, &asked, error);
    return send_due(app, once, floors, ignore_quiet, error);
}
