/* backup.h - what a backup needs of the database beside pg_dump: one snapshot for it and for the counts by which a restored one is
 * compared, and the roles that a dump does not hold. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Begins a transaction whose snapshot pg_dump can take over; *snapshot names it (the caller frees). It lasts until db_rollback(). */
bool backup_begin(struct db *db, char **snapshot, GError **error);
/* {tables: {name: rows}, ledger: {number, digest}} as that transaction sees them, or the open one. The caller owns it. */
json_t *backup_facts(struct db *db, GError **error);
/* The same of a restored one, in a transaction of its own. */
json_t *backup_compare(struct db *db, GError **error);
/* Whether the database has nothing of ours yet. */
bool backup_is_empty(struct db *db, bool *out, GError **error);
/* Makes the roles that a dump grants to. */
bool backup_roles(struct db *db, GError **error);
/* How programs of PostgreSQL reach the same database: "PGHOST=…", NULL-ended. It may hold a password; the caller frees. */
char **backup_environment(struct db *db);
