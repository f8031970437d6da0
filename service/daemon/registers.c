/* registers.c - a list of records as a workbook, and what a record is linked to. */
#include "loader/columns.h"
#include "loader/kind.h"
#include "service/daemon/daemon.h"
#include "service/daemon/records.h"
#include "service/daemon/search.h"
#include "service/track/workbook.h"
#include "sql/page.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 1000, ROWS_MOST = 100000, LINKED = 50 };

/* ---- A workbook */

/* An amount in yuan, a list with ； between, an object as JSON. A new reference. */
static json_t *cell_of(const char *name, json_t *value)
{
    if (json_is_integer(value) && g_str_has_suffix(name, "_fen"))
        return json_real((double)json_integer_value(value) / 100);
    if (json_is_boolean(value))
        return json_string(json_is_true(value) ? "是" : "否");
    if (!json_is_array(value))
        return json_incref(value);
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *one = json_array_get(value, i);
        char *dumped = json_is_string(one) ? NULL : json_dumps(one, JSON_ENCODE_ANY);
        g_string_append_printf(text, "%s%s", i ? "；" : "",
                               dumped ? dumped : json_string_value(one));
        free(dumped);
    }
    return json_string(text->str);
}

static void add_rows(struct call *call, char *const *names, json_t *page, json_t *rows)
{
    for (size_t i = 0; i < json_array_size(page); i++) {
        json_auto_t *item = records_item(call, json_array_get(page, i));
        json_t *row = json_object();
        for (char *const *name = names; *name; name++) {
            json_t *value = json_object_get(item, *name);
            if (value)
                json_object_set_new(row, *name, cell_of(*name, value));
        }
        json_array_append_new(rows, row);
    }
}

/* Every row that the filters let through, in pages; API_CONFLICT where there are too many. */
static bool read_all(struct call *call, json_t *filters, const struct found *found,
                     char *const *names, json_t *rows, GError **error)
{
    json_auto_t *last = NULL;
    for (size_t count = PAGE; count == PAGE;) {
        const struct page page = {.agency_id = call->agency_id, .after = last, .limit = PAGE};
        json_auto_t *some =
            page_records(call->db, call->places.kind->name, &page, filters, error);
        if (!some)
            return false;
        count = json_array_size(some);
        if (json_array_size(rows) + count > ROWS_MOST) {
            g_set_error(error, API_ERROR, API_CONFLICT,
                        "there are more than %d rows: narrow the list down", ROWS_MOST);
            return false;
        }
        json_auto_t *ordered =
            found->by_engine ? search_order(found, some, PAGE) : json_incref(some);
        add_rows(call, names, ordered, rows);
        json_decref(last);
        last = count ? json_incref(json_array_get(some, count - 1)) : NULL;
    }
    return true;
}

static struct workbook_column *columns_of(const struct kind *kind, char *const *names)
{
    guint count = g_strv_length((char **)(uintptr_t)names);
    struct workbook_column *columns = g_new0(struct workbook_column, count + 1);
    for (guint i = 0; i < count; i++) {
        const struct field *field = kind_field(kind, names[i]);
        columns[i] = (struct workbook_column){columns_chinese(kind, names[i]), names[i],
                                              field && field->type == FIELD_TEXT ? 50 : 24};
    }
    return columns;
}

/* A workbook is written to a file: its library knows nothing else. */
static bool answer_book(struct call *call, const struct kind *kind, char *const *names,
                        const json_t *rows, GError **error)
{
    g_autofree char *path = NULL, *content = NULL;
    g_autofree struct workbook_column *columns = columns_of(kind, names);
    gsize len = 0;
    int fd = g_file_open_tmp("patbridge-XXXXXX", &path, error);
    if (fd < 0)
        return false;
    close(fd);
    bool done = workbook_list(path, kind->zh, columns, rows, error) &&
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

bool registers_export(struct call *call, GError **error)
{
    const struct kind *kind = kind_find(call->places.kind->name);
    const char *wanted = call_arg(call, "columns");
    json_auto_t *filters = records_filters(call, error);
    struct found found = {0};
    if (filters && !wanted)
        g_set_error(error, API_ERROR, API_WRONG, "columns: say which, with commas between");
    if (!filters || !wanted || !search_narrow(call, PAGE - 1, filters, &found, error))
        return false;
    g_auto(GStrv) names = g_strsplit(wanted, ",", 100);
    json_auto_t *rows = json_array();
    bool done = call_begin(call, error) && read_all(call, filters, &found, names, rows, error);
    found_clear(&found);
    return done && answer_book(call, kind, names, rows, error);
}

/* ---- Links */

static char *id_of(const struct call *call, const json_t *found)
{
    g_autofree char *name = g_strconcat(call->places.kind->name, "_id", NULL);
    const json_t *id = json_object_get(json_object_get(found, "record"), name);
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(id));
}

bool registers_linked(struct call *call, GError **error)
{
    const char *spelling = call_arg(call, "key");
    if (!spelling)
        g_set_error(error, API_ERROR, API_WRONG, "key: say of which record");
    g_autofree char *key = spelling ? records_key(call, spelling, error) : NULL;
    if (!key || (call->places.kind->fact && !records_agency(call, error)) ||
        !call_begin(call, error))
        return false;
    json_auto_t *found = records_find(call, key, error);
    if (!found)
        return false;
    g_autofree char *id = id_of(call, found);
    const struct page page = {.agency_id = call->agency_id, .limit = call_limit(call, LINKED)};
    json_t *linked = page_linked(call->db, call->places.kind->name, id, key, &page, error);
    if (linked)
        call_json(call, 200, linked, NULL);
    return linked != NULL;
}
