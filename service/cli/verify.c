#include "service/track/verify.h"
#include "service/cli/commands.h"
#include "service/track/snapcheck.h"
#include <stdio.h>

static const char usage[] =
    "patbridge verify [--head FILE|TEXT] [--public-key HEX]\n"
    "patbridge verify FILE [--public-key HEX]\n\n"
    "Is everything as the ledger and the snapshots say? Names the first altered record, and "
    "exits with 1. With FILE, a "
    "snapshot in one file: no database is needed.\n"
    "  --head FILE       the head that the official kept (printed by `patbridge snapshot`), as "
    "a file or as text: finds a "
    "cut tail, a restored backup, and a chain that was computed anew\n"
    "  --public-key HEX  the key that must have signed; left out: the one that each names\n"
    "Evidence files are looked for in the folder that the setting evidence names "
    "(var/evidence).";

struct wanted {
    char *head, *public_key;
};

/* A file's text, or the text itself. */
/* A path that was mistyped is not a head that something was done to. */
static bool is_head(const char *text)
{
    return g_regex_match_simple("^\\s*(ledger|snapshot)\\s", text, G_REGEX_MULTILINE, 0);
}

static bool read_head(const char *head, char **text, GError **error)
{
    if (!head)
        return true;
    bool is_file = g_file_test(head, G_FILE_TEST_EXISTS);
    if (!is_file)
        *text = g_strdup(head);
    else if (!g_file_get_contents(head, text, NULL, error))
        return false;
    return is_head(*text) ||
           app_wrong_use(error,
                         "--head '%s' is %s; a head has a line `ledger SEQ DIGEST` or "
                         "`snapshot NUMBER DIGEST`",
                         head, is_file ? "no head" : "neither a file nor a head");
}

static bool altered(GError **error, const char *what)
{
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "ALTERED: %s", what);
    return false;
}

static void print_stamps(const struct app *app, const json_t *stamps)
{
    for (size_t i = 0; i < json_array_size(stamps); i++) {
        const json_t *stamp = json_array_get(stamps, i);
        printf(app->chinese ? "快照 %s 的时间戳：%s，%s\n"
                            : "time-stamp of snapshot %s: %s by %s\n",
               json_string_value(json_object_get(stamp, "snapshot")),
               json_string_value(json_object_get(stamp, "time")),
               json_string_value(json_object_get(stamp, "authority")));
    }
}

static int report(struct app *app, json_t *document, GError **error)
{
    const json_t *findings = json_object_get(document, "findings");
    const json_t *first = json_array_get(findings, 0);
    g_autofree char *what = g_strdup(json_string_value(json_object_get(first, "what")));
    if (!app->json) {
        printf(app->chinese ? "台账 %" JSON_INTEGER_FORMAT " 条，快照 %" JSON_INTEGER_FORMAT
                              " 份，证据文件 %" JSON_INTEGER_FORMAT " 个；链头 %s\n"
                            : "ledger: %" JSON_INTEGER_FORMAT
                              " entries, snapshots: %" JSON_INTEGER_FORMAT
                              ", evidence files: %" JSON_INTEGER_FORMAT "; head %s\n",
               json_integer_value(json_object_get(document, "entries")),
               json_integer_value(json_object_get(document, "snapshots")),
               json_integer_value(json_object_get(document, "papers")),
               json_string_value(json_object_get(json_object_get(document, "head"), "digest")));
        print_stamps(app, json_object_get(document, "stamps"));
        for (size_t i = 0; i < json_array_size(findings); i++)
            printf("  %s\n",
                   json_string_value(json_object_get(json_array_get(findings, i), "what")));
        if (!first)
            printf(app->chinese ? "未发现改动\n" : "nothing was altered\n");
        json_decref(document);
    } else {
        app_print_json(document);
    }
    return !what || altered(error, what) ? APP_DONE : APP_FAILED;
}

static void print_whole(const struct app *app, const struct snapcheck *check,
                        const char *signed_with)
{
    printf(app->chinese ? "完好：%" G_GINT64_FORMAT
                          " 行，摘要 %s\n签名公钥 %s（请与主管部门留存的核对）\n"
                        : "whole: %" G_GINT64_FORMAT
                          " lines, digest %s\nsigned with %s (compare it with the one that "
                          "you were given)\n",
           check->lines, check->chain, signed_with);
    for (size_t i = 0; i < json_array_size(check->stamps); i++) {
        const json_t *stamp = json_array_get(check->stamps, i);
        printf(app->chinese ? "时间戳：%s，%s\n" : "time-stamp: %s by %s\n",
               json_string_value(json_object_get(stamp, "time")),
               json_string_value(json_object_get(stamp, "authority")));
    }
}

static int verify_file(struct app *app, const char *path, const struct wanted *wanted,
                       GError **error)
{
    g_auto(snapcheck_t) check;
    g_autofree char *signed_with = NULL;
    g_autofree char *ca = app_setting(app, "stamp_ca");
    snapcheck_init(&check);
    if (!snapcheck_file(path, wanted->public_key, ca, &check, &signed_with, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:b, s:I, s:s, s:s?, s:s?, s:O?, s:O}", "good",
                                 !check.trouble, "lines", (json_int_t)check.lines, "digest",
                                 check.chain, "public_key", signed_with, "trouble",
                                 check.trouble, "head", check.head, "stamps", check.stamps));
    if (check.trouble)
        return altered(error, check.trouble) ? APP_DONE : APP_FAILED;
    if (!app->json)
        print_whole(app, &check, signed_with);
    return APP_DONE;
}

static int verify_all(struct app *app, const struct wanted *wanted, GError **error)
{
    g_autofree char *head = NULL, *evidence = app_setting(app, "evidence");
    g_autofree char *ca = app_setting(app, "stamp_ca");
    struct db *db = read_head(wanted->head, &head, error) ? app_db(app, error) : NULL;
    const struct verify_wish wish = {.evidence = evidence ? evidence : "var/evidence",
                                     .stamp_ca = ca,
                                     .head = head,
                                     .public_key = wanted->public_key};
    json_t *document = db ? verify_database(db, &wish, error) : NULL;
    return document ? report(app, document, error) : APP_FAILED;
}

int command_verify(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"head", 0, 0, G_OPTION_ARG_STRING, &wanted.head, NULL, NULL},
        {"public-key", 0, 0, G_OPTION_ARG_STRING, &wanted.public_key, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = APP_FAILED;
    if (app_options(&argc, &argv, entries, usage, error)) {
        if (argc > 2 || (argc == 2 && wanted.head))
            app_wrong_use(error, "verify takes one FILE, or --head\n%s", usage);
        else
            code = argc == 2 ? verify_file(app, argv[1], &wanted, error)
                             : verify_all(app, &wanted, error);
    }
    g_free(wanted.head);
    g_free(wanted.public_key);
    return code;
}
