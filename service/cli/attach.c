#include "service/cli/commands.h"
#include "service/cli/key.h"
#include "service/cli/policy.h"
#include "service/track/paper.h"
#include "service/track/papers.h"
#include "sql/account.h"
#include "sql/decision.h"
#include "sql/document.h"
#include <stdio.h>

static const char usage[] =
    "patbridge attach KIND KEY FILE… [--paper NAME] [--by USER]\n\n"
    "Evidence files for what an agency (--agency) recorded, kept by their SHA-256 in the "
    "folder that the setting evidence "
    "names (var/evidence), and written to the ledger. KIND and KEY as for decide.\n"
    "  --paper NAME  which of the papers that the policy asks for: contract, registration, "
    "payment, invoice …\n"
    "  --by USER     an account; left out: the operating system's user";

struct wanted {
    char *paper, *by;
    const char *kind;
    char *key;
};

static bool is_kind(const char *kind)
{
    for (const char *const *known = decision_kinds(); *known; known++)
        if (g_str_equal(*known, kind))
            return true;
    return false;
}

/* The paper is one that the policy in force asks for; a policy that asks for none takes any. */
static bool check_paper(struct app *app, const struct wanted *wanted, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, NULL, NULL);
    const json_t *papers = pack ? papers_wanted(pack, wanted->kind) : NULL;
    if (!wanted->paper || !papers)
        return true;
    g_autoptr(GString) names = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const char *name =
            json_string_value(json_object_get(json_array_get(papers, i), "paper"));
        if (g_str_equal(name, wanted->paper))
            return true;
        g_string_append_printf(names, "%s%s", i ? ", " : "", name);
    }
    return app_wrong_use(error, "no paper '%s' is asked for a %s; there are: %s", wanted->paper,
                         wanted->kind, names->str);
}

static bool attach_one(struct app *app, const struct wanted *wanted, const char *file,
                       json_t *attached, GError **error)
{
    g_autofree char *set = app_setting(app, "evidence"), *sha256 = NULL;
    g_autofree char *name = g_path_get_basename(file);
    struct document document = {.kind = wanted->kind,
                                .key = wanted->key,
                                .paper = wanted->paper,
                                .name = name,
                                .by = wanted->by ? wanted->by : g_get_user_name(),
                                .os_user = g_get_user_name()};
    bool added;
    if (!app_agency(app, &document.agency_id, error) ||
        !paper_keep(set ? set : "var/evidence", file, &sha256, &document.size, error))
        return false;
    document.sha256 = sha256;
    if (!document_add(app->db, &document, &added, error))
        return false;
    json_array_append_new(attached,
                          json_pack("{s:s, s:s, s:I, s:b}", "name", name, "sha256", sha256,
                                    "size", (json_int_t)document.size, "added", (int)added));
    if (!app->json)
        printf("%s  %s%s\n", sha256, name,
               added          ? ""
               : app->chinese ? "（已有）"
                              : ", already there");
    return true;
}

/* Whoever hands papers in has a name that is known here: the ledger keeps it. */
static bool check_by(struct app *app, const struct wanted *wanted, GError **error)
{
    g_autofree char *role = wanted->by ? account_role(app->db, wanted->by, error) : NULL;
    return !wanted->by || role;
}

static int run(struct app *app, const struct wanted *wanted, char **files, GError **error)
{
    json_auto_t *attached = json_array();
    if (!app_db(app, error) || !check_paper(app, wanted, error) ||
        !check_by(app, wanted, error))
        return APP_FAILED;
    for (; *files; files++)
        if (!attach_one(app, wanted, *files, attached, error))
            return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:O}", "kind", wanted->kind, "key", wanted->key,
                                 "files", attached));
    return APP_DONE;
}

int command_attach(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"paper", 0, 0, G_OPTION_ARG_STRING, &wanted.paper, NULL, NULL},
        {"by", 0, 0, G_OPTION_ARG_STRING, &wanted.by, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = APP_FAILED;
    if (app_options(&argc, &argv, entries, usage, error)) {
        if (argc < 4 || !is_kind(argv[1])) {
            app_wrong_use(error, "%s", usage);
        } else {
            wanted.kind = argv[1];
            wanted.key = key_lookup(app, argv[1], argv[2], error);
            if (wanted.key)
                code = run(app, &wanted, argv + 3, error);
        }
    }
    g_free(wanted.paper);
    g_free(wanted.by);
    g_free(wanted.key);
    return code;
}
