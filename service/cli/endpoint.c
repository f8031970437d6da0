#include "sql/endpoint.h"
#include "service/cli/commands.h"
#include "service/daemon/sending.h"
#include "service/push/channel.h"
#include "service/push/schedule.h"
#include "service/push/seal.h"
#include "service/push/webhook.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge endpoint add USCC CHANNEL ADDRESS [--secret-file FILE] [--keyword WORD]\n"
    "patbridge endpoint roll USCC webhook --secret-file FILE [--overlap HOURS]\n"
    "patbridge endpoint list\n"
    "patbridge endpoint remove USCC CHANNEL\n\n"
    "Where an enterprise receives this agency's pushes, beside its inbox. "
    "Channels: " CHANNEL_NAMES ".\n"
    "  webhook   ADDRESS of its own system; the file holds the secret, whsec_ and the base64 "
    "of 24 "
    "to 64 random bytes\n"
    "  wecom, dingtalk, feishu   the address of a group's robot, which is a password: it is "
    "kept "
    "sealed. The file holds the robot's\n"
    "            secret for signing, where it has one; --keyword the word that its guard asks "
    "for\n"
    "  email     name@domain\n"
    "Secrets are sealed under the key in the file that the setting key_file names "
    "(var/secret.key, made where there is none).\n"
    "`roll` gives a webhook a new secret; both sign for so many hours (24), so that the "
    "receiver "
    "can change its own meanwhile.\n"
    "Only https is sent to, and never into a private network, unless the setting allow_private "
    "names that very host:port. Adding again replaces address and secret; what waits goes to "
    "the "
    "new one.";

enum { OVERLAP_HOURS = 24, OVERLAP_MOST = 24 * 90 };

struct asked {
    const char *uscc, *channel, *address, *secret_file, *keyword;
    int overlap_hours;
};

static GBytes *seal_text(const struct app *app, const char *text, GError **error)
{
    struct seal_key key;
    if (!sending_key(app, &key, error))
        return NULL;
    GBytes *sealed = seal_close(&key, text, strlen(text));
    seal_key_clear(&key);
    return sealed;
}

/* Reads what the channel makes of address and secret, and seals it. The caller frees both. */
static GBytes *adopt(const struct app *app, const struct asked *asked, char **shown,
                     GError **error)
{
    g_autofree char *secret = NULL, *allowed = app_setting(app, "allow_private");
    if (asked->secret_file && !g_file_get_contents(asked->secret_file, &secret, NULL, error))
        return NULL;
    const struct channel_offer offer = {asked->address, secret, asked->keyword, allowed};
    char *text = channel_find(asked->channel)->adopt(&offer, shown, error);
    GBytes *sealed = text ? seal_text(app, text, error) : NULL;
    if (!text && asked->secret_file)
        g_prefix_error(error, "could not use the secret in '%s': ", asked->secret_file);
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
    if (secret)
        sodium_memzero(secret, strlen(secret));
    return sealed;
}

static bool begin(struct app *app, int *agency_id, GError **error)
{
    return app_agency(app, agency_id, error) &&
           db_begin(app->db, DB_SERVICE, *agency_id, error);
}

static bool finish(struct app *app, bool done, GError **error)
{
    done = done && db_commit(app->db, error);
    if (!done)
        db_rollback(app->db);
    return done;
}

static void tell(const struct app *app, const struct asked *asked, const char *what,
                 const char *shown)
{
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s*}", "uscc", asked->uscc, "channel",
                                 asked->channel, "done", what, "url", shown));
    else
        printf("%s %s: %s %s\n", asked->uscc, asked->channel, what, shown ? shown : "");
}

static int add(struct app *app, const struct asked *asked, GError **error)
{
    struct endpoint endpoint = {.channel = asked->channel};
    int64_t id = 0;
    g_autofree char *shown = NULL;
    g_autoptr(GBytes) sealed = adopt(app, asked, &shown, error);
    if (!sealed || !begin(app, &endpoint.agency_id, error))
        return APP_FAILED;
    endpoint.url = shown;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    g_autofree char *now = db_clock(app->db, error);
    if (!finish(app,
                now &&
                    endpoint_enterprise(app->db, asked->uscc, &endpoint.enterprise_id, error) &&
                    endpoint_add(app->db, &endpoint, now, &id, error),
                error))
        return APP_FAILED;
    g_autofree char *masked =
        g_str_has_prefix(shown, "mailto:") ? g_strdup(shown) : webhook_url_mask(shown);
    g_autofree char *id_text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s}", "endpoint_id", id_text, "uscc",
                                 asked->uscc, "channel", asked->channel, "url", masked));
    else
        printf(app->chinese ? "已设置 %s 的 %s：%s\n" : "%s: %s: %s\n", asked->uscc,
               asked->channel, masked);
    return APP_DONE;
}

