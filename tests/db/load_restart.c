/* A load that is killed goes on where it stopped, and ends as if nothing had happened. */
#include "loader/load.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 25000, STOP_AFTER = LOAD_CHUNK_ROWS + 2000 };

static const char *big_file(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < ROWS; i++) {
        if (i % 5000 == 77) /* refused, on both sides of the checkpoint */
            g_string_append_printf(
                text, "{\"publication_number\": \"no number %d\", \"title\": \"鞋底\"}\n", i);
        else if (i % 1000 == 500) /* a patent of another chunk or of this, changed */
            g_string_append_printf(
                text, "{\"publication_number\": \"CN106%06dA\", \"abstract\": \"第%d行\"}\n",
                i / 2, i);
        else
            g_string_append_printf(text,
                                   "{\"publication_number\": \"CN106%06dA\", \"title\": "
                                   "\"鞋底%d\", \"编号\": \"%d\"}\n",
                                   i, i, i);
    }
    return file_of("大.jsonl", text->str);
}

static void stop(int64_t rows, int64_t lines, int64_t lines_total, void *user)
{
    (void)lines;
    (void)lines_total;
    (void)user;
    if (rows > STOP_AFTER)
        kill(getpid(), SIGKILL);
}

/* The report without its batch's number. */
static char *report_text(json_t *report)
{
    json_object_del(report, "batch");
    return json_dumps(report, JSON_SORT_KEYS | JSON_INDENT(1));
}

static void load_and_be_killed(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        loading_reconnect();
        loading.progress = stop;
        load_path("patent", 1, path);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert(WIFSIGNALED(status), "the load was not killed");
}

Test(load_restart, a_killed_load_ends_in_the_same_state_and_report, .timeout = 300)
{
    loading_open();
    const char *path = big_file();
    json_t *whole = load_path("patent", 1, path);
    expect_counts("whole", whole, ROWS - 5 - 25, 25, 0, 5);
    char *whole_report = report_text(whole);
    g_autofree char *whole_state = dump_all(false);

    loading_open_again();
    load_and_be_killed(path);
    cr_expect_eq(testdb_int("SELECT last_line FROM load_batch WHERE finished_at IS NULL"),
                 LOAD_CHUNK_ROWS);
    cr_expect_eq(testdb_int("SELECT count(*) FROM refused_row"), 1);
    char *report = report_text(load_path("patent", 1, path));
    g_autofree char *state = dump_all(false);
    cr_expect_str_eq(report, whole_report);
    cr_expect(g_str_equal(state, whole_state), "the state is not the same");
    cr_expect_eq(testdb_int("SELECT count(*) FROM load_batch"), 1, "a second batch was opened");
    cr_expect_eq(testdb_int("SELECT count(*) FROM load_batch WHERE read = 25000 AND refused = "
                            "5 AND finished_at IS NOT NULL"),
                 1);
    expect_counts("after its end, it is another load", load_path("patent", 1, path), 0, 0,
                  ROWS - 5, 5);
    free(report);
    free(whole_report);
}
