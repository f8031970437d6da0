#include "service/cli/commands.h"
#include "service/cli/store.h"
#include <stdio.h>
#include <string.h>

static const char usage[] = "patbridge [--agency CODE] deal CONTRACT --mode MODE --right "
                            "[TYPE:]NUMBER… --seller NAME[/USCC] --buyer NAME/USCC\n"
                            "                               --amount-yuan AMOUNT "
                            "--contract-date DAY [--registration NUMBER --registered DAY]\n"
                            "                               [--paid DAY:YUAN…] [--affiliated] "
                            "[--led] [--implemented DIVISION] [--invented]\n\n"
                            "Records a deal that came of a lead; the same contract again "
                            "changes it. MODE: assignment, exclusive_licence, sole_licence, "
                            "ordinary_licence, open_licence. TYPE: invention (default: read "
                            "off the number), utility_model, design, ic_layout, "
                            "overseas_invention, trademark, other. Many deals are loaded by "
                            "`patbridge load deal FILE`.";

struct deal_options {
    char *mode, *seller, *buyer, *amount, *contract_date, *registration, *registered,
        *implemented;
    char **rights, **payments;
    gboolean affiliated, led, invented;
};

static void options_clear(struct deal_options *options)
{
    char **const texts[] = {&options->mode,          &options->seller,
                            &options->buyer,         &options->amount,
                            &options->contract_date, &options->registration,
                            &options->registered,    &options->implemented};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_strfreev(options->rights);
    g_strfreev(options->payments);
}

/* "first<separator>second" as an object of two members; without the separator only the `alone` one. */
static json_t *pair(const char *text, char separator, const char *first, const char *second,
                    const char *alone)
{
    const char *at = strrchr(text, separator);
    if (!at)
        return json_pack("{s:s}", alone, text);
    g_autofree char *before = g_strndup(text, (gsize)(at - text));
    return json_pack("{s:s, s:s}", first, before, second, at + 1);
}

static json_t *pairs(char **texts, const char *first, const char *second, const char *alone)
{
    json_t *list = json_array();
    for (; texts && *texts; texts++)
        json_array_append_new(list, pair(*texts, ':', first, second, alone));
    return list;
}

static void set_text(json_t *record, const char *name, const char *text)
{
    if (text)
        json_object_set_new(record, name, json_string(text));
}

static json_t *record_of(const char *contract, const struct deal_options *options)
{
    json_t *record =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "contract_number", contract, "mode",
                  options->mode, "rights", pairs(options->rights, "type", "number", "number"),
                  "seller", pair(options->seller, '/', "name", "uscc", "name"), "buyer",
                  pair(options->buyer, '/', "name", "uscc", "name"), "amount_yuan",
                  options->amount, "contract_date", options->contract_date);
    set_text(record, "registration_number", options->registration);
    set_text(record, "registration_date", options->registered);
    set_text(record, "implemented_division", options->implemented);
    if (options->payments)
        json_object_set_new(record, "payments",
                            pairs(options->payments, "date", "amount_yuan", "amount_yuan"));
    if (options->affiliated)
        json_object_set_new(record, "affiliated", json_true());
    if (options->led)
        json_object_set_new(record, "led_by_agency", json_true());
    if (options->invented)
        json_object_set_new(record, "invented", json_true());
    return record;
}

static bool read_options(int *argc, char ***argv, struct deal_options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"mode", 0, 0, G_OPTION_ARG_STRING, &options->mode, NULL, NULL},
        {"right", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rights, NULL, NULL},
        {"seller", 0, 0, G_OPTION_ARG_STRING, &options->seller, NULL, NULL},
        {"buyer", 0, 0, G_OPTION_ARG_STRING, &options->buyer, NULL, NULL},
        {"amount-yuan", 0, 0, G_OPTION_ARG_STRING, &options->amount, NULL, NULL},
        {"contract-date", 0, 0, G_OPTION_ARG_STRING, &options->contract_date, NULL, NULL},
        {"registration", 0, 0, G_OPTION_ARG_STRING, &options->registration, NULL, NULL},
        {"registered", 0, 0, G_OPTION_ARG_STRING, &options->registered, NULL, NULL},
        {"paid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->payments, NULL, NULL},
        {"implemented", 0, 0, G_OPTION_ARG_STRING, &options->implemented, NULL, NULL},
        {"affiliated", 0, 0, G_OPTION_ARG_NONE, &options->affiliated, NULL, NULL},
        {"led", 0, 0, G_OPTION_ARG_NONE, &options->led, NULL, NULL},
        {"invented", 0, 0, G_OPTION_ARG_NONE, &options->invented, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(argc, argv, entries, usage, error))
        return false;
    if (*argc == 2 && options->mode && options->rights && options->seller && options->buyer &&
        options->amount && options->contract_date)
        return true;
    return app_wrong_use(
        error, "a contract's number and every option without brackets is needed\n%s", usage);
}

int command_deal(struct app *app, int argc, char **argv, GError **error)
{
    struct deal_options options = {0};
    int agency_id;
    const char *outcome;
    bool done =
        read_options(&argc, &argv, &options, error) && app_agency(app, &agency_id, error) &&
        store_record(app, "deal", agency_id, record_of(argv[1], &options), &outcome, error);
    options_clear(&options);
    if (!done)
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "contract_number", argv[1], "outcome", outcome));
    else
        printf("deal %s: %s\n", argv[1], outcome);
    return APP_DONE;
}
