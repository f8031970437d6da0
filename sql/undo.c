#include "sql/undo.h"
#include "sql/intake.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <string.h>

static json_t *about_batch(struct db *db, const char *id, int agency_id, GError **error)
{
    const char *const values[] = {id};
    json_auto_t *rows = db_rows(db, sql_batch_about, 1, values, "look for a batch", error);
    json_t *row = json_array_get(rows, 0);
    if (!rows)
        return NULL;
    /* ids come as texts, one that is null belongs to no agency */
    const char *own = json_string_value(json_object_get(row, "agency_id"));
    json_int_t agency = own ? g_ascii_strtoll(own, NULL, 10)
                            : json_integer_value(json_object_get(row, "agency_id"));
    if (!row || agency != agency_id) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "this agency has no batch %s", id);
        return NULL;
    }
    bool finished = json_is_true(json_object_get(row, "finished"));
    bool undone = json_is_true(json_object_get(row, "undone"));
    if (finished && !undone)
        return json_incref(row);
    g_set_error(error, SQL_ERROR, SQL_ERROR_STATE, "batch %s %s", id,
                undone ? "was taken back already"
                       : "has not been loaded to its end; load the file again first");
    return NULL;
}

static json_t *ids_of(const json_t *rows)
{
    json_t *ids = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) json_array_append(ids, json_object_get(row, "record_id"));
    return ids;
}

/* Everything that may have moved, of these records. */
static void touch(struct db *db, const char *kind, const json_t *rows)
{
    static const char *const registers[] = {"enterprise", "expert", "institution", NULL};
    g_autofree char *own = g_strconcat(kind, "_id", NULL);
    g_autofree char *versions = g_strconcat(kind, "_version", NULL);
    bool patents = g_str_equal(kind, "patent");
    json_t *ids = ids_of(rows);
    ledger_touch_moved(db, kind, own, json_incref(ids), NULL);
    ledger_touch(db, versions, patents ? "patent_id" : "record_id", json_incref(ids), NULL);
    if (patents) {
        ledger_touch(db, "patent_holding", "patent_id", json_incref(ids), NULL);
        ledger_touch(db, "patent_status", "patent_id", json_incref(ids), NULL);
    } else if (g_strv_contains(registers, kind)) {
        ledger_touch(db, "record_holding", "record_id", json_incref(ids), NULL);
    }
    json_decref(ids);
}

static json_t *report_of(const json_t *about, const char *id, const json_t *rows)
{
    static const char *const outcomes[] = {"withdrawn", "restored", "kept"};
    json_t *report =
        json_pack("{s:s, s:O, s:O}", "batch", id, "kind", json_object_get(about, "kind"),
                  "file", json_object_get(about, "file"));
    json_t *kept = json_array(), *row;
    for (size_t o = 0; o < G_N_ELEMENTS(outcomes); o++) {
        json_int_t count = 0;
        size_t i;
        json_array_foreach(rows, i, row)
        {
            bool own =
                g_str_equal(json_string_value(json_object_get(row, "outcome")), outcomes[o]);
            count += own;
            if (own && o == 2)
                json_array_append(kept, row);
        }
        json_object_set_new(report, outcomes[o], json_integer(count));
    }
    json_object_set_new(report, "records", kept);
    return report;
}

static bool remember(struct db *db, const json_t *report, const char *id, const char *agency,
                     const char *now, const char *by, GError **error)
{
    static const char *const outcomes[] = {"withdrawn", "restored", "kept"};
    char counts[3][24];
    for (size_t i = 0; i < 3; i++)
        g_snprintf(counts[i], sizeof counts[i], "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(report, outcomes[i])));
    const char *const values[] = {id, agency, now, by, counts[0], counts[1], counts[2]};
    return db_do(db, sql_batch_undo_record, 7, values, "remember what was taken back", error);
}

/* Inside the transaction that holds the turn to load. */
static json_t *take_back(struct db *db, const json_t *about, const char *id, int agency_id,
                         const char *now, const char *by, GError **error)
{
    const char *kind = json_string_value(json_object_get(about, "kind"));
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *subject = g_strdup_printf("%s, batch %s taken back", kind, id);
    int64_t number;
    ledger_say(db, &(struct ledger_about){
                       .kind = "load", .agency_id = agency_id, .who = by, .subject = subject});
    static const char *const role[] = {"patbridge_undo", ""};
    if (!intake_change(db, &number, error) ||
        !db_do(db, sql_session_role, 2, role, "take the database role", error))
        return NULL;
    g_autofree char *change = g_strdup_printf("%" G_GINT64_FORMAT, number);
    const char *const values[] = {kind, agency, id, now, change};
    json_auto_t *rows = db_rows(db, sql_batch_undo, 5, values, "take the batch back", error);
    if (!rows)
        return NULL;
    touch(db, kind, rows);
    json_t *report = report_of(about, id, rows);
    if (remember(db, report, id, agency, now, by, error))
        return report;
    json_decref(report);
    return NULL;
}

json_t *undo_batch(struct db *db, int64_t batch_id, int agency_id, const char *by,
                   GError **error)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, batch_id);
    g_autofree char *now = NULL;
    if (!intake_begin(db, 0, &now, error))
        return NULL;
    json_auto_t *about = about_batch(db, id, agency_id, error);
    json_t *report = about ? take_back(db, about, id, agency_id, now, by, error) : NULL;
    if (report && db_commit(db, error))
        return report;
    json_decref(report);
    db_rollback(db);
    return NULL;
}
