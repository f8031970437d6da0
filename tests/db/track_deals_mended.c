/* Figures about contracts that decisions, new contracts and changed ones came after are mended, not counted: they equal the views' after
 * each, whatever the pack says of caps, grants and units. */
#include "service/track/figures.h"
#include "sql/decision.h"
#include "sql/kept.h"
#include "sql/track.h"
#include "tests/support/paged.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

enum { PATENTS = 4, DEALS = 8, STEPS = 8 };
static struct db *db;
static struct pack *pack;
static GRand *chance;

static int upto(int n)
{
    return g_rand_int_range(chance, 0, n);
}

static const char *one_of(const char *const *words, int count)
{
    return words[upto(count)];
}

/* ---- What is recorded */

/* Members of a contract: few values of each, so that registrations, buyers, patents and years meet. */
static char *random_rights(void)
{
    static const char *const types[] = {"invention", "invention", "invention", "utility_model"};
    g_autoptr(GString) list = g_string_new("[");
    for (int i = 0, count = 1 + upto(2); i < count; i++)
        g_string_append_printf(
            list, "%s{\"type\": \"%s\", \"office\": \"CN\", \"number\": \"CN20201000000%d.1\"}",
            i ? ", " : "", one_of(types, 4), 1 + upto(PATENTS + 1)); /* one is not known here */
    return g_strdup_printf("%s]", list->str);
}

static char *random_payments(void)
{
    g_autoptr(GString) list = g_string_new("[");
    for (int i = 0, count = upto(3); i < count; i++)
        g_string_append_printf(list, "%s{\"date\": \"202%d-0%d-15\", \"amount_fen\": %d}",
                               i ? ", " : "", 3 + upto(3), 1 + upto(9), 100000000 * upto(12));
    return g_strdup_printf("%s]", list->str);
}

static char *random_member(int which)
{
    static const char *const modes[] = {"assignment", "assignment", "licence", "open_licence"};
    static const char *const maybe[] = {"true", "false", "false", "null"};
    static const char *const years[] = {"2023", "2024", "2025", "2026"};
    g_autofree char *rights = random_rights(), *payments = random_payments();
    switch (which) {
    case 0:
        return g_strdup_printf("\"rights\": %s", rights);
    case 1:
        return g_strdup_printf("\"payments\": %s", payments);
    case 2:
        return g_strdup_printf("\"mode\": \"%s\"", one_of(modes, 4));
    case 3:
        return g_strdup_printf("\"affiliated\": %s", one_of(maybe, 4));
    case 4: /* one contract in five has none */
        return upto(5) ? g_strdup_printf("\"registration_number\": \"R%d\"", upto(4))
                       : g_strdup("\"registration_number\": null");
    case 5:
        return g_strdup_printf("\"registration_date\": \"%s-05-1%d\"", one_of(years, 4),
                               upto(3));
    case 6:
        return upto(6) ? g_strdup_printf("\"buyer\": {\"name\": \"买方%d\", \"uscc\": "
                                         "\"U10%d\"}",
                                         upto(3), upto(3))
                       : g_strdup("\"buyer\": {\"name\": \"岚桥鞋业\"}");
    case 7:
        return g_strdup_printf("\"amount_fen\": %d", 100000000 * upto(12));
    case 8:
        return g_strdup_printf("\"upper_grant_fen\": %d", 1000000 * upto(12));
    default:
        return g_strdup_printf("\"led_by_agency\": %s", one_of(maybe, 4));
    }
}

/* Without the key. */
static char *random_deal(void)
{
    g_autoptr(GString) members =
        g_string_new("\"led_by_agency\": true, \"implemented_division\": \"350582\", "
                     "\"implemented_date\": \"2025-06-01\", \"seller\": {\"name\": \"买方1\"}");
    for (int which = 0; which < 9; which++) {
        g_autofree char *member = random_member(which);
        g_string_append_printf(members, ", %s", member);
    }
    return g_strdup(members->str);
}

