#include "sql/internal.h"
#include "sql/oid.h"
#include <string.h>

G_DEFINE_QUARK(patbridge - sql - error, sql_error)

/* Notices ("… does not exist, skipping") tell a person nothing here. */
static void pass_over_notice(void *user, const PGresult *notice)
{
    (void)user;
    (void)notice;
}

/* Takes the connection. */
static struct db *db_of(PGconn *conn, GError **error)
{
    struct db *db = g_new0(struct db, 1);
    db->conn = conn;
    PQsetNoticeReceiver(db->conn, pass_over_notice, NULL);
    if (PQstatus(db->conn) == CONNECTION_OK && PQsetClientEncoding(db->conn, "UTF8") == 0)
        return db;
    g_set_error(error, SQL_ERROR, SQL_ERROR_CONNECT, "could not connect to the database: %s",
                g_strchomp(PQerrorMessage(db->conn)));
    db_close(db);
    return NULL;
}

struct db *db_open(const char *conninfo, GError **error)
{
    return db_of(PQconnectdb(conninfo), error);
}

struct db *db_beside(const struct db *db, GError **error)
{
    PQconninfoOption *all = PQconninfo(db->conn);
    g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new();
    for (const PQconninfoOption *one = all; one && one->keyword; one++)
        if (one->val && *one->val) {
            g_ptr_array_add(names, one->keyword);
            g_ptr_array_add(values, one->val);
        }
    g_ptr_array_add(names, NULL);
    g_ptr_array_add(values, NULL);
    struct db *beside = db_of(PQconnectdbParams((const char *const *)names->pdata,
                                                (const char *const *)values->pdata, 0),
                              error);
    PQconninfoFree(all);
    if (beside)
        db_sign(beside, db->who, db->os_user);
    return beside;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    ledger_forget(db);
    g_free(db->who);
    g_free(db->os_user);
    g_free(db->fence_name);
    g_clear_pointer(&db->prepared, g_hash_table_unref);
    g_free(db);
}

/* SQLSTATE classes, PostgreSQL's manual, appendix A. */
static int code_of_state(PGconn *conn, const char *state)
{
    if (PQstatus(conn) != CONNECTION_OK)
        return SQL_ERROR_CONNECT;
    if (!state)
        return SQL_ERROR_OTHER;
    if (g_str_has_prefix(state, "23"))
        return SQL_ERROR_CONFLICT;
    if (g_str_has_prefix(state, "22"))
        return SQL_ERROR_VALUE;
    if (g_str_equal(state, "40001") || g_str_equal(state, "40P01") ||
        g_str_equal(state, "55P03") || g_str_has_prefix(state, "53"))
        return SQL_ERROR_AGAIN;
    if (g_str_equal(state, "42501"))
        return SQL_ERROR_DENIED;
    if (g_str_equal(state, "42P01"))
        return SQL_ERROR_SCHEMA;
    if (g_str_has_prefix(state, "57P") || g_str_has_prefix(state, "08"))
        return SQL_ERROR_CONNECT;
    return SQL_ERROR_OTHER;
}

void db_fail(struct db *db, const PGresult *res, const char *what, GError **error)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *message = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *detail = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL) : NULL;
    if (!message || !*message)
        message = PQerrorMessage(db->conn);
    g_autofree char *text = g_strchomp(g_strdup(message));
    g_set_error(error, SQL_ERROR, code_of_state(db->conn, state), "could not %s: %s%s%s", what,
                text, detail ? "; " : "", detail ? detail : "");
}

