#include "loader/load.h"
#include "loader/mapping_store.h"
#include "loader/names.h"
#include "loader/preview.h"
#include "loader/reader.h"
#include "loader/record.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/http/journal.h"
#include "service/steps/advice.h"
#include "service/steps/document.h"
#include "sql/batch.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a load of a single record is called: where it is refused, whoever sent it is told at once, and nothing waits to be mended. */
#define ONE_RECORD "record"

enum { NAME_MOST = 200 };
enum { LOADS_MOST = 3 }; /* at one time, so that workers are left for everything else */

static struct load_options options_of(const struct call *call, const char *today,
                                      const char *folder)
{
    const char *lang = call_arg(call, "lang"), *dry_run = call_arg(call, "dry_run");
    const char *file = call->route->body == BODY_JSON ? ONE_RECORD : call_arg(call, "file");
    return (struct load_options){
        .kind = kind_find(call->places.kind->name),
        .agency_id = call->places.kind->fact || !g_str_equal(call->places.kind->name, "agency")
                         ? call->agency_id
                         : 0,
        .held_since = call_arg(call, "held_since"),
        .refused_dir = folder,
        .today = today,
        .name = file && *file ? file : "request",
        .chinese = g_strcmp0(lang, "zh") == 0,
        .dry_run = g_strcmp0(dry_run, "true") == 0};
}

/* The folder of the file that gives refused rows back, which nobody needs here: the report has them. */
static void remove_folder(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(folder, name, NULL);
        g_unlink(file);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(folder);
}

