#include "service/cli/cluster.h"
#include "service/cli/app.h"
#include <unistd.h>

#define CLUSTER_SCRIPT "deploy/scripts/cluster.sh"

/* What the script prints goes to our stderr. */
bool cluster_start(GError **error)
{
    if (access(CLUSTER_SCRIPT, R_OK) != 0)
        return true; /* whoever connects next will say what is wrong */
    char *argv[] = {(char[]){"bash"}, (char[]){CLUSTER_SCRIPT}, (char[]){"start"}, NULL};
    int status = 0;
    g_autofree char *said = NULL;
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, &status,
                      error) ||
        !g_spawn_check_wait_status(status, error)) {
        g_prefix_error(error, "could not start the private PostgreSQL under var/: ");
        return false;
    }
    if (said && *said)
        g_printerr("%s", said);
    return true;
}

char *cluster_conninfo(GError **error)
{
    g_autofree char *folder = g_strdup(g_getenv("PATBRIDGE_VAR"));
    g_autofree char *file = g_build_filename(folder ? folder : "var", "cluster.env", NULL);
    char *conninfo = NULL;
    if (access(file, R_OK) != 0) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                    "no database: set PATBRIDGE_DATABASE to a libpq connection string, or run "
                    "`make run` once and call "
                    "this from the project's root (there is no %s here)",
                    file);
        return NULL;
    }
    if (g_file_get_contents(file, &conninfo, NULL, error))
        g_strchomp(conninfo);
    return conninfo;
}
