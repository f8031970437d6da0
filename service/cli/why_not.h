/* why_not.h - `match --why-not`: why a patent is no lead of a need, or was not pushed. */
#pragma once
#include "service/cli/app.h"

/* Prints the answer. `need`: the agency's name for it, or its id; it need not be standing any more. */
bool why_not_run(struct app *app, int agency_id, int64_t patent_id, const char *need,
                 GError **error);
