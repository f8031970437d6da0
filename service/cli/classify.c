#include "service/cli/commands.h"
#include "service/cli/inference.h"
#include "service/steps/words.h"

static const char usage[] =
    "patbridge classify --train FILE.jsonl [--train …] [--scheme FILE.tsv] --queries FILE.tsv "
    "[--k N]\n\n"
    "Infers IPC subclasses, without a database, and writes qid<TAB>subclass<TAB>probability to "
    "stdout, best first.\n"
    "  --train FILE    JSON Lines to learn from: title, abstract (may be absent), ipc or "
    "ipc_subclasses\n"
    "  --scheme FILE   the classification's own titles: columns symbol and title_zh\n"
    "  --queries FILE  a header line, then qid<TAB>text; more columns are not looked at\n"
    "  --k N           subclasses a query (default 3)\n"
    "  --dictionary F  a file of lines 'word frequency', or none";

static bool check_options(char **train, const char *scheme, const char *queries, int operands,
                          int k, GError **error)
{
    if (k < 1)
        return app_wrong_use(error, "--k: at least 1\n%s", usage);
    if (!queries || (!train && !scheme) || operands > 0)
        return app_wrong_use(
            error, "classify needs --queries, and --train or --scheme, and no operand\n%s",
            usage);
    return true;
}

int command_classify(struct app *app, int argc, char **argv, GError **error)
{
    g_auto(GStrv) train = NULL;
    g_autofree char *scheme = NULL, *queries = NULL, *words = app_setting(app, "dictionary");
    g_autoptr(match_dictionary) dictionary = NULL;
    int k = CLASSIFY_K;
    const GOptionEntry entries[] = {
        {"train", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &train, NULL, NULL},
        {"scheme", 0, 0, G_OPTION_ARG_FILENAME, &scheme, NULL, NULL},
        {"queries", 0, 0, G_OPTION_ARG_FILENAME, &queries, NULL, NULL},
        {"k", 0, 0, G_OPTION_ARG_INT, &k, NULL, NULL},
        {"dictionary", 0, 0, G_OPTION_ARG_FILENAME, &words, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error) ||
        !check_options(train, scheme, queries, argc - 1, k, error) ||
        !words_open(words, &dictionary, error))
        return APP_FAILED;
    struct inference_sources sources = {train, scheme, dictionary};
    struct inference_report report;
    g_autoptr(match_classifier) classifier = inference_train(&sources, &report, error);
    return classifier && inference_run(classifier, queries, k, stdout, error) ? APP_DONE
                                                                              : APP_FAILED;
}
