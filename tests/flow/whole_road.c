/* whole_road.c - the whole road (road.c), and at its end the counts that were worked out by hand (figures.c). */
#include "tests/flow/figures.h"
#include "tests/flow/road.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

TestSuite(whole_road, .init = program_begin, .fini = program_end, .timeout = 300);

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* ---- On the way */

/* What the three receivers of webhooks took: each signature fitted. */
static void expect_deliveries(void)
{
    json_t *log = receiver_log();
    g_autoptr(GString) patents = g_string_new(NULL);
    cr_expect_eq(json_array_size(log), 3);
    for (size_t i = 0; i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i),
                     *data = json_object_get(json_object_get(entry, "body"), "data");
        expect_members(
            "a delivery", entry,
            "{'verified': true, 'duplicate': false, 'status': 200, 'type': 'lead.pushed'}");
        cr_expect_gt(json_array_size(json_object_get(data, "reasons")), 0, "a push says why");
        g_string_append_printf(patents, "%s ",
                               json_string_value(json_object_get(data, "patent")));
    }
    for (const char *const *number =
             (const char *const[]){"CN202219830104.7", "CN202319830326.3", "CN202219831081.1",
                                   NULL};
         *number; number++)
        cr_expect(strstr(patents->str, *number), "%s was not delivered: %s", *number,
                  patents->str);
}

/* The best lead of each need is the patent that was written for it; reasons add up to the score; no right that is over, and
 * nobody's own patent, is among them. */
static void expect_leads(void)
{
    static const char *const best[][2] = {
        {"XQ-01", "CN202219830104.7"}, {"XQ-03", "CN202219831307.8"},
        {"XQ-05", "CN202219831081.1"}, {"XQ-06", "CN202319830326.3"},
        {"XQ-08", "CN199830715A"},     {"XQ-11", "CN202319830866.1"}};
    static const char *const over[] = {"CN201919830438.2", "CN201329830541.5",
                                       "CN202319831415.X", NULL};
    json_t *leads = ask("--agency QH01 leads --state all --limit 1000");
    int found = 0;
    for (size_t i = 0; i < json_array_size(leads); i++) {
        const json_t *lead = json_array_get(leads, i),
                     *reasons = json_object_get(lead, "reasons");
        const char *need = json_string_value(json_object_get(lead, "need")),
                   *patent = json_string_value(json_object_get(lead, "patent"));
        json_int_t sum = 0;
        for (size_t k = 0; k < json_array_size(reasons); k++)
            sum += number_of(json_array_get(reasons, k), "points");
        cr_expect_eq(sum, number_of(lead, "score"), "%s %s: the reasons do not add up", need,
                     patent);
        cr_expect_not(g_strv_contains(over, patent), "%s %s: that right is over", need, patent);
        cr_expect_not(g_str_equal(need, "XQ-01") && g_str_equal(patent, "CN202219830659.1"),
                      "its own patent");
        for (size_t k = 0; k < G_N_ELEMENTS(best); k++)
            found += g_str_equal(need, best[k][0]) && g_str_equal(patent, best[k][1]) &&
                     number_of(lead, "rank") == 1;
    }
    cr_expect_eq(found, (int)G_N_ELEMENTS(best), "%d needs have the right patent in front",
                 found);
}

