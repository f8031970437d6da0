#include "service/cli/app.h"
#include "service/cli/cluster.h"
#include "service/common/zone.h"
#include "sql/agencies.h"
#include "sql/migrate.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GROUP "patbridge"

G_DEFINE_QUARK(patbridge - app - error, app_error)

/* Settings that others have taken the place of: a thread may still be reading them. */
static GSList *replaced;

void app_clear(struct app *app)
{
    db_close(app->db);
    g_slist_free_full(g_steal_pointer(&replaced), (GDestroyNotify)g_key_file_unref);
    g_clear_pointer(&app->settings, g_key_file_unref);
    g_clear_pointer(&app->config_file, g_free);
    g_clear_pointer(&app->agency_code, g_free);
}

static bool is_secret(const char *name)
{
    return g_str_equal(name, "database") || strstr(name, "password") || strstr(name, "secret");
}

static char *value_of(GKeyFile *file, const char *name)
{
    return file ? g_key_file_get_string(file, GROUP, name, NULL) : NULL;
}

static void compare(GKeyFile *before, GKeyFile *after, const char *name, GPtrArray *changes)
{
    g_autofree char *old = value_of(before, name);
    g_autofree char *new = value_of(after, name);
    if (g_strcmp0(old, new) == 0)
        return;
    if (is_secret(name))
        g_ptr_array_add(changes, g_strdup_printf("%s: changed", name));
    else
        g_ptr_array_add(changes, g_strdup_printf("%s: %s -> %s", name, old ? old : "not set",
                                                 new ? new : "not set"));
}

static char **compare_all(GKeyFile *before, GKeyFile *after)
{
    GPtrArray *changes = g_ptr_array_new();
    g_auto(GStrv) old = before ? g_key_file_get_keys(before, GROUP, NULL, NULL) : NULL;
    g_auto(GStrv) new = g_key_file_get_keys(after, GROUP, NULL, NULL);
    for (char **name = old; name && *name; name++)
        compare(before, after, *name, changes);
    for (char **name = new; name &&*name; name++)
        if (!old || !g_strv_contains((const char *const *)old, *name))
            compare(before, after, *name, changes);
    g_ptr_array_add(changes, NULL);
    return (char **)g_ptr_array_free(changes, FALSE);
}

bool app_configure(struct app *app, char ***changes, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) why = NULL;
    GKeyFile *before = app->settings;
    if (changes)
        *changes = g_new0(char *, 1);
    if (!app->config_file)
        return true;
    if (!g_key_file_load_from_file(file, app->config_file, G_KEY_FILE_NONE, &why))
        return app_wrong_use(error, "could not read the configuration '%s': %s",
                             app->config_file, why->message);
    if (changes) {
        g_strfreev(*changes);
        *changes = compare_all(before, file);
    }
    g_atomic_pointer_set(&app->settings, g_steal_pointer(&file));
    if (before)
        replaced = g_slist_prepend(replaced, before);
    return true;
}

static GKeyFile *settings_now(const struct app *app)
{
    return g_atomic_pointer_get((GKeyFile **)(uintptr_t)&app->settings);
}

struct app app_of_settings(const struct app *app)
{
    return (struct app){.settings = settings_now(app)};
}

char *app_setting(const struct app *app, const char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    g_autofree char *variable = g_strconcat("PATBRIDGE_", upper, NULL);
    const char *set = g_getenv(variable);
    if (set && *set)
        return g_strdup(set);
    GKeyFile *settings = settings_now(app);
    return settings ? g_key_file_get_string(settings, GROUP, name, NULL) : NULL;
}

/* The private cluster; started only when it does not answer, for that takes a shell. */
static struct db *open_private(GError **error)
{
    g_autofree char *conninfo = cluster_conninfo(error);
    struct db *db = conninfo ? db_open(conninfo, NULL) : NULL;
    if (db || !conninfo || !cluster_start(error))
        return db;
    return db_open(conninfo, error);
}

struct db *app_db_unchecked(struct app *app, GError **error)
{
    if (app->db)
        return app->db;
    g_autofree char *conninfo = app_setting(app, "database");
    if (!conninfo && !g_getenv("PGHOST") && !g_getenv("PGSERVICE"))
        return app->db = open_private(error);
    return app->db = db_open(conninfo ? conninfo : "", error);
}

struct db *app_db(struct app *app, GError **error)
{
    if (app->db)
        return app->db;
    struct db *db = app_db_unchecked(app, error);
    if (db)
        db_sign(db, NULL, g_get_user_name());
    if (db && migrate_check(db, error))
        return db;
    g_clear_pointer(&app->db, db_close);
    return NULL;
}

bool app_agency(struct app *app, int *agency_id, GError **error)
{
    struct db *db = app_db(app, error);
    if (!db)
        return false;
    g_autoptr(GError) why = NULL;
    if (agencies_find(db, app->agency_code, agency_id, &why))
        return true;
    if (!g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    return app_wrong_use(error, "%s", why->message);
}

bool app_agency_or_all(struct app *app, int *agency_id, GError **error)
{
    *agency_id = 0;
    return !app->agency_code || app_agency(app, agency_id, error);
}

bool app_wrong_use(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, APP_ERROR, APP_ERROR_USAGE, text);
    return false;
}

bool app_options(int *argc, char ***argv, const GOptionEntry *entries, const char *usage,
                 GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) why = NULL;
    g_option_context_set_help_enabled(context, FALSE);
    for (int i = 1; i < *argc && !g_str_equal((*argv)[i], "--"); i++)
        if (g_str_equal((*argv)[i], "--help") || g_str_equal((*argv)[i], "-h"))
            return app_wrong_use(error, "%s", usage);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &why))
        return app_wrong_use(error, "%s\n%s", why->message, usage);
    if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
        (*argv)[1] = (*argv)[0];
        (*argv)++;
        (*argc)--;
    }
    return true;
}

void app_print_json(json_t *document)
{
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    puts(text ? text : "null");
    free(text);
    json_decref(document);
}

char *app_today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now(zone_china());
    return g_date_time_format(now, "%Y-%m-%d");
}
