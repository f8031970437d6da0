#include "service/cli/commands.h"
#include "service/cli/inference.h"
#include "service/steps/words.h"

static const char usage[] =
    "patbridge classify [--train FILE.jsonl … | --model MODEL] [--scheme FILE.tsv] "
    "--queries FILE.tsv [--k N]\n\n"
    "Infers IPC subclasses, without a database, and writes qid<TAB>subclass<TAB>probability to "
    "stdout, best first.\n"
    "  --train FILE    JSON Lines to learn from: title, abstract (may be absent), ipc or "
    "ipc_subclasses\n"
    "  --scheme FILE   the classification's own titles: columns symbol and title_zh\n"
    "  --model MODEL   what `train` has kept, instead. With none of these: learned from the "
    "shipped "
    "sample, which is invented\n"
    "  --queries FILE  a header line, then qid<TAB>text; more columns are not looked at\n"
    "  --k N           subclasses a query (default 3)\n"
    "  --dictionary F  a file of lines 'word frequency', or none";

struct options {
    char **train;
    char *scheme, *model, *queries, *words;
    int k;
};

static void options_clear(struct options *o)
{
    g_strfreev(o->train);
    g_free(o->scheme);
    g_free(o->model);
    g_free(o->queries);
    g_free(o->words);
}

static bool check_options(const struct options *o, int operands, GError **error)
{
    if (o->k < 1)
        return app_wrong_use(error, "--k: at least 1\n%s", usage);
    if (o->model && (o->train || o->scheme))
        return app_wrong_use(
            error, "--model has learned already: no --train or --scheme beside it\n%s", usage);
    return (o->queries && operands == 0) ||
           app_wrong_use(error, "classify needs --queries, and no operand\n%s", usage);
}

static bool run(const struct options *o, GError **error)
{
    g_autoptr(match_dictionary) dictionary = NULL;
    if (!words_open(o->words, &dictionary, error))
        return false;
    struct inference_sources sources = {o->train, o->scheme, dictionary};
    struct inference_report report;
    g_autoptr(match_classifier) classifier =
        o->model                ? inference_load(o->model, dictionary, error)
        : o->train || o->scheme ? inference_train(&sources, &report, error)
                                : inference_default(dictionary, error);
    return classifier && inference_run(classifier, o->queries, o->k, stdout, error);
}

int command_classify(struct app *app, int argc, char **argv, GError **error)
{
    struct options o = {.words = app_setting(app, "dictionary"), .k = CLASSIFY_K};
    const GOptionEntry entries[] = {
        {"train", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.train, NULL, NULL},
        {"scheme", 0, 0, G_OPTION_ARG_FILENAME, &o.scheme, NULL, NULL},
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &o.model, NULL, NULL},
        {"queries", 0, 0, G_OPTION_ARG_FILENAME, &o.queries, NULL, NULL},
        {"k", 0, 0, G_OPTION_ARG_INT, &o.k, NULL, NULL},
        {"dictionary", 0, 0, G_OPTION_ARG_FILENAME, &o.words, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    bool done = app_options(&argc, &argv, entries, usage, error) &&
                check_options(&o, argc - 1, error) && run(&o, error);
    options_clear(&o);
    return done ? APP_DONE : APP_FAILED;
}
