/* tracking.h - figures and the rows behind them, for the pages and over HTTP. */
#pragma once
#include "service/daemon/daemon.h"
#include "service/http/page.h"

/* The document of `track --json`. The caller owns it. */
json_t *tracking_figures(struct daemon *daemon, struct db *db,
                         const struct page_evidence *wanted, GError **error);
/* That document with `rows`, and `more`, as page.h says. */
json_t *tracking_evidence(struct daemon *daemon, struct db *db,
                          const struct page_evidence *wanted, GError **error);

bool tracking_track(struct call *call, GError **error);
/* The same with `forecast` in every item that is not met: forecast.h. */
bool tracking_forecast(struct call *call, GError **error);
/* A clause's application file as a workbook or a PDF; a snapshot is taken first, whose digest stands on every page. */
bool applications_make(struct call *call, GError **error);
bool tracking_rows(struct call *call, GError **error);

/* What the pages are made of; `user` is the daemon. */
struct page_source tracking_pages(struct daemon *daemon);
