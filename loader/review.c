#include "loader/review.h"
#include "loader/load.h"
#include "loader/names.h"
#include "loader/record.h"
#include "sql/review.h"
#include "sql/undo.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ID_LEN = 10 };

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- rows */

/* The row with a credit code, as a line of JSON. Caller frees. */
static char *line_with(const json_t *row, const char *uscc)
{
    json_t *record = json_deep_copy(json_object_get(row, "record"));
    const char *name;
    void *next;
    json_t *value;
    json_object_foreach_safe(record, next, name, value) if (*name == '_')
        json_object_del(record, name);
    json_object_set_new(record, "uscc", json_string(uscc));
    char *dump = json_dumps(record, JSON_COMPACT);
    json_decref(record);
    char *line = g_strconcat(dump, "\n", NULL);
    free(dump);
    return line;
}

static int memory_file(const char *text)
{
    int fd = memfd_create("review", MFD_CLOEXEC);
    size_t len = strlen(text);
    if (fd >= 0 && write(fd, text, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Name of the organisation when the row is whole with this credit code; NULL otherwise. Caller frees. */
static char *name_when_whole(const struct review *review, const json_t *row, const char *uscc)
{
    const struct plan plan = {.kind = kind_find(text_at(row, "kind")), .today = review->today};
    g_autofree char *line = line_with(row, uscc);
    struct raw_row raw;
    struct refusal refusal = {0};
    struct record record = {0};
    char *name = NULL;
    int fd = memory_file(line);
    g_autoptr(reader_t) reader = fd >= 0 ? reader_open_fd(fd, "row.jsonl", &plan, NULL) : NULL;
    if (reader && reader_next(reader, &raw, &refusal, NULL) == READER_ROW &&
        record_read(reader, &raw, &record, &refusal)) {
        name = g_strdup(text_at(record.fields, "name"));
        record_clear(&record);
    }
    refusal_clear(&refusal);
    return name;
}

/* Any code that passes its checks will do to ask whether the rest is whole: made up, of no organisation. */
#define SOME_USCC "91350582000000019U"

static bool lacks_code(const json_t *row)
{
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(row, "record"), name, value)
    {
        const char *text = json_string_value(value);
        g_autofree char *trimmed = text_trim(text ? text : "");
        if (strlen(trimmed) == 18 &&
            strspn(trimmed, "0123456789ABCDEFGHJKLMNPQRTUWXYabcdefghjklmnpqrtuwxy") == 18)
            return false;
    }
    return true;
}

/* ---- candidates */

/* Folded name -> [{uscc, name}], owned. */
static GHashTable *known_names(const struct review *review, const char *kind, GError **error)
{
    json_auto_t *rows = review_names(review->db, kind, error);
    size_t i;
    json_t *row;
    if (!rows)
        return NULL;
    GHashTable *names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
    json_array_foreach(rows, i, row)
    {
        g_autofree char *folded = name_fold(text_at(row, "name"));
        json_t *list = g_hash_table_lookup(names, folded);
        if (!list) {
            list = json_array();
            g_hash_table_insert(names, g_steal_pointer(&folded), list);
        }
        json_array_append(list, row);
    }
    return names;
}

/* What is said of one row, or NULL when it is no proposal. */
static json_t *proposal_of(const struct review *review, const json_t *row, GHashTable *names)
{
    g_autofree char *name = lacks_code(row) ? name_when_whole(review, row, SOME_USCC) : NULL;
    g_autofree char *folded = name ? name_fold(name) : NULL;
    json_t *candidates = folded ? g_hash_table_lookup(names, folded) : NULL;
    if (!candidates)
        return NULL;
    g_autofree char *id = g_strndup(text_at(row, "digest"), ID_LEN);
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:s, s:O, s:O, s:O, s:s, s:O, s:O, s:O}", "id", id, "kind",
                  text_at(row, "kind"), "name", name, "file", text_at(row, "file"), "batch",
                  json_object_get(row, "batch_id"), "line", json_object_get(row, "line"),
                  "sheet", json_object_get(row, "sheet"), "state", text_at(row, "state"),
                  "uscc", json_object_get(row, "uscc"), "candidates", candidates, "row", row);
    return out;
}

/* Every proposal, with its row under "row". */
static json_t *proposals(const struct review *review, GError **error)
{
    json_auto_t *rows = review_rows(review->db, review->agency_id, error);
    g_autoptr(GHashTable) enterprises = rows ? known_names(review, "enterprise", error) : NULL;
    g_autoptr(GHashTable) institutions =
        enterprises ? known_names(review, "institution", error) : NULL;
    if (!institutions)
        return NULL;
    json_t *out = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        bool of_enterprise = g_str_equal(text_at(row, "kind"), "enterprise");
        json_t *one = proposal_of(review, row, of_enterprise ? enterprises : institutions);
        if (one)
            json_array_append_new(out, one);
    }
    return out;
}

static json_t *read_proposals(const struct review *review, GError **error)
{
    if (!db_begin(review->db, DB_SERVICE, review->agency_id, error))
        return NULL;
    json_t *all = proposals(review, error);
    db_rollback(review->db); /* nothing was written */
    return all;
}

/* What the row says, by its columns; members that begin with `_` are ours. */
static json_t *columns_of(const json_t *row)
{
    json_t *columns = json_object(), *value;
    const char *name;
    json_object_foreach(json_object_get(row, "record"), name, value) if (*name != '_')
        json_object_set(columns, name, value);
    return columns;
}

