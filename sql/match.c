#include "sql/match.h"
#include "sql/copy.h"
#include "sql/intake.h"
#include <string.h>

static char *int_text(int64_t value)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, value);
}

bool match_lock(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = int_text(agency_id);
    const char *const values[] = {agency};
    return db_do(db, sql_match_lock, 1, values, "wait for another matching", error);
}

void match_unlock(struct db *db, int agency_id)
{
    g_autofree char *agency = int_text(agency_id);
    const char *const values[] = {agency};
    db_do(db, sql_match_unlock, 1, values, "release the matching lock", NULL);
}

json_t *match_needs(struct db *db, int agency_id, const char *today, GError **error)
{
    g_autofree char *agency = int_text(agency_id);
    const char *const values[] = {agency, today};
    return db_rows(db, sql_match_needs, 2, values, "read the standing needs", error);
}

json_t *match_batch_needs(struct db *db, int agency_id, int64_t batch_id, int most,
                          GError **error)
{
    g_autofree char *agency = int_text(agency_id), *batch = int_text(batch_id),
                    *limit = int_text(most);
    const char *const values[] = {agency, batch, limit};
    return db_rows(db, sql_match_batch_needs, 3, values, "read the needs of a batch", error);
}

bool match_latest(struct db *db, int agency_id, int64_t *out, GError **error)
{
    g_autofree char *agency = int_text(agency_id);
    const char *const values[] = {agency};
    return db_number(db, sql_match_latest, 1, values, "read the latest change", out, error);
}

/* ---- Patents */

/* The items of an array literal as PostgreSQL prints it: {a,"b c","d\"e",NULL}. */
static void read_text_array(const char *literal, GPtrArray *out)
{
    const char *at = literal && *literal == '{' ? literal + 1 : "}";
    while (*at && *at != '}') {
        bool quoted = *at == '"';
        g_autoptr(GString) item = g_string_new(NULL);
        for (at += quoted; *at && *at != (quoted ? '"' : ',') && (quoted || *at != '}'); at++) {
            if (*at == '\\' && at[1])
                at++;
            g_string_append_c(item, *at);
        }
        at += quoted && *at;
        at += *at == ',';
        if (quoted || !g_str_equal(item->str, "NULL"))
            g_ptr_array_add(out, g_string_free(g_steal_pointer(&item), FALSE));
    }
    g_ptr_array_add(out, NULL);
}

static const char *cell(const PGresult *res, int row, int column)
{
    return PQgetisnull(res, row, column) ? NULL : PQgetvalue(res, row, column);
}

static void give_patent(const PGresult *res, int row,
                        void (*each)(const struct match_patent *, void *), void *user)
{
    g_autoptr(GPtrArray) classes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) owners = g_ptr_array_new_with_free_func(g_free);
    read_text_array(cell(res, row, 4), classes);
    read_text_array(cell(res, row, 5), owners);
    struct match_patent patent = {.patent_id = g_ascii_strtoll(cell(res, row, 0), NULL, 10),
                                  .seq = g_ascii_strtoll(cell(res, row, 1), NULL, 10),
                                  .title = cell(res, row, 2),
                                  .abstract = cell(res, row, 3),
                                  .classes = (const char *const *)classes->pdata,
                                  .owners = (const char *const *)owners->pdata,
                                  .legal_status = cell(res, row, 6),
                                  .type = cell(res, row, 7),
                                  .application_date = cell(res, row, 8)};
    each(&patent, user);
}

enum { STOP_ROWS = 1024 }; /* rows between two questions whether to go on */

/* What has not come yet is not sent any more; the statement then fails. */
static void cancel(struct db *db)
{
    char why[256];
    PGcancel *cancelling = PQgetCancel(db->conn);
    if (cancelling)
        PQcancel(cancelling, why, sizeof why);
    PQfreeCancel(cancelling);
}

static bool is_stopped(const struct match_range *range, int64_t rows)
{
    return range->stop && rows % STOP_ROWS == 0 && range->stop(range->stop_user);
}

