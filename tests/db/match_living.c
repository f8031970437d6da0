/* The living index: whatever happens to patents, it finds what an index built anew finds; and it starts from its files. */
#include "matcher/parts.h"
#include "service/steps/living.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { K = 10 };
static GError *error;
static struct db *db;
static char *folder;
static GPtrArray *said; /* char * */

static const char *const things[] = {"发泡鞋底", "防水面料", "陶瓷釉料", "注塑模具",
                                     "纺织染料", "伞骨支架", "石材切割", "食品干燥",
                                     "电机轴承", "包装薄膜"};
static const char *const ways[] = {"轻质", "耐磨", "节能", "自动", "环保", "高强度", "低成本"};

static void hear(const char *level, const char *line, void *user)
{
    (void)user;
    g_ptr_array_add(said, g_strdup_printf("%s: %s", level, line));
}

static struct db *take(void *user, GError **problem)
{
    (void)user, (void)problem;
    return testdb_again();
}

static void give(struct db *lent, bool lost, void *user)
{
    (void)lost, (void)user;
    db_close(lent);
}

static void given(int first, int count, const char *word)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    for (int i = first; i < first + count; i++) {
        const char *thing = things[i % 10], *way = ways[i % 7];
        g_string_append(
            lines,
            row("{'application_number':'%s','title':'一种%s%s%s','abstract':'本发明公开了%s%s的"
                "%s,第%d号,解决了%s%s的问题。','applicants':['第%d工厂'],'ipc':['A43B "
                "13/%02d']}\n",
                app_number(i), way, word, thing, way, thing, word, i, thing, ways[i % 5],
                i % 13, i % 9));
    }
    json_t *report = load("patent", 1, lines->str);
    cr_assert_eq(json_integer_value(json_object_get(report, "refused")), 0);
}

static struct living_store *store_of(uint32_t least, uint32_t tail, bool beside)
{
    struct living_options options = {
        .folder = folder, .least = least, .tail = tail, .words = "none", .say = hear};
    if (beside) {
        options.take = take;
        options.give = give;
    }
    return living_store_new(&options);
}

static struct living *caught_up(struct living_store *store)
{
    struct living *living = living_of(store, 1, &error);
    cr_assert(living, "%s", error ? error->message : "");
    cr_assert(db_begin(db, DB_SERVICE, 1, &error));
    bool done = living_catch_up(living, db, &error);
    db_rollback(db);
    cr_assert(done, "%s", error ? error->message : "");
    return living;
}

/* What is found for some needs: "id score" a line, best first. */
static char *found(struct living *living)
{
    GString *out = g_string_new(NULL);
    const struct living_state *state = living_hold(living);
    g_autoptr(match_parts_searcher) searcher = parts_search_new(living_parts(state));
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++) {
        struct hit hits[K];
        g_autofree char *text = g_strconcat(ways[i % 7], things[i], "的问题", NULL);
        g_autoptr(match_query) query = parts_query(living_parts(state), text, NULL, 0);
        size_t count = parts_search_top(searcher, query, K, SEARCH_AUTO, NULL, NULL, hits);
        for (size_t k = 0; k < count; k++) {
            struct held_patent held;
            bool known = living_patent(state, hits[k].id, &held);
            g_string_append_printf(out, "%" G_GINT64_FORMAT " %u %s\n", hits[k].id,
                                   hits[k].score, known ? held.owners : "?");
        }
    }
    living_let_go(living);
    return g_string_free(out, FALSE);
}

/* The same of an index that is built now. */
static char *found_anew(void)
{
    struct living_options options = {.least = 1, .words = "none"};
    g_autoptr(living_store_t) store = living_store_new(&options);
    return found(caught_up(store));
}

static void expect_as_anew(struct living *living, const char *when)
{
    g_autofree char *here = found(living), *anew = found_anew();
    cr_expect_str_eq(here, anew, "%s", when);
}

static void begin(void)
{
    db = loading_open();
    said = g_ptr_array_new_with_free_func(g_free);
    folder = g_dir_make_tmp("living-XXXXXX", NULL);
}

