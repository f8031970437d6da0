/* review.h - `load --review [accept|reject|undo ID…] [--uscc CODE] [--all]`. */
#pragma once
#include "service/cli/app.h"

int review_run(struct app *app, int argc, char **argv, const char *uscc, bool all,
               const char *by, GError **error);
