/* What a block of patents is known by: which rows are alone, in which order, and all numbers of all others too. */
#include "loader/feed.h"
#include "loader/patents.h"
#include <criterion/criterion.h>

static void row_free(gpointer data)
{
    struct feed_row *row = data;
    g_free(row->record.app_key);
    g_free(row->record.pub_key);
    g_free(row);
}

static void add(GPtrArray *rows, const char *app, const char *pub, bool refused)
{
    struct feed_row *row = g_new0(struct feed_row, 1);
    row->record.app_key = g_strdup(app);
    row->record.pub_key = g_strdup(pub);
    row->refused = refused;
    g_ptr_array_add(rows, row);
}

static GPtrArray *some_rows(void)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    add(rows, "CN201710027729", "CN106970934A", false); /* its publication comes again */
    add(rows, "CN201810000001", NULL, false);
    add(rows, NULL, "CN106970934A", false);
    add(rows, "CN201810000002", "CN108000002A", true); /* refused: no number of it counts */
    add(rows, NULL, "CN108000002A", false);
    add(rows, "CN201810000003", "CN108000003A", false);
    add(rows, "CN201810000004", NULL, false); /* twice the same row */
    add(rows, "CN201810000004", NULL, false);
    return rows;
}

static int64_t named_by(const struct feed_row *row)
{
    const struct record *record = &row->record;
    return patent_id_of(record->app_key ? record->app_key : record->pub_key, 0);
}

Test(patent_keys, rows_that_share_a_number_are_not_alone)
{
    g_autoptr(GPtrArray) rows = some_rows();
    struct patent_keys *keys = patent_keys_new(rows);
    cr_assert_eq(keys->alone->len, 3);
    for (guint i = 0; i < rows->len; i++) {
        bool wanted = i == 1 || i == 4 || i == 5;
        cr_expect_eq(g_ptr_array_find(keys->alone, rows->pdata[i], NULL), wanted, "row %u", i);
    }
    for (guint i = 1; i < keys->alone->len; i++)
        cr_expect_lt(named_by(keys->alone->pdata[i - 1]), named_by(keys->alone->pdata[i]));
    patent_keys_free(keys);
}

Test(patent_keys, every_number_is_looked_up_with_the_id_that_it_would_be_given)
{
    g_autoptr(GPtrArray) rows = some_rows();
    struct patent_keys *keys = patent_keys_new(rows);
    cr_assert_eq(keys->numbers->len, 9);
    cr_assert_eq(keys->ids->len, keys->numbers->len);
    for (guint i = 0; i < keys->ids->len; i++)
        cr_expect_eq(g_array_index(keys->ids, int64_t, i),
                     patent_id_of(keys->numbers->pdata[i], 0));
    patent_keys_free(keys);
}

/* Rows that are in already are taken off the block: what is left may be alone by that. */
Test(patent_keys, they_are_gathered_anew_when_rows_are_taken_off)
{
    struct feed_block *block = g_new0(struct feed_block, 1);
    block->rows = some_rows();
    block->keys = patent_keys_new(block->rows);
    feed_block_drop(block, 7);
    cr_expect_eq(block->keys->numbers->len, 1);
    cr_assert_eq(block->keys->alone->len, 1);
    cr_expect_eq(block->keys->alone->pdata[0], block->rows->pdata[0]);
    feed_block_free(block);
}
