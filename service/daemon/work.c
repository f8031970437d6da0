/* work.c - the steps themselves, and the table of them. Each may be run again at any time with the same end. */
#include "service/daemon/sending.h"
#include "service/daemon/steps.h"
#include "service/steps/match_part.h"
#include "sql/agencies.h"
#include "sql/api_answer.h"
#include "sql/endpoint.h"
#include "sql/lead.h"
#include "sql/page.h"
#include "sql/signin.h"
#include "sql/track.h"

enum { LEADS_A_NEED = 10, LEADS_MOST = 1000 };

/* ---- match */

static bool read_k(const struct app *app, int *out, GError **error)
{
    g_autofree char *text = app_setting(app, "leads_a_need");
    guint64 k = LEADS_A_NEED;
    if (text && !g_ascii_string_to_unsigned(text, 10, 1, LEADS_MOST, &k, NULL))
        return app_wrong_use(error, "the setting leads_a_need is a number from 1 to %d",
                             LEADS_MOST);
    *out = (int)k;
    return true;
}

static bool match_one(struct step_work *work, struct match_options *options, int64_t *proposed,
                      GError **error)
{
    struct match_report report = {0};
    bool moved;
    bool done = work->parts > 1 ? match_run_part(work->db, options, work->part, work->parts,
                                                 &report, &moved, error)
                                : match_run(work->db, options, &report, error);
    *proposed += report.proposed;
    match_report_clear(&report);
    return done;
}

/* Of all agencies together; the longest wait is that of one. */
static void add_figures(struct step_work *work, int agency_id, struct living_figures *sum)
{
    struct living *living = living_of(work->store, agency_id, NULL);
    struct living_figures own = living ? living_figures(living) : (struct living_figures){0};
    sum->docs += own.docs;
    sum->deleted += own.deleted;
    sum->parts += own.parts;
    sum->merges += own.merges;
    sum->bytes += own.bytes;
    sum->longest_us = MAX(sum->longest_us, own.longest_us);
}

static void tell_figures(struct step_work *work, const struct living_figures *sum)
{
    const struct {
        const char *name;
        int64_t value;
    } gauges[] = {{"index_bytes", sum->bytes},     {"index_patents", sum->docs},
                  {"index_deleted", sum->deleted}, {"index_parts", sum->parts},
                  {"index_merges", sum->merges},   {"index_longest_wait_us", sum->longest_us}};
    for (size_t i = 0; sum->parts > 0 && i < G_N_ELEMENTS(gauges); i++)
        json_object_set_new(work->gauges, gauges[i].name, json_integer(gauges[i].value));
}

static bool run_match(struct step_work *work, GError **error)
{
    g_autofree char *today = app_today();
    struct match_options options = {
        .today = today, .store = work->store, .stop = work->stop, .user = work->user};
    struct living_figures figures = {0};
    int64_t proposed = 0;
    json_auto_t *agencies =
        read_k(work->app, &options.k, error) ? agencies_list(work->db, error) : NULL;
    bool done = agencies != NULL;
    for (size_t i = 0; done && i < json_array_size(agencies) && !work->stop(work->user); i++) {
        const json_t *agency = json_array_get(agencies, i);
        options.agency_id = (int)g_ascii_strtoll(
            json_string_value(json_object_get(agency, "agency_id")), NULL, 10);
        done = match_one(work, &options, &proposed, error);
        add_figures(work, options.agency_id, &figures);
    }
    tell_figures(work, &figures);
    if (proposed > 0)
        g_string_append_printf(work->news, "%" G_GINT64_FORMAT " leads proposed", proposed);
    return done;
}

/* ---- push */

static bool run_push(struct step_work *work, GError **error)
{
    struct push_report report = {0};
    g_auto(sending_t) sending = {0};
    if (!sending_init(&sending, work->app, -1, error))
        return false;
    sending.options.stop = work->stop;
    sending.options.stop_user = work->user;
    bool done = push_run(work->db, &sending.options, &report, error);
    if (report.made || report.accepted || report.sent || report.retried || report.dead)
        g_string_append_printf(
            work->news, "%d made, %d accepted, %d taken, %d to be tried again, %d dead",
            report.made, report.accepted, report.sent, report.retried, report.dead);
    push_report_clear(&report);
    return done;
}

/* ---- expire */

static bool expire_leads(struct step_work *work, GError **error)
{
    g_autofree char *today = app_today();
    int count = 0;
    if (!db_begin(work->db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *now = db_clock(work->db, error);
    if (!now || !endpoint_forget(work->db, now, error) ||
        !lead_expire(work->db, today, &count, error) || !db_commit(work->db, error)) {
        db_rollback(work->db);
        return false;
    }
    if (count > 0)
        g_string_append_printf(work->news, "%d proposals expired", count);
    return true;
}

static bool forget_signins(struct step_work *work, GError **error)
{
    g_autofree char *now = db_clock(work->db, error);
    return now && signin_forget(work->db, now, error);
}

static bool run_expire(struct step_work *work, GError **error)
{
    return expire_leads(work, error) &&
           api_answer_expire(work->db, g_get_real_time() / G_USEC_PER_SEC, error) &&
           forget_signins(work, error);
}

/* ---- statistics */

static bool run_statistics(struct step_work *work, GError **error)
{
    if (!track_compare_needs(work->db, *work->mark, work->mark, error) ||
        !db_begin(work->db, DB_ACROSS, 0, error))
        return false;
    json_auto_t *gauges = page_gauges(work->db, error);
    db_rollback(work->db);
    if (gauges)
        json_object_update(work->gauges, gauges);
    return gauges != NULL;
}

/* ---- The table. Topics are the kinds of the ledger's entries, and "lead". */

static const char *const match_topics[] = {"load", "feedback", "erase", "share", NULL},
                         *const push_topics[] = {"lead", "endpoint", NULL},
                         *const expire_topics[] = {"load", NULL},
                         *const statistics_topics[] = {"load", NULL};

static const struct step steps[] = {
    {"match", 60, 0, match_topics, run_match, "proposes leads for what is new"},
    {"push", 5, 0, push_topics, run_push,
     "makes pushes of accepted leads, and sends what is due"},
    {"expire", 300, 10000, expire_topics, run_expire,
     "ends proposals of needs and rights that stand no longer, forgets kept answers"},
    {"statistics", 60, 30000, statistics_topics, run_statistics,
     "compares needs that are alike, counts for /metrics"},
};

const struct step *steps_all(size_t *count)
{
    *count = G_N_ELEMENTS(steps);
    return steps;
}

bool steps_is_wanted(const char *wanted, const char *name)
{
    if (g_str_equal(wanted, "all"))
        return true;
    g_auto(GStrv) names = g_strsplit(wanted, ",", -1);
    return g_strv_contains((const char *const *)names, name);
}

bool steps_check(const char *wanted, GError **error)
{
    g_auto(GStrv) names = g_strsplit(wanted, ",", -1);
    if (g_str_equal(wanted, "all") || g_str_equal(wanted, "none"))
        return true;
    for (char **name = names; *name; name++) {
        bool found = false;
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
            found |= g_str_equal(steps[i].name, *name);
        if (!found)
            return app_wrong_use(error, "there is no step '%s'; `patbridge serve --help`",
                                 *name);
    }
    return true;
}
