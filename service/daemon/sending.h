/* sending.h - what pushing needs of the settings: for `patbridge push`, and for the daemon's step. */
#pragma once
#include "service/cli/app.h"
#include "service/push/push.h"

struct sending {
    struct push_options options; /* what it points to lies beside it */
    struct seal_key key;
    char *allow_private, *public_url, *today;
};

/* Reads the settings fit_floor, ignore_quiet, allow_private, public_url and key_file, and asks the clock. `floor` below 0: the
 * setting's. The conditions of service/steps/filter.h are asked of each lead. The agency is left at 0. */
bool sending_init(struct sending *sending, const struct app *app, double floor, GError **error);
/* Asks the clock again: before a later run. */
void sending_today(struct sending *sending);
void sending_clear(struct sending *sending);
typedef struct sending sending_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sending_t, sending_clear)
