#include "tests/support/loading.h"
#include "loader/identifier.h"
#include "loader/load.h"
#include "service/demo/invent.h"
#include "sql/show.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct loading loading;

static struct {
    struct db *db;
    char *folder;
    GPtrArray *texts;   /* char *, freed at the end */
    GPtrArray *reports; /* json_t * */
    pid_t owner;
    int files;
} held;

static void forget(void)
{
    if (!held.texts || held.owner != getpid())
        return;
    g_clear_pointer(&held.db, db_close);
    GDir *folder = g_dir_open(held.folder, 0, NULL);
    for (const char *name; folder && (name = g_dir_read_name(folder));) {
        g_autofree char *path = g_build_filename(held.folder, name, NULL);
        g_unlink(path);
    }
    if (folder)
        g_dir_close(folder);
    g_rmdir(held.folder);
    g_clear_pointer(&held.folder, g_free);
    g_clear_pointer(&held.texts, g_ptr_array_unref);
    g_clear_pointer(&held.reports, g_ptr_array_unref);
}

static const char *keep(char *text)
{
    g_ptr_array_add(held.texts, text);
    return text;
}

static json_t *keep_json(json_t *value)
{
    g_ptr_array_add(held.reports, value);
    return value;
}

static void give_agencies(void)
{
    testdb_sql("INSERT INTO agency (agency_id, code, name, zone_settled_date, change_seq, "
               "first_recorded_at, recorded_at) "
               "VALUES (1, 'JJ01', '晋江桥汐', '2023-03-15', 0, '2023-03-15', '2023-03-15'), "
               "(2, 'JJ02', '泉州砺知', '2023-03-15', 0, '2023-03-15', '2023-03-15'); SELECT "
               "setval('record_id', 1000)");
}

struct db *loading_open(void)
{
    held.db = testdb_open();
    held.folder = g_dir_make_tmp("patbridge-load-XXXXXX", NULL);
    held.texts = g_ptr_array_new_with_free_func(g_free);
    held.reports = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    held.owner = getpid();
    loading = (struct loading){0};
    atexit(forget);
    give_agencies();
    return held.db;
}

struct db *loading_open_again(void)
{
    g_clear_pointer(&held.db, db_close);
    testdb_drop();
    held.db = testdb_open();
    loading = (struct loading){0};
    give_agencies();
    return held.db;
}

void loading_reconnect(void)
{
    held.db = testdb_again(); /* the parent's stays open, and the parent's */
}

/* ---- Numbers */

const char *app_key(int n)
{
    return keep(g_strdup_printf("CN20171%07d", n));
}

const char *app_number(int n)
{
    const char *key = app_key(n);
    return keep(g_strdup_printf("%s.%c", key, application_check(key + 2)));
}

const char *pub_number(int n, char letter)
{
    return keep(g_strdup_printf("CN106%06d%c", n, letter));
}

const char *uscc(int n)
{
    return keep(invent_uscc(n, false));
}

const char *row(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdelimit(g_strdup_vprintf(format, args), "'", '"');
    va_end(args);
    return keep(text);
}

/* ---- Loading */

const char *sql_text(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return keep(text);
}

const char *file_of(const char *name, const char *text)
{
    char *path = g_build_filename(held.folder, name, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL), "could not write %s", path);
    return keep(path);
}

json_t *load_path(const char *kind, int agency, const char *path)
{
    g_autoptr(GError) error = NULL;
    struct load_options options = {.kind = kind_find(kind),
                                   .agency_id = agency,
                                   .held_since = loading.held_since,
                                   .refused_dir = held.folder,
                                   .today = "2025-06-30",
                                   .dry_run = loading.dry_run,
                                   .progress = loading.progress};
    json_t *report = NULL;
    cr_assert(load_file(held.db, path, &options, &report, &error), "%s: %s", path,
              error ? error->message : "");
    return keep_json(report);
}

