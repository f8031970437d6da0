#include "service/steps/match.h"
#include "loader/identifier.h"
#include "service/cli/commands.h"
#include "service/cli/explain.h"
#include "service/cli/index.h"
#include "service/cli/why_not.h"
#include "service/steps/explain.h"
#include "service/steps/filter.h"
#include "service/steps/who.h"
#include "sql/intake.h"
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "patbridge [--agency CODE] [--json] match [--need ID… | --patent NO… | --all] [--k N]\n"
    "patbridge [--agency CODE] [--json] match --explain|--why-not NO NEED\n"
    "patbridge [--agency CODE] [--json] match --who experts|institutions|enterprises (--need "
    "ID | "
    "--patent NO) [--k N]\n\n"
    "Proposes leads: the N best patents for each standing need, with score, probability and "
    "reasons. By default only what is new "
    "is weighed: new and changed needs against all patents, new and changed patents against "
    "all needs.\n"
    "  --need ID     weigh these needs anew (the agency's name for it, or its id); may be "
    "given more than once\n"
    "  --patent NO   weigh these patents against all needs; any spelling of a number\n"
    "  --all         weigh everything anew\n"
    "  --k N         leads a need (default 10)\n"
    "  --explain NO NEED  shows one pair instead and writes nothing: the whole sum behind its "
    "score, what did not match, where the patent says what the need names, which filter holds "
    "it back\n"
    "  --why-not NO NEED  says why a patent is no lead of a need, or was not pushed\n"
    "  --who KIND    who can help, instead, and writes nothing: experts or institutions for a "
    "need or a patent, enterprises "
    "for a patent; with reasons, and which similar patents are theirs";

enum { LEADS_A_NEED = 10, REASONS_SHOWN = 5 };

static json_t *report_json(const struct match_report *report)
{
    json_t *held_back = json_object();
    GHashTableIter iter;
    gpointer name, count;
    g_hash_table_iter_init(&iter, report->held_back);
    while (g_hash_table_iter_next(&iter, &name, &count))
        json_object_set_new(held_back, name, json_integer(GPOINTER_TO_INT(count)));
    json_t *thin = json_array();
    for (guint i = 0; report->thin && i < report->thin->len; i++)
        json_array_append_new(thin, json_string(report->thin->pdata[i]));
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:s}", "needs",
                     (json_int_t)report->needs, "patents", (json_int_t)report->patents,
                     "searched", (json_int_t)report->searched, "compared",
                     (json_int_t)report->compared, "proposed", (json_int_t)report->proposed,
                     "superseded", (json_int_t)report->superseded, "held_back", held_back,
                     "thin", thin, "model", MATCH_MODEL);
}

static void print_thin(const GPtrArray *thin, bool chinese)
{
    if (!thin || thin->len == 0)
        return;
    printf(chinese          ? "  %u 条需求%s（"
           : thin->len == 1 ? "  %u need is %s ("
                            : "  %u needs are %s (",
           thin->len, explain_thin_advice(chinese));
    for (guint i = 0; i < thin->len; i++)
        printf("%s%s", i ? ", " : "", (const char *)thin->pdata[i]);
    printf("%s\n", chinese ? "）" : ")");
}

static void print_report(const struct app *app, const struct match_report *report)
{
    if (!report->patents)
        printf(app->chinese ? "%" G_GINT64_FORMAT " 条需求均已匹配，没有新内容\n"
                            : "%" G_GINT64_FORMAT " standing needs, nothing new to weigh\n",
               report->needs);
    else
        printf("%s %" G_GINT64_FORMAT ", %s %" G_GINT64_FORMAT ": %s %" G_GINT64_FORMAT
               ", %s %" G_GINT64_FORMAT ", %s %" G_GINT64_FORMAT ", %s %" G_GINT64_FORMAT "\n",
               app->chinese ? "专利" : "patents", report->patents,
               app->chinese ? "需求" : "standing needs", report->needs,
               app->chinese ? "全文匹配需求" : "needs searched", report->searched,
               app->chinese ? "比较新专利与需求" : "pairs compared", report->compared,
               app->chinese ? "推荐线索" : "leads proposed", report->proposed,
               app->chinese ? "替换" : "superseded", report->superseded);
    print_thin(report->thin, app->chinese);
    GHashTableIter iter;
    gpointer name, count;
    g_hash_table_iter_init(&iter, report->held_back);
    while (g_hash_table_iter_next(&iter, &name, &count))
        printf("  %s %d: %s\n", app->chinese ? "未推荐" : "held back", GPOINTER_TO_INT(count),
               filter_sentence(name, app->chinese));
}

