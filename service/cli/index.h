/* index.h - the settings of the index of patents: where it is kept (`index_folder`), what memory it may take (`index_memory_mb`). */
#pragma once
#include "service/cli/app.h"
#include "service/steps/living.h"

/* Sets folder and memory; `folder` is the caller's, and must outlive the options. APP_ERROR_USAGE names a setting that can't be. */
bool index_options(const struct app *app, struct living_options *out, char **folder,
                   GError **error);

/* For one command: says on stderr what is to be said. NULL: a setting that can't be. The caller frees both. */
struct living_store *index_store(const struct app *app, char **folder, GError **error);
