#include "loader/load.h"
#include "loader/chunk.h"
#include "loader/duplicates.h"
#include "loader/refusal.h"
#include "sql/batch.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { WARNINGS_SHOWN = 100 };

/* A row that waits for its chunk to be full: a record, or a refusal already; and the row as read, should it be refused yet. */
struct pending {
    struct record record;
    struct refusal refusal;
    bool refused;
    struct raw_row raw; /* a copy */
};

struct load {
    const struct load_options *options;
    struct plan plan;
    const char *path; /* as named */
    const char *file; /* what is read: the path, or stdin's copy */
    struct db *db;
    struct reader *reader;
    struct duplicates *duplicates; /* facts */
    struct refusal_writer *writer;
    struct batch batch;
    GHashTable *known_refusals; /* lines refused before a restart -> json row */
    GPtrArray *pending;
    size_t pending_bytes;
    int64_t lines_total;
    json_t *refusals, *warnings;
};

/* ---- Copies of raw rows */

static void raw_copy(struct raw_row *to, const struct raw_row *from)
{
    *to = (struct raw_row){
        .line = from->line, .sheet = g_strdup(from->sheet), .cell_count = from->cell_count};
    to->object = json_incref(from->object);
    to->text = g_strdup(from->text);
    if (!from->cells)
        return;
    char **cells = g_new0(char *, from->cell_count + 1);
    for (size_t i = 0; i < from->cell_count; i++)
        cells[i] = g_strdup(from->cells[i]);
    to->cells = (const char *const *)cells;
}

static size_t raw_bytes(const struct raw_row *raw)
{
    size_t bytes = raw->text ? strlen(raw->text) : 0;
    for (size_t i = 0; raw->cells && i < raw->cell_count; i++)
        bytes += strlen(raw->cells[i]);
    const char *name;
    json_t *value;
    json_object_foreach(raw->object, name, value) bytes += 32 + json_string_length(value);
    return bytes;
}

static void pending_free(gpointer data)
{
    struct pending *row = data;
    record_clear(&row->record);
    refusal_clear(&row->refusal);
    g_strfreev((char **)(uintptr_t)row->raw.cells);
    g_free((char *)(uintptr_t)row->raw.text);
    g_free((char *)(uintptr_t)row->raw.sheet);
    json_decref(row->raw.object);
    g_free(row);
}

/* ---- Refusals and warnings */

static json_t *refusal_json(const struct load *load, const struct refusal *refusal)
{
    return json_pack(
        "{s:s, s:I, s:s, s:s, s:s, s:s}", "file", load->path, "line", (json_int_t)refusal->line,
        "column", refusal->column ? refusal->column : "", "value",
        refusal->value ? refusal->value : "", "code", code_name(refusal->code), "reason",
        load->options->chinese ? refusal->reason_zh : refusal->reason_en);
}

static json_t *refused_row_json(const struct load *load, const struct pending *row)
{
    json_t *cells = json_incref(row->raw.object);
    if (!cells && row->raw.cells) {
        size_t count;
        const char *const *headers = reader_headers(load->reader, &count);
        cells = json_object();
        for (size_t i = 0; i < MIN(count, row->raw.cell_count); i++)
            json_object_set_new(cells, headers[i], json_string(row->raw.cells[i]));
    }
    if (!cells)
        cells = json_pack("{s:s}", "_raw", row->raw.text ? row->raw.text : "");
    json_t *agency =
        load->options->agency_id ? json_integer(load->options->agency_id) : json_null();
    return json_pack("{s:I, s:o, s:I, s:s, s:s, s:s, s:s, s:s, s:o}", "batch_id",
                     (json_int_t)load->batch.batch_id, "agency_id", agency, "line",
                     (json_int_t)row->refusal.line, "column",
                     row->refusal.column ? row->refusal.column : "", "value",
                     row->refusal.value ? row->refusal.value : "", "code",
                     code_name(row->refusal.code), "reason", row->refusal.reason_en,
                     "reason_zh", row->refusal.reason_zh, "record", cells);
}

static bool give_back(struct load *load, const struct raw_row *raw,
                      const struct refusal *refusal, GError **error)
{
    json_array_append_new(load->refusals, refusal_json(load, refusal));
    return refusal_writer_add(load->writer, raw, refusal, error);
}

