#include "service/feed/feeds.h"
#include "service/common/outbound.h"
#include "service/feed/run.h"
#include "sql/feed.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BACK_OFF_S = 60, BACK_OFF_MOST_S = 6 * 3600, RETRY_AFTER_MOST_S = 24 * 3600 };
enum { EVERY_LEAST_S = 1, EVERY_MOST_S = 31 * 24 * 3600 };

bool feeds_is_folder(const char *address)
{
    return *address == '/';
}

bool feeds_make_folder(const char *address, GError **error)
{
    static const char *const names[] = {"inbox", "done", "refused"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(address, names[i], NULL);
        if (g_mkdir_with_parents(path, 0770) != 0) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                        "could not make the folder '%s': %s", path, g_strerror(errno));
            return false;
        }
    }
    return true;
}

/* ---- What speaks against one */

static const struct option {
    const char *name;
    json_type type;
    json_int_t least, most; /* JSON_INTEGER */
    const char *words;      /* JSON_STRING: one of these, parted by blanks; NULL: any */
} known_options[] = {{"paging", JSON_STRING, 0, 0, "link cursor"},
                     {"items", JSON_STRING, 0, 0, NULL},
                     {"next", JSON_STRING, 0, 0, NULL},
                     {"parameter", JSON_STRING, 0, 0, NULL},
                     {"mapping", JSON_STRING, 0, 0, NULL},
                     {"encoding", JSON_STRING, 0, 0, "UTF-8 UTF-16LE UTF-16BE GB18030 BIG5"},
                     {"most_mb", JSON_INTEGER, 1, 1 << 20, NULL},
                     {"stall_s", JSON_INTEGER, 1, 3600, NULL},
                     {"whole_s", JSON_INTEGER, 1, 604800, NULL},
                     {"connect_s", JSON_INTEGER, 1, 600, NULL},
                     {"settle_s", JSON_INTEGER, 0, 86400, NULL}};

static bool option_fits(const struct option *option, const json_t *value)
{
    if (json_typeof(value) != option->type)
        return false;
    json_int_t number = json_integer_value(value);
    if (option->type == JSON_INTEGER)
        return number >= option->least && number <= option->most;
    g_auto(GStrv) words = option->words ? g_strsplit(option->words, " ", -1) : NULL;
    return !words || g_strv_contains((const char *const *)words, json_string_value(value));
}

static char *options_problem(const json_t *options)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)options, name, value)
    {
        size_t i = 0;
        while (i < G_N_ELEMENTS(known_options) && strcmp(known_options[i].name, name) != 0)
            i++;
        if (i == G_N_ELEMENTS(known_options))
            return g_strdup_printf("there is no option '%s'", name);
        if (!option_fits(&known_options[i], value))
            return g_strdup_printf("the option '%s' can't have that value", name);
    }
    return NULL;
}

char *feeds_problem(const char *address, const char *kind, const json_t *options, int every_s,
                    const char *allow_private)
{
    const char *problem =
        feeds_is_folder(address) ? NULL : outbound_url_problem(address, allow_private);
    const struct kind *found = kind_find(kind);
    if (problem)
        return g_strdup(problem);
    if (!found || g_str_equal(kind, "agency"))
        return g_strdup_printf("a feed can't bring records of the kind '%s'", kind);
    if (every_s < EVERY_LEAST_S || every_s > EVERY_MOST_S)
        return g_strdup_printf("it is looked at every %d to %d seconds", EVERY_LEAST_S,
                               EVERY_MOST_S);
    const char *text = json_string_value(json_object_get(options, "mapping"));
    g_autoptr(GError) why = NULL;
    g_autoptr(mapping_t) mapping =
        text ? mapping_parse("mapping", text, strlen(text), found, &why) : NULL;
    return text && !mapping ? g_strdup(why->message) : options_problem(options);
}

/* ---- One feed */

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static int64_t id_of(const json_t *row)
{
    return g_ascii_strtoll(text_of(row, "feed_id"), NULL, 10);
}

/* Twice as long after each failure, a little earlier or later so that not all come back at once, and never before the server said. */
static int wait_of(const struct run *run, const json_t *row, int failures)
{
    int every = (int)json_integer_value(json_object_get(row, "every_s"));
    if (run_stopped(run))
        return 0;
    if (failures == 0)
        return every;
    int64_t wait = (int64_t)BACK_OFF_S << MIN(failures - 1, 12);
    wait = MIN(wait, BACK_OFF_MOST_S);
    wait = wait * g_random_int_range(90, 111) / 100;
    return (int)MAX(wait, MIN(run->retry_after_s, RETRY_AFTER_MOST_S));
}

static bool note(struct run *run, const json_t *row, int *wait_s, GError **error)
{
    bool failed = g_str_equal(run->outcome, "later"), off = g_str_equal(run->outcome, "off");
    int failures = (int)json_integer_value(json_object_get(row, "failures"));
    failures = !failed ? 0 : run_stopped(run) ? failures : failures + 1;
    const struct feed_tried tried = {.feed_id = run->feed_id,
                                     .wait_s = *wait_s = wait_of(run, row, failures),
                                     .failures = failures,
                                     .outcome = run->outcome,
                                     .message = run->message,
                                     .etag = failed ? text_of(row, "etag") : run->etag,
                                     .last_modified = failed ? text_of(row, "last_modified")
                                                             : run->last_modified,
                                     .page = run->page,
                                     .batch_id = run->batch_id};
    bool done = db_begin(run->db, DB_ACROSS, 0, error);
    g_autofree char *now = done ? db_clock(run->db, error) : NULL;
    done = now && feed_note(run->db, &tried, now, error) &&
           (!off || feed_off(run->db, 0, run->feed_id, now, run->message, error)) &&
           db_commit(run->db, error);
    if (!done)
        db_rollback(run->db);
    return done;
}

