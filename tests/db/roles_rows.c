/* Row-level security: what a role may see and do, asked of every table that the catalogue knows. */
#include "sql/internal.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

/* Registers that all agencies share: the agencies themselves, and the keys of the interface, which no agency's
 * session can read at all. */
#define SHARED "'agency', 'api_key'"
/* What an agency's role may do nothing with needs no guard by row. */
#define REACHED                                                                                \
    "has_table_privilege('patbridge_service', c.oid, 'SELECT, INSERT, UPDATE, DELETE')"

static struct db *db;

static void open_two_agencies(void)
{
    db = testdb_open();
    testdb_sql(
        "INSERT INTO agency (agency_id, code, name, change_seq, first_recorded_at, "
        "recorded_at) "
        "VALUES (1, 'JJ01', '桥汐', 1, now(), now()), (2, 'JJ02', '砺知', 1, now(), now())");
    testdb_sql("INSERT INTO patent (patent_id, publication_number, title, change_seq, "
               "first_recorded_at, recorded_at) "
               "SELECT n, 'CN10600000' || n || 'A', '鞋底', 1, now(), now() FROM "
               "generate_series(1, 2) n;"
               "INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, "
               "change_seq, first_recorded_at, recorded_at) "
               "SELECT n, 'U' || n, '岚桥', '岚桥', '350582', 1, now(), now() FROM "
               "generate_series(1, 2) n;"
               "INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, "
               "valid_from, change_seq, first_recorded_at, "
               "recorded_at) SELECT n, n, 'N', n, '鞋底', '鞋底', '2024-01-01', 1, now(), "
               "now() FROM generate_series(1, 2) n;"
               "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, "
               "rank, reasons, model, state, change_seq, "
               "proposed_at) SELECT n, n, n, 1, .5, .5, 1, '[]', 'm', 'proposed', 1, now() "
               "FROM generate_series(1, 2) n;"
               "INSERT INTO push (patent_id, push_id, origin_patent_id, need_id, agency_id, "
               "enterprise_id, score, fit, probability, "
               "threshold, model, reasons, created_at) SELECT n, md5(n::text)::uuid, n, n, n, "
               "n, 1, .5, .5, .1, 'm', '[]', now() "
               "FROM generate_series(1, 2) n;"
               "INSERT INTO outbox (outbox_id, push_id, patent_id, agency_id, enterprise_id, "
               "endpoint_id, channel, body, next_attempt_at, "
               "created_at) SELECT n, md5(n::text)::uuid, n, n, n, n, 'webhook', '{}', now(), "
               "now() FROM generate_series(1, 2) n");
}

/* A row of `agency` in every other table, made of defaults by type, so that a new table needs no line here. */
static const char filler[] =
    "CREATE FUNCTION fill(tab text, agency int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE "
    "row jsonb; BEGIN "
    "SELECT jsonb_object_agg(attname, CASE "
    "  WHEN attname = 'agency_id' THEN to_jsonb(agency)"
    "  WHEN attname = 'collateral' THEN '\"ip_only\"'"
    "  WHEN attname = 'kind' AND tab = 'event' THEN '\"forum\"'"
    "  WHEN attname = 'kind' AND tab = 'success_case' THEN '\"litigation\"'"
    "  WHEN attname IN ('answer') THEN '\"interested\"' WHEN attname = 'event' THEN '\"sent\"'"
    "  WHEN attname = 'role' AND tab = 'account' THEN '\"agency_clerk\"'"
    "  WHEN attname = 'stage' THEN '\"offer\"'"
    "  WHEN attname = 'verdict' THEN '\"accept\"' WHEN attname = 'push_id' THEN "
    "to_jsonb(md5(agency::text)::uuid)"
    "  WHEN attname IN ('superseded_at', 'finished_at', 'disabled_at', 'removed_at') AND NOT "
    "attnotnull THEN "
    "'null'"
    "  WHEN atttypid IN ('int'::regtype, 'bigint'::regtype, 'float8'::regtype) THEN "
    "to_jsonb(agency)"
    "  WHEN atttypid = 'jsonb'::regtype THEN '{}' WHEN atttypid = 'boolean'::regtype THEN "
    "'false'"
    "  WHEN atttypid = 'uuid'::regtype THEN to_jsonb(md5(agency::text)::uuid) WHEN atttypid = "
    "'bytea'::regtype THEN '\"\"'"
    "  WHEN atttypid IN ('date'::regtype, 'timestamptz'::regtype) THEN '\"2024-01-01\"'"
    "  WHEN atttypid = 'text'::regtype THEN to_jsonb('t' || agency) ELSE 'null' END) INTO row "
    "FROM pg_attribute WHERE attrelid = tab::regclass AND attnum > 0 AND NOT attisdropped;"
    "EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT "
    "(jsonb_populate_record(NULL::%I, $1)).*', tab, tab) USING row;"
    "END $$";