/* Numbers in any spelling -> ids. */
static bool read_patents(struct app *app, char **numbers, GPtrArray *ids, GError **error)
{
    g_autofree char *today = app_today();
    for (; numbers && *numbers; numbers++) {
        struct patent_number number;
        struct problem problem = {0};
        if (!patent_number_read(*numbers, today, &number, &problem)) {
            app_wrong_use(error, "%s", problem_text(&problem, app->chinese));
            problem_clear(&problem);
            return false;
        }
        g_autofree char *key = patent_number_key(&number);
        json_t *wanted = json_pack("[s]", key);
        json_t *found = intake_patent_ids(app->db, wanted, error);
        const char *id = json_string_value(json_object_get(found, key));
        if (id)
            g_ptr_array_add(ids, g_strdup(id));
        else if (found)
            g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no patent has the number %s",
                        *numbers);
        json_decref(wanted);
        json_decref(found);
        if (!id)
            return false;
    }
    g_ptr_array_add(ids, NULL);
    return true;
}

static bool run(struct app *app, struct match_options *options, char **patents,
                struct match_report *report, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    struct db *db = app_db(app, error);
    if (!db || !app_agency(app, &options->agency_id, error) ||
        !read_patents(app, patents, ids, error))
        return false;
    if (patents)
        options->patents = (const char *const *)ids->pdata;
    return match_run(db, options, report, error);
}

static int explain(struct app *app, const struct match_options *asked, char *patent,
                   const char *need, GError **error)
{
    struct match_options options = *asked;
    char *numbers[] = {patent, NULL};
    json_auto_t *document = NULL;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    struct db *db = app_db(app, error);
    if (!db || !app_agency(app, &options.agency_id, error) ||
        !read_patents(app, numbers, ids, error) ||
        !match_explain(db, &options, g_ascii_strtoll(ids->pdata[0], NULL, 10), need, &document,
                       error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_incref(document));
    else
        explain_print(document, app->chinese);
    return APP_DONE;
}

static int why_not(struct app *app, char *patent, const char *need, GError **error)
{
    int agency_id;
    char *numbers[] = {patent, NULL};
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    bool done =
        app_db(app, error) && app_agency(app, &agency_id, error) &&
        read_patents(app, numbers, ids, error) &&
        why_not_run(app, agency_id, g_ascii_strtoll(ids->pdata[0], NULL, 10), need, error);
    return done ? APP_DONE : APP_FAILED;
}

/* The first that tell a person something; a class with what it is called. */
static void print_because(const json_t *reasons, bool chinese)
{
    int shown = 0;
    for (size_t i = 0; i < json_array_size(reasons) && shown < REASONS_SHOWN; i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *title = json_string_value(json_object_get(reason, "title"));
        if (!who_reason_tells(reason))
            continue;
        printf("%s%s%s%s",
               shown++ ? (chinese ? "；" : "; ") : (chinese ? "  理由：" : "  because: "),
               json_string_value(json_object_get(reason, "text")), title ? " " : "",
               title ? title : "");
    }
    putchar('\n');
}

static void print_evidence(const json_t *pieces, bool chinese)
{
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i);
        const char *title = json_string_value(json_object_get(piece, "title"));
        printf("    %s%s%s %s\n",
               who_evidence_words(json_string_value(json_object_get(piece, "what")), chinese),
               chinese ? "" : " ", json_string_value(json_object_get(piece, "patent")),
               title ? title : "");
    }
}

static void print_item(const json_t *item, bool chinese)
{
    printf("%2" JSON_INTEGER_FORMAT "  %s  %s%s\n",
           json_integer_value(json_object_get(item, "rank")),
           json_string_value(json_object_get(item, "name")),
           json_string_value(json_object_get(item, "key")),
           json_is_true(json_object_get(item, "invented"))
               ? (chinese ? "  [虚构数据]" : "  [invented data]")
               : "");
    printf(chinese ? "    契合度 %.0f%%" : "    fit %.0f%%",
           100 * json_number_value(json_object_get(item, "fit")));
    print_because(json_object_get(item, "reasons"), chinese);
    print_evidence(json_object_get(item, "evidence"), chinese);
}

