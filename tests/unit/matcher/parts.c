#include "matcher/parts.h"
#include "matcher/error.h"
#include "matcher/index_file.h"
#include "matcher/reason.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

enum { DOCS = 600, K = 25, NEEDS = 30 };

/* Invented patents: Chinese and English words, some of the title in the abstract again, one or two classes. */
struct patents {
    struct document docs[DOCS];
    uint32_t count;
};

static const char *const words[] = {
    "发泡", "鞋底", "耐磨", "轻质", "橡胶", "胶粘", "织物", "染色", "纤维", "聚氨酯", "EVA",
    "模具", "温度", "压力", "控制", "方法", "装置", "系统", "材料", "复合", "环保",   "foam",
    "回收", "切割", "检测", "图像", "数据", "电机", "轴承", "陶瓷", "涂层", "sole"};
static const char *const symbols[] = {"A43B13/04", "A43B13/18", "C08J9/00",
                                      "D06P1/00",  "G06F17/30", "B29D35/12"};

static uint32_t word_at(uint64_t *state)
{
    return corpus_word(state, G_N_ELEMENTS(words));
}

static char *text_of(uint64_t *state, uint32_t count)
{
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", words[word_at(state)],
                               corpus_random(state, 4) ? "" : "，");
    return g_string_free(text, FALSE);
}

static struct document *make_document(struct document *doc, int64_t id, uint64_t *state)
{
    const char **classes = g_new0(const char *, 2);
    g_autofree char *more = text_of(state, corpus_random(state, 40));
    char *title = text_of(state, 1 + corpus_random(state, 5));
    classes[0] = symbols[corpus_random(state, G_N_ELEMENTS(symbols))];
    classes[1] = symbols[corpus_random(state, G_N_ELEMENTS(symbols))];
    *doc = (struct document){id, title, g_strconcat(more, title, NULL), classes,
                             1 + corpus_random(state, 2)};
    return doc;
}

static void clear_document(struct document *doc)
{
    g_free((char *)(uintptr_t)doc->title);
    g_free((char *)(uintptr_t)doc->abstract);
    g_free((gpointer)(uintptr_t)doc->classes);
}

static struct patents *make_patents(uint64_t seed)
{
    struct patents *patents = g_new0(struct patents, 1);
    for (uint32_t i = 0; i < DOCS; i++)
        make_document(&patents->docs[patents->count++], (int64_t)i * 3 - 50, &seed);
    return patents;
}

static void free_patents(struct patents *patents)
{
    for (uint32_t i = 0; i < patents->count; i++)
        clear_document(&patents->docs[i]);
    g_free(patents);
}

/* Of the documents from `first` on, every step-th until the end. */
static struct index *index_of(const struct document *docs, uint32_t first, uint32_t end,
                              uint32_t step)
{
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (uint32_t i = first; i < end; i += step)
        index_add(builder, &docs[i]);
    struct index *ix = index_finish(builder, NULL);
    cr_assert_not_null(ix);
    return ix;
}

static struct parts *parts_of(struct index *const *indexes, uint32_t count)
{
    g_autoptr(GError) error = NULL;
    struct parts *parts = parts_new(indexes, count, &error);
    cr_assert_not_null(parts, "%s", error ? error->message : "");
    return parts;
}

static struct parts *one_part(struct index *ix)
{
    return parts_of(&ix, 1);
}

static bool keep_even(int64_t id, void *user)
{
    return user == NULL || id % 2 == 0;
}

static size_t ask(const struct parts *parts, const char *text, const char *symbol, void *filter,
                  enum search_mode mode, struct hit *hits)
{
    g_autoptr(match_parts_searcher) s = parts_search_new(parts);
    g_autoptr(match_query) query = parts_query(parts, text, &symbol, symbol ? 1 : 0);
    size_t found = parts_search_top(s, query, K, mode, filter ? keep_even : NULL, filter, hits);
    for (size_t i = 0; i < found; i++) {
        uint32_t doc;
        const struct index *ix = parts_find(parts, hits[i].id, &doc);
        cr_assert_not_null(ix);
        cr_assert_eq(doc, hits[i].doc);
        g_autoptr(match_reasons) reasons = reasons_of_doc(query, ix, doc);
        cr_assert_eq(reasons->score, hits[i].score);
    }
    return found;
}

