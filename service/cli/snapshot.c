#include "service/track/snapshot.h"
#include "service/cli/commands.h"
#include "service/cli/policy.h"
#include "service/daemon/sending.h"
#include "service/push/note.h"
#include "service/track/qr.h"
#include "service/track/stamp.h"
#include "sql/account.h"
#include "sql/snapshot.h"
#include <stdio.h>

static const char usage[] =
    "patbridge snapshot [--policy ID] [--as-of DAY] [--by USER] [--out FILE] [--qr] "
    "[--mail ADDRESS]\n"
    "patbridge snapshot --export N --out FILE\n"
    "patbridge snapshot --stamp N\n"
    "patbridge snapshot --head [--qr] [--mail ADDRESS] | --list\n\n"
    "An official snapshot: the figures of a policy on a day, every row behind them, the pack "
    "and the papers handed in, "
    "chained to the snapshot before and signed. It prints the head, which the official keeps: "
    "`patbridge verify --head "
    "FILE` starts from it.\n"
    "  --policy ID, --as-of DAY  as for track\n"
    "  --by USER                 an official's account\n"
    "  --out FILE                also writes it to one file, which `patbridge verify FILE` "
    "checks without any database\n"
    "  --export N                writes the snapshot N (0: the last) and takes none\n"
    "  --stamp N                 asks for a time-stamp of the snapshot N (0: the last) and "
    "takes none\n"
    "  --head                    prints the head and takes none\n"
    "  --qr                      the head as a QR code, too\n"
    "  --mail ADDRESS            also mails the head there, through the relay that the "
    "settings "
    "smtp_url and mail_from name\n"
    "It signs with the key in the file that the setting sign_key names (var/sign.key, made "
    "where there is none). Where the setting stamp_url names a time-stamping authority (RFC "
    "3161), each "
    "snapshot is stamped; `verify` checks the stamps, with the setting stamp_ca against that "
    "file of certificates.";

struct wanted {
    char *policy, *as_of, *by, *out, *number, *stamp, *mail;
    gboolean head, list, qr;
};

static void wanted_clear(struct wanted *wanted)
{
    g_free(wanted->policy);
    g_free(wanted->as_of);
    g_free(wanted->by);
    g_free(wanted->out);
    g_free(wanted->number);
    g_free(wanted->stamp);
    g_free(wanted->mail);
}

static bool load_key(const struct app *app, struct sign_key *key, GError **error)
{
    g_autofree char *file = app_setting(app, "sign_key");
    return sign_key_load(file ? file : "var/sign.key", key, error);
}

static int print_list(struct app *app, struct db *db, GError **error)
{
    json_t *all = snapshot_all(db, error);
    if (!all)
        return APP_FAILED;
    if (app->json) {
        app_print_json(all);
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        static const char *const names[] = {"number", "policy", "as_of", "taken_at", "digest"};
        for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
            printf("%s%s", k ? "  " : "", json_string_value(json_object_get(one, names[k])));
        printf("\n");
    }
    json_decref(all);
    return APP_DONE;
}

/* What was printed can be handed over by mail as well. */
static bool mail_head(const struct app *app, const char *to, const char *head, GError **error)
{
    g_auto(sending_t) sending = {0};
    if (!sending_init(&sending, app, -1, error))
        return false;
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, head, -1);
    g_autofree char *id = g_strdup_printf("head-%.32s", digest);
    g_autofree char *text = g_strdup_printf("请保存以下链头；核对时：patbridge verify --head "
                                            "文件\nKeep this head; to check: patbridge "
                                            "verify --head FILE\n\n%s",
                                            head);
    const struct note note = {.to = to,
                              .subject = "PatBridge 台账链头 ledger head",
                              .id = id,
                              .text = text,
                              .now_us = g_get_real_time()};
    return note_send(&sending.relay, &note, error);
}

