/* channels.h - setting up where an enterprise receives pushes: what the command `endpoint` and the desk's page do alike. */
#pragma once
#include "service/cli/app.h"
#include "service/push/trial.h"
#include "sql/db.h"

enum { CHANNELS_OVERLAP_H = 24, CHANNELS_OVERLAP_MOST_H = 24 * 90 };

struct channel_asked {
    int agency_id;
    const char *uscc;    /* of the enterprise; NULL: a test of an address that nobody has */
    const char *channel; /* one of channel_find() */
    const char *address, *secret, *keyword; /* as in struct channel_offer */
    int overlap_h; /* of a new secret: for so long the one so far signs, too */
};

/* In the caller's transaction, which has its entry of the ledger. */
bool channels_set(const struct app *app, struct db *db, const struct channel_asked *asked,
                  int64_t *id, char **shown, GError **error);
/* A webhook's new secret (`secret`); *until, the caller's: when the old one stops to sign. */
bool channels_roll(const struct app *app, struct db *db, const struct channel_asked *asked,
                   char **until, GError **error);
bool channels_off(struct db *db, const struct channel_asked *asked, GError **error);
bool channels_on(struct db *db, const struct channel_asked *asked, GError **error);

/* Sends a test message (trial.h): to what the enterprise has, or to `address` where that is not NULL. In transactions of its own; none
 * is open while it waits for the other side. */
bool channels_try(const struct app *app, struct db *db, const struct channel_asked *asked,
                  struct trial_result *out, GError **error);

/* An address without what may be secret in it. The caller frees. */
char *channels_shown(const char *url);
/* The same of rows of endpoint_list(). */
void channels_mask(json_t *rows);
