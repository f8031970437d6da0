#include "service/cli/policy.h"
#include "service/doctor/doctor.h"
#include "service/push/mail.h"
#include "service/track/pack_check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GROUP "patbridge"

/* ---- What a value may be: NULL, or what was expected */

static const char *is_port(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 0, 65535, NULL, NULL) ? NULL : "0 to 65535";
}

static const char *is_share(const char *value)
{
    char *end;
    double number = g_ascii_strtod(value, &end);
    return end != value && !*end && number >= 0 && number <= 1 ? NULL : "a number from 0 to 1";
}

static const char *is_count(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 1, 1000, NULL, NULL) ? NULL : "1 to 1000";
}

static const char *is_minutes(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 1, 1440, NULL, NULL) ? NULL : "1 to 1440";
}

static const char *is_hours(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 1, 720, NULL, NULL) ? NULL : "1 to 720";
}

static const char *is_days(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 1, 365, NULL, NULL) ? NULL : "1 to 365";
}

static const char *is_yes_or_no(const char *value)
{
    static const char *const words[] = {"true", "false", "yes", "no", "1", "0", NULL};
    g_autofree char *lower = g_ascii_strdown(value, -1);
    return g_strv_contains(words, lower) ? NULL : "true or false";
}

static const char *is_megabytes(const char *value)
{
    return g_ascii_string_to_unsigned(value, 10, 1, 1 << 24, NULL, NULL)
               ? NULL
               : "a number of megabytes";
}

static const char *is_web(const char *value)
{
    return g_str_has_prefix(value, "https://") || g_str_has_prefix(value, "http://")
               ? NULL
               : "https://HOST";
}

static const char *is_relay(const char *value)
{
    return g_str_has_prefix(value, "smtp://") || g_str_has_prefix(value, "smtps://")
               ? NULL
               : "smtp://HOST:587/NAME or smtps://HOST:465";
}

static const char *is_mail(const char *value)
{
    return mail_address_check(value) ? NULL : "name@domain";
}

static const char *is_steps(const char *value)
{
    static const char *const names[] = {"all",    "none",       "match", "push",
                                        "expire", "statistics", NULL};
    g_auto(GStrv) words = g_strsplit(value, ",", -1);
    for (char **word = words; *word; word++)
        if (!g_strv_contains(names, g_strstrip(*word)))
            return "all, none, or of match, push, expire, statistics, with commas between";
    return NULL;
}

static const char *is_file(const char *value)
{
    return g_file_test(value, G_FILE_TEST_IS_REGULAR) ? NULL : "a file that is there";
}

static const char *is_dictionary(const char *value)
{
    return g_str_equal(value, "none") ? NULL : is_file(value);
}

/* Every setting that there is; docs/operations.md says what each is for. */
static const struct setting {
    const char *name;
    const char *(*problem)(const char *value);
    const char *code; /* of the finding; NULL: setting_bad */
} settings[] = {
    {"database", NULL, NULL},
    {"policies", NULL, NULL},
    {"allow_private", NULL, NULL},
    {"feed_folder", NULL, NULL},
    {"ca_file", is_file, "file_missing"},
    {"key_file", NULL, NULL},
    {"sign_key", NULL, NULL},
    {"stamp_url", is_web, NULL},
    {"stamp_ca", is_file, "file_missing"},
    {"evidence", NULL, NULL},
    {"fit_floor", is_share, NULL},
    {"interest_floor", is_share, NULL},
    {"index_folder", NULL, NULL},
    {"index_memory_mb", is_megabytes, NULL},
    {"ignore_quiet", is_yes_or_no, NULL},
    {"dictionary", is_dictionary, "file_missing"},
    {"public_url", is_web, NULL},
    {"smtp_url", is_relay, NULL},
    {"smtp_user", NULL, NULL},
    {"smtp_password", NULL, NULL},
    {"smtp_authorities", is_file, "file_missing"},
    {"smtp_plain", is_yes_or_no, NULL},
    {"mail_from", is_mail, NULL},
    {"mail_from_name", NULL, NULL},
    {"bounce_domain", NULL, NULL},
    {"port", is_port, NULL},
    {"steps", is_steps, NULL},
    {"leads_a_need", is_count, NULL},
    {"secure_cookie", is_yes_or_no, NULL},
    {"session_idle_minutes", is_minutes, NULL},
    {"session_hours", is_hours, NULL},
    {"inbox_days", is_days, NULL},
};

