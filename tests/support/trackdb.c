#include "tests/support/trackdb.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static const char defaults[] =
    "CREATE TABLE giving (tab text PRIMARY KEY, row jsonb);"
    "INSERT INTO giving VALUES"
    "('agency', '{\"name\": \"桥汐\", \"zone_settled_date\": \"2023-03-15\"}'),"
    "('account', '{\"created_at\": \"2023-01-01 00:00+08\"}'),"
    "('patent', '{\"type\": \"invention\", \"title\": \"一种轻质鞋底\", \"application_date\": "
    "\"2020-05-06\", "
    "\"provenance\": {}}'),"
    "('patent_alias', '{}'),"
    "('patent_status', '{}'),"
    "('patent_holding', '{\"held_since\": \"2024-01-10\"}'),"
    "('record_holding', '{\"held_since\": \"2024-01-10\"}'),"
    "('enterprise', '{\"name\": \"岚桥鞋业\", \"name_key\": \"岚桥鞋业\", "
    "\"division_code\": \"350582\", \"qualifications\": [], \"push\": {}}'),"
    "('expert', '{\"name\": \"林知序\", \"key\": \"林知序/海丝理工大学\", \"employer\": "
    "\"海丝理工大学\", \"fields\": [\"高分子\"], "
    "\"consent_date\": \"2023-05-18\"}'),"
    "('institution', '{\"name\": \"砺知专利代理\", \"kind\": \"patent_agency\"}'),"
    "('need', '{\"enterprise_id\": 100, \"title\": \"中底\", \"text\": "
    "\"需要一种轻质耐磨的鞋底材料\", "
    "\"valid_from\": \"2024-02-01\", \"state\": \"submitted\"}'),"
    "('deal', '{\"mode\": \"assignment\", \"seller\": {\"name\": \"海丝理工大学\"}, "
    "\"amount_fen\": 5000000, "
    "\"payments\": [], \"contract_date\": \"2024-06-10\", \"registration_number\": "
    "\"20243505820001\", "
    "\"registration_date\": \"2024-07-01\", \"affiliated\": false}'),"
    "('declared_push', '{\"sent_date\": \"2024-04-01\", \"channel\": \"email\", \"evidence\": "
    "{\"file\": \"a.pdf\"}}'),"
    "('push', '{\"need_id\": 1, \"enterprise_id\": 100, \"score\": 900, \"fit\": 0.8, "
    "\"probability\": 0.3, "
    "\"threshold\": 0.5, \"model\": \"m1\", \"reasons\": [{\"text\": \"鞋底\"}], "
    "\"created_at\": \"2024-05-01 10:00+08\"}'),"
    "('push_event', '{\"channel\": \"webhook\", \"detail\": {}, \"at\": \"2024-05-01 "
    "10:00+08\"}'),"
    "('patent_lookup', '{\"patent_id\": 1, \"enterprise_id\": 100, \"looked_by\": "
    "\"岚桥\", \"at\": \"2024-06-09 10:00+08\"}'),"
    "('decision', '{\"verdict\": \"accept\", \"decided_by\": \"陈科\", \"os_user\": \"os\", "
    "\"reason\": \"核实\", "
    "\"effective\": \"2024-03-05\", \"decided_at\": \"2024-03-05 09:00+08\"}'),"
    "('parameter_decision', '{\"version\": 1, \"clause\": \"4.2\", \"verdict\": \"set\", "
    "\"state\": \"decided\", \"decided_by\": \"陈科\", \"os_user\": \"os\", \"reason\": "
    "\"商议\", \"effective\": \"2024-03-05\", \"decided_at\": \"2024-03-05 09:00+08\"}'),"
    "('open_licence', '{\"patentee\": \"海丝理工大学\", \"published_date\": \"2024-05-06\", "
    "\"fee_terms\": \"每年一万元\"}'),"
    "('loan', '{\"bank\": \"晋江农商银行\", \"borrower_uscc\": \"U100\", \"granted_fen\": "
    "1000000000, \"drawn_date\": \"2024-05-06\", \"rights\": [{\"type\": \"invention\", "
    "\"number\": \"CN202010000001.1\"}], \"collateral\": \"ip_only\"}'),"
    "('sale', '{\"client\": \"岚桥鞋业\", \"amount_fen\": 100000000, \"date\": \"2024-05-06\", "
    "\"service\": \"代理\"}'),"
    "('event', '{\"key\": \"峰会/2024-05-06\", \"name\": \"知识产权峰会\", \"kind\": "
    "\"summit\", \"partner\": \"鞋业协会\", \"announced_date\": \"2024-04-20\", \"start\": "
    "\"2024-05-06\", \"end\": \"2024-05-07\", \"attendance\": 200}'),"
    "('navigation_project', '{\"key\": \"鞋材导航/U100\", \"name\": \"鞋材导航\", "
    "\"enterprise_uscc\": \"U100\", \"approved_date\": \"2024-05-06\"}'),"
    "('attorney', '{\"name\": \"林知序\", \"practising_from\": \"2020-01-01\", "
    "\"contract_from\": \"2023-01-01\", \"contract_to\": \"2025-12-31\", \"service_from\": "
    "\"2023-06-01\"}'),"
    "('success_case', '{\"kind\": \"invalidation\", \"client\": \"岚桥鞋业\", "
    "\"succeeded_date\": \"2022-06-01\"}'),"
    "('client', '{\"name\": \"大企业\", \"top500_year\": 2022}'),"
    "('platform_review', '{\"approval_number\": \"P1\", \"approved_date\": \"2024-05-06\", "
    "\"functions\": []}'),"
    "('contact', '{}'), ('register_version', '{}'), ('fact_version', '{}'), ('patent_version', "
    "'{}'), "
    "('load_batch', '{}');"
    "CREATE FUNCTION give(tab text, given jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
    "EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT "
    "(jsonb_populate_record(NULL::%I, $1)).*', tab, tab) "
    "USING '{\"agency_id\": 1, \"recorded_at\": \"2024-03-01 12:00+08\", "
    "\"first_recorded_at\": \"2024-03-01 12:00+08\", \"change_seq\": 1, \"invented\": false, "
    "\"documents\": [], "
    "\"extra\": {}}'::jsonb || (SELECT row FROM giving g WHERE g.tab = give.tab) || "
    "jsonb_build_object('decision_id', (SELECT count(*) + 1 FROM decision)) || given; END $$;";

