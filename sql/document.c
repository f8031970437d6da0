#include "sql/document.h"
#include "sql/internal.h"
#include "sql/ledger.h"

/* The key as decisions keep it; a member of a register is found by that too. */
static char *kept_key(struct db *db, const struct document *document, const char *agency,
                      GError **error)
{
    const char *const values[] = {document->kind, agency, document->key};
    g_autoptr(PGresult) res =
        db_run(db, sql_document_key, 3, values, "look the record up", error);
    if (!res)
        return NULL;
    if (PQntuples(res))
        return g_strdup(PQgetvalue(res, 0, 0));
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "this agency has no %s '%s'",
                document->kind, document->key);
    return NULL;
}

static bool insert(struct db *db, const struct document *document, bool *added, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", document->agency_id);
    g_autofree char *size = g_strdup_printf("%" G_GINT64_FORMAT, document->size);
    g_autofree char *key = kept_key(db, document, agency, error);
    g_autofree char *now = key ? db_clock(db, error) : NULL;
    if (!now)
        return false;
    const char *const values[] = {
        agency,           document->kind, key,          document->paper,   document->name,
        document->sha256, size,           document->by, document->os_user, now};
    g_autoptr(PGresult) res = db_run(db, sql_document_add, 10, values, "record a paper", error);
    if (!res)
        return false;
    *added = PQntuples(res) == 1;
    g_autofree char *subject = g_strdup_printf("%s: %s", document->kind, document->name);
    ledger_say(db, &(struct ledger_about){.kind = "attach",
                                          .agency_id = document->agency_id,
                                          .who = document->by,
                                          .subject = subject});
    if (*added)
        ledger_touch_one(db, "document", "document_id", PQgetvalue(res, 0, 0), NULL);
    return true;
}

bool document_add(struct db *db, const struct document *document, bool *added, GError **error)
{
    if (!db_begin(db, DB_SERVICE, document->agency_id, error))
        return false;
    if (insert(db, document, added, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *document_list(struct db *db, int agency_id, const char *kind, const char *key,
                      GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, kind, key};
    return db_rows(db, sql_document_list, 3, values, "list the papers", error);
}
