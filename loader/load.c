#include "loader/load.h"
#include "loader/chunk.h"
#include "loader/feed.h"
#include "loader/patents.h"
#include "loader/refused_rows.h"
#include "loader/scheme.h"
#include "loader/source.h"
#include "sql/ledger.h"
#include <glib/gstdio.h>
#include <malloc.h>

enum { WARNINGS_SHOWN = 100 };

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
    int64_t resumed_after; /* the batch's last place when this load began */
    struct batch_earlier earlier;
    GHashTable *earlier_refused; /* int64_t: places of rows that it refused */
    GHashTable *known_refusals;  /* int64_t: places refused before a restart -> json row */
    struct scheme *scheme;
    int64_t lines_total;
    json_t *refusals, *warnings;
};

/* ---- Refusals and warnings */

static json_t *refusal_json(const struct load *load, const struct refusal *refusal)
{
    json_t *out = json_pack(
        "{s:s, s:I, s:s, s:s, s:s, s:s}", "file", load->path, "line", (json_int_t)refusal->line,
        "column", refusal->column ? refusal->column : "", "value",
        refusal->value ? refusal->value : "", "code", code_name(refusal->code), "reason",
        load->options->chinese ? refusal->reason_zh : refusal->reason_en);
    if (refusal->sheet)
        json_object_set_new(out, "sheet", json_string(refusal->sheet));
    return out;
}

static json_t *refused_row_json(const struct load *load, const struct feed_row *row)
{
    json_t *cells = json_incref(row->raw.object);
    if (!cells && row->raw.cells) {
        cells = json_object();
        for (size_t i = 0; i < MIN(row->raw.header_count, row->raw.cell_count); i++)
            json_object_set_new(cells, row->raw.headers[i], json_string(row->raw.cells[i]));
    }
    if (!cells)
        cells = json_pack("{s:s}", "_raw", row->raw.text ? row->raw.text : "");
    if (row->raw.unit_line &&
        !row->raw
             .object) /* without it, amounts that are mended would be read in another unit */
        json_object_set_new(cells, REFUSED_UNIT, json_string(row->raw.unit_line));
    json_t *agency =
        load->options->agency_id ? json_integer(load->options->agency_id) : json_null();
    return json_pack(
        "{s:I, s:o, s:I, s:I, s:s?, s:s, s:s, s:s, s:s, s:s, s:o}", "batch_id",
        (json_int_t)load->batch.batch_id, "agency_id", agency, "line",
        (json_int_t)row->refusal.line, "place", (json_int_t)row->raw.place, "sheet",
        row->raw.sheet, "column", row->refusal.column ? row->refusal.column : "", "value",
        row->refusal.value ? row->refusal.value : "", "code", code_name(row->refusal.code),
        "reason", row->refusal.reason_en, "reason_zh", row->refusal.reason_zh, "record", cells);
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

/* Refuses a row for what is stored; a reference that leads nowhere is named with its column. */
static void refuse_stored(struct feed_row *row, struct problem *refused)
{
    const char *field = refused->field;
    feed_row_refuse(row, field ? raw_row_header(&row->raw, field) : NULL, refused);
}

static void count(struct load *load, enum outcome outcome)
{
    int64_t *count = outcome == OUTCOME_NEW       ? &load->batch.new
                     : outcome == OUTCOME_CHANGED ? &load->batch.changed
                                                  : &load->batch.same;
    (*count)++;
}

/* Patents that are alone and new: each goes out as soon as it is made. What is to be said of them waits for their turn. */
static bool take_alone(struct load *load, struct chunk *chunk, GError **error)
{
    for (guint i = 0; chunk->keys && i < chunk->keys->alone->len; i++) {
        struct feed_row *row = chunk->keys->alone->pdata[i];
        struct problem refused = {0}, notice = {0};
        enum outcome outcome;
        if (!patents_is_new(chunk, &row->record))
            continue;
        row->taken = chunk_apply(chunk, &row->record, &outcome, &refused, &notice);
        g_assert(row->taken && outcome == OUTCOME_NEW && !notice.en);
        count(load, outcome);
        if (!chunk_send(chunk, error))
            return false;
    }
    return true;
}

static void apply_row(struct load *load, struct chunk *chunk, struct feed_row *row)
{
    struct problem refused = {0}, notice = {0};
    enum outcome outcome;
    if (chunk_apply(chunk, &row->record, &outcome, &refused, &notice)) {
        count(load, outcome);
        warn_notices(load, &row->record);
        if (notice.en)
            warn(load, row->record.line, NULL, NULL, &notice);
    } else {
        refuse_stored(row, &refused);
    }
    problem_clear(&refused);
    problem_clear(&notice);
}

static void show_progress(const struct load *load, int64_t read, int64_t line)
{
    if (load->options->progress && read % 500 == 0)
        load->options->progress(read, line, load->lines_total, load->options->progress_user);
}

static bool apply_rows(struct load *load, struct chunk *chunk, const GPtrArray *rows,
                       json_t *refused, GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new();
    for (guint i = 0; i < rows->len; i++) {
        struct feed_row *row = rows->pdata[i];
        if (!row->refused)
            g_ptr_array_add(records, &row->record);
    }
    if (records->len &&
        (!scheme_say(load->scheme, load->db, records, error) ||
         !chunk_fetch(chunk, records, error) || !take_alone(load, chunk, error)))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        struct feed_row *row = rows->pdata[i];
        if (row->taken)
            warn_notices(load, &row->record);
        else if (!row->refused)
            apply_row(load, chunk, row);
        if (row->refused)
            json_array_append_new(refused, refused_row_json(load, row));
        load->batch.refused += row->refused;
        load->batch.last_line = MAX(load->batch.last_line, row->raw.place);
        show_progress(load, ++load->batch.read, row->raw.line);
    }
    return true;
}