/* As the programs do it: what changes a count is noted in the same transaction, the version before is kept. */
static void write_deal(int id, int agency, const char *members)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, "
        "record) SELECT 'deal', deal_id, agency_id, recorded_at, now(), to_jsonb(d) FROM deal "
        "d WHERE deal_id = %d; CREATE TEMP TABLE next AS SELECT (jsonb_populate_record(d, "
        "'{%s}' "
        "|| jsonb_build_object('deal_id', %d, 'agency_id', %d, 'contract_number', 'HT-%d', "
        "'recorded_at', now()))).* FROM deal d ORDER BY d.deal_id <> %d, d.deal_id LIMIT 1; "
        "DELETE FROM deal WHERE deal_id = %d; INSERT INTO deal SELECT * FROM next; DROP TABLE "
        "next; INSERT INTO track_change (xid, source, agency_id, ids, noted_at) VALUES "
        "(pg_current_xact_id(), 'deal', %d, '{%d}', now())",
        id, members, id, agency, id, id, id, agency, id);
    testdb_sql(sql);
}

static void open_all(const char *changes)
{
    db = trackdb_open();
    pack = pack_with(changes);
    chance = g_rand_new_with_seed(20261126);
    give("account", "{'name': '陈科', 'role': 'official', 'agency_id': null}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02', 'zone_settled_date': '2023-05-01'}");
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101', 'name': '买方1', 'affiliates': "
                       "['买方2（福建）', 'U103']}");
    give("enterprise", "{'enterprise_id': 102, 'uscc': 'Ｕ102', 'name': '买方2(福建)', "
                       "'affiliates': ['买方1']}");
    for (int n = 1; n <= PATENTS; n++) {
        givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
        givef("patent_alias", "{'number': 'CN20201000000%d', 'patent_id': %d}", n, n);
        givef("push",
              "{'patent_id': %d, 'origin_patent_id': %d, 'agency_id': %d, 'push_id': "
              "'00000000-0000-4000-8000-00000000000%d'}",
              n, n, 1 + n % 2, n);
        givef("push_event",
              "{'patent_id': %d, 'agency_id': %d, 'push_id': "
              "'00000000-0000-4000-8000-00000000000%d', 'event': 'accepted'}",
              n, 1 + n % 2, n);
    }
    give("deal", "{'deal_id': 400, 'contract_number': 'HT-400', 'rights': [], 'buyer': {}}");
    for (int i = 1; i <= DEALS; i++) {
        g_autofree char *members = random_deal();
        write_deal(400 + i, 1 + i % 2, members);
    }
}

/* ---- What happens */

static void decide(const char *kind, const char *key, int agency)
{
    static const char *const verdicts[] = {"accept", "reject", "reject", "withdraw"};
    g_autoptr(GError) error = NULL;
    g_autofree char *day = g_strdup_printf("2025-%02d-15", 1 + upto(12));
    const struct decision decision = {.verdict = one_of(verdicts, 4),
                                      .kind = kind,
                                      .agency_id = agency,
                                      .by = "陈科",
                                      .os_user = "os",
                                      .reason = "核实",
                                      .effective = day};
    json_auto_t *keys = json_pack("[s]", key);
    json_auto_t *decided = decision_add(db, &decision, keys, &error);
    cr_assert(decided, "%s", error ? error->message : "");
}

static int deals;

static void new_deal(void)
{
    g_autofree char *members = random_deal();
    deals++;
    write_deal(400 + deals, 1 + deals % 2, members);
}

static void change_deal(void)
{
    int n = 1 + upto(deals);
    g_autofree char *member = random_member(upto(10));
    write_deal(400 + n, 1 + n % 2, member);
}

static void decide_on_deal(void)
{
    int n = 1 + upto(deals);
    g_autofree char *key = g_strdup_printf("HT-%d", 400 + n);
    decide("deal", key, 1 + n % 2);
}

/* On which contracts about its patent may rest. */
static void decide_on_push(void)
{
    int n = 1 + upto(PATENTS);
    g_autofree char *key = g_strdup_printf("00000000-0000-4000-8000-00000000000%d", n);
    decide("push", key, 1 + n % 2);
}

/* What a look-up leaves. `at`: SQL for when it was. */
static void look_up(int n, int enterprise, int agency, const char *at)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO patent_lookup (patent_id, agency_id, enterprise_id, looked_by, at) VALUES "
        "(%d, %d, %d, 'x', %s) ON CONFLICT DO NOTHING; INSERT INTO track_change (xid, source, "
        "agency_id, ids, noted_at) VALUES (pg_current_xact_id(), 'patent_lookup', %d, '{%d}', "
        "now())",
        n, agency, enterprise, at, agency, n);
    testdb_sql(sql);
}

