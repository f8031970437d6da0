#include "service/cli/inference.h"
#include "service/cli/lines.h"
#include "service/steps/model.h"

#include "sample_embedded.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>

struct teaching {
    struct classifier_builder *builder;
    struct inference_report *report;
    GArray *symbols; /* scratch */
};

static bool teach_row(struct teaching *t, const json_t *row, const struct lines *r,
                      GError **error)
{
    const char *title, *abstract;
    g_array_set_size(t->symbols, 0);
    if (!lines_text(row, "title", r, &title, error) ||
        !lines_text(row, "abstract", r, &abstract, error) ||
        !lines_symbols(row, "ipc", r, t->symbols, error) ||
        !lines_symbols(row, "ipc_subclasses", r, t->symbols, error))
        return false;
    g_autofree char *text =
        g_strdup_printf("%s\n%s", title ? title : "", abstract ? abstract : "");
    const char *author =
        json_string_value(json_array_get(json_object_get(row, "applicants"), 0));
    struct lesson lesson = {.text = text,
                            .author = author,
                            .classes = (const char *const *)(void *)t->symbols->data,
                            .class_count = t->symbols->len};
    bool taken = text[1] != '\0' && classifier_add(t->builder, &lesson);
    *(taken ? &t->report->texts : &t->report->skipped) += 1;
    return true;
}

static bool teach_file(struct teaching *t, const char *path, GError **error)
{
    struct lines r;
    if (!lines_open(&r, path, error))
        return false;
    GError *wrong = NULL;
    while (!wrong && lines_next(&r, &wrong)) {
        json_t *row = lines_json(&r, &wrong);
        if (row)
            teach_row(t, row, &r, &wrong);
        json_decref(row);
    }
    lines_close(&r);
    return lines_pass_on(error, wrong);
}

/* ---- The scheme: all titles below a subclass are one text */

struct scheme {
    struct teaching *teaching;
    int symbol_column, title_column;
    char subclass[CLASSIFY_SUBCLASS + 1];
    GString *text;
};

static void teach_subclass(struct scheme *scheme)
{
    const char *symbol = scheme->subclass;
    struct lesson lesson = {
        .text = scheme->text->str, .classes = &symbol, .class_count = 1, .is_scheme = true};
    if (scheme->text->len > 0 && classifier_add(scheme->teaching->builder, &lesson))
        scheme->teaching->report->texts++;
    g_string_truncate(scheme->text, 0);
}

static bool read_header(struct scheme *scheme, const struct lines *r, GError **error)
{
    g_auto(GStrv) names = g_strsplit(r->line, "\t", -1);
    scheme->symbol_column = scheme->title_column = -1;
    for (int i = 0; names[i]; i++) {
        if (g_str_has_suffix(names[i], "symbol"))
            scheme->symbol_column = i;
        if (g_str_has_prefix(names[i], "title"))
            scheme->title_column = i;
    }
    return (scheme->symbol_column >= 0 && scheme->title_column >= 0) ||
           lines_fail(error, r, "no columns named symbol and title…");
}

static void read_place(struct scheme *scheme, const struct lines *r)
{
    g_auto(GStrv) cells = g_strsplit(r->line, "\t", -1);
    int columns = (int)g_strv_length(cells);
    if (columns <= MAX(scheme->symbol_column, scheme->title_column))
        return; /* a place without a title says nothing */
    const char *symbol = cells[scheme->symbol_column];
    if (strlen(symbol) < CLASSIFY_SUBCLASS)
        return;
    if (strncmp(scheme->subclass, symbol, CLASSIFY_SUBCLASS) != 0) {
        teach_subclass(scheme);
        g_strlcpy(scheme->subclass, symbol, sizeof scheme->subclass);
    }
    g_string_append_printf(scheme->text, "%s\n", cells[scheme->title_column]);
}

