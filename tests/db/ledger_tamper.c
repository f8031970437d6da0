/* What a superuser does behind the program's back: verify names it. */
#include "sql/ledger.h"
#include "sql/snapshot.h"
#include "tests/db/ledger_support.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

/* Another value of a column's type. */
static const char altering[] =
    "CREATE FUNCTION kept.alter_one(t text, c text) RETURNS bigint LANGUAGE plpgsql AS $$ "
    "DECLARE done bigint; y text := (SELECT format_type(atttypid, NULL) FROM pg_attribute "
    "WHERE "
    "attrelid = ('public.' || t)::regclass AND attname = c); other text := CASE "
    "WHEN y = 'text' THEN 'coalesce(x.%1$I, '''') || ''x''' WHEN y = 'text[]' THEN "
    "'coalesce(x.%1$I, ''{}'') || ''{x}''::text[]' WHEN y = 'boolean' THEN 'NOT "
    "coalesce(x.%1$I, "
    "false)' WHEN y = 'date' THEN 'coalesce(x.%1$I, ''2024-01-01'') - 1' WHEN y = 'timestamp "
    "with "
    "time zone' THEN 'coalesce(x.%1$I, ''2024-01-01'') - interval ''1 second''' WHEN y = "
    "'jsonb' "
    "THEN '''{\"altered\": 1}''' WHEN y = 'uuid' THEN "
    "'''00000000-0000-0000-0000-0000000000ff''::uuid' ELSE 'coalesce(x.%1$I, 0) + 1000' END; "
    "BEGIN "
    "EXECUTE format('WITH u AS (UPDATE public.%2$I x SET %1$I = ' || other || ' WHERE ctid = "
    "(SELECT min(ctid) FROM public.%2$I) RETURNING 1) SELECT count(*) FROM u', c, t) INTO "
    "done; "
    "RETURN done; END $$";

static json_t *columns(void)
{
    return testdb_rows(
        "SELECT DISTINCT s.relation AS tab, a.attname AS col FROM ledger_source() s JOIN "
        "pg_attribute a ON a.attrelid = s.relation::regclass AND a.attnum > 0 AND NOT "
        "a.attisdropped WHERE a.attidentity = '' AND NOT (s.relation, a.attname) IN "
        "(('load_batch', 'finished_at'), ('document', 'document_id')) AND s.relation <> "
        "'document' "
        "ORDER BY 1, 2");
}

/* A time-stamp that is none: the ledger keeps what came in; whether it is one is another question. */
static void give_stamp(void)
{
    g_autoptr(GError) error = NULL;
    cr_assert(snapshot_stamp_add(tamper.db, "1", "https://tsa.example", "AAAA", &error), "%s",
              error ? error->message : "");
    testdb_sql("INSERT INTO kept.snapshot_stamp SELECT * FROM public.snapshot_stamp");
}

/* The source that is named first, as verify looks for it in all sources, or as it looks for it in those of one table: a twentieth of
 * the time. NULL: none. It stays until the next call. */
static const char *source_named(const char *tab, bool in_all)
{
    static json_t *found;
    g_autoptr(GError) error = NULL;
    g_autofree char *look =
        g_strdup_printf("SELECT a.source FROM ledger_source() s, ledger_altered(s.source) a "
                        "WHERE s.relation = '%s' LIMIT 1",
                        tab);
    json_decref(found);
    if (in_all) {
        cr_assert(db_begin(tamper.db, DB_READONLY, 0, &error));
        found = ledger_first_altered(tamper.db, &error);
        db_rollback(tamper.db);
        return json_string_value(json_object_get(found, "source"));
    }
    found = testdb_rows(look);
    return json_string_value(json_object_get(json_array_get(found, 0), "source"));
}

static void alter_and_look(const char *tab, const char *col, bool in_all)
{
    g_autofree char *alter = g_strdup_printf("SELECT kept.alter_one('%s', '%s')", tab, col);
    cr_assert_eq(testdb_int(alter), 1, "%s.%s: nothing to alter", tab, col);
    const char *source = source_named(tab, in_all);
    bool named = source && (g_str_has_suffix(tab, source) || g_str_has_suffix(tab, "_version"));
    cr_expect(named, "%s.%s was altered, and %s was named", tab, col,
              source ? source : "nothing");
    tamper_restore(tab);
}

