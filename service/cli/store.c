#include "service/cli/store.h"
#include "loader/load.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The record as a file of one line that has no name. */
static int file_of(json_t *record, GError **error)
{
    int fd = memfd_create("record.jsonl", MFD_CLOEXEC);
    char *line = json_dumps(record, JSON_COMPACT);
    size_t len = strlen(line);
    bool written = fd >= 0 && write(fd, line, len) == (ssize_t)len && write(fd, "\n", 1) == 1;
    free(line);
    if (written)
        return fd;
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                "could not hand the record to the loader: %s", g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool read_outcome(const json_t *report, const char **outcome, GError **error)
{
    static const char *const outcomes[] = {"new", "changed", "same"};
    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
        if (json_integer_value(json_object_get(report, outcomes[i]))) {
            *outcome = outcomes[i];
            return true;
        }
    const json_t *refusal = json_array_get(json_object_get(report, "refusals"), 0);
    const char *column = json_string_value(json_object_get(refusal, "column"));
    const char *reason = json_string_value(json_object_get(refusal, "reason"));
    g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "refused: %s%s%s", column ? column : "",
                column && *column ? ": " : "", reason ? reason : "nothing was read");
    return false;
}

bool store_record(struct app *app, const char *kind, int agency_id, json_t *record,
                  const char **outcome, GError **error)
{
    struct db *db = app_db(app, error);
    g_autofree char *folder = db ? g_dir_make_tmp("patbridge-XXXXXX", error)
                                 : NULL; /* for the refused file, which nobody needs */
    int fd = folder ? file_of(record, error) : -1;
    json_decref(record);
    if (fd < 0)
        return false;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *today = app_today();
    g_autofree char *refused = g_strdup_printf("%s/%d.refused.csv", folder, fd);
    struct load_options options = {.kind = kind_find(kind),
                                   .agency_id = agency_id,
                                   .refused_dir = folder,
                                   .today = today,
                                   .chinese = app->chinese};
    json_t *report = NULL;
    bool done =
        load_file(db, path, &options, &report, error) && read_outcome(report, outcome, error);
    json_decref(report);
    close(fd);
    g_unlink(refused);
    g_rmdir(folder);
    return done;
}
