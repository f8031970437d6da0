#include "sql/erase.h"
#include "service/cli/commands.h"
#include "service/cli/key.h"
#include "sql/account.h"
#include "sql/decision.h"
#include <stdio.h>

static const char usage[] =
    "patbridge erase KIND KEY --by USER --reason TEXT\n\n"
    "Erasure by law of a person's data: the names that a record holds "
    "(an expert's) and its contacts, also out of notes of follow-ups and "
    "refused rows, where a namesake's name goes, too. Counts, ledger and "
    "snapshots stay as they are: they hold ids and salted digests. It "
    "can't be undone. USER has an account, no enterprise's. Backups and files that were loaded "
    "are yours to clear.";

struct wanted {
    char *by, *reason;
};

/* It can't be undone, so whoever orders it is somebody who is known here: not just any name that is typed, and no enterprise. */
static bool check_by(struct db *db, const char *by, GError **error)
{
    g_autofree char *role = account_role(db, by, error);
    if (!role || !g_str_equal(role, "enterprise"))
        return role != NULL;
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "'%s' is the account of an enterprise", by);
    return false;
}

static int run(struct app *app, char **argv, const struct wanted *wanted, GError **error)
{
    int agency_id;
    struct erased erased = {0};
    g_autofree char *key = key_lookup(app, argv[1], argv[2], error);
    struct db *db = key ? app_db(app, error) : NULL;
    if (!db || !check_by(db, wanted->by, error) || !app_agency(app, &agency_id, error) ||
        !erase_person(db, argv[1], agency_id, key, wanted->by, wanted->reason, &erased, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:I, s:I, s:I}", "kind", argv[1], "names",
                                 (json_int_t)erased.names, "notes", (json_int_t)erased.notes,
                                 "refused_rows", (json_int_t)erased.refused));
    else
        printf(app->chinese ? "已清除姓名 %" G_GINT64_FORMAT
                              " 处及联系方式，跟进记录 %" G_GINT64_FORMAT
                              " 条、拒收行 %" G_GINT64_FORMAT " 行中的也已清除\n"
                            : "erased: %" G_GINT64_FORMAT
                              " names, and contacts; out of %" G_GINT64_FORMAT
                              " notes and %" G_GINT64_FORMAT " refused rows\n",
               erased.names, erased.notes, erased.refused);
    return APP_DONE;
}

static bool check(int argc, char **argv, const struct wanted *wanted, GError **error)
{
    static const char *const kinds[] = {"expert",      "attorney", "enterprise",
                                        "institution", "need",     NULL};
    if (argc != 3 || !g_strv_contains(kinds, argv[1]))
        return app_wrong_use(error, "%s", usage);
    if (!wanted->by || !wanted->reason || !*wanted->reason)
        return app_wrong_use(error, "erase needs --by USER and --reason TEXT");
    return true;
}

int command_erase(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    const GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_STRING, &wanted.by, NULL, NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &wanted.reason, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code =
        app_options(&argc, &argv, entries, usage, error) && check(argc, argv, &wanted, error)
            ? run(app, argv, &wanted, error)
            : APP_FAILED;
    g_free(wanted.by);
    g_free(wanted.reason);
    return code;
}