struct db *trackdb_open(void)
{
    struct db *db = testdb_open();
    testdb_sql(defaults);
    give("agency", "{'agency_id': 1, 'code': 'JJ01'}");
    give("enterprise", "{'enterprise_id': 100, 'uscc': 'U100'}");
    return db;
}

void trackdb_clear(void)
{
    /* Every table, references unasked: much faster than TRUNCATE where there are few rows. */
    testdb_sql("SET session_replication_role = replica;"
               "DO $$ DECLARE one text; BEGIN FOR one IN SELECT relname FROM pg_class WHERE "
               "relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN "
               "('giving', 'schema_migration') LOOP EXECUTE format('DELETE FROM %I', one); END "
               "LOOP; END $$; RESET session_replication_role");
    give("agency", "{'agency_id': 1, 'code': 'JJ01'}");
    give("enterprise", "{'enterprise_id': 100, 'uscc': 'U100'}");
}

static char *json_of(const char *text)
{
    return g_strdelimit(g_strdup(text), "'", '"');
}

void give(const char *table, const char *row)
{
    g_autofree char *json = json_of(row);
    g_autofree char *statement =
        g_strdup_printf("SELECT give('%s', $row$%s$row$::jsonb)", table, json);
    testdb_sql(statement);
}

void givef(const char *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *row = g_strdup_vprintf(format, args);
    va_end(args);
    give(table, row);
}

/* A parameter is the clause's own, or the whole pack's. */
static void change_parameters(json_t *clause, json_t *root, json_t *changes)
{
    const char *name;
    json_t *value;
    json_object_foreach(changes, name, value)
    {
        json_t *own = json_object_get(json_object_get(clause, "parameters"), name);
        json_t *whole = json_object_get(json_object_get(root, "parameters"), name);
        cr_assert(own || whole, "there is no parameter %s", name);
        json_object_set(own ? own : whole, "value", value);
    }
}

/* {clause id: {members to replace; "parameters": {name: value}, "thresholds": {metric: number}}}. */
static void change_clauses(const struct pack *pack, json_t *changes)
{
    const char *id, *metric;
    json_t *change, *threshold;
    json_object_foreach(changes, id, change)
    {
        json_t *clause = pack_clause(pack, id);
        cr_assert(clause, "there is no clause %s", id);
        const json_t *items = json_object_get(clause, "items");
        change_parameters(clause, pack->root, json_object_get(change, "parameters"));
        json_object_foreach(json_object_get(change, "thresholds"), metric, threshold)
        {
            for (size_t i = 0; i < json_array_size(items); i++)
                if (g_str_equal(
                        json_string_value(json_object_get(json_array_get(items, i), "metric")),
                        metric))
                    json_object_set(json_array_get(items, i), "threshold", threshold);
        }
        json_object_update(json_object_get(clause, "award"), json_object_get(change, "award"));
    }
}

