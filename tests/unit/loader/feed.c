/* Reading ahead by a thread: every row once, in order, in blocks; and an end at any moment. */
#include "loader/feed.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { ROWS = 2 * LOAD_CHUNK_ROWS + 100, BAD_EVERY = 1000 };

static struct reader *open_rows(int rows)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    for (int i = 1; i <= rows; i++)
        if (i % BAD_EVERY == 0)
            g_string_append(text, "{\"title\": \n");
        else
            g_string_append_printf(
                text, "{\"publication_number\": \"CN106%06dA\", \"title\": \"鞋底%d\"}\n", i,
                i);
    int fd = g_file_open_tmp("patbridge-feed-XXXXXX", &path, &error);
    cr_assert(fd >= 0 && write(fd, text->str, text->len) == (ssize_t)text->len &&
              lseek(fd, 0, SEEK_SET) == 0);
    g_unlink(path);
    const struct plan plan = {.kind = kind_find("patent"), .today = "2025-06-30"};
    struct reader *reader = reader_open_fd(fd, "行.jsonl", &plan, &error);
    cr_assert(reader, "%s", error ? error->message : "");
    return reader;
}

Test(feed, every_row_comes_once_and_in_order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = open_rows(ROWS);
    g_autoptr(feed_t) feed = feed_start(reader, NULL, &error);
    cr_assert(feed);
    int64_t line = 0, refused = 0, blocks = 0;
    for (bool last = false; !last;) {
        g_autoptr(feed_block) block = feed_next(feed, &error);
        cr_assert(block, "%s", error ? error->message : "ended early");
        cr_expect_leq(block->rows->len, LOAD_CHUNK_ROWS);
        for (guint i = 0; i < block->rows->len; i++) {
            const struct feed_row *row = block->rows->pdata[i];
            cr_assert_eq(row->raw.line, ++line);
            cr_expect_eq(row->refused, line % BAD_EVERY == 0, "line %d", (int)line);
            refused += row->refused;
        }
        last = block->last;
        blocks++;
        feed_give_back(feed, g_steal_pointer(&block));
    }
    cr_expect_eq(line, ROWS);
    cr_expect_eq(refused, ROWS / BAD_EVERY);
    cr_expect_eq(blocks, 3);
    cr_expect_null(feed_next(feed, &error), "something came after the last block");
}

/* Before the first block, with one that waits, with one taken. */
Test(feed, it_can_be_ended_at_any_moment)
{
    for (int taken = 0; taken < 6; taken++) {
        g_autoptr(reader_t) reader = open_rows(ROWS);
        g_autoptr(feed_t) feed = feed_start(reader, NULL, NULL);
        cr_assert(feed);
        if (taken % 2)
            g_usleep((gulong)taken * 20000);
        for (int i = 0; i < taken / 2; i++) {
            g_autoptr(feed_block) block = feed_next(feed, NULL);
            cr_expect(block);
        }
    }
}
