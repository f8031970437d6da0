/* What erasure by law takes out beside the record: notes of follow-ups, refused rows; and what it leaves. */
#include "sql/erase.h"
#include "tests/support/loading.h"
#include "tests/support/verified.h"
#include <criterion/criterion.h>

#define GONE "〔已清除〕"

static struct db *db;

static void note(int number, const char *text)
{
    testdb_sql(sql_text("INSERT INTO follow_up_note (agency_id, patent_id, need_id, stage, "
                        "note, made_by, made_at) SELECT n.agency_id, %d, n.need_id, "
                        "'contact', '%s', '小李', now() FROM need n",
                        number, text));
}

static void refuse(const char *kind, int place, const char *value, const char *record)
{
    testdb_sql(sql_text(
        "INSERT INTO load_batch (batch_id, agency_id, kind, file, file_digest, started_at, "
        "finished_at) VALUES (%d, 1, '%s', 'f.csv', 'd', now(), now());"
        "INSERT INTO refused_row (batch_id, agency_id, line, place, \"column\", value, code, "
        "reason, reason_zh, record) VALUES (%d, 1, 2, 1, 'x', '%s', 'bad_value', 'what is %s', "
        "'%s 不对', '%s')",
        place, kind, place, value, value, value, row("%s", record)));
}

static void fill(void)
{
    db = loading_open();
    testdb_sql(
        "SELECT ledger_append('{\"kind\": \"opened\"}', '[{\"source\": \"agency\", \"ids\": "
        "[]}]', now())");
    cr_assert(load("expert", 1,
                   row("{'name': '林知序', 'employer': '海丝大学', 'fields': ['材料'], "
                       "'consent_date': '2024-01-01', 'contacts': [{'name': '林知序', "
                       "'phone': '13800001234', 'email': 'lin.zx@hs.edu.cn'}]}")));
    cr_assert(load("enterprise", 1,
                   row("{'uscc': '%s', 'name': '渠成水泥', 'division_code': '350582', "
                       "'contacts': [{'name': '王伟', 'phone': '13900005678'}]}",
                       uscc(1))));
    cr_assert(load("need", 1,
                   row("{'source_id': 'XQ-1', 'enterprise_uscc': '%s', 'text': '轻质水泥', "
                       "'valid_from': '2025-01-01'}",
                       uscc(1))));
}

static struct erased erase_of(const char *kind, const char *key)
{
    g_autoptr(GError) error = NULL;
    struct erased erased = {0};
    cr_assert(erase_person(db, kind, 1, key, "陈科", "本人请求", &erased, &error), "%s",
              error ? error->message : "");
    return erased;
}

static int holding(const char *table, const char *words)
{
    return (int)testdb_int(sql_text(
        "SELECT count(*) FROM %s t WHERE to_jsonb(t)::text LIKE '%%%s%%'", table, words));
}

Test(erase, notes_lose_names_and_numbers_and_keep_everything_else)
{
    fill();
    note(1, "已请林知序看过，电话 138 0000-1234");
    note(2, "报价 38 万元，+8613800001234 打不通，LIN.ZX@hs.edu.cn 已回信");
    note(3, "合同 99138000012345 已寄，请王伟签");
    struct erased erased = erase_of("expert", "林知序/海丝大学");
    cr_expect_eq(erased.notes, 2, "%d", (int)erased.notes);
    cr_expect_eq(holding("follow_up_note", "林知序") + holding("follow_up_note", "0000"), 1,
                 "only a longer number is left");
    cr_expect_eq(holding("follow_up_note", "已请" GONE "看过，电话 " GONE), 1);
    cr_expect_eq(holding("follow_up_note", "报价 38 万元，+" GONE " 打不通，" GONE " 已回信"),
                 1);
    cr_expect_eq(holding("follow_up_note", "99138000012345 已寄，请王伟签"), 1);
    cr_expect_str_eq(first_finding_in(db), "");
}

Test(erase, refused_rows_lose_them_at_every_depth_and_wait_no_longer)
{
    fill();
    refuse("expert", 901, "林知序",
           "{'姓名': '林知序', 'contacts': [{'phone': 13800001234}], '备注': '材料'}");
    refuse("expert", 902, "x", "{'姓名': '苏望舒', '备注': '材料'}");
    refuse("deal", 903, "x", "{'买方': '林知序鞋店', '电话': '138-0000-1234'}");
    struct erased erased = erase_of("expert", "林知序/海丝大学");
    cr_expect_eq(erased.refused, 2, "%d", (int)erased.refused);
    cr_expect_eq(holding("refused_row", "13800001234") + holding("refused_row", "0000"), 0);
    cr_expect_eq(
        testdb_int("SELECT count(*) FROM refused_row WHERE batch_id = 901 AND record = "
                   "'{\"姓名\": \"" GONE "\", \"contacts\": [{\"phone\": \"" GONE
                   "\"}], \"备注\": \"材料\"}' AND value = '" GONE
                   "' AND reason = 'what is " GONE "' AND settled_by = 'erase'"),
        1);
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row WHERE batch_id = 902 AND "
                            "settled_at IS NULL AND record->>'姓名' = '苏望舒'"),
                 1, "another's row");
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row WHERE batch_id = 903 AND "
                            "settled_at IS NULL AND record->>'买方' = '林知序鞋店'"),
                 1, "in another kind's row a name is somebody else's");
}

Test(erase, a_contacts_name_goes_where_its_enterprise_is_spoken_of)
{
    fill();
    note(1, "王伟说下周定");
    cr_assert(
        load("enterprise", 1,
             row("{'uscc': '%s', 'name': '别家水泥', 'division_code': '350582'}", uscc(2))));
    cr_assert(load("need", 1,
                   row("{'source_id': 'XQ-2', 'enterprise_uscc': '%s', 'text': '防水水泥', "
                       "'valid_from': '2025-01-01'}",
                       uscc(2))));
    testdb_sql("INSERT INTO follow_up_note (agency_id, patent_id, need_id, stage, note, "
               "made_by, made_at) SELECT 1, 1, need_id, 'contact', "
               "'另一家的王伟，13900005678', '小李', now() FROM need WHERE source_id = 'XQ-2'");
    refuse("enterprise", 904, "x", row("{'企业名称': '渠成水泥', '联系人': '王伟'}"));
    refuse("enterprise", 905, "x", row("{'企业名称': '别家水泥', '联系人': '王伟'}"));
    struct erased erased = erase_of("enterprise", uscc(1));
    cr_expect_eq(erased.notes, 2, "%d", (int)erased.notes);
    cr_expect_eq(erased.refused, 1, "%d", (int)erased.refused);
    cr_expect_eq(holding("follow_up_note", GONE "说下周定"), 1);
    cr_expect_eq(holding("follow_up_note", "另一家的王伟，" GONE), 1, "a namesake stays");
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row WHERE record->>'联系人' = '王伟' "
                            "AND batch_id = 905 AND settled_at IS NULL"),
                 1);
}
