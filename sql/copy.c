#include "sql/copy.h"
#include <string.h>

enum { OID_TEXT_ARRAY = 1009, OID_JSONB = 3802, OID_BYTEA = 17 };

enum {
    SEND_BYTES = 1 << 18
}; /* what waits here before it goes to the server, which works on it meanwhile */

struct copy_table {
    struct db *db;
    char *name;
    bool begun, failed; /* COPY; beginning it */
    GError *failure;
    PGresult *columns; /* no rows; names and types */
    GString *text;     /* COPY's text format, not sent yet */
};

struct copy_table *copy_table_new(struct db *db, const char *name, GError **error)
{
    g_autofree char *probe = g_strdup_printf("SELECT * FROM %s LIMIT 0", name);
    PGresult *columns = db_run(db, probe, 0, NULL, "read the columns of a table", error);
    if (!columns)
        return NULL;
    struct copy_table *table = g_new0(struct copy_table, 1);
    table->db = db;
    table->name = g_strdup(name);
    table->columns = columns;
    table->text = g_string_sized_new(1 << 16);
    return table;
}

void copy_table_free(struct copy_table *table)
{
    if (!table)
        return;
    if (table->begun)
        db_copy_end(table->db, "given up", "end a copy", NULL);
    g_clear_error(&table->failure);
    g_free(table->name);
    PQclear(table->columns);
    g_string_free(table->text, TRUE);
    g_free(table);
}

bool copy_table_empty(struct copy_table *table, GError **error)
{
    g_autofree char *statement = g_strdup_printf("TRUNCATE %s", table->name);
    return db_do(table->db, statement, 0, NULL, "empty a staging table", error);
}

/* COPY's escapes: backslash, and what would end a field or a line. Runs without any are appended at once. */
static void append_escaped(GString *out, const char *text, size_t len)
{
    for (size_t start = 0; start < len;) {
        size_t plain = strcspn(text + start, "\\\t\n\r");
        g_string_append_len(out, text + start, (gssize)plain);
        start += plain;
        char c = text[start++];
        if (c == '\0') /* the end */
            return;
        g_string_append_c(out, '\\');
        g_string_append_c(out, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\');
    }
}

void copy_array_literal(GString *out, const json_t *list)
{
    size_t i;
    json_t *item;
    g_string_append_c(out, '{');
    json_array_foreach(list, i, item)
    {
        g_string_append(out, i ? ",\"" : "\"");
        const char *text = json_string_value(item);
        for (size_t plain; text && *text; text += plain) {
            plain = strcspn(text, "\"\\");
            g_string_append_len(out, text, (gssize)plain);
            if (text[plain]) { /* a quote or backslash */
                g_string_append_c(out, '\\');
                g_string_append_c(out, text[plain++]);
            }
        }
        g_string_append_c(out, '"');
    }
    g_string_append_c(out, '}');
}

/* The literal's own backslashes and quotes are escaped before COPY's. */
static void append_text_array(GString *out, const json_t *list)
{
    g_autoptr(GString) literal = g_string_new(NULL);
    copy_array_literal(literal, list);
    append_escaped(out, literal->str, literal->len);
}

static void append_json(GString *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    append_escaped(out, text, strlen(text));
    free(text);
}

static void append_value(GString *out, const json_t *value, Oid type)
{
    if (!value || json_is_null(value))
        g_string_append(out, "\\N");
    else if (type == OID_TEXT_ARRAY)
        append_text_array(out, value);
    else if (type != OID_JSONB && json_is_string(value))
        append_escaped(out, json_string_value(value), json_string_length(value));
    else if (json_is_boolean(value))
        g_string_append_c(out, json_is_true(value) ? 't' : 'f');
    else if (json_is_integer(value))
        g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        append_json(out, value);
}

/* What goes wrong is said by copy_table_finish(). */
static void send_text(struct copy_table *table)
{
    g_autofree char *copy = g_strdup_printf("COPY %s FROM STDIN", table->name);
    g_autofree char *what = g_strdup_printf("copy rows into %s", table->name);
    if (!table->begun && !table->failed) {
        table->begun = db_copy_begin(table->db, copy, what, &table->failure);
        table->failed = !table->begun;
    }
    if (table->begun)
        db_copy_data(table->db, table->text->str, table->text->len);
    g_string_truncate(table->text, 0);
}

void copy_table_add(struct copy_table *table, const json_t *row)
{
    for (int i = 0; i < PQnfields(table->columns); i++) {
        if (i)
            g_string_append_c(table->text, '\t');
        append_value(table->text, json_object_get(row, PQfname(table->columns, i)),
                     PQftype(table->columns, i));
    }
    g_string_append_c(table->text, '\n');
    if (table->text->len >= SEND_BYTES)
        send_text(table);
}

bool copy_table_finish(struct copy_table *table, GError **error)
{
    g_autofree char *what = g_strdup_printf("copy rows into %s", table->name);
    send_text(table);
    if (table->failed) {
        g_propagate_error(error, g_steal_pointer(&table->failure));
        return false;
    }
    table->begun = false;
    return db_copy_end(table->db, NULL, what, error);
}