static bool print_head(const struct app *app, struct db *db, const struct sign_key *key,
                       bool as_qr, const char *mail_to, GError **error)
{
    g_autofree char *text = snapshot_head_text(db, key, error);
    if (!text)
        return false;
    fputs(text, stdout);
    if (mail_to && !mail_head(app, mail_to, text, error))
        return false;
    g_autofree char *qr = as_qr && !app->json ? qr_text(text, error) : NULL;
    if (as_qr && !app->json && !qr)
        return false;
    if (qr)
        fputs(qr, stdout);
    return true;
}

/* That of the list with this number, or the last ("0"). */
static const json_t *snapshot_of(const json_t *all, const char *number, GError **error)
{
    size_t count = json_array_size(all);
    if (g_str_equal(number, "0") && count)
        return json_array_get(all, count - 1);
    for (size_t i = 0; i < count; i++)
        if (g_str_equal(json_string_value(json_object_get(json_array_get(all, i), "number")),
                        number))
            return json_array_get(all, i);
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "there is no snapshot %s", number);
    return NULL;
}

static bool stamp(struct db *db, const char *url, const char *number, GError **error)
{
    json_auto_t *all = snapshot_all(db, error);
    const json_t *one = all ? snapshot_of(all, number, error) : NULL;
    const char *digest = json_string_value(json_object_get(one, "digest"));
    g_autofree char *answer = one ? stamp_fetch(url, digest, error) : NULL;
    return answer && snapshot_stamp_add(db, json_string_value(json_object_get(one, "number")),
                                        url, answer, error);
}

/* A snapshot that was taken stands, stamped or not. */
static bool stamp_taken(const struct app *app, struct db *db, GError **error)
{
    g_autofree char *url = app_setting(app, "stamp_url");
    if (!url || stamp(db, url, "0", error))
        return true;
    g_prefix_error(error, "the snapshot was taken, and `snapshot --stamp 0` asks again: ");
    return false;
}

static int stamp_one(const struct app *app, struct db *db, const char *number, GError **error)
{
    g_autofree char *url = app_setting(app, "stamp_url");
    if (!url)
        app_wrong_use(error, "the setting stamp_url names no time-stamping authority");
    return url && stamp(db, url, number, error) ? APP_DONE : APP_FAILED;
}

static bool check_official(struct db *db, const char *by, GError **error)
{
    g_autofree char *role = by ? account_role(db, by, error) : g_strdup("official");
    if (role && !g_str_equal(role, "official"))
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                    "'%s' has the role %s; an official takes snapshots", by, role);
    return role && g_str_equal(role, "official");
}

static json_t *take(struct app *app, struct db *db, const struct wanted *wanted,
                    const struct sign_key *key, FILE *file, GError **error)
{
    g_autofree char *today = app_today();
    g_autoptr(pack_t) pack = policy_open(app, wanted->policy, error);
    struct snapshot_wish wish = {.pack = pack,
                                 .figures = {.as_of = wanted->as_of, .today = today},
                                 .taken_by = wanted->by,
                                 .key = key,
                                 .file = file};
    if (!pack || !app_agency_or_all(app, &wish.figures.agency_id, error) ||
        !check_official(db, wanted->by, error))
        return NULL;
    db_sign(db, wanted->by, g_get_user_name());
    return snapshot_take(db, &wish, error);
}

static bool tell_json(struct app *app, struct db *db, const struct wanted *wanted,
                      const struct sign_key *key, json_t *taken, GError **error)
{
    g_autofree char *head = snapshot_head_text(db, key, error);
    if (head)
        json_object_set_new(taken, "head", json_string(head));
    app_print_json(json_incref(taken));
    return head && (!wanted->mail || mail_head(app, wanted->mail, head, error));
}

