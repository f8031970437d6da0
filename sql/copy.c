#include "sql/copy.h"
#include "sql/canonical.h"
#include "sql/oid.h"
#include <string.h>

enum {
    SEND_BYTES = 1 << 15
}; /* what waits here before it goes to the server, which works on it meanwhile: little, for until then it has nothing to do */

enum { SLOTS = 256 }; /* a power of 2, several times the columns of any table */

struct column {
    const char *name; /* borrowed */
    Oid type;
    char *set;    /* copy_table_set(), or NULL */
    char *text;   /* …escaped for COPY */
    bool always;  /* …whatever the row says */
    json_t *cell; /* of the row being added, borrowed */
};

struct copy_table {
    struct db *db;
    char *name;
    char *target;       /* with the list of columns, if any */
    bool begun, failed; /* COPY; beginning it */
    GError *failure;
    PGresult *header; /* no rows; owns the names of the columns, or NULL */
    struct column *columns;
    int count;
    uint8_t slots[SLOTS];  /* open addressing by name_slot(): index of a column + 1, or 0 */
    GString *text;         /* COPY's text format, not sent yet */
    struct packer *packer; /* copy_table_pack(), or NULL */
};

static struct copy_table *table_new(struct db *db, const char *name, char *target)
{
    struct copy_table *table = g_new0(struct copy_table, 1);
    table->db = db;
    table->name = g_strdup(name);
    table->target = target;
    table->text = g_string_sized_new(SEND_BYTES + SEND_BYTES / 2);
    return table;
}

/* Where the search for a name begins. Names of columns differ in these; what is found is compared. */
static size_t name_slot(const char *name, size_t len)
{
    size_t slot = len;
    if (len)
        slot += 7 * (size_t)(unsigned char)name[0] + 31 * (size_t)(unsigned char)name[len / 2] +
                97 * (size_t)(unsigned char)name[len - 1];
    return slot % SLOTS;
}

static struct column *find_column(const struct copy_table *table, const char *name, size_t len)
{
    for (size_t slot = name_slot(name, len); table->slots[slot]; slot = (slot + 1) % SLOTS) {
        struct column *column = &table->columns[table->slots[slot] - 1];
        if (strncmp(column->name, name, len) == 0 && column->name[len] == '\0')
            return column;
    }
    return NULL;
}

static void index_columns(struct copy_table *table, int count,
                          const struct copy_column columns[])
{
    table->count = count;
    table->columns = g_new0(struct column, (size_t)count);
    g_assert(count < SLOTS / 2);
    for (int i = 0; i < count; i++) {
        struct column *column = &table->columns[i];
        column->name = columns[i].name;
        column->type = columns[i].type;
        size_t slot = name_slot(column->name, strlen(column->name));
        while (table->slots[slot])
            slot = (slot + 1) % SLOTS;
        table->slots[slot] = (uint8_t)(i + 1);
    }
}

struct copy_table *copy_table_new(struct db *db, const char *name, GError **error)
{
    g_autofree char *probe = g_strdup_printf("SELECT * FROM %s LIMIT 0", name);
    PGresult *header = db_run(db, probe, 0, NULL, "read the columns of a table", error);
    if (!header)
        return NULL;
    struct copy_table *table = table_new(db, name, g_strdup(name));
    table->header = header;
    struct copy_column columns[SLOTS];
    int count = MIN(PQnfields(header), SLOTS);
    for (int i = 0; i < count; i++)
        columns[i] = (struct copy_column){PQfname(header, i), PQftype(header, i)};
    index_columns(table, count, columns);
    return table;
}

