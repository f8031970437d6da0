#include "service/cli/commands.h"
#include "service/cli/policy.h"
#include "service/track/application.h"
#include "service/track/words.h"
#include "sql/agencies.h"
#include "sql/lead.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "patbridge export applications FILE.xlsx|FILE.pdf [--policy ID] [--as-of DAY] [--clause "
    "ID] [--lang zh|en]\n"
    "patbridge export evidence FILE.xlsx [--policy ID] [--as-of DAY] --metric NAME [--lang "
    "zh|en]\n"
    "patbridge export leads FILE.xlsx\n\n"
    "applications: the application file for an award, one file a clause and agency "
    "(FILE-CLAUSE-AGENCY.xlsx where there are "
    "several), with the figures, every counted row and every row left out. It takes a snapshot "
    "first, whose digest stands on every "
    "page. A .pdf is made by LibreOffice, where that is installed.\n"
    "evidence: the rows behind one metric. leads: the review queue.";

struct wanted {
    char *policy, *as_of, *clause, *lang, *metric;
    const char *what, *path;
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->policy);
    g_free(wanted->as_of);
    g_free(wanted->clause);
    g_free(wanted->lang);
    g_free(wanted->metric);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- Applications */

/* FILE-CLAUSE-AGENCY.xlsx where there are several. */
static char *path_of(const struct wanted *wanted, const json_t *clause, bool several)
{
    if (!several)
        return g_strdup(wanted->path);
    const char *dot = g_strrstr(wanted->path, ".");
    return g_strdup_printf("%.*s-%s-%s%s", (int)(dot - wanted->path), wanted->path,
                           text_of(clause, "id"), text_of(clause, "agency"), dot);
}

static bool is_wanted(const struct wanted *wanted, const json_t *clause)
{
    return (!wanted->clause || g_str_equal(wanted->clause, text_of(clause, "id"))) &&
           json_array_size(json_object_get(clause, "items")) > 0;
}

static bool write_one(struct app *app, const struct wanted *wanted, struct workbook_wish *wish,
                      bool several, GError **error)
{
    g_autofree char *path = path_of(wanted, wish->clause, several);
    if (!agencies_find(app->db, text_of(wish->clause, "agency"), &wish->agency_id, error))
        return false;
    bool written = application_write(path, wish, error);
    if (written && !app->json)
        printf("%s\n", path);
    return written;
}

static bool write_clauses(struct app *app, const struct wanted *wanted,
                          struct workbook_wish *wish, GError **error)
{
    const json_t *clauses = json_object_get(wish->document, "clauses");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(clauses); i++)
        count += is_wanted(wanted, json_array_get(clauses, i));
    if (!count) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "there is no clause '%s' with figures",
                    wanted->clause ? wanted->clause : "");
        return false;
    }
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        wish->clause = json_array_get(clauses, i);
        if (is_wanted(wanted, wish->clause) && !write_one(app, wanted, wish, count > 1, error))
            return false;
    }
    return true;
}

/* What would not be written is found out before a snapshot is taken, which stays. */
static bool check_wish(const struct wanted *wanted, const struct pack *pack, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(wanted->path);
    if (wanted->clause && !pack_clause(pack, wanted->clause)) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "policy '%s' has no clause '%s'",
                    pack->id, wanted->clause);
        return false;
    }
    if (g_access(folder, W_OK) == 0)
        return true;
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "could not write to the folder '%s': %s",
                folder, g_strerror(errno));
    return false;
}

static bool applications(struct app *app, const struct wanted *wanted, const struct pack *pack,
                         struct figures_request *request, GError **error)
{
    g_auto(sign_key_t) key = {0};
    g_autofree char *file = app_setting(app, "sign_key");
    struct application made = {0};
    if (!check_wish(wanted, pack, error) ||
        !sign_key_load(file ? file : "var/sign.key", &key, error) ||
        !application_begin(app->db, pack, request, &key, &made, error))
        return false;
    struct workbook_wish wish = {.db = app->db,
                                 .pack = pack,
                                 .document = made.document,
                                 .snapshot = made.shown,
                                 .papers = made.papers,
                                 .chinese = g_strcmp0(wanted->lang, "en") != 0};
    bool written = write_clauses(app, wanted, &wish, error);
    application_clear(&made);
    return written;
}

/* ---- Lists */

static char *words_of(const json_t *list, bool chinese)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        g_string_append_printf(text, "%s%s", i ? "；" : "",
                               track_word(json_string_value(json_array_get(list, i)), chinese));
    return g_strdup(text->str);
}

static char *paper_names(const json_t *documents)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(documents); i++)
        g_string_append_printf(text, "%s%s", i ? "；" : "",
                               text_of(json_array_get(documents, i), "file"));
    return g_strdup(text->str);
}

/* How much a row is, in pieces or yuan; NULL of a metric whose rows are one each. */
static json_t *amount_of(const json_t *document, const json_t *row)
{
    json_int_t amount = json_integer_value(json_object_get(row, "amount"));
    if (!json_object_get(row, "amount"))
        return NULL;
    return json_object_get(document, "unit") ? json_real((double)amount / 100)
                                             : json_integer(amount);
}

