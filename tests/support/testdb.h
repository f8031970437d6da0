/* testdb.h - a fresh database for one test, on the server that PATBRIDGE_TEST_SERVER names.
 *
 * Every call fails the test with its reason instead of answering an error. Databases are dropped when the test's process ends. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* A new, migrated database, and a connection to it. */
struct db *testdb_open(void);
/* The same, empty: for the tests of migrating. */
struct db *testdb_empty(void);
/* Drops it before its time; then another may be opened. Connections to it are closed by the caller. */
void testdb_drop(void);
/* One more connection to the same database. */
struct db *testdb_again(void);
/* Its connection string, for programs started by the test. */
const char *testdb_conninfo(void);

/* Runs statements as the superuser (several, divided by ;). */
void testdb_sql(const char *statements);
/* One query as the superuser; the rows as objects. The caller owns it. */
json_t *testdb_rows(const char *query);
/* One query that answers one integer. */
int64_t testdb_int(const char *query);
