#include "sql/who.h"
#include "sql/internal.h"
#include <stdlib.h>

json_t *who_candidates(struct db *db, enum who_kind kind, int agency_id, GError **error)
{
    const char *const queries[WHO_KINDS] = {sql_who_experts, sql_who_institutions,
                                            sql_who_enterprises};
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, queries[kind], 1, values, "read who might help", error);
}

json_t *who_patents(struct db *db, enum who_kind kind, int agency_id, const json_t *patents,
                    GError **error)
{
    const char *const queries[WHO_KINDS] = {sql_who_expert_patents, sql_who_institution_patents,
                                            sql_who_enterprise_patents};
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    char *list = json_dumps(patents, JSON_COMPACT);
    const char *const values[] = {agency, list};
    json_t *rows = db_rows(db, queries[kind], 2, values, "read whose patents these are", error);
    free(list);
    return rows;
}

json_t *who_patent(struct db *db, int agency_id, int64_t patent_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id),
                    *patent = g_strdup_printf("%" G_GINT64_FORMAT, patent_id);
    const char *const values[] = {agency, patent};
    json_auto_t *rows = db_rows(db, sql_who_patent, 2, values, "read a patent", error);
    if (rows && json_array_size(rows) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "this agency does not hold the patent");
    return json_incref(json_array_get(rows, 0));
}
