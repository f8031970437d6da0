/* store.h - one record given on the command line, taken in by the same road as a file of them. */
#pragma once
#include "service/cli/app.h"

/* Loads one record of a kind for an agency (0 for agencies). `outcome` gets "new", "changed" or "same". APP_ERROR_FAILED with the
 * loader's reason when it is refused. Takes the reference to `record`. */
bool store_record(struct app *app, const char *kind, int agency_id, json_t *record,
                  const char **outcome, GError **error);
