#include "tests/db/ledger_support.h"
#include "service/track/snapshot.h"
#include "service/track/verify.h"
#include "sql/policy.h"
#include "sql/snapshot.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>

struct tamper tamper;

/* One row or more of everything that is kept, two snapshots, a paper; then the ledger takes it all in. */
static void give_everything(void)
{
    give("account", "{'name': '陈科', 'role': 'official', 'agency_id': null}");
    give("account", "{'name': '王科', 'role': 'official', 'agency_id': null}");
    for (int n = 1; n <= 3; n++) {
        givef("patent",
              "{'patent_id': %d, 'application_number': 'CN20201000000%d.X', "
              "'publication_number': 'CN11000000%dA'}",
              n, n, n);
        givef("patent_alias", "{'number': 'CN20201000000%d', 'patent_id': %d}", n, n);
        givef("patent_holding", "{'patent_id': %d, 'agency_id': 1}", n);
        givef("patent_status",
              "{'patent_id': %d, 'status': 'granted', 'status_date': '2021-01-01'}", n);
        givef("need",
              "{'need_id': %d, 'source_id': 'N%d', 'text': '第%d种轻质耐磨的鞋底材料求购'}", n,
              n, n);
        givef("decision", "{'kind': 'need', 'key': 'N%d'}", n);
    }
    give("enterprise",
         "{'enterprise_id': 101, 'uscc': 'U101', 'qualifications': [{'kind': 'high_tech', "
         "'certificate': 'GR1', 'valid_from': '2023-01-01'}]}");
    give("record_holding", "{'record_id': 101, 'agency_id': 1, 'kind': 'enterprise'}");
    give("expert", "{'expert_id': 200}");
    give("record_holding", "{'record_id': 200, 'agency_id': 1, 'kind': 'expert'}");
    give("decision", "{'kind': 'expert', 'key': '林知序/海丝理工大学'}");
    give("institution", "{'institution_id': 300, 'uscc': 'U300'}");
    give("record_holding", "{'record_id': 300, 'agency_id': 1, 'kind': 'institution'}");
    give("deal",
         "{'deal_id': 400, 'contract_number': 'HT-1', 'rights': [{'type': 'invention', "
         "'number': 'CN202010000001.X'}], 'buyer': {'name': '岚桥鞋业', 'uscc': 'U100'}}");
    give("declared_push", "{'declared_push_id': 500, 'patent': 'CN202010000002.X', "
                          "'enterprise_uscc': 'U100'}");
    give("push", "{'patent_id': 1, 'origin_patent_id': 1, 'push_id': "
                 "'00000000-0000-0000-0000-000000000001'}");
    give("push_event", "{'patent_id': 1, 'push_id': '00000000-0000-0000-0000-000000000001', "
                       "'event': 'accepted'}");
    give("patent_lookup", "{'patent_id': 1}");
    give("open_licence", "{'open_licence_id': 601, 'patent': 'CN202010000001.X'}");
    give("loan", "{'loan_id': 602, 'contract_number': 'DK-1'}");
    give("sale", "{'sale_id': 603, 'invoice': 'FP-1'}");
    give("event", "{'event_id': 604}");
    give("navigation_project", "{'navigation_project_id': 605}");
    give("attorney", "{'attorney_id': 606, 'name': '苏禾', 'practice_number': '3501812345.6'}");
    give("success_case", "{'case_id': 607, 'number': 'AJ-1'}");
    give("client", "{'client_id': 608, 'key': '大企业'}");
    give("platform_review", "{'platform_review_id': 609}");
    testdb_sql(
        "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, rank, "
        "reasons, model, state, change_seq, proposed_at) VALUES (1, 1, 1, 900, .8, .3, 1, "
        "'[]', 'm1', 'pushed', 1, now());"
        "INSERT INTO feedback (patent_id, feedback_id, need_id, agency_id, enterprise_id, "
        "answer, given_by, at) VALUES (1, gen_random_uuid(), 1, 1, 100, 'interested', 'x', "
        "now());"
        "INSERT INTO resumed (agency_id, enterprise_id, at, resumed_by) VALUES (1, 100, "
        "now(), 'x');"
        "INSERT INTO load_batch (batch_id, agency_id, kind, file, file_digest, started_at, "
        "finished_at) VALUES (9, 1, 'need', 'n.csv', 'd', now(), now());"
        "INSERT INTO proposal (agency_id, kind, key, verdict, proposed_by, os_user, reason, "
        "effective, proposed_at) VALUES (1, 'need', 'N1', 'reject', '王科', 'x', 'x', "
        "'2024-01-01', now());"
        "INSERT INTO parameter_decision (policy_id, version, clause, name, verdict, value, "
        "state, decided_by, os_user, reason, effective, decided_at) VALUES ('jinjiang-2023-6', "
        "2, '4.2', 'need_text_min', 'set', '12', 'decided', '陈科', 'x', 'x', '2024-01-01', "
        "now());"
        "INSERT INTO oddity_mark (agency_id, rule, key, marked_by, os_user, reason, marked_at) "
        "VALUES (1, 'round_amounts', 'JJ01', '陈科', 'x', 'x', now());"
        "INSERT INTO document (document_id, agency_id, kind, key, name, sha256, size, "
        "attached_by, os_user, attached_at) VALUES (600, 1, 'deal', 'HT-1', 'a.pdf', "
        "repeat('ab', 32), 3, 'x', 'x', now());"
        "INSERT INTO patent_version (patent_id, recorded_at, superseded_at, record) SELECT "
        "patent_id, '2024-02-01', recorded_at, to_jsonb(p) FROM patent p WHERE patent_id = 1;"
        "INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record) "
        "SELECT 'enterprise', enterprise_id, '2024-02-01', recorded_at, to_jsonb(e) FROM "
        "enterprise e WHERE enterprise_id = 101;"
        "INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, "
        "record) SELECT 'need', need_id, 1, '2024-02-01', recorded_at, to_jsonb(n) FROM need n "
        "WHERE need_id = 1;"
        "SELECT ledger_append('{\"kind\": \"opened\", \"always\": true}', (SELECT "
        "jsonb_agg(jsonb_build_object('source', source, 'ids', '[]'::jsonb)) FROM "
        "ledger_source()), now())");
}

