#include "tests/unit/loader/case.h"
#include "loader/record.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What a load without a database comes to. */
struct outcome {
    GString *wrong;
    json_t *expected;
    int64_t accepted, refused, found; /* found: records that were expected by key */
    GString *notices;
};

static void check_text(struct outcome *outcome, const char *what, const char *have,
                       const json_t *part)
{
    const char *want = json_string_value(part);
    if (want && (!have || !strstr(have, want)))
        g_string_append_printf(outcome->wrong, "%s: '%s' lacks '%s'\n", what,
                               have ? have : "(none)", want);
}

static void check_same(struct outcome *outcome, const char *what, const char *have,
                       const json_t *want)
{
    if (strcmp(have ? have : "", json_string_value(want) ? json_string_value(want) : "") != 0)
        g_string_append_printf(outcome->wrong, "%s: '%s', expected '%s'\n", what, have,
                               json_string_value(want));
}

static void check_count(struct outcome *outcome, const char *what, int64_t have)
{
    int64_t want = json_integer_value(json_object_get(outcome->expected, what));
    if (have != want)
        g_string_append_printf(outcome->wrong,
                               "%s: %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT "\n",
                               what, have, want);
}

static void take_refusal(struct outcome *outcome, const struct refusal *refusal)
{
    json_t *list = json_object_get(outcome->expected, "refusals");
    json_t *want = json_array_get(list, (size_t)outcome->refused++);
    if (!want && outcome->wrong->len > 4000) /* enough said */
        return;
    if (!want) {
        g_string_append_printf(
            outcome->wrong, "not expected: line %" G_GINT64_FORMAT " column '%s' %s: %s\n",
            refusal->line, refusal->column, code_name(refusal->code), refusal->reason_en);
        return;
    }
    if (json_integer_value(json_object_get(want, "line")) != refusal->line)
        g_string_append_printf(
            outcome->wrong,
            "line %" G_GINT64_FORMAT " refused, expected line %" G_GINT64_FORMAT "\n",
            refusal->line, (int64_t)json_integer_value(json_object_get(want, "line")));
    if (json_object_get(want, "sheet"))
        check_same(outcome, "sheet", refusal->sheet, json_object_get(want, "sheet"));
    check_same(outcome, "column", refusal->column, json_object_get(want, "column"));
    check_same(outcome, "code", code_name(refusal->code), json_object_get(want, "code"));
    check_text(outcome, "reason", refusal->reason_en, json_object_get(want, "reason"));
    check_text(outcome, "reason_zh", refusal->reason_zh, json_object_get(want, "reason_zh"));
    if (!g_utf8_validate(refusal->value, -1, NULL) ||
        strlen(refusal->value) > REFUSAL_VALUE_BYTES)
        g_string_append(outcome->wrong, "the refusal's value is no UTF-8, or too long\n");
}

static void take_record(struct outcome *outcome, const struct record *record)
{
    const json_t *want =
        json_object_get(json_object_get(outcome->expected, "records"), record->key);
    const char *name;
    json_t *value;
    outcome->accepted++;
    for (guint i = 0; i < record->notices->len; i++)
        g_string_append_printf(
            outcome->notices, "%s\n",
            ((struct notice *)g_ptr_array_index(record->notices, i))->problem.en);
    json_object_foreach((json_t *)(gintptr)want, name, value)
    {
        const json_t *have = json_object_get(record->fields, name);
        if (have && json_equal(have, value))
            continue;
        char *dump = have ? json_dumps(have, JSON_ENCODE_ANY) : NULL;
        g_string_append_printf(outcome->wrong, "%s.%s is %s\n", record->key, name,
                               dump ? dump : "absent");
        free(dump);
    }
    outcome->found += want != NULL;
}

/* Sheets of a workbook: those that are expected, in order; of each, what is said of it. */
static void check_sheets(struct outcome *outcome, const struct reader *reader)
{
    json_t *want = json_object_get(outcome->expected, "sheets"), *have = reader_sheets(reader);
    size_t i;
    json_t *one, *value;
    const char *name;
    json_array_foreach(want, i, one) json_object_foreach(one, name, value)
    {
        json_t *own = json_object_get(json_array_get(have, i), name);
        char *dump = own ? json_dumps(own, JSON_ENCODE_ANY) : NULL;
        if (!own || !json_equal(own, value))
            g_string_append_printf(outcome->wrong, "sheet %zu: %s is %s\n", i, name,
                                   dump ? dump : "absent");
        free(dump);
    }
    if (want && json_array_size(want) != json_array_size(have))
        g_string_append_printf(outcome->wrong, "%zu sheets\n", json_array_size(have));
    json_decref(have);
}

static void check_lists(struct outcome *outcome, struct reader *reader)
{
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(outcome->expected, "notices"), i, part)
        check_text(outcome, "notices", outcome->notices->str, part);
    json_array_foreach(
        json_object_get(outcome->expected, "unrecognised"), i,
        part) if (!g_strv_contains(reader_unrecognised(reader), json_string_value(part)))
        g_string_append_printf(outcome->wrong, "'%s' is not among the unrecognised\n",
                               json_string_value(part));
}