json_t *load(const char *kind, int agency, const char *lines)
{
    g_autofree char *name = g_strdup_printf("%d.jsonl", held.files++);
    g_autofree char *text = g_strdelimit(g_strdup(lines), "'", '"');
    return load_path(kind, agency, file_of(name, text));
}

static int count(const json_t *report, const char *name)
{
    return (int)json_integer_value(json_object_get(report, name));
}

void expect_counts(const char *what, json_t *report, int new, int changed, int same,
                   int refused)
{
    char *refusals = json_dumps(json_object_get(report, "refusals"), 0);
    bool right = count(report, "new") == new &&count(report, "changed") ==
                 changed &&count(report, "same") == same &&count(report, "refused") == refused;
    cr_expect(right, "%s: new %d changed %d same %d refused %d, should be %d %d %d %d; %s",
              what, count(report, "new"), count(report, "changed"), count(report, "same"),
              count(report, "refused"), new, changed, same, refused, refusals);
    cr_expect_eq(count(report, "read"), new + changed + same + refused,
                 "%s: read is not the sum", what);
    free(refusals);
}

static const char *of_line(json_t *report, int line, const char *name)
{
    json_t *refusals = json_object_get(report, "refusals");
    for (size_t i = 0; i < json_array_size(refusals); i++)
        if (count(json_array_get(refusals, i), "line") == line)
            return json_string_value(json_object_get(json_array_get(refusals, i), name));
    return "";
}

const char *code_of_line(json_t *report, int line)
{
    return of_line(report, line, "code");
}

const char *reason_of_line(json_t *report, int line)
{
    return of_line(report, line, "reason");
}

const char *place_of_line(json_t *report, int line)
{
    static char place[300];
    g_snprintf(place, sizeof place, "%s=%s", of_line(report, line, "column"),
               of_line(report, line, "value"));
    return place;
}

/* ---- What the database holds */

json_t *shown(const char *kind, const char *key, int agency)
{
    g_autoptr(GError) error = NULL;
    cr_assert(db_begin(held.db, DB_ACROSS, 0, &error), "%s", error ? error->message : "");
    json_t *found = show_record(held.db, kind, key, agency, &error);
    db_rollback(held.db);
    cr_assert(found, "%s", error ? error->message : "");
    return keep_json(found);
}

const char *shown_value(const char *kind, const char *key, int agency, const char *name)
{
    json_t *value = json_object_get(json_object_get(shown(kind, key, agency), "record"), name);
    if (json_is_string(value))
        return json_string_value(value);
    char *text =
        value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    const char *kept = keep(g_strdup(text ? text : "absent"));
    free(text);
    return kept;
}

char *dump_all(bool whole)
{
    const char *left_out =
        whole ? "{}" : "{batch_id,change_seq,recorded_at,first_recorded_at,superseded_at}";
    GString *dump = g_string_new(NULL);
    json_t *tables =
        testdb_rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                    "'public'::regnamespace "
                    "AND relname NOT IN ('load_batch', 'refused_row', 'schema_migration', "
                    "'ledger', 'ledger_row', 'ledger_pack', 'personal_salt', 'track_change', "
                    "'track_kept') ORDER BY 1");
    for (size_t i = 0; i < json_array_size(tables); i++) {
        const char *table =
            json_string_value(json_object_get(json_array_get(tables, i), "relname"));
        g_autofree char *query =
            g_strdup_printf("SELECT r FROM (SELECT to_jsonb(t) - '%s'::text[] || "
                            "coalesce(jsonb_build_object('record', "
                            "(to_jsonb(t) -> 'record') - '%s'::text[]), '{}') AS r FROM %s t) "
                            "x ORDER BY r::text",
                            left_out, left_out, table);
        json_t *rows = testdb_rows(query);
        char *text = json_dumps(rows, JSON_COMPACT | JSON_SORT_KEYS);
        g_string_append_printf(dump, "%s %s\n", table, text);
        free(text);
        json_decref(rows);
    }
    json_decref(tables);
    return g_string_free(dump, FALSE);
}
