/* chart.h - numbers for charts: how work went, month by month. No clause counts them. In the caller's transaction, whose rows alone are
 * seen; the caller owns every answer. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* [{month, pushed, declared, opened, answered, interested, deals, invented}] by month; invented: of those pushed; agency_id 0: every one. */
json_t *chart_funnel(struct db *db, int agency_id, const char *time_zone, GError **error);
/* [{section, needs, invented}] by IPC section; "" where a need names none. */
json_t *chart_needs(struct db *db, int agency_id, GError **error);
/* [{month, recorded, late, invented}]: needs, deals and declared pushes by the month of their first recording; late: more than 31 days after the day
 * that they claim. */
json_t *chart_late(struct db *db, int agency_id, const char *time_zone, GError **error);
/* {funnel, needs, late} of these. */
json_t *chart_all(struct db *db, int agency_id, const char *time_zone, GError **error);