static void print_who(const json_t *found, bool chinese)
{
    const json_t *items = json_object_get(found, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        print_item(json_array_get(items, i), chinese);
    if (json_array_size(items) == 0)
        puts(chinese ? "没有找到相符者" : "nobody was found whose words or patents fit");
}

static int find_who(struct app *app, const struct match_options *asked, const char *who,
                    const char *need, char *patent, GError **error)
{
    enum who_kind kind;
    struct match_options options = *asked;
    char *numbers[] = {patent, NULL};
    json_auto_t *found = NULL;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (!who_kind_read(who, &kind)) {
        app_wrong_use(error, "--who is experts, institutions or enterprises, not '%s'\n%s", who,
                      usage);
        return APP_FAILED;
    }
    options.needs = NULL;
    struct db *db = app_db(app, error);
    if (!db || !app_agency(app, &options.agency_id, error) ||
        (patent && !read_patents(app, numbers, ids, error)) ||
        !who_find(db, &options, kind, need,
                  patent ? g_ascii_strtoll(ids->pdata[0], NULL, 10) : 0, &found, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_incref(found));
    else
        print_who(found, app->chinese);
    return APP_DONE;
}

int command_match(struct app *app, int argc, char **argv, GError **error)
{
    g_auto(GStrv) needs = NULL;
    g_auto(GStrv) patents = NULL;
    g_autofree char *explained = NULL, *who = NULL, *missed = NULL;
    gboolean all = FALSE;
    int k = LEADS_A_NEED;
    const GOptionEntry entries[] = {
        {"need", 0, 0, G_OPTION_ARG_STRING_ARRAY, &needs, NULL, NULL},
        {"patent", 0, 0, G_OPTION_ARG_STRING_ARRAY, &patents, NULL, NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL},
        {"who", 0, 0, G_OPTION_ARG_STRING, &who, NULL, NULL},
        {"explain", 0, 0, G_OPTION_ARG_STRING, &explained, NULL, NULL},
        {"why-not", 0, 0, G_OPTION_ARG_STRING, &missed, NULL, NULL},
        {"k", 0, 0, G_OPTION_ARG_INT, &k, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if ((needs != NULL) + (patents != NULL) + (explained != NULL) + (missed != NULL) +
                (all ? 1 : 0) >
            1 ||
        k < 1 || k > 1000) {
        app_wrong_use(error,
                      k < 1 || k > 1000
                          ? "--k: from 1 to 1000\n%s"
                          : "--need, --patent, --all, --explain and --why-not exclude one "
                            "another\n%s",
                      usage);
        return APP_FAILED;
    }
    if ((explained || missed) && argc != 2) {
        app_wrong_use(error, "%s: a patent's number and a need\n%s",
                      explained ? "--explain" : "--why-not", usage);
        return APP_FAILED;
    }
    if (missed)
        return why_not(app, missed, argv[1], error);
    g_auto(GStrv) wanted = needs || patents ? g_strdupv(argv + 1) : NULL;
    if (argc > 1 && !wanted && !explained) {
        app_wrong_use(error, "match takes no operand '%s'\n%s", argv[1], usage);
        return APP_FAILED;
    }
    g_autoptr(GPtrArray) named =
        g_ptr_array_new(); /* --need A B C: what follows belongs to the option */
    for (char **name = needs ? needs : patents; name && *name; name++)
        g_ptr_array_add(named, *name);
    for (char **name = wanted; name && *name; name++)
        g_ptr_array_add(named, *name);
    g_ptr_array_add(named, NULL);
    g_autofree char *today = app_today();
    struct match_options options = {.today = today,
                                    .k = k,
                                    .all = all,
                                    .needs = needs ? (const char *const *)named->pdata : NULL};
    g_autofree char *folder = NULL;
    g_autoptr(living_store_t) store = index_store(app, &folder, error);
    if (!store)
        return APP_FAILED;
    options.store = store;
    if (who && (named->len != 2 || explained || all)) {
        app_wrong_use(error, "--who wants one --need or one --patent\n%s", usage);
        return APP_FAILED;
    }
    if (who)
        return find_who(app, &options, who, needs ? named->pdata[0] : NULL,
                        patents ? named->pdata[0] : NULL, error);
    if (explained)
        return explain(app, &options, explained, argv[1], error);
    struct match_report report = {0};
    bool done = run(app, &options, patents ? (char **)named->pdata : NULL, &report, error);
    if (done && app->json)
        app_print_json(report_json(&report));
    else if (done)
        print_report(app, &report);
    match_report_clear(&report);
    return done ? APP_DONE : APP_FAILED;
}
