/* Decisions: who may, on what, and how a key is found. */
#include "sql/account.h"
#include "sql/decision.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static const struct decision accept_need = {.verdict = "accept",
                                            .kind = "need",
                                            .agency_id = 1,
                                            .by = "陈科",
                                            .os_user = "os",
                                            .reason = "核实",
                                            .effective = "2024-03-05"};

static struct db *decide_open(void)
{
    struct db *db = trackdb_open();
    g_autoptr(GError) error = NULL;
    bool added;
    cr_assert(account_add(db, "陈科", "official", 0, false, &added, &error), "%s",
              error ? error->message : "");
    cr_assert(account_add(db, "小李", "agency_clerk", 1, false, &added, &error), "%s",
              error ? error->message : "");
    return db;
}

/* True when it could be decided; `message` gets why not. */
static bool decide(struct db *db, const struct decision *decision, const char *keys,
                   char **message)
{
    g_autofree char *text = g_strdelimit(g_strdup(keys), "'", '"');
    json_t *list = json_loads(text, 0, NULL);
    g_autoptr(GError) error = NULL;
    json_t *decided = decision_add(db, decision, list, &error);
    *message = g_strdup(error ? error->message : "");
    bool done = decided != NULL;
    json_decref(list);
    json_decref(decided);
    return done;
}

Test(decide, only_an_official_decides_and_only_on_what_is_there)
{
    struct db *db = decide_open();
    struct decision by_clerk = accept_need, by_nobody = accept_need;
    by_clerk.by = "小李";
    by_nobody.by = "无名";
    const struct {
        const struct decision *decision;
        const char *keys, *message;
    } rows[] = {
        {&by_clerk, "['N1']", "'小李' has the role agency_clerk; only an official decides"},
        {&by_nobody, "['N1']",
         "no account '无名'; add one with `patbridge user add 无名 --role ROLE`"},
        {&accept_need, "['N1', 'N9', 'N8']", "this agency has no need 'N8', 'N9'"},
        {&accept_need, "['N1', 'N2']", ""},
    };
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    give("need", "{'need_id': 2, 'source_id': 'N2'}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *message = NULL;
        decide(db, rows[i].decision, rows[i].keys, &message);
        cr_expect_str_eq(message, rows[i].message, "%s: %s", rows[i].keys, message);
    }
    cr_expect_eq(testdb_int("SELECT count(*) FROM decision"), 2, "all or none");
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM decision WHERE os_user = 'os' AND effective = '2024-03-05'"),
        2);
    db_close(db);
}

Test(decide, a_key_is_found_under_any_of_its_numbers_and_kept_under_one)
{
    static const struct {
        const char *kind, *given, *kept;
    } rows[] = {
        {"patent", "['CN106970934A']", "CN202010000001"},
        {"patent", "['CN202010000001']", "CN202010000001"},
        {"declared_push", "['CN106970934A/U100']", "CN202010000001/U100"},
        {"enterprise", "['U100']", "U100"},
        {"expert", "['林知序/海丝理工大学']", "林知序/海丝理工大学"},
        {"expert", "['zj-001']", "林知序/海丝理工大学"},
        {"deal", "['C1']", "C1"},
    };
    struct db *db = decide_open();
    give("patent", "{'patent_id': 1, 'application_number': 'CN202010000001.1'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN202010000001'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN106970934A'}");
    give("patent_holding", "{'patent_id': 1}");
    give("declared_push",
         "{'declared_push_id': 9, 'patent': 'CN202010000001.1', 'enterprise_uscc': 'U100'}");
    give("expert", "{'expert_id': 200}");
    give("record_holding", "{'record_id': 200, 'kind': 'expert', 'source_id': 'ZJ-001'}");
    give("record_holding", "{'record_id': 100, 'kind': 'enterprise'}");
    give("deal", "{'deal_id': 10, 'contract_number': 'C1', 'rights': [], 'buyer': {}}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *message = NULL;
        struct decision decision = accept_need;
        decision.kind = rows[i].kind;
        testdb_sql("TRUNCATE decision");
        cr_expect(decide(db, &decision, rows[i].given, &message), "%s %s: %s", rows[i].kind,
                  rows[i].given, message);
        g_autofree char *query =
            g_strdup_printf("SELECT count(*) FROM decision WHERE key = '%s'", rows[i].kept);
        cr_expect_eq(testdb_int(query), 1, "%s %s is not kept as %s", rows[i].kind,
                     rows[i].given, rows[i].kept);
    }
    db_close(db);
}

