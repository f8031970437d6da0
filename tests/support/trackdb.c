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
    "('decision', '{\"verdict\": \"accept\", \"decided_by\": \"陈科\", \"os_user\": \"os\", "
    "\"reason\": \"核实\", "
    "\"effective\": \"2024-03-05\", \"decided_at\": \"2024-03-05 09:00+08\"}'),"
    "('register_version', '{}'), ('fact_version', '{}'), ('patent_version', '{}'), "
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
    testdb_sql("TRUNCATE agency, account, patent, patent_alias, patent_status, patent_holding, "
               "patent_version, enterprise, expert, "
               "institution, record_holding, need, need_pair, deal, declared_push, "
               "register_version, fact_version, decision, "
               "push, push_event, policy CASCADE");
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

static void change_parameters(json_t *clause, json_t *changes)
{
    const char *name;
    json_t *value;
    json_object_foreach(changes, name, value) json_object_set(
        json_object_get(json_object_get(clause, "parameters"), name), "value", value);
}

struct pack *pack_with(const char *changes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) shipped = pack_open(NULL, "jinjiang-2023-6", &error);
    cr_assert(shipped, "%s", error ? error->message : "");
    g_autofree char *json = json_of(changes);
    json_t *changed = json_loads(json, 0, NULL), *clause = pack_clause(shipped, "4.2");
    cr_assert(changed, "no JSON: %s", json);
    json_t *items = json_object_get(clause, "items"),
           *window = json_object_get(changed, "window");
    for (size_t i = 0; i < json_array_size(items); i++)
        json_object_set_new(json_array_get(items, i), "threshold", json_integer(3));
    change_parameters(clause, json_object_get(changed, "parameters"));
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

json_t *clause_of(const char *agency)
{
    json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        json_t *clause = json_array_get(clauses, i);
        if (g_str_equal(json_string_value(json_object_get(clause, "agency")), agency))
            return clause;
    }
    cr_assert_fail("no clause of agency %s", agency);
    return NULL;
}

json_t *figure(const char *agency, const char *metric)
{
    json_t *items = json_object_get(clause_of(agency), "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);
        if (g_str_equal(json_string_value(json_object_get(item, "metric")), metric))
            return item;
    }
    cr_assert_fail("no metric %s", metric);
    return NULL;
}

void expect(const char *row, const char *agency, const char *metric, const char *expected)
{
    g_autofree char *json = json_of(expected);
    json_t *wanted = json_loads(json, 0, NULL), *item = figure(agency, metric);
    cr_assert(wanted, "no JSON: %s", json);
    const char *name;
    json_t *value;
    json_object_foreach(wanted, name, value)
    {
        char *is = json_dumps(json_object_get(item, name), JSON_ENCODE_ANY | JSON_SORT_KEYS);
        char *should = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);
        cr_expect_str_eq(is, should, "%s: %s.%s of %s is %s, should be %s", row, metric, name,
                         agency, is, should);
        free(is);
        free(should);
    }
    json_decref(wanted);
}
