#include "sql/batch.h"
#include "sql/internal.h"
#include "sql/ledger.h"

bool batch_open(struct db *db, const struct batch_key *key, const char *now, struct batch *out,
                GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", key->agency_id);
    const char *const values[] = {key->agency_id ? agency : NULL, key->kind, key->file,
                                  key->digest, now};
    g_autoptr(PGresult) res = db_run(db, sql_batch_open, 5, values, "open a batch", error);
    if (!res)
        return false;
    int64_t *const members[] = {&out->batch_id, &out->last_line, &out->read,    &out->new,
                                &out->changed,  &out->same,      &out->refused, &out->skipped};
    for (int i = 0; i < (int)G_N_ELEMENTS(members); i++)
        *members[i] = g_ascii_strtoll(PQgetvalue(res, 0, i), NULL, 10);
    return true;
}

bool batch_find_earlier(struct db *db, const struct batch_key *key, struct batch_earlier *out,
                        GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", key->agency_id);
    const char *const values[] = {key->agency_id ? agency : NULL, key->kind, key->digest};
    g_autoptr(PGresult) res =
        db_run(db, sql_batch_earlier, 3, values, "look for an earlier load of the file", error);
    if (!res)
        return false;
    *out = (struct batch_earlier){0};
    if (PQntuples(res) > 0)
        *out = (struct batch_earlier){g_strdup(PQgetvalue(res, 0, 0)),
                                      g_strdup(PQgetvalue(res, 0, 1))};
    return true;
}

void batch_earlier_clear(struct batch_earlier *earlier)
{
    g_free(earlier->batch_id);
    g_free(earlier->started_at);
    *earlier = (struct batch_earlier){0};
}

bool batch_checkpoint(struct db *db, const struct batch *batch, const char *finished_at,
                      GError **error)
{
    const int64_t numbers[] = {batch->batch_id, batch->last_line, batch->read,
                               batch->new,      batch->changed,   batch->same,
                               batch->refused,  batch->skipped};
    char text[G_N_ELEMENTS(numbers)][24];
    const char *values[G_N_ELEMENTS(numbers) + 1];
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_snprintf(text[i], sizeof text[i], "%" G_GINT64_FORMAT, numbers[i]);
        values[i] = text[i];
    }
    values[G_N_ELEMENTS(numbers)] = finished_at;
    if (finished_at) /* what stands in between counts nothing */
        ledger_touch_one(db, "load_batch", "batch_id", text[0], finished_at);
    return db_do(db, sql_batch_checkpoint, (int)G_N_ELEMENTS(values), values,
                 "write the batch's checkpoint", error);
}

json_t *batch_refusals(struct db *db, const char *batch_id, GError **error)
{
    const char *const values[] = {batch_id};
    return db_rows(db, sql_batch_refusals, 1, values, "read a batch's refusals", error);
}

bool batch_turn(struct db *db, int agency_id, const char *kind, GError **error)
{
    g_autofree char *name = g_strdup_printf("%s %d", kind, agency_id);
    const char *const values[] = {name};
    return db_do(db, sql_batch_turn, 1, values, "wait for a turn to load", error);
}

void batch_turn_over(struct db *db, int agency_id, const char *kind)
{
    g_autofree char *name = g_strdup_printf("%s %d", kind, agency_id);
    const char *const values[] = {name};
    db_rollback(db);
    db_do(db, sql_batch_turn_over, 1, values, "end a turn to load", NULL);
}
