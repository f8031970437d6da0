#include "service/cli/commands.h"
#include "service/cli/inference.h"
#include "service/steps/model.h"
#include "service/steps/words.h"
#include <stdio.h>

static const char usage[] =
    "patbridge train --train FILE.jsonl [--train …] [--scheme FILE.tsv] --out MODEL\n\n"
    "Learns to infer IPC subclasses, without a database, and keeps what it has learned in a "
    "file "
    "for `classify --model`.\n"
    "  --train FILE    JSON Lines to learn from: title, abstract (may be absent), ipc or "
    "ipc_subclasses\n"
    "  --scheme FILE   the classification's own titles: columns symbol and title_zh\n"
    "  --out MODEL     the file to write; one that is there is replaced when all is learned\n"
    "  --dictionary F  a file of lines 'word frequency', or none";

static bool write_model(const struct app *app, const struct classifier *classifier,
                        const struct inference_report *report, const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = classifier_pack(classifier);
    if (!model_write(path, MODEL_CLASSES, bytes, error))
        return false;
    uint32_t classes = classifier_class_count(classifier);
    if (app->json)
        printf("{\"texts\": %u, \"skipped\": %u, \"subclasses\": %u, \"bytes\": %u}\n",
               report->texts, report->skipped, classes, bytes->len);
    else
        printf("%s: %u subclasses learned from %u texts, %u skipped for want of a subclass or "
               "text\n",
               path, classes, report->texts, report->skipped);
    return true;
}

int command_train(struct app *app, int argc, char **argv, GError **error)
{
    g_auto(GStrv) train = NULL;
    g_autofree char *scheme = NULL, *out = NULL, *words = app_setting(app, "dictionary");
    g_autoptr(match_dictionary) dictionary = NULL;
    const GOptionEntry entries[] = {
        {"train", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &train, NULL, NULL},
        {"scheme", 0, 0, G_OPTION_ARG_FILENAME, &scheme, NULL, NULL},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, NULL, NULL},
        {"dictionary", 0, 0, G_OPTION_ARG_FILENAME, &words, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (!out || (!train && !scheme) || argc > 1) {
        app_wrong_use(error, "train needs --out, and --train or --scheme, and no operand\n%s",
                      usage);
        return APP_FAILED;
    }
    if (!words_open(words, &dictionary, error))
        return APP_FAILED;
    struct inference_sources sources = {train, scheme, dictionary};
    struct inference_report report;
    g_autoptr(match_classifier) classifier = inference_train(&sources, &report, error);
    return classifier && write_model(app, classifier, &report, out, error) ? APP_DONE
                                                                           : APP_FAILED;
}
