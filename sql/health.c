#include "sql/health.h"
#include "sql/internal.h"

json_t *health_server(struct db *db, int patience_s, GError **error)
{
    g_autofree char *patience = g_strdup_printf("%d", patience_s);
    const char *const values[] = {patience};
    return db_rows(db, sql_health_server, 1, values, "look at the server", error);
}

json_t *health_schema(struct db *db, GError **error)
{
    return db_rows(db, sql_health_schema, 0, NULL, "look at the schema", error);
}

static json_t *ask(struct db *db, const char *sql, int count, const char *const values[],
                   const char *what, GError **error)
{
    json_t *rows = NULL;
    if (!db_begin(db, DB_ACROSS, 0, error))
        return NULL;
    rows = db_rows(db, sql, count, values, what, error);
    db_rollback(db);
    return rows;
}

json_t *health_state(struct db *db, const char *now, int patience_s, GError **error)
{
    g_autofree char *patience = g_strdup_printf("%d", patience_s);
    const char *const values[] = {now, patience};
    return ask(db, sql_health_state, 2, values, "look at what waits", error);
}

json_t *health_channels(struct db *db, GError **error)
{
    return ask(db, sql_health_channels, 0, NULL, "look at the channels", error);
}

char *health_place(struct db *db)
{
    const char *host = PQhost(db->conn);
    json_auto_t *rows = db_rows(db, sql_health_place, 0, NULL, "ask for the folder", NULL);
    const char *folder = json_string_value(json_object_get(json_array_get(rows, 0), "folder"));
    return host && *host == '/' ? g_strdup(folder) : NULL;
}
