#include "sql/backup.h"
#include "sql/internal.h"
#include "sql/ledger.h"

bool backup_begin(struct db *db, char **snapshot, GError **error)
{
    const char *const owner[] = {"patbridge_owner", ""};
    if (!db_do(db, sql_backup_begin, 0, NULL, "begin a transaction", error))
        return false;
    db->in_transaction = true;
    g_autoptr(PGresult) res = NULL;
    if (db_do(db, sql_session_role, 2, owner, "take the database role", error))
        res = db_run(db, sql_backup_snapshot, 0, NULL, "take a snapshot", error);
    if (res)
        *snapshot = g_strdup(PQgetvalue(res, 0, 0));
    else
        db_rollback(db);
    return res != NULL;
}

json_t *backup_facts(struct db *db, GError **error)
{
    json_auto_t *rows = db_rows(db, sql_backup_tables, 0, NULL, "count every table", error);
    json_auto_t *head = rows ? ledger_head(db, error) : NULL;
    if (!head)
        return NULL;
    json_t *tables = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        json_object_set(tables, json_string_value(json_object_get(row, "name")),
                        json_object_get(row, "rows"));
    }
    return json_pack("{s:o, s:O}", "tables", tables, "ledger", head);
}

json_t *backup_compare(struct db *db, GError **error)
{
    g_autofree char *snapshot = NULL;
    if (!backup_begin(db, &snapshot, error))
        return NULL;
    json_t *facts = backup_facts(db, error);
    db_rollback(db);
    return facts;
}

bool backup_is_empty(struct db *db, bool *out, GError **error)
{
    int64_t tables;
    if (!db_number(db, sql_backup_empty, 0, NULL, "look what is there", &tables, error))
        return false;
    *out = tables == 0;
    return true;
}

bool backup_roles(struct db *db, GError **error)
{
    return db_do(db, sql_backup_roles, 0, NULL, "make the roles", error);
}

char **backup_environment(struct db *db)
{
    GPtrArray *list = g_ptr_array_new();
    PQconninfoOption *options = PQconninfo(db->conn);
    for (const PQconninfoOption *one = options; one && one->keyword; one++)
        if (one->envvar && one->val && *one->val)
            g_ptr_array_add(list, g_strdup_printf("%s=%s", one->envvar, one->val));
    PQconninfoFree(options);
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}