/* A row with words where it has codes. */
static json_t *shown_row(const json_t *document, json_t *row, bool chinese)
{
    static const char *const yes_no[] = {"counted", "invented", "late", "unknown"};
    const char *metric = text_of(document, "metric");
    g_autofree char *why = words_of(json_object_get(row, "reasons"), chinese);
    g_autofree char *also = words_of(json_object_get(row, "also_in"), chinese);
    g_autofree char *papers = paper_names(json_object_get(row, "documents"));
    json_t *shown = json_copy(row), *amount = amount_of(document, row);
    for (size_t i = 0; i < G_N_ELEMENTS(yes_no); i++)
        json_object_set_new(
            shown, yes_no[i],
            json_string(track_word(json_is_true(json_object_get(row, yes_no[i])) ? "yes" : "no",
                                   chinese)));
    json_object_set_new(shown, "label",
                        json_string(track_shown(metric, row, "label", chinese)));
    json_object_set_new(shown, "whose",
                        json_string(track_shown(metric, row, "whose", chinese)));
    json_object_set_new(shown, "reasons", json_string(why));
    json_object_set_new(shown, "also_in", json_string(also));
    json_object_set_new(shown, "documents", json_string(papers));
    if (amount)
        json_object_set_new(shown, "amount", amount);
    return shown;
}

static bool evidence(struct app *app, const struct wanted *wanted, const struct pack *pack,
                     const struct figures_request *request, GError **error)
{
    static const struct workbook_column columns[] = {
        {"机构 agency", "agency", 10},
        {"编号 key", "key", 26},
        {"内容 what", "label", 40},
        {"主体 whose", "whose", 26},
        {"日期 date", "claimed_date", 11},
        {"记录于 recorded", "recorded_at", 20},
        {"批次 batch", "batch", 9},
        {"计入 counted", "counted", 9},
        {"原因 reasons", "reasons", 30},
        {"数额（件或元） amount (pieces or yuan)", "amount", 16},
        {"也计入条款 also in", "also_in", 12},
        {"虚构 invented", "invented", 9},
        {"迟录 late", "late", 9},
        {"不明 unknown", "unknown", 9},
        {"材料 documents", "documents", 24},
        {"依据 detail", "detail", 50},
        {NULL, NULL, 0}};
    json_auto_t *document = figures_evidence(app->db, pack, request, wanted->metric, 0, error);
    json_auto_t *shown = json_array();
    const json_t *rows = json_object_get(document, "rows");
    bool chinese = g_strcmp0(wanted->lang, "en") != 0;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(shown, shown_row(document, json_array_get(rows, i), chinese));
    return document && workbook_list(wanted->path, wanted->metric, columns, shown, error);
}

static bool leads(struct app *app, const struct wanted *wanted, int agency_id, GError **error)
{
    static const struct workbook_column columns[] = {{"线索 lead", "lead", 30},
                                                     {"状态 state", "state", 10},
                                                     {"需求 need", "need", 14},
                                                     {"需求内容 need", "need_title", 40},
                                                     {"企业 enterprise", "enterprise", 26},
                                                     {"专利 patent", "patent", 20},
                                                     {"专利名称 title", "patent_title", 40},
                                                     {"法律状态 status", "legal_status", 10},
                                                     {"评分 score", "score", 10},
                                                     {"概率 probability", "probability", 10},
                                                     {"理由 reasons", "reasons", 60},
                                                     {NULL, NULL, 0}};
    enum { MOST = 1000000 }; /* rows of a sheet */
    const struct lead_filter all = {.agency_id = agency_id, .limit = MOST};
    json_auto_t *rows =
        db_begin(app->db, DB_READONLY, 0, error) ? lead_list(app->db, &all, error) : NULL;
    db_rollback(app->db); /* it only read */
    return rows && workbook_list(wanted->path, "leads", columns, rows, error);
}

/* ---- */

static bool run(struct app *app, const struct wanted *wanted, GError **error)
{
    g_autofree char *today = app_today();
    struct figures_request request = {.as_of = wanted->as_of, .today = today};
    if (!app_db(app, error) || !app_agency_or_all(app, &request.agency_id, error))
        return false;
    if (g_str_equal(wanted->what, "leads"))
        return leads(app, wanted, request.agency_id, error);
    g_autoptr(pack_t) pack = policy_open(app, wanted->policy, error);
    if (!pack)
        return false;
    return g_str_equal(wanted->what, "evidence")
               ? evidence(app, wanted, pack, &request, error)
               : applications(app, wanted, pack, &request, error);
}

static bool check(int argc, char **argv, struct wanted *wanted, GError **error)
{
    static const char *const known[] = {"applications", "evidence", "leads", NULL};
    if (argc != 3 || !g_strv_contains(known, argv[1]))
        return app_wrong_use(error, "%s", usage);
    wanted->what = argv[1];
    wanted->path = argv[2];
    bool is_pdf = g_str_has_suffix(argv[2], ".pdf") && g_str_equal(argv[1], "applications");
    if (!is_pdf && !g_str_has_suffix(argv[2], ".xlsx"))
        return app_wrong_use(error, "'%s': expected a name that ends in .xlsx", argv[2]);
    if (g_str_equal(argv[1], "evidence") && !wanted->metric)
        return app_wrong_use(error, "export evidence needs --metric NAME");
    if (wanted->lang && !g_strv_contains((const char *const[]){"zh", "en", NULL}, wanted->lang))
        return app_wrong_use(error, "--lang '%s': expected zh or en", wanted->lang);
    if (wanted->as_of && !figures_is_day(wanted->as_of))
        return app_wrong_use(error, "--as-of '%s' is no day; expected 2025-06-30",
                             wanted->as_of);
    return true;
}

int command_export(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"policy", 0, 0, G_OPTION_ARG_STRING, &wanted.policy, NULL, NULL},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &wanted.as_of, NULL, NULL},
        {"clause", 0, 0, G_OPTION_ARG_STRING, &wanted.clause, NULL, NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &wanted.lang, NULL, NULL},
        {"metric", 0, 0, G_OPTION_ARG_STRING, &wanted.metric, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    bool done = app_options(&argc, &argv, entries, usage, error) &&
                check(argc, argv, &wanted, error) && run(app, &wanted, error);
    wanted_clear(&wanted);
    return done ? APP_DONE : APP_FAILED;
}
