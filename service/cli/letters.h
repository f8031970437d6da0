/* letters.h - what became of what was sent: the delivery log, dead letters, and sending again. */
#pragma once
#include "service/cli/app.h"

struct letters_asked {
    bool log, dead, replay;
    char **ids;        /* outbox ids, NULL-ended, or NULL */
    const char *since; /* a moment, or NULL */
    const char *uscc;  /* of the log: one enterprise's, or NULL */
    int limit;         /* of the log */
};
int letters_run(struct app *app, const struct letters_asked *asked, GError **error);
