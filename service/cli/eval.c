#include "service/cli/eval.h"
#include "matcher/search.h"

#include <errno.h>
#include <gio/gio.h>
#include <jansson.h>
#include <string.h>

struct line_reader {
    const char *path;
    FILE *file;
    char *line; /* without its end */
    size_t room, number;
};

struct collection {
    struct index_builder *builder;
    GPtrArray *names;    /* document number -> id as in the file */
    GHashTable *line_of; /* id -> line */
    GArray *classes;     /* scratch */
};

static bool fail_at(GError **error, const struct line_reader *r, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static bool fail_at(GError **error, const struct line_reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *line = r->number ? g_strdup_printf(", line %zu", r->number) : g_strdup("");
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s%s: %s", r->path, line, why);
    return false;
}

/* Hands an error on to the caller, if there is one; true if not. */
static bool pass_on(GError **error, GError *wrong)
{
    if (wrong)
        g_propagate_error(error, wrong);
    return !wrong;
}

static bool open_lines(struct line_reader *r, const char *path, GError **error)
{
    *r = (struct line_reader){.path = path, .file = fopen(path, "r")};
    if (r->file)
        return true;
    int code = errno;
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(code),
                "could not open file '%s': %s", path, g_strerror(code));
    return false;
}

static void close_lines(struct line_reader *r)
{
    if (r->file)
        fclose(r->file);
    free(r->line);
}

/* The next line that is not blank. False at the end, with an error when it is not the end but a failure. */
static bool next_line(struct line_reader *r, GError **error)
{
    ssize_t len;
    while ((len = getline(&r->line, &r->room, r->file)) >= 0) {
        r->number++;
        while (len > 0 && (r->line[len - 1] == '\n' || r->line[len - 1] == '\r'))
            len--;
        r->line[len] = '\0';
        if (!g_utf8_validate(r->line, len, NULL)) /* which refuses NUL too */
            return fail_at(error, r, "not UTF-8 text");
        if (r->line[strspn(r->line, " \t")] != '\0' && strcmp(r->line, "\xEF\xBB\xBF") != 0)
            return true;
    }
    if (ferror(r->file))
        return fail_at(error, r, "could not read on: %s", g_strerror(errno));
    return false;
}

static bool read_text(const json_t *row, const char *field, const struct line_reader *r,
                      const char **out, GError **error)
{
    const json_t *value = json_object_get(row, field);
    *out = json_string_value(value);
    return *out || !value || json_is_null(value) ||
           fail_at(error, r, "%s is not a string", field);
}

/* Collections in English call it `text`. */
static bool read_abstract(const json_t *row, const struct line_reader *r, const char **out,
                          GError **error)
{
    return read_text(row, "abstract", r, out, error) &&
           (*out || read_text(row, "text", r, out, error));
}

static bool read_symbols(const json_t *row, const char *field, const struct line_reader *r,
                         GArray *out, GError **error)
{
    const json_t *value = json_object_get(row, field), *item;
    const char *symbol = json_string_value(value);
    size_t i;
    if (symbol)
        g_array_append_val(out, symbol);
    else if (value && !json_is_null(value) && !json_is_array(value))
        return fail_at(error, r, "%s is neither a list nor a string", field);
    json_array_foreach(value, i, item)
    {
        symbol = json_string_value(item);
        if (!symbol)
            return fail_at(error, r, "%s[%zu] is not a string", field, i);
        g_array_append_val(out, symbol);
    }
    return true;
}

static char *read_id(const json_t *row, const struct line_reader *r, GError **error)
{
    const json_t *value = json_object_get(row, "id");
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    const char *id = json_string_value(value);
    if (!id || !*id)
        fail_at(error, r, "no id");
    else if (strpbrk(id, " \t\r\n"))
        fail_at(error, r, "id '%s' has a blank in it, which a TREC run can't carry", id);
    else
        return g_strdup(id);
    return NULL;
}