static json_t *guarded_tables(void)
{
    json_t *tables = testdb_rows(
        "SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace "
        "AND a.attname = 'agency_id' AND c.relname NOT IN (" SHARED ") AND " REACHED
        " ORDER BY 1");
    cr_assert_geq(json_array_size(tables), 27);
    return tables;
}

static const char *name_at(json_t *tables, size_t i)
{
    return json_string_value(json_object_get(json_array_get(tables, i), "name"));
}

static void fill_all(json_t *tables)
{
    testdb_sql(filler);
    for (size_t i = 0; i < json_array_size(tables); i++)
        for (int agency = 1; agency <= 2; agency++) {
            g_autofree char *has = g_strdup_printf(
                "SELECT count(*) FROM %s WHERE agency_id = %d", name_at(tables, i), agency);
            g_autofree char *fill =
                g_strdup_printf("SELECT fill('%s', %d)", name_at(tables, i), agency);
            if (testdb_int(has) == 0)
                testdb_sql(fill);
        }
}

enum { DENIED = -1, FAILED = -2 };

/* Rows that a statement saw or touched in a transaction of its own, which is undone; DENIED by a right or a policy. */
static int attempt(enum db_role role, int agency, const char *statement)
{
    g_autoptr(GError) error = NULL;
    cr_assert(db_begin(db, role, agency, &error), "%s", error ? error->message : "");
    g_autoptr(PGresult) res = db_run(db, statement, 0, NULL, "try", &error);
    int rows = !res ? (g_error_matches(error, SQL_ERROR, SQL_ERROR_DENIED) ? DENIED : FAILED)
               : PQntuples(res) ? PQntuples(res)
                                : atoi(PQcmdTuples(res));
    db_rollback(db);
    return rows;
}

static int attempt_on(enum db_role role, int agency, const char *format, const char *table)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", -1);
    g_autofree char *statement = g_strjoinv(table, parts);
    return attempt(role, agency, statement);
}

Test(roles_rows, every_table_with_an_agency_is_guarded)
{
    open_two_agencies();
    json_t *bare = testdb_rows(
        "SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND "
        "a.attname = 'agency_id' "
        "AND c.relname NOT IN (" SHARED ") AND " REACHED
        " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)");
    for (size_t i = 0; i < json_array_size(bare); i++)
        cr_expect_fail("table %s has an agency_id and no row-level security", name_at(bare, i));
    json_decref(bare);
    bare =
        testdb_rows("SELECT relname AS name FROM pg_class WHERE relkind = 'v' AND relnamespace "
                    "= 'public'::regnamespace "
                    "AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)");
    for (size_t i = 0; i < json_array_size(bare); i++)
        cr_expect_fail("view %s sees with its owner's rights", name_at(bare, i));
    json_decref(bare);
    bare = testdb_rows("SELECT proname AS name FROM pg_proc WHERE prosecdef AND pronamespace = "
                       "'public'::regnamespace");
    for (size_t i = 0; i < json_array_size(bare); i++)
        cr_expect_fail("function %s runs with its owner's rights", name_at(bare, i));
    json_decref(bare);
}

Test(roles_rows, an_agency_sees_and_changes_only_its_own_rows)
{
    open_two_agencies();
    json_t *tables = guarded_tables();
    fill_all(tables);
    for (size_t i = 0; i < json_array_size(tables); i++) {
        const char *table = name_at(tables, i);
        cr_expect_eq(attempt_on(DB_SERVICE, 1, "SELECT 1 FROM %s WHERE agency_id = 1", table),
                     1, "%s: own row not seen", table);
        cr_expect_eq(attempt_on(DB_SERVICE, 1,
                                "SELECT 1 FROM %s WHERE agency_id IS DISTINCT FROM 1", table),
                     0, "%s: another's row is seen", table);
        cr_expect_leq(attempt_on(DB_SERVICE, 1,
                                 "UPDATE %s SET agency_id = agency_id WHERE agency_id = 2",
                                 table),
                      0, "%s: another's row was changed", table);
        cr_expect_eq(
            attempt_on(DB_SERVICE, 1, "UPDATE %s SET agency_id = 2 WHERE agency_id = 1", table),
            DENIED, "%s: a row was given to another agency", table);
        cr_expect_leq(attempt_on(DB_SERVICE, 1, "DELETE FROM %s WHERE agency_id = 2", table), 0,
                      "%s: another's row was deleted", table);
        cr_expect_eq(attempt_on(DB_SERVICE, 1,
                                "INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT "
                                "(jsonb_populate_record(NULL::%s, "
                                "to_jsonb(t) || '{\"agency_id\": 2}')).* FROM %s t",
                                table),
                     DENIED, "%s: a row was made in another's name", table);
        cr_expect_eq(attempt_on(DB_ACROSS, 0, "SELECT 1 FROM %s", table), 2,
                     "%s: across does not see both", table);
        cr_expect_eq(attempt_on(DB_READONLY, 0, "SELECT 1 FROM %s", table), 2,
                     "%s: readonly does not see both", table);
    }
    json_decref(tables);
}