static json_t *report_of(struct run *run, const json_t *row, int wait_s)
{
    g_autofree char *masked = feeds_is_folder(run->address) ? g_strdup(run->address)
                                                            : outbound_url_mask(run->address);
    json_t *report =
        json_pack("{s:O, s:O, s:O, s:s, s:s, s:s?, s:i}", "feed",
                  json_object_get(row, "feed_id"), "agency", json_object_get(row, "agency"),
                  "kind", json_object_get(row, "kind"), "address", masked, "outcome",
                  run->outcome, "message", run->message, "next_in_s", wait_s);
    json_object_update(report, run->counts);
    return report;
}

static void run_clear(struct run *run)
{
    json_decref(run->counts);
    g_free(run->folder);
    g_free(run->message);
    g_free(run->etag);
    g_free(run->last_modified);
    g_free(run->page);
}

static bool run_one(struct run *run, const json_t *row, json_t *reports, GError **error)
{
    int wait_s = 0;
    if (g_mkdir_with_parents(run->folder, 0700) != 0) {
        run_ends(run, "later",
                 feed_say(run->settings->chinese, FEED_FOLDER, run->folder, g_strerror(errno)));
    } else if (!(feeds_is_folder(run->address) ? run_inbox(run, error)
                                               : run_pages(run, error))) {
        return false;
    }
    if (!note(run, row, &wait_s, error))
        return false;
    json_array_append_new(reports, report_of(run, row, wait_s));
    return true;
}

static bool look_at(struct db *db, const struct feeds_settings *settings, const json_t *row,
                    json_t *reports, GError **error)
{
    struct run run = {.db = db,
                      .settings = settings,
                      .feed_id = id_of(row),
                      .agency_id = (int)json_integer_value(json_object_get(row, "agency_id")),
                      .kind = kind_find(text_of(row, "kind")),
                      .address = text_of(row, "address"),
                      .options = json_object_get(row, "options"),
                      .folder =
                          g_build_filename(settings->folder, text_of(row, "feed_id"), NULL),
                      .etag = g_strdup(text_of(row, "etag")),
                      .last_modified = g_strdup(text_of(row, "last_modified")),
                      .page = g_strdup(text_of(row, "page")),
                      .counts = json_object()};
    bool done = run_one(&run, row, reports, error);
    run_clear(&run);
    return done;
}

/* ---- All of them */

static json_t *read_rows(struct db *db, int agency_id, int64_t feed_id, bool due,
                         GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return NULL;
    g_autofree char *now = due ? db_clock(db, error) : NULL;
    json_t *rows = !due  ? feed_list(db, agency_id, feed_id, error)
                   : now ? feed_due(db, agency_id, now, error)
                         : NULL;
    db_rollback(db);
    return rows;
}

/* What stands in the row now that it is ours: another may have looked at it since it was found to be due. */
static json_t *read_again(struct db *db, int64_t feed_id, bool due, GError **error)
{
    json_auto_t *rows = read_rows(db, 0, feed_id, false, error);
    if (!rows || !due)
        return json_incref(json_array_get(rows, 0));
    json_auto_t *left = read_rows(db, 0, 0, true, error);
    size_t i;
    json_t *row;
    json_array_foreach(left, i, row)
    {
        if (id_of(row) == feed_id)
            return json_incref(json_array_get(rows, 0));
    }
    return NULL;
}

static bool take(struct db *db, const struct feeds_settings *settings, int64_t feed_id,
                 json_t *reports, GError **error)
{
    bool taken;
    g_autoptr(GError) why = NULL;
    if (!feed_take(db, feed_id, &taken, error))
        return false;
    if (!taken)
        return true;
    json_auto_t *row = read_again(db, feed_id, !settings->ids, &why);
    bool mine = row && json_is_null(json_object_get(row, "off_at")) &&
                (!settings->agency_id ||
                 json_integer_value(json_object_get(row, "agency_id")) == settings->agency_id);
    bool done = !why && (!mine || look_at(db, settings, row, reports, &why));
    feed_leave(db, feed_id);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return done;
}

static bool take_due(struct db *db, const struct feeds_settings *settings, json_t *reports,
                     GError **error)
{
    json_auto_t *due = read_rows(db, settings->agency_id, 0, true, error);
    bool done = due != NULL;
    for (size_t i = 0; done && i < json_array_size(due); i++)
        if (!settings->stop || !settings->stop(settings->stop_user))
            done = take(db, settings, id_of(json_array_get(due, i)), reports, error);
    return done;
}

bool feeds_step(struct db *db, const struct feeds_settings *settings, json_t **report,
                GError **error)
{
    json_auto_t *reports = json_array();
    bool done = settings->ids || take_due(db, settings, reports, error);
    for (size_t i = 0; done && settings->ids && i < settings->id_count; i++)
        done = take(db, settings, settings->ids[i], reports, error);
    if (done)
        *report = json_incref(reports);
    return done;
}
