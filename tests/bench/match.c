/* match.c - the bare engine, measured: build/bench/match --docs FILE --queries FILE [--k N] [--reverse] [--threads T]
 * [--repeat N] [--index FILE] [--exhaustive] [--compare] [--out RUN]
 *
 * One document or query a line, already cut into tokens by single blanks; ids are line numbers from 0. BM25, k1 = 1.2,
 * b = .75. Forward: the k best documents of each query. --reverse: the k best queries of each document, as when a changed
 * patent is held against standing needs; the scores are the same. RUN gets the ids of each one's top k on a line.
 *
 * All is asked twice: once to warm up (and to write RUN), once to measure. Prints one JSON line: docs, queries, k; build_s;
 * index_bytes; median_us and p99_us of the time one search takes, its preparation included; cpu_us, processor time a search;
 * qps, searches a second over all threads; kernel.
 *
 * --index: what was built is written to the file and mapped again, and that is searched. Another line tells file_bytes; save_s;
 * first_s, from opening the file to the first answer, when it was just written and lies in the page cache.
 *
 * --compare: every kernel that this processor has searches with and without pruning; a line for each, with "same": whether ids,
 * order and scores of every search are those of the first, which is plain and does not prune. Ends with 1 when one is not. */
#include "matcher/index_file.h"
#include "matcher/kernel.h"
#include "matcher/search.h"
#include "matcher/terms.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *docs_path, *queries_path, *run_path, *index_path;
static int k = 10, threads = 1, repeat = 1;
static gboolean reverse, exhaustive, compare;

static const GOptionEntry options[] = {
    {"docs", 0, 0, G_OPTION_ARG_FILENAME, &docs_path, "documents, one a line", "FILE"},
    {"queries", 0, 0, G_OPTION_ARG_FILENAME, &queries_path, "queries, one a line", "FILE"},
    {"k", 0, 0, G_OPTION_ARG_INT, &k, "how many a search gives (10)", "N"},
    {"reverse", 0, 0, G_OPTION_ARG_NONE, &reverse, "the best queries of each document", NULL},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "how many search at once (1)", "T"},
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "measure so many passes (1)", "N"},
    {"exhaustive", 0, 0, G_OPTION_ARG_NONE, &exhaustive, "do not prune", NULL},
    {"index", 0, 0, G_OPTION_ARG_FILENAME, &index_path, "search the index out of a file",
     "FILE"},
    {"compare", 0, 0, G_OPTION_ARG_NONE, &compare, "all kernels, pruned and not", NULL},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &run_path, "write the ids found", "RUN"},
    {0}};

struct lines {      /* token hashes of all lines, one behind the other */
    GArray *tokens; /* uint64_t */
    GArray *starts; /* size_t: where each line begins, and one more for the end */
};

struct work {
    const struct index *ix;
    const struct kernel *kernel;
    enum search_mode mode;
    const struct standing *standing;
    const struct lines *docs, *queries;
    uint32_t count;   /* searches */
    int passes;       /* all of them so many times */
    struct hit *hits; /* count × k */
    uint32_t *found;  /* of each search */
    double *spent_us; /* of each search */
};

struct worker {
    const struct work *work;
    uint32_t first; /* takes every threads-th from here */
    double cpu_s;
    struct searcher *searcher;
    struct standing_searcher *best; /* reverse */
    uint32_t *scores;               /* reverse, exhaustive: of each query */
    pthread_t thread;
};

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t line_count(const struct lines *lines)
{
    return lines->starts->len - 1;
}

static const uint64_t *line_tokens(const struct lines *lines, uint32_t i, size_t *count)
{
    size_t start = g_array_index(lines->starts, size_t, i);
    *count = g_array_index(lines->starts, size_t, i + 1) - start;
    return &g_array_index(lines->tokens, uint64_t, start);
}

static void cut_line(struct lines *lines, const char *line)
{
    for (size_t len; *line; line += len + (line[len] == ' ')) {
        len = strcspn(line, " ");
        uint64_t hash = terms_hash_token(line, len);
        if (len > 0)
            g_array_append_val(lines->tokens, hash);
    }
    size_t end = lines->tokens->len;
    g_array_append_val(lines->starts, end);
}

static struct lines read_lines(const char *path)
{
    struct lines lines = {g_array_new(FALSE, FALSE, sizeof(uint64_t)),
                          g_array_new(FALSE, FALSE, sizeof(size_t))};
    size_t room = 0, start = 0;
    char *line = NULL;
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "could not open file '%s': %s\n", path, strerror(errno));
        exit(1);
    }
    g_array_append_val(lines.starts, start);
    while (getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        cut_line(&lines, line);
    }
    free(line);
    fclose(file);
    return lines;
}

static void free_lines(struct lines *lines)
{
    g_array_unref(lines->tokens);
    g_array_unref(lines->starts);
}

static struct index *build_index(const struct lines *docs)
{
    g_autoptr(GError) error = NULL;
    struct index_builder *builder = index_builder_new(&weighing_bm25);
    for (uint32_t i = 0; i < line_count(docs); i++) {
        size_t count;
        const uint64_t *tokens = line_tokens(docs, i, &count);
        index_add_tokens(builder, i, tokens, count);
    }
    struct index *ix = index_finish(builder, &error);
    if (!ix) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
    return ix;
}