/* A table's first column is looked for in all sources, its others in its own. */
Test(ledger_tamper, every_field_of_every_row_that_is_kept_is_watched)
{
    tamper_open();
    testdb_sql(altering);
    cr_assert_str_eq(tamper_first_finding(tamper.head), "", "before anything was altered");
    give_stamp();
    json_t *all = columns();
    const char *before = "";
    cr_expect_geq(json_array_size(all), 200, "%zu columns", json_array_size(all));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *tab = json_string_value(json_object_get(json_array_get(all, i), "tab"));
        const char *col = json_string_value(json_object_get(json_array_get(all, i), "col"));
        alter_and_look(tab, col, !g_str_equal(tab, before));
        before = tab;
    }
    cr_assert(strstr(tamper_first_finding(tamper.head), "time-stamp of snapshot 1"),
              "after all was put back: %s", tamper_first_finding(tamper.head));
    json_decref(all);
}

static const struct {
    const char *what, *statement, *trouble;
} stamps_tampered[] = {
    {"its answer changed", "UPDATE snapshot_stamp SET answer = 'AAAB'", "altered"},
    {"its authority changed", "UPDATE snapshot_stamp SET authority = 'https://other.example'",
     "altered"},
    {"given to another snapshot", "UPDATE snapshot_stamp SET snapshot_id = 2", "missing"},
    {"dated back", "UPDATE snapshot_stamp SET stamped_at = stamped_at - interval '1 year'",
     "missing"},
    {"dropped", "DELETE FROM snapshot_stamp", "missing"},
    {"one put in",
     "INSERT INTO snapshot_stamp SELECT 2, stamped_at, authority, answer FROM snapshot_stamp",
     "foreign"},
};

Test(ledger_tamper, a_time_stamp_that_was_altered_taken_away_or_put_in_is_named)
{
    tamper_open();
    give_stamp();
    for (size_t i = 0; i < G_N_ELEMENTS(stamps_tampered); i++) {
        g_autoptr(GError) error = NULL;
        testdb_sql(stamps_tampered[i].statement);
        cr_assert(db_begin(tamper.db, DB_READONLY, 0, &error));
        json_t *found = ledger_first_altered(tamper.db, &error);
        db_rollback(tamper.db);
        cr_expect_str_eq(json_string_value(json_object_get(found, "source")), "snapshot_stamp",
                         "%s", stamps_tampered[i].what);
        cr_expect_str_eq(json_string_value(json_object_get(found, "what")),
                         stamps_tampered[i].trouble, "%s", stamps_tampered[i].what);
        json_decref(found);
        tamper_restore("snapshot_stamp");
    }
}