static void expect_same(const struct parts *a, const struct parts *b, uint64_t seed)
{
    for (int n = 0; n < NEEDS; n++) {
        struct hit x[K], y[K];
        g_autofree char *text = text_of(&seed, 1 + corpus_random(&seed, 12));
        const char *symbol = n % 2 ? symbols[corpus_random(&seed, 6)] : NULL;
        void *filter = n % 3 ? NULL : &seed;
        enum search_mode mode = (enum search_mode)(n % 3);
        size_t found = ask(a, text, symbol, filter, mode, x);
        cr_assert_eq(ask(b, text, symbol, filter, mode, y), found, "%s", text);
        for (size_t i = 0; i < found; i++)
            cr_assert(x[i].id == y[i].id && x[i].score == y[i].score,
                      "%s: rank %zu: %" G_GINT64_FORMAT " %u, %" G_GINT64_FORMAT " %u", text, i,
                      x[i].id, x[i].score, y[i].id, y[i].score);
    }
}

Test(parts, n_ranges_of_ids_find_what_one_index_finds)
{
    static const uint32_t counts[] = {1, 2, 3, 8};
    struct patents *patents = make_patents(1);
    g_autoptr(match_parts) whole = one_part(index_of(patents->docs, 0, DOCS, 1));
    for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
        struct index *ranges[8];
        uint32_t n = counts[c];
        for (uint32_t i = 0; i < n; i++)
            ranges[i] = index_of(patents->docs, DOCS * i / n, DOCS * (i + 1) / n, 1);
        g_autoptr(match_parts) parts = parts_of(ranges, n);
        cr_assert_eq(parts_docs(parts), DOCS);
        expect_same(whole, parts, 7 + n);
    }
    free_patents(patents);
}

Test(parts, how_documents_are_spread_and_in_which_order_they_come_changes_nothing)
{
    struct patents *patents = make_patents(2);
    struct document backwards[DOCS];
    for (uint32_t i = 0; i < DOCS; i++)
        backwards[i] = patents->docs[DOCS - 1 - i];
    struct index *spread[] = {index_of(patents->docs, 1, DOCS, 3),
                              index_of(patents->docs, 0, DOCS, 3),
                              index_of(patents->docs, 2, DOCS, 3)};
    g_autoptr(match_parts) whole = one_part(index_of(patents->docs, 0, DOCS, 1));
    g_autoptr(match_parts) turned = one_part(index_of(backwards, 0, DOCS, 1));
    g_autoptr(match_parts) parts = parts_of(spread, 3);
    expect_same(whole, turned, 3);
    expect_same(whole, parts, 4);
    free_patents(patents);
}

Test(parts, what_is_new_in_a_later_part_holds_and_what_is_deleted_is_not_found)
{
    uint64_t state = 9;
    struct patents *patents = make_patents(3);
    struct document changed;
    make_document(&changed, patents->docs[5].id, &state);
    struct index *both[] = {index_of(patents->docs, 0, DOCS, 1), index_of(&changed, 0, 1, 1)};
    g_autoptr(match_parts) parts = parts_of(both, 2);
    cr_assert_eq(parts_docs(parts), DOCS);
    cr_assert_eq(parts_deleted(parts), 1);
    uint32_t doc;
    cr_assert_eq(parts_find(parts, changed.id, &doc), both[1]);
    cr_assert(parts_delete(parts, changed.id));
    cr_assert_not(parts_delete(parts, changed.id));
    cr_assert_not(parts_delete(parts, 0), "nobody has that id");
    cr_assert_null(parts_find(parts, changed.id, &doc));
    cr_assert_eq(parts_docs(parts), DOCS - 1);
    for (uint32_t i = 0; i < DOCS; i += 2)
        parts_delete(parts, patents->docs[i].id);
    for (int n = 0; n < NEEDS; n++) {
        struct hit hits[K];
        g_autofree char *text = text_of(&state, 8);
        size_t found = ask(parts, text, NULL, NULL, SEARCH_AUTO, hits);
        cr_assert_gt(found, 0);
        for (size_t i = 0; i < found; i++)
            cr_assert((hits[i].id + 50) % 2 != 0 && hits[i].id != changed.id);
    }
    clear_document(&changed);
    free_patents(patents);
}