static void forget_folder(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

TestSuite(living, .init = begin, .fini = forget_folder);

Test(living, new_patents_are_found_with_the_scores_of_an_index_built_anew)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    given(0, 60, "结构");
    expect_as_anew(caught_up(store), "60 at first");
    for (int i = 60; i < 75; i += 3) {
        given(i, 3, "装置");
        expect_as_anew(caught_up(store), "three more");
    }
    struct living_figures figures = living_figures(caught_up(store));
    cr_expect_eq(figures.docs, 75);
    cr_expect_eq(figures.merges, 0);
    cr_expect(figures.parts > 2, "a full index is followed by another, not %u", figures.parts);
}

Test(living, a_changed_patent_is_found_by_its_new_text_alone)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    given(0, 60, "结构");
    caught_up(store);
    given(7, 1, "超临界发泡");
    struct living *living = caught_up(store);
    const struct living_state *state = living_hold(living);
    g_autoptr(match_parts_searcher) searcher = parts_search_new(living_parts(state));
    g_autoptr(match_query) query = parts_query(living_parts(state), "超临界发泡", NULL, 0);
    struct hit hits[3];
    cr_expect_geq(parts_search_top(searcher, query, 3, SEARCH_AUTO, NULL, NULL, hits), 1);
    cr_expect_eq(hits[0].id,
                 testdb_int("SELECT patent_id FROM patent WHERE title LIKE '%超临界%'"));
    living_let_go(living);
    cr_expect_eq(living_figures(living).docs, 60);
    cr_expect_eq(living_figures(living).deleted, 1, "counts still know the old text");
}

Test(living, what_drifts_is_gone_after_a_merge)
{
    g_autoptr(living_store_t) store = store_of(1, 5, true);
    given(0, 60, "结构");
    caught_up(store);
    given(0, 9, "改进型"); /* more than a tenth */
    struct living *living = caught_up(store);
    living_settle(living);
    cr_expect_eq(living_figures(living).merges, 1);
    cr_expect_eq(living_figures(living).deleted, 0);
    expect_as_anew(living, "merged");
    given(60, 4, "装置");
    expect_as_anew(caught_up(store), "and goes on");
}

Test(living, few_patents_never_drift)
{
    g_autoptr(living_store_t) store = store_of(0, 0, true);
    given(0, 40, "结构");
    caught_up(store);
    given(3, 1, "改进型");
    expect_as_anew(caught_up(store), "one changed of forty");
}

Test(living, a_patent_that_is_taken_back_is_not_found)
{
    g_autoptr(living_store_t) store = store_of(1, 50, false);
    given(0, 40, "结构");
    caught_up(store);
    given(40, 2, "装置");
    caught_up(store);
    testdb_sql("UPDATE patent_holding SET superseded_at = now() WHERE batch_id = (SELECT "
               "max(batch_id) FROM load_batch);"
               "INSERT INTO batch_undo SELECT max(batch_id), 1, now(), 'test', 2, 0, 0 FROM "
               "load_batch");
    struct living *living = caught_up(store);
    cr_expect_eq(living_figures(living).docs, 40);
    g_autofree char *here = found(living);
    g_autofree char *gone = g_strdup_printf(
        "%" G_GINT64_FORMAT " ",
        testdb_int(
            "SELECT patent_id FROM patent_holding WHERE superseded_at IS NOT NULL LIMIT 1"));
    cr_expect_null(strstr(here, gone));
}

/* ---- Files */

static char *file_with(const char *suffix)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, suffix))
            return g_build_filename(folder, name, NULL);
    cr_assert_fail("no file *%s in %s", suffix, folder);
    return NULL;
}

static void leave_snapshot(void)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    caught_up(store);
}

