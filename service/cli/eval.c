#include "service/cli/eval.h"
#include "matcher/search.h"
#include "service/cli/lines.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

struct collection {
    struct index_builder *builder;
    GPtrArray *names;    /* document number -> id as in the file */
    GHashTable *line_of; /* id -> line */
    GArray *classes;     /* scratch */
};

/* Collections in English call it `text`. */
static bool read_abstract(const json_t *row, const struct lines *r, const char **out,
                          GError **error)
{
    return lines_text(row, "abstract", r, out, error) &&
           (*out || lines_text(row, "text", r, out, error));
}

static char *read_id(const json_t *row, const struct lines *r, GError **error)
{
    const json_t *value = json_object_get(row, "id");
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    const char *id = json_string_value(value);
    if (!id || !*id)
        lines_fail(error, r, "no id");
    else if (strpbrk(id, " \t\r\n"))
        lines_fail(error, r, "id '%s' has a blank in it, which a TREC run can't carry", id);
    else
        return g_strdup(id);
    return NULL;
}

static bool take_id(struct collection *c, const json_t *row, const struct lines *r,
                    GError **error)
{
    g_autofree char *id = read_id(row, r, error);
    if (!id)
        return false;
    gpointer seen = g_hash_table_lookup(c->line_of, id);
    if (seen)
        return lines_fail(error, r, "id '%s' stands in line %zu already", id,
                          GPOINTER_TO_SIZE(seen));
    g_hash_table_insert(c->line_of, id, GSIZE_TO_POINTER(r->number));
    g_ptr_array_add(c->names, g_steal_pointer(&id));
    return true;
}

static bool add_row(struct collection *c, const json_t *row, const struct lines *r,
                    GError **error)
{
    struct document document = {.id = c->names->len};
    g_array_set_size(c->classes, 0);
    if (!take_id(c, row, r, error) || !lines_text(row, "title", r, &document.title, error) ||
        !read_abstract(row, r, &document.abstract, error) ||
        !lines_symbols(row, "ipc", r, c->classes, error) ||
        !lines_symbols(row, "cpc", r, c->classes, error))
        return false;
    document.classes = (const char *const *)(void *)c->classes->data;
    document.class_count = c->classes->len;
    index_add(c->builder, &document);
    return true;
}

static bool add_line(struct collection *c, const struct lines *r, GError **error)
{
    json_t *row = lines_json(r, error);
    bool added = row && add_row(c, row, r, error);
    json_decref(row);
    return added;
}

static bool read_docs(struct collection *c, const char *path, GError **error)
{
    struct lines r;
    if (!lines_open(&r, path, error))
        return false;
    GError *wrong = NULL;
    while (!wrong && lines_next(&r, &wrong))
        add_line(c, &r, &wrong);
    lines_close(&r);
    return lines_pass_on(error, wrong);
}

enum { INFERRED_MOST = 3 }; /* classes that a query may get */

struct ranking {
    const struct eval_options *options;
    struct searcher *searcher;
    const struct index *ix;
    const GPtrArray *names;
    struct hit *hits;
    size_t k;
    FILE *out;
};

static struct query *prepare(const struct ranking *ranking, const char *text)
{
    struct guess guesses[INFERRED_MOST];
    const char *classes[INFERRED_MOST];
    size_t count = 0;
    const struct eval_options *options = ranking->options;
    uint32_t found = options->classifier
                         ? classifier_infer(options->classifier, text, INFERRED_MOST, guesses)
                         : 0;
    while (count < found && guesses[count].probability >= options->least_probability) {
        classes[count] = guesses[count].subclass;
        count++;
    }
    return query_new(ranking->ix, text, classes, count);
}

static bool rank_line(const struct ranking *ranking, struct lines *r, GError **error)
{
    char *qid, *text;
    if (!lines_query(r, &qid, &text, error))
        return false;
    g_autoptr(match_query) query = prepare(ranking, text);
    size_t found = search_top(ranking->searcher, query, ranking->k, SEARCH_AUTO, NULL, NULL,
                              ranking->hits);
    for (size_t i = 0; i < found; i++)
        fprintf(ranking->out, "%s Q0 %s %zu %u patbridge\n", qid,
                (const char *)g_ptr_array_index(ranking->names, ranking->hits[i].id), i + 1,
                ranking->hits[i].score);
    return true;
}

static bool rank_lines(const struct ranking *ranking, struct lines *r, GError **error)
{
    GError *wrong = NULL;
    bool header = lines_next(r, &wrong);
    while (header && !wrong && lines_next(r, &wrong))
        rank_line(ranking, r, &wrong);
    if (!wrong && !header)
        lines_fail(&wrong, r, "empty, expected a header line");
    return lines_pass_on(error, wrong);
}

static bool rank_queries(const struct index *ix, const GPtrArray *names,
                         const struct eval_options *options, FILE *out, GError **error)
{
    struct lines r;
    if (!lines_open(&r, options->queries, error))
        return false;
    size_t most = MIN((size_t)options->k, ix->doc_count);
    g_autofree struct hit *hits = g_new(struct hit, most + 1);
    g_autoptr(match_searcher) searcher = search_new(ix);
    struct ranking ranking = {options, searcher, ix, names, hits, most, out};
    bool done = rank_lines(&ranking, &r, error);
    lines_close(&r);
    if (done && (fflush(out) != 0 || ferror(out))) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "could not write the run: %s",
                    g_strerror(errno));
        return false;
    }
    return done;
}

bool eval_run(const struct eval_options *options, FILE *out, GError **error)
{
    if (options->k < 1) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "k is %d, expected 1 or more", options->k);
        return false;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) classes = g_array_new(FALSE, FALSE, sizeof(char *));
    g_autoptr(GHashTable) line_of = g_hash_table_new(g_str_hash, g_str_equal);
    struct collection c = {index_builder_new(&options->weighing), names, line_of, classes};
    if (!read_docs(&c, options->docs, error)) {
        index_builder_free(c.builder);
        return false;
    }
    g_autoptr(match_index) ix = index_finish(c.builder, error);
    return ix && rank_queries(ix, names, options, out, error);
}