struct pack *pack_with(const char *changes)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *json = json_of(changes);
    json_t *changed = json_loads(json, 0, NULL);
    const char *id = json_string_value(json_object_get(changed, "policy"));
    g_autoptr(pack_t) shipped = pack_open(NULL, id ? id : "jinjiang-2023-6", &error);
    cr_assert(shipped, "%s", error ? error->message : "");
    json_t *clause = pack_clause_of(shipped, "patents");
    cr_assert(changed, "no JSON: %s", json);
    json_t *items = json_object_get(clause, "items"),
           *window = json_object_get(changed, "window");
    for (size_t i = 0; i < json_array_size(items); i++)
        json_object_set_new(json_array_get(items, i), "threshold", json_integer(3));
    change_parameters(clause, shipped->root, json_object_get(changed, "parameters"));
    change_clauses(shipped, json_object_get(changed, "clauses"));
    if (window)
        json_object_update(json_object_get(shipped->root, "window"), window);
    char *text = json_dumps(shipped->root, 0);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
    json_t *root = json_loads(
        text, 0, NULL); /* an id of its own: another text may not be kept under the same */
    json_object_set_new(root, "id", json_string(digest));
    free(text);
    text = json_dumps(root, 0);
    struct pack *pack = pack_read(text, "(of a test)", &error);
    cr_assert(pack, "%s", error ? error->message : "");
    free(text);
    json_decref(root);
    json_decref(changed);
    return pack;
}

static json_t *document;

static void forget_document(void)
{
    json_decref(document);
    document = NULL;
}

void count_figures(struct db *db, const struct pack *pack, const char *as_of,
                   const char *known_at)
{
    g_autoptr(GError) error = NULL;
    struct figures_request request = {
        .as_of = as_of, .known_at = known_at, .today = "2026-03-01"};
    if (!document)
        atexit(forget_document);
    json_decref(document);
    document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
}

json_t *clause_by(const char *agency, const char *id)
{
    json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        json_t *clause = json_array_get(clauses, i);
        if (g_str_equal(json_string_value(json_object_get(clause, "agency")), agency) &&
            g_str_equal(json_string_value(json_object_get(clause, "id")), id))
            return clause;
    }
    cr_assert_fail("no clause %s of agency %s", id, agency);
    return NULL;
}

json_t *clause_of(const char *agency)
{
    return clause_by(agency, "4.2");
}

json_t *figure(const char *agency, const char *metric)
{
    json_t *clauses = json_object_get(document, "clauses");
    for (size_t c = 0; c < json_array_size(clauses); c++) {
        json_t *clause = json_array_get(clauses, c), *items = json_object_get(clause, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_t *item = json_array_get(items, i);
            if (g_str_equal(json_string_value(json_object_get(clause, "agency")), agency) &&
                g_str_equal(json_string_value(json_object_get(item, "metric")), metric))
                return item;
        }
    }
    cr_assert_fail("no metric %s of agency %s", metric, agency);
    return NULL;
}

static void expect_members(const char *row, const char *of, const json_t *item,
                           const char *expected)
{
    g_autofree char *json = json_of(expected);
    json_t *wanted = json_loads(json, 0, NULL);
    cr_assert(wanted, "no JSON: %s", json);
    const char *name;
    json_t *value;
    json_object_foreach(wanted, name, value)
    {
        char *is = json_dumps(json_object_get(item, name), JSON_ENCODE_ANY | JSON_SORT_KEYS);
        char *should = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);
        cr_expect_str_eq(is ? is : "absent", should, "%s: %s of %s is %s, should be %s", row,
                         name, of, is, should);
        free(is);
        free(should);
    }
    json_decref(wanted);
}

void expect(const char *row, const char *agency, const char *metric, const char *expected)
{
    g_autofree char *of = g_strdup_printf("%s of %s", metric, agency);
    expect_members(row, of, figure(agency, metric), expected);
}

void expect_clause(const char *row, const char *agency, const char *id, const char *expected)
{
    g_autofree char *of = g_strdup_printf("clause %s of %s", id, agency);
    expect_members(row, of, clause_by(agency, id), expected);
}