static bool load(struct call *call, struct load_options *options, const char *path,
                 json_t **report, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (load_file(call->db, path, options, report, &why)) {
        json_object_del(*report, "refused_file");
        return true;
    }
    if (g_error_matches(why, LOADER_ERROR, LOADER_ERROR_FORMAT))
        g_set_error_literal(error, API_ERROR, API_REFUSED, why->message);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* Loads of one agency and kind go one after another: of two with the same content, the second finds the first's work done. */
static bool load_in_turn(struct call *call, struct load_options *options, const char *path,
                         json_t **report, GError **error)
{
    bool done = batch_turn(call->db, options->agency_id, options->kind->name, error) &&
                load(call, options, path, report, error);
    batch_turn_over(call->db, options->agency_id, options->kind->name);
    return done;
}

/* The mappings by which an agency's files are recognised; of agencies themselves there are none. */
static GPtrArray *saved_of(struct call *call, int agency_id, GError **error)
{
    if (!agency_id)
        return g_ptr_array_new();
    return mapping_store_all(call->db, agency_id, kind_find(call->places.kind->name), error);
}

/* What was loaded stays loaded, whether or not there is anything to say of it. */
static void advise(struct call *call, const char *today, json_t *report)
{
    struct daemon *daemon = call->user;
    g_autoptr(GError) error = NULL;
    const struct match_options options = {.agency_id = call->agency_id,
                                          .today = today,
                                          .store = daemon->steps ? steps_store(daemon->steps)
                                                                 : NULL};
    if (!advice_add(call->db, &options, report, &error))
        journal_say("warning", "advice", NULL, error->message);
}

/* ---- Whoever began it may watch it (loading.h) */

struct watching {
    struct daemon *daemon;
    const char *name; /* NULL: nobody will */
    char *owner;
};

static void tell_watchers(int64_t rows, int64_t lines, int64_t lines_total, void *user)
{
    struct watching *watching = user;
    loading_tell(watching->daemon->loading, watching->owner, watching->name, rows, lines,
                 lines_total);
    if (watching->daemon->server)
        server_wake(watching->daemon->server);
}

static void watching_begin(struct watching *watching, struct call *call,
                           struct load_options *options)
{
    const char *name = call->places.kind ? call_arg(call, "progress") : NULL;
    *watching = (struct watching){call->user, name, leads_by(call)};
    if (!name)
        return;
    loading_begin(watching->daemon->loading, watching->owner, name);
    options->progress = tell_watchers;
    options->progress_user = watching;
}

static void watching_end(struct watching *watching, bool done)
{
    if (watching->name) {
        loading_end(watching->daemon->loading, watching->owner, watching->name, done);
        if (watching->daemon->server)
            server_wake(watching->daemon->server);
    }
    g_free(watching->owner);
}

static bool load_into_folder(struct call *call, const char *path,
                             bool (*check)(struct db *, void *, GError **), json_t **report,
                             GError **error)
{
    g_autofree char *today = app_today();
    g_autofree char *folder = g_dir_make_tmp("patbridge-XXXXXX", error);
    if (!folder)
        return false;
    struct load_options options = options_of(call, today, folder);
    options.check = check;
    options.check_user = call;
    g_autoptr(GPtrArray) saved = saved_of(call, options.agency_id, error);
    options.saved = saved;
    struct watching watching;
    watching_begin(&watching, call, &options);
    bool done = saved && (check ? load(call, &options, path, report, error)
                                : load_in_turn(call, &options, path, report, error));
    watching_end(&watching, done);
    remove_folder(folder);
    if (done)
        advise(call, today, *report);
    return done;
}

/* ---- A file of them */

/* The loader takes the format from a file's name. */
static bool name_body(struct request *request, GError **error)
{
    static const char *const endings[][2] = {
        {"text/csv", ".csv"},
        {"application/xml", ".xml"},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
        {"text/tab-separated-values", ".tsv"},
        {"application/", ".jsonl"}};
    const char *type = request->headers[HEADER_CONTENT_TYPE], *ending = "";
    for (size_t i = G_N_ELEMENTS(endings); i-- > 0;)
        if (type && g_ascii_strncasecmp(type, endings[i][0], strlen(endings[i][0])) == 0)
            ending = endings[i][1];
    if (g_str_has_suffix(request->body_file, ending))
        return true;
    char *named = g_strconcat(request->body_file, ending, NULL);
    if (g_rename(request->body_file, named) != 0) {
        g_set_error(error, API_ERROR, API_INTERNAL, "could not name the body's file: %s",
                    g_strerror(errno));
        g_free(named);
        return false;
    }
    g_free(request->body_file);
    request->body_file = named;
    return true;
}

/* What the file is called, and the load: short, on one line, and no path. */
static bool check_names(const struct call *call, GError **error)
{
    static const char *const names[] = {"file", "progress"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *text = call_arg(call, names[i]);
        bool good = !text || (strlen(text) <= NAME_MOST && !strchr(text, '/'));
        for (const char *c = text; good && c && *c; c++)
            good = !g_ascii_iscntrl(*c);
        if (good)
            continue;
        g_set_error(error, API_ERROR, API_WRONG,
                    "%s is a name of at most %d bytes, without a path", names[i], NAME_MOST);
        return false;
    }
    return true;
}

bool records_load(struct call *call, GError **error)
{
    struct daemon *daemon = call->user;
    json_t *report = NULL;
    if (!records_agency(call, error) || !check_names(call, error) ||
        !name_body(call->request, error))
        return false;
    if (atomic_fetch_add(&daemon->loads, 1) >= LOADS_MOST) {
        atomic_fetch_sub(&daemon->loads, 1);
        g_set_error(error, API_ERROR, API_BUSY, "%d loads are being done; try again",
                    LOADS_MOST);
        return false;
    }
    bool done = load_into_folder(call, call->request->body_file, NULL, &report, error);
    atomic_fetch_sub(&daemon->loads, 1);
    if (done)
        call_json(call, 200, report, NULL);
    return done;
}

bool records_preview(struct call *call, GError **error)
{
    g_autofree char *today = app_today();
    g_autoptr(GError) why = NULL;
    if (!records_agency(call, error) || !name_body(call->request, error))
        return false;
    g_autoptr(GPtrArray) saved = saved_of(call, call->agency_id, error);
    if (!saved)
        return false;
    const struct plan plan = {
        .kind = kind_find(call->places.kind->name), .today = today, .saved = saved};
    bool chinese = g_strcmp0(call_arg(call, "lang"), "zh") == 0;
    json_t *preview =
        preview_file(call->request->body_file, &plan, PREVIEW_ROWS, chinese, &why);
    if (preview) {
        json_object_set_new(preview, "file", json_string("request"));
        call_json(call, 200, preview, NULL);
    } else {
        g_set_error_literal(error, API_ERROR,
                            g_error_matches(why, LOADER_ERROR, LOADER_ERROR_FORMAT)
                                ? API_REFUSED
                                : API_INTERNAL,
                            why->message);
    }
    return preview != NULL;
}

/* ---- One of them */

/* A file of one line that has no name. */
static int file_of(const json_t *record, GError **error)
{
    int fd = memfd_create("record.jsonl", MFD_CLOEXEC);
    char *line = json_dumps(record, JSON_COMPACT);
    bool written = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line) &&
                   write(fd, "\n", 1) == 1;
    free(line);
    if (written)
        return fd;
    g_set_error(error, API_ERROR, API_INTERNAL, "could not hand the record to the loader: %s",
                g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool is_key(const struct record *record, const char *key)
{
    const char *alias = json_string_value(json_object_get(record->fields, "source_id"));
    const char *const keys[] = {record->key, record->app_key, record->pub_key, alias};
    g_autofree char *folded = name_fold(key);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i] && (g_str_equal(keys[i], key) || g_str_equal(keys[i], folded)))
            return true;
    return false;
}