static void look_up_any(void)
{
    static const char *const moments[] = {"clock_timestamp()", "'2024-06-09 10:00+08'",
                                          "'2024-06-10 10:00+08'"};
    look_up(1 + upto(PATENTS), 100 + upto(3), 1 + upto(2), one_of(moments, 3));
}

/* ---- What is counted */

static const char *today = "2026-03-01";

static char *count(int agency, bool keep)
{
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {.today = today, .agency_id = agency, .keep = keep};
    json_auto_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return json_dumps(json_object_get(document, "clauses"), JSON_COMPACT | JSON_SORT_KEYS);
}

/* How many kept figures of a metric can be brought up to date as things stand. */
static int64_t mendable(const char *metric)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM track_kept k WHERE k.metric = '%s' AND NOT "
                        "kept_holds(k) AND kept_mended(k, clock_timestamp()) IS NOT NULL",
                        metric);
    return testdb_int(sql);
}

static void expect_same(const char *what)
{
    for (int agency = 0; agency <= 1; agency++) {
        char *kept = count(agency, true), *anew = count(agency, false);
        cr_expect_str_eq(kept, anew, "%s, agency %d", what, agency);
        free(kept);
        free(anew);
    }
}

static const char *const metrics[] = {"deals", "purchases", "transactions", "introductions",
                                      "licences"};

/* Pages of rows that are counted without the others are the views' as well. */
static void expect_pages(const char *what)
{
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        paged_expect(db, pack, what, metrics[i], upto(2),
                     (enum figures_show)(upto(2) * FIGURES_LEFT_OUT), 1 + upto(4));
}

static bool add_row(const struct track_row *row, void *user, GError **error)
{
    (void)error;
    track_row_text(row, NULL, user);
    return true;
}

static char *wanted_rows(const char *metric)
{
    json_auto_t *rows = paged_wanted(db, pack, metric, NULL, 0, FIGURES_ALL);
    g_autoptr(GString) texts = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_object_del(row, "agency_id");
        char *text = json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
        g_string_append(texts, text);
        free(text);
    }
    return g_strdup(texts->str);
}

/* What a snapshot reads, which finds out once which parties belong together, is what each metric says alone. */
static void expect_whole(const char *what)
{
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {.today = "2026-03-01"};
    g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        g_ptr_array_add(wanted, wanted_rows(metrics[i]));
    char *alone = count(0, false);
    figures_whole_t *whole = figures_begin(db, pack, &request, &error);
    cr_assert(whole, "%s", error ? error->message : "");
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++) {
        g_autoptr(GString) rows = g_string_new(NULL);
        cr_assert(figures_rows(whole, metrics[i], add_row, rows, &error), "%s",
                  error ? error->message : "");
        cr_expect_str_eq(rows->str, (char *)g_ptr_array_index(wanted, i), "%s: %s", what,
                         metrics[i]);
    }
    char *together = json_dumps(json_object_get(figures_shown(whole, &error), "clauses"),
                                JSON_COMPACT | JSON_SORT_KEYS);
    cr_expect_str_eq(together, alone, "%s", what);
    free(together);
    free(alone);
    figures_end(whole);
}

/* Every kept figure, as the program keeps it. */
static void expect_kept(void)
{
    g_autoptr(GError) error = NULL;
    cr_assert(track_begin(db, &error));
    json_auto_t *altered = kept_altered(db, &error);
    db_rollback(db);
    cr_expect(json_is_null(altered), "%s is not what counting gives",
              json_string_value(json_object_get(altered, "metric")));
}

struct said {
    char changes[128];     /* of the pack */
    bool transactions_too; /* can be mended as it says */
};

ParameterizedTestParameters(track_deals_mended, they_equal_the_views)
{
    static struct said packs[] = {
        {"{}", true},
        {"{'parameters': {'upper_grant': 'subtracted', 'deal_unit': 'patent'}}", true},
        {"{'parameters': {'cap_per': 'contract', 'same_fact': 'each'}}", false},
        {"{'parameters': {'fact_serves': 'first'}}", true}};
    return cr_make_param_array(struct said, packs, G_N_ELEMENTS(packs));
}

