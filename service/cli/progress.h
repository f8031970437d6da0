/* progress.h - a progress bar on stderr, shown only where stderr is a terminal. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *name;
    int64_t started_us, shown_us;
    bool terminal;
};

void progress_begin(struct progress *progress, const char *name);
/* A load_progress: rows, rate, time left. Draws ten times a second at the most. */
void progress_show(int64_t rows, int64_t lines, int64_t lines_total, void *user);
/* Takes the bar away. */
void progress_end(struct progress *progress);
