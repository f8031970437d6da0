/* feed.h - what `feed --once` and `serve` have in common. */
#pragma once
#include "service/cli/app.h"
#include "service/feed/feeds.h"

/* Where files lie while they come: the setting feed_folder, or var/feeds. The caller frees. */
char *feed_folder(const struct app *app);
