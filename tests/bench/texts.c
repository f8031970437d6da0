/* texts.c - real text beside the bare engine: build/bench/texts DOCS.jsonl COUNT [NEEDS.tsv]
 *
 * Two indexes over the same COUNT documents, those of the file and, beyond them, documents whose title and sentences come from
 * here and there in it:
 *
 *   bare   tokens cut beforehand (pairs), one field, BM25; the need's tokens are looked for, the best 20 come back
 *   real   text with title, abstract and classes, pairs and words; the need's text is cut, its classes are read, the best 20
 *          come back, each with its reasons
 *
 * Needs are the second column of NEEDS.tsv, with the first two classes of the document that the third names, if it is there; without the
 * file, the titles of the first 300 documents with their classes. All are asked three times; the least counts. Prints one JSON
 * line: docs, needs, bare_us and real_us of processor time a need, reasons_us of it for reasons. */
#include "matcher/reason.h"
#include "matcher/search.h"
#include "service/steps/words.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { K = 20, TITLES = 300, REPEATS = 3, CLASSES = 2, SENTENCES = 4 };

struct need {
    const char *text;
    const char *classes[CLASSES];
    size_t class_count;
    GArray *tokens; /* uint64_t */
};

struct bench {
    GPtrArray *rows; /* json_t, of the file */
    GHashTable *by_id;
    GArray *needs;
    struct dictionary *dictionary;
    struct terms_reader *reader; /* without a dictionary: pairs */
    GArray *terms;               /* scratch */
};

static _Noreturn void fail(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static void read_rows(struct bench *b, const char *path)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail(path, "can't be read");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        json_t *row = json_loads(*line, 0, NULL);
        if (!row)
            continue;
        g_ptr_array_add(b->rows, row);
        g_hash_table_insert(b->by_id, (gpointer)(uintptr_t)text_of(row, "id"), row);
    }
    if (b->rows->len == 0)
        fail(path, "no rows");
}

/* All classes of a row, or as many as there is room for. */
static size_t classes_of(const json_t *row, const char **out, size_t room)
{
    size_t count = 0;
    static const char *const names[] = {"ipc", "cpc"};
    for (size_t n = 0; row && n < G_N_ELEMENTS(names); n++) {
        const json_t *list = json_object_get(row, names[n]);
        for (size_t i = 0; i < json_array_size(list) && count < room; i++)
            out[count++] = json_string_value(json_array_get(list, i));
    }
    return count;
}

static void cut(struct bench *b, const char *text, GArray *tokens)
{
    g_array_set_size(b->terms, 0);
    terms_read(b->reader, text, strlen(text), b->terms);
    for (guint i = 0; i < b->terms->len; i++) {
        const struct term *term = &g_array_index(b->terms, struct term, i);
        if (term->kind == TERM_PAIR)
            g_array_append_val(tokens, term->hash);
    }
}

static void add_need(struct bench *b, const char *text, const json_t *row)
{
    struct need need = {.text = text, .tokens = g_array_new(FALSE, FALSE, sizeof(uint64_t))};
    need.class_count = classes_of(row, need.classes, CLASSES);
    cut(b, text, need.tokens);
    g_array_append_val(b->needs, need);
}

/* The text stays for good: needs point into it. */
static void read_needs(struct bench *b, const char *path)
{
    char *text, *line, *rest = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail(path, "can't be read");
    for (line = strtok_r(text, "\n", &rest); (line = strtok_r(NULL, "\n", &rest));) {
        char *tab = strchr(line, '\t'), *end = tab ? strchr(tab + 1, '\t') : NULL;
        if (!end)
            fail(path, "a line without three columns");
        *end = '\0';
        end[1 + strcspn(end + 1, "\r")] = '\0';
        add_need(b, tab + 1, g_hash_table_lookup(b->by_id, end + 1));
    }
}

static void take_titles(struct bench *b)
{
    for (guint i = 0; i < MIN(b->rows->len, (guint)TITLES); i++)
        add_need(b, text_of(b->rows->pdata[i], "title"), b->rows->pdata[i]);
}

/* A sentence of a text, by number. */
static void append_sentence(GString *out, const char *text, uint32_t number)
{
    static const char stop[] = "。";
    g_auto(GStrv) sentences = g_strsplit(text, stop, -1);
    guint count = g_strv_length(sentences);
    g_string_append(out, count ? sentences[number % count] : "");
    g_string_append(out, stop);
}

static uint32_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void add_both(struct bench *b, struct index_builder *bare, struct index_builder *real,
                     const struct document *document)
{
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    cut(b, document->title, tokens);
    cut(b, document->abstract, tokens);
    index_add_tokens(bare, document->id, (const uint64_t *)(void *)tokens->data, tokens->len);
    index_add(real, document);
}

