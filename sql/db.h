/* db.h - one connection to PostgreSQL, its transactions, and whose rows they may see.
 *
 * A struct db is one session; one thread uses it at a time. Every transaction names a role: the connecting user's own
 * rights (an owner's) are used by the migrations alone.
 *
 *   DB_SERVICE   one agency's rows: SET LOCAL ROLE patbridge_service and the setting patbridge.agency, which the
 *                row-level security policies compare with
 *   DB_ACROSS    every agency's rows: officials, the steps, rules that reach across agencies
 *   DB_READONLY  every agency's rows, nothing is written
 *   DB_SIGNIN    as DB_ACROSS, and alone passwords and sessions (signin.h)
 *
 * Errors are of the domain SQL_ERROR; messages say what could not be done, to what, and the server's reason. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum sql_error {
    SQL_ERROR_CONNECT,  /* the server can't be reached, or the connection was lost */
    SQL_ERROR_SCHEMA,   /* not migrated, an edited migration, a newer schema */
    SQL_ERROR_DENIED,   /* row-level security or a missing right */
    SQL_ERROR_CONFLICT, /* a key or a check was violated */
    SQL_ERROR_AGAIN, /* serialization failure, deadlock, lock not available, no room: run the transaction again */
    SQL_ERROR_NOT_FOUND, /* what was named is not there */
    SQL_ERROR_STATE,     /* it is there, but what was asked can't be done to it now */
    SQL_ERROR_OTHER,
    SQL_ERROR_VALUE,  /* a value can't be read as what it should be: a moment, a number */
    SQL_ERROR_FENCED, /* this session led a step, and another one does by now */
};
#define SQL_ERROR sql_error_quark()
GQuark sql_error_quark(void);

enum db_role { DB_SERVICE, DB_ACROSS, DB_READONLY, DB_SIGNIN };

typedef struct db db_t; /* the name that g_autoptr needs */

/* Connects by a libpq connection string. The caller owns the answer. */
struct db *db_open(const char *conninfo, GError **error);
/* A second session to the same place, signed as the first is. The caller owns the answer. */
struct db *db_beside(const struct db *db, GError **error);
void db_close(struct db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(db_t, db_close)

/* Who acts on this session from now on, for the ledger: an account's name (NULL: none), and the operating system's user. */
void db_sign(struct db *db, const char *who, const char *os_user);

/* From now on a transaction begins only while the step is led under this number (step.h); NULL: no step. */
void db_fence(struct db *db, const char *step, int64_t number);

/* Begins a transaction in a role. agency_id is read for DB_SERVICE only. */
bool db_begin(struct db *db, enum db_role role, int agency_id, GError **error);
/* The same in DB_READONLY; all of its statements see one and the same state. */
bool db_begin_still(struct db *db, GError **error);
/* The same, of the state that a transaction of another session sees: its db_export_state(), while that transaction is open. */
bool db_begin_same(struct db *db, const char *state, GError **error);
/* A name for what the open transaction sees. NULL and error; the caller frees. */
char *db_export_state(struct db *db, GError **error);
/* Commits; what it changed that can change a count is written to the ledger first (ledger.h). */
bool db_commit(struct db *db, GError **error);
/* Ends the transaction that is open, if one is, undoing it. */
void db_rollback(struct db *db);

/* The server's clock, as text that PostgreSQL reads back unchanged ("2026-03-01 08:00:00.123456+00"). Statements take their
 * moment from here as a parameter, so that a transaction has one. The caller frees. */
char *db_clock(struct db *db, GError **error);

/* A name for all that is committed: whoever gets the same name twice knows that nothing was committed between. "": it can't be
 * told here. Outside of transactions. The caller frees. */
char *db_standing(struct db *db, GError **error);
