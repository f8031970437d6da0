#include "service/daemon/channels.h"
#include "service/daemon/sending.h"
#include "service/push/schedule.h"
#include "service/push/webhook.h"
#include "sql/agencies.h"
#include "sql/endpoint.h"
#include <sodium.h>
#include <string.h>

static void wipe(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

/* ---- Addresses */

char *channels_shown(const char *url)
{
    return g_str_has_prefix(url, "mailto:") ? g_strdup(url) : webhook_url_mask(url);
}

void channels_mask(json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        g_autofree char *shown = channels_shown(json_string_value(json_object_get(row, "url")));
        json_object_set_new(row, "url", json_string(shown));
    }
}

/* What the channel makes of address and secret: the text to seal, to be wiped. *url: the endpoint's address. */
static char *adopt(const struct app *app, const struct channel_asked *asked, char **url,
                   GError **error)
{
    g_autofree char *allowed = app_setting(app, "allow_private");
    const struct channel_offer offer = {asked->address, asked->secret, asked->keyword, allowed};
    return channel_find(asked->channel)->adopt(&offer, url, error);
}

static GBytes *seal_text(const struct app *app, const char *text, GError **error)
{
    struct seal_key key;
    if (!sending_key(app, &key, error))
        return NULL;
    GBytes *sealed = seal_close(&key, text, strlen(text));
    seal_key_clear(&key);
    return sealed;
}

static bool find(struct db *db, const struct channel_asked *asked, struct endpoint *out,
                 GError **error)
{
    *out = (struct endpoint){.agency_id = asked->agency_id, .channel = asked->channel};
    return endpoint_enterprise(db, asked->uscc, &out->enterprise_id, error);
}

static void say(struct db *db, const struct channel_asked *asked, const char *what)
{
    endpoint_say(db, asked->agency_id, asked->uscc, asked->channel, what);
}

/* ---- Setting up */

bool channels_set(const struct app *app, struct db *db, const struct channel_asked *asked,
                  int64_t *id, char **shown, GError **error)
{
    struct endpoint endpoint;
    g_autofree char *url = NULL;
    char *text = adopt(app, asked, &url, error);
    g_autoptr(GBytes) sealed = text ? seal_text(app, text, error) : NULL;
    wipe(text);
    g_autofree char *now = sealed ? db_clock(db, error) : NULL;
    if (!now || !find(db, asked, &endpoint, error))
        return false;
    g_autofree char *masked = channels_shown(url);
    g_autofree char *what = g_strconcat("set: ", masked, NULL);
    endpoint.url = url;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    say(db, asked, what);
    *shown = g_steal_pointer(&masked);
    return endpoint_add(db, &endpoint, now, id, error);
}

static bool check_secret(const char *secret, GError **error)
{
    struct webhook_keys keys;
    if (!webhook_keys_read(secret, &keys, error))
        return false;
    webhook_keys_clear(&keys);
    return true;
}

bool channels_roll(const struct app *app, struct db *db, const struct channel_asked *asked,
                   char **until, GError **error)
{
    struct endpoint endpoint;
    int64_t now_us;
    if (!check_secret(asked->secret, error))
        return false;
    char *secret = g_strstrip(g_strdup(asked->secret));
    g_autoptr(GBytes) sealed = seal_text(app, secret, error);
    wipe(secret);
    g_autofree char *now = sealed ? db_clock(db, error) : NULL;
    if (!now || !schedule_moment_read(now, &now_us) || !find(db, asked, &endpoint, error))
        return false;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    *until = schedule_moment_text(now_us + asked->overlap_h * G_TIME_SPAN_HOUR);
    say(db, asked, "a new secret");
    return endpoint_roll(db, &endpoint, *until, error);
}

bool channels_off(struct db *db, const struct channel_asked *asked, GError **error)
{
    struct endpoint endpoint;
    g_autofree char *now = db_clock(db, error);
    if (!now || !find(db, asked, &endpoint, error))
        return false;
    say(db, asked, "turned off");
    return endpoint_remove(db, &endpoint, now, error);
}

bool channels_on(struct db *db, const struct channel_asked *asked, GError **error)
{
    struct endpoint endpoint;
    if (!find(db, asked, &endpoint, error))
        return false;
    say(db, asked, "turned on");
    return endpoint_on(db, &endpoint, error);
}

/* ---- A test message */

/* Where it goes; cleared by target_clear(). */
struct target {
    char *url, *secret, *old_secret, *sender;
};

static void target_clear(struct target *target)
{
    wipe(target->secret);
    wipe(target->old_secret);
    g_free(target->url);
    g_free(target->sender);
}

static bool open_row(const struct app *app, const json_t *row, struct target *out,
                     GError **error)
{
    struct seal_key key;
    const char *old = json_string_value(json_object_get(row, "old_secret_sealed"));
    if (!sending_key(app, &key, error))
        return false;
    out->url = g_strdup(json_string_value(json_object_get(row, "url")));
    out->secret =
        seal_open_hex(&key, json_string_value(json_object_get(row, "secret_sealed")), error);
    out->old_secret = out->secret && old ? seal_open_hex(&key, old, error) : NULL;
    seal_key_clear(&key);
    return out->secret && (!old || out->old_secret);
}

static bool find_target(const struct app *app, struct db *db, const struct channel_asked *asked,
                        struct target *out, GError **error)
{
    struct endpoint endpoint;
    int pace_ms = channel_find(asked->channel)->pace_ms;
    if (asked->address) {
        out->secret = adopt(app, asked, &out->url, error);
        return out->secret != NULL;
    }
    g_autofree char *now = db_clock(db, error);
    json_auto_t *row = now && find(db, asked, &endpoint, error)
                           ? endpoint_trial(db, &endpoint, now, pace_ms, error)
                           : NULL;
    return row && open_row(app, row, out, error);
}

static char *name_of(struct db *db, int agency_id, GError **error)
{
    json_auto_t *all = agencies_list(db, error);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        const char *id = json_string_value(json_object_get(one, "agency_id"));
        if (id && g_ascii_strtoll(id, NULL, 10) == agency_id)
            return g_strdup(json_string_value(json_object_get(one, "name")));
    }
    return all ? g_strdup("") : NULL;
}

static bool read_target(const struct app *app, struct db *db, const struct channel_asked *asked,
                        struct target *out, GError **error)
{
    if (!db_begin(db, DB_SERVICE, asked->agency_id, error))
        return false;
    out->sender = name_of(db, asked->agency_id, error);
    if (out->sender && find_target(app, db, asked, out, error) && db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

static bool note(struct db *db, const struct channel_asked *asked, const struct target *target,
                 const struct trial_result *result, GError **error)
{
    g_autofree char *shown = channels_shown(target->url);
    g_autofree char *what =
        g_strdup_printf("test message to %s: %s", shown, trial_outcome(result));
    if (!db_begin(db, DB_SERVICE, asked->agency_id, error))
        return false;
    say(db, asked, what);
    if (db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

bool channels_try(const struct app *app, struct db *db, const struct channel_asked *asked,
                  struct trial_result *out, GError **error)
{
    g_auto(sending_t) sending = {0};
    struct target target = {0};
    bool done =
        sending_init(&sending, app, -1, error) && read_target(app, db, asked, &target, error);
    if (done) {
        const struct trial trial = {asked->channel, target.url, target.secret,
                                    target.old_secret, target.sender};
        trial_send(&trial, &sending.options, out);
        done = note(db, asked, &target, out, error);
    }
    target_clear(&target);
    return done;
}