/* Records in normal form, whatever the spelling of the key. */
static void expect_records(void)
{
    static const struct {
        const char *what, *members;
    } rows[] = {
        {"patent 'ZL 2022 1 9830104.7'",
         "{'application_number': 'CN202219830104.7', 'publication_number': 'CN199830104B', "
         "'type': 'invention', "
         "'application_date': '2022-04-07', 'held_since': '2024-03-01', 'ipc': ['A43B13/04', "
         "'C08J9/12']}"},
        {"patent CN199830104A",
         "{'application_number': 'CN202219830104.7', 'legal_status': 'granted'}"},
        {"patent 202319831415X",
         "{'application_date': '2023-02-28', 'legal_status': 'rejected'}"},
        {"enterprise 91350582ma0077178g",
         "{'name': '晋江伞语日用品有限公司', 'division_code': '350582'}"},
        {"expert 吴听澜/闽汐陶瓷工程研究中心",
         "{'consent_date': '2024-09-09', 'fields': ['釉料']}"},
        {"institution 91350582MA0078234W",
         "{'kind': 'incubation', 'held_since': '2026-01-05'}"},
        {"need XQ-11", "{'enterprise_uscc': '91350582MA0077178G', 'valid_from': '2025-07-01'}"},
        {"declared_push CN199830715A/91350582MA00771353",
         "{'sent_date': '2025-06-18', 'channel': 'email'}"},
        {"deal QH-ZR-03", "{'amount_fen': 9500050, 'mode': 'assignment', 'contract_date': "
                          "'2025-09-01', 'rights': [{'type': 'invention', "
                          "'number': 'CN202119830217.2'}, {'type': "
                          "'utility_model', 'number': "
                          "'CN201329830541.5'}]}"},
        {"deal QH-ZR-10", "{'amount_fen': 8800000, 'mode': 'exclusive_licence', "
                          "'registration_date': '2040-07-10'}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        expect_members(rows[i].what, ask("--agency QH01 show %s", rows[i].what),
                       rows[i].members);
}

Test(whole_road, it_ends_in_the_counts_that_were_worked_out_by_hand)
{
    road_files();
    road_play(false);
    expect_leads();
    expect_deliveries();
    expect_records();
    figures_expect();
}

/* ---- A second time */

/* What is in a table, as one text. An endpoint that is named again gets a new seal, and every decision is kept. */
static const char *table_digest(const char *table)
{
    const char *left_out = g_str_equal(table, "endpoint")
                               ? "{secret_sealed,created_at,endpoint_id,recorded_at}"
                               : "{}";
    g_autofree char *query = g_strdup_printf(
        "SELECT md5(coalesce(string_agg(r, '' ORDER BY r), '')) AS digest FROM (SELECT "
        "(to_jsonb(t) - '%s'::text[])::text AS r FROM %s t) x",
        left_out, table);
    json_auto_t *rows = testdb_rows(query);
    return keep_text(
        g_strdup(json_string_value(json_object_get(json_array_get(rows, 0), "digest"))));
}

Test(whole_road, every_step_a_second_time_changes_nothing)
{
    static const char *const tables[] = {
        "agency",           "account",        "patent",         "patent_alias",
        "patent_status",    "patent_version", "patent_holding", "enterprise",
        "expert",           "institution",    "record_holding", "contact",
        "register_version", "need",           "deal",           "declared_push",
        "fact_version",     "lead",           "match_progress", "push",
        "push_event",       "outbox",         "attempt",        "feedback",
        "endpoint"};
    const char *before[G_N_ELEMENTS(tables)];
    road_files();
    road_play(false);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        before[i] = table_digest(tables[i]);
    road_play(true);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        cr_expect_str_eq(table_digest(tables[i]), before[i], "%s has changed", tables[i]);
    expect_deliveries();
    figures_expect();
}

/* ---- What was known */

static json_t *clauses(const char *known_at)
{
    return json_object_get(
        ask("track --policy jinjiang-2023-6 --as-of 2025-12-31 --known-at %s", known_at),
        "clauses");
}

static const char *now_known(void)
{
    return json_string_value(
        json_object_get(ask("track --policy jinjiang-2023-6"), "known_at"));
}

/* The official takes back a need and a declared push. Without XQ-01 the other agency's HZ-01 repeats nothing any more; without the
 * push contract 01 has no push before it, nor has 06, which counted literally. */
Test(whole_road, what_is_taken_back_is_gone_from_the_count_and_stays_in_what_was_known)
{
    road_files();
    road_play(false);
    const char *then = now_known();
    json_t *before = clauses(then);
    run_to(0,
           "--agency QH01 decide withdraw need XQ-01 --by 林审 --reason 重复申报 --effective "
           "2025-07-01");
    run_to(0,
           "--agency QH01 decide reject declared_push CN202219830104/91350582MA0077119D --by "
           "林审 --reason 邮件系伪造 --effective 2025-12-01");
    json_t *after = ask("track --policy jinjiang-2023-6 --as-of 2025-12-31");
    expect_members(
        "needs of QH01", figures_item(after, "QH01", "needs"),
        "{'value': 2, 'left_out': {'not_local': 1, 'near_duplicate': 1, 'not_accepted': 2, "
        "'after_day': 1, 'text_too_short': 1, 'rejected': 1, 'before_window': 1, "
        "'withdrawn': 1}}");
    expect_members("needs of QH02", figures_item(after, "QH02", "needs"),
                   "{'value': 1, 'left_out': {}}");
    expect_members(
        "pushes", figures_item(after, "QH01", "pushes"),
        "{'value': 1, 'left_out': {'not_accepted': 1, 'before_window': 1, 'after_day': 7, "
        "'rejected': 2}}");
    expect_members(
        "deals", figures_item(after, "QH01", "deals"),
        "{'value': 1, 'literal': 2, 'left_out': {'not_registered': 1, 'no_push_before': "
        "4, 'no_invention': 1, 'before_window': 1, 'after_day': 2}}");
    cr_expect(json_equal(clauses(then), before), "what was known then is another now");
    const json_t *patents = figures_item(
        ask("track --policy jinjiang-2023-6 --known-at 2025-12-31"), "QH01", "patents");
    cr_expect_null(patents, "nothing was known before the files were loaded");
}

/* ---- The other agency */

static void expect_none(const char *what, const json_t *rows)
{
    char *text = json_dumps(rows, 0);
    cr_expect_eq(json_array_size(rows), 0, "%s: %s", what, text);
    free(text);
}

/* What belongs to the first one is not there, whatever is asked. */
static void expect_refused(void)
{
    static const char *const commands[] = {
        "show need XQ-01",
        "show deal QH-ZR-03",
        "show declared_push CN202219830104/91350582MA0077119D",
        "match --need XQ-01",
        "lead accept {lead CN202119830217.2 XQ-02}",
        "lead reject {lead CN202119830217.2 XQ-02}",
        "feedback {lead CN202219830104.7 XQ-01} stop",
        "decide reject need XQ-01 --by 林审 --reason 试",
        "decide reject patent CN202219831081.1 --by 林审 --reason 试",
        "endpoint remove 91350582MA0077119D webhook"};
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        const char *command = road_command(commands[i]);
        const struct said *said = run("--agency QH02 %s", command);
        cr_expect_eq(said->code, 1, "%s: exit code %d\n%s%s", command, said->code, said->out,
                     said->err);
    }
}