Test(roles_rows, without_the_setting_nothing_is_seen)
{
    open_two_agencies();
    json_t *tables = guarded_tables();
    fill_all(tables);
    for (size_t i = 0; i < json_array_size(tables); i++) {
        g_autofree char *count =
            g_strdup_printf("SELECT count(*) AS n FROM %s", name_at(tables, i));
        g_autoptr(GError) error = NULL;
        static const char *const settings[] = {"RESET patbridge.agency",
                                               "SET LOCAL patbridge.agency = ''"};
        for (size_t k = 0; k < G_N_ELEMENTS(settings); k++) {
            int64_t seen = -1;
            cr_assert(db_begin(db, DB_SERVICE, 1, &error));
            cr_assert(db_do(db, settings[k], 0, NULL, "forget the agency", &error));
            cr_assert(db_number(db, count, 0, NULL, "count", &seen, &error), "%s",
                      error ? error->message : "");
            cr_expect_eq(seen, 0, "%s: %s sees %d rows", settings[k], name_at(tables, i),
                         (int)seen);
            db_rollback(db);
        }
    }
    json_decref(tables);
}

/* Statements on every table of ours, and whom they must be denied. */
static void expect_denied(enum db_role role, const char *who, const char *format,
                          const char *tables_where)
{
    g_autofree char *query = g_strdup_printf(
        "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = "
        "'public'::regnamespace AND %s ORDER BY 1",
        tables_where);
    json_t *tables = testdb_rows(query);
    cr_assert_gt(json_array_size(tables), 0, "%s", tables_where);
    for (size_t i = 0; i < json_array_size(tables); i++)
        cr_expect_eq(attempt_on(role, 1, format, name_at(tables, i)), DENIED,
                     "%s was not denied: %s, %s", who, format, name_at(tables, i));
    json_decref(tables);
}

Test(roles_rows, readonly_writes_nothing)
{
    open_two_agencies();
    expect_denied(DB_READONLY, "readonly", "DELETE FROM %s", "true");
    expect_denied(DB_READONLY, "readonly",
                  "INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT * FROM %s", "true");
    cr_expect_eq(attempt(DB_READONLY, 0, "UPDATE agency SET name = name"), DENIED);
    cr_expect_eq(attempt(DB_READONLY, 0, "UPDATE lead SET state = 'accepted'"), DENIED);
    cr_expect_eq(attempt(DB_READONLY, 0, "SELECT nextval('change_seq')"), DENIED);
}

Test(roles_rows, what_is_appended_is_never_changed)
{
    open_two_agencies();
    cr_expect_eq(attempt(DB_SERVICE, 1, "UPDATE patent_lookup SET at = at"), DENIED);
    cr_expect_eq(attempt(DB_SERVICE, 1, "DELETE FROM patent_lookup"), DENIED);
    static const struct {
        enum db_role role;
        const char *name;
    } roles[] = {{DB_SERVICE, "service"}, {DB_ACROSS, "across"}};
    static const char appended[] = "relname IN ('decision', 'policy', 'patent_version', "
                                   "'register_version', 'fact_version', 'attempt', 'ledger', "
                                   "'ledger_row', 'ledger_pack', 'document', 'snapshot', "
                                   "'snapshot_line', 'snapshot_block')";
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        expect_denied(roles[i].role, roles[i].name, "DELETE FROM %s", appended);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE decision SET verdict = 'withdraw'"),
                     DENIED, "%s", roles[i].name);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE policy SET pack = '{}'"), DENIED, "%s",
                     roles[i].name);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE patent_version SET record = '{}'"),
                     DENIED, "%s", roles[i].name);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE register_version SET record = '{}'"),
                     DENIED, "%s", roles[i].name);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE fact_version SET record = '{}'"), DENIED,
                     "%s", roles[i].name);
        static const char *const unchanged[] = {
            "UPDATE ledger SET body = body",          "UPDATE ledger_row SET key = key",
            "UPDATE ledger_pack SET lines = lines",   "UPDATE document SET name = name",
            "UPDATE snapshot SET digest = digest",    "UPDATE snapshot_line SET body = body",
            "UPDATE snapshot_block SET lines = lines"};
        for (size_t k = 0; k < G_N_ELEMENTS(unchanged); k++)
            cr_expect_eq(attempt(roles[i].role, 1, unchanged[k]), DENIED, "%s: %s",
                         roles[i].name, unchanged[k]);
        cr_expect_eq(attempt(roles[i].role, 1, "UPDATE attempt SET outcome = 'x'"), DENIED,
                     "%s", roles[i].name);
        expect_denied(roles[i].role, roles[i].name, "DELETE FROM %s",
                      "relname IN ('patent', 'enterprise', 'expert', 'institution', 'need', "
                      "'deal', 'declared_push', 'agency')");
    }
}
