#include "loader/load.h"
#include "loader/date.h"
#include "loader/mapping_store.h"
#include "loader/preview.h"
#include "loader/reader.h"
#include "loader/scheme.h"
#include "service/cli/aspects.h"
#include "service/cli/commands.h"
#include "service/cli/index.h"
#include "service/cli/load_report.h"
#include "service/cli/mapping.h"
#include "service/cli/preview.h"
#include "service/cli/progress.h"
#include "service/cli/review.h"
#include "service/cli/undo.h"
#include "service/steps/advice.h"
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "patbridge [--agency CODE] [--json] load KIND FILE… [--map FILE [--save-as NAME]] "
    "[--held-since DAY] [--refused DIR]\n"
    "    [--encoding NAME] [--skip-hidden] [--dry-run | --preview]\n"
    "patbridge load ipc FILE.tsv\n"
    "patbridge load --undo BATCH [--by NAME]\n"
    "patbridge load --review [--all] [accept|reject|undo ID… [--uscc CODE]] [--by NAME]\n\n"
    "Loads XLSX, CSV (parted by , ; | or tabs), JSON Lines, JSON, patent offices' XML, "
    "PatSnap's, "
    "dumps with colons; - is stdin. KIND is one of:\n"
    "  agency patent enterprise expert institution need deal declared_push open_licence loan "
    "sale "
    "event navigation_project\n"
    "  attorney case client platform_review; or ipc, the classification\n"
    "  --map FILE         a mapping of columns to fields (deploy/mappings has examples)\n"
    "  --save-as NAME     keeps that mapping: from now on files with this header are read by "
    "it\n"
    "  --held-since DAY   the day since when the agency has these records (a claim; default "
    "today)\n"
    "  --refused DIR      where FILE.refused.csv (of a workbook: .xlsx) goes (default: beside "
    "FILE)\n"
    "  --encoding NAME    of a text file: UTF-8, UTF-16LE, UTF-16BE, GB18030, BIG5 (default: "
    "by its "
    "bytes)\n"
    "  --skip-hidden      leaves out hidden rows and sheets of a workbook\n"
    "  --preview          shows the first 20 records as they would be stored, and which "
    "columns were "
    "recognised\n"
    "  --undo BATCH       takes back what a batch brought, as a withdrawal; what something was "
    "built on "
    "stays, and is listed\n"
    "  --review           rows without a credit code that bear the name of a known "
    "organisation: nothing "
    "is merged until a person accepts\n"
    "  --dry-run          reads, checks and compares everything, and changes nothing\n"
    "Prints how many rows were read, new, changed, the same and refused. Exit code 3: some "
    "were refused. Loading a file again "
    "changes nothing; one that was interrupted goes on where it stopped.";

static bool read_day(const char *text, const char *option, char **day, GError **error)
{
    struct problem problem = {0};
    char read[DATE_LEN];
    if (!text)
        return true;
    if (date_read(text, read, &problem)) {
        *day = g_strdup(read);
        return true;
    }
    app_wrong_use(error, "--%s: %s", option, problem.en);
    problem_clear(&problem);
    return false;
}

/* Adds the counts of one file's report to those of all. */
static void add_report(json_t *total, json_t *report)
{
    static const char *const counts[] = {"read", "new",     "changed",
                                         "same", "refused", "skipped"};
    static const char *const lists[] = {"refusals", "warnings", "unrecognised", "thin"};
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        json_object_set_new(
            total, counts[i],
            json_integer(json_integer_value(json_object_get(total, counts[i])) +
                         json_integer_value(json_object_get(report, counts[i]))));
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (!json_object_get(total, lists[i]))
            json_object_set_new(total, lists[i], json_array());
        json_array_extend(json_object_get(total, lists[i]), json_object_get(report, lists[i]));
    }
    json_array_append(json_object_get(total, "batches"), json_object_get(report, "batch"));
    json_object_set(total, "batch", json_object_get(report, "batch"));
    json_object_set(total, "kind", json_object_get(report, "kind"));
}