static void expect_own_rows(void)
{
    json_t *leads = ask("--agency QH02 leads --state all --limit 1000");
    cr_expect_gt(json_array_size(leads), 0);
    for (size_t i = 0; i < json_array_size(leads); i++)
        expect_members("a lead", json_array_get(leads, i),
                       "{'agency': 'QH02', 'need': 'HZ-01'}");
    expect_none("endpoints", ask("--agency QH02 endpoint list"));
    expect_none("dead letters", ask("--agency QH02 push --dead"));
    expect_members("push", ask("--agency QH02 push --once"), "{'made': 0, 'accepted': 0}");
}

/* The registers are shared; what an agency says of a record, and what hangs on it, is not. */
static void expect_own_words(void)
{
    const json_t *firm = ask("--agency QH02 show enterprise 91350582MA0077119D"),
                 *patent = ask("--agency QH02 show patent CN202219830104");
    expect_members("the firm", firm,
                   "{'name': '晋江市屿澜体育用品有限公司', 'links': {'needs': ['HZ-01']}}");
    cr_expect_null(json_object_get(firm, "contacts"), "洪志远 is the first agency's contact");
    cr_expect_null(json_object_get(firm, "held_since"));
    expect_members("the patent", patent, "{'held_since': '2024-06-01'}");
    expect_members("the patent's links", json_object_get(patent, "links"),
                   "{'leads': 1, 'pushes': 0}");
    expect_members(
        "the first agency's",
        json_object_get(ask("--agency QH01 show patent CN202219830104"), "links"),
        "{'numbers': ['CN199830104A', 'CN199830104B', 'CN202219830104'], 'pushes': 1}");
}

