/* Lists and counts of the agency's desk: what waits, and refused rows one by one. */
#include "sql/internal.h"
#include "sql/page.h"

json_t *page_refused_one(struct db *db, int64_t batch_id, int64_t place, GError **error)
{
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, batch_id);
    g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, place);
    const char *const values[] = {batch, at};
    json_auto_t *rows = db_rows(db, sql_refused_one, 2, values, "look a refused row up", error);
    json_t *row = json_incref(json_array_get(rows, 0));
    if (rows && !row)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no such refused row");
    return row;
}

bool page_refused_settle(struct db *db, int64_t batch_id, int64_t place, const char *by,
                         int64_t by_batch, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, batch_id);
    g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, place);
    g_autofree char *came = g_strdup_printf("%" G_GINT64_FORMAT, by_batch);
    const char *const values[] = {batch, at, now, by, by_batch ? came : NULL};
    return now && db_do(db, sql_refused_settle, 5, values, "settle a refused row", error);
}

json_t *page_today(struct db *db, int agency_id, const char *today, int days, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *ahead = g_strdup_printf("%d", days);
    const char *const values[] = {agency, today, ahead};
    json_auto_t *rows = db_rows(db, sql_today, 3, values, "count what waits", error);
    return rows ? json_incref(json_array_get(rows, 0)) : NULL;
}
