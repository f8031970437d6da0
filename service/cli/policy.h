/* policy.h - the policy packs that a command finds. */
#pragma once
#include "service/cli/app.h"
#include "service/track/pack.h"

/* The folder of packs: the setting `policies`, or deploy/policies beside the folder that holds the program; NULL: those in it.
 * The caller frees. */
char *policy_folder(const struct app *app);

/* The pack of this id (NULL: the one in force); APP_ERROR_USAGE when there is none. The caller owns it. */
struct pack *policy_open(const struct app *app, const char *id, GError **error);