/* That a need repeats another, and that a contract is claimed twice, is said, but not whose. */
static void expect_no_names(void)
{
    static const char *const rows[][2] = {{"needs", "{'repeats': '*'}"},
                                          {"deals", "{'conflict': true}"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct said *said = run_to(
            0, "--json --agency QH02 track --policy jinjiang-2023-6 --evidence %s", rows[i][0]);
        const json_t *row = json_array_get(json_object_get(said->json, "rows"), 0);
        expect_members(rows[i][0], json_object_get(row, "detail"), rows[i][1]);
        cr_expect_null(strstr(said->out, "QH01"), "%s", said->out);
        cr_expect_null(strstr(said->out, "蔚桥"), "%s", said->out);
    }
}

Test(whole_road, the_other_agency_sees_nothing_of_the_first_one)
{
    road_files();
    road_play(false);
    expect_refused();
    expect_own_rows();
    expect_own_words();
    expect_no_names();
}

/* ---- Exit codes */

Test(whole_road, what_can_not_be_done_is_exit_1_and_wrong_use_exit_2)
{
    static const struct {
        const char *command;
        int code;
        const char *says; /* a part of stderr, or of stdout where the code is 0 */
    } rows[] = {
        {"--help", 0, "decide"},
        {"load --help", 0, "patbridge"},
        {"migrate", 0, "0 of 30"},
        {"agency list", 0, "QH02"},
        {"user add 林审 --role official", 0, "official"},
        {"user add 林审 --role administrator", 1, "taken"},
        {"--agency QH01 load patent nowhere.csv", 1, "nowhere.csv"},
        {"--agency QH01 show need XQ-99", 1, "XQ-99"},
        {"show patent CN202419831746.8", 1, "CN202419831746"},
        {"--agency QH01 match --need XQ-99", 1, "XQ-99"},
        {"--agency QH01 match --patent CN202419831746.8", 1, "CN202419831746"},
        {"--agency QH01 lead accept 1-1", 1, "no such lead"},
        {"--agency QH01 feedback 1-1 interested", 1, "never pushed"},
        {"--agency QH01 decide accept need XQ-01 --by 王敏 --reason 试", 1, "王敏"},
        {"--agency QH01 decide accept need XQ-99 --by 林审 --reason 试", 1, "XQ-99"},
        {"--agency QH01 endpoint add 91350582MA0077119D webhook http://10.0.0.8/hook "
         "--secret-file "
         "{secret}",
         1, "10.0.0.8"},
        {"", 2, "COMMAND"},
        {"count", 2, "count"},
        {"--agency QH03 leads", 2, "QH03"},
        {"match", 2, "--agency"},
        {"--agency QH01 load", 2, "kind"},
        {"--agency QH01 load boat {needs.jsonl}", 2, "boat"},
        {"load need {needs.jsonl}", 2, "--agency"},
        {"--agency QH01 match --need XQ-01 --all", 2, "--all"},
        {"--agency QH01 leads --state lost", 2, "--state"},
        {"--agency QH01 feedback 1-1 perhaps", 2, "interested"},
        {"--agency QH01 feedback 1-1 not_fit --because weather", 2, "wrong_field"},
        {"--agency QH01 decide accept need XQ-01 --by 林审", 2, "--reason"},
        {"--agency QH01 decide accept need XQ-01 --by 林审 --reason 试 --effective 2999-01-01",
         2, "2999-01-01"},
        {"--agency QH01 deal QH-ZR-11 --mode assignment", 2, "option"},
        {"track --policy jinjiang-1999", 2, "jinjiang-1999"},
        {"track --as-of 2025-02-30", 2, "2025-02-30"},
        {"track --evidence boats", 2, "boats"},
    };
    road_files();
    run_to(0, "migrate");
    run_to(0, "agency add QH01 --name 晋江蔚桥知识产权运营有限公司");
    run_to(0, "agency add QH02 --name 泉州衡泽知识产权服务有限公司");
    run_to(0, "user add 林审 --role official");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *command = road_command(rows[i].command);
        const struct said *said = run("%s", command);
        cr_expect_eq(said->code, rows[i].code, "%s: exit code %d\n%s%s", command, said->code,
                     said->out, said->err);
        const char *text = rows[i].code ? said->err : said->out;
        cr_expect(strstr(text, rows[i].says), "%s: '%s' is not in: %s", command, rows[i].says,
                  text);
    }
}

