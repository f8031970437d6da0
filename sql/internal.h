/* internal.h - what the modules of sql/ share; nobody outside includes it.
 *
 * A statement stands in sql/queries/NAME.sql and is embedded as sql_NAME (dashes become underscores). Values go in as
 * $1, $2 … and as text. `what` is the verb phrase of the error: "could not <what>: <the server's reason>". */
#pragma once
#include "sql/db.h"
#include "sql_embedded.h"
#include <jansson.h>
#include <libpq-fe.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGresult, PQclear)

struct db {
    PGconn *conn;
    bool in_transaction;
    char *who, *os_user;     /* db_sign() */
    json_t *about, *touched; /* of the transaction that is open: ledger.h */
    json_t *noted;           /* further sources that it changed: kept_note() */
    int agency_id;           /* whose rows it may see; 0: all */
    const char *topic; /* what the commit tells: notice.h; NULL: only what the ledger is told */
    char *fence_name;  /* the step that this session leads, or NULL */
    int64_t fence;     /* its number: step.h */
    GPtrArray *packs;  /* of it, too: ledger_pack.h; NULL: none */
    bool paused;       /* it will be undone: neither is kept */
    GHashTable *prepared; /* names of statements that this session has planned; NULL: none */
};

/* Appends the entry for what the open transaction touched; forgets it either way. */
bool ledger_flush(struct db *db, GError **error);
void ledger_forget(struct db *db);

/* Notes at the commit that rows of a source changed, for figures that are kept; what ledger_touch() names is noted by itself. */
void kept_note(struct db *db, const char *source);
/* The same of these alone; takes the list of their ids, as ledger_touch() has them. */
void kept_note_ids(struct db *db, const char *source, json_t *ids);
/* Writes the notes of the open transaction: kept.c. */
bool kept_flush(struct db *db, GError **error);

/* Runs one statement. NULL and error, or a result that the caller clears. */
PGresult *db_run(struct db *db, const char *sql, int count, const char *const values[],
                 const char *what, GError **error);
/* The same for a statement that is asked again and again: it is planned once a session, under `name`. */
PGresult *db_run_again(struct db *db, const char *name, const char *sql, int count,
                       const char *const values[], const char *what, GError **error);
/* The same where no row is wanted. */
bool db_do(struct db *db, const char *sql, int count, const char *const values[],
           const char *what, GError **error);
/* The same, as a JSON array of one object a row: integers, floats, booleans and jsonb as what they are; bigint columns whose
 * name ends in "_id" as strings; everything else as strings; SQL's null is JSON's. */
json_t *db_rows(struct db *db, const char *sql, int count, const char *const values[],
                const char *what, GError **error);
/* The rows of a result, in that form. */
json_t *db_rows_of(const PGresult *res);
/* The same for a statement that answers one row of one bigint. */
bool db_number(struct db *db, const char *sql, int count, const char *const values[],
               const char *what, int64_t *out, GError **error);
/* Sets error from the connection's or the result's failure. */
void db_fail(struct db *db, const PGresult *res, const char *what, GError **error);
/* COPY … FROM STDIN: begun, data in as many pieces as wanted, ended. `give_up` is NULL, or why the rows are not to be kept. */
bool db_copy_begin(struct db *db, const char *copy_sql, const char *what, GError **error);
void db_copy_data(struct db *db, const char *data, size_t len);
bool db_copy_end(struct db *db, const char *give_up, const char *what, GError **error);