PGresult *db_run(struct db *db, const char *sql, int count, const char *const values[],
                 const char *what, GError **error)
{
    PGresult *res = PQexecParams(db->conn, sql, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(res);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return res;
    db_fail(db, res, what, error);
    PQclear(res);
    return NULL;
}

static bool prepare(struct db *db, const char *name, const char *sql, const char *what,
                    GError **error)
{
    if (!db->prepared)
        db->prepared = g_hash_table_new(g_str_hash, g_str_equal);
    if (g_hash_table_contains(db->prepared, name))
        return true;
    g_autoptr(PGresult) res = PQprepare(db->conn, name, sql, 0, NULL);
    if (PQresultStatus(res) != PGRES_COMMAND_OK) {
        db_fail(db, res, what, error);
        return false;
    }
    g_hash_table_add(db->prepared, (gpointer)(uintptr_t)name);
    return true;
}

PGresult *db_run_again(struct db *db, const char *name, const char *sql, int count,
                       const char *const values[], const char *what, GError **error)
{
    if (!prepare(db, name, sql, what, error))
        return NULL;
    PGresult *res = PQexecPrepared(db->conn, name, count, values, NULL, NULL, 0);
    if (PQresultStatus(res) == PGRES_TUPLES_OK)
        return res;
    db_fail(db, res, what, error);
    PQclear(res);
    return NULL;
}

bool db_do(struct db *db, const char *sql, int count, const char *const values[],
           const char *what, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    return res != NULL;
}

static json_t *cell_to_json(const PGresult *res, int row, int column)
{
    if (PQgetisnull(res, row, column))
        return json_null();
    const char *text = PQgetvalue(res, row, column);
    switch (PQftype(res, column)) {
    case OID_BOOL:
        return json_boolean(*text == 't');
    case OID_INT8:
        if (g_str_has_suffix(PQfname(res, column), "_id"))
            return json_string(text);
        return json_integer(g_ascii_strtoll(text, NULL, 10));
    case OID_INT2:
    case OID_INT4:
        return json_integer(g_ascii_strtoll(text, NULL, 10));
    case OID_FLOAT4:
    case OID_FLOAT8:
        return json_real(g_ascii_strtod(text, NULL));
    case OID_JSON:
    case OID_JSONB:
        return json_loads(text, JSON_DECODE_ANY, NULL);
    default:
        return json_string(text);
    }
}

json_t *db_rows_of(const PGresult *res)
{
    json_t *rows = json_array();
    for (int row = 0; row < PQntuples(res); row++) {
        json_t *object = json_object();
        for (int column = 0; column < PQnfields(res); column++)
            json_object_set_new(object, PQfname(res, column), cell_to_json(res, row, column));
        json_array_append_new(rows, object);
    }
    return rows;
}

json_t *db_rows(struct db *db, const char *sql, int count, const char *const values[],
                const char *what, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    return res ? db_rows_of(res) : NULL;
}

bool db_number(struct db *db, const char *sql, int count, const char *const values[],
               const char *what, int64_t *out, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    if (!res)
        return false;
    if (PQntuples(res) != 1 || PQgetisnull(res, 0, 0)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "could not %s: not found", what);
        return false;
    }
    *out = g_ascii_strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    return true;
}

bool db_copy_begin(struct db *db, const char *copy_sql, const char *what, GError **error)
{
    g_autoptr(PGresult) res = PQexec(db->conn, copy_sql);
    if (PQresultStatus(res) == PGRES_COPY_IN)
        return true;
    db_fail(db, res, what, error);
    return false;
}

void db_copy_data(struct db *db, const char *data, size_t len)
{
    for (size_t at = 0; at < len;) {
        int piece = (int)MIN(len - at, (size_t)1 << 20);
        if (PQputCopyData(db->conn, data + at, piece) != 1)
            return; /* db_copy_end says why */
        at += (size_t)piece;
    }
}

bool db_copy_end(struct db *db, const char *give_up, const char *what, GError **error)
{
    PQputCopyEnd(db->conn, give_up);
    bool done = true;
    PGresult *res;
    while ((res = PQgetResult(db->conn))) {
        if (PQresultStatus(res) != PGRES_COMMAND_OK && done) {
            db_fail(db, res, what, error);
            done = false;
        }
        PQclear(res);
    }
    return done;
}

static const char *const role_names[] = {[DB_SERVICE] = "patbridge_service",
                                         [DB_ACROSS] = "patbridge_across",
                                         [DB_READONLY] = "patbridge_readonly",
                                         [DB_SIGNIN] = "patbridge_signin"};

void db_fence(struct db *db, const char *step, int64_t number)
{
    g_free(db->fence_name);
    db->fence_name = g_strdup(step);
    db->fence = number;
}