/* What is left after deleting, in the order and with the scores of all: only the deleted are missing. */
Test(parts, deleting_takes_nothing_but_the_deleted)
{
    struct patents *patents = make_patents(4);
    g_autoptr(match_parts) whole = one_part(index_of(patents->docs, 0, DOCS, 1));
    g_autoptr(match_parts) fewer = one_part(index_of(patents->docs, 0, DOCS, 1));
    uint64_t state = 2;
    for (uint32_t i = 0; i < DOCS; i += 2) /* ids of even places are even: -50, -44, … */
        cr_assert(parts_delete(whole, patents->docs[i].id));
    for (uint32_t i = 0; i < DOCS; i += 2)
        cr_assert(parts_delete(fewer, patents->docs[DOCS - 2 - i].id));
    expect_same(whole, fewer, 5);
    for (int n = 0; n < NEEDS; n++) {
        g_autofree char *text = text_of(&state, 6);
        struct hit hits[K];
        size_t found = ask(whole, text, NULL, NULL, SEARCH_PRUNED, hits);
        for (size_t i = 1; i < found; i++)
            cr_assert_geq(hits[i - 1].score, hits[i].score);
    }
    free_patents(patents);
}

/* Once statistics are settled - the index is built anew - it is as if the deleted had never been. */
Test(parts, a_restart_out_of_files_and_a_rebuild_change_nothing)
{
    struct patents *patents = make_patents(6);
    g_autofree char *path = g_strdup_printf("/tmp/patbridge-parts.%d", g_random_int());
    struct index *first = index_of(patents->docs, 0, 400, 1), *again;
    cr_assert(index_save(first, 1, path, NULL));
    again = index_load(path, 1, &weighing_default, NULL);
    cr_assert_not_null(again);
    g_unlink(path);
    struct index *kept[] = {first, index_of(patents->docs, 400, DOCS, 1)};
    struct index *mapped[] = {again, index_of(patents->docs, 400, DOCS, 1)};
    g_autoptr(match_parts) before = parts_of(kept, 2), after = parts_of(mapped, 2);
    expect_same(before, after, 8);
    for (uint32_t i = 300; i < DOCS; i++)
        cr_assert(parts_delete(after, patents->docs[i].id));
    g_autoptr(match_parts) never = one_part(index_of(patents->docs, 0, 300, 1));
    struct hit settled[K], deleted[K];
    size_t left = ask(after, "发泡鞋底", NULL, NULL, SEARCH_AUTO, deleted);
    cr_assert_eq(ask(never, "发泡鞋底", NULL, NULL, SEARCH_AUTO, settled), left);
    free_patents(patents);
}

static void change(struct parts *parts, struct parts_change how, bool put)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(match_parts_ready) ready = parts_prepare(parts, &how, &error);
    cr_assert_not_null(ready, "%s", error ? error->message : "");
    if (put)
        parts_put(parts, ready);
}

