#include "service/cli/policies.h"

/* The folder of packs: the setting, or deploy/policies beside the folder that holds the program; NULL: those in it. */
static char *policies_folder(const struct app *app)
{
    char *set = app_setting(app, "policies");
    if (set)
        return set;
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *build = program ? g_path_get_dirname(program) : g_strdup(".");
    g_autofree char *root = g_path_get_dirname(build);
    char *folder = g_build_filename(root, "deploy", "policies", NULL);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        g_clear_pointer(&folder, g_free);
    return folder;
}

struct pack *policies_open(const struct app *app, const char *id, GError **error)
{
    g_autofree char *folder = policies_folder(app);
    g_autoptr(GError) why = NULL;
    struct pack *pack = pack_open(folder, id, &why);
    if (pack)
        return pack;
    if (g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        app_wrong_use(error, "%s", why->message);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    return NULL;
}
