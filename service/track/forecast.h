/* forecast.h - when each open threshold will be met if it goes on as it did.
 *
 * The pace over w weeks is (value on the day - value w weeks before) / w, both as of their days and known at the same moment. It is
 * said only where the metric had anything w weeks before: else the record is too short to know. The day follows from what is
 * missing; of several paces the earliest and the latest day are the range; no latest, where one of the paces leads nowhere. */
#pragma once
#include "service/track/figures.h"

/* Adds to each item that is not met and counts rows: forecast {paces: [{weeks, per_week or null, day or null}], earliest, latest
 * (days, or null), weekly_needed (to the deadline; null without one), after_deadline, note (a code of words.h, or null)}. */
bool forecast_add(struct db *db, const struct pack *pack, const struct figures_request *request,
                  json_t *document, GError **error);

/* The same as a table for a terminal. The caller frees. */
char *forecast_text(const json_t *document, bool chinese);

/* One item's forecast, apart from any database: `before` holds the values 4, 12 and 26 weeks before. `deadline` may be NULL. */
json_t *forecast_of(json_int_t value, json_int_t threshold, const json_int_t before[3],
                    const char *day, const char *deadline);
