#include "sql/snapshot.h"
#include "sql/copy.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include "sql/oid.h"

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

struct snapshot_keep {
    struct copy_table *table;
    char *number;
    int64_t n;
};

struct snapshot_keep *snapshot_keep_begin(struct db *db, const char *number)
{
    static const struct copy_column columns[] = {{"snapshot_id", OID_INT8},
                                                 {"n", OID_INT8},
                                                 {"body", OID_TEXT},
                                                 {"chain", OID_TEXT},
                                                 {NULL, 0}};
    struct snapshot_keep *keep = g_new0(struct snapshot_keep, 1);
    keep->table = copy_table_of_texts(db, "snapshot_line", columns);
    keep->number = g_strdup(number);
    return keep;
}

void snapshot_keep_line(struct snapshot_keep *keep, const char *body, const char *chain)
{
    char n[24];
    g_snprintf(n, sizeof n, "%" G_GINT64_FORMAT, ++keep->n);
    const char *const texts[] = {keep->number, n, body, chain};
    copy_table_add_texts(keep->table, texts);
}

bool snapshot_keep_end(struct snapshot_keep *keep, GError **error)
{
    return copy_table_finish(keep->table, error);
}

void snapshot_keep_free(struct snapshot_keep *keep)
{
    if (!keep)
        return;
    copy_table_free(keep->table);
    g_free(keep->number);
    g_free(keep);
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

/* *after: the number of the last line that was given. */
static bool give_page(const PGresult *page, snapshot_line *each, void *user, int64_t *after,
                      GError **error)
{
    bool done = true;
    for (int i = 0; done && i < PQntuples(page); i++) {
        *after = g_ascii_strtoll(PQgetvalue(page, i, 0), NULL, 10);
        done = each(*after, PQgetvalue(page, i, 1), PQgetvalue(page, i, 2), user, error);
    }
    return done;
}

/* Sets *after to the number before that of the next line, if there is one: *more says so. */
static bool pass_gap(struct db *db, const char *const values[2], int64_t *after, bool *more,
                     GError **error)
{
    g_autoptr(PGresult) next =
        db_run(db, sql_snapshot_next_line, 2, values, "read a snapshot", error);
    *more = next && PQntuples(next) > 0;
    if (*more)
        *after = g_ascii_strtoll(PQgetvalue(next, 0, 0), NULL, 10) - 1;
    return next != NULL;
}

bool snapshot_each_line(struct db *db, const char *number, snapshot_line *each, void *user,
                        GError **error)
{
    bool more = true, done = true;
    for (int64_t after = 0; done && more;) {
        g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, after);
        const char *const values[] = {number, from, "2000"};
        g_autoptr(PGresult) page =
            db_run(db, sql_snapshot_lines, 3, values, "read a snapshot", error);
        if (page && PQntuples(page) == 0)
            done = pass_gap(db, values, &after, &more, error);
        else
            done = page && give_page(page, each, user, &after, error);
    }
    return done;
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

GHashTable *personal_salts(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_personal_salt, 0, NULL, "read the names' salts", error);
    if (!res)
        return NULL;
    GHashTable *salts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < PQntuples(res); i++)
        g_hash_table_insert(salts, g_strdup(PQgetvalue(res, i, 0)),
                            g_strdup(PQgetvalue(res, i, 1)));
    return salts;
}

bool personal_salt_add(struct db *db, const json_t *salts, GError **error)
{
    char *text = json_dumps(salts, JSON_COMPACT);
    const char *const values[] = {text};
    g_autoptr(PGresult) res =
        db_run(db, sql_personal_salt_add, 1, values, "keep the names' salts", error);
    free(text);
    if (res && (size_t)PQntuples(res) != json_object_size(salts)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_AGAIN,
                    "a name's salt was drawn by another program meanwhile: take it again");
        return false;
    }
    return res != NULL;
}
