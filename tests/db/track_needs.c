/* Needs: accepted by an official, of the city, in the window, and no repeats. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

Test(track, a_need_is_valid_or_left_out_with_the_reason)
{
    static const struct {
        const char *need, *decision, *expected;
    } rows[] = {
        {"", "", "{'value': 1, 'open': 1, 'late': 0}"},
        {"", NULL, "{'value': 0, 'left_out': {'not_accepted': 1}}"},
        {"'state': 'accepted', 'accepted_date': '2024-03-02', 'accepted_by': '自己'", NULL,
         "{'value': 0, 'left_out': {'not_accepted': 1}}"},
        {"'state': 'closed'", "", "{'value': 1, 'open': 0}"},
        {"'valid_from': '2025-06-30'", "", "{'value': 1}"},
        {"'valid_from': '2025-07-01'", "", "{'value': 0, 'left_out': {'after_day': 1}}"},
        {"'valid_from': '2022-01-01', 'valid_to': '2023-01-01'", "", "{'value': 1, 'open': 0}"},
        {"'valid_from': '2022-01-01', 'valid_to': '2022-12-31'", "",
         "{'value': 0, 'left_out': {'before_window': 1}}"},
        {"'valid_to': '2025-06-30'", "", "{'value': 1, 'open': 1}"},
        {"'text': '一二三四五六七八九'", "", "{'value': 0, 'left_out': {'text_too_short': 1}}"},
        {"'text': '一二三四五六七八九十'", "", "{'value': 1}"},
        {"'text': ' 一二三四五六七八九 '", "", "{'value': 0}"},
        {"'text': '一二三四五六七八九十一'", "", "{'value': 1}"},
        {"'enterprise_id': 101", "", "{'value': 0, 'left_out': {'not_local': 1}}"},
        {"'enterprise_id': 102", "", "{'value': 1, 'invented': 1}"},
        {"", "'effective': '2025-06-30', 'decided_at': '2025-06-30 10:00+08'",
         "{'value': 1, 'late': 0}"},
        {"", "'effective': '2025-06-30', 'decided_at': '2025-08-01 10:00+08'",
         "{'value': 1, 'late': 1}"},
        {"", "'effective': '2025-07-01', 'decided_at': '2025-07-01 10:00+08'",
         "{'value': 0, 'left_out': {'not_accepted': 1}}"},
        {"", "'invented': true", "{'value': 1, 'invented': 1}"},
        {"", "'verdict': 'reject'", "{'value': 0, 'left_out': {'rejected': 1}}"},
        {"", "'verdict': 'withdraw'", "{'value': 0, 'left_out': {'withdrawn': 1}}"},
        {"'recorded_at': '2025-07-01 00:00+08'", "", "{'value': 1, 'late': 1}"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101', 'division_code': '350583'}");
    give("enterprise", "{'enterprise_id': 102, 'uscc': 'U102', 'invented': true}");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE need CASCADE; TRUNCATE decision");
        givef("need", "{'need_id': 1, 'source_id': 'N1'%s%s}", *rows[i].need ? ", " : "",
              rows[i].need);
        if (rows[i].decision)
            givef("decision", "{'kind': 'need', 'key': 'N1'%s%s}",
                  *rows[i].decision ? ", " : "", rows[i].decision);
        g_autofree char *row =
            g_strdup_printf("need {%s}, decision {%s}", rows[i].need, rows[i].decision);
        count_figures(db, pack, "2025-06-30", NULL);
        expect(row, "JJ01", "needs", rows[i].expected);
    }
    db_close(db);
}

Test(track, the_latest_effective_day_wins_then_the_later_decision)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
    give("decision", "{'kind': 'need', 'key': 'N1', 'effective': '2024-05-01', 'decided_at': "
                     "'2024-05-01 09:00+08'}");
    give("decision", "{'kind': 'need', 'key': 'N1', 'effective': '2024-04-01', 'decided_at': "
                     "'2024-06-01 09:00+08', 'verdict': 'reject'}");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("a later decision for an earlier day", "JJ01", "needs", "{'value': 1}");
    count_figures(db, pack, "2024-04-30", NULL);
    expect("in between", "JJ01", "needs", "{'value': 0, 'left_out': {'rejected': 1}}");
    count_figures(db, pack, "2024-04-30", "2024-05-31 00:00+08");
    expect("in between, before it was said", "JJ01", "needs",
           "{'value': 0, 'left_out': {'not_accepted': 1}}");
    give("decision", "{'kind': 'need', 'key': 'N1', 'effective': '2024-05-01', 'decided_at': "
                     "'2024-07-01 09:00+08', 'verdict': 'withdraw'}");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("the same day, said later", "JJ01", "needs",
           "{'value': 0, 'left_out': {'withdrawn': 1}}");
    count_figures(db, pack, "2025-06-30", "2024-06-30 00:00+08");
    expect("known before", "JJ01", "needs", "{'value': 1}");
    db_close(db);
}

/* 21 letters have 20 pairs; other ends make other pairs. */
static const char need_base[] = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌";

