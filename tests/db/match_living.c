/* The living index: whatever happens to patents, it finds what an index built anew finds; and it starts from its files. */
#include "matcher/parts.h"
#include "tests/db/living_support.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

TestSuite(living, .init = living_begin, .fini = living_end);

Test(living, new_patents_are_found_with_the_scores_of_an_index_built_anew)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    given_patents(0, 60, "结构");
    expect_as_anew(caught_up(store), "60 at first");
    for (int i = 60; i < 75; i += 3) {
        given_patents(i, 3, "装置");
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
    given_patents(0, 60, "结构");
    caught_up(store);
    given_patents(7, 1, "超临界发泡");
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
    given_patents(0, 60, "结构");
    caught_up(store);
    given_patents(0, 9, "改进型"); /* more than a tenth */
    struct living *living = caught_up(store);
    living_settle(living);
    cr_expect_eq(living_figures(living).merges, 1);
    cr_expect_eq(living_figures(living).deleted, 0);
    expect_as_anew(living, "merged");
    given_patents(60, 4, "装置");
    expect_as_anew(caught_up(store), "and goes on");
}

Test(living, few_patents_never_drift)
{
    g_autoptr(living_store_t) store = store_of(0, 0, true);
    given_patents(0, 40, "结构");
    caught_up(store);
    given_patents(3, 1, "改进型");
    expect_as_anew(caught_up(store), "one changed of forty");
}

Test(living, a_patent_that_is_taken_back_is_not_found)
{
    g_autoptr(living_store_t) store = store_of(1, 50, false);
    given_patents(0, 40, "结构");
    caught_up(store);
    given_patents(40, 2, "装置");
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

Test(living, starts_from_its_files_and_catches_up)
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    given_patents(50, 7, "装置");
    given_patents(2, 1, "改进型");
    testdb_sql("UPDATE patent SET legal_status = 'lapsed' WHERE patent_id = (SELECT "
               "min(patent_id) FROM patent)");
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    struct living *living = caught_up(store);
    cr_expect(living_figures(living).from_file);
    cr_expect_eq(living_figures(living).docs, 57);
    cr_expect_eq(living_support.said->len, 0, "%s",
                 living_support.said->len ? (char *)living_support.said->pdata[0] : "");
}

Test(living, is_searched_from_files_where_memory_is_short)
{
    struct living_options options = {
        .folder = living_support.folder, .least = 1, .memory_mb = 1, .words = "none"};
    g_autoptr(living_store_t) store = living_store_new(&options);
    given_patents(0, 300, "结构");
    expect_as_anew(caught_up(store), "one megabyte");
}

static void expect_refused(const char *what, const char *anew)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    g_ptr_array_set_size(living_support.said, 0);
    struct living *living = caught_up(store);
    cr_expect_not(living_figures(living).from_file, "%s", what);
    cr_expect_eq(living_support.said->len, 1, "%s: said %u lines", what,
                 living_support.said->len);
    g_autofree char *here = found(living);
    cr_expect_str_eq(here, anew, "%s", what);
}

Test(living, damaged_files_are_refused_and_made_anew)
{
    static const char *const files[] = {".facts", ".index"};
    given_patents(0, 50, "结构");
    g_autofree char *anew = found_anew();
    for (size_t f = 0; f < G_N_ELEMENTS(files); f++)
        for (int i = 0; i <= 10; i++)
            for (int cut = 0; cut < 2; cut++) {
                leave_snapshot();
                g_autofree char *path = file_with(files[f]);
                g_autofree char *what =
                    g_strdup_printf("%s at %d0 %%, cut %d", files[f], i, cut);
                damage(path, i / 10., cut);
                expect_refused(what, anew);
            }
}

Test(living, a_missing_index_file_is_said_and_made_anew)
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    g_autofree char *path = file_with(".index"), *anew = found_anew();
    g_unlink(path);
    expect_refused("no index file", anew);
}

Test(living, files_of_a_database_that_went_another_way_are_refused)
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    g_autofree char *anew = found_anew();
    testdb_sql(
        "ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET digest = repeat('0', 64)"
        " WHERE seq = (SELECT max(seq) FROM ledger)");
    expect_refused("another history", anew);
}

Test(living, files_of_another_database_are_not_looked_at)
{
    given_patents(0, 50, "结构");
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
    given_patents(0, 200, "结构");
    struct living *living = caught_up(store);
    pthread_t searcher;
    void *searches;
    cr_assert_eq(pthread_create(&searcher, NULL, search_on, living), 0);
    for (int i = 0; i < 6; i++) {
        given_patents(i * 30, 30, i % 2 ? "改进型" : "新型");
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