/* What the options say of how a file is read. */
static struct plan plan_of(const struct load_options *options, const struct mapping *mapping)
{
    return (struct plan){.kind = options->kind,
                         .mapping = mapping,
                         .today = options->today,
                         .saved = mapping ? NULL : options->saved,
                         .encoding = options->encoding,
                         .skip_hidden = options->skip_hidden};
}

static bool keep_mapping(struct app *app, const struct load_options *options, const char *name,
                         const char *file, GError **error)
{
    g_autoptr(mapping_t) mapping = mapping_load(options->map_file, options->kind, error);
    if (!mapping)
        return false;
    const struct plan plan = plan_of(options, mapping);
    return mapping_keep(app, options->agency_id, name, options->map_file, file, &plan, error);
}

/* Needs that are too thin to match on are told while whoever posts them is there. What was loaded stays so whatever comes of it. */
static void add_advice(struct app *app, const struct load_options *options, json_t *report)
{
    g_autoptr(GError) error = NULL;
    if (!g_str_equal(options->kind->name, "need"))
        return;
    g_autofree char *folder = NULL;
    g_autoptr(living_store_t) store = index_store(app, &folder, &error);
    const struct match_options asked = {
        .agency_id = options->agency_id, .today = options->today, .store = store};
    if (!store || !advice_add(app->db, &asked, report, &error))
        g_printerr("patbridge: %s\n", error->message);
}

static bool load_one(struct app *app, struct load_options *options, const char *file,
                     json_t *total, GError **error)
{
    struct progress progress;
    json_t *report = NULL;
    progress_begin(&progress, file);
    options->progress_user = &progress;
    bool done = load_file(app->db, file, options, &report, error);
    progress_end(&progress);
    if (!done)
        return false;
    add_advice(app, options, report);
    if (!app->json) {
        load_report_print(app, file, report);
        thin_print(report, app->chinese);
    }
    add_report(total, report);
    json_decref(report);
    return true;
}

static bool load_files(struct app *app, struct load_options *options, char **files,
                       const char *save_as, json_t *total, GError **error)
{
    bool of_agency = !g_str_equal(options->kind->name, "agency");
    if (!app_db(app, error) || (of_agency && !app_agency(app, &options->agency_id, error)))
        return false;
    if (save_as && !keep_mapping(app, options, save_as, *files, error))
        return false;
    g_autoptr(GPtrArray) saved =
        of_agency ? mapping_store_all(app->db, options->agency_id, options->kind, error) : NULL;
    if (of_agency && !saved)
        return false;
    options->saved = saved;
    bool done = true;
    for (; done && *files; files++)
        done = load_one(app, options, *files, total, error);
    options->saved = NULL;
    return done;
}

static int load_ipc(struct app *app, char **files, GError **error)
{
    json_t *total = json_pack("{s:[]}", "batches");
    bool done = app_db(app, error) != NULL;
    for (; done && *files; files++) {
        json_t *report = NULL;
        done = scheme_load(app->db, *files, app->chinese, &report, error);
        if (done && !app->json)
            load_report_print(app, *files, report);
        if (done)
            add_report(total, report);
        json_decref(report);
    }
    int64_t refused = json_integer_value(json_object_get(total, "refused"));
    if (done && app->json)
        app_print_json(json_incref(total));
    json_decref(total);
    return !done ? APP_FAILED : refused ? APP_SOME_REFUSED : APP_DONE;
}

static const struct kind *read_kind(int argc, char **argv, GError **error)
{
    const struct kind *kind = argc > 2 ? kind_find(argv[1]) : NULL;
    if (argc < 3)
        app_wrong_use(error, "load needs a kind and a file\n%s", usage);
    else if (!kind)
        app_wrong_use(error, "no kind '%s'\n%s", argv[1], usage);
    return kind;
}

