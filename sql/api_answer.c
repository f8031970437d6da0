#include "sql/api_answer.h"
#include "sql/internal.h"

/* "2026-03-01T08:00:00Z" */
static char *moment(int64_t seconds)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(seconds);
    return g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
}

/* Runs one statement in a transaction of its own; `rows`, where wanted, gets how many it answered. */
static bool run(struct db *db, const char *sql, int count, const char *const values[],
                const char *what, int *rows, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    if (res && rows)
        *rows = PQntuples(res);
    if (res && db_commit(db, error))
        return true;
    db_rollback(db);
    return false;
}

/* *state for what is there under the key already. */
static bool read_known(struct db *db, const struct api_answer_id *id,
                       enum api_answer_state *state, json_t **answer, GError **error)
{
    const char *const values[] = {id->key_id, id->idempotency_key};
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    json_auto_t *rows =
        db_rows(db, sql_api_answer_read, 2, values, "look an idempotency key up", error);
    db_rollback(db);
    if (!rows)
        return false;
    json_t *row = json_array_get(rows, 0);
    const char *digest = json_string_value(json_object_get(row, "request_digest"));
    *state = !row ? API_ANSWER_WORKING /* just forgotten: ask again */
             : !g_str_equal(digest, id->digest)             ? API_ANSWER_OTHER
             : json_is_null(json_object_get(row, "status")) ? API_ANSWER_WORKING
                                                            : API_ANSWER_KNOWN;
    if (*state == API_ANSWER_KNOWN)
        *answer = json_incref(row);
    return true;
}

bool api_answer_begin(struct db *db, const struct api_answer_id *id,
                      enum api_answer_state *state, json_t **answer, GError **error)
{
    g_autofree char *now = moment(id->now_s), *day = moment(id->now_s - API_ANSWER_KEPT_S),
                    *given_up = moment(id->now_s - API_ANSWER_GIVEN_UP_S);
    const char *const values[] = {id->key_id, id->idempotency_key, id->digest, now, day,
                                  given_up};
    int rows = 0;
    if (!run(db, sql_api_answer_begin, 6, values, "begin under an idempotency key", &rows,
             error))
        return false;
    *state = API_ANSWER_BEGUN;
    return rows == 1 || read_known(db, id, state, answer, error);
}

bool api_answer_finish(struct db *db, const struct api_answer_id *id, int status,
                       const char *type, const char *etag, const char *body, GError **error)
{
    g_autofree char *number = g_strdup_printf("%d", status);
    const char *const values[] = {id->key_id, id->idempotency_key, number, type, etag, body};
    return run(db, sql_api_answer_finish, 6, values, "keep an answer", NULL, error);
}

bool api_answer_drop(struct db *db, const struct api_answer_id *id, GError **error)
{
    const char *const values[] = {id->key_id, id->idempotency_key};
    return run(db, sql_api_answer_drop, 2, values, "forget a request", NULL, error);
}

bool api_answer_expire(struct db *db, int64_t now_s, GError **error)
{
    g_autofree char *day = moment(now_s - API_ANSWER_KEPT_S);
    const char *const values[] = {day};
    return run(db, sql_api_answer_expire, 1, values, "forget old answers", NULL, error);
}
