#include "loader/load.h"
#include "loader/date.h"
#include "loader/preview.h"
#include "loader/reader.h"
#include "service/cli/commands.h"
#include "service/cli/preview.h"
#include "service/cli/progress.h"
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "patbridge [--agency CODE] [--json] load KIND FILE… [--map FILE] [--held-since DAY] "
    "[--refused DIR] [--dry-run]\n\n"
    "Loads JSON Lines, CSV or TSV (UTF-8 or GB18030; - is stdin). KIND is one of:\n"
    "  agency patent enterprise expert institution need deal declared_push\n"
    "  open_licence loan sale event navigation_project attorney case client platform_review\n"
    "  --map FILE         a mapping of columns to fields (deploy/mappings has examples)\n"
    "  --held-since DAY   the day since when the agency has these records (a claim; default "
    "today)\n"
    "  --refused DIR      where FILE.refused.csv goes (default: beside FILE)\n"
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
    static const char *const lists[] = {"refusals", "warnings", "unrecognised"};
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

static bool load_files(struct app *app, struct load_options *options, char **files,
                       json_t *total, GError **error)
{
    struct db *db = app_db(app, error);
    if (!db || (!g_str_equal(options->kind->name, "agency") &&
                !app_agency(app, &options->agency_id, error)))
        return false;
    for (; *files; files++) {
        struct progress progress;
        json_t *report = NULL;
        progress_begin(&progress, *files);
        options->progress_user = &progress;
        bool done = load_file(db, *files, options, &report, error);
        progress_end(&progress);
        if (!done)
            return false;
        if (!app->json)
            print_report(app, *files, report);
        add_report(total, report);
        json_decref(report);
    }
    return true;
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

static int preview_files(struct app *app, const struct plan *plan, char **files, GError **error)
{
    json_t *all = json_array();
    bool done = true;
    for (; done && *files; files++) {
        json_t *preview = preview_file(*files, plan, PREVIEW_ROWS, app->chinese, error);
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
                    *encoding = NULL;
    gboolean dry_run = FALSE, preview = FALSE, skip_hidden = FALSE;
    const GOptionEntry entries[] = {
        {"map", 0, 0, G_OPTION_ARG_FILENAME, &map, NULL, NULL},
        {"held-since", 0, 0, G_OPTION_ARG_STRING, &held, NULL, NULL},
        {"refused", 0, 0, G_OPTION_ARG_FILENAME, &refused, NULL, NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, NULL, NULL},
        {"preview", 0, 0, G_OPTION_ARG_NONE, &preview, NULL, NULL},
        {"encoding", 0, 0, G_OPTION_ARG_STRING, &encoding, NULL, NULL},
        {"skip-hidden", 0, 0, G_OPTION_ARG_NONE, &skip_hidden, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    const struct kind *kind = read_kind(argc, argv, error);
    if (!kind || !read_day(held, "held-since", &held_since, error))
        return APP_FAILED;
    g_autofree char *today = app_today();
    if (refused && g_mkdir_with_parents(refused, 0777) != 0) {
        app_wrong_use(error, "could not make the folder '%s'", refused);
        return APP_FAILED;
    }
    if (preview) {
        g_autoptr(mapping_t) mapping = map ? mapping_load(map, kind, error) : NULL;
        struct plan plan = {.kind = kind,
                            .mapping = mapping,
                            .today = today,
                            .encoding = encoding,
                            .skip_hidden = skip_hidden};
        return map && !mapping ? APP_FAILED : preview_files(app, &plan, argv + 2, error);
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
    json_t *total = json_pack("{s:[]}", "batches");
    bool done = load_files(app, &options, argv + 2, total, error);
    int64_t refused_rows = count(total, "refused");
    if (done && app->json)
        app_print_json(json_incref(total));
    json_decref(total);
    return !done ? APP_FAILED : refused_rows ? APP_SOME_REFUSED : APP_DONE;
}