/* A full base, a small index that is built anew with every change, and what is taken back: as if it had been so from the start. */
Test(parts, what_is_made_ready_beside_changes_nothing_until_it_is_put_and_then_all_of_it)
{
    uint64_t state = 11;
    struct patents *patents = make_patents(7);
    struct document anew;
    make_document(&anew, patents->docs[5].id, &state);
    int64_t deleted[] = {patents->docs[1].id, patents->docs[430].id, 0, patents->docs[1].id};
    g_autoptr(match_parts) parts = one_part(index_of(patents->docs, 0, 400, 1));
    g_autoptr(match_parts) before = one_part(index_of(patents->docs, 0, 400, 1));
    change(parts, (struct parts_change){.added = index_of(patents->docs, 400, 420, 1)}, false);
    change(parts, (struct parts_change){.deleted = deleted, .deleted_count = 4}, false);
    expect_same(before, parts, 12);
    change(parts, (struct parts_change){.added = index_of(patents->docs, 400, 420, 1)}, true);
    change(parts,
           (struct parts_change){.added = index_of(patents->docs, 400, DOCS, 1),
                                 .replaces_last = true},
           true);
    change(parts, (struct parts_change){.added = index_of(&anew, 0, 1, 1)}, true);
    change(parts, (struct parts_change){.deleted = deleted, .deleted_count = 4}, true);
    struct index *at_once[] = {index_of(patents->docs, 0, 400, 1),
                               index_of(patents->docs, 400, DOCS, 1), index_of(&anew, 0, 1, 1)};
    g_autoptr(match_parts) after = parts_of(at_once, 3);
    cr_assert(parts_delete(after, deleted[0]) && parts_delete(after, deleted[1]));
    cr_assert_eq(parts_deleted(parts), 3);
    cr_assert_eq(parts_docs(parts), parts_docs(after));
    expect_same(after, parts, 13);
    clear_document(&anew);
    free_patents(patents);
}

Test(parts, indexes_under_different_weighings_are_refused)
{
    struct weighing other = weighing_default;
    g_autoptr(GError) error = NULL;
    other.k1 = 2;
    struct index *two[] = {index_finish(index_builder_new(&weighing_default), NULL),
                           index_finish(index_builder_new(&other), NULL)};
    cr_assert_null(parts_new(two, 2, &error));
    cr_assert(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT));
    cr_assert_null(parts_new(NULL, 0, NULL));
    g_autoptr(match_parts) parts =
        one_part(index_finish(index_builder_new(&weighing_default), NULL));
    struct parts_change how = {.added = index_finish(index_builder_new(&other), NULL)};
    cr_assert_null(parts_prepare(parts, &how, NULL));
}

/* ---- What must be so whatever the texts are */

Test(metamorphic, a_duplicate_scores_the_same_and_stands_beside)
{
    struct patents *patents = make_patents(10);
    struct document twin = patents->docs[17];
    twin.id = 100000;
    struct index *two[] = {index_of(patents->docs, 0, DOCS, 1), index_of(&twin, 0, 1, 1)};
    g_autoptr(match_parts) parts = parts_of(two, 2);
    g_autoptr(match_parts_searcher) s = parts_search_new(parts);
    g_autoptr(match_query) query = parts_query(parts, twin.title, twin.classes, 1);
    struct hit hits[DOCS + 1];
    size_t found = parts_search_top(s, query, DOCS + 1, SEARCH_AUTO, NULL, NULL, hits);
    uint32_t score = 0, twin_score = 1;
    for (size_t i = 0; i < found; i++) {
        score = hits[i].id == patents->docs[17].id ? hits[i].score : score;
        twin_score = hits[i].id == twin.id ? hits[i].score : twin_score;
    }
    cr_assert_eq(score, twin_score);
    free_patents(patents);
}

Test(metamorphic, a_term_added_to_the_need_never_lowers_a_document_that_has_it)
{
    struct patents *patents = make_patents(11);
    g_autoptr(match_index) ix = index_of(patents->docs, 0, DOCS, 1);
    uint64_t state = 4;
    for (int n = 0; n < NEEDS; n++) {
        g_autofree char *text = text_of(&state, 5);
        const char *word = words[word_at(&state)];
        g_autofree char *more = g_strconcat(text, "\n", word, NULL);
        g_autoptr(match_query) a = query_new(ix, text, NULL, 0);
        g_autoptr(match_query) b = query_new(ix, more, NULL, 0);
        for (uint32_t i = 0; i < ix->doc_count; i++) {
            uint32_t was = search_score_doc(a, ix, ix->order[i]),
                     is = search_score_doc(b, ix, ix->order[i]);
            /* letters that stand side by side are another word */
            bool has = !g_ascii_isalpha(*word) && (strstr(patents->docs[i].title, word) ||
                                                   strstr(patents->docs[i].abstract, word));
            cr_assert(has ? is > was : is >= was, "%s + %s: %u, %u", text, word, was, is);
        }
    }
    free_patents(patents);
}