/* One entry of the ledger a transaction: a batch of one chunk has one. */
static void say_load(struct load *load)
{
    const struct load_options *options = load->options;
    g_autofree char *subject =
        g_strdup_printf("%s, batch %" G_GINT64_FORMAT ": %s", options->kind->name,
                        load->batch.batch_id, load->path);
    ledger_say(load->db, &(struct ledger_about){.kind = "load",
                                                .agency_id = options->agency_id,
                                                .subject = subject});
}

/* Inside the transaction that chunk->now was read in. */
static bool write_chunk(struct load *load, struct chunk *chunk, const struct feed_block *block,
                        GError **error)
{
    json_t *refused = json_array();
    load->batch.skipped = block->skipped;
    const struct load_options *options = load->options;
    say_load(load);
    bool done =
        (!options->check || options->check(load->db, options->check_user, error)) &&
        intake_change(load->db, &chunk->change, error) &&
        apply_rows(load, chunk, block->rows, refused, error) &&
        chunk_write(chunk, refused, error) &&
        batch_checkpoint(load->db, &load->batch, block->last ? chunk->now : NULL, error);
    json_decref(refused);
    return done;
}

static bool give_back_refused(struct load *load, const GPtrArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct feed_row *row = rows->pdata[i];
        if (row->refused && !give_back(load, &row->raw, &row->refusal, error))
            return false;
    }
    return true;
}

/* One transaction. */
static bool take_in(struct load *load, const struct feed_block *block, GError **error)
{
    const struct load_options *options = load->options;
    struct chunk chunk = {.db = load->db,
                          .kind = options->kind,
                          .agency_id = options->agency_id,
                          .today = options->today,
                          .held_since = options->held_since,
                          .earlier = &load->earlier,
                          .earlier_refused = load->earlier_refused,
                          .keys = block->keys,
                          .batch_id = load->batch.batch_id};
    chunk_init(&chunk);
    bool done = options->dry_run
                    ? (chunk.now = db_clock(load->db, error)) != NULL
                    : intake_begin(load->db, options->agency_id, &chunk.now, error);
    done = done && write_chunk(load, &chunk, block, error) &&
           (options->dry_run || db_commit(load->db, error)) &&
           give_back_refused(load, block->rows, error);
    chunk_clear(&chunk); /* a copy that was begun must end first */
    if (!done)
        db_rollback(load->db);
    return done;
}

/* ---- Blocks of rows */

