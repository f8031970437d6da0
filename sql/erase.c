#include "sql/erase.h"
#include "sql/internal.h"
#include "sql/ledger.h"

static char *find(struct db *db, const char *kind, int agency_id, const char *key,
                  GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {kind, agency, key};
    g_autoptr(PGresult) res =
        db_run(db, sql_erase_find, 3, values, "look the record up", error);
    if (!res)
        return NULL;
    if (PQntuples(res) == 1)
        return g_strdup(PQgetvalue(res, 0, 0));
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "this agency has no %s '%s'", kind, key);
    return NULL;
}

static bool erase_mentions(struct db *db, const char *kind, const char *id, struct erased *out,
                           GError **error)
{
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {kind, id, now};
    json_auto_t *rows = now ? db_rows(db, sql_erase_mentions, 3, values,
                                      "erase what is said of a person", error)
                            : NULL;
    const json_t *row = json_array_get(rows, 0);
    out->notes = json_integer_value(json_object_get(row, "notes"));
    out->refused = json_integer_value(json_object_get(row, "refused"));
    return row != NULL;
}

static bool erase(struct db *db, const char *kind, const char *id, struct erased *out,
                  GError **error)
{
    const char *const values[] = {kind, id};
    if (!db_do(db, "BEGIN", 0, NULL, "begin an erasure", error))
        return false;
    db->in_transaction = true;
    return erase_mentions(db, kind, id, out, error) &&
           db_number(db, sql_erase_person, 2, values, "erase a person's data", &out->names,
                     error);
}

bool erase_person(struct db *db, const char *kind, int agency_id, const char *key,
                  const char *by, const char *reason, struct erased *out, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *id = find(db, kind, agency_id, key, error);
    db_rollback(db); /* it only read */
    if (!id || !erase(db, kind, id, out, error)) {
        db_rollback(db);
        return false;
    }
    g_autofree char *subject = g_strdup_printf("%s %s", kind, id);
    ledger_say(db, &(struct ledger_about){.kind = "erase",
                                          .agency_id = agency_id,
                                          .who = by,
                                          .subject = subject,
                                          .reason = reason,
                                          .always = true});
    ledger_touch_one(db, "record_holding", "record_id", id, NULL);
    return db_commit(db, error);
}
