#include "service/cli/commands.h"
#include "service/cli/eval.h"
#include "service/cli/inference.h"
#include "service/steps/words.h"
#include <stdio.h>

static const char usage[] =
    "patbridge eval --docs FILE.jsonl --queries FILE.tsv [--k N]\n\n"
    "Ranks documents for queries, without a database, and writes a TREC run (qid Q0 docid rank "
    "score patbridge) to stdout.\n"
    "  --docs FILE     JSON Lines: id, title, abstract, ipc, cpc\n"
    "  --queries FILE  a header line, then qid<TAB>text; more columns are not looked at\n"
    "  --k N           documents a query (default 100)\n"
    "To compare with:\n"
    "  --bm25          plain BM25 over pairs of characters and words as written, title counted "
    "once\n"
    "  --alpha X --beta X --delta X --pairs X --words X --title N\n"
    "                  other weights (matcher/index.h)\n"
    "  --dictionary F  a file of lines 'word frequency', or none\n"
    "  --model MODEL   gives each query the subclasses that are inferred with --least P "
    "(default "
    ".5) or more;\n"
    "                  --class X says how much classes weigh against text";

int command_eval(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *docs = NULL, *queries = NULL, *words = app_setting(app, "dictionary"),
                    *model = NULL;
    g_autoptr(match_dictionary) dictionary = NULL;
    struct weighing w = weighing_default;
    int k = EVAL_K, title_times = (int)w.title_times;
    gboolean bm25 = FALSE;
    double least = .5;
    g_autoptr(match_classifier) classifier = NULL;
    const GOptionEntry entries[] = {
        {"docs", 0, 0, G_OPTION_ARG_FILENAME, &docs, NULL, NULL},
        {"queries", 0, 0, G_OPTION_ARG_FILENAME, &queries, NULL, NULL},
        {"k", 0, 0, G_OPTION_ARG_INT, &k, NULL, NULL},
        {"bm25", 0, 0, G_OPTION_ARG_NONE, &bm25, NULL, NULL},
        {"alpha", 0, 0, G_OPTION_ARG_DOUBLE, &w.alpha, NULL, NULL},
        {"beta", 0, 0, G_OPTION_ARG_DOUBLE, &w.beta, NULL, NULL},
        {"delta", 0, 0, G_OPTION_ARG_DOUBLE, &w.delta, NULL, NULL},
        {"pairs", 0, 0, G_OPTION_ARG_DOUBLE, &w.kind_factor[TERM_PAIR], NULL, NULL},
        {"words", 0, 0, G_OPTION_ARG_DOUBLE, &w.kind_factor[TERM_WORD], NULL, NULL},
        {"title", 0, 0, G_OPTION_ARG_INT, &title_times, NULL, NULL},
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &model, NULL, NULL},
        {"least", 0, 0, G_OPTION_ARG_DOUBLE, &least, NULL, NULL},
        {"class", 0, 0, G_OPTION_ARG_DOUBLE, &w.class_factor, NULL, NULL},
        {"dictionary", 0, 0, G_OPTION_ARG_FILENAME, &words, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (!docs || !queries || argc > 1 || k < 1) {
        app_wrong_use(error,
                      k < 1 ? "--k: at least 1\n%s"
                            : "eval needs --docs and --queries, and no operand\n%s",
                      usage);
        return APP_FAILED;
    }
    w.title_times = (uint32_t)MAX(title_times, 0);
    if (bm25)
        w = weighing_bm25;
    if (!words_open(words, &dictionary, error))
        return APP_FAILED;
    w.dictionary = dictionary;
    if (model && !(classifier = inference_load(model, dictionary, error)))
        return APP_FAILED;
    struct eval_options options = {docs, queries, k, w, classifier, least};
    return eval_run(&options, stdout, error) ? APP_DONE : APP_FAILED;
}