struct copy_table *copy_table_of_texts(struct db *db, const char *name,
                                       const struct copy_column columns[])
{
    int count = 0;
    g_autoptr(GString) target = g_string_new(name);
    for (; columns[count].name; count++)
        g_string_append_printf(target, "%s%s", count ? ", " : " (", columns[count].name);
    g_string_append_c(target, ')');
    struct copy_table *table = table_new(db, name, g_strdup(target->str));
    index_columns(table, count, columns);
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
    g_free(table->target);
    for (int i = 0; i < table->count; i++) {
        g_free(table->columns[i].set);
        g_free(table->columns[i].text);
    }
    g_free(table->columns);
    PQclear(table->header);
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

void copy_array_item(GString *out, const char *text)
{
    g_string_append_c(out, '"');
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

void copy_array_literal(GString *out, const json_t *list)
{
    size_t i;
    json_t *item;
    g_string_append_c(out, '{');
    json_array_foreach(list, i, item)
    {
        if (i)
            g_string_append_c(out, ',');
        copy_array_item(out, json_string_value(item));
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

static void append_dumped(GString *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    append_escaped(out, text, strlen(text));
    free(text);
}

/* A text of JSON. One with anything to escape, by JSON's rules and then by COPY's, is left to jansson. */
static void append_json_text(GString *out, const char *text, size_t len)
{
    if (canonical_plain(text, len) < len) {
        json_t *string = json_stringn(text, len);
        append_dumped(out, string);
        json_decref(string);
        return;
    }
    g_string_append_c(out, '"');
    g_string_append_len(out, text, (gssize)len);
    g_string_append_c(out, '"');
}

static void append_json(GString *out, json_t *value);

static void append_json_object(GString *out, json_t *object)
{
    const char *key;
    size_t len;
    json_t *item;
    char before = '{';
    json_object_keylen_foreach(object, key, len, item)
    {
        g_string_append_c(out, before);
        append_json_text(out, key, len);
        g_string_append_c(out, ':');
        append_json(out, item);
        before = ',';
    }
    g_string_append(out, before == '{' ? "{}" : "}");
}

static void append_json_array(GString *out, json_t *list)
{
    size_t i;
    json_t *item;
    g_string_append_c(out, '[');
    json_array_foreach(list, i, item)
    {
        if (i)
            g_string_append_c(out, ',');
        append_json(out, item);
    }
    g_string_append_c(out, ']');
}

static void append_json(GString *out, json_t *value)
{
    if (json_is_object(value))
        append_json_object(out, value);
    else if (json_is_array(value))
        append_json_array(out, value);
    else if (json_is_string(value))
        append_json_text(out, json_string_value(value), json_string_length(value));
    else
        append_dumped(out, value);
}

static void append_value(GString *out, json_t *value, Oid type)
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
    g_autofree char *copy = g_strdup_printf("COPY %s FROM STDIN", table->target);
    g_autofree char *what = g_strdup_printf("copy rows into %s", table->name);
    if (!table->begun && !table->failed) {
        table->begun = db_copy_begin(table->db, copy, what, &table->failure);
        table->failed = !table->begun;
    }
    if (table->begun)
        db_copy_data(table->db, table->text->str, table->text->len);
    g_string_truncate(table->text, 0);
}

void copy_table_set(struct copy_table *table, const char *name, const char *text, bool always)
{
    struct column *column = find_column(table, name, strlen(name));
    if (!column)
        return;
    GString *escaped = g_string_new(NULL);
    append_escaped(escaped, text, strlen(text));
    g_free(column->set);
    g_free(column->text);
    column->set = g_strdup(text);
    column->text = g_string_free(escaped, FALSE);
    column->always = always;
}

static void end_row(struct copy_table *table)
{
    g_string_append_c(table->text, '\n');
    if (table->text->len >= SEND_BYTES)
        send_text(table);
}

void copy_table_pack(struct copy_table *table, struct packer *packer)
{
    table->packer = packer;
    for (int i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        packer_column(packer, column->name, column->type, column->set, column->always);
    }
}

static bool is_set(const struct column *column)
{
    return column->set && (column->always || !column->cell);
}

/* Finds the column of each member. */
static void take_cells(struct copy_table *table, json_t *row)
{
    const char *name;
    size_t len;
    json_t *value;
    json_object_keylen_foreach(row, name, len, value)
    {
        struct column *column = find_column(table, name, len);
        if (column)
            column->cell = value;
    }
}

void copy_table_add(struct copy_table *table, json_t *row)
{
    take_cells(table, row);
    for (int i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        if (i)
            g_string_append_c(table->text, '\t');
        if (is_set(column))
            g_string_append(table->text, column->text);
        else
            append_value(table->text, column->cell, column->type);
        column->cell = NULL;
    }
    if (table->packer)
        packer_row(table->packer, row);
    end_row(table);
}

void copy_table_add_texts(struct copy_table *table, const char *const texts[])
{
    for (int i = 0; i < table->count; i++) {
        if (i)
            g_string_append_c(table->text, '\t');
        if (texts[i])
            append_escaped(table->text, texts[i], strlen(texts[i]));
        else
            g_string_append(table->text, "\\N");
    }
    if (table->packer)
        packer_texts(table->packer, texts);
    end_row(table);
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
