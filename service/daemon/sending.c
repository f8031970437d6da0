#include "service/daemon/sending.h"
#include "service/steps/filter.h"

/* What must be true at all, on the facts of a candidate. */
static bool allow(const json_t *candidate, const char **reason, void *user)
{
    *reason = filter_check_row(candidate, user);
    return !*reason;
}

static bool setting_is_true(const struct app *app, const char *name)
{
    g_autofree char *value = app_setting(app, name);
    return value && (g_ascii_strcasecmp(value, "true") == 0 ||
                     g_ascii_strcasecmp(value, "yes") == 0 || g_str_equal(value, "1"));
}

static bool read_floor(const struct app *app, const char *name, double given, double *out,
                       GError **error)
{
    g_autofree char *value = app_setting(app, name);
    char *end = NULL;
    *out = given >= 0 ? given : value ? g_ascii_strtod(value, &end) : 0;
    if ((end && (*end || end == value)) || !(*out >= 0 && *out <= 1))
        return app_wrong_use(error, "%s is a number from 0 to 1", name);
    return true;
}

static void read_relay(struct sending *sending, const struct app *app)
{
    static const char *const names[] = {"smtp_url",        "smtp_user",      "smtp_password",
                                        "mail_from",       "mail_from_name", "bounce_domain",
                                        "smtp_authorities"};
    const char **const places[] = {&sending->relay.url,        &sending->relay.user,
                                   &sending->relay.password,   &sending->relay.from,
                                   &sending->relay.from_name,  &sending->relay.bounce_domain,
                                   &sending->relay.authorities};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        *places[i] = sending->mail[i] = app_setting(app, names[i]);
    sending->relay.plain = setting_is_true(app, "smtp_plain");
    sending->options.relay = &sending->relay;
}

bool sending_key(const struct app *app, struct seal_key *out, GError **error)
{
    g_autofree char *file = app_setting(app, "key_file");
    return seal_key_load(file ? file : "var/secret.key", out, error);
}

bool sending_init(struct sending *sending, const struct app *app, double floor, GError **error)
{
    if (!read_floor(app, "fit_floor", floor, &sending->options.floor, error) ||
        !read_floor(app, "interest_floor", -1, &sending->options.interest_floor, error) ||
        !sending_key(app, &sending->key, error))
        return false;
    sending->allow_private = app_setting(app, "allow_private");
    sending->public_url = app_setting(app, "public_url");
    read_relay(sending, app);
    sending->options.key = &sending->key;
    sending->options.allow = allow;
    sending_today(sending);
    sending->options.allow_private = sending->allow_private;
    sending->options.public_url = sending->public_url;
    sending->options.ignore_quiet = setting_is_true(app, "ignore_quiet");
    return true;
}

void sending_today(struct sending *sending)
{
    g_free(sending->today);
    sending->today = app_today();
    sending->options.user = sending->today;
}

void sending_clear(struct sending *sending)
{
    seal_key_clear(&sending->key);
    g_free(sending->allow_private);
    g_free(sending->public_url);
    g_free(sending->today);
    for (size_t i = 0; i < G_N_ELEMENTS(sending->mail); i++)
        g_free(sending->mail[i]);
}