/* Through the file. */
static struct index *put_away(struct index *built, const struct lines *queries)
{
    g_autoptr(GError) error = NULL;
    struct hit first[1];
    size_t count;
    double start = now(CLOCK_MONOTONIC);
    bool saved = index_save(built, 1, index_path, &error);
    double mid = now(CLOCK_MONOTONIC);
    struct index *ix = saved ? index_load(index_path, 1, &weighing_bm25, &error) : NULL;
    if (!ix) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
    const uint64_t *tokens = line_tokens(queries, 0, &count);
    g_autoptr(match_query) query = query_new_tokens(ix, tokens, count);
    g_autoptr(match_searcher) searcher = search_new(ix);
    search_top(searcher, query, 1, SEARCH_AUTO, NULL, NULL, first);
    printf("{\"file_bytes\": %zu, \"save_s\": %.3f, \"first_s\": %.3f}\n", ix->map_size,
           mid - start, now(CLOCK_MONOTONIC) - mid);
    index_free(built);
    return ix;
}

static struct standing *build_standing(const struct index *ix, const struct lines *queries)
{
    uint32_t count = line_count(queries);
    struct query **prepared = g_new(struct query *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        size_t len;
        const uint64_t *tokens = line_tokens(queries, i, &len);
        prepared[i] = query_new_tokens(ix, tokens, len);
    }
    struct standing *standing = standing_new((const struct query *const *)prepared, count);
    for (uint32_t i = 0; i < count; i++)
        query_free(prepared[i]);
    g_free(prepared);
    return standing;
}

static size_t search_forward(struct worker *worker, uint32_t i, struct hit *out)
{
    size_t count;
    const uint64_t *tokens = line_tokens(worker->work->queries, i, &count);
    g_autoptr(match_query) query = query_new_tokens(worker->work->ix, tokens, count);
    return search_top(worker->searcher, query, (size_t)k, worker->work->mode, NULL, NULL, out);
}

static size_t search_reverse(struct worker *worker, uint32_t i, struct hit *out)
{
    size_t count;
    const uint64_t *tokens = line_tokens(worker->work->docs, i, &count);
    g_autoptr(match_profile) profile = profile_new_tokens(worker->work->ix, tokens, count);
    if (worker->work->mode != SEARCH_EXHAUSTIVE)
        return standing_best(worker->best, profile, (size_t)k, out);
    standing_score(worker->work->standing, profile, worker->scores);
    return standing_top(worker->scores, line_count(worker->work->queries), (size_t)k, out);
}

static void *run_worker(void *data)
{
    struct worker *worker = data;
    const struct work *work = worker->work;
    double cpu = now(CLOCK_THREAD_CPUTIME_ID);
    uint32_t turn = worker->first, turns = work->count * (uint32_t)work->passes;
    for (; turn < turns; turn += (uint32_t)threads) {
        uint32_t i = turn % work->count;
        struct hit *out = work->hits + (size_t)i * (size_t)k;
        double start = now(CLOCK_MONOTONIC);
        work->found[i] = (uint32_t)(reverse ? search_reverse : search_forward)(worker, i, out);
        work->spent_us[i] = (now(CLOCK_MONOTONIC) - start) * 1e6;
    }
    worker->cpu_s = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return NULL;
}

/* One pass over all searches; gives the processor time of all threads. */
static double run_all(struct worker *workers)
{
    double cpu_s = 0;
    for (int t = 0; t < threads; t++)
        if (pthread_create(&workers[t].thread, NULL, run_worker, &workers[t]) != 0)
            g_error("could not start a thread");
    for (int t = 0; t < threads; t++) {
        pthread_join(workers[t].thread, NULL);
        cpu_s += workers[t].cpu_s;
    }
    return cpu_s;
}