/* The record must be the one that the address names. A row that can't be read is left to the loader, which says why. */
static bool check_key(const char *path, const struct plan *plan, const char *key,
                      GError **error)
{
    struct raw_row raw = {0};
    struct refusal refusal = {0};
    struct record record = {0};
    bool same = true;
    g_autoptr(reader_t) reader = reader_open(path, plan, error);
    if (!reader)
        return false;
    if (reader_next(reader, &raw, &refusal, NULL) == READER_ROW &&
        record_read(reader, &raw, &record, &refusal)) {
        same = is_key(&record, key);
        if (!same)
            g_set_error(error, API_ERROR, API_WRONG,
                        "the record's key is %s, and the address names another", record.key);
        record_clear(&record);
    }
    refusal_clear(&refusal);
    return same;
}

/* Inside the loader's transaction: If-Match and If-None-Match hold for what is there now, whoever else writes. */
static bool check_state(struct db *db, void *user, GError **error)
{
    struct call *call = user;
    g_autoptr(GError) why = NULL;
    g_autofree char *key = records_key(call, call->places.value[0], error), *tag = NULL;
    const char *none = call->request->headers[HEADER_IF_NONE_MATCH];
    (void)db;
    if (!key)
        return false;
    json_auto_t *found = records_find(call, key, &why);
    if (!found && !g_error_matches(why, API_ERROR, API_NOT_FOUND) &&
        !g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    json_auto_t *fields =
        found ? document_fields(call->places.kind->name, json_object_get(found, "record"))
              : NULL;
    tag = fields ? call_tag(fields) : NULL;
    if (call_may_change(call, tag) && !(none && g_str_equal(none, "*") && found))
        return true;
    g_set_error(error, API_ERROR, API_CHANGED, "the record is not in the state that was named");
    return false;
}

static const char *outcome_of(const json_t *report)
{
    static const char *const outcomes[] = {"new", "changed", "same"};
    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
        if (json_integer_value(json_object_get(report, outcomes[i])))
            return outcomes[i];
    return NULL;
}

static bool answer_refused(struct call *call, json_t *report, GError **error)
{
    const json_t *first = json_array_get(json_object_get(report, "refusals"), 0);
    const char *column = json_string_value(json_object_get(first, "column"));
    const char *reason = json_string_value(json_object_get(first, "reason"));
    call->details = json_pack("{s:O}", "refusals", json_object_get(report, "refusals"));
    g_set_error(error, API_ERROR, API_REFUSED, "%s%s%s", column ? column : "",
                column && *column ? ": " : "", reason ? reason : "nothing was read");
    return false;
}

static bool answer_stored(struct call *call, const char *key, const json_t *report,
                          GError **error)
{
    const char *kind = call->places.kind->name, *outcome = outcome_of(report);
    if (!call_begin(call, error))
        return false;
    json_auto_t *found = records_find(call, key, error);
    if (!found)
        return false;
    json_auto_t *tagged = document_fields(kind, json_object_get(found, "record"));
    json_t *answer =
        json_pack("{s:s, s:O, s:o}", "outcome", outcome, "warnings",
                  json_object_get(report, "warnings"), "record", document_of(kind, found));
    if (json_object_get(report, "thin"))
        json_object_set(answer, "thin", json_object_get(report, "thin"));
    call_json(call, g_str_equal(outcome, "new") ? 201 : 200, answer, tagged);
    return true;
}

static bool store(struct call *call, const char *key, const char *path, GError **error)
{
    g_autofree char *today = app_today();
    const struct plan plan = {.kind = kind_find(call->places.kind->name), .today = today};
    json_auto_t *report = NULL;
    if (!check_key(path, &plan, key, error) ||
        !load_into_folder(call, path, check_state, &report, error))
        return false;
    return outcome_of(report) ? answer_stored(call, key, report, error)
                              : answer_refused(call, report, error);
}

bool records_take(struct call *call, const json_t *record, json_t **report, GError **error)
{
    int fd = records_agency(call, error) ? file_of(record, error) : -1;
    if (fd < 0)
        return false;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    bool done = load_into_folder(call, path, NULL, report, error);
    close(fd);
    return done;
}

bool records_refused(struct call *call, json_t *report, GError **error)
{
    return outcome_of(report) || answer_refused(call, report, error);
}

bool records_put(struct call *call, GError **error)
{
    g_autofree char *key = records_key(call, call->places.value[0], error);
    if (!key || !records_agency(call, error) || !call_begin(call, error) ||
        !check_state(call->db, call, error)) /* said early; said again when it counts */
        return false;
    db_rollback(call->db);
    int fd = file_of(call->body, error);
    if (fd < 0)
        return false;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    bool done = store(call, key, path, error);
    close(fd);
    return done;
}
