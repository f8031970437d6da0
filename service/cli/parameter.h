/* parameter.h - `decide set|withdraw parameter`: an official decides what a policy leaves open. */
#pragma once
#include "service/cli/app.h"

struct parameter_wish {
    const char *policy; /* NULL: the one in force */
    const char *place;  /* [CLAUSE/]NAME */
    const char *value;  /* JSON, or a word; NULL: withdrawn */
    const char *by, *reason, *effective;
};

/* An exit code; what was decided, or waits for a second official, is printed. */
int parameter_run(struct app *app, const struct parameter_wish *wish, GError **error);

/* What was decided or proposed on a policy's parameters, in its order. */
int parameter_print(struct app *app, const char *policy, GError **error);
