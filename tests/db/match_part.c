/* Ranges of patents, each held by itself, find the leads that one index of all finds. */
#include "service/steps/match_part.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

enum { PATENTS = 90, NEEDS = 12, K = 6, PARTS_MOST = 8, ROUNDS_MOST = 12 };
static GError *error;
static struct db *db;
static struct living_store *stores[PARTS_MOST];

static const char *const things[] = {"发泡鞋底", "防水面料", "陶瓷釉料",
                                     "注塑模具", "纺织染料", "伞骨支架"};
static const char *const ways[] = {"轻质", "耐磨", "节能", "自动", "环保"};

static void given_patents(int first, int count)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    for (int i = first; i < first + count; i++)
        g_string_append(lines, row("{'application_number':'%s','title':'一种%s%s','abstract':'"
                                   "公开了%s的%s，%s处理，第%d号','applicants':['第%d厂'],"
                                   "'ipc':['A43B 13/%02d']}\n",
                                   app_number(i), ways[i % 5], things[i % 6], ways[i % 3],
                                   things[i % 6], i % 4 ? "经过" : things[i % 5], i / 9, i % 4,
                                   i % 5));
    load("patent", 1, lines->str);
}

static void given_world(void)
{
    db = loading_open();
    load("enterprise", 1,
         row("{'uscc':'%s','name':'甲公司','division_code':'350582'}", uscc(1)));
    given_patents(0, PATENTS);
    for (int i = 0; i < NEEDS; i++)
        load("need", 1,
             row("{'source_id':'XQ-%d','enterprise_uscc':'%s','title':'%s%s','text':'需要%s的%"
                 "s，经过处理','valid_from':'2025-01-01','ipc':['A43B 13/0%d']}",
                 i, uscc(1), ways[i % 5], things[i % 6], ways[i % 4], things[i % 6], i % 5));
}

static struct match_options options_of(struct living_store *store)
{
    return (struct match_options){
        .agency_id = 1, .today = "2025-06-30", .k = K, .store = store};
}

static char *leads_dump(void)
{
    json_auto_t *rows =
        testdb_rows("SELECT string_agg(concat_ws(' ', n.source_id, patent_id, score, fit, "
                    "rank, probability, reasons, aspects, twins), E'\\n'"
                    " ORDER BY need_id, rank) AS all FROM lead JOIN need n USING (need_id) "
                    "WHERE lead.state = 'proposed'");
    return g_strdup(json_string_value(json_object_get(json_array_get(rows, 0), "all")));
}

static void open_stores(int parts)
{
    for (int i = 0; i < parts; i++) {
        struct living_options options = {
            .words = "none", .least = 1, .part = (uint32_t)i, .parts = (uint32_t)parts};
        stores[i] = living_store_new(&options);
    }
}

/* All ranges by turns, until none has anything to say. */
static void run_all(int parts)
{
    bool any = true;
    int rounds = 0;
    for (; any && rounds < ROUNDS_MOST; rounds++) {
        any = false;
        for (int i = 0; i < parts; i++) {
            struct match_report report;
            struct match_options options = options_of(stores[i]);
            bool moved = false;
            cr_assert(match_run_part(db, &options, i, parts, &report, &moved, &error), "%s",
                      error ? error->message : "");
            any |= moved;
            match_report_clear(&report);
        }
    }
    cr_assert_lt(rounds, ROUNDS_MOST, "%d ranges come to an end", parts);
}

static void close_stores(int parts)
{
    for (int i = 0; i < parts; i++)
        living_store_free(stores[i]);
}

static char *leads_of_one(void)
{
    struct match_report report;
    struct living_options whole = {.words = "none", .least = 1};
    g_autoptr(living_store_t) store = living_store_new(&whole);
    struct match_options options = options_of(store);
    options.all = true;
    cr_assert(match_run(db, &options, &report, &error), "%s", error ? error->message : "");
    match_report_clear(&report);
    return leads_dump();
}

static void forget_leads(void)
{
    testdb_sql("DELETE FROM lead; DELETE FROM match_progress; DELETE FROM match_totals; DELETE "
               "FROM match_round; DELETE FROM match_share");
}

static const int counts[] = {1, 2, 3, 8};

Test(match_part, ranges_find_the_leads_of_one_index)
{
    given_world();
    g_autofree char *one = leads_of_one();
    cr_assert_gt(strlen(one), 1000);
    cr_assert(strstr(one, "[\""), "some are twins");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        forget_leads();
        open_stores(counts[i]);
        run_all(counts[i]);
        g_autofree char *many = leads_dump();
        cr_expect_str_eq(many, one, "%d ranges", counts[i]);
        close_stores(counts[i]);
    }
}

Test(match_part, a_new_patent_reaches_the_leads_whichever_range_it_is_of)
{
    given_world();
    open_stores(3);
    run_all(3);
    given_patents(PATENTS, 1);
    load("patent", 1,
         row("{'application_number':'%s','title':'轻质发泡鞋底','abstract':'"
             "轻质发泡鞋底，经过处理','applicants':['新厂']}",
             app_number(500)));
    run_all(3);
    cr_expect_gt(testdb_int("SELECT count(*) FROM lead l JOIN patent p USING (patent_id) WHERE "
                            "p.title = '轻质发泡鞋底'"),
                 0);
    int64_t before = testdb_int("SELECT max(change_seq) FROM lead");
    run_all(3);
    cr_expect_eq(testdb_int("SELECT max(change_seq) FROM lead"), before,
                 "and then there is peace");
    close_stores(3);
}

Test(match_part, nothing_is_written_before_all_ranges_have_spoken)
{
    given_world();
    open_stores(3);
    struct match_report report;
    for (int turn = 0; turn < 3; turn++)
        for (int i = 0; i < 2; i++) {
            struct match_options options = options_of(stores[i]);
            bool moved;
            cr_assert(match_run_part(db, &options, i, 3, &report, &moved, &error));
            match_report_clear(&report);
        }
    cr_expect_eq(testdb_int("SELECT count(*) FROM lead"), 0);
    close_stores(3);
}
