/* The same file loaded again: it changes nothing, unless something else has happened to its records since. */
#include "loader/load.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>

enum {
    FILLING = LOAD_CHUNK_ROWS
}; /* rows between two of one record, so that they stand in two transactions */

/* Says first that a patent is for sale at one price, then at another; without a publication the later row holds. */
static const char *offer(int n, int price)
{
    return row("{'application_number': '%s', 'title': '鞋底%d', 'offer': {'mode': "
               "['assignment'], 'price_fen': %d}}\n",
               app_number(n), n, price);
}

static void append_filling(GString *text)
{
    for (int i = 0; i < FILLING; i++)
        g_string_append(text, row("{'publication_number': '%s', 'title': '面料%d'}\n",
                                  pub_number(1000 + i, 'A'), i));
}

static void expect_nothing_new(const char *what, const char *kind, const char *path, int rows)
{
    g_autofree char *before = dump_all(true);
    expect_counts(what, load_path(kind, 1, path), 0, 0, rows, 0);
    g_autofree char *after = dump_all(true);
    cr_expect(g_str_equal(before, after), "%s: something was written", what);
}

Test(load_again, a_file_that_changes_a_record_to_and_fro_changes_nothing_the_second_time)
{
    loading_open();
    const char *near =
        file_of("近.jsonl", row("%s%s%s", offer(1, 100), offer(1, 200), offer(1, 300)));
    expect_counts("near", load_path("patent", 1, near), 1, 2, 0, 0);
    expect_nothing_new("near, again", "patent", near, 3);
    cr_expect_eq(testdb_int("SELECT (offer->>'price_fen')::int FROM patent"), 300);
}

Test(load_again, nor_does_one_whose_rows_stand_in_two_transactions, .timeout = 120)
{
    loading_open();
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append(text, offer(1, 100));
    append_filling(text);
    g_string_append(text, offer(1, 200));
    const char *far = file_of("远.jsonl", text->str);
    expect_counts("far", load_path("patent", 1, far), FILLING + 1, 1, 0, 0);
    expect_nothing_new("far, again", "patent", far, FILLING + 2);
    expect_nothing_new("far, a third time", "patent", far, FILLING + 2);
}

Test(load_again, registers_and_contacts_are_no_different)
{
    loading_open();
    static const char format[] = "{'uscc': '%s', 'name': '%s', 'division_code': '350582', "
                                 "'contacts': [{'name': '%s'}], '备注': '%s'}\n";
    g_autofree char *one = g_strdup(row(format, uscc(1), "岚桥鞋业", "王一鸣", "甲"));
    g_autofree char *two = g_strdup(row(format, uscc(1), "岚桥鞋业公司", "李思远", "乙"));
    const char *path = file_of("企业.jsonl", row("%s%s", one, two));
    expect_counts("enterprise", load_path("enterprise", 1, path), 1, 1, 0, 0);
    expect_nothing_new("enterprise, again", "enterprise", path, 2);
}

Test(load_again, what_happened_in_between_is_answered_row_by_row)
{
    loading_open();
    const char *file =
        file_of("甲.jsonl", row("%s%s%s", offer(1, 100), offer(1, 200), offer(2, 500)));
    load_path("patent", 1, file);
    expect_counts("another file", load("patent", 1, offer(1, 900)), 0, 1, 0, 0);
    expect_counts("the first file again", load_path("patent", 1, file), 0, 2, 1, 0);
    cr_expect_eq(testdb_int("SELECT sum((offer->>'price_fen')::int) FROM patent"), 200 + 500);
    expect_nothing_new("and once more", "patent", file, 3);
}

Test(load_again, another_agencys_word_counts_as_in_between)
{
    loading_open();
    const char *file = file_of("甲.jsonl", row("%s%s", offer(1, 100), offer(1, 200)));
    load_path("patent", 1, file);
    expect_counts("the other agency", load("patent", 2, offer(1, 900)), 1, 0, 0, 0);
    expect_counts("the file again", load_path("patent", 1, file), 0, 2, 0, 0);
    cr_expect_eq(testdb_int("SELECT (offer->>'price_fen')::int FROM patent"), 200);
}

static const char *expert(const char *name, const char *source)
{
    return row("{'name': '%s', 'employer': '海丝大学', 'fields': ['高分子'], 'consent_date': "
               "'2024-01-01', 'source_id': '%s'}\n",
               name, source);
}

Test(load_again, a_row_refused_then_is_read_again)
{
    loading_open();
    load("expert", 1, expert("林知序", "E1"));
    const char *file =
        file_of("专家.jsonl", row("%s%s", expert("许海涛", "E2"), expert("许海涛", "E1")));
    json_t *report = load_path("expert", 1, file);
    expect_counts("E1 is another's", report, 1, 0, 0, 1);
    cr_expect_str_eq(code_of_line(report, 2), "duplicate_conflict");
    expect_counts("E1 is given up", load("expert", 1, expert("林知序", "E3")), 0, 1, 0, 0);
    expect_counts("the file again", load_path("expert", 1, file), 0, 1, 1, 0);
    cr_expect_eq(testdb_int("SELECT count(*) FROM record_holding WHERE source_id = 'E1' AND "
                            "superseded_at IS NULL"),
                 1);
}
