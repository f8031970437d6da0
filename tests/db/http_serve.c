#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NEEDS = 130 };

/* ---- The program, run on the test's database */

static struct {
    pid_t pid;
    char *address;
    struct db *db;
} serving;

/* The address stands in a file as soon as the program listens. */
static char *wait_for(const char *file)
{
    char *address = NULL;
    for (int i = 0; i < 200 && !g_file_get_contents(file, &address, NULL, NULL); i++)
        g_usleep(50000);
    cr_assert(address, "patbridge serve did not start");
    return g_strchomp(address);
}

static void serve(void)
{
    const char *program = g_getenv("PATBRIDGE_BINARY");
    cr_assert(program, "PATBRIDGE_BINARY names no program; run the tests by `make test`");
    g_autofree char *folder = g_dir_make_tmp("http-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "address", NULL);
    serving.pid = fork();
    if (serving.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that dies leaves nothing behind */
        g_setenv("PATBRIDGE_DATABASE", testdb_conninfo(), TRUE);
        execl(program, program, "serve", "--port", "0", "--port-file", file, "--steps", "none",
              (char *)NULL);
        _exit(127);
    }
    serving.address = wait_for(file);
    unlink(file);
    rmdir(folder);
}

static void start(void)
{
    serving.db = trackdb_open();
    for (int i = 1; i <= NEEDS; i++) {
        givef("enterprise", "{'enterprise_id': %d, 'uscc': 'E%d', 'invented': %s}", 1000 + i, i,
              i % 2 ? "true" : "false");
        givef("need",
              "{'need_id': %d, 'enterprise_id': %d, 'source_id': 'XQ/%03d', 'title': "
              "'<script>鞋&底</script> %d'}",
              i, 1000 + i, i, i);
        if (i % 10)
            givef("decision", "{'kind': 'need', 'key': 'XQ/%03d'}", i);
    }
    give("patent",
         "{'patent_id': 7, 'application_number': 'CN201710027729.1', 'title': '<b>鞋底</b>'}");
    testdb_sql("INSERT INTO lead SELECT 7, n, 1, 300, .6, .3, 1, '[{\"text\": \"鞋底\", "
               "\"kind\": \"term\", \"points\": 300}]', "
               "'m1', CASE n WHEN 3 THEN 'superseded' ELSE 'proposed' END, 1, '2026-03-01 "
               "08:00+08'::timestamptz + n * "
               "interval '1 minute', NULL, NULL, NULL FROM generate_series(1, 30) n");
    serve();
}

static void stop(void)
{
    int status = -1;
    kill(serving.pid, SIGTERM);
    waitpid(serving.pid, &status, 0);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "SIGTERM ends it cleanly: %x",
              (unsigned)status);
    g_free(serving.address);
    db_close(serving.db);
}

TestSuite(http_serve, .init = start, .fini = stop, .timeout = 120);

/* ---- Asking */

static size_t keep(char *bytes, size_t size, size_t count, void *out)
{
    g_string_append_len(out, bytes, (gssize)(size * count));
    return size * count;
}

/* The body, headers in front. */
static char *ask(const char *path, long *status)
{
    GString *heard = g_string_new(NULL);
    CURL *curl = curl_easy_init();
    g_autofree char *url = g_strconcat(serving.address, path, NULL);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: text/html");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, heard);
    curl_easy_setopt(curl, CURLOPT_HEADER, 1L);
    CURLcode code = curl_easy_perform(curl);
    cr_assert_eq(code, CURLE_OK, "%s: %s", url, curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return g_string_free(heard, FALSE);
}

static char *page(const char *path)
{
    long status = 0;
    char *text = ask(path, &status);
    cr_assert_eq(status, 200, "%s: %ld %s", path, status, text);
    return text;
}

/* What stands between two texts, from `*at` on, which moves behind it; NULL: nothing. */
static char *between(const char **at, const char *before, const char *after)
{
    const char *from = strstr(*at, before),
               *to = from ? strstr(from + strlen(before), after) : NULL;
    if (!to)
        return NULL;
    *at = to;
    return g_strndup(from + strlen(before), (gsize)(to - from) - strlen(before));
}

static char *unescaped(const char *html)
{
    g_auto(GStrv) parts = g_strsplit(html, "&amp;", 0);
    return g_strjoinv("&", parts);
}

/* The keys of every page, one behind the other as a reader follows the links; the number of pages. */
static GPtrArray *keys_of(const char *path, const char *query, int *pages)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *next = g_strdup(query);
    for (*pages = 0; next && *pages < 100; ++*pages) {
        g_autofree char *address = g_strconcat(path, next, NULL), *text = page(address);
        const char *at = text;
        char *key;
        while ((key = between(&at, "<th scope=\"row\" class=\"code\">", "</th>")))
            g_ptr_array_add(keys, key);
        at = text;
        g_autofree char *link = between(&at, "rel=\"next\" href=\"", "\"");
        g_free(next);
        next = link ? unescaped(link) : NULL;
    }
    return keys;
}

/* ---- What is true */