/* All rows. */
static void read_rows(struct outcome *outcome, struct reader *reader)
{
    struct refusal refusal = {0};
    struct raw_row row;
    struct record record;
    g_autoptr(GError) error = NULL;
    enum reader_step step;
    while ((step = reader_next(reader, &row, &refusal, &error)) == READER_ROW ||
           step == READER_BAD_ROW) {
        bool ok = step == READER_ROW && record_read(reader, &row, &record, &refusal);
        if (!ok) {
            take_refusal(outcome, &refusal);
            continue;
        }
        take_record(outcome, &record);
        record_clear(&record);
    }
    if (step == READER_FAILED)
        g_string_append_printf(outcome->wrong, "reading failed: %s\n", error->message);
    refusal_clear(&refusal);
    check_count(outcome, "read", reader_read(reader));
    check_count(outcome, "skipped", reader_skipped(reader));
    check_count(outcome, "new", outcome->accepted);
    check_count(outcome, "refused", outcome->refused);
    check_lists(outcome, reader);
    check_sheets(outcome, reader);
    if ((size_t)outcome->found !=
        json_object_size(json_object_get(outcome->expected, "records")))
        g_string_append(outcome->wrong, "not every expected record came\n");
    if (reader_is_empty(reader) != json_is_true(json_object_get(outcome->expected, "empty")))
        g_string_append(outcome->wrong, "reader_is_empty is wrong\n");
}

/* Opens the input; the superuser becomes nobody where a case is about rights. */
static struct reader *open_input(struct outcome *outcome, const char *path,
                                 const struct plan *plan, GError **error)
{
    bool drop =
        geteuid() == 0 && json_is_true(json_object_get(outcome->expected, "unprivileged"));
    if (drop && seteuid(65534) != 0)
        g_string_append(outcome->wrong, "could not become nobody\n");
    struct reader *reader = reader_open(path, plan, error);
    if (drop && seteuid(0) != 0)
        g_string_append(outcome->wrong, "could not become root again\n");
    return reader;
}

static void run_input(struct outcome *outcome, const char *folder, const char *path)
{
    g_autofree char *args_file = g_build_filename(folder, "args", NULL);
    g_autofree char *text = NULL;
    g_autoptr(mapping_t) mapping = NULL;
    g_autoptr(reader_t) reader = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(args_file, &text, NULL, NULL))
        text = g_strdup("patent");
    g_auto(GStrv) args = g_strsplit(g_strstrip(text), " ", -1);
    struct plan plan = {.kind = kind_find(args[0]), .today = CASE_TODAY};
    for (char **arg = args + 1; args[0] && *arg; arg++) {
        if (strcmp(*arg, "--map") == 0 && arg[1]) {
            g_autofree char *map = g_build_filename(folder, *++arg, NULL);
            plan.mapping = mapping = mapping_load(map, plan.kind, &error);
        } else if (strcmp(*arg, "--encoding") == 0 && arg[1]) {
            plan.encoding = *++arg;
        } else if (strcmp(*arg, "--skip-hidden") == 0) {
            plan.skip_hidden = true;
        }
    }
    if (!error)
        reader = open_input(outcome, path, &plan, &error);
    const json_t *wanted = json_object_get(outcome->expected, "error");
    if (!reader && !wanted)
        g_string_append_printf(outcome->wrong, "error: %s\n", error->message);
    if (wanted)
        check_text(outcome, "error", error ? error->message : NULL, wanted);
    else if (reader)
        read_rows(outcome, reader);
}

/* input.* or dmh_* in a folder; "input.csv" when there is none. Caller frees. */
static char *find_input(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_prefix(name, "input.") ||
            (g_str_has_prefix(name, "dmh_") && strstr(name, "_100001")))
            return g_build_filename(folder, name, NULL);
    return g_build_filename(folder, "input.csv", NULL);
}

/* Runs make.sh into a folder of its own. */
static char *make_input(struct outcome *outcome, const char *script, const char *into)
{
    const char *const command[] = {"sh", script, into, NULL};
    int status = 0;
    g_autoptr(GError) error = NULL;
    if (!g_spawn_sync(NULL, (char **)(gintptr)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                      NULL, NULL, &status, &error) ||
        status != 0)
        g_string_append_printf(outcome->wrong, "make.sh failed: %s\n",
                               error ? error->message : "status");
    return find_input(into);
}

static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_remove(path) != 0)
            g_rmdir(path);
    }
    g_rmdir(folder);
}

char *case_run(const char *folder)
{
    g_autofree char *expected = g_build_filename(folder, "expected.json", NULL);
    g_autofree char *script = g_build_filename(folder, "make.sh", NULL);
    g_autofree char *temporary = NULL;
    g_autofree char *path = NULL;
    struct outcome outcome = {.wrong = g_string_new(NULL), .notices = g_string_new(NULL)};
    outcome.expected = json_load_file(expected, 0, NULL);
    if (!outcome.expected)
        g_string_append(outcome.wrong, "expected.json can't be read\n");
    if (g_file_test(script, G_FILE_TEST_EXISTS)) {
        temporary = g_dir_make_tmp("patbridge-case-XXXXXX", NULL);
        path = make_input(&outcome, script, temporary);
    } else {
        path = find_input(folder);
    }
    run_input(&outcome, folder, path);
    if (temporary)
        remove_folder(temporary);
    json_decref(outcome.expected);
    g_string_free(outcome.notices, TRUE);
    return g_string_free(outcome.wrong, outcome.wrong->len == 0);
}
