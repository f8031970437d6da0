/* Loads, and the rows that they refused. */
#include "loader/refused_rows.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/mending.h"
#include "service/daemon/records.h"
#include "sql/page.h"
#include "sql/undo.h"
#include <glib/gstdio.h>
#include <unistd.h>

enum { LIMIT = 100, FILE_ROWS_MOST = 20000 };

static bool is_chinese(const struct call *call)
{
    return g_strcmp0(call_arg(call, "lang"), "zh") == 0;
}

static json_t *batch_item(const struct call *call, json_t *row)
{
    (void)call;
    json_t *id = json_integer(
        g_ascii_strtoll(json_string_value(json_object_get(row, "batch_id")), NULL, 10));
    json_object_set_new(row, "batch", id); /* as `load` and decisions have it */
    json_object_del(row, "batch_id");
    return json_incref(row);
}

bool batches_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"batch_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) || !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id, .after = after, .limit = limit + 1};
    json_t *rows = page_batches(call->db, &page, call_arg(call, "kind"), 0, error);
    if (rows)
        cursor_answer(call, rows, limit, columns, batch_item);
    return rows != NULL;
}

bool batches_id(const struct call *call, int64_t *out, GError **error)
{
    guint64 id;
    bool good = g_ascii_string_to_unsigned(call->places.value[0], 10, 1, G_MAXINT64, &id, NULL);
    if (good)
        *out = (int64_t)id;
    else
        g_set_error(error, API_ERROR, API_WRONG, "a batch is a number; `load` says it");
    return good;
}

json_t *batches_find(struct call *call, GError **error)
{
    int64_t id;
    if (!batches_id(call, &id, error) || !call_begin(call, error))
        return NULL;
    const struct page page = {.agency_id = call->agency_id, .limit = 1};
    json_auto_t *rows = page_batches(call->db, &page, NULL, id, error);
    json_t *row = json_incref(json_array_get(rows, 0));
    if (rows && !row)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such batch");
    return row;
}

bool batches_get(struct call *call, GError **error)
{
    json_auto_t *row = batches_find(call, error);
    if (row)
        call_json(call, 200, batch_item(call, row), NULL);
    return row != NULL;
}

/* ---- What it refused */

static json_t *refusal_item(const struct call *call, json_t *row)
{
    json_t *reason = json_object_get(row, is_chinese(call) ? "reason_zh" : "reason");
    json_object_set(row, "reason", reason);
    json_object_del(row, "reason_zh");
    if (json_is_null(json_object_get(row, "sheet")))
        json_object_del(row, "sheet");
    return json_incref(row);
}

bool batches_refusals(struct call *call, GError **error)
{
    static const char *const columns[] = {"place", NULL};
    int limit = call_limit(call, LIMIT);
    int64_t id;
    json_auto_t *after = NULL;
    json_auto_t *batch = cursor_read(call, &after, error) ? batches_find(call, error) : NULL;
    if (!batch || !batches_id(call, &id, error))
        return false;
    const struct page page = {.after = after, .limit = limit + 1};
    json_t *rows = page_refused(call->db, &page, id, error);
    if (rows)
        cursor_answer(call, rows, limit, columns, refusal_item);
    return rows != NULL;
}

/* A workbook is written to a file: its library knows nothing else. */
static bool answer_book(struct call *call, const struct kind *kind, const json_t *rows,
                        GError **error)
{
    g_autofree char *path = NULL, *content = NULL;
    gsize len = 0;
    int fd = g_file_open_tmp("patbridge-XXXXXX", &path, error);
    if (fd < 0)
        return false;
    close(fd);
    bool done = refused_rows_write(kind, rows, path, is_chinese(call), error) &&
                g_file_get_contents(path, &content, &len, error);
    g_unlink(path);
    if (!done)
        return false;
    struct answer *answer = call->answer;
    answer_clear(answer);
    answer->status = 200;
    answer->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    answer->body = g_string_new_len(content, (gssize)len);
    return true;
}

bool batches_refused_file(struct call *call, GError **error)
{
    int64_t id;
    json_auto_t *batch = batches_find(call, error);
    if (!batch || !batches_id(call, &id, error))
        return false;
    const struct page page = {.limit = FILE_ROWS_MOST + 1};
    json_auto_t *rows = page_refused(call->db, &page, id, error);
    if (!rows)
        return false;
    const struct kind *kind = kind_find(json_string_value(json_object_get(batch, "kind")));
    if (json_array_size(rows) == 0 || !kind)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "the batch refused no row");
    else if (json_array_size(rows) > FILE_ROWS_MOST)
        g_set_error(error, API_ERROR, API_CONFLICT,
                    "the batch refused more than %d rows: mend the source", FILE_ROWS_MOST);
    else
        return answer_book(call, kind, rows, error);
    return false;
}

/* ---- Taking it back */

bool batches_undo(struct call *call, GError **error)
{
    int64_t id;
    g_autofree char *by = leads_by(call);
    if (!records_agency(call, error) || !batches_id(call, &id, error))
        return false;
    json_t *report = undo_batch(call->db, id, call->agency_id, by, error);
    if (report)
        call_json(call, 200, report, NULL);
    return report != NULL;
}
