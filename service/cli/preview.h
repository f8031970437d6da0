/* preview.h - `load --preview`: the first rows of a file as they would be stored, for people. */
#pragma once
#include "service/cli/app.h"

/* What preview_file() answers, as tables. */
void preview_print(const struct app *app, const json_t *preview);
