#include "sql/endpoint.h"
#include "service/cli/commands.h"
#include "service/push/seal.h"
#include "service/push/webhook.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "patbridge endpoint add USCC webhook URL --secret-file FILE\n"
    "patbridge endpoint list\n"
    "patbridge endpoint remove USCC webhook\n\n"
    "Where an enterprise receives this agency's pushes, beside its inbox. The file holds the "
    "secret, whsec_ and the base64 of 24 "
    "to 64 random bytes; two of them while one takes the other's place. It is kept sealed "
    "under the key in the file that the "
    "setting key_file names (var/secret.key, made where there is none).\n"
    "Only https is sent to, and never into a private network, unless the setting allow_private "
    "names that very host:port. Adding "
    "again replaces address and secret; what waits goes to the new one.";

/* Reads the secret and seals it. The caller frees. */
static GBytes *seal_secret(const struct app *app, const char *file, GError **error)
{
    struct webhook_keys keys;
    struct seal_key key;
    g_autofree char *text = NULL, *key_file = app_setting(app, "key_file");
    gsize len;
    GBytes *sealed = NULL;
    if (!g_file_get_contents(file, &text, &len, error))
        return NULL;
    if (!webhook_keys_read(text, &keys, error)) {
        g_prefix_error(error, "could not use the secret in '%s': ", file);
    } else if (seal_key_load(key_file ? key_file : "var/secret.key", &key, error)) {
        sealed = seal_close(&key, text, len);
        seal_key_clear(&key);
    }
    webhook_keys_clear(&keys);
    sodium_memzero(text, len);
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

static int add(struct app *app, const char *uscc, const char *url, const char *secret_file,
               GError **error)
{
    struct endpoint endpoint = {.channel = "webhook", .url = url};
    int64_t id = 0;
    g_autofree char *allowed = app_setting(app, "allow_private");
    if (!webhook_url_check(url, allowed, error))
        return APP_FAILED;
    g_autoptr(GBytes) sealed = seal_secret(app, secret_file, error);
    if (!sealed || !begin(app, &endpoint.agency_id, error))
        return APP_FAILED;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    g_autofree char *now = db_clock(app->db, error);
    if (!finish(app,
                now && endpoint_enterprise(app->db, uscc, &endpoint.enterprise_id, error) &&
                    endpoint_add(app->db, &endpoint, now, &id, error),
                error))
        return APP_FAILED;
    g_autofree char *masked = webhook_url_mask(url);
    g_autofree char *id_text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    if (app->json)
        app_print_json(json_pack("{s:s, s:s, s:s, s:s}", "endpoint_id", id_text, "uscc", uscc,
                                 "channel", "webhook", "url", masked));
    else
        printf(app->chinese ? "已设置 %s 的 webhook：%s\n" : "webhook of %s: %s\n", uscc,
               masked);
    return APP_DONE;
}

static int remove_one(struct app *app, const char *uscc, GError **error)
{
    struct endpoint endpoint = {.channel = "webhook"};
    if (!begin(app, &endpoint.agency_id, error))
        return APP_FAILED;
    g_autofree char *now = db_clock(app->db, error);
    if (!finish(app,
                now && endpoint_enterprise(app->db, uscc, &endpoint.enterprise_id, error) &&
                    endpoint_remove(app->db, &endpoint, now, error),
                error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "uscc", uscc, "removed", "webhook"));
    else
        printf(app->chinese ? "已停用 %s 的 webhook\n" : "webhook of %s: turned off\n", uscc);
    return APP_DONE;
}

/* An address may hold what is secret: only its host is shown. */
static void mask_rows(json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        g_autofree char *masked =
            webhook_url_mask(json_string_value(json_object_get(row, "url")));
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
    g_autofree char *secret_file = NULL;
    const GOptionEntry entries[] = {
        {"secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    const char *verb = argc > 1 ? argv[1] : "";
    bool webhook = argc > 3 && g_str_equal(argv[3], "webhook");
    g_autofree char *uscc = argc > 2 ? g_strstrip(g_ascii_strup(argv[2], -1)) : NULL;
    if (g_str_equal(verb, "add") && argc == 5 && webhook && secret_file)
        return add(app, uscc, argv[4], secret_file, error);
    if (g_str_equal(verb, "remove") && argc == 4 && webhook)
        return remove_one(app, uscc, error);
    if (g_str_equal(verb, "list") && argc == 2)
        return list(app, error);
    app_wrong_use(error, "%s", usage);
    return APP_FAILED;
}