/* Row by row as the server sends them: nothing waits in memory. */
static bool read_single_rows(struct db *db, const struct match_range *range,
                             void (*row_do)(const PGresult *, int, void *), void *user,
                             const char *what, GError **error)
{
    bool done = PQsetSingleRowMode(db->conn) == 1, stopped = false;
    int64_t rows = 0;
    PGresult *res;
    while ((res = PQgetResult(db->conn))) {
        ExecStatusType status = PQresultStatus(res);
        if (status == PGRES_SINGLE_TUPLE && !stopped) {
            row_do(res, 0, user);
            stopped = is_stopped(range, ++rows);
            if (stopped)
                cancel(db);
        } else if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && done) {
            db_fail(db, res, what, error);
            done = false;
        }
        PQclear(res);
    }
    if (stopped && done)
        g_set_error(error, SQL_ERROR, SQL_ERROR_AGAIN, "could not %s: it was asked to stop",
                    what);
    return done && !stopped;
}

struct patent_reader {
    void (*each)(const struct match_patent *, void *);
    void *user;
};

static void read_patent(const PGresult *res, int row, void *user)
{
    const struct patent_reader *reader = user;
    give_patent(res, row, reader->each, reader->user);
}

static bool send_query(struct db *db, const char *sql, const struct match_range *range,
                       const char *what, GError **error)
{
    g_autofree char *agency = int_text(range->agency_id), *first = int_text(range->first),
                    *last = int_text(range->last), *since = int_text(range->since);
    const char *const values[] = {agency, first, last, since};
    bool whole = sql == sql_match_pushed; /* has no range */
    int count = whole ? 1 : sql == sql_match_changed ? 4 : 3;
    if (PQsendQueryParams(db->conn, sql, count, NULL, values, NULL, NULL, 0))
        return true;
    db_fail(db, NULL, what, error);
    return false;
}

bool match_patents(struct db *db, const struct match_range *range,
                   void (*each)(const struct match_patent *, void *), void *user,
                   GError **error)
{
    struct patent_reader reader = {each, user};
    const char *what = "read the patents";
    const char *sql = range->since >= 0 ? sql_match_changed : sql_match_patents;
    return send_query(db, sql, range, what, error) &&
           read_single_rows(db, range, read_patent, &reader, what, error);
}

struct id_reader {
    void (*each)(int64_t, void *);
    void *user;
};

static void read_id(const PGresult *res, int row, void *user)
{
    const struct id_reader *reader = user;
    reader->each(g_ascii_strtoll(cell(res, row, 0), NULL, 10), reader->user);
}

bool match_lost(struct db *db, const struct match_range *range, void (*each)(int64_t, void *),
                void *user, GError **error)
{
    struct id_reader reader = {each, user};
    const char *what = "read which patents are held no longer";
    return send_query(db, sql_match_lost, range, what, error) &&
           read_single_rows(db, range, read_id, &reader, what, error);
}

json_t *match_text(struct db *db, int agency_id, int64_t patent_id, GError **error)
{
    g_autofree char *agency = int_text(agency_id), *patent = int_text(patent_id);
    const char *const values[] = {agency, patent};
    json_auto_t *rows = db_rows(db, sql_match_text, 2, values, "read a patent's texts", error);
    if (rows && json_array_size(rows) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "this agency does not hold the patent");
    return json_incref(json_array_get(rows, 0));
}

json_t *match_texts(struct db *db, const json_t *patent_ids, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    copy_array_literal(list, patent_ids);
    const char *const values[] = {list->str};
    return db_rows(db, sql_match_texts, 1, values, "read the texts of patents", error);
}

json_t *match_mark(struct db *db, int agency_id, int64_t ledger_seq, GError **error)
{
    g_autofree char *agency = int_text(agency_id), *entry = int_text(ledger_seq);
    const char *const values[] = {agency, entry};
    json_auto_t *rows =
        db_rows(db, sql_match_mark, 2, values, "read where the database stands", error);
    return json_incref(json_array_get(rows, 0));
}