static void warn(struct load *load, int64_t line, const char *column, const char *value,
                 const struct problem *problem)
{
    if (json_array_size(load->warnings) < WARNINGS_SHOWN)
        json_array_append_new(load->warnings,
                              json_pack("{s:s, s:I, s:s, s:s, s:s}", "file", load->path, "line",
                                        (json_int_t)line, "column", column ? column : "",
                                        "value", value ? value : "", "reason",
                                        problem_text(problem, load->options->chinese)));
}

static void warn_notices(struct load *load, const struct record *record)
{
    for (guint i = 0; record->notices && i < record->notices->len; i++) {
        const struct notice *notice = record->notices->pdata[i];
        warn(load, record->line, notice->column, notice->value, &notice->problem);
    }
}

/* ---- One chunk */

static void refuse_row(struct pending *row, const char *column, struct problem *problem)
{
    refusal_set(&row->refusal, row->record.line, column, NULL, problem);
    row->refused = true;
}

static void apply_row(struct load *load, struct chunk *chunk, struct pending *row)
{
    struct problem refused = {0}, notice = {0};
    enum outcome outcome;
    if (chunk_apply(chunk, &row->record, &outcome, &refused, &notice)) {
        int64_t *count = outcome == OUTCOME_NEW       ? &load->batch.new
                         : outcome == OUTCOME_CHANGED ? &load->batch.changed
                                                      : &load->batch.same;
        (*count)++;
        warn_notices(load, &row->record);
        if (notice.en)
            warn(load, row->record.line, NULL, NULL, &notice);
    } else {
        refuse_row(row, NULL, &refused);
    }
    problem_clear(&refused);
    problem_clear(&notice);
}

static bool apply_rows(struct load *load, struct chunk *chunk, json_t *refused, GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new();
    for (guint i = 0; i < load->pending->len; i++) {
        struct pending *row = load->pending->pdata[i];
        if (!row->refused)
            g_ptr_array_add(records, &row->record);
    }
    if (records->len && !chunk_fetch(chunk, records, error))
        return false;
    for (guint i = 0; i < load->pending->len; i++) {
        struct pending *row = load->pending->pdata[i];
        if (!row->refused)
            apply_row(load, chunk, row);
        if (row->refused)
            json_array_append_new(refused, refused_row_json(load, row));
        load->batch.refused += row->refused;
        load->batch.last_line = MAX(load->batch.last_line, row->raw.line);
    }
    load->batch.read += load->pending->len;
    return true;
}

/* Inside the transaction that chunk->now was read in. */
static bool write_chunk(struct load *load, struct chunk *chunk, bool last, GError **error)
{
    json_t *refused = json_array();
    load->batch.skipped = reader_skipped(load->reader);
    const struct load_options *options = load->options;
    bool done = (!options->check || options->check(load->db, options->check_user, error)) &&
                intake_change(load->db, &chunk->change, error) &&
                apply_rows(load, chunk, refused, error) && chunk_write(chunk, refused, error) &&
                batch_checkpoint(load->db, &load->batch, last ? chunk->now : NULL, error);
    json_decref(refused);
    return done;
}

static bool give_back_refused(struct load *load, GError **error)
{
    for (guint i = 0; i < load->pending->len; i++) {
        const struct pending *row = load->pending->pdata[i];
        if (row->refused && !give_back(load, &row->raw, &row->refusal, error))
            return false;
    }
    return true;
}

static bool take_in(struct load *load, bool last, GError **error)
{
    const struct load_options *options = load->options;
    struct chunk chunk = {.db = load->db,
                          .kind = options->kind,
                          .agency_id = options->agency_id,
                          .today = options->today,
                          .held_since = options->held_since,
                          .batch_id = load->batch.batch_id};
    chunk_init(&chunk);
    bool done = options->dry_run
                    ? (chunk.now = db_clock(load->db, error)) != NULL
                    : intake_begin(load->db, options->agency_id, &chunk.now, error);
    done = done && write_chunk(load, &chunk, last, error) &&
           (options->dry_run || db_commit(load->db, error)) && give_back_refused(load, error);
    if (!done)
        db_rollback(load->db);
    chunk_clear(&chunk);
    g_ptr_array_set_size(load->pending, 0);
    load->pending_bytes = 0;
    return done;
}

/* ---- Rows */