static bool teach_scheme(struct teaching *t, const char *path, GError **error)
{
    struct lines r;
    struct scheme scheme = {.teaching = t, .text = g_string_new(NULL)};
    GError *wrong = NULL;
    if (lines_open(&r, path, &wrong)) {
        if (!lines_next(&r, &wrong) && !wrong)
            lines_fail(&wrong, &r, "empty, expected a header line");
        if (!wrong)
            read_header(&scheme, &r, &wrong);
        while (!wrong && lines_next(&r, &wrong))
            read_place(&scheme, &r);
        teach_subclass(&scheme);
    }
    lines_close(&r);
    g_string_free(scheme.text, TRUE);
    return lines_pass_on(error, wrong);
}

struct classifier *inference_train(const struct inference_sources *sources,
                                   struct inference_report *report, GError **error)
{
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(char *));
    struct teaching t = {classifier_builder_new(sources->dictionary), report, symbols};
    bool taught = true;
    *report = (struct inference_report){0};
    for (char **path = sources->train; taught && path && *path; path++)
        taught = teach_file(&t, *path, error);
    if (taught && sources->scheme)
        taught = teach_scheme(&t, sources->scheme, error);
    if (taught)
        return classifier_train(t.builder, error);
    classifier_builder_free(t.builder);
    return NULL;
}

struct classifier *inference_load(const char *path, const struct dictionary *dictionary,
                                  GError **error)
{
    g_autoptr(GBytes) bytes = model_read(path, MODEL_CLASSES, error);
    if (!bytes)
        return NULL;
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    struct classifier *classifier = classifier_unpack(data, len, dictionary, error);
    if (!classifier)
        g_prefix_error(error, "could not use model '%s': ", path);
    return classifier;
}

struct classifier *inference_default(const struct dictionary *dictionary, GError **error)
{
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(char *));
    struct inference_report report = {0};
    struct teaching t = {classifier_builder_new(dictionary), &report, symbols};
    g_auto(GStrv) rows = g_strsplit(sample_patents, "\n", -1);
    struct lines r = {.path = "the shipped sample"};
    bool taught = true;
    for (char **row = rows; taught && *row; row++) {
        r.line = *row;
        r.number++;
        json_t *patent = **row ? lines_json(&r, error) : NULL;
        taught = !**row || (patent && teach_row(&t, patent, &r, error));
        json_decref(patent);
    }
    if (taught)
        return classifier_train(t.builder, error);
    classifier_builder_free(t.builder);
    return NULL;
}

/* ---- Asking */

static bool infer_line(struct classifier *classifier, struct lines *r, struct guess *guesses,
                       uint32_t k, FILE *out, GError **error)
{
    char *qid, *text;
    if (!lines_query(r, &qid, &text, error))
        return false;
    uint32_t count = classifier_infer(classifier, text, k, guesses);
    for (uint32_t i = 0; i < count; i++)
        fprintf(out, "%s\t%s\t%.4f\n", qid, guesses[i].subclass, guesses[i].probability);
    return true;
}

bool inference_run(struct classifier *classifier, const char *queries, int k, FILE *out,
                   GError **error)
{
    struct lines r;
    GError *wrong = NULL;
    uint32_t most = MIN((uint32_t)k, classifier_class_count(classifier));
    g_autofree struct guess *guesses = g_new(struct guess, most + 1);
    if (lines_open(&r, queries, &wrong)) {
        if (!lines_next(&r, &wrong) && !wrong)
            lines_fail(&wrong, &r, "empty, expected a header line");
        while (!wrong && lines_next(&r, &wrong))
            infer_line(classifier, &r, guesses, most, out, &wrong);
    }
    lines_close(&r);
    if (!wrong && (fflush(out) != 0 || ferror(out)))
        g_set_error(&wrong, G_IO_ERROR, G_IO_ERROR_FAILED, "could not write: %s",
                    g_strerror(errno));
    return lines_pass_on(error, wrong);
}
