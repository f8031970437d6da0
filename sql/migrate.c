#include "sql/migrate.h"
#include "sql/internal.h"
#include <pthread.h>
#include <string.h>

/* Several statements in one string: only the simple protocol takes them, so there are no parameters here. */
static bool run_script(struct db *db, const char *text, const char *name, GError **error)
{
    g_autoptr(PGresult) res = PQexec(db->conn, text);
    if (PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK)
        return true;
    g_autofree char *what = g_strdup_printf("run %s.sql", name);
    db_fail(db, res, what, error);
    return false;
}

static char *digest_of(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static char views_digest[65];

static void digest_views(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < sql_views_count; i++)
        g_checksum_update(sum, (const guchar *)sql_views[i].text, -1);
    g_strlcpy(views_digest, g_checksum_get_string(sum), sizeof views_digest);
}

/* The name of every kept figure holds it: reckoned once. */
const char *migrate_views_digest(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, digest_views);
    return views_digest;
}

/* The digest under which `name` ran here; NULL when it did not. */
static char *recorded_digest(const PGresult *applied, const char *name)
{
    for (int row = 0; row < PQntuples(applied); row++)
        if (g_str_equal(PQgetvalue(applied, row, 0), name))
            return PQgetvalue(applied, row, 1);
    return NULL;
}

static bool is_ours(const char *name)
{
    if (g_str_equal(name, "views"))
        return true;
    for (size_t i = 0; i < sql_migrations_count; i++)
        if (g_str_equal(sql_migrations[i].name, name))
            return true;
    return false;
}

static bool check_known(const PGresult *applied, GError **error)
{
    for (int row = 0; row < PQntuples(applied); row++) {
        const char *name = PQgetvalue(applied, row, 0);
        if (is_ours(name))
            continue;
        g_set_error(error, SQL_ERROR, SQL_ERROR_SCHEMA,
                    "the database has migration %s, which this program does not know: it was "
                    "made by a newer version",
                    name);
        return false;
    }
    return true;
}

static bool check_unedited(const char *name, const char *recorded, const char *digest,
                           GError **error)
{
    if (g_str_equal(recorded, digest))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_SCHEMA,
                "migration %s was edited after it ran here (it ran with SHA-256 %.12s…, the "
                "program has %.12s…); "
                "undo the edit and write a new migration instead",
                name, recorded, digest);
    return false;
}

static bool try_one(struct db *db, const char *name, const char *digest, const char *text,
                    GError **error)
{
    const char *const values[] = {name, digest};
    if (!db_do(db, "BEGIN", 0, NULL, "begin a migration", error))
        return false;
    db->in_transaction = true;
    if (run_script(db, text, name, error) &&
        db_do(db, sql_migration_record, 2, values, "record a migration", error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

/* Roles belong to the whole server: where another of its databases is migrated at the same moment, what that has just made may be in the
 * way, and not be seen before the next transaction. So what failed is tried once more. */
static bool run_one(struct db *db, const char *name, const char *digest, const char *text,
                    GError **error)
{
    return try_one(db, name, digest, text, NULL) || try_one(db, name, digest, text, error);
}

static bool run_migrations(struct db *db, const PGresult *applied, struct migrate_report *out,
                           GError **error)
{
    for (size_t i = 0; i < sql_migrations_count; i++) {
        g_autofree char *digest = digest_of(sql_migrations[i].text);
        const char *recorded = recorded_digest(applied, sql_migrations[i].name);
        if (recorded) {
            if (!check_unedited(sql_migrations[i].name, recorded, digest, error))
                return false;
            continue;
        }
        if (!run_one(db, sql_migrations[i].name, digest, sql_migrations[i].text, error))
            return false;
        out->applied++;
    }
    return true;
}

static bool run_views(struct db *db, const PGresult *applied, struct migrate_report *out,
                      GError **error)
{
    const char *digest = migrate_views_digest();
    const char *recorded = recorded_digest(applied, "views");
    if (recorded && g_str_equal(recorded, digest))
        return true;
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < sql_views_count; i++)
        g_string_append_printf(all, "%s\n", sql_views[i].text);
    out->views_changed = true;
    return run_one(db, "views", digest, all->str, error);
}

/* What was there before the ledger was is its first entry; what a migration puts under it later has one of its own. */
static bool open_ledger(struct db *db, const struct migrate_report *report, GError **error)
{
    return db_do(db, sql_ledger_open, 0, NULL, "open the ledger", error) &&
           (report->applied == 0 ||
            db_do(db, sql_ledger_adopt, 0, NULL, "take new sources into the ledger", error));
}

static bool run_locked(struct db *db, struct migrate_report *out, GError **error)
{
    if (!run_script(db, sql_migration_table, "migration-table", error))
        return false;
    g_autoptr(PGresult) applied =
        db_run(db, sql_migration_list, 0, NULL, "read the list of migrations", error);
    return applied && check_known(applied, error) && run_migrations(db, applied, out, error) &&
           run_views(db, applied, out, error) && open_ledger(db, out, error);
}

bool migrate_run(struct db *db, struct migrate_report *out, GError **error)
{
    *out = (struct migrate_report){.total = (int)sql_migrations_count};
    if (!db_do(db, sql_migration_lock, 0, NULL, "wait for another migration", error))
        return false;
    bool done = run_locked(db, out, error);
    db_do(db, sql_migration_unlock, 0, NULL, "release the migration lock", NULL);
    return done;
}

bool migrate_check(struct db *db, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(PGresult) applied =
        db_run(db, sql_migration_list, 0, NULL, "read the list of migrations", &why);
    if (!applied && !g_error_matches(why, SQL_ERROR, SQL_ERROR_SCHEMA)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    if (applied && !check_known(applied, error))
        return false;
    const char *views = migrate_views_digest();
    const char *recorded = applied ? recorded_digest(applied, "views") : NULL;
    bool complete = recorded && g_str_equal(recorded, views);
    for (size_t i = 0; complete && i < sql_migrations_count; i++) {
        g_autofree char *digest = digest_of(sql_migrations[i].text);
        recorded = recorded_digest(applied, sql_migrations[i].name);
        complete = recorded != NULL;
        if (recorded && !check_unedited(sql_migrations[i].name, recorded, digest, error))
            return false;
    }
    if (!complete)
        g_set_error(
            error, SQL_ERROR, SQL_ERROR_SCHEMA,
            "the database does not have this program's schema; run `patbridge migrate` first");
    return complete;
}

/* A body stands in the views word for word: PostgreSQL keeps what lies between the $$. */
static bool is_shipped(const char *body)
{
    for (size_t i = 0; i < sql_views_count; i++)
        if (strstr(sql_views[i].text, body))
            return true;
    return false;
}

char *migrate_function_altered(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_migration_functions, 0, NULL, "read the functions that count", error);
    if (!res)
        return NULL;
    for (int i = 0; i < PQntuples(res); i++)
        if (!is_shipped(PQgetvalue(res, i, 1)))
            return g_strdup(PQgetvalue(res, i, 0));
    return g_strdup("");
}