/* A row that is in already: only its refusal, if it had one, is given back once more. */
static bool repeat_refusal(struct load *load, const struct raw_row *raw, GError **error)
{
    json_t *known = g_hash_table_lookup(load->known_refusals, &raw->line);
    if (!known)
        return true;
    enum refusal_code code = 0;
    while (code + 1 < CODE_COUNT &&
           !g_str_equal(code_name(code), json_string_value(json_object_get(known, "code"))))
        code++;
    struct problem problem = {code,
                              g_strdup(json_string_value(json_object_get(known, "reason"))),
                              g_strdup(json_string_value(json_object_get(known, "reason_zh")))};
    struct refusal refusal = {0};
    refusal_set(&refusal, raw->line, json_string_value(json_object_get(known, "column")),
                json_string_value(json_object_get(known, "value")), &problem);
    bool done = give_back(load, raw, &refusal, error);
    refusal_clear(&refusal);
    return done;
}

static void add_pending(struct load *load, enum reader_step step, const struct raw_row *raw,
                        struct refusal *refusal)
{
    struct pending *row = g_new0(struct pending, 1);
    raw_copy(&row->raw, raw);
    row->refused =
        step == READER_BAD_ROW || !record_read(load->reader, raw, &row->record, refusal);
    if (row->refused) {
        row->refusal = *refusal;
        memset(refusal, 0, sizeof *refusal);
    } else if (load->duplicates) {
        struct problem problem = {0};
        const char *field = NULL;
        if (!duplicates_check(load->duplicates, &row->record, &problem, &field))
            refuse_row(row, field, &problem);
        problem_clear(&problem);
    }
    g_ptr_array_add(load->pending, row);
    load->pending_bytes += raw_bytes(raw);
}

static bool read_row(struct load *load, enum reader_step step, const struct raw_row *raw,
                     struct refusal *refusal, GError **error)
{
    if (raw->line <= load->batch.last_line)
        return repeat_refusal(load, raw, error);
    add_pending(load, step, raw, refusal);
    if (load->options->progress && load->pending->len % 500 == 0)
        load->options->progress(reader_read(load->reader), raw->line, load->lines_total,
                                load->options->progress_user);
    if (load->pending->len < LOAD_CHUNK_ROWS && load->pending_bytes < LOAD_CHUNK_BYTES)
        return true;
    return take_in(load, false, error);
}

static bool read_rows(struct load *load, GError **error)
{
    for (;;) {
        struct raw_row raw = {0};
        struct refusal refusal = {0};
        enum reader_step step = reader_next(load->reader, &raw, &refusal, error);
        if (step == READER_END)
            return take_in(load, true, error);
        bool done = step != READER_FAILED && read_row(load, step, &raw, &refusal, error);
        refusal_clear(&refusal);
        if (!done)
            return false;
    }
}

/* ---- The file as a whole */

/* stdin is read whole into a nameless file first: facts are looked over twice, and a batch is known by its digest. */
static char *spool_stdin(GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("patbridge-stdin-XXXXXX", &path, error);
    if (fd < 0)
        return NULL;
    char buffer[1 << 16];
    ssize_t got;
    while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write(fd, buffer, (size_t)got) != got)
            break;
    bool failed = got != 0;
    if (failed)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN,
                    "could not keep a copy of stdin in '%s': %s", path, g_strerror(errno));
    close(fd);
    if (failed)
        g_unlink(path);
    return failed ? NULL : g_steal_pointer(&path);
}

static bool add_file(GChecksum *sum, const char *path, int64_t *lines, GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    char buffer[1 << 16];
    ssize_t got = fd < 0 ? -1 : 0;
    while (fd >= 0 && (got = read(fd, buffer, sizeof buffer)) > 0) {
        g_checksum_update(sum, (const guchar *)buffer, got);
        for (ssize_t i = 0; i < got; i++)
            *lines += buffer[i] == '\n';
    }
    if (got < 0)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s",
                    path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return got == 0;
}

/* What makes two loads the same load: content, mapping and claims. */
static char *digest_of(struct load *load, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    int64_t unused = 0;
    if (!add_file(sum, load->file, &load->lines_total, error))
        return NULL;
    if (load->options->map_file && !add_file(sum, load->options->map_file, &unused, error))
        return NULL;
    if (load->options->held_since)
        g_checksum_update(sum, (const guchar *)load->options->held_since, -1);
    return g_strdup(g_checksum_get_string(sum));
}

static bool read_known_refusals(struct load *load, GError **error)
{
    json_t *rows = batch_refusals(load->db, load->batch.batch_id, error);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        gint64 line = json_integer_value(json_object_get(row, "line"));
        g_hash_table_insert(load->known_refusals, g_memdup2(&line, sizeof line),
                            json_incref(row));
    }
    json_decref(rows);
    return rows != NULL;
}

