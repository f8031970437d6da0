/* The golden cases of tests/cases/match (its README says how they are written). */
#include "matcher/explain.h"
#include "matcher/reason.h"
#include "matcher/search.h"
#include "service/steps/words.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define FOLDER "tests/cases/match"
enum { CASES_LEAST = 60, CLASSES_MOST = 16 };

struct golden {
    const char *name;
    GPtrArray *names; /* of documents, by id */
    struct index_builder *builder;
    struct index *ix;
    char *need;
    GPtrArray *classes; /* of the need */
    GPtrArray *wants;
};

static struct dictionary *dictionary;

static void open_dictionary(void)
{
    cr_assert(words_open(NULL, &dictionary, NULL));
}

static void close_dictionary(void)
{
    dictionary_free(dictionary);
}

TestSuite(match_cases, .init = open_dictionary, .fini = close_dictionary, .timeout = 120);

static void add(struct golden *c, const char *name, const char *title, const char *abstract,
                const char *const *classes, size_t class_count)
{
    struct document document = {c->names->len, title, abstract, classes, class_count};
    g_ptr_array_add(c->names, g_strdup(name));
    index_add(c->builder, &document);
}

static char **sample_lines(const char *file)
{
    g_autofree char *path = g_strconcat("deploy/sample/", file, NULL), *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    return g_strsplit(g_strchomp(text), "\n", -1);
}

static void add_sample(struct golden *c)
{
    g_auto(GStrv) lines = sample_lines("patents.jsonl");
    for (char **line = lines; *line; line++) {
        json_t *row = json_loads(*line, 0, NULL);
        const char *classes[CLASSES_MOST];
        const json_t *ipc = json_object_get(row, "ipc");
        size_t count = MIN(json_array_size(ipc), (size_t)CLASSES_MOST);
        for (size_t i = 0; i < count; i++)
            classes[i] = json_string_value(json_array_get(ipc, i));
        const char *name = json_string_value(json_object_get(row, "publication_number"));
        add(c, name ? name : "", json_string_value(json_object_get(row, "title")),
            json_string_value(json_object_get(row, "abstract")), classes, count);
        json_decref(row);
    }
}

/* NAME: title | abstract | classes */
static void add_made_up(struct golden *c, const char *text)
{
    g_auto(GStrv) halves = g_strsplit(text, ":", 2);
    g_auto(GStrv) fields = g_strsplit(g_strstrip(halves[1]), "|", 3);
    guint count = g_strv_length(fields);
    const char *symbol = count > 2 ? g_strstrip(fields[2]) : NULL;
    add(c, halves[0], g_strstrip(fields[0]), count > 1 ? g_strstrip(fields[1]) : NULL, &symbol,
        symbol ? 1 : 0);
}

static char *need_of_sample(const char *name)
{
    g_auto(GStrv) lines = sample_lines("needs.jsonl");
    for (char **line = lines; *line; line++) {
        json_auto_t *row = json_loads(*line, 0, NULL);
        if (strcmp(json_string_value(json_object_get(row, "source_id")), name) == 0)
            return g_strconcat(json_string_value(json_object_get(row, "title")), "\n",
                               json_string_value(json_object_get(row, "text")), NULL);
    }
    cr_assert_fail("no need %s in the sample", name);
    return NULL;
}

static const char *after(const char *line, const char *start)
{
    return g_str_has_prefix(line, start) ? line + strlen(start) : NULL;
}

static void read_line(struct golden *c, const char *line)
{
    const char *rest;
    if (*line == '#' || *line == '\0')
        return;
    if ((rest = after(line, "doc ")))
        add_made_up(c, rest);
    else if ((rest = after(line, "need: ")))
        c->need = g_strdup(rest);
    else if ((rest = after(line, "need-of: ")))
        c->need = need_of_sample(rest);
    else if ((rest = after(line, "class: ")))
        g_ptr_array_add(c->classes, g_strdup(rest));
    else if ((rest = after(line, "want: ")))
        g_ptr_array_add(c->wants, g_strdup(rest));
    else if (strcmp(line, "collection: sample") == 0)
        add_sample(c);
    else
        cr_assert_fail("%s: what is '%s'?", c->name, line);
}

static uint32_t doc_of(const struct golden *c, const char *name)
{
    for (guint id = 0; id < c->names->len; id++)
        if (strcmp(c->names->pdata[id], name) == 0)
            return index_find(c->ix, id);
    cr_assert_fail("%s: no document '%s'", c->name, name);
    return INDEX_NONE;
}

