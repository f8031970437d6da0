#include "sql/chart.h"
#include "sql/internal.h"

json_t *chart_funnel(struct db *db, int agency_id, const char *time_zone, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, time_zone};
    return db_rows(db, sql_chart_funnel, 2, values, "count pushes by month", error);
}

json_t *chart_needs(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, sql_chart_needs, 1, values, "count needs by section", error);
}

json_t *chart_late(struct db *db, int agency_id, const char *time_zone, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, time_zone};
    return db_rows(db, sql_chart_late, 2, values, "count late records", error);
}

json_t *chart_all(struct db *db, int agency_id, const char *time_zone, GError **error)
{
    json_auto_t *funnel = chart_funnel(db, agency_id, time_zone, error);
    json_auto_t *needs = funnel ? chart_needs(db, agency_id, error) : NULL;
    json_auto_t *late = needs ? chart_late(db, agency_id, time_zone, error) : NULL;
    return late ? json_pack("{s:O, s:O, s:O}", "funnel", funnel, "needs", needs, "late", late)
                : NULL;
}