Test(living, starts_from_its_files_and_catches_up)
{
    given(0, 50, "结构");
    leave_snapshot();
    given(50, 7, "装置");
    given(2, 1, "改进型");
    testdb_sql("UPDATE patent SET legal_status = 'lapsed' WHERE patent_id = (SELECT "
               "min(patent_id) FROM patent)");
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    struct living *living = caught_up(store);
    cr_expect(living_figures(living).from_file);
    cr_expect_eq(living_figures(living).docs, 57);
    cr_expect_eq(said->len, 0, "%s", said->len ? (char *)said->pdata[0] : "");
}

Test(living, is_searched_from_files_where_memory_is_short)
{
    struct living_options options = {
        .folder = folder, .least = 1, .memory_mb = 1, .words = "none"};
    g_autoptr(living_store_t) store = living_store_new(&options);
    given(0, 300, "结构");
    expect_as_anew(caught_up(store), "one megabyte");
}

/* Changes one byte at a share of the file's length, or cuts the rest off. */
static void damage(const char *path, double where, bool cut)
{
    g_autofree char *text = NULL;
    gsize len;
    cr_assert(g_file_get_contents(path, &text, &len, NULL));
    gsize at = (gsize)((double)(len - 1) * where);
    text[at] = (char)(text[at] ^ 0x10);
    cr_assert(g_file_set_contents(path, text, cut ? (gssize)at : (gssize)len, NULL));
}

static void expect_refused(const char *what)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    g_ptr_array_set_size(said, 0);
    struct living *living = caught_up(store);
    cr_expect_not(living_figures(living).from_file, "%s", what);
    cr_expect_eq(said->len, 1, "%s: said %u lines", what, said->len);
    expect_as_anew(living, what);
}

Test(living, damaged_files_are_refused_and_made_anew)
{
    static const char *const files[] = {".facts", ".index"};
    given(0, 50, "结构");
    for (size_t f = 0; f < G_N_ELEMENTS(files); f++)
        for (int i = 0; i <= 10; i++)
            for (int cut = 0; cut < 2; cut++) {
                leave_snapshot();
                g_autofree char *path = file_with(files[f]);
                g_autofree char *what =
                    g_strdup_printf("%s at %d0 %%, cut %d", files[f], i, cut);
                damage(path, i / 10., cut);
                expect_refused(what);
            }
}

Test(living, a_missing_index_file_is_said_and_made_anew)
{
    given(0, 50, "结构");
    leave_snapshot();
    g_autofree char *path = file_with(".index");
    g_unlink(path);
    expect_refused("no index file");
}

Test(living, files_of_a_database_that_went_another_way_are_refused)
{
    given(0, 50, "结构");
    leave_snapshot();
    testdb_sql(
        "ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET digest = repeat('0', 64)"
        " WHERE seq = (SELECT max(seq) FROM ledger)");
    expect_refused("another history");
}

Test(living, files_of_another_database_are_not_looked_at)
{
    given(0, 50, "结构");
    leave_snapshot();
    testdb_sql("ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET digest = repeat('a', "
               "64) WHERE seq = 1");
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    cr_expect_not(living_figures(caught_up(store)).from_file);
}

/* ---- Beside each other */

static atomic_bool over;

static void *search_on(void *living)
{
    int64_t searches = 0;
    for (; !atomic_load(&over); searches++)
        g_free(found(living));
    return (void *)(intptr_t)searches;
}

Test(living, searches_go_on_while_it_is_merged)
{
    g_autoptr(living_store_t) store = store_of(1, 20, true);
    given(0, 200, "结构");
    struct living *living = caught_up(store);
    pthread_t searcher;
    void *searches;
    cr_assert_eq(pthread_create(&searcher, NULL, search_on, living), 0);
    for (int i = 0; i < 6; i++) {
        given(i * 30, 30, i % 2 ? "改进型" : "新型");
        caught_up(store);
        living_settle(living);
    }
    atomic_store(&over, true);
    pthread_join(searcher, &searches);
    cr_expect_gt((intptr_t)searches, 0);
    cr_expect_gt(living_figures(living).merges, 3);
    cr_expect_lt(living_figures(living).longest_us, 5000);
    caught_up(store);
    living_settle(living);
    cr_expect_eq(living_figures(living).docs, 200);
}
