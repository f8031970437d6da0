#include "service/track/application.h"
#include "service/track/snapshot.h"
#include "sql/document.h"

/* ---- PDF, by LibreOffice */

static bool to_pdf(const char *xlsx, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(xlsx);
    g_autofree char *program = g_find_program_in_path("soffice");
    if (!program) {
        g_set_error(
            error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT,
            "could not make '%s': LibreOffice (soffice) is not installed; export an .xlsx",
            path);
        return false;
    }
    g_autofree char *profile =
        g_strdup_printf("-env:UserInstallation=file://%s/profile", folder);
    const char *const argv[] = {
        program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, xlsx, NULL};
    int status;
    if (!g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL,
                      G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                      NULL, &status, error) ||
        !g_spawn_check_wait_status(status, error))
        return false;
    g_autofree char *made = g_build_filename(folder, "application.pdf", NULL), *bytes = NULL;
    gsize len;
    return g_file_get_contents(made, &bytes, &len, error) &&
           g_file_set_contents(path, bytes, (gssize)len, error);
}

static void remove_folder(const char *folder)
{
    const char *const argv[] = {"rm", "-rf", "--", folder, NULL};
    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                 NULL, NULL, NULL);
}

static bool write_pdf(const char *path, const struct workbook_wish *wish, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("patbridge-XXXXXX", error);
    if (!folder)
        return false;
    g_autofree char *xlsx = g_build_filename(folder, "application.xlsx", NULL);
    bool done = workbook_application(xlsx, wish, error) && to_pdf(xlsx, path, error);
    remove_folder(folder);
    return done;
}

bool application_write(const char *path, const struct workbook_wish *wish, GError **error)
{
    return g_str_has_suffix(path, ".pdf") ? write_pdf(path, wish, error)
                                          : workbook_application(path, wish, error);
}

/* ---- From a snapshot */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

void application_clear(struct application *application)
{
    g_clear_pointer(&application->snapshot, json_decref);
    g_clear_pointer(&application->document, json_decref);
    g_clear_pointer(&application->papers, json_decref);
    g_clear_pointer(&application->shown, json_decref);
}

static bool read_it(struct db *db, const struct pack *pack,
                    const struct figures_request *request, struct application *out,
                    GError **error)
{
    out->document = figures_document(db, pack, request, error);
    out->papers = out->document && db_begin(db, DB_READONLY, 0, error)
                      ? document_list(db, 0, NULL, NULL, error)
                      : NULL;
    db_rollback(db); /* it only read */
    return out->papers != NULL;
}

bool application_begin(struct db *db, const struct pack *pack, struct figures_request *request,
                       const struct sign_key *key, struct application *out, GError **error)
{
    const struct snapshot_wish taking = {.pack = pack, .figures = *request, .key = key};
    out->snapshot = snapshot_take(db, &taking, error);
    if (!out->snapshot)
        return false;
    request->as_of = text_of(out->snapshot, "as_of");
    request->known_at = text_of(out->snapshot, "known_at");
    if (!read_it(db, pack, request, out, error)) {
        application_clear(out);
        return false;
    }
    json_int_t number = json_integer_value(json_object_get(out->snapshot, "number"));
    out->shown =
        json_pack("{s:o, s:O}", "number", json_sprintf("%" JSON_INTEGER_FORMAT, number),
                  "digest", json_object_get(out->snapshot, "digest"));
    return true;
}
