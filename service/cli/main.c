#include "service/cli/commands.h"
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(struct app *app, int argc, char **argv, GError **error);
    const char *operands;
    const char *help;
} commands[] = {
    {"migrate", command_migrate, "", "bring the database to this program's schema"},
    {"load", command_load, "KIND FILE…",
     "load records; refused rows to FILE.refused.csv or .xlsx, and the database"},
    {"template", command_template, "KIND FILE.xlsx", "an empty form for a kind of record"},
    {"mapping", command_mapping, "list | remove KIND NAME",
     "kept mappings of columns to fields"},
    {"feed", command_feed, "add|list|remove | --once",
     "addresses and folders that records come from by themselves"},
    {"show", command_show, "KIND KEY", "one record as stored"},
    {"match", command_match, "[--need ID… | --patent NO… | --all] [--k N]",
     "propose leads with score and reasons"},
    {"leads", command_leads, "", "the review queue"},
    {"lead", command_lead, "accept|reject ID…", "review leads"},
    {"push", command_push, "[--once]", "send what is due"},
    {"feedback", command_feedback, "LEAD interested|not_fit|stop",
     "record what an enterprise answered"},
    {"bounce", command_bounce, "[FILE…]", "read what mail servers say of mails"},
    {"deal", command_deal, "CONTRACT …", "record a deal that came of it"},
    {"endpoint", command_endpoint, "add|list|remove|on|test",
     "where an enterprise receives pushes"},
    {"track", command_track, "", "every threshold of the policy, with the rows behind it"},
    {"changes", command_changes, "METRIC --before DAY",
     "what a number counts on one day and not on another"},
    {"charts", command_charts, "", "the numbers that the official's charts draw"},
    {"policy", command_policy, "check FILE | list | show|sign|decided ID", "policy packs"},
    {"oddities", command_oddities, "[look RULE KEY]", "what looks odd, and what was looked at"},
    {"decide", command_decide, "accept|reject|withdraw KIND KEY…", "an official's decision"},
    {"attach", command_attach, "KIND KEY FILE…", "evidence files, kept by digest"},
    {"snapshot", command_snapshot, "", "an official snapshot, chained and signed"},
    {"verify", command_verify, "[FILE]", "name the first altered record"},
    {"export", command_export, "applications|leads|evidence FILE.xlsx",
     "the application file for an award, and lists"},
    {"erase", command_erase, "KIND KEY", "erasure by law of a person's data"},
    {"user", command_user, "add|list|password|role|…", "accounts, and how they sign in"},
    {"agency", command_agency, "add|list", "agencies"},
    {"key", command_key, "add|list|remove", "keys of the HTTP interface"},
    {"serve", command_serve, "", "the interface and the pages over HTTP"},
    {"doctor", command_doctor, "[--connect]", "what is wrong, and what to do about it"},
    {"backup", command_backup, "FOLDER", "database, evidence files, keys and configuration"},
    {"restore", command_restore, "FOLDER", "a backup into an empty database, and compare"},
    {"eval", command_eval, "--docs FILE --queries FILE",
     "rank documents for queries, without a database"},
    {"classify", command_classify, "--train FILE --queries FILE",
     "infer IPC subclasses, without a database"},
    {"train", command_train, "--train FILE --out MODEL",
     "learn to infer IPC subclasses, and keep it in a file"},
};

static void print_help(FILE *out)
{
    fprintf(out, "patbridge [--config FILE] [--agency CODE] [--json] COMMAND …\n\n");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        const char *operands =
            commands[i].operands; /* "…" is one place wide, and three bytes */
        int width = 42 + (int)strlen(operands) - (int)g_utf8_strlen(operands, -1);
        fprintf(out, "  %-9s %-*s %s\n", commands[i].name, width, operands, commands[i].help);
    }
    fprintf(out, "\n`patbridge COMMAND --help` says more. Exit codes: 0 done, 1 could not do "
                 "it, 2 wrong use, "
                 "3 done but some input was refused.\n");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_str_equal(commands[i].name, name))
            return &commands[i];
    return NULL;
}

/* The common options stand before the command's name, or anywhere behind it. */
static bool read_common(struct app *app, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &app->config_file, NULL, NULL},
        {"agency", 0, 0, G_OPTION_ARG_STRING, &app->agency_code, NULL, NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &app->json, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_ignore_unknown_options(context, TRUE);
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) why = NULL;
    if (!g_option_context_parse(context, argc, argv, &why))
        return app_wrong_use(error, "%s", why->message);
    return app_configure(app, NULL, error);
}

static bool wants_chinese(void)
{
    for (const char *const *name = (const char *const[]){"LC_ALL", "LC_MESSAGES", "LANG", NULL};
         *name; name++) {
        const char *value = g_getenv(*name);
        if (value && *value)
            return g_str_has_prefix(value, "zh");
    }
    return false;
}

static int run(struct app *app, int argc, char **argv, GError **error)
{
    if (!read_common(app, &argc, &argv, error))
        return APP_FAILED;
    if (argc < 2 || g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h") ||
        g_str_equal(argv[1], "help")) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? APP_WRONG_USE : APP_DONE;
    }
    const struct command *command = find_command(argv[1]);
    if (!command) {
        app_wrong_use(error, "no command '%s'; `patbridge --help` lists them", argv[1]);
        return APP_FAILED;
    }
    for (int i = 2; i < argc && !g_str_equal(argv[i], "--"); i++)
        if (g_str_equal(argv[i], "--help") || g_str_equal(argv[i], "-h"))
            app->help = true;
    return command->run(app, argc - 1, argv + 1, error);
}

int main(int argc, char **argv)
{
    struct app app = {.chinese = wants_chinese()};
    g_autoptr(GError) error = NULL;
    setlocale(LC_CTYPE, "");
    if (!g_get_charset(
            NULL)) /* a language that is asked for but not installed leaves ASCII, and no Chinese name could be given */
        setlocale(LC_CTYPE, "C.UTF-8");
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    int code = run(&app, argc, argv, &error);
    if (error && app.help)
        printf("%s\n", error->message);
    else if (error)
        fprintf(stderr, "patbridge: %s\n", error->message);
    if (error)
        code = app.help                                             ? APP_DONE
               : g_error_matches(error, APP_ERROR, APP_ERROR_USAGE) ? APP_WRONG_USE
                                                                    : APP_FAILED;
    app_clear(&app);
    return fflush(stdout) == 0 ? code : APP_FAILED;
}
