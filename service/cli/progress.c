#include "service/cli/progress.h"
#include <stdio.h>
#include <unistd.h>

enum { BAR = 24, TENTH_US = 100000 };

void progress_begin(struct progress *progress, const char *name)
{
    *progress = (struct progress){name, g_get_monotonic_time(), 0, isatty(STDERR_FILENO) == 1};
}

void progress_show(int64_t rows, int64_t lines, int64_t lines_total, void *user)
{
    struct progress *progress = user;
    int64_t now = g_get_monotonic_time();
    if (!progress->terminal || now - progress->shown_us < TENTH_US)
        return;
    progress->shown_us = now;
    double seconds = (double)(now - progress->started_us) / 1e6;
    double share = lines_total > 0 ? MIN(1.0, (double)lines / (double)lines_total) : 0;
    int full = (int)(share * BAR);
    double left = share > 0 ? seconds * (1 - share) / share : 0;
    fprintf(stderr, "\r%s [%.*s%.*s] %3.0f%%  %" G_GINT64_FORMAT " rows, %.0f/s, %.0f s left ",
            progress->name, full, "########################", BAR - full,
            "........................", share * 100, rows,
            seconds > 0 ? (double)rows / seconds : 0, left);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->terminal && progress->shown_us)
        fprintf(stderr, "\r\033[K");
}
