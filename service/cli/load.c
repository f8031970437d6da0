#include "loader/load.h"
#include "loader/date.h"
#include "loader/mapping_store.h"
#include "loader/preview.h"
#include "loader/reader.h"
#include "loader/scheme.h"
#include "service/cli/aspects.h"
#include "service/cli/commands.h"
#include "service/cli/index.h"
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

static int64_t count(const json_t *report, const char *name)
{
    return json_integer_value(json_object_get(report, name));
}

enum { REFUSALS_SHOWN = 5 };

/* Which sheets were read, and what was hidden. */
static void print_sheets(const struct app *app, const json_t *report)
{
    const char *mapping = json_string_value(json_object_get(report, "mapping"));
    const json_t *sheets = json_object_get(report, "sheets");
    if (mapping)
        printf(app->chinese ? "  按保存的映射“%s”读取\n" : "  read by the kept mapping '%s'\n",
               mapping);
    for (size_t i = 0; i < json_array_size(sheets); i++) {
        const json_t *sheet = json_array_get(sheets, i);
        const char *name = json_string_value(json_object_get(sheet, "name"));
        const char *reason = json_string_value(json_object_get(sheet, "reason"));
        if (reason)
            printf(app->chinese ? "  工作表“%s”没有读：%s\n"
                                : "  sheet '%s' was not read: %s\n",
                   name, reason);
        else if (json_is_true(json_object_get(sheet, "hidden")) || count(sheet, "hidden_rows"))
            printf(app->chinese ? "  工作表“%s”：读到 %d 行，其中隐藏的 %d 行%s\n"
                                : "  sheet '%s': %d rows, %d of them hidden%s\n",
                   name, (int)count(sheet, "rows"), (int)count(sheet, "hidden_rows"),
                   !json_is_true(json_object_get(sheet, "hidden")) ? ""
                   : app->chinese                                  ? "，工作表是隐藏的"
                                  : ", and the sheet is hidden");
    }
}

static void print_report(const struct app *app, const char *file, const json_t *report)
{
    const char *kind = json_string_value(json_object_get(report, "kind"));
    static const char *const names[][5] = {{"read", "new", "changed", "same", "refused"},
                                           {"读入", "新增", "更新", "相同", "拒收"}};
    printf("%-13s %s:", kind, file);
    for (size_t i = 0; i < G_N_ELEMENTS(names[0]); i++)
        if (app->chinese)
            printf("%s%s %" G_GINT64_FORMAT, i ? "，" : " ", names[1][i],
                   count(report, names[0][i]));
        else
            printf("%s %" G_GINT64_FORMAT " %s", i ? "," : "", count(report, names[0][i]),
                   names[0][i]);
    printf(app->chinese ? "，批次 batch %" G_GINT64_FORMAT : ", batch %" G_GINT64_FORMAT,
           count(report, "batch"));
    if (json_is_true(json_object_get(report, "dry_run")))
        printf(app->chinese ? "（试运行，未写入）" : " (dry run: nothing was written)");
    puts("");
    print_sheets(app, report);
    const json_t *refusals = json_object_get(report, "refusals");
    for (size_t i = 0; i < MIN(json_array_size(refusals), REFUSALS_SHOWN); i++) {
        const json_t *refusal = json_array_get(refusals, i);
        printf("  %s %" G_GINT64_FORMAT " [%s] %s\n", app->chinese ? "行" : "line",
               count(refusal, "line"), json_string_value(json_object_get(refusal, "code")),
               json_string_value(json_object_get(refusal, "reason")));
    }
    if (json_array_size(refusals) > REFUSALS_SHOWN)
        printf(app->chinese ? "  … 另有 %zu 行\n" : "  … and %zu more\n",
               json_array_size(refusals) - REFUSALS_SHOWN);
    if (json_array_size(refusals))
        printf(app->chinese ? "  拒收的行在 %s，改好后可直接再次导入\n"
                            : "  refused rows: %s (mend them there and load that file)\n",
               json_string_value(json_object_get(report, "refused_file")));
    const json_t *warnings = json_object_get(report, "warnings");
    for (size_t i = 0; i < MIN(json_array_size(warnings), 3); i++)
        printf("  %s %" G_GINT64_FORMAT "：%s\n", app->chinese ? "注意 行" : "note, line",
               count(json_array_get(warnings, i), "line"),
               json_string_value(json_object_get(json_array_get(warnings, i), "reason")));
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
        print_report(app, file, report);
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
            print_report(app, *files, report);
        if (done)
            add_report(total, report);
        json_decref(report);
    }
    int64_t refused = count(total, "refused");
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
    int64_t refused_rows = count(total, "refused");
    if (done && app->json)
        app_print_json(json_incref(total));
    json_decref(total);
    return !done ? APP_FAILED : refused_rows ? APP_SOME_REFUSED : APP_DONE;
}
