#include "tests/support/testdb.h"
#include "sql/migrate.h"
#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

static struct {
    char *name;
    char *conninfo;
    PGconn *admin; /* superuser, in the test's database */
    pid_t owner;
} test;

void testdb_drop(void)
{
    if (!test.name || test.owner != getpid())
        return;
    g_clear_pointer(&test.admin, PQfinish);
    PGconn *server = PQconnectdb(g_getenv("PATBRIDGE_TEST_SERVER"));
    g_autofree char *statement =
        g_strdup_printf("DROP DATABASE IF EXISTS %s WITH (FORCE)", test.name);
    PQclear(PQexec(server, statement));
    PQfinish(server);
    g_clear_pointer(&test.name, g_free);
    g_clear_pointer(&test.conninfo, g_free);
}

static void create(void)
{
    const char *server_info = g_getenv("PATBRIDGE_TEST_SERVER");
    cr_assert(server_info,
              "PATBRIDGE_TEST_SERVER names no server; run the tests by `make test`");
    PGconn *server = PQconnectdb(server_info);
    cr_assert(PQstatus(server) == CONNECTION_OK, "%s", PQerrorMessage(server));
    test.name = g_strdup_printf("test_%d_%" G_GINT64_FORMAT, getpid(), g_get_monotonic_time());
    g_autofree char *statement =
        g_strdup_printf("CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", test.name);
    PGresult *res = PQexec(server, statement);
    cr_assert(PQresultStatus(res) == PGRES_COMMAND_OK, "%s", PQerrorMessage(server));
    PQclear(res);
    PQfinish(server);
    test.conninfo = g_strdup_printf("%s dbname=%s", server_info, test.name);
    test.admin = PQconnectdb(test.conninfo);
    test.owner = getpid();
    atexit(testdb_drop);
}

struct db *testdb_empty(void)
{
    create();
    return testdb_again();
}

struct db *testdb_open(void)
{
    struct migrate_report report;
    GError *error = NULL;
    create();
    struct db *db = testdb_again();
    cr_assert(migrate_run(db, &report, &error), "%s", error ? error->message : "");
    return db;
}

struct db *testdb_again(void)
{
    GError *error = NULL;
    struct db *db = db_open(test.conninfo, &error);
    cr_assert(db, "%s", error ? error->message : "");
    return db;
}

const char *testdb_conninfo(void)
{
    return test.conninfo;
}

void testdb_sql(const char *statements)
{
    PGresult *res = PQexec(test.admin, statements);
    cr_assert(PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK,
              "%s: %s", statements, PQerrorMessage(test.admin));
    PQclear(res);
}

json_t *testdb_rows(const char *query)
{
    g_autofree char *wrapped =
        g_strdup_printf("SELECT coalesce(json_agg(q), '[]') FROM (%s) q", query);
    PGresult *res = PQexec(test.admin, wrapped);
    cr_assert(PQresultStatus(res) == PGRES_TUPLES_OK, "%s: %s", query,
              PQerrorMessage(test.admin));
    json_t *rows = json_loads(PQgetvalue(res, 0, 0), 0, NULL);
    PQclear(res);
    return rows;
}

int64_t testdb_int(const char *query)
{
    PGresult *res = PQexec(test.admin, query);
    cr_assert(PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1, "%s: %s", query,
              PQerrorMessage(test.admin));
    int64_t value = g_ascii_strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return value;
}