struct tampering {
    const char *what, *statement, *tables, *named;
    bool by_head; /* found with the head alone */
};
static const struct tampering tampered[] = {
    {"a patent dropped", "DELETE FROM patent WHERE patent_id = 2", "patent", "patent 2 is gone",
     false},
    {"a number that led to a patent dropped",
     "DELETE FROM patent_alias WHERE number = 'CN202010000002'", "patent_alias",
     "patent_alias CN202010000002 is gone", false},
    {"a holding dropped", "DELETE FROM patent_holding WHERE patent_id = 3", "patent_holding",
     "patent_holding 3/1/", false},
    {"a legal status dropped", "DELETE FROM patent_status WHERE patent_id = 1", "patent_status",
     "patent_status 1/2021-01-01/", false},
    {"a version dropped", "DELETE FROM fact_version", "fact_version", "need_version 1/", false},
    {"a decision dropped", "DELETE FROM decision WHERE key = 'N2'", "decision",
     "decision 2 is gone", false},
    {"a deal dropped", "DELETE FROM deal", "deal", "deal 400 is gone", false},
    {"an event dropped", "DELETE FROM push_event", "push_event",
     "push_event 00000000-0000-0000-0000-000000000001/webhook/accepted is gone", false},
    {"a look-up dropped", "DELETE FROM patent_lookup", "patent_lookup",
     "patent_lookup 1/1/100 is gone", false},
    {"a look-up put in",
     "INSERT INTO patent_lookup SELECT (jsonb_populate_record(l, '{\"enterprise_id\": "
     "101}')).* FROM patent_lookup l",
     "patent_lookup", "patent_lookup 1/1/101 was put in", false},
    {"an account dropped", "DELETE FROM account WHERE name = '王科'", "account",
     "account 王科 is gone", false},
    {"a need put in",
     "INSERT INTO need SELECT (jsonb_populate_record(n, '{\"need_id\": 77, \"source_id\": "
     "\"N77\"}')).* FROM need n WHERE need_id = 1",
     "need", "need 77 was put in", false},
    {"a decision put in",
     "INSERT INTO decision OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(d, "
     "'{\"decision_id\": 99, \"key\": \"N9\"}')).* FROM decision d WHERE decision_id = 1",
     "decision", "decision 99 was put in", false},
    {"an event put in",
     "INSERT INTO push_event SELECT (jsonb_populate_record(e, '{\"event\": \"opened\"}')).* "
     "FROM "
     "push_event e",
     "push_event", "/webhook/opened was put in", false},
    {"two needs swapped",
     "UPDATE need n SET title = o.title, text = o.text FROM need o WHERE n.need_id IN (1, 2) "
     "AND "
     "o.need_id = 3 - n.need_id",
     "need", "need 1 was altered", false},
    {"two decisions swapped",
     "UPDATE decision d SET key = o.key FROM decision o WHERE d.decision_id IN (1, 2) AND "
     "o.decision_id = 3 - d.decision_id",
     "decision", "decision 1 was altered", false},
    {"a reject turned into an accept",
     "UPDATE decision SET verdict = 'reject' WHERE key = 'N1'", "decision",
     "decision 1 was altered", false},
    {"an effective day moved", "UPDATE decision SET effective = effective - 300", "decision",
     "decision 1 was altered", false},
    {"a pack's parameter changed",
     "UPDATE policy SET pack = jsonb_set(pack, '{clauses,0,items,0,threshold}', '2')", "policy",
     "policy jinjiang-2023-6/", false},
    {"a decided parameter changed", "UPDATE parameter_decision SET value = '1'",
     "parameter_decision", "parameter_decision 1 was altered", false},
    {"a decision on a parameter given an earlier day",
     "UPDATE parameter_decision SET effective = effective - 100", "parameter_decision",
     "parameter_decision 1 was altered", false},
    {"a proposal on a parameter turned into a decision",
     "UPDATE parameter_decision SET state = 'proposed'", "parameter_decision",
     "parameter_decision 1 was altered", false},
    {"a decision on a parameter dropped", "DELETE FROM parameter_decision",
     "parameter_decision", "parameter_decision 1 is gone", false},
    {"a decision on a parameter put in",
     "INSERT INTO parameter_decision OVERRIDING SYSTEM VALUE SELECT "
     "(jsonb_populate_record(p, '{\"parameter_decision_id\": 9, \"name\": "
     "\"need_jaccard\"}')).* FROM parameter_decision p",
     "parameter_decision", "parameter_decision 9 was put in", false},
    {"a signature under a policy given to another",
     "UPDATE policy_signature SET signed_by = '王科'", "policy_signature",
     "policy_signature jinjiang-2023-6/", false},
    {"a signature under a policy dropped", "DELETE FROM policy_signature", "policy_signature",
     "policy_signature jinjiang-2023-6/", false},
    {"an oddity's mark changed", "UPDATE oddity_mark SET reason = '无异常'", "oddity_mark",
     "oddity_mark 1 was altered", false},
    {"an oddity's mark dropped", "DELETE FROM oddity_mark", "oddity_mark",
     "oddity_mark 1 is gone", false},
    {"an oddity marked as looked at by nobody",
     "INSERT INTO oddity_mark OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(m, "
     "'{\"mark_id\": 9, \"key\": \"JJ02\"}')).* FROM oddity_mark m",
     "oddity_mark", "oddity_mark 9 was put in", false},
    {"a need's version rewritten",
     "UPDATE fact_version SET record = record || '{\"valid_from\": \"2023-01-01\"}'",
     "fact_version", "need_version 1/", false},
    {"an enterprise's version rewritten",
     "UPDATE register_version SET record = record || '{\"division_code\": \"350581\"}'",
     "register_version", "enterprise_version 101/", false},
    {"an expert given another name", "UPDATE expert SET name = '林知叙'", "expert",
     "expert 200 was altered", false},
    {"an expert's salt changed", "UPDATE personal_salt SET salt = '\\x00'", "personal_salt",
     "attorney 606 was altered", false},
    {"two needs made near-duplicates",
     "UPDATE need_pair SET jaccard = .99 WHERE need_id = 1 AND other_id = 2", "need_pair",
     "need_pair 1/2", false},
    {"a digest in the ledger's rows changed",
     "UPDATE ledger_row SET after = sha256('x') WHERE source = 'need' AND key = '2'",
     "ledger_row", "entry 2", false},
    {"a need altered together with its digest in the ledger",
     "UPDATE need SET text = '另一种材料的需求说明文字' WHERE need_id = 2; UPDATE ledger_row r "
     "SET "
     "after = sha256(convert_to(jsonb_strip_nulls(to_jsonb(n))::text, 'UTF8')) FROM need n "
     "WHERE "
     "r.source = 'need' AND r.key = '2' AND n.need_id = 2",
     "need ledger_row", "entry 2", false},
    {"a row of the ledger dropped", "DELETE FROM ledger_row WHERE source = 'deal'",
     "ledger_row", "entry 2", false},
    {"a source dropped from the ledger together with its table's rows",
     "DELETE FROM ledger_row WHERE source = 'deal'; DELETE FROM deal", "ledger_row deal",
     "entry 2", false},
    {"the rows' sources renamed",
     "UPDATE ledger_row SET source = 'deals' WHERE source = 'deal'", "ledger_row", "deals",
     false},
    {"an entry's reason changed",
     "UPDATE ledger SET body = jsonb_set(body::jsonb, '{reason}', '\"x\"')::text WHERE seq = 3",
     "ledger", "entry 3", false},
    {"an entry's reason and digest changed",
     "UPDATE ledger SET body = jsonb_set(body::jsonb, '{reason}', '\"x\"')::text WHERE seq = "
     "3; "
     "UPDATE ledger SET digest = encode(sha256(convert_to(body, 'UTF8')), 'hex') WHERE seq = 3",
     "ledger", "entry 4", false},
    {"an entry dropped", "DELETE FROM ledger WHERE seq = 3", "ledger", "entry 3", false},
    {"the first entry dropped", "DELETE FROM ledger WHERE seq = 1", "ledger", "entry 1", false},
    {"two entries swapped",
     "UPDATE ledger l SET body = o.body, digest = o.digest FROM ledger o WHERE l.seq IN (3, 4) "
     "AND "
     "o.seq = 7 - l.seq",
     "ledger", "entry 3", false},
    {"an entry renumbered", "UPDATE ledger SET seq = 90 WHERE seq = 3", "ledger", "entry 3",
     false},
    {"the whole ledger emptied", "DELETE FROM ledger", "ledger", "entry", false},
    {"a snapshot dropped", "DELETE FROM snapshot WHERE snapshot_id = 1", "snapshot",
     "snapshot 1", false},
    {"a snapshot's digest changed", "UPDATE snapshot SET digest = repeat('0', 64)", "snapshot",
     "snapshot 1", false},
    {"a snapshot's day changed", "UPDATE snapshot SET as_of = as_of - 1 WHERE snapshot_id = 2",
     "snapshot", "snapshot 2", false},
    {"two snapshots swapped",
     "UPDATE snapshot SET snapshot_id = 9 WHERE snapshot_id = 1; UPDATE snapshot SET "
     "snapshot_id = "
     "1 WHERE snapshot_id = 2; UPDATE snapshot SET snapshot_id = 2 WHERE snapshot_id = 9",
     "snapshot", "snapshot 1", false},
    {"a line of a snapshot changed",
     "UPDATE snapshot_line SET body = CASE WHEN body LIKE '%\"counted\":true%' THEN "
     "replace(body, "
     "'\"counted\":true', '\"counted\":false') ELSE replace(body, '\"counted\":false', "
     "'\"counted\":true') END WHERE snapshot_id = 2 AND n = 4",
     "snapshot_line", "snapshot 2 (jinjiang-2023-6, 2025-06-30): line 4", false},
    {"a figure in a snapshot changed",
     "UPDATE snapshot_line SET body = replace(body, '\"value\":3', '\"value\":4') WHERE body "
     "LIKE "
     "'%\"part\":\"figures\"%'",
     "snapshot_line", "(figures) was altered", false},
    {"a line of a snapshot dropped",
     "DELETE FROM snapshot_line WHERE snapshot_id = 1 AND n = 5", "snapshot_line",
     "snapshot 1 (jinjiang-2023-6, 2025-06-30): line 5", false},
    {"two lines of a snapshot swapped",
     "UPDATE snapshot_line l SET body = o.body, chain = o.chain FROM snapshot_line o WHERE "
     "l.snapshot_id = 1 AND o.snapshot_id = 1 AND l.n IN (4, 5) AND o.n = 9 - l.n",
     "snapshot_line", "snapshot 1 (jinjiang-2023-6, 2025-06-30): line 4", false},
    {"lines behind a gap of many numbers",
     "UPDATE snapshot_line SET n = n + 5000 WHERE snapshot_id = 2 AND n > 6", "snapshot_line",
     "line 7 is missing", false},
    {"the end of a snapshot cut", "DELETE FROM snapshot_line WHERE snapshot_id = 2 AND n > 6",
     "snapshot_line", "snapshot 2", false},
    {"a snapshot signed by another",
     "UPDATE snapshot SET signature = repeat('ab', 64) WHERE snapshot_id = 1", "snapshot",
     "snapshot 1", false},
    /* only from outside */
    {"the tail cut: the last snapshot with its entry",
     "DELETE FROM snapshot WHERE snapshot_id = 2; DELETE FROM snapshot_line WHERE snapshot_id "
     "= 2; "
     "DELETE FROM ledger_row WHERE seq = (SELECT max(seq) FROM ledger); DELETE FROM ledger "
     "WHERE "
     "seq = (SELECT max(seq) FROM ledger)",
     "snapshot snapshot_line ledger ledger_row", "the tail was cut", true},
};

