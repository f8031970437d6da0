/* The folders of tests/cases/track: records in, figures that were worked out by hand. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>
#include <string.h>

static const char root[] = "tests/cases/track";

/* An agency or enterprise may stand in for the one that is there already. */
static void give_record(const json_t *row, const char *line)
{
    const char *table = json_string_value(json_object_get(row, "table"));
    json_int_t agency = json_integer_value(json_object_get(row, "agency_id")),
               enterprise = json_integer_value(json_object_get(row, "enterprise_id"));
    g_autofree char *clear = NULL;
    if (g_str_equal(table, "agency"))
        clear = g_strdup_printf("DELETE FROM agency WHERE agency_id = %" JSON_INTEGER_FORMAT,
                                agency);
    if (g_str_equal(table, "enterprise"))
        clear = g_strdup_printf(
            "DELETE FROM enterprise WHERE enterprise_id = %" JSON_INTEGER_FORMAT, enterprise);
    if (clear)
        testdb_sql(clear);
    give(table, line);
}

/* A decision on a parameter is one of the pack in hand. */
static char *named_policy(const json_t *row, const char *policy)
{
    json_t *named = json_copy((json_t *)(guintptr)row);
    json_object_set_new(named, "policy_id", json_string(policy));
    char *text = json_dumps(named, 0), *line = g_strdup(text);
    free(text);
    json_decref(named);
    return line;
}

static void give_records(const char *folder, const char *policy)
{
    g_autofree char *path = g_build_filename(root, folder, "records.jsonl", NULL);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        json_t *row = **line ? json_loads(*line, 0, NULL) : NULL;
        cr_assert(row || !**line, "%s: %s", path, *line);
        const char *table = json_string_value(json_object_get(row, "table"));
        g_autofree char *named = g_strcmp0(table, "parameter_decision") == 0
                                     ? named_policy(row, policy)
                                     : g_strdup(*line);
        if (row)
            give_record(row, named);
        json_decref(row);
    }
}

/* Counts again only where the day or the moment is another than that of the figure before. */
static void count_for(struct db *db, const struct pack *pack, json_t *figure,
                      const json_t *before)
{
    const char *as_of = json_string_value(json_object_get(figure, "as_of"));
    const char *known_at = json_string_value(json_object_get(figure, "known_at"));
    if (!before || g_strcmp0(json_string_value(json_object_get(before, "as_of")), as_of) != 0 ||
        g_strcmp0(json_string_value(json_object_get(before, "known_at")), known_at) != 0)
        count_figures(db, pack, as_of, known_at);
}

static void check_figure(struct db *db, const struct pack *pack, const char *folder,
                         json_t *figure, const json_t *before)
{
    const char *as_of = json_string_value(json_object_get(figure, "as_of"));
    const char *known_at = json_string_value(json_object_get(figure, "known_at"));
    char *expected = json_dumps(json_object_get(figure, "expected"), 0);
    g_autofree char *row =
        g_strdup_printf("%s, as of %s, known at %s", folder, as_of, known_at);
    count_for(db, pack, figure, before);
    const char *agency = json_string_value(json_object_get(figure, "agency")),
               *clause = json_string_value(json_object_get(figure, "clause"));
    if (clause)
        expect_clause(row, agency, clause, expected);
    else
        expect(row, agency, json_string_value(json_object_get(figure, "metric")), expected);
    free(expected);
}

static void check_case(struct db *db, const char *folder)
{
    g_autofree char *path = g_build_filename(root, folder, "expected.json", NULL);
    json_error_t why;
    json_t *wanted = json_load_file(path, 0, &why);
    cr_assert(wanted, "%s:%d: %s", path, why.line, why.text);
    char *changes = json_dumps(json_object_get(wanted, "changes"), 0);
    g_autoptr(pack_t) pack = pack_with(changes);
    json_t *figures = json_object_get(wanted, "figures");
    trackdb_clear();
    give_records(folder, pack->id);
    for (size_t i = 0; i < json_array_size(figures); i++)
        check_figure(db, pack, folder, json_array_get(figures, i),
                     i ? json_array_get(figures, i - 1) : NULL);
    json_decref(wanted);
    free(changes);
}

static void check_named(struct db *db, const char *name)
{
    g_autofree char *path = g_build_filename(root, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        check_case(db, name);
}

Test(track, every_case_gives_the_figures_that_were_worked_out_by_hand)
{
    g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
    cr_assert(dir, "%s is not there: the tests run in the project's folder", root);
    struct db *db = trackdb_open();
    const char *name;
    while ((name = g_dir_read_name(dir)))
        check_named(db, name);
    db_close(db);
}