/* A row that is in already: its refusal is given back once more. */
static bool repeat_refusal(struct load *load, const struct raw_row *raw, GError **error)
{
    json_t *known = g_hash_table_lookup(load->known_refusals, &raw->place);
    enum refusal_code code = 0;
    while (code + 1 < CODE_COUNT &&
           !g_str_equal(code_name(code), json_string_value(json_object_get(known, "code"))))
        code++;
    struct problem problem = {
        .code = code,
        .en = g_strdup(json_string_value(json_object_get(known, "reason"))),
        .zh = g_strdup(json_string_value(json_object_get(known, "reason_zh")))};
    struct refusal refusal = {0};
    refusal_set(&refusal, raw->line, json_string_value(json_object_get(known, "column")),
                json_string_value(json_object_get(known, "value")), &problem);
    refusal.sheet = g_strdup(raw->sheet);
    bool done = give_back(load, raw, &refusal, error);
    refusal_clear(&refusal);
    return done;
}

/* Takes the rows off the block that are in already, back to the checkpoint of an earlier start. */
static bool pass_over(struct load *load, struct feed_block *block, GError **error)
{
    guint in = 0;
    for (; in < block->rows->len; in++) {
        const struct feed_row *row = block->rows->pdata[in];
        if (row->raw.place > load->resumed_after)
            break;
        if (g_hash_table_contains(load->known_refusals, &row->raw.place) &&
            !repeat_refusal(load, &row->raw, error))
            return false;
    }
    if (in)
        feed_block_drop(block, in);
    return true;
}

static bool read_rows(struct load *load, struct feed *feed, GError **error)
{
    for (bool last = false; !last;) {
        g_autoptr(feed_block) block = feed_next(feed, error);
        if (!block || !pass_over(load, block, error))
            return false;
        last = block->last;
        if ((block->rows->len || last) && !take_in(load, block, error))
            return false;
        feed_give_back(feed, g_steal_pointer(&block));
    }
    return true;
}

/* ---- The file as a whole */

/* Places of rows refused by a batch -> what was said of them. */
static bool read_refusals(struct load *load, const char *batch_id, GHashTable *out,
                          GError **error)
{
    json_t *rows = batch_refusals(load->db, batch_id, error);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        gint64 place = json_integer_value(json_object_get(row, "place"));
        g_hash_table_insert(out, g_memdup2(&place, sizeof place), json_incref(row));
    }
    json_decref(rows);
    return rows != NULL;
}

static bool find_batch(struct load *load, const char *digest, const char *now, GError **error)
{
    const struct load_options *options = load->options;
    const struct batch_key key = {.agency_id = options->agency_id,
                                  .kind = options->kind->name,
                                  .digest = digest,
                                  .file = load->path};
    if (!batch_find_earlier(load->db, &key, &load->earlier, error) ||
        !batch_open(load->db, &key, now, &load->batch, error))
        return false;
    if (options->dry_run)
        load->batch = (struct batch){.batch_id = load->batch.batch_id};
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, load->batch.batch_id);
    return (load->batch.last_line == 0 ||
            read_refusals(load, id, load->known_refusals, error)) &&
           (!load->earlier.batch_id ||
            read_refusals(load, load->earlier.batch_id, load->earlier_refused, error));
}

/* What, beside the file and the mapping, makes a load another load. */
static void say_what_matters(const struct load *load, const char **said)
{
    const struct load_options *options = load->options;
    const char *saved = reader_saved_name(load->reader);
    if (options->held_since)
        *said++ = options->held_since;
    if (options->encoding)
        *said++ = options->encoding;
    if (options->skip_hidden)
        *said++ = "skip hidden";
    if (saved)
        *said++ = saved;
}

/* Finds or begins the batch; a dry run stays in this transaction to its end, and is undone. */
static bool open_batch(struct load *load, GError **error)
{
    const struct load_options *options = load->options;
    const char *said[8] = {NULL};
    say_what_matters(load, said);
    g_autofree char *digest =
        source_digest(load->file, options->map_file, said, &load->lines_total, error);
    g_autofree char *now = NULL;
    if (!digest || !intake_begin(load->db, options->agency_id, &now, error))
        return false;
    if (options->dry_run)
        ledger_pause(load->db);
    bool done = find_batch(load, digest, now, error) &&
                (options->dry_run || db_commit(load->db, error));
    if (!done)
        db_rollback(load->db);
    return done;
}