static uint32_t score_of(const struct golden *c, const struct query *query, const char *name)
{
    uint32_t doc = doc_of(c, name);
    g_autoptr(match_reasons) reasons = reasons_of_doc(query, c->ix, doc);
    g_autoptr(match_explained) explained = explain_doc(query, c->ix, doc);
    uint32_t score = search_score_doc(query, c->ix, doc);
    cr_assert_eq(reasons->score, score, "%s: reasons of %s", c->name, name);
    cr_assert_eq(explained->score, score, "%s: the sum of %s", c->name, name);
    return score;
}

static bool has_reason(const struct golden *c, const struct query *query, const char *name,
                       const char *text)
{
    g_autoptr(match_reasons) reasons = reasons_of_doc(query, c->ix, doc_of(c, name));
    for (uint32_t i = 0; i < reasons->count; i++)
        if (strcmp(reasons->items[i].text, text) == 0)
            return true;
    return false;
}

static const char *first_of(const struct golden *c, const struct query *query)
{
    g_autoptr(match_searcher) searcher = search_new(c->ix);
    struct hit hit;
    size_t found = search_top(searcher, query, 1, SEARCH_AUTO, NULL, NULL, &hit);
    return found ? c->names->pdata[hit.id] : "nothing";
}

static bool is_so(const struct golden *c, const struct query *query, const char *want)
{
    g_auto(GStrv) words = g_strsplit(want, " ", 3);
    guint count = g_strv_length(words);
    if (strcmp(want, "thin") == 0)
        return explain_strength(query, c->ix).is_thin;
    if (strcmp(want, "not thin") == 0)
        return !explain_strength(query, c->ix).is_thin;
    if (count == 2 && strcmp(words[0], "first") == 0)
        return score_of(c, query, words[1]) > 0 && strcmp(first_of(c, query), words[1]) == 0;
    if (count == 2 && strcmp(words[0], "none") == 0)
        return score_of(c, query, words[1]) == 0;
    cr_assert_eq(count, 3, "%s: what is '%s'?", c->name, want);
    if (strcmp(words[0], "reason") == 0)
        return has_reason(c, query, words[1], words[2]);
    uint32_t a = score_of(c, query, words[0]), b = score_of(c, query, words[2]);
    cr_assert(*words[1] == '>' || *words[1] == '=', "%s: what is '%s'?", c->name, want);
    return *words[1] == '>' ? a > b : a == b;
}

static void check_wants(const struct golden *c)
{
    g_autoptr(match_query) query =
        query_new(c->ix, c->need, (const char *const *)c->classes->pdata, c->classes->len);
    cr_assert_gt(c->wants->len, 0, "%s wants nothing", c->name);
    for (guint i = 0; i < c->wants->len; i++)
        cr_expect(is_so(c, query, c->wants->pdata[i]), "%s: %s (first is %s)", c->name,
                  (const char *)c->wants->pdata[i], first_of(c, query));
}

static void run_case(const char *name)
{
    g_autofree char *path = g_build_filename(FOLDER, name, NULL), *text = NULL;
    struct weighing weighing = weighing_default;
    weighing.dictionary = dictionary;
    struct golden c = {.name = name,
                       .names = g_ptr_array_new_with_free_func(g_free),
                       .builder = index_builder_new(&weighing),
                       .classes = g_ptr_array_new_with_free_func(g_free),
                       .wants = g_ptr_array_new_with_free_func(g_free)};
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        read_line(&c, *line);
    cr_assert_not_null(c.need, "%s has no need", name);
    c.ix = index_finish(c.builder, NULL);
    check_wants(&c);
    index_free(c.ix);
    g_free(c.need);
    g_ptr_array_unref(c.names);
    g_ptr_array_unref(c.classes);
    g_ptr_array_unref(c.wants);
}

Test(match_cases, every_golden_case_is_so)
{
    g_autoptr(GDir) folder = g_dir_open(FOLDER, 0, NULL);
    int count = 0;
    cr_assert_not_null(folder, FOLDER);
    for (const char *name; (name = g_dir_read_name(folder));)
        if (strcmp(name, "README") != 0) {
            run_case(name);
            count++;
        }
    cr_assert_geq(count, CASES_LEAST);
}