/* Holds the step's row until the transaction ends. By the connecting user: no role of an agency's may write there. */
static bool is_leading(struct db *db, GError **error)
{
    if (!db->fence_name)
        return true;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, db->fence);
    const char *const values[] = {db->fence_name, number};
    g_autoptr(PGresult) res =
        db_run(db, sql_step_fence, 2, values, "look who leads a step", error);
    if (res && PQntuples(res) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_FENCED,
                    "another one leads the step %s: nothing more is written here",
                    db->fence_name);
    return res && PQntuples(res) == 1;
}

/* The state that another transaction sees is taken before anything is asked. */
static bool take_state(struct db *db, const char *state, GError **error)
{
    if (!state)
        return true;
    char *quoted = PQescapeLiteral(db->conn, state, strlen(state));
    g_autofree char *statement =
        g_strdup_printf("SET TRANSACTION SNAPSHOT %s", quoted ? quoted : "''");
    PQfreemem(quoted);
    return db_do(db, statement, 0, NULL, "see what another session sees", error);
}

static bool begin(struct db *db, const char *statement, const char *state, enum db_role role,
                  int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {role_names[role], role == DB_SERVICE ? agency : ""};
    if (!db_do(db, statement, 0, NULL, "begin a transaction", error))
        return false;
    db->in_transaction = true;
    db->agency_id = role == DB_SERVICE ? agency_id : 0;
    if (take_state(db, state, error) && is_leading(db, error) &&
        db_do(db, sql_session_role, 2, values, "take the database role", error))
        return true;
    db_rollback(db);
    return false;
}

bool db_begin(struct db *db, enum db_role role, int agency_id, GError **error)
{
    return begin(db, "BEGIN", NULL, role, agency_id, error);
}

bool db_begin_still(struct db *db, GError **error)
{
    return db_begin_same(db, NULL, error);
}

char *db_export_state(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_session_export, 0, NULL, "let another session see the same", error);
    return res ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}

bool db_begin_same(struct db *db, const char *state, GError **error)
{
    return begin(db, "BEGIN ISOLATION LEVEL REPEATABLE READ", state, DB_READONLY, 0, error);
}

void db_sign(struct db *db, const char *who, const char *os_user)
{
    g_free(db->who);
    g_free(db->os_user);
    db->who = g_strdup(who);
    db->os_user = g_strdup(os_user);
}

/* Those who listen are told of what the ledger is told, or of the topic. */
static bool tell(struct db *db, const char *topic, GError **error)
{
    const char *const values[] = {topic};
    return !topic || db_do(db, sql_notice_tell, 1, values, "tell of a change", error);
}

bool db_commit(struct db *db, GError **error)
{
    g_autofree char *topic =
        g_strdup(db->topic ? db->topic : json_string_value(json_object_get(db->about, "kind")));
    db->topic = NULL;
    if (PQtransactionStatus(db->conn) == PQTRANS_INTRANS &&
        (!ledger_flush(db, error) || !tell(db, topic, error))) {
        db_rollback(db);
        return false;
    }
    ledger_forget(db);
    db->in_transaction = false;
    if (PQtransactionStatus(db->conn) ==
        PQTRANS_INERROR) { /* COMMIT would answer ROLLBACK, without an error */
        PQclear(PQexec(db->conn, "ROLLBACK"));
        g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER,
                    "could not commit: a statement had failed");
        return false;
    }
    return db_do(db, "COMMIT", 0, NULL, "commit", error);
}

void db_rollback(struct db *db)
{
    if (db->in_transaction)
        PQclear(PQexec(db->conn, "ROLLBACK"));
    ledger_forget(db);
    db->topic = NULL;
    db->in_transaction = false;
}

char *db_clock(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_session_clock, 0, NULL, "read the server's clock", error);
    return res ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}

char *db_standing(struct db *db, GError **error)
{
    g_autoptr(PGresult) res = db_run_again(db, "session-standing", sql_session_standing, 0,
                                           NULL, "ask what is committed", error);
    return res ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}
