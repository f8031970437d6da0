/* cluster.h - the private PostgreSQL that `make run` keeps under var/. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The connection string of the cluster whose var/ lies in the current folder. APP_ERROR_FAILED when there is none, saying how to
 * name a database or make one. The caller frees. */
char *cluster_conninfo(GError **error);

/* Starts it by deploy/scripts/cluster.sh, where that is; does nothing when it is up. */
bool cluster_start(GError **error);