static bool take_id(struct collection *c, const json_t *row, const struct line_reader *r,
                    GError **error)
{
    g_autofree char *id = read_id(row, r, error);
    if (!id)
        return false;
    gpointer seen = g_hash_table_lookup(c->line_of, id);
    if (seen)
        return fail_at(error, r, "id '%s' stands in line %zu already", id,
                       GPOINTER_TO_SIZE(seen));
    g_hash_table_insert(c->line_of, id, GSIZE_TO_POINTER(r->number));
    g_ptr_array_add(c->names, g_steal_pointer(&id));
    return true;
}

static bool add_row(struct collection *c, const json_t *row, const struct line_reader *r,
                    GError **error)
{
    struct document document = {.id = c->names->len};
    g_array_set_size(c->classes, 0);
    if (!json_is_object(row))
        return fail_at(error, r, "not a JSON object");
    if (!take_id(c, row, r, error) || !read_text(row, "title", r, &document.title, error) ||
        !read_abstract(row, r, &document.abstract, error) ||
        !read_symbols(row, "ipc", r, c->classes, error) ||
        !read_symbols(row, "cpc", r, c->classes, error))
        return false;
    document.classes = (const char *const *)(void *)c->classes->data;
    document.class_count = c->classes->len;
    index_add(c->builder, &document);
    return true;
}

static bool add_line(struct collection *c, const struct line_reader *r, GError **error)
{
    json_error_t wrong;
    const char *text =
        r->number == 1 && g_str_has_prefix(r->line, "\xEF\xBB\xBF") ? r->line + 3 : r->line;
    json_t *row = json_loads(text, JSON_DECODE_ANY, &wrong);
    if (!row)
        return fail_at(error, r, "not JSON: %s (column %d)", wrong.text, wrong.column);
    bool added = add_row(c, row, r, error);
    json_decref(row);
    return added;
}

static bool read_docs(struct collection *c, const char *path, GError **error)
{
    struct line_reader r;
    if (!open_lines(&r, path, error))
        return false;
    GError *wrong = NULL;
    while (!wrong && next_line(&r, &wrong))
        add_line(c, &r, &wrong);
    close_lines(&r);
    return pass_on(error, wrong);
}

struct ranking {
    struct searcher *searcher;
    const struct index *ix;
    const GPtrArray *names;
    struct hit *hits;
    size_t k;
    FILE *out;
};

static bool rank_line(const struct ranking *ranking, const struct line_reader *r,
                      GError **error)
{
    char *qid = r->line, *text = strchr(qid, '\t');
    if (!text)
        return fail_at(error, r, "one column, expected qid and text with a tab between");
    *text++ = '\0';
    text[strcspn(text, "\t")] = '\0';
    if (!*qid || strchr(qid, ' '))
        return fail_at(error, r, "query id '%s' is empty or has a blank in it", qid);
    g_autoptr(match_query) query = query_new(ranking->ix, text, NULL, 0);
    size_t found = search_top(ranking->searcher, query, ranking->k, SEARCH_AUTO, NULL, NULL,
                              ranking->hits);
    for (size_t i = 0; i < found; i++)
        fprintf(ranking->out, "%s Q0 %s %zu %u patbridge\n", qid,
                (const char *)g_ptr_array_index(ranking->names, ranking->hits[i].id), i + 1,
                ranking->hits[i].score);
    return true;
}

static bool rank_lines(const struct ranking *ranking, struct line_reader *r, GError **error)
{
    GError *wrong = NULL;
    bool header = next_line(r, &wrong);
    while (header && !wrong && next_line(r, &wrong))
        rank_line(ranking, r, &wrong);
    if (!wrong && !header)
        fail_at(&wrong, r, "empty, expected a header line");
    return pass_on(error, wrong);
}

static bool rank_queries(const struct index *ix, const GPtrArray *names, const char *path,
                         int k, FILE *out, GError **error)
{
    struct line_reader r;
    if (!open_lines(&r, path, error))
        return false;
    size_t most = MIN((size_t)k, ix->doc_count);
    g_autofree struct hit *hits = g_new(struct hit, most + 1);
    g_autoptr(match_searcher) searcher = search_new(ix);
    struct ranking ranking = {searcher, ix, names, hits, most, out};
    bool done = rank_lines(&ranking, &r, error);
    close_lines(&r);
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
    return ix && rank_queries(ix, names, options->queries, options->k, out, error);
}