Test(whole_road, before_migrate_nothing_can_be_done)
{
    const struct said *said = run_to(1, "leads");
    cr_expect(strstr(said->err, "migrate"), "%s", said->err);
    run_to(0, "migrate");
    run_to(0, "leads");
}

/* ---- After the road */

static json_int_t held_back(const json_t *report, const char *list, const char *reason)
{
    return number_of(json_object_get(report, list), reason);
}

/* What a person would look for in vain otherwise: titles above the header, a column that no field is known for. */
Test(whole_road, a_load_says_what_it_passed_over_and_did_not_know)
{
    run_to(0, "migrate");
    run_to(0, "agency add QH01 --name 甲机构 --settled 2023-03-15");
    const char *file = in_folder("清单.csv");
    write_file(file, "专利清单,,\n申请号,标题,自编栏\n202110000101.9,一种鞋底,要保留\n");
    const struct said *said = run_to(0, "--agency QH01 load patent '%s'", file);
    cr_expect(strstr(said->out, "the header is on line 2"), "%s", said->out);
    cr_expect(strstr(said->out, "not recognised, kept in extra: 自编栏"), "%s", said->out);
    program_set("LC_ALL", "zh_CN.UTF-8"); /* whether it is installed or not */
    said = run_to(0, "--agency QH01 load patent --preview '%s'", file);
    cr_expect(strstr(said->out, "表头在第 2 行") && strstr(said->out, "申请号"), "%s",
              said->out);
    said = run_to(0, "--agency QH01 load --undo 3 --by 张三");
    cr_expect(strstr(said->out, "撤回 1"), "%s", said->out);
}

/* One more lead of 胶序 and one of 织汐 are accepted: what was proposed before the stop is not sent after it. */
Test(whole_road, an_enterprise_that_said_stop_gets_nothing_any_more)
{
    road_files();
    road_play(false);
    json_t *waiting = ask("--agency QH01 leads --need XQ-05");
    cr_assert_gt(json_array_size(waiting), 0);
    const char *lead = json_string_value(json_object_get(json_array_get(waiting, 0), "lead"));
    run_to(0, "--agency QH01 lead accept %s %s", lead,
           lead_of("QH01", "CN202119830217.2", "XQ-02"));
    json_t *report = ask("--agency QH01 push --once");
    expect_members("push", report, "{'made': 1, 'outbox': 0, 'accepted': 0}");
    cr_expect_eq(held_back(report, "held", "enterprise_stopped"), 1);
    cr_expect_eq(json_array_size(receiver_log()), 3);
    cr_expect_eq(
        testdb_int("SELECT count(*) FROM push p JOIN enterprise e USING (enterprise_id) WHERE "
                   "e.uscc = '91350582MA0077151Q'"),
        1);
}