struct pushed_reader {
    void (*each)(int64_t, int64_t, void *);
    void *user;
};

static void read_pushed(const PGresult *res, int row, void *user)
{
    const struct pushed_reader *reader = user;
    reader->each(g_ascii_strtoll(cell(res, row, 0), NULL, 10),
                 g_ascii_strtoll(cell(res, row, 1), NULL, 10), reader->user);
}

bool match_pushed(struct db *db, int agency_id, void (*each)(int64_t, int64_t, void *),
                  void *user, GError **error)
{
    struct pushed_reader reader = {each, user};
    const char *what = "read what was sent";
    const struct match_range range = {.agency_id = agency_id};
    return send_query(db, sql_match_pushed, &range, what, error) &&
           read_single_rows(db, &range, read_pushed, &reader, what, error);
}

json_t *match_needs_with(struct db *db, int agency_id, json_t *patent_ids, GError **error)
{
    g_autofree char *agency = int_text(agency_id);
    char *ids = json_dumps(patent_ids, JSON_COMPACT);
    const char *const values[] = {agency, ids};
    json_t *rows =
        db_rows(db, sql_match_lead_needs, 2, values, "read leads on these patents", error);
    free(ids);
    return rows;
}

/* ---- Leads */

static bool count_rows(struct db *db, const char *sql, int count, const char *const values[],
                       const char *what, int64_t *total, GError **error)
{
    g_autoptr(PGresult) res = db_run(db, sql, count, values, what, error);
    if (res)
        *total += PQntuples(res);
    return res != NULL;
}

static bool stage_leads(struct db *db, json_t *leads, int64_t change, const char *now,
                        json_t *kept, GError **error)
{
    if (!db_do(db, sql_match_stage_lead, 0, NULL, "make a staging table", error))
        return false;
    g_autoptr(copy_table) table = copy_table_new(db, "stage_lead", error);
    if (!table)
        return false;
    size_t i;
    json_t *lead;
    json_array_foreach(leads, i, lead)
    {
        json_object_set_new(lead, "change_seq", json_integer(change));
        json_object_set_new(lead, "proposed_at", json_string(now));
        copy_table_add(table, lead);
        json_array_append_new(
            kept, json_sprintf("%s-%s", json_string_value(json_object_get(lead, "patent_id")),
                               json_string_value(json_object_get(lead, "need_id"))));
    }
    return copy_table_finish(table, error);
}

static bool supersede(struct db *db, json_t *weighed, json_t *kept, int64_t change,
                      int64_t *total, GError **error)
{
    char *needs = json_dumps(weighed, JSON_COMPACT), *stay = json_dumps(kept, JSON_COMPACT);
    g_autofree char *number = int_text(change);
    const char *const values[] = {needs, stay, number};
    bool done =
        count_rows(db, sql_match_supersede, 3, values, "set old proposals aside", total, error);
    free(needs);
    free(stay);
    return done;
}

static bool write_progress(struct db *db, json_t *progress, const char *now, GError **error)
{
    char *rows = json_dumps(progress, JSON_COMPACT);
    const char *const values[] = {rows, now};
    bool done =
        db_do(db, sql_match_progress, 2, values, "write how far needs were weighed", error);
    free(rows);
    return done;
}

bool match_write(struct db *db, json_t *leads, json_t *weighed, json_t *progress,
                 const char *now, struct match_counts *counts, GError **error)
{
    int64_t change;
    json_t *kept = json_array();
    bool done = intake_change(db, &change, error) &&
                stage_leads(db, leads, change, now, kept, error) &&
                count_rows(db, sql_match_write_lead, 0, NULL, "write leads", &counts->proposed,
                           error) &&
                supersede(db, weighed, kept, change, &counts->superseded, error) &&
                write_progress(db, progress, now, error);
    json_decref(kept);
    return done;
}
