#include "sql/snapshot.h"
#include "sql/copy.h"
#include "sql/internal.h"
#include "sql/ledger.h"

bool snapshot_lock(struct db *db, GError **error)
{
    return db_do(db, sql_snapshot_lock, 0, NULL, "wait for another snapshot", error);
}

void snapshot_unlock(struct db *db)
{
    db_do(db, sql_snapshot_unlock, 0, NULL, "let another snapshot be taken", NULL);
}

json_t *snapshot_list(struct db *db, GError **error)
{
    return db_rows(db, sql_snapshot_list, 0, NULL, "list the snapshots", error);
}

bool snapshot_add_lines(struct db *db, const char *number, const json_t *lines, GError **error)
{
    g_autoptr(copy_table) table = copy_table_new(db, "snapshot_line", error);
    if (!table)
        return false;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i);
        json_object_set_new(line, "snapshot_id", json_string(number));
        copy_table_add(table, line);
    }
    return copy_table_finish(table, error);
}

bool snapshot_add(struct db *db, const struct snapshot_row *row, GError **error)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row->number);
    g_autofree char *version = g_strdup_printf("%d", row->version);
    g_autofree char *lines = g_strdup_printf("%" G_GINT64_FORMAT, row->lines);
    const char *const values[] = {number,        row->policy,     version,       row->as_of,
                                  row->known_at, row->taken_at,   lines,         row->previous,
                                  row->digest,   row->public_key, row->signature};
    g_autofree char *subject = g_strdup_printf("%s %s", row->policy, row->as_of);
    ledger_say(db, &(struct ledger_about){.kind = "snapshot", .subject = subject});
    ledger_touch_one(db, "snapshot", "snapshot_id", number, NULL);
    return db_do(db, sql_snapshot_add, 11, values, "keep the snapshot", error);
}

json_t *snapshot_lines(struct db *db, const char *number, int64_t after, int limit,
                       GError **error)
{
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, after);
    g_autofree char *most = g_strdup_printf("%d", limit);
    const char *const values[] = {number, from, most};
    return db_rows(db, sql_snapshot_lines, 3, values, "read a snapshot", error);
}

static bool add_stamp(struct db *db, const char *number, const char *authority,
                      const char *answer, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {number, now, authority, answer};
    ledger_say(db, &(struct ledger_about){.kind = "stamp", .subject = number});
    ledger_touch_one(db, "snapshot_stamp", "snapshot_id", number, NULL);
    return now && db_do(db, sql_stamp_add, 4, values, "keep the time-stamp", error);
}

bool snapshot_stamp_add(struct db *db, const char *number, const char *authority,
                        const char *answer, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (add_stamp(db, number, authority, answer, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *snapshot_stamps(struct db *db, GError **error)
{
    return db_rows(db, sql_stamp_list, 0, NULL, "list the time-stamps", error);
}

char *personal_salt(struct db *db, const char *name, GError **error)
{
    const char *const values[] = {name};
    g_autoptr(PGresult) res =
        db_run(db, sql_personal_salt, 1, values, "look a name's salt up", error);
    return res && PQntuples(res) == 1 ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}

bool personal_salt_add(struct db *db, const json_t *salts, GError **error)
{
    char *text = json_dumps(salts, JSON_COMPACT);
    const char *const values[] = {text};
    bool kept = db_do(db, sql_personal_salt_add, 1, values, "keep the names' salts", error);
    free(text);
    return kept;
}
