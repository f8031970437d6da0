#include "service/cli/commands.h"
#include "service/cli/inference.h"
#include "service/steps/interest.h"
#include "service/steps/model.h"
#include "service/steps/words.h"
#include <stdio.h>

static const char usage[] =
    "patbridge train --train FILE.jsonl [--train …] [--scheme FILE.tsv] --out MODEL\n"
    "patbridge [--agency CODE] [--json] train --feedback\n\n"
    "Learns to infer IPC subclasses, without a database, and keeps what it has learned in a "
    "file "
    "for `classify --model`.\n"
    "  --train FILE    JSON Lines to learn from: title, abstract (may be absent), ipc or "
    "ipc_subclasses\n"
    "  --scheme FILE   the classification's own titles: columns symbol and title_zh\n"
    "  --out MODEL     the file to write; one that is there is replaced when all is learned\n"
    "  --dictionary F  a file of lines 'word frequency', or none\n"
    "  --feedback      learns from the agency's answers how likely an enterprise is interested "
    "in a lead, corrected for\n"
    "                  which leads were shown; kept in the database, and used by the next "
    "match. Fewer than 20 answers of\n"
    "                  3 enterprises, or all alike, are too few: then the prior stays";

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

/* How far probabilities were from what came, for enterprises that training had not seen. */
static int learn_feedback(struct app *app, GError **error)
{
    int agency_id;
    json_auto_t *report = NULL;
    if (!app_db(app, error) || !app_agency(app, &agency_id, error) ||
        !interest_learn(app->db, agency_id, &report, error))
        return APP_FAILED;
    if (app->json) {
        app_print_json(json_incref(report));
        return APP_DONE;
    }
    const char *const names[] = {"version", "answers", "enterprises", "leads"};
    json_int_t counts[G_N_ELEMENTS(names)];
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        counts[i] = json_integer_value(json_object_get(report, names[i]));
    double off = json_number_value(json_object_get(report, "calibration_error"));
    printf(app->chinese
               ? "第 %" JSON_INTEGER_FORMAT " 版：学习了 %" JSON_INTEGER_FORMAT
                 " 家企业的 %" JSON_INTEGER_FORMAT " 条反馈（共 %" JSON_INTEGER_FORMAT
                 " 条线索）；对未参与学习的企业，概率平均偏差 %.1f 个百分点\n"
               : "version %" JSON_INTEGER_FORMAT ": learned from %" JSON_INTEGER_FORMAT
                 " enterprises' %" JSON_INTEGER_FORMAT " answers (of %" JSON_INTEGER_FORMAT
                 " leads); probabilities are off by %.1f points on average for enterprises not "
                 "learned from\n",
           counts[0], counts[2], counts[1], counts[3], 100 * off);
    return APP_DONE;
}

int command_train(struct app *app, int argc, char **argv, GError **error)
{
    g_auto(GStrv) train = NULL;
    g_autofree char *scheme = NULL, *out = NULL, *words = app_setting(app, "dictionary");
    g_autoptr(match_dictionary) dictionary = NULL;
    gboolean feedback = FALSE;
    const GOptionEntry entries[] = {
        {"train", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &train, NULL, NULL},
        {"scheme", 0, 0, G_OPTION_ARG_FILENAME, &scheme, NULL, NULL},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, NULL, NULL},
        {"feedback", 0, 0, G_OPTION_ARG_NONE, &feedback, NULL, NULL},
        {"dictionary", 0, 0, G_OPTION_ARG_FILENAME, &words, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (feedback && !out && !train && !scheme && argc == 1)
        return learn_feedback(app, error);
    if (feedback || !out || (!train && !scheme) || argc > 1) {
        app_wrong_use(error,
                      "train needs --out, and --train or --scheme, or --feedback alone; and no "
                      "operand\n%s",
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