/* Finds or begins the batch; a dry run stays in this transaction to its end, and is undone. */
static bool open_batch(struct load *load, GError **error)
{
    const struct load_options *options = load->options;
    g_autofree char *digest = digest_of(load, error);
    g_autofree char *now = NULL;
    if (!digest || !intake_begin(load->db, options->agency_id, &now, error))
        return false;
    bool done = batch_open(load->db, options->agency_id, options->kind->name, load->path,
                           digest, now, &load->batch, error);
    if (done && options->dry_run)
        load->batch = (struct batch){.batch_id = load->batch.batch_id};
    done = done && (load->batch.last_line == 0 || read_known_refusals(load, error)) &&
           (options->dry_run || db_commit(load->db, error));
    if (!done)
        db_rollback(load->db);
    return done;
}

static char *refused_path(const struct load *load)
{
    bool is_stdin = g_str_equal(load->path, "-");
    g_autofree char *base = is_stdin ? g_strdup("stdin") : g_path_get_basename(load->path);
    g_autofree char *name = g_strconcat(base, ".refused.csv", NULL);
    g_autofree char *folder = is_stdin ? g_strdup(".") : g_path_get_dirname(load->path);
    return g_build_filename(load->options->refused_dir ? load->options->refused_dir : folder,
                            name, NULL);
}

static json_t *report_of(const struct load *load, const char *refused_file)
{
    json_t *headers = json_array();
    for (const char *const *name = reader_unrecognised(load->reader); name && *name; name++)
        json_array_append_new(headers, json_string(*name));
    bool stored = !load->options->dry_run;
    return json_pack(
        "{s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:O, s:O, s:s?, s:b}", "batch",
        stored ? json_integer(load->batch.batch_id) : json_null(), "kind",
        load->options->kind->name, "read", (json_int_t)load->batch.read, "new",
        (json_int_t)load->batch.new, "changed", (json_int_t)load->batch.changed, "same",
        (json_int_t)load->batch.same, "refused", (json_int_t)load->batch.refused, "skipped",
        (json_int_t)load->batch.skipped, "unrecognised", headers, "refusals", load->refusals,
        "warnings", load->warnings, "refused_file", load->batch.refused ? refused_file : NULL,
        "dry_run", load->options->dry_run);
}

static bool load_opened(struct load *load, const char *refused_file, json_t **report,
                        GError **error)
{
    bool fact = load->options->kind->fact;
    if (fact && !(load->duplicates = duplicates_find(load->file, &load->plan, error)))
        return false;
    load->reader = reader_open(load->file, &load->plan, error);
    if (!load->reader || !open_batch(load, error))
        return false;
    load->writer = refusal_writer_new(refused_file, load->reader, load->options->chinese);
    bool done = read_rows(load, error);
    if (load->options->dry_run)
        db_rollback(load->db);
    done = refusal_writer_close(g_steal_pointer(&load->writer), done ? error : NULL) && done;
    if (done)
        *report = report_of(load, refused_file);
    return done;
}

static void load_clear(struct load *load)
{
    duplicates_free(load->duplicates);
    reader_close(load->reader);
    g_hash_table_unref(load->known_refusals);
    g_ptr_array_unref(load->pending);
    json_decref(load->refusals);
    json_decref(load->warnings);
}

bool load_file(struct db *db, const char *path, const struct load_options *options,
               json_t **report, GError **error)
{
    bool is_stdin = g_str_equal(path, "-");
    g_autofree char *spooled = is_stdin ? spool_stdin(error) : NULL;
    if (is_stdin && !spooled)
        return false;
    struct mapping *map =
        options->map_file ? mapping_load(options->map_file, options->kind, error) : NULL;
    struct load load = {.options = options,
                        .plan = {options->kind, map, options->today},
                        .path = options->name ? options->name : path,
                        .file = is_stdin ? spooled : path,
                        .db = db,
                        .known_refusals = g_hash_table_new_full(
                            g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)json_decref),
                        .pending = g_ptr_array_new_with_free_func(pending_free),
                        .refusals = json_array(),
                        .warnings = json_array()};
    g_autofree char *refused_file = refused_path(&load);
    bool done = (map || !options->map_file) && load_opened(&load, refused_file, report, error);
    load_clear(&load);
    mapping_free(map);
    if (spooled)
        g_unlink(spooled);
    return done;
}
