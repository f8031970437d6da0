/* sending.h - what pushing needs of the settings: for `patbridge push`, and for the daemon's step. */
#pragma once
#include "service/cli/app.h"
#include "service/push/mail.h"

struct sending {
    struct push_options options; /* what it points to lies beside it */
    struct seal_key key;
    struct mail_relay relay;
    char *allow_private, *public_url, *today;
    char *mail[8]; /* settings that `relay` points to */
};

/* The key that seals secrets and signs links, out of the file that the setting key_file names (made where there is none). The caller
 * clears it. */
bool sending_key(const struct app *app, struct seal_key *out, GError **error);

/* Reads the settings fit_floor, ignore_quiet, allow_private, public_url, key_file, and those of mail (smtp_url,
 * smtp_user, smtp_password, smtp_authorities, smtp_plain, mail_from, mail_from_name, bounce_domain), and asks the clock. `floor` below 0: the
 * setting's. The conditions of service/steps/filter.h are asked of each lead. The agency is left at 0. */
bool sending_init(struct sending *sending, const struct app *app, double floor, GError **error);
/* Asks the clock again: before a later run. */
void sending_today(struct sending *sending);
void sending_clear(struct sending *sending);
typedef struct sending sending_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sending_t, sending_clear)