static void build(struct bench *b, uint32_t count, struct index **bare, struct index **real)
{
    enum { CLASSES_MOST = 40 };
    struct weighing weighing = weighing_default;
    weighing.dictionary = b->dictionary;
    struct index_builder *bares = index_builder_new(&weighing_bm25),
                         *reals = index_builder_new(&weighing);
    uint64_t state = 1;
    for (uint32_t i = 0; i < count; i++) {
        guint rows = b->rows->len;
        const json_t *row = b->rows->pdata[i < rows ? i : draw(&state) % rows];
        const char *classes[CLASSES_MOST];
        g_autoptr(GString) text = g_string_new(i < rows ? text_of(row, "abstract") : NULL);
        for (int s = 0; i >= rows && s < SENTENCES; s++) {
            const json_t *other = s ? b->rows->pdata[draw(&state) % rows] : row;
            append_sentence(text, text_of(other, "abstract"), draw(&state));
        }
        struct document document = {i, text_of(row, "title"), text->str, classes,
                                    classes_of(row, classes, CLASSES_MOST)};
        add_both(b, bares, reals, &document);
    }
    *bare = index_finish(bares, NULL);
    *real = index_finish(reals, NULL);
}

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double ask_bare(const struct bench *b, const struct index *ix, struct searcher *searcher)
{
    struct hit hits[K];
    double start = cpu_us();
    for (guint i = 0; i < b->needs->len; i++) {
        const struct need *need = &g_array_index(b->needs, struct need, i);
        g_autoptr(match_query) query = query_new_tokens(
            ix, (const uint64_t *)(void *)need->tokens->data, need->tokens->len);
        search_top(searcher, query, K, SEARCH_AUTO, NULL, NULL, hits);
    }
    return (cpu_us() - start) / b->needs->len;
}

static double ask_real(const struct bench *b, const struct index *ix, struct searcher *searcher,
                       double *reasons_us)
{
    struct hit hits[K];
    uint32_t docs[K];
    struct reasons *reasons[K];
    double start = cpu_us();
    *reasons_us = 0;
    for (guint i = 0; i < b->needs->len; i++) {
        const struct need *need = &g_array_index(b->needs, struct need, i);
        g_autoptr(match_query) query =
            query_new(ix, need->text, need->classes, need->class_count);
        size_t found = search_top(searcher, query, K, SEARCH_AUTO, NULL, NULL, hits);
        double begun = cpu_us();
        for (size_t h = 0; h < found; h++)
            docs[h] = hits[h].doc;
        reasons_of_docs(query, ix, docs, (uint32_t)found, reasons);
        for (size_t h = 0; h < found; h++) {
            if (reasons[h]->score != hits[h].score)
                fail("reasons", "do not sum to the score");
            reasons_free(reasons[h]);
        }
        *reasons_us += (cpu_us() - begun) / b->needs->len;
    }
    return (cpu_us() - start) / b->needs->len;
}

static void measure(const struct bench *b, const struct index *bare, const struct index *real)
{
    g_autoptr(match_searcher) in_bare = search_new(bare), in_real = search_new(real);
    double best_bare = HUGE_VAL, best_real = HUGE_VAL, best_reasons = 0;
    for (int i = 0; i < REPEATS; i++) {
        double reasons, bare_us = ask_bare(b, bare, in_bare),
                        real_us = ask_real(b, real, in_real, &reasons);
        best_bare = MIN(best_bare, bare_us);
        if (real_us < best_real) {
            best_real = real_us;
            best_reasons = reasons;
        }
    }
    printf("{\"docs\": %u, \"needs\": %u, \"bare_us\": %.1f, \"real_us\": %.1f, "
           "\"reasons_us\": %.1f}\n",
           bare->doc_count, b->needs->len, best_bare, best_real, best_reasons);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "use: texts DOCS.jsonl COUNT [NEEDS.tsv]\n");
        return 2;
    }
    struct bench b = {.rows = g_ptr_array_new(),
                      .by_id = g_hash_table_new(g_str_hash, g_str_equal),
                      .needs = g_array_new(FALSE, FALSE, sizeof(struct need)),
                      .reader = terms_reader_new(NULL),
                      .terms = g_array_new(FALSE, FALSE, sizeof(struct term))};
    struct index *bare, *real;
    if (!words_open(NULL, &b.dictionary, NULL))
        fail("dictionary", "can't be read");
    read_rows(&b, argv[1]);
    if (argc == 4)
        read_needs(&b, argv[3]);
    else
        take_titles(&b);
    build(&b, (uint32_t)atol(argv[2]), &bare, &real);
    measure(&b, bare, real);
    index_free(bare);
    index_free(real);
    return 0; /* rows, needs and dictionary go with the process */
}
