#include "sql/backup.h"
#include "service/cli/commands.h"
#include "service/track/paper.h"
#include "sql/document.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char backup_usage[] =
    "patbridge backup FOLDER\n\n"
    "Makes a backup in a new folder, readable by its owner alone: the database (pg_dump), the "
    "evidence files, the two key files and the\n"
    "configuration, and manifest.json, which says how many rows each table has and where the "
    "ledger ends, all of one moment. Whoever works\n"
    "meanwhile is not held up. The keys open what is sealed: keep the folder as you keep them.";
static const char restore_usage[] = "patbridge restore FOLDER\n\n"
                                    "Restores a backup into the database of the settings, "
                                    "which must be empty, and puts evidence "
                                    "files and keys where the settings have\n"
                                    "them, leaving what is there already. Then every count and "
                                    "the ledger's head are compared with "
                                    "the manifest. Afterwards: `patbridge\n"
                                    "migrate`, if this program is newer than the backup, and "
                                    "`patbridge verify --head` with the "
                                    "official's head.";

static const struct {
    const char *setting, *usual, *name;
} keys[] = {{"key_file", "var/secret.key", "secret.key"},
            {"sign_key", "var/sign.key", "sign.key"}};

static bool failed(GError **error, const char *what, const char *path)
{
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "could not %s '%s': %s", what, path,
                g_strerror(errno));
    return false;
}

static char *setting_or(const struct app *app, const char *name, const char *usual)
{
    char *set = app_setting(app, name);
    return set ? set : g_strdup(usual);
}

/* ---- Programs of PostgreSQL, which learn by their environment how to connect: a command line is seen by all */

static bool run_program(struct db *db, const char *const *words, GError **error)
{
    g_auto(GStrv) own = backup_environment(db);
    char **all = g_get_environ();
    g_autofree char *complaint = NULL;
    int code = 0;
    for (char **one = own; *one; one++) {
        char *value = strchr(*one, '=');
        *value = '\0';
        all = g_environ_setenv(all, *one, value + 1, TRUE);
    }
    bool good = g_spawn_sync(NULL, (char **)(uintptr_t)words, all, G_SPAWN_SEARCH_PATH, NULL,
                             NULL, NULL, &complaint, &code, error);
    g_strfreev(all);
    if (good && code != 0)
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "%s failed: %s", words[0],
                    g_strchomp(complaint));
    return good && code == 0;
}

/* ---- Files */

/* Copies a file, readable by its owner alone; what is there already stays. */
static bool copy_file(const char *from, const char *to, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize len;
    if (g_file_test(to, G_FILE_TEST_EXISTS))
        return true;
    return g_file_get_contents(from, &bytes, &len, error) &&
           g_file_set_contents_full(to, bytes, (gssize)len, G_FILE_SET_CONTENTS_DURABLE, 0600,
                                    error);
}

static bool copy_paper(const char *from, const char *to, const char *sha256, GError **error)
{
    g_autofree char *source = paper_path(from, sha256), *target = paper_path(to, sha256);
    g_autofree char *folder = g_path_get_dirname(target);
    const char *trouble = paper_trouble(from, sha256);
    if (trouble) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "the evidence file %s is %s", sha256,
                    trouble);
        return false;
    }
    if (g_mkdir_with_parents(folder, 0700) != 0)
        return failed(error, "make the folder", folder);
    return copy_file(source, target, error);
}

/* The papers that the manifest names, each checked against its digest. */
static bool copy_papers(const char *from, const char *to, const json_t *papers, GError **error)
{
    for (size_t i = 0; i < json_array_size(papers); i++)
        if (!copy_paper(from, to, json_string_value(json_array_get(papers, i)), error))
            return false;
    return true;
}

static bool copy_keys(const struct app *app, const char *folder, bool back, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *own = setting_or(app, keys[i].setting, keys[i].usual);
        g_autofree char *kept = g_build_filename(folder, keys[i].name, NULL);
        const char *from = back ? kept : own, *to = back ? own : kept;
        if (g_file_test(from, G_FILE_TEST_EXISTS) && !copy_file(from, to, error))
            return false;
    }
    return true;
}

/* ---- backup */

static json_t *papers_of(struct db *db, GError **error)
{
    json_auto_t *rows = document_list(db, 0, NULL, NULL, error);
    json_t *papers = rows ? json_array() : NULL;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append(papers, json_object_get(json_array_get(rows, i), "sha256"));
    return papers;
}

static json_t *dump(struct db *db, const char *folder, GError **error)
{
    g_autofree char *snapshot = NULL;
    if (!backup_begin(db, &snapshot, error))
        return NULL;
    g_autofree char *file = g_build_filename(folder, "database.dump", NULL);
    g_autofree char *of = g_strconcat("--snapshot=", snapshot, NULL);
    g_autofree char *to = g_strconcat("--file=", file, NULL);
    const char *const words[] = {"pg_dump",
                                 "--format=custom",
                                 "--no-owner",
                                 "--role=patbridge_owner",
                                 "--enable-row-security",
                                 of,
                                 to,
                                 NULL};
    json_t *facts = backup_facts(db, error);
    json_t *papers = facts ? papers_of(db, error) : NULL;
    if (papers)
        json_object_set_new(facts, "papers", papers);
    if (!papers || !run_program(db, words, error))
        g_clear_pointer(&facts, json_decref);
    db_rollback(db);
    return facts;
}