static void write_run(const struct work *work)
{
    FILE *out = run_path ? fopen(run_path, "w") : NULL;
    if (run_path && !out) {
        fprintf(stderr, "could not open file '%s': %s\n", run_path, strerror(errno));
        exit(1);
    }
    for (uint32_t i = 0; out && i < work->count; i++) {
        for (uint32_t j = 0; j < work->found[i]; j++)
            fprintf(out, "%s%" G_GINT64_FORMAT, j ? " " : "",
                    work->hits[(size_t)i * (size_t)k + j].id);
        fputc('\n', out);
    }
    if (out && fclose(out) != 0) {
        fprintf(stderr, "could not write file '%s': %s\n", run_path, strerror(errno));
        exit(1);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const char *const mode_names[] = {"auto", "pruned", "exhaustive"};

static void report(const struct work *work, double build_s, double cpu_s, double wall_s,
                   const char *more)
{
    double count = MAX((double)work->count * work->passes, 1);
    qsort(work->spent_us, work->count, sizeof *work->spent_us, by_value);
    printf(
        "{\"docs\": %u, \"queries\": %u, \"k\": %d, \"build_s\": %.3f, \"index_bytes\": %zu, "
        "\"median_us\": %.1f, \"p99_us\": %.1f, \"cpu_us\": %.1f, \"qps\": %.1f, \"kernel\": "
        "\"%s\", \"mode\": \"%s\"%s}\n",
        line_count(work->docs), line_count(work->queries), k, build_s, index_bytes(work->ix),
        work->count ? work->spent_us[work->count / 2] : 0,
        work->count ? work->spent_us[(size_t)work->count * 99 / 100] : 0, cpu_s * 1e6 / count,
        count / wall_s, work->kernel->name, mode_names[work->mode], more);
}

static bool is_same(const struct work *work, const struct work *other)
{
    for (uint32_t i = 0; i < work->count; i++) {
        if (work->found[i] != other->found[i])
            return false;
        for (uint32_t j = 0; j < work->found[i]; j++) {
            const struct hit *x = &work->hits[(size_t)i * (size_t)k + j],
                             *y = &other->hits[(size_t)i * (size_t)k + j];
            if (x->id != y->id || x->score != y->score)
                return false;
        }
    }
    return true;
}

/* `first`: what the hits are to be the same as, or NULL. */
static bool measure(struct work *work, double build_s, const struct work *first)
{
    struct worker *workers = g_new0(struct worker, (gsize)threads);
    for (int t = 0; t < threads; t++) {
        workers[t] = (struct worker){.work = work,
                                     .first = (uint32_t)t,
                                     .searcher = search_new_with(work->ix, work->kernel)};
        workers[t].scores = g_new(uint32_t, line_count(work->queries) + 1);
        if (work->standing)
            workers[t].best = standing_search_new_with(work->standing, work->kernel);
    }
    work->passes = 1;
    run_all(workers);
    work->passes = repeat;
    write_run(work);
    double start = now(CLOCK_MONOTONIC);
    double cpu_s = run_all(workers);
    double wall_s = now(CLOCK_MONOTONIC) - start;
    bool same = !first || is_same(work, first);
    const char *verdict = same ? ", \"same\": true" : ", \"same\": false";
    report(work, build_s, cpu_s, wall_s, first ? verdict : "");
    for (int t = 0; t < threads; t++) {
        search_free(workers[t].searcher);
        standing_search_free(workers[t].best);
        g_free(workers[t].scores);
    }
    g_free(workers);
    return same;
}

static void take_room(struct work *work)
{
    work->hits = g_new(struct hit, (size_t)work->count * (size_t)k + 1);
    work->found = g_new(uint32_t, work->count + 1);
    work->spent_us = g_new(double, work->count + 1);
}

static void free_room(struct work *work)
{
    g_free(work->hits);
    g_free(work->found);
    g_free(work->spent_us);
}

static bool compare_all(struct work work, double build_s)
{
    static const char *const names[] = {"plain", "avx2", "avx512"};
    struct work first = work;
    bool same = true;
    first.kernel = kernel_named(names[0]);
    first.mode = SEARCH_EXHAUSTIVE;
    take_room(&first);
    take_room(&work);
    measure(&first, build_s, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        for (int mode = SEARCH_AUTO; mode <= SEARCH_EXHAUSTIVE; mode++) {
            work.kernel = kernel_named(names[i]);
            work.mode = (enum search_mode)mode;
            if (work.kernel && (i > 0 || mode != SEARCH_EXHAUSTIVE))
                same = measure(&work, build_s, &first) && same;
        }
    free_room(&first);
    free_room(&work);
    return same;
}

static void read_options(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("- the bare engine, measured");
    g_option_context_add_main_entries(context, options, NULL);
    bool read = g_option_context_parse(context, &argc, &argv, &error);
    if (read && docs_path && queries_path && argc == 1 && k > 0 && threads > 0 &&
        threads <= 256 && repeat > 0 && repeat <= 10000)
        return;
    fprintf(stderr, "%s\n",
            read ? "--docs and --queries are needed; k from 1, threads from 1 to 256, repeat "
                   "up to 10000"
                 : error->message);
    exit(2);
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    struct lines docs = read_lines(docs_path), queries = read_lines(queries_path);
    k = (int)MIN((uint32_t)k, MAX(line_count(&docs), line_count(&queries)) + 1);
    double start = now(CLOCK_MONOTONIC);
    g_autoptr(match_index) ix = build_index(&docs);
    g_autoptr(match_standing) standing = reverse ? build_standing(ix, &queries) : NULL;
    double build_s = now(CLOCK_MONOTONIC) - start;
    if (index_path)
        ix = put_away(ix, &queries);
    struct work work = {.ix = ix,
                        .kernel = kernel_best(),
                        .mode = exhaustive ? SEARCH_EXHAUSTIVE : SEARCH_AUTO,
                        .standing = standing,
                        .docs = &docs,
                        .queries = &queries,
                        .count = line_count(reverse ? &docs : &queries)};
    bool same = true;
    if (compare) {
        same = compare_all(work, build_s);
    } else {
        take_room(&work);
        measure(&work, build_s, NULL);
        free_room(&work);
    }
    free_lines(&docs);
    free_lines(&queries);
    return same ? 0 : 1;
}