Test(decide, a_rejected_record_is_left_out_with_that_reason)
{
    static const struct {
        const char *kind, *key, *metric;
    } rows[] = {{"patent", "['CN106970934A']", "patents"},
                {"enterprise", "['U100']", "enterprises"},
                {"expert", "['林知序/海丝理工大学']", "experts"},
                {"institution", "['I1']", "institutions"}};
    struct db *db = decide_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("patent", "{'patent_id': 1, 'application_number': 'CN202010000001.1'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN202010000001'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN106970934A'}");
    give("patent_holding", "{'patent_id': 1}");
    testdb_sql("UPDATE enterprise SET qualifications = '[{\"kind\": \"high_tech\", "
               "\"certificate\": \"G\", \"valid_from\": \"2024-01-01\"}]'");
    give("expert", "{'expert_id': 200}");
    give("institution", "{'institution_id': 300, 'uscc': 'I1'}");
    give("record_holding", "{'record_id': 100, 'kind': 'enterprise'}");
    give("record_holding", "{'record_id': 200, 'kind': 'expert'}");
    give("record_holding", "{'record_id': 300, 'kind': 'institution'}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *message = NULL;
        struct decision decision = accept_need;
        decision.kind = rows[i].kind;
        decision.verdict = "reject";
        cr_expect(decide(db, &decision, rows[i].key, &message), "%s", message);
        count_figures(db, pack, "2024-03-04", NULL);
        expect("a day before", "JJ01", rows[i].metric, "{'value': 1, 'left_out': {}}");
        count_figures(db, pack, "2024-03-05", NULL);
        expect("from its day on", "JJ01", rows[i].metric,
               "{'value': 0, 'left_out': {'rejected': 1}}");
    }
    db_close(db);
}

Test(decide, a_batch_is_decided_on_as_a_whole_even_where_it_was_changed_since)
{
    struct db *db = decide_open();
    g_autoptr(GError) error = NULL;
    testdb_sql("INSERT INTO load_batch (batch_id, agency_id, kind, file, file_digest, "
               "started_at) VALUES "
               "(7, 1, 'need', 'a.csv', 'd', now()), (8, 1, 'need', 'b.csv', 'e', now())");
    give("need", "{'need_id': 1, 'source_id': 'N1', 'batch_id': 7}");
    give("need", "{'need_id': 2, 'source_id': 'N2', 'batch_id': 8}");
    give("need", "{'need_id': 3, 'source_id': 'N3', 'batch_id': 8}");
    testdb_sql("INSERT INTO fact_version SELECT 'need', need_id, agency_id, recorded_at, "
               "'2024-09-01 00:00+08', "
               "jsonb_set(to_jsonb(n), '{batch_id}', '7') FROM need n WHERE need_id = 2");
    json_t *decided = decision_add_batch(db, &accept_need, 7, &error);
    cr_assert(decided, "%s", error ? error->message : "");
    cr_expect_eq(json_array_size(decided), 2, "N1 and N2");
    json_decref(decided);
    cr_expect_not(decision_add_batch(db, &accept_need, 99, &error));
    cr_expect_str_eq(error->message, "this agency has no batch 99 of kind need");
    db_close(db);
}

Test(decide, an_account_can_be_added_again_as_it_is_and_no_other_way)
{
    struct db *db = decide_open();
    g_autoptr(GError) error = NULL;
    bool added = true;
    cr_expect(account_add(db, "小李", "agency_clerk", 1, false, &added, &error), "%s",
              error ? error->message : "");
    cr_expect_not(added);
    cr_expect_not(account_add(db, "小李", "official", 0, false, &added, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_CONFLICT));
    db_close(db);
}

Test(decide, a_name_is_never_given_twice)
{
    struct db *db = decide_open();
    g_autoptr(GError) error = NULL;
    bool added;
    cr_expect(account_remove(db, "陈科", 0, &error), "%s", error ? error->message : "");
    cr_expect_not(account_add(db, "陈科", "official", 0, false, &added, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_CONFLICT));
    g_autofree char *message = NULL;
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    cr_expect_not(decide(db, &accept_need, "['N1']", &message),
                  "an account that was removed decides no more");
    db_close(db);
}
