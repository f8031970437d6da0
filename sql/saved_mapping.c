#include "sql/saved_mapping.h"
#include "sql/internal.h"

json_t *saved_mapping_list(struct db *db, int agency_id, const char *kind, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, kind};
    return db_rows(db, sql_saved_mapping_list, 2, values, "list saved mappings", error);
}

bool saved_mapping_save(struct db *db, const struct saved_mapping_row *row, const char *now,
                        GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", row->agency_id);
    const char *const values[] = {agency,          row->kind,    row->name,
                                  row->header_key, row->mapping, now};
    return db_do(db, sql_saved_mapping_save, 6, values, "save the mapping", error);
}

bool saved_mapping_remove(struct db *db, int agency_id, const char *kind, const char *name,
                          GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, kind, name};
    g_autoptr(PGresult) res =
        db_run(db, sql_saved_mapping_remove, 3, values, "forget a mapping", error);
    if (res && PQntuples(res) > 0)
        return true;
    if (res)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no mapping '%s' for %s",
                    name, kind);
    return false;
}