static bool tell(struct app *app, struct db *db, const struct wanted *wanted,
                 const struct sign_key *key, const json_t *taken, GError **error)
{
    printf(app->chinese ? "快照 %" JSON_INTEGER_FORMAT "：%s，截至 %s，%" JSON_INTEGER_FORMAT
                          " 行\n   %s\n交主管部门保存的链头：\n"
                        : "snapshot %" JSON_INTEGER_FORMAT
                          ": %s as of %s, %" JSON_INTEGER_FORMAT
                          " lines\n   %s\nthe head, for the official to keep:\n",
           json_integer_value(json_object_get(taken, "number")),
           json_string_value(json_object_get(taken, "policy")),
           json_string_value(json_object_get(taken, "as_of")),
           json_integer_value(json_object_get(taken, "lines")),
           json_string_value(json_object_get(taken, "digest")));
    return print_head(app, db, key, wanted->qr, wanted->mail, error);
}

static bool take_one(struct app *app, struct db *db, const struct wanted *wanted,
                     const struct sign_key *key, GError **error)
{
    g_auto(snapshot_file_t) file = {0};
    if (wanted->out && !snapshot_file_begin(&file, wanted->out, error))
        return false;
    json_auto_t *taken = take(app, db, wanted, key, file.out, error);
    return taken &&
           (app->json ? tell_json(app, db, wanted, key, taken, error)
                      : tell(app, db, wanted, key, taken, error)) &&
           stamp_taken(app, db, error) &&
           (!wanted->out ||
            snapshot_file_end(&file, db, json_integer_value(json_object_get(taken, "number")),
                              error));
}

static int run(struct app *app, const struct wanted *wanted, GError **error)
{
    g_auto(sign_key_t) key = {0};
    struct db *db = app_db(app, error);
    if (!db || !load_key(app, &key, error))
        return APP_FAILED;
    if (wanted->list)
        return print_list(app, db, error);
    if (wanted->stamp)
        return stamp_one(app, db, wanted->stamp, error);
    if (wanted->head)
        return print_head(app, db, &key, wanted->qr, wanted->mail, error) ? APP_DONE
                                                                          : APP_FAILED;
    bool done = wanted->number ? snapshot_export(db, g_ascii_strtoll(wanted->number, NULL, 10),
                                                 wanted->out, error)
                               : take_one(app, db, wanted, &key, error);
    return done ? APP_DONE : APP_FAILED;
}

static bool read_options(int argc, char **argv, struct wanted *out, GError **error)
{
    const GOptionEntry entries[] = {
        {"policy", 0, 0, G_OPTION_ARG_STRING, &out->policy, NULL, NULL},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &out->as_of, NULL, NULL},
        {"by", 0, 0, G_OPTION_ARG_STRING, &out->by, NULL, NULL},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out->out, NULL, NULL},
        {"export", 0, 0, G_OPTION_ARG_STRING, &out->number, NULL, NULL},
        {"stamp", 0, 0, G_OPTION_ARG_STRING, &out->stamp, NULL, NULL},
        {"mail", 0, 0, G_OPTION_ARG_STRING, &out->mail, NULL, NULL},
        {"head", 0, 0, G_OPTION_ARG_NONE, &out->head, NULL, NULL},
        {"list", 0, 0, G_OPTION_ARG_NONE, &out->list, NULL, NULL},
        {"qr", 0, 0, G_OPTION_ARG_NONE, &out->qr, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return false;
    if (argc > 1)
        return app_wrong_use(error, "snapshot takes no operand '%s'\n%s", argv[1], usage);
    if (out->as_of && !figures_is_day(out->as_of))
        return app_wrong_use(error, "--as-of '%s' is no day; expected 2025-06-30", out->as_of);
    if (out->number && !out->out)
        return app_wrong_use(error, "--export needs --out FILE");
    return true;
}

int command_snapshot(struct app *app, int argc, char **argv, GError **error)
{
    struct wanted wanted = {0};
    int code = read_options(argc, argv, &wanted, error) ? run(app, &wanted, error) : APP_FAILED;
    wanted_clear(&wanted);
    return code;
}