/* Lines of snapshots as programs before kept them, each in a row, and back into blocks; a gap in their numbers parts two. */
static const char forms[] =
    "CREATE FUNCTION kept.spread() RETURNS void LANGUAGE sql AS $$ INSERT INTO "
    "public.snapshot_line (snapshot_id, n, body, chain) SELECT b.snapshot_id, b.n + l.i - 1, "
    "substr(l.line, 66), left(l.line, 64) FROM public.snapshot_block b, "
    "string_to_table(rtrim(b.lines, E'\\n'), E'\\n') WITH ORDINALITY l (line, i); DELETE FROM "
    "public.snapshot_block $$;"
    "CREATE FUNCTION kept.gather() RETURNS void LANGUAGE sql AS $$ INSERT INTO "
    "public.snapshot_block (snapshot_id, n, lines) SELECT l.snapshot_id, min(l.n), "
    "string_agg(l.chain || ' ' || l.body || E'\\n', '' ORDER BY l.n) FROM (SELECT *, n - "
    "row_number() OVER (PARTITION BY snapshot_id ORDER BY n) AS run FROM "
    "public.snapshot_line) l GROUP BY l.snapshot_id, l.run; DELETE FROM "
    "public.snapshot_line $$";

static void tamper_and_look(const struct tampering *one)
{
    testdb_sql(one->statement);
    const char *without = tamper_first_finding(NULL);
    if (one->by_head)
        cr_expect_str_eq(without, "", "%s: found without the head: %s", one->what, without);
    const char *said = one->by_head ? tamper_first_finding(tamper.head) : without;
    cr_expect(strstr(said, one->named), "%s: said '%s', not '%s'", one->what, said, one->named);
    tamper_restore(one->tables);
    tamper_restore("snapshot_block");
    cr_assert_str_eq(tamper_first_finding(tamper.head), "", "%s: not put back", one->what);
}

