/* undo.h - `load --undo BATCH`. */
#pragma once
#include "service/cli/app.h"

/* by: an account's name; NULL: the operating system's user. Exit code 3: something was kept. */
int undo_run(struct app *app, const char *batch, const char *by, GError **error);