Test(http_serve, following_the_pages_shows_every_row_once)
{
    static const struct {
        const char *query;
        int rows, pages;
    } rows[] = {{"", NEEDS, 3},
                {"?show=counted", 117, 3},
                {"?show=left-out", 13, 1},
                {"?agency=JJ01", NEEDS, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int pages = 0;
        g_autoptr(GPtrArray) keys =
            keys_of("/evidence/jinjiang-2023-6/needs", rows[i].query, &pages);
        cr_expect_eq((int)keys->len, rows[i].rows, "'%s': %u rows", rows[i].query, keys->len);
        cr_expect_eq(pages, rows[i].pages, "'%s': %d pages", rows[i].query, pages);
        for (guint k = 1; k < keys->len; k++)
            cr_expect_lt(strcmp(keys->pdata[k - 1], keys->pdata[k]), 0, "'%s': %s",
                         rows[i].query, (char *)keys->pdata[k]);
    }
}

Test(http_serve, pages_of_one_number_do_not_move_while_records_come_in)
{
    g_autofree char *first = page("/evidence/jinjiang-2023-6/needs");
    const char *at = first;
    g_autofree char *link = between(&at, "rel=\"next\" href=\"", "\"");
    cr_assert(link);
    give("need", "{'need_id': 500, 'source_id': 'XQ/999', 'title': '后来的需求', "
                 "'recorded_at': '2099-01-01 00:00+08', "
                 "'first_recorded_at': '2099-01-01 00:00+08'}");
    g_autofree char *next = unescaped(link);
    int pages = 0;
    g_autoptr(GPtrArray) keys = keys_of("/evidence/jinjiang-2023-6/needs", next, &pages);
    cr_expect_eq((int)keys->len, NEEDS - 50);
}

Test(http_serve, the_number_on_the_first_page_is_the_count_of_its_rows)
{
    g_autofree char *text = page("/");
    const char *at = text;
    g_autofree char *link = between(&at, "href=\"evidence/jinjiang-2023-6/needs", "\"");
    g_autofree char *value = between(&at, "data-label=\"计入\">", "<");
    g_autofree char *query = link ? unescaped(link) : NULL;
    g_autofree char *counted = g_strconcat(query, "&show=counted", NULL);
    int pages = 0;
    g_autoptr(GPtrArray) keys = keys_of("/evidence/jinjiang-2023-6/needs", counted, &pages);
    g_autofree char *count = g_strdup_printf("%u ", keys->len);
    cr_expect_str_eq(value, count);
    cr_expect_gt(keys->len, 0);
}

Test(http_serve, the_first_page_shows_both_policies_and_the_newest_leads)
{
    static const char *const wanted[] = {
        "id=\"jinjiang-2023-6\"",
        "id=\"successor-template\"",
        "模板，未生效",
        "政策已结束",
        "id=\"lead-7-30\"",
        "先验，未学习",
        "&lt;b&gt;鞋底&lt;/b&gt;",
    };
    g_autofree char *text = page("/");
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        cr_expect(strstr(text, wanted[i]), "%s", wanted[i]);
    static const char *const unwanted[] = {"<script>", "<b>鞋底", "id=\"lead-7-3\"",
                                           "id=\"lead-7-10\""};
    for (size_t i = 0; i < G_N_ELEMENTS(unwanted); i++)
        cr_expect_not(strstr(text, unwanted[i]), "%s", unwanted[i]);
    cr_expect_lt(strstr(text, "lead-7-30"), strstr(text, "lead-7-29"),
                 "the newest stands first");
}

Test(http_serve, what_is_not_there_is_not_found_and_nonsense_is_refused)
{
    static const struct {
        const char *path;
        long status;
    } rows[] = {
        {"/evidence/jinjiang-2023-6/unicorns", 404},
        {"/evidence/nowhere/needs", 404},
        {"/evidence/jinjiang-2023-6/needs?agency=NO", 404},
        {"/evidence/jinjiang-2023-6/needs?as-of=2025-02-30", 400},
        {"/evidence/jinjiang-2023-6/needs?as-of=yesterday", 400},
        {"/evidence/jinjiang-2023-6/needs?known=2025-W01-1T10:00Z", 400},
        {"/evidence/jinjiang-2023-6/needs?known=%27%3B--", 400},
        {"/evidence/jinjiang-2023-6/needs?known=2025-06-30&as-of=2025-06-30", 200},
        {"/evidence/jinjiang-2023-6/needs?after=1.%27%20OR%201=1", 200},
        {"/healthz", 200},
        {"/readyz", 200},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        long status = 0;
        g_autofree char *text = ask(rows[i].path, &status);
        cr_expect_eq(status, rows[i].status, "%s: %ld %s", rows[i].path, status, text);
    }
}

Test(http_serve, a_lost_connection_is_found_again_and_a_database_that_is_gone_said_so)
{
    static const char end_others[] =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()";
    long status = 0;
    g_free(page("/"));
    testdb_sql(end_others);
    g_free(page("/"));
    g_autofree char *name =
        g_strdup(strstr(testdb_conninfo(), "dbname=test_") + strlen("dbname="));
    g_autofree char *shut = g_strdup_printf(
        "UPDATE pg_database SET datallowconn = false WHERE datname = '%s'", name);
    g_autofree char *open = g_strdup_printf(
        "UPDATE pg_database SET datallowconn = true WHERE datname = '%s'", name);
    testdb_sql(shut);
    testdb_sql(end_others);
    g_autofree char *gone = ask("/", &status);
    cr_expect_eq(status, 503, "%ld", status);
    cr_expect(strstr(gone, "Retry-After: "), "%s", gone);
    cr_expect_not(strstr(gone, name), "the reason is the log's alone");
    g_free(ask("/readyz", &status));
    cr_expect_eq(status, 503);
    g_free(ask("/healthz", &status));
    cr_expect_eq(status, 200);
    testdb_sql(open);
    g_free(page("/"));
}