static char *refused_path(const struct load *load)
{
    bool is_stdin = g_str_equal(load->path, "-");
    g_autofree char *base = is_stdin ? g_strdup("stdin") : g_path_get_basename(load->path);
    bool is_book = reader_format(load->reader) == READER_XLSX;
    g_autofree char *name = g_strconcat(base, is_book ? ".refused.xlsx" : ".refused.csv", NULL);
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
    json_t *report = json_pack(
        "{s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:O, s:O, s:s?, s:b}", "batch",
        stored ? json_integer(load->batch.batch_id) : json_null(), "kind",
        load->options->kind->name, "read", (json_int_t)load->batch.read, "new",
        (json_int_t)load->batch.new, "changed", (json_int_t)load->batch.changed, "same",
        (json_int_t)load->batch.same, "refused", (json_int_t)load->batch.refused, "skipped",
        (json_int_t)load->batch.skipped, "unrecognised", headers, "refusals", load->refusals,
        "warnings", load->warnings, "refused_file", load->batch.refused ? refused_file : NULL,
        "dry_run", load->options->dry_run);
    json_t *sheets = reader_sheets(load->reader);
    if (reader_header_line(load->reader))
        json_object_set_new(report, "header_line",
                            json_integer(reader_header_line(load->reader)));
    if (sheets)
        json_object_set_new(report, "sheets", sheets);
    if (reader_saved_name(load->reader))
        json_object_set_new(report, "mapping", json_string(reader_saved_name(load->reader)));
    return report;
}

/* Reading begins while the digest is made: the batch is known by it. */
static bool take_file(struct load *load, const char *refused_file, GError **error)
{
    g_autoptr(feed_t) feed = feed_start(load->reader, load->duplicates, error);
    if (!feed || !open_batch(load, error))
        return false;
    load->resumed_after = load->batch.last_line;
    load->writer = refusal_writer_new(refused_file, load->reader, load->options->chinese);
    bool done = read_rows(load, feed, error);
    if (load->options->dry_run)
        db_rollback(load->db);
    return refusal_writer_close(g_steal_pointer(&load->writer), done ? error : NULL) && done;
}

static bool load_opened(struct load *load, json_t **report, GError **error)
{
    bool fact = load->options->kind->fact;
    if (fact && !(load->duplicates = duplicates_find(load->file, &load->plan, error)))
        return false;
    load->reader = reader_open(load->file, &load->plan, error);
    if (!load->reader)
        return false;
    g_autofree char *refused_file = refused_path(load);
    if (!take_file(load, refused_file, error))
        return false;
    *report = report_of(load, refused_file);
    return true;
}

static void load_clear(struct load *load)
{
    duplicates_free(load->duplicates);
    scheme_free(load->scheme);
    reader_close(load->reader);
    g_hash_table_unref(load->known_refusals);
    g_hash_table_unref(load->earlier_refused);
    batch_earlier_clear(&load->earlier);
    json_decref(load->refusals);
    json_decref(load->warnings);
}

static GHashTable *lines_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                 (GDestroyNotify)json_decref);
}

/* Rows come and go by the thousand: freed pieces are joined as they are freed, not all at once, long after they have left the
 * processor's cache, whenever a large one is wanted. Measured: a sixth of the loader's time. */
static void tune_memory(void)
{
#ifdef M_MXFAST
    mallopt(M_MXFAST, 0);
#endif
}

bool load_file(struct db *db, const char *path, const struct load_options *options,
               json_t **report, GError **error)
{
    tune_memory();
    bool is_stdin = g_str_equal(path, "-");
    g_autofree char *spooled = is_stdin ? source_spool_stdin(error) : NULL;
    if (is_stdin && !spooled)
        return false;
    struct mapping *map =
        options->map_file ? mapping_load(options->map_file, options->kind, error) : NULL;
    struct load load = {.options = options,
                        .plan = {.kind = options->kind,
                                 .mapping = map,
                                 .today = options->today,
                                 .saved = map ? NULL : options->saved,
                                 .encoding = options->encoding,
                                 .skip_hidden = options->skip_hidden},
                        .path = options->name ? options->name : path,
                        .file = is_stdin ? spooled : path,
                        .db = db,
                        .scheme = scheme_new(),
                        .known_refusals = lines_new(),
                        .earlier_refused = lines_new(),
                        .refusals = json_array(),
                        .warnings = json_array()};
    bool done = (map || !options->map_file) && load_opened(&load, report, error);
    load_clear(&load);
    mapping_free(map);
    if (spooled)
        g_unlink(spooled);
    return done;
}