void tamper_take_snapshot(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) pack = pack_open(NULL, "jinjiang-2023-6", &error);
    g_auto(sign_key_t) key = {0};
    g_autofree char *file = g_build_filename(tamper.folder, "sign.key", NULL);
    struct snapshot_wish wish = {
        .pack = pack, .figures = {.as_of = "2025-06-30", .today = "2026-03-01"}, .key = &key};
    cr_assert(sign_key_load(file, &key, &error), "%s", error ? error->message : "");
    json_t *taken = snapshot_take(tamper.db, &wish, &error);
    cr_assert(taken, "%s", error ? error->message : "");
    json_decref(taken);
    g_free(tamper.head);
    tamper.head = snapshot_head_text(tamper.db, &key, &error);
    cr_assert(tamper.head, "%s", error ? error->message : "");
}

/* An official signs the version that the snapshots used. */
static void sign_policy(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pack_t) pack = pack_open(NULL, "jinjiang-2023-6", &error);
    cr_assert(policy_sign(tamper.db, pack->id, pack->version, "陈科", "x", "核对", &error),
              "%s", error ? error->message : "");
}

static void keep_paper(void)
{
    g_autofree char *place = g_build_filename(tamper.folder, "ab", NULL);
    cr_assert(g_mkdir_with_parents(place, 0700) == 0);
}

static json_t *verify(const char *with_head)
{
    g_autoptr(GError) error = NULL;
    const struct verify_wish wish = {.evidence = tamper.folder, .head = with_head};
    json_t *document = verify_database(tamper.db, &wish, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return document;
}

const char *tamper_first_finding(const char *with_head)
{
    static char *what;
    json_t *document = verify(with_head);
    const char *said = json_string_value(
        json_object_get(json_array_get(json_object_get(document, "findings"), 0), "what"));
    g_free(what);
    what = g_strdup(said ? said : "");
    json_decref(document);
    return what;
}

void tamper_open(void)
{
    tamper.folder = g_dir_make_tmp("patbridge-XXXXXX", NULL);
    tamper.db = trackdb_open();
    give_everything();
    testdb_sql("DROP FUNCTION give(text, jsonb)"); /* else it is found */
    testdb_sql(
        "DELETE FROM document"); /* its file is not there: the cases of papers put it back */
    testdb_sql(
        "DELETE FROM ledger_row WHERE source = 'document'; UPDATE ledger SET body = "
        "jsonb_set(jsonb_set(body::jsonb, '{rows}', to_jsonb(d.rows)), '{rows_digest}', "
        "to_jsonb(d.digest))::text FROM ledger_rows_digest(2) d WHERE seq = 2; UPDATE "
        "ledger SET digest = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE seq = 2");
    tamper_take_snapshot();
    sign_policy();
    tamper_take_snapshot();
    keep_paper();
    testdb_sql(
        "SET session_replication_role = replica; DO $$ DECLARE c record; BEGIN FOR c IN SELECT "
        "conrelid::regclass AS tab, conname FROM pg_constraint WHERE contype = 'c' AND "
        "connamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s DROP "
        "CONSTRAINT %I', c.tab, c.conname); END LOOP; END $$;"
        "CREATE SCHEMA kept; DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP EXECUTE "
        "format('CREATE TABLE kept.%I AS SELECT * FROM public.%I', t, t); END LOOP; END $$;"
        "CREATE FUNCTION kept.restore(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE format('DELETE FROM public.%I', t); EXECUTE format('INSERT INTO public.%I "
        "OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', t, t); END $$");
}

void tamper_restore(const char *tables)
{
    g_auto(GStrv) names = g_strsplit(tables, " ", 0);
    for (char **name = names; *name; name++) {
        g_autofree char *statement = g_strdup_printf("SELECT kept.restore('%s')", *name);
        testdb_sql(statement);
    }
}