Test(ledger_tamper, what_was_altered_first_is_named)
{
    tamper_open();
    testdb_sql(forms);
    for (size_t i = 0; i < G_N_ELEMENTS(tampered); i++) {
        struct tampering one = tampered[i];
        bool of_lines = strstr(one.statement, "snapshot_line") != NULL;
        if (of_lines)
            testdb_sql("SELECT kept.spread()");
        tamper_and_look(&one);
        g_autofree char *gathered =
            g_strdup_printf("SELECT kept.spread(); %s; SELECT kept.gather()", one.statement);
        one.statement = gathered;
        if (of_lines)
            tamper_and_look(&one);
    }
}

Test(ledger_tamper, lines_as_programs_before_kept_them_hold)
{
    tamper_open();
    testdb_sql(forms);
    cr_expect_eq(testdb_int("SELECT count(*) FROM snapshot_line"), 0);
    cr_expect_geq(testdb_int("SELECT count(*) FROM snapshot_block"), 2);
    testdb_sql("SELECT kept.spread()");
    cr_expect_gt(testdb_int("SELECT count(*) FROM snapshot_line"), 20);
    cr_expect_str_eq(tamper_first_finding(tamper.head), "");
    testdb_sql("INSERT INTO snapshot_block SELECT 1, 3, chain || ' ' || body || E'\\n' FROM "
               "snapshot_line WHERE snapshot_id = 1 AND n = 3");
    cr_expect(strstr(tamper_first_finding(tamper.head), "snapshot 1"), "a line in both: %s",
              tamper_first_finding(tamper.head));
}