json_t *review_list(const struct review *review, bool all, GError **error)
{
    json_auto_t *found = read_proposals(review, error);
    size_t i;
    json_t *one;
    if (!found)
        return NULL;
    json_t *out = json_array();
    json_array_foreach(found, i, one)
    {
        json_object_set_new(one, "record", columns_of(json_object_get(one, "row")));
        json_object_del(one, "row");
        if (all || g_str_equal(text_at(one, "state"), "open"))
            json_array_append(out, one);
    }
    return out;
}

/* ---- what a person says */

static json_t *find(const struct review *review, const char *id, GError **error)
{
    json_auto_t *all = read_proposals(review, error);
    size_t i;
    json_t *one;
    if (!all)
        return NULL;
    json_array_foreach(all, i,
                       one) if (g_str_equal(text_at(one, "id"), id)) return json_incref(one);
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no proposal '%s'", id);
    return NULL;
}

static bool say_state(const struct review *review, const json_t *proposal, const char *state,
                      const char *uscc, int64_t batch, GError **error)
{
    const json_t *row = json_object_get(proposal, "row");
    const struct review_word word = {.agency_id = review->agency_id,
                                     .kind = text_at(row, "kind"),
                                     .digest = text_at(row, "digest"),
                                     .state = state,
                                     .uscc = uscc,
                                     .batch = batch,
                                     .by = review->by};
    g_autofree char *now = NULL;
    bool done = db_begin(review->db, DB_SERVICE, review->agency_id, error) &&
                (now = db_clock(review->db, error)) &&
                review_say(review->db, &word, now, error) && db_commit(review->db, error);
    if (!done)
        db_rollback(review->db);
    return done;
}

static bool is_candidate(const json_t *proposal, const char *uscc)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(proposal, "candidates"), i,
                       one) if (g_str_equal(text_at(one, "uscc"), uscc)) return true;
    return false;
}

static bool may_accept(const json_t *proposal, const char **uscc, GError **error)
{
    const json_t *candidates = json_object_get(proposal, "candidates");
    if (!*uscc && json_array_size(candidates) == 1)
        *uscc = text_at(json_array_get(candidates, 0), "uscc");
    bool open = g_str_equal(text_at(proposal, "state"), "open");
    if (open && *uscc && is_candidate(proposal, *uscc))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_STATE, "%s",
                !open   ? "it was decided already; take that back first"
                : *uscc ? "no organisation of that name has this credit code"
                        : "several organisations have this name: say which by its credit code");
    return false;
}

/* Loads the one row, under the name of its file and line. */
static json_t *load_row(const struct review *review, const json_t *proposal, const char *uscc,
                        GError **error)
{
    g_autofree char *line = line_with(json_object_get(proposal, "row"), uscc);
    g_autofree char *name =
        g_strdup_printf("%s:%" JSON_INTEGER_FORMAT, text_at(proposal, "file"),
                        json_integer_value(json_object_get(proposal, "line")));
    g_autofree char *folder = g_dir_make_tmp("patbridge-review-XXXXXX", error);
    g_autofree char *path = folder ? g_build_filename(folder, "row.jsonl", NULL) : NULL;
    struct load_options options = {.kind = kind_find(text_at(proposal, "kind")),
                                   .agency_id = review->agency_id,
                                   .refused_dir = folder,
                                   .name = name,
                                   .today = review->today};
    json_t *report = NULL;
    if (!path || !g_file_set_contents(path, line, -1, error))
        return NULL;
    load_file(review->db, path, &options, &report, error);
    g_unlink(path);
    g_rmdir(folder);
    return report;
}

json_t *review_accept(const struct review *review, const char *id, const char *uscc,
                      GError **error)
{
    json_auto_t *proposal = find(review, id, error);
    if (!proposal || !may_accept(proposal, &uscc, error))
        return NULL;
    json_t *report = load_row(review, proposal, uscc, error);
    if (!report)
        return NULL;
    int64_t batch = json_integer_value(json_object_get(report, "batch"));
    bool taken = json_integer_value(json_object_get(report, "refused")) == 0;
    if (!taken || say_state(review, proposal, "accepted", uscc, batch, error))
        return report;
    json_decref(report);
    return NULL;
}

bool review_reject(const struct review *review, const char *id, GError **error)
{
    json_auto_t *proposal = find(review, id, error);
    if (!proposal)
        return false;
    if (g_str_equal(text_at(proposal, "state"), "open"))
        return say_state(review, proposal, "rejected", NULL, 0, error);
    g_set_error(error, SQL_ERROR, SQL_ERROR_STATE,
                "it was decided already; take that back first");
    return false;
}

static int64_t loaded_batch(const json_t *proposal)
{
    const json_t *batch = json_object_get(json_object_get(proposal, "row"), "loaded_batch");
    return json_is_string(batch) ? g_ascii_strtoll(json_string_value(batch), NULL, 10)
                                 : json_integer_value(batch);
}

bool review_undo(const struct review *review, const char *id, GError **error)
{
    json_auto_t *proposal = find(review, id, error);
    if (!proposal)
        return false;
    if (g_str_equal(text_at(proposal, "state"), "open")) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_STATE, "nothing has been said of it yet");
        return false;
    }
    int64_t batch = loaded_batch(proposal);
    json_auto_t *undone =
        batch ? undo_batch(review->db, batch, review->agency_id, review->by, error) : NULL;
    if (batch && !undone)
        return false;
    if (undone && json_integer_value(json_object_get(undone, "kept"))) {
        const json_t *first = json_array_get(json_object_get(undone, "records"), 0);
        g_set_error(error, SQL_ERROR, SQL_ERROR_STATE, "it stays: %s", text_at(first, "why"));
        return false;
    }
    return say_state(review, proposal, "open", NULL, 0, error);
}
