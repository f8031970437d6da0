#include "service/cli/commands.h"
#include "service/cli/eval.h"
#include <stdio.h>

static const char usage[] =
    "patbridge eval --docs FILE.jsonl --queries FILE.tsv [--k N]\n\n"
    "Ranks documents for queries, without a database, and writes a TREC run (qid Q0 docid rank "
    "score patbridge) to stdout.\n"
    "  --docs FILE     JSON Lines: id, title, abstract, ipc, cpc\n"
    "  --queries FILE  a header line, then qid<TAB>text; more columns are not looked at\n"
    "  --k N           documents a query (default 100)";

int command_eval(struct app *app, int argc, char **argv, GError **error)
{
    (void)app;
    g_autofree char *docs = NULL, *queries = NULL;
    int k = EVAL_K;
    const GOptionEntry entries[] = {
        {"docs", 0, 0, G_OPTION_ARG_FILENAME, &docs, NULL, NULL},
        {"queries", 0, 0, G_OPTION_ARG_FILENAME, &queries, NULL, NULL},
        {"k", 0, 0, G_OPTION_ARG_INT, &k, NULL, NULL},
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
    return eval_run(docs, queries, k, stdout, error) ? APP_DONE : APP_FAILED;
}