Test(ledger_tamper, an_older_backup_and_a_chain_computed_anew_are_found_by_the_head_alone)
{
    tamper_open();
    testdb_sql("SET session_replication_role = DEFAULT");
    tamper_take_snapshot(); /* the official has this head */
    static const char all[] = "snapshot snapshot_line snapshot_block ledger ledger_row account";
    tamper_restore(all);
    cr_expect_str_eq(tamper_first_finding(NULL), "");
    cr_expect(strstr(tamper_first_finding(tamper.head), "older backup"), "%s",
              tamper_first_finding(tamper.head));
    testdb_sql("UPDATE account SET role = 'enterprise' WHERE name = '王科'; "
               "SELECT ledger_append('{\"kind\": \"account\"}', '[{\"source\": \"account\", "
               "\"by\": \"name\", \"ids\": [\"王科\"]}]', now())");
    g_autofree char *lost = g_steal_pointer(&tamper.head);
    tamper_take_snapshot(); /* it goes on from the backup: the numbers are there again */
    cr_expect_str_eq(tamper_first_finding(NULL), "");
    cr_expect(strstr(tamper_first_finding(lost), "is not the one that the head names"), "%s",
              tamper_first_finding(lost));
    testdb_sql(
        "DELETE FROM snapshot; DELETE FROM snapshot_line; DELETE FROM snapshot_block; DELETE "
        "FROM ledger_row; DELETE "
        "FROM ledger; UPDATE need SET budget_fen = 1 WHERE need_id = 3; "
        "SELECT ledger_append('{\"kind\": \"opened\", \"always\": true}', (SELECT "
        "jsonb_agg(jsonb_build_object('source', source, 'ids', '[]'::jsonb)) FROM "
        "ledger_source()), now())");
    tamper_take_snapshot();
    cr_expect_str_eq(tamper_first_finding(NULL), "", "the whole chain was computed anew");
    cr_expect(strstr(tamper_first_finding(lost), "the head"), "%s", tamper_first_finding(lost));
}

Test(ledger_tamper, a_function_that_counts_otherwise_is_named)
{
    tamper_open();
    testdb_sql(
        "CREATE OR REPLACE FUNCTION decision_reason(verdict text, kind text, needed jsonb) "
        "RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT NULL::text $$");
    cr_expect(strstr(tamper_first_finding(NULL), "function decision_reason"), "%s",
              tamper_first_finding(NULL));
}

Test(ledger_tamper, a_row_that_was_altered_and_then_changed_is_named)
{
    tamper_open();
    testdb_sql(
        "UPDATE account SET role = 'administrator' WHERE name = '王科'; UPDATE account SET "
        "removed_at = now() WHERE name = '王科'; SELECT ledger_append('{\"kind\": "
        "\"account\"}', '[{\"source\": \"account\", \"by\": \"name\", \"ids\": "
        "[\"王科\"]}]', now())");
    cr_expect(strstr(tamper_first_finding(NULL), "account 王科 had been altered before"), "%s",
              tamper_first_finding(NULL));
}

Test(ledger_tamper, a_missing_or_altered_file_is_named)
{
    tamper_open();
    g_autofree char *path = g_build_filename(tamper.folder, "ab",
                                             "abababababababababababababababab"
                                             "abababababababababababababababab",
                                             NULL);
    testdb_sql("INSERT INTO document SELECT * FROM (VALUES (600::bigint, 1, 'deal', 'HT-1', "
               "NULL::text, 'a.pdf', repeat('ab', 32), 3::bigint, 'x', 'x', now())) v; SELECT "
               "ledger_append('{\"kind\": \"attach\"}', '[{\"source\": \"document\", \"by\": "
               "\"document_id\", \"ids\": [\"600\"]}]', now())");
    cr_expect(strstr(tamper_first_finding(NULL),
                     "'a.pdf' of deal HT-1 (abababababababab…) is missing"),
              "%s", tamper_first_finding(NULL));
    cr_assert(g_file_set_contents(path, "abc", 3, NULL));
    cr_expect(strstr(tamper_first_finding(NULL), "is altered"), "%s",
              tamper_first_finding(NULL));
}