static int roll(struct app *app, const struct asked *asked, GError **error)
{
    struct endpoint endpoint = {.channel = asked->channel};
    struct webhook_keys keys;
    g_autofree char *secret = NULL;
    if (!g_file_get_contents(asked->secret_file, &secret, NULL, error) ||
        !webhook_keys_read(secret, &keys, error))
        return APP_FAILED;
    webhook_keys_clear(&keys);
    g_autoptr(GBytes) sealed = seal_text(app, g_strstrip(secret), error);
    sodium_memzero(secret, strlen(secret));
    if (!sealed || !begin(app, &endpoint.agency_id, error))
        return APP_FAILED;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    int64_t now_us;
    g_autofree char *now = db_clock(app->db, error);
    bool told = now && schedule_moment_read(now, &now_us);
    g_autofree char *until =
        told ? schedule_moment_text(now_us + asked->overlap_hours * G_TIME_SPAN_HOUR) : NULL;
    if (!finish(app,
                told &&
                    endpoint_enterprise(app->db, asked->uscc, &endpoint.enterprise_id, error) &&
                    endpoint_roll(app->db, &endpoint, until, error),
                error))
        return APP_FAILED;
    tell(app, asked, "both secrets sign until", until);
    return APP_DONE;
}

static int remove_one(struct app *app, const struct asked *asked, GError **error)
{
    struct endpoint endpoint = {.channel = asked->channel};
    if (!begin(app, &endpoint.agency_id, error))
        return APP_FAILED;
    g_autofree char *now = db_clock(app->db, error);
    if (!finish(app,
                now &&
                    endpoint_enterprise(app->db, asked->uscc, &endpoint.enterprise_id, error) &&
                    endpoint_remove(app->db, &endpoint, now, error),
                error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "uscc", asked->uscc, "removed", asked->channel));
    else
        printf(app->chinese ? "已停用 %s 的 %s\n" : "%s: %s is turned off\n", asked->uscc,
               asked->channel);
    return APP_DONE;
}

/* An address may hold what is secret: only its host is shown. */
static void mask_rows(json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const char *url = json_string_value(json_object_get(row, "url"));
        g_autofree char *masked =
            g_str_has_prefix(url, "mailto:") ? g_strdup(url) : webhook_url_mask(url);
        json_object_set_new(row, "url", json_string(masked));
    }
}

static int list(struct app *app, GError **error)
{
    int agency_id;
    if (!app_db(app, error) || !app_agency_or_all(app, &agency_id, error) ||
        !db_begin(app->db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return APP_FAILED;
    json_t *rows = endpoint_list(app->db, agency_id, error);
    db_rollback(app->db);
    if (!rows)
        return APP_FAILED;
    mask_rows(rows);
    if (app->json) {
        app_print_json(rows);
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *off = json_string_value(json_object_get(row, "disabled_reason"));
        printf("%s  %s  %s  %s  %s%s\n", json_string_value(json_object_get(row, "agency")),
               json_string_value(json_object_get(row, "uscc")),
               json_string_value(json_object_get(row, "channel")),
               json_string_value(json_object_get(row, "url")),
               off ? (app->chinese ? "已停用：" : "off: ") : "", off ? off : "");
    }
    json_decref(rows);
    return APP_DONE;
}

int command_endpoint(struct app *app, int argc, char **argv, GError **error)
{
    g_autofree char *secret_file = NULL, *keyword = NULL;
    int overlap = OVERLAP_HOURS;
    const GOptionEntry entries[] = {
        {"secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file, NULL, NULL},
        {"keyword", 0, 0, G_OPTION_ARG_STRING, &keyword, NULL, NULL},
        {"overlap", 0, 0, G_OPTION_ARG_INT, &overlap, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    const char *verb = argc > 1 ? argv[1] : "";
    g_autofree char *uscc = argc > 2 ? g_strstrip(g_ascii_strup(argv[2], -1)) : NULL;
    const struct asked asked = {
        uscc,   argc > 3 ? argv[3] : "", argc > 4 ? argv[4] : NULL, secret_file, keyword,
        overlap};
    bool known = channel_find(asked.channel) != NULL;
    if (g_str_equal(verb, "add") && argc == 5 && known)
        return add(app, &asked, error);
    if (g_str_equal(verb, "roll") && argc == 4 && g_str_equal(asked.channel, "webhook") &&
        secret_file && overlap >= 0 && overlap <= OVERLAP_MOST)
        return roll(app, &asked, error);
    if (g_str_equal(verb, "remove") && argc == 4 && known)
        return remove_one(app, &asked, error);
    if (g_str_equal(verb, "list") && argc == 2)
        return list(app, error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}