static void look_at_values(struct doctor *doctor)
{
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *value = app_setting(doctor->app, settings[i].name);
        const char *expected = value && settings[i].problem ? settings[i].problem(value) : NULL;
        if (expected)
            doctor_addf(doctor, settings[i].code ? settings[i].code : "setting_bad",
                        "%s is '%s'; expected %s", settings[i].name, value, expected);
    }
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        if (g_str_equal(settings[i].name, name))
            return true;
    return false;
}

/* The setting that is most like it: the longest common beginning. */
static const char *nearest(const char *name)
{
    const char *best = NULL;
    size_t most = 2;
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        size_t same = 0;
        while (name[same] && name[same] == settings[i].name[same])
            same++;
        if (same > most) {
            most = same;
            best = settings[i].name;
        }
    }
    return best;
}

static void look_at_names(struct doctor *doctor)
{
    g_auto(GStrv) names = doctor->app->settings
                              ? g_key_file_get_keys(doctor->app->settings, GROUP, NULL, NULL)
                              : NULL;
    for (char **name = names; name && *name; name++) {
        const char *like = nearest(*name);
        if (!is_known(*name))
            doctor_addf(doctor, "setting_unknown", like ? "%s; is %s meant?" : "%s", *name,
                        like);
    }
    if (doctor->app->settings && !g_key_file_has_group(doctor->app->settings, GROUP))
        doctor_addf(doctor, "setting_unknown", "%s has no group [" GROUP "]",
                    doctor->app->config_file);
}

static bool holds_password(GKeyFile *file)
{
    g_autofree char *database = g_key_file_get_string(file, GROUP, "database", NULL);
    return g_key_file_has_key(file, GROUP, "smtp_password", NULL) ||
           (database && (strstr(database, "password=") || strstr(database, "@")));
}

static void look_at_configuration(struct doctor *doctor)
{
    struct stat about;
    if (doctor->app->settings && holds_password(doctor->app->settings) &&
        stat(doctor->app->config_file, &about) == 0 && (about.st_mode & S_IRWXO))
        doctor_addf(doctor, "configuration_open", "%s has the mode %o",
                    doctor->app->config_file, about.st_mode & 07777);
}

/* A session's cookie that is sent over a network without TLS can be read there. */
static void look_at_cookies(struct doctor *doctor)
{
    g_autofree char *site = app_setting(doctor->app, "public_url");
    g_autofree char *secure = app_setting(doctor->app, "secure_cookie");
    g_autofree char *lower = g_ascii_strdown(secure ? secure : "", -1);
    static const char *const no[] = {"false", "no", "0", NULL};
    if (site && g_str_has_prefix(site, "http://"))
        doctor_addf(doctor, "cookie_open", "public_url is '%s'", site);
    else if (site && g_strv_contains(no, lower))
        doctor_addf(doctor, "cookie_open", "secure_cookie is %s, and public_url '%s'", lower,
                    site);
}

static void look_at_pack(struct doctor *doctor, const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    json_error_t why;
    json_auto_t *root = g_file_get_contents(path, &text, NULL, NULL)
                            ? json_loads(text, JSON_REJECT_DUPLICATES, &why)
                            : NULL;
    if (root)
        pack_check(root, errors);
    if (!root)
        doctor_addf(doctor, "pack_bad", "%s: no JSON", path);
    else if (errors->len)
        doctor_addf(doctor, "pack_bad", "%s: %s", path, (const char *)errors->pdata[0]);
}

static void look_at_packs(struct doctor *doctor)
{
    g_autofree char *folder = policy_folder(doctor->app);
    g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
    if (folder && !dir)
        doctor_addf(doctor, "file_missing", "policies is '%s'; expected a folder", folder);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name;
         name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".json") && !g_str_equal(name, "schema.json")) {
            g_autofree char *path = g_build_filename(folder, name, NULL);
            look_at_pack(doctor, path);
        }
}

void doctor_settings(struct doctor *doctor)
{
    look_at_names(doctor);
    look_at_values(doctor);
    look_at_configuration(doctor);
    look_at_cookies(doctor);
    look_at_packs(doctor);
}