static bool write_manifest(const char *folder, const json_t *facts, GError **error)
{
    g_autofree char *file = g_build_filename(folder, "manifest.json", NULL);
    char *text = json_dumps(facts, JSON_INDENT(1) | JSON_SORT_KEYS);
    bool written =
        g_file_set_contents_full(file, text, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, error);
    free(text);
    return written;
}

/* Papers are copied after the dump: each was there before its row. The manifest comes last: without it a backup is none. */
static bool back_up(struct app *app, const char *folder, json_t **facts, GError **error)
{
    g_autofree char *papers = setting_or(app, "evidence", "var/evidence");
    g_autofree char *kept = g_build_filename(folder, "evidence", NULL);
    g_autofree char *config = g_build_filename(folder, "patbridge.conf", NULL);
    if (!app_db(app, error))
        return false;
    umask(077); /* of pg_dump, too */
    if (g_mkdir(folder, 0700) != 0)
        return failed(error, "make the folder", folder);
    *facts = dump(app->db, folder, error);
    return *facts && copy_papers(papers, kept, json_object_get(*facts, "papers"), error) &&
           copy_keys(app, folder, false, error) &&
           (!app->config_file || copy_file(app->config_file, config, error)) &&
           write_manifest(folder, *facts, error);
}

static int tell(const struct app *app, const json_t *facts, const char *what)
{
    json_int_t rows = 0;
    const char *name;
    json_t *count;
    json_object_foreach(json_object_get(facts, "tables"), name, count) rows +=
        json_integer_value(count);
    size_t papers = json_array_size(json_object_get(facts, "papers"));
    if (app->json)
        app_print_json(json_pack("{s:I, s:i, s:O}", "rows", rows, "papers", (int)papers,
                                 "ledger", json_object_get(facts, "ledger")));
    else
        printf("%s: %" JSON_INTEGER_FORMAT " rows, %zu papers\n", what, rows, papers);
    return APP_DONE;
}

int command_backup(struct app *app, int argc, char **argv, GError **error)
{
    json_auto_t *facts = NULL;
    if (!app_options(&argc, &argv, NULL, backup_usage, error))
        return APP_FAILED;
    if (argc != 2) {
        app_wrong_use(error, "%s", backup_usage);
        return APP_FAILED;
    }
    return back_up(app, argv[1], &facts, error) ? tell(app, facts, "backed up") : APP_FAILED;
}

/* ---- restore */

static bool fill(struct db *db, const char *folder, GError **error)
{
    g_autofree char *file = g_build_filename(folder, "database.dump", NULL);
    g_auto(GStrv) environment = backup_environment(db);
    const char *name = g_environ_getenv(environment, "PGDATABASE");
    g_autofree char *to = g_strconcat("--dbname=", name ? name : "", NULL);
    const char *const words[] = {
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", to, file, NULL};
    bool empty;
    if (!backup_is_empty(db, &empty, error))
        return false;
    if (!empty) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                    "the database has tables already: a backup is restored into an empty one");
        return false;
    }
    return backup_roles(db, error) && run_program(db, words, error);
}

/* Names the first difference. */
static bool compare(const json_t *wanted, const json_t *found, GError **error)
{
    const json_t *tables = json_object_get(found, "tables");
    const char *name;
    json_t *count;
    json_object_foreach(json_object_get(wanted, "tables"), name,
                        count) if (!json_equal(count, json_object_get(tables, name)))
    {
        g_set_error(
            error, APP_ERROR, APP_ERROR_FAILED,
            "the table %s has %" JSON_INTEGER_FORMAT " rows, and had %" JSON_INTEGER_FORMAT,
            name, json_integer_value(json_object_get(tables, name)), json_integer_value(count));
        return false;
    }
    if (json_equal(json_object_get(wanted, "ledger"), json_object_get(found, "ledger")))
        return true;
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "the ledger ends elsewhere");
    return false;
}

static bool put_back(struct app *app, const char *folder, const json_t *manifest,
                     GError **error)
{
    g_autofree char *papers = setting_or(app, "evidence", "var/evidence");
    g_autofree char *kept = g_build_filename(folder, "evidence", NULL);
    if (!app_db_unchecked(app, error) || !fill(app->db, folder, error))
        return false;
    json_auto_t *found = backup_compare(app->db, error);
    return found && compare(manifest, found, error) &&
           copy_papers(kept, papers, json_object_get(manifest, "papers"), error) &&
           copy_keys(app, folder, true, error);
}

int command_restore(struct app *app, int argc, char **argv, GError **error)
{
    if (!app_options(&argc, &argv, NULL, restore_usage, error))
        return APP_FAILED;
    if (argc != 2) {
        app_wrong_use(error, "%s", restore_usage);
        return APP_FAILED;
    }
    g_autofree char *file = g_build_filename(argv[1], "manifest.json", NULL);
    json_error_t why;
    json_auto_t *manifest = json_load_file(file, 0, &why);
    if (!manifest) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "'%s' is no backup: %s", argv[1],
                    why.text);
        return APP_FAILED;
    }
    return put_back(app, argv[1], manifest, error) ? tell(app, manifest, "restored")
                                                   : APP_FAILED;
}
