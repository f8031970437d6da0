#include "service/cli/index.h"

enum { MEMORY_MOST_MB = 1 << 24 };

/* Beside the private database; where there is no such folder nothing is kept unless it is asked for. */
static char *folder_of(const struct app *app)
{
    char *set = app_setting(app, "index_folder");
    const char *var = g_getenv("PATBRIDGE_VAR") ? g_getenv("PATBRIDGE_VAR") : "var";
    if (!set && g_file_test(var, G_FILE_TEST_IS_DIR))
        return g_build_filename(var, "index", NULL);
    if (set && (!*set || g_str_equal(set, "none")))
        g_clear_pointer(&set, g_free);
    return set;
}

bool index_options(const struct app *app, struct living_options *out, char **folder,
                   GError **error)
{
    g_autofree char *memory = app_setting(app, "index_memory_mb");
    guint64 most = 0;
    if (memory && !g_ascii_string_to_unsigned(memory, 10, 1, MEMORY_MOST_MB, &most, NULL))
        return app_wrong_use(error, "the setting index_memory_mb is a number of megabytes");
    *folder = folder_of(app);
    out->folder = *folder;
    out->memory_mb = (int64_t)most;
    return true;
}

static void say(const char *level, const char *line, void *user)
{
    (void)user;
    g_printerr("%s: %s\n", level, line);
}

struct living_store *index_store(const struct app *app, char **folder, GError **error)
{
    struct living_options options = {.say = say};
    return index_options(app, &options, folder, error) ? living_store_new(&options) : NULL;
}