static void give_need(int id, int agency, int enterprise, const char *text,
                      const char *accepted)
{
    givef("need",
          "{'need_id': %d, 'agency_id': %d, 'source_id': 'N%d', 'enterprise_id': %d, 'title': "
          "'', 'text': '%s'}",
          id, agency, id, enterprise, text);
    givef("decision",
          "{'agency_id': %d, 'kind': 'need', 'key': 'N%d', 'effective': '%s', 'decided_at': "
          "'%s 09:00+08'}",
          agency, id, accepted, accepted);
}

Test(track, a_near_duplicate_of_an_earlier_counted_need_is_left_out)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    g_autoptr(pack_t) looser = pack_with("{'parameters': {'need_jaccard': 0.95}}");
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("enterprise", "{'enterprise_id': 101, 'uscc': 'U101'}");
    g_autofree char *one_more = g_strconcat(need_base, "亥", NULL); /* 20 of 21 pairs: .952 */
    g_autofree char *three_more = g_strconcat(need_base, "亥金木", NULL);  /* 20 of 23: .870 */
    g_autofree char *four_more = g_strconcat(need_base, "亥金木水", NULL); /* 20 of 24: .833 */
    give_need(1, 1, 100, need_base, "2024-03-10");
    give_need(2, 1, 100, one_more, "2024-03-11");
    give_need(3, 2, 100, three_more, "2024-03-12"); /* at another agency */
    give_need(4, 1, 100, four_more,
              "2024-03-13"); /* alike to 3 by 23 of 24: .958, but 3 is left out */
    give_need(5, 1, 101, need_base, "2024-03-14"); /* of another enterprise */
    give_need(6, 1, 100, "ＡＢＣＤ　ｅｆｇｈ，ijklmnop！", "2024-03-15");
    give_need(7, 1, 100, "abcd EFGH ijklmnop",
              "2024-03-01"); /* the same letters, accepted earlier */
    count_figures(db, pack, "2025-06-30", NULL);
    expect("agency 1", "JJ01", "needs", "{'value': 4, 'left_out': {'near_duplicate': 2}}");
    expect("agency 2", "JJ02", "needs", "{'value': 0, 'left_out': {'near_duplicate': 1}}");
    count_figures(db, looser, "2025-06-30", NULL);
    expect("another line", "JJ01", "needs",
           "{'value': 3, 'left_out': {'near_duplicate': 3}}"); /* 4 repeats 3 now */
    expect("another line", "JJ02", "needs", "{'value': 1}");
    /* On the day before need 1 was accepted nothing stood before it; on its own day it comes first. */
    count_figures(db, pack, "2024-03-10", NULL);
    expect("early", "JJ01", "needs", "{'value': 2, 'left_out': {'not_accepted': 4}}");
    db_close(db);
}

Test(track, repeats_are_judged_by_the_text_that_was_known)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_need(1, 1, 100, need_base, "2024-03-10");
    give_need(2, 1, 100, need_base, "2024-03-11");
    testdb_sql("INSERT INTO fact_version SELECT 'need', need_id, agency_id, recorded_at, "
               "'2024-09-01 00:00+08', to_jsonb(n) "
               "FROM need n WHERE need_id = 2;"
               "UPDATE need SET text = '完全不同的一项技术需求说明', recorded_at = '2024-09-01 "
               "00:00+08', change_seq = 2 "
               "WHERE need_id = 2");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("now", "JJ01", "needs", "{'value': 2, 'left_out': {}}");
    count_figures(db, pack, "2025-06-30", "2024-08-31 00:00+08");
    expect("then", "JJ01", "needs", "{'value': 1, 'left_out': {'near_duplicate': 1}}");
    db_close(db);
}

Test(track, a_title_that_repeats_the_text_adds_nothing)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_need(1, 1, 100, need_base, "2024-03-10");
    give_need(2, 1, 100, need_base, "2024-03-11");
    testdb_sql("UPDATE need SET title = '丙丁戊 己庚' WHERE need_id = 2");
    count_figures(db, pack, "2025-06-30", NULL);
    cr_expect_eq(testdb_int("SELECT count(*) FROM need_pair WHERE jaccard = 1"), 1);
    expect("repeated", "JJ01", "needs", "{'value': 1, 'left_out': {'near_duplicate': 1}}");
    db_close(db);
}