ParameterizedTest(struct said *said, track_deals_mended, they_equal_the_views)
{
    static void (*const happen[])(void) = {new_deal, change_deal, decide_on_deal,
                                           decide_on_push, look_up_any};
    int64_t mended[G_N_ELEMENTS(metrics)] = {0};
    open_all(said->changes);
    deals = DEALS;
    expect_same("at first");
    for (int i = 0; i < STEPS; i++) {
        int which = upto((int)G_N_ELEMENTS(happen));
        happen[which]();
        if (upto(3) == 0) /* or several before the next count */
            continue;
        for (size_t m = 0; m < G_N_ELEMENTS(metrics); m++)
            mended[m] += mendable(metrics[m]);
        g_autofree char *what = g_strdup_printf("%s, %d: %d", said->changes, i, which);
        expect_same(what);
        expect_pages(what);
        expect_whole(what);
    }
    expect_same("at last");
    expect_kept();
    for (size_t m = 0; m < G_N_ELEMENTS(metrics); m++)
        cr_expect_eq(mended[m] > 0, m != 2 || said->transactions_too,
                     "%s: %s was mended %d "
                     "times",
                     said->changes, metrics[m], (int)mended[m]);
    g_rand_free(chance);
    db_close(db);
    pack_free(pack);
}

/* What is counted again uses up less of the cap than all do. */
Test(track_deals_mended, a_cap_that_others_use_up)
{
    db = trackdb_open();
    pack = pack_with("{}");
    chance = g_rand_new_with_seed(20261129);
    give("account", "{'name': '陈科', 'role': 'official', 'agency_id': null}");
    for (int n = 1; n <= 4; n++)
        givef("deal",
              "{'deal_id': %d, 'contract_number': 'HT-%d', 'registration_number': 'R%d', "
              "'registration_date': '2024-05-1%d', 'amount_fen': 700000000, 'led_by_agency': "
              "true, 'implemented_division': '350582', 'buyer': {'name': '岚桥鞋业', 'uscc': "
              "'U100'}, 'rights': [{'type': 'invention', 'number': 'CN20201000000%d.1'}]}",
              400 + n, n, n, n, n);
    expect_same("at first");
    decide("deal", "HT-2", 1);
    cr_expect(mendable("introductions") > 0);
    expect_same("after a decision");
    expect_kept();
    g_rand_free(chance);
    db_close(db);
    pack_free(pack);
}

/* As the service has it: looked up now, signed later. What a look-up touches is counted again, not all of it. */
Test(track_deals_mended, look_ups_before_contracts_to_come)
{
    open_all("{'window': {'to': '2099-12-31'}}");
    today = "2099-12-31";
    for (int n = 1; n <= PATENTS; n++) {
        g_autofree char *members = g_strdup_printf(
            "\"contract_date\": \"2099-06-01\", \"registration_number\": \"L%d\", \"buyer\": "
            "{\"uscc\": \"U101\"}, \"rights\": [{\"type\": \"invention\", \"number\": "
            "\"CN20201000000%d.1\"}]",
            n, n);
        write_deal(450 + n, n % 2 + 1, members);
    }
    int mended = 0;
    expect_same("at first");
    for (int i = 0; i < 2 * PATENTS; i++) {
        int n = 1 + i / 2, own = i % 2; /* at the other agency, then at the contract's own */
        int agency = own ? n % 2 + 1 : 2 - n % 2;
        char *before = count(0, false);
        look_up(n, 101, agency, "clock_timestamp()");
        mended += mendable("deals") > 0;
        g_autofree char *what = g_strdup_printf("looked up %d at %d", n, agency);
        expect_same(what);
        char *after = count(0, false);
        cr_expect_eq(g_str_equal(before, after), !own, "%s", what);
        free(before);
        free(after);
    }
    cr_expect(mended >= PATENTS, "only %d of them could be mended", mended);
    expect_kept();
    cr_expect_eq(testdb_int("SELECT count(*) FROM patent_lookup"), (int64_t)2 * PATENTS);
    g_rand_free(chance);
    db_close(db);
    pack_free(pack);
}
