/* user.h - what `patbridge user` does about passwords, codes, sessions and invitations; user.c has the command and its accounts. */
#pragma once
#include "service/cli/app.h"

/* Sets a password: asked for, or (generate) made and printed once, or (none) taken away. Ends the account's sessions. */
bool user_password(struct app *app, const char *name, bool generate, bool none, GError **error);
/* An account with a password, both or neither; else as user_password(). */
struct user_wanted {
    const char *name, *role;
    int agency_id;
    bool invented, generate;
};
bool user_add(struct app *app, const struct user_wanted *wanted, GError **error);
/* One-time codes: a secret, printed once, which a code then confirms; or (off) none any more. */
bool user_totp(struct app *app, const char *name, bool off, GError **error);
/* Lists the sessions that go on, or ends them. */
bool user_sessions(struct app *app, const char *name, bool end, GError **error);
/* A link by which an enterprise of --agency signs in, once, within three days. */
bool user_invite(struct app *app, const char *uscc, GError **error);
