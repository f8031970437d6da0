#include "service/cli/inference.h"
#include "service/cli/eval.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static char *given_file(const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void set_up(void)
{
    folder = g_dir_make_tmp("patbridge-inference-XXXXXX", NULL);
}

static void tear_down(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

TestSuite(inference, .init = set_up, .fini = tear_down);

static const char titles[] = "{\"title\": \"一种发泡鞋底\", \"ipc_subclasses\": [\"A43B\"]}\n"
                             "{\"title\": \"数据检索方法\", \"abstract\": null, \"ipc\": "
                             "[\"G06F17/30\", \"G06F 16/24\"], "
                             "\"applicants\": [\"一家\"]}\n"
                             "\n"
                             "{\"title\": \"外观\", \"ipc\": []}\n";
static const char scheme[] =
    "symbol\tlevel\ttitle_zh\nA\tsection\t人类生活必需\nA43B\tsubclass\t鞋类的特征\n"
    "A43B1/00\tgroup\t鞋的材料\nC09J\tsubclass\t粘合剂；胶粘\n";

/* What a command writes to a file, as text. */
static char *text_of(FILE *file)
{
    GString *text = g_string_new(NULL);
    rewind(file);
    for (int c; (c = fgetc(file)) != EOF;)
        g_string_append_c(text, (char)c);
    fclose(file);
    return g_string_free(text, FALSE);
}

Test(inference, titles_and_the_scheme_are_learned_and_queries_answered)
{
    g_autofree char *train = given_file("t.jsonl", titles),
                    *places = given_file("s.tsv", scheme),
                    *queries = given_file("q.tsv",
                                          "qid\ttitle\tmore\nq1\t鞋底\tx\nq2\t?\nq3\t胶粘剂\n");
    char *files[] = {train, NULL};
    struct inference_sources sources = {files, places, NULL};
    struct inference_report report;
    g_autoptr(GError) error = NULL;
    g_autoptr(match_classifier) c = inference_train(&sources, &report, &error);
    cr_assert(c, "%s", error ? error->message : "");
    cr_expect_eq(report.texts, 4, "two titles, two subclasses of the scheme");
    cr_expect_eq(report.skipped, 1);
    cr_expect_eq(classifier_class_count(c), 3);
    FILE *out = tmpfile();
    cr_assert(inference_run(c, queries, 1, out, &error));
    g_autofree char *text = text_of(out);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_assert_eq(g_strv_length(lines), 3, "%s", text);
    cr_expect(g_str_has_prefix(lines[0], "q1\tA43B\t0."), "%s", lines[0]);
    cr_expect(g_str_has_prefix(lines[1], "q3\tC09J\t0."), "%s", lines[1]);
}

Test(inference, what_cannot_be_read_is_named_with_file_line_and_reason)
{
    static const struct {
        const char *train, *why;
    } rows[] = {
        {"{\"title\": \"鞋\", \"ipc\": [\"A43B\"]}\n{\"title\": 3}\n",
         "t.jsonl, line 2: title is not a string"},
        {"{\"title\": \"鞋\", \"ipc\": 3}\n",
         "t.jsonl, line 1: ipc is neither a list nor a string"},
        {"[]\n", "t.jsonl, line 1: not a JSON object"},
        {"{\n", "t.jsonl, line 1: not JSON"},
        {"\xff\n", "t.jsonl, line 1: not UTF-8 text"},
        {"", "texts of fewer than two subclasses: nothing to tell apart"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *train = given_file("t.jsonl", rows[i].train);
        char *files[] = {train, NULL};
        struct inference_sources sources = {files, NULL, NULL};
        struct inference_report report;
        g_autoptr(GError) error = NULL;
        cr_expect_null(inference_train(&sources, &report, &error), "row %zu", i);
        cr_expect(strstr(error->message, rows[i].why), "row %zu: %s", i, error->message);
    }
    g_autofree char *places = given_file("s.tsv", "a\tb\n");
    struct inference_sources sources = {NULL, places, NULL};
    struct inference_report report;
    g_autoptr(GError) error = NULL;
    cr_assert_null(inference_train(&sources, &report, &error));
    cr_expect(strstr(error->message, "no columns named symbol and title"), "%s",
              error->message);
}

Test(inference, the_shipped_sample_teaches_a_default)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(match_classifier) c = inference_default(NULL, &error);
    cr_assert(c, "%s", error ? error->message : "");
    cr_expect_gt(classifier_class_count(c), 20);
    struct guess
        guesses[3]; /* for a title of the sample itself, which says C08J 9/12 and others */
    uint32_t count =
        classifier_infer(c, "一种低密度聚酯弹性体鞋中底的釜压发泡方法", 3, guesses);
    bool found = false;
    for (uint32_t i = 0; i < count; i++)
        found = found || strcmp(guesses[i].subclass, "C08J") == 0;
    cr_expect(found, "%s first", guesses[0].subclass);
}

/* A run of one query over two documents, as `eval` prints it. */
static char *run_of(const char *docs, struct weighing weighing, struct classifier *classifier)
{
    g_autofree char *doc_path = given_file("d.jsonl", docs),
                    *query_path = given_file("q.tsv", "qid\tneed\nn1\tbonded soles\n");
    struct eval_options options = {doc_path, query_path, 10, weighing, classifier, 0};
    g_autoptr(GError) error = NULL;
    FILE *out = tmpfile();
    cr_assert(eval_run(&options, out, &error), "%s", error ? error->message : "");
    return text_of(out);
}

Test(inference, eval_reads_text_where_there_is_no_abstract_and_compares_stems)
{
    static const char docs[] =
        "{\"id\": \"a\", \"title\": \"x\", \"text\": \"bonding of a sole\"}\n"
        "{\"id\": 7, \"title\": \"soles\", \"abstract\": null}\n{\"id\": \"c\", \"title\": "
        "\"wing\"}\n";
    g_autofree char *ours = run_of(docs, weighing_default, NULL),
                    *plain = run_of(docs, weighing_bm25, NULL);
    cr_expect(strstr(ours, "n1 Q0 a ") && strstr(ours, "n1 Q0 7 ") && !strstr(ours, " c "),
              "%s", ours);
    cr_expect(g_str_has_prefix(plain, "n1 Q0 7 1 ") && !strstr(plain, " a "), "%s", plain);
}
