#include "sql/copy.h"
#include "sql/intake.h"

/* list: an array of PostgreSQL's. */
static json_t *look_numbers_up(struct db *db, const char *list, GError **error)
{
    const char *const values[] = {list};
    g_autoptr(PGresult) res =
        db_run(db, sql_patent_by_number, 1, values, "look patent numbers up", error);
    if (!res)
        return NULL;
    json_t *ids = json_object();
    for (int row = 0; row < PQntuples(res); row++)
        json_object_set_new(ids, PQgetvalue(res, row, 0), json_string(PQgetvalue(res, row, 1)));
    return ids;
}

json_t *intake_patent_ids(struct db *db, json_t *numbers, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    copy_array_literal(list, numbers);
    return look_numbers_up(db, list->str, error);
}

json_t *intake_numbers(struct db *db, const GPtrArray *numbers, GError **error)
{
    g_autoptr(GString) list = g_string_new("{");
    for (guint i = 0; i < numbers->len; i++) {
        if (i)
            g_string_append_c(list, ',');
        copy_array_item(list, numbers->pdata[i]);
    }
    g_string_append_c(list, '}');
    return look_numbers_up(db, list->str, error);
}

/* Adds the columns of each row to the member of `patents` that its patent_id names. */
static bool add_columns(struct db *db, json_t *patents, const char *sql, int count,
                        const char *const values[], GError **error)
{
    json_t *rows = db_rows(db, sql, count, values, "read what is known of the patents", error);
    if (!rows)
        return false;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *id = json_string_value(json_object_get(row, "patent_id"));
        json_t *patent = json_object_get(patents, id);
        if (patent)
            json_object_update(patent, row);
        else
            json_object_set(patents, id, row);
    }
    json_decref(rows);
    return true;
}

/* Status and holding of the patents that are there. */
static bool add_companions(struct db *db, json_t *patents, int agency_id,
                           const struct batch_earlier *earlier, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autoptr(GString) list = g_string_new("{");
    const char *id;
    json_t *unused;
    json_object_foreach(patents, id, unused)
        g_string_append_printf(list, "%s%s", list->len > 1 ? "," : "", id);
    g_string_append_c(list, '}');
    const char *const values[] = {list->str, earlier->batch_id, earlier->started_at, agency};
    return add_columns(db, patents, sql_intake_fetch_patent_status, 1, values, error) &&
           add_columns(db, patents, sql_intake_fetch_patent_holding, 4, values, error);
}

json_t *intake_patents(struct db *db, const GArray *ids, int agency_id,
                       const struct batch_earlier *earlier, GError **error)
{
    json_t *patents = json_object();
    if (ids->len == 0)
        return patents;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(list, "%c%" G_GINT64_FORMAT, i ? ',' : '{',
                               g_array_index(ids, int64_t, i));
    g_string_append_c(list, '}');
    const char *const values[] = {list->str, earlier->batch_id, earlier->started_at};
    if (add_columns(db, patents, sql_intake_fetch_patent, 3, values, error) &&
        (json_object_size(patents) == 0 ||
         add_companions(db, patents, agency_id, earlier, error)))
        return patents;
    json_decref(patents);
    return NULL;
}
