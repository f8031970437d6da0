/* load_report.h - what `load` says on the terminal about a file that was read. */
#pragma once
#include "service/cli/app.h"
#include <jansson.h>

/* `report` as load_file() makes it, in the user's language. */
void load_report_print(const struct app *app, const char *file, const json_t *report);
