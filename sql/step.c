#include "sql/step.h"
#include "sql/internal.h"

static char *decimal(int64_t number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

static bool take_lock(struct db *db, const char *name, bool *got, GError **error)
{
    const char *const values[] = {name};
    g_autoptr(PGresult) res = db_run(db, sql_step_lock, 1, values, "ask to lead a step", error);
    *got = res && *PQgetvalue(res, 0, 0) == 't';
    return res != NULL;
}

static bool take_number(struct db *db, const char *name, const char *who, int64_t *fence,
                        GError **error)
{
    int64_t before;
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {name, who, now};
    if (!now || !db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (db_do(db, sql_step_add, 1, values, "add a step", error) &&
        db_number(db, sql_step_wait, 1, values, "wait for a step", &before, error) &&
        db_number(db, sql_step_lead, 3, values, "lead a step", fence, error) &&
        db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

bool step_lead(struct db *db, const char *name, const char *who, int64_t *fence, GError **error)
{
    bool got;
    *fence = 0;
    if (!take_lock(db, name, &got, error))
        return false;
    if (!got)
        return true;
    if (!take_number(db, name, who, fence, error)) {
        *fence = 0;
        step_leave(db, name);
        return false;
    }
    db_fence(db, name, *fence);
    return true;
}

void step_leave(struct db *db, const char *name)
{
    const char *const values[] = {name};
    db_fence(db, NULL, 0);
    db_do(db, sql_step_unlock, 1, values, "leave a step",
          NULL); /* the session's end does it too */
}

static bool in_transaction(struct db *db, bool done, GError **error)
{
    done = done && db_commit(db, error);
    if (!done)
        db_rollback(db);
    return done;
}

bool step_beat(struct db *db, const char *name, int64_t fence, bool *leads, GError **error)
{
    g_autofree char *number = decimal(fence);
    const char *const values[] = {name, number};
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autoptr(PGresult) res =
        db_run(db, sql_step_beat, 2, values, "say that a leader lives", error);
    *leads = res && PQntuples(res) == 1;
    return in_transaction(db, res != NULL, error);
}

/* By the connecting user: sessions of the same user may be ended without any other right. */
bool step_depose(struct db *db, const char *name, int64_t fence, int64_t beats, bool *ended,
                 GError **error)
{
    g_autofree char *number = decimal(fence);
    g_autofree char *sign = decimal(beats);
    const char *const values[] = {name, number, sign};
    g_autoptr(PGresult) res =
        db_run(db, sql_step_depose, 3, values, "end a silent leader's session", error);
    *ended = res && PQntuples(res) > 0;
    return res != NULL;
}

bool step_note(struct db *db, const struct step_run *run, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    g_autofree char *number = decimal(run->fence);
    g_autofree char *took = decimal(run->took_ms);
    if (!now || !db_begin(db, DB_ACROSS, 0, error))
        return false;
    char *gauges = run->gauges ? json_dumps(run->gauges, JSON_COMPACT) : NULL;
    const char *const values[] = {run->name, number,       now,
                                  took,      run->failure, gauges ? gauges : "{}"};
    g_autoptr(PGresult) res =
        db_run(db, sql_step_note, 6, values, "keep what came of a step", error);
    free(gauges);
    bool leads = res && PQntuples(res) == 1;
    if (res && !leads)
        g_set_error(error, SQL_ERROR, SQL_ERROR_FENCED, "another one leads the step %s",
                    run->name);
    return in_transaction(db, leads, error);
}

json_t *step_list(struct db *db, GError **error)
{
    if (!db_begin(db, DB_READONLY, 0, error))
        return NULL;
    json_t *rows = db_rows(db, sql_step_list, 0, NULL, "list the steps", error);
    db_rollback(db);
    return rows;
}
