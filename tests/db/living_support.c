#include "tests/db/living_support.h"
#include "matcher/parts.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

enum { K = 10 };
struct living_support living_support;

static GError *error;

static const char *const things[] = {"发泡鞋底", "防水面料", "陶瓷釉料", "注塑模具",
                                     "纺织染料", "伞骨支架", "石材切割", "食品干燥",
                                     "电机轴承", "包装薄膜"};
static const char *const ways[] = {"轻质", "耐磨", "节能", "自动", "环保", "高强度", "低成本"};

static void hear(const char *level, const char *line, void *user)
{
    (void)user;
    g_ptr_array_add(living_support.said, g_strdup_printf("%s: %s", level, line));
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

void given_patents(int first, int count, const char *word)
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

struct living_store *store_of(uint32_t least, uint32_t tail, bool beside)
{
    struct living_options options = {.folder = living_support.folder,
                                     .least = least,
                                     .tail = tail,
                                     .words = "none",
                                     .say = hear};
    if (beside) {
        options.take = take;
        options.give = give;
    }
    return living_store_new(&options);
}

struct living *caught_up(struct living_store *store)
{
    struct living *living = living_of(store, 1, &error);
    cr_assert(living, "%s", error ? error->message : "");
    cr_assert(db_begin(living_support.db, DB_SERVICE, 1, &error));
    bool done = living_catch_up(living, living_support.db, &error);
    db_rollback(living_support.db);
    cr_assert(done, "%s", error ? error->message : "");
    return living;
}

char *found(struct living *living)
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

char *found_anew(void)
{
    struct living_options options = {.least = 1, .words = "none"};
    g_autoptr(living_store_t) store = living_store_new(&options);
    return found(caught_up(store));
}

void expect_as_anew(struct living *living, const char *when)
{
    g_autofree char *here = found(living), *anew = found_anew();
    cr_expect_str_eq(here, anew, "%s", when);
}

void living_begin(void)
{
    living_support.db = loading_open();
    living_support.said = g_ptr_array_new_with_free_func(g_free);
    living_support.folder = g_dir_make_tmp("living-XXXXXX", NULL);
}

void living_end(void)
{
    g_autoptr(GDir) dir = g_dir_open(living_support.folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(living_support.folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(living_support.folder);
}

char *file_with(const char *suffix)
{
    g_autoptr(GDir) dir = g_dir_open(living_support.folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, suffix))
            return g_build_filename(living_support.folder, name, NULL);
    cr_assert_fail("no file *%s in %s", suffix, living_support.folder);
    return NULL;
}

void leave_snapshot(void)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    caught_up(store);
}

void damage(const char *path, double where, bool cut)
{
    g_autofree char *text = NULL;
    gsize len;
    cr_assert(g_file_get_contents(path, &text, &len, NULL));
    gsize at = (gsize)((double)(len - 1) * where);
    text[at] = (char)(text[at] ^ 0x10);
    cr_assert(g_file_set_contents(path, text, cut ? (gssize)at : (gssize)len, NULL));
}