/* Kept mappings are asked for when --agency says whose: a preview needs no database else. */
static int preview_files(struct app *app, struct load_options *options, char **files,
                         GError **error)
{
    g_autoptr(mapping_t) mapping =
        options->map_file ? mapping_load(options->map_file, options->kind, error) : NULL;
    g_autoptr(GPtrArray) saved = NULL;
    if (options->map_file && !mapping)
        return APP_FAILED;
    if (app->agency_code &&
        (!app_db(app, error) || !app_agency(app, &options->agency_id, error) ||
         !(saved = mapping_store_all(app->db, options->agency_id, options->kind, error))))
        return APP_FAILED;
    options->saved = saved;
    const struct plan plan = plan_of(options, mapping);
    json_t *all = json_array();
    bool done = true;
    for (; done && *files; files++) {
        json_t *preview = preview_file(*files, &plan, PREVIEW_ROWS, app->chinese, error);
        done = preview != NULL;
        if (done && !app->json)
            preview_print(app, preview);
        if (done)
            json_array_append_new(all, preview);
    }
    if (done && app->json)
        app_print_json(json_array_size(all) == 1 ? json_incref(json_array_get(all, 0))
                                                 : json_incref(all));
    json_decref(all);
    return done ? APP_DONE : APP_FAILED;
}

int command_load(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *map = NULL, *held = NULL, *refused = NULL, *held_since = NULL,
                    *encoding = NULL, *save_as = NULL, *undo = NULL, *by = NULL, *code = NULL;
    gboolean dry_run = FALSE, preview = FALSE, skip_hidden = FALSE, review = FALSE, all = FALSE;
    const GOptionEntry entries[] = {
        {"map", 0, 0, G_OPTION_ARG_FILENAME, &map, NULL, NULL},
        {"held-since", 0, 0, G_OPTION_ARG_STRING, &held, NULL, NULL},
        {"refused", 0, 0, G_OPTION_ARG_FILENAME, &refused, NULL, NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, NULL, NULL},
        {"preview", 0, 0, G_OPTION_ARG_NONE, &preview, NULL, NULL},
        {"undo", 0, 0, G_OPTION_ARG_STRING, &undo, NULL, NULL},
        {"review", 0, 0, G_OPTION_ARG_NONE, &review, NULL, NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL},
        {"uscc", 0, 0, G_OPTION_ARG_STRING, &code, NULL, NULL},
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, NULL, NULL},
        {"save-as", 0, 0, G_OPTION_ARG_STRING, &save_as, NULL, NULL},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &encoding, NULL, NULL},
        {"skip-hidden", 0, 0, G_OPTION_ARG_NONE, &skip_hidden, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (undo)
        return undo_run(app, undo, by, error);
    if (review)
        return review_run(app, argc, argv, code, all, by, error);
    if (argc > 2 && g_str_equal(argv[1], "ipc"))
        return load_ipc(app, argv + 2, error);
    const struct kind *kind = read_kind(argc, argv, error);
    if (kind && save_as && !map)
        app_wrong_use(error, "--save-as keeps the mapping that --map names");
    if (!kind || (save_as && !map) || !read_day(held, "held-since", &held_since, error))
        return APP_FAILED;
    g_autofree char *today = app_today();
    if (refused && g_mkdir_with_parents(refused, 0777) != 0) {
        app_wrong_use(error, "could not make the folder '%s'", refused);
        return APP_FAILED;
    }
    struct load_options options = {.kind = kind,
                                   .map_file = map,
                                   .encoding = encoding,
                                   .skip_hidden = skip_hidden,
                                   .held_since = held_since,
                                   .refused_dir = refused,
                                   .today = today,
                                   .chinese = app->chinese,
                                   .dry_run = dry_run,
                                   .progress = progress_show};
    if (preview)
        return preview_files(app, &options, argv + 2, error);
    json_t *total = json_pack("{s:[]}", "batches");
    bool done = load_files(app, &options, argv + 2, save_as, total, error);
    int64_t refused_rows = json_integer_value(json_object_get(total, "refused"));
    if (done && app->json)
        app_print_json(json_incref(total));
    json_decref(total);
    return !done ? APP_FAILED : refused_rows ? APP_SOME_REFUSED : APP_DONE;
}
