#include "sql/endpoint.h"
#include "service/cli/commands.h"
#include "service/daemon/channels.h"
#include "service/push/channel.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge endpoint add USCC CHANNEL ADDRESS [--secret-file FILE] [--keyword WORD]\n"
    "patbridge endpoint roll USCC webhook --secret-file FILE [--overlap HOURS]\n"
    "patbridge endpoint list\n"
    "patbridge endpoint remove|on|test USCC CHANNEL\n\n"
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
    "new one. `remove` turns a channel off, `on` turns it on again. `test` sends one test "
    "message there, which is no push, and says what the other side answered.";

struct asked {
    struct channel_asked channel;
    const char *secret_file;
};

/* The secret in the file is the caller's, to be wiped. */
static bool read_secret(struct asked *asked, char **secret, GError **error)
{
    *secret = NULL;
    if (asked->secret_file && !g_file_get_contents(asked->secret_file, secret, NULL, error))
        return false;
    asked->channel.secret = *secret;
    return true;
}

static void wipe(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

static bool begin(struct app *app, struct asked *asked, GError **error)
{
    return app_agency(app, &asked->channel.agency_id, error) &&
           db_begin(app->db, DB_SERVICE, asked->channel.agency_id, error);
}

static bool finish(struct app *app, bool done, GError **error)
{
    done = done && db_commit(app->db, error);
    if (!done)
        db_rollback(app->db);
    return done;
}

static void name_file(const struct asked *asked, GError **error)
{
    if (asked->secret_file && error && *error && (*error)->domain != SQL_ERROR)
        g_prefix_error(error, "could not use the secret in '%s': ", asked->secret_file);
}

static int add(struct app *app, struct asked *asked, GError **error)
{
    int64_t id = 0;
    char *secret;
    g_autofree char *shown = NULL;
    if (!read_secret(asked, &secret, error))
        return APP_FAILED;
    bool done =
        begin(app, asked, error) &&
        finish(app, channels_set(app, app->db, &asked->channel, &id, &shown, error), error);
    wipe(secret);
    if (!done) {
        name_file(asked, error);
        return APP_FAILED;
    }
    g_autofree char *id_text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s}", "endpoint_id", id_text, "uscc",
                                 asked->channel.uscc, "channel", asked->channel.channel, "url",
                                 shown));
    else
        printf(app->chinese ? "已设置 %s 的 %s：%s\n" : "%s: %s: %s\n", asked->channel.uscc,
               asked->channel.channel, shown);
    return APP_DONE;
}

static int roll(struct app *app, struct asked *asked, GError **error)
{
    char *secret;
    g_autofree char *until = NULL;
    if (!read_secret(asked, &secret, error))
        return APP_FAILED;
    bool done = begin(app, asked, error) &&
                finish(app, channels_roll(app, app->db, &asked->channel, &until, error), error);
    wipe(secret);
    if (!done)
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s}", "uscc", asked->channel.uscc, "channel",
                                 asked->channel.channel, "done", "both secrets sign until",
                                 "url", until));
    else
        printf("%s %s: both secrets sign until %s\n", asked->channel.uscc,
               asked->channel.channel, until);
    return APP_DONE;
}

static int turn(struct app *app, struct asked *asked, bool on, GError **error)
{
    const struct channel_asked *channel = &asked->channel;
    if (!begin(app, asked, error) || !finish(app,
                                             on ? channels_on(app->db, channel, error)
                                                : channels_off(app->db, channel, error),
                                             error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "uscc", channel->uscc, on ? "on" : "removed",
                                 channel->channel));
    else if (on)
        printf(app->chinese ? "已启用 %s 的 %s\n" : "%s: %s is turned on\n", channel->uscc,
               channel->channel);
    else
        printf(app->chinese ? "已停用 %s 的 %s\n" : "%s: %s is turned off\n", channel->uscc,
               channel->channel);
    return APP_DONE;
}

/* Exit code 1 when the other side did not take it. */
static int test(struct app *app, struct asked *asked, GError **error)
{
    struct trial_result result;
    if (!app_agency(app, &asked->channel.agency_id, error) ||
        !channels_try(app, app->db, &asked->channel, &result, error))
        return APP_FAILED;
    json_auto_t *said = trial_json(&result);
    const json_t *trouble = json_object_get(said, "trouble");
    bool taken = json_is_true(json_object_get(said, "taken"));
    const char *word = json_string_value(json_object_get(trouble, app->chinese ? "zh" : "en"));
    if (app->json)
        app_print_json(json_incref(said));
    else
        printf("%s %s: %s (%ld) %s\n", asked->channel.uscc, asked->channel.channel,
               taken ? (app->chinese ? "已收到" : "taken") : word, result.status,
               result.answer);
    return taken ? APP_DONE : APP_FAILED;
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
    channels_mask(rows);
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
    int overlap = CHANNELS_OVERLAP_H;
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
    struct asked asked = {{.uscc = uscc,
                           .channel = argc > 3 ? argv[3] : "",
                           .address = argc > 4 ? argv[4] : NULL,
                           .keyword = keyword,
                           .overlap_h = overlap},
                          secret_file};
    bool known = channel_find(asked.channel.channel) != NULL;
    if (g_str_equal(verb, "add") && argc == 5 && known)
        return add(app, &asked, error);
    if (g_str_equal(verb, "roll") && argc == 4 &&
        g_str_equal(asked.channel.channel, "webhook") && secret_file && overlap >= 0 &&
        overlap <= CHANNELS_OVERLAP_MOST_H)
        return roll(app, &asked, error);
    if ((g_str_equal(verb, "remove") || g_str_equal(verb, "on")) && argc == 4 && known)
        return turn(app, &asked, g_str_equal(verb, "on"), error);
    if (g_str_equal(verb, "test") && argc == 4 && known)
        return test(app, &asked, error);
    if (g_str_equal(verb, "list") && argc == 2)
        return list(app, error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}
