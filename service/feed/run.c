#include "service/feed/run.h"
#include "loader/mapping_store.h"
#include "sql/batch.h"
#include <string.h>

const char *run_text(const struct run *run, const char *name, const char *usual)
{
    const char *text = json_string_value(json_object_get(run->options, name));
    return text ? text : usual;
}

int run_number(const struct run *run, const char *name, int usual)
{
    const json_t *number = json_object_get(run->options, name);
    return number ? (int)json_integer_value(number) : usual;
}

bool run_stopped(const struct run *run)
{
    return run->settings->stop && run->settings->stop(run->settings->stop_user);
}

void run_ends(struct run *run, const char *outcome, char *message)
{
    run->outcome = outcome;
    g_free(run->message);
    run->message = message;
}

static void add_counts(struct run *run, const json_t *report)
{
    static const char *const names[] = {"read", "new", "changed", "same", "refused"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        json_int_t before = json_integer_value(json_object_get(run->counts, names[i]));
        json_int_t more = json_integer_value(json_object_get(report, names[i]));
        json_object_set_new(run->counts, names[i], json_integer(before + more));
    }
    if (!json_object_get(run->counts, "batches"))
        json_object_set_new(run->counts, "batches", json_array());
    json_array_append(json_object_get(run->counts, "batches"),
                      json_object_get(report, "batch"));
    run->batch_id = json_integer_value(json_object_get(report, "batch"));
}

/* Asked in each chunk's transaction: what is in stays, the next look goes on behind it. */
static bool may_go_on(struct db *db, void *user, GError **error)
{
    const struct run *run = user;
    (void)db;
    if (run_stopped(run))
        g_set_error_literal(error, SQL_ERROR, SQL_ERROR_AGAIN, "stopped");
    return !run_stopped(run);
}

/* The loader reads a mapping from a file. */
static char *mapping_file(const struct run *run, GError **error)
{
    const char *text = run_text(run, "mapping", NULL);
    char *path = text ? g_build_filename(run->folder, "mapping.json", NULL) : NULL;
    if (path && !g_file_set_contents(path, text, -1, error))
        g_clear_pointer(&path, g_free);
    return path;
}

static bool load(struct run *run, const char *path, struct load_options *options,
                 json_t **report, GError **error)
{
    g_autofree char *map = mapping_file(run, error);
    if (!map && run_text(run, "mapping", NULL))
        return false;
    g_autoptr(GPtrArray) saved = mapping_store_all(run->db, run->agency_id, run->kind, error);
    options->map_file = map;
    options->saved = saved;
    return saved && load_file(run->db, path, options, report, error);
}

bool run_load(struct run *run, const char *path, const char *name, const char *refused_dir,
              json_t **report, GError **error)
{
    struct load_options options = {.kind = run->kind,
                                   .agency_id = run->agency_id,
                                   .refused_dir = refused_dir,
                                   .today = run->settings->today,
                                   .chinese = run->settings->chinese,
                                   .encoding = run_text(run, "encoding", NULL),
                                   .name = name,
                                   .check = may_go_on,
                                   .check_user = run};
    bool done = batch_turn(run->db, run->agency_id, run->kind->name, error) &&
                load(run, path, &options, report, error);
    batch_turn_over(run->db, run->agency_id, run->kind->name);
    if (done)
        add_counts(run, *report);
    return done;
}
