/* policies.h - the policy pack that a command is asked for. */
#pragma once
#include "service/cli/app.h"
#include "service/track/pack.h"

/* The pack ID (NULL: the one in force) of the folder that the setting `policies` names, else of deploy/policies, else of those
 * that the program carries; APP_ERROR_USAGE when there is none. The caller owns it. */
struct pack *policies_open(const struct app *app, const char *id, GError **error);
