#include "sql/packer.h"
#include "sql/canonical.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct column {
    char *label; /* "name": with quotes, as it begins the member */
    const char *name;
    size_t label_len, name_len;
    guint said; /* which one it was */
    Oid type;
    char *set;
    bool always;
    /* of the row in work; both NULL: null */
    json_t *cell;
    const char *given;
};

struct packer {
    const struct packer_source *source;
    struct ledger_pack *pack;
    GArray
        *columns; /* struct column; in the order of the canonical text from packer_start() on */
    GPtrArray *rows; /* json_t *, borrowed */
    GArray *texts;   /* const char *, one after another, borrowed */
    const struct column *record, *key[G_N_ELEMENTS(((struct packer_source *)0)->key)];
    GString *form, *key_text; /* of the row in work */
    pthread_t thread;
    bool running;
};

static void column_clear(void *data)
{
    struct column *column = data;
    g_free(column->label);
    g_free(column->set);
}

struct packer *packer_new(const struct packer_source *source)
{
    struct packer *packer = g_new0(struct packer, 1);
    packer->source = source;
    packer->pack = ledger_pack_new(source->name);
    packer->columns = g_array_new(FALSE, TRUE, sizeof(struct column));
    g_array_set_clear_func(packer->columns, column_clear);
    packer->rows = g_ptr_array_new();
    packer->texts = g_array_new(FALSE, FALSE, sizeof(const char *));
    packer->form = g_string_new(NULL);
    packer->key_text = g_string_new(NULL);
    return packer;
}

static void wait_for(struct packer *packer)
{
    if (packer->running)
        pthread_join(packer->thread, NULL);
    packer->running = false;
}

void packer_free(struct packer *packer)
{
    if (!packer)
        return;
    wait_for(packer);
    ledger_pack_free(packer->pack);
    g_array_unref(packer->columns);
    g_ptr_array_unref(packer->rows);
    g_array_unref(packer->texts);
    g_string_free(packer->form, TRUE);
    g_string_free(packer->key_text, TRUE);
    g_free(packer);
}

void packer_column(struct packer *packer, const char *name, Oid type, const char *set,
                   bool always)
{
    struct column column = {.label = g_strdup_printf("\"%s\": ", name),
                            .name_len = strlen(name),
                            .said = packer->columns->len,
                            .type = type,
                            .set = g_strdup(set),
                            .always = always};
    column.name = column.label + 1;
    column.label_len = strlen(column.label);
    g_array_append_val(packer->columns, column);
}

void packer_row(struct packer *packer, json_t *row)
{
    g_ptr_array_add(packer->rows, row);
}

void packer_texts(struct packer *packer, const char *const texts[])
{
    g_array_append_vals(packer->texts, texts, packer->columns->len);
}

/* ---- The thread's */

static struct column *column_at(const struct packer *packer, guint i)
{
    return &g_array_index(packer->columns, struct column, i);
}

static int by_name(const void *one, const void *other)
{
    const struct column *a = one, *b = other;
    return canonical_order(a->name, a->name_len, b->name, b->name_len);
}

static struct column *find_column(const struct packer *packer, const char *name, size_t len)
{
    const struct column wanted = {.name = name, .name_len = len};
    return bsearch(&wanted, packer->columns->data, packer->columns->len, sizeof wanted,
                   by_name);
}

static const struct column *need_column(const struct packer *packer, const char *name)
{
    const struct column *column = find_column(packer, name, strlen(name));
    g_assert(column);
    return column;
}

static void order_columns(struct packer *packer)
{
    g_array_sort(packer->columns, by_name);
    packer->record = need_column(packer, packer->source->record);
    for (int i = 0; packer->source->key[i]; i++)
        packer->key[i] = need_column(packer, packer->source->key[i]);
}

static bool is_set(const struct column *column)
{
    return column->set && (column->always || !column->cell);
}

/* The column's value where it is given as text; NULL where it is JSON or null. */
static const char *text_of(const struct column *column)
{
    return column->given    ? column->given
           : is_set(column) ? column->set
                            : json_string_value(column->cell);
}

static bool append_member(GString *form, const struct column *column)
{
    bool is_text = column->given || is_set(column);
    if (!is_text && (!column->cell || json_is_null(column->cell)))
        return true;
    if (form->len > 1)
        g_string_append_len(form, ", ", 2);
    g_string_append_len(form, column->label, (gssize)column->label_len);
    if (!is_text)
        return canonical_cell(form, column->cell, column->type);
    const char *text = text_of(column);
    return canonical_of_text(form, text, strlen(text), column->type);
}

static void append_key(struct packer *packer)
{
    g_string_truncate(packer->key_text, 0);
    for (int i = 0; packer->key[i]; i++) {
        const char *part = text_of(packer->key[i]);
        if (i)
            g_string_append_c(packer->key_text, '/');
        if (part)
            g_string_append(packer->key_text, part);
    }
}

/* Packs the row whose values the columns hold, and lets go of them. */
static void pack_row(struct packer *packer)
{
    bool sure = true;
    g_string_assign(packer->form, "{");
    for (guint i = 0; i < packer->columns->len; i++)
        sure = append_member(packer->form, column_at(packer, i)) && sure;
    g_string_append_c(packer->form, '}');
    append_key(packer);
    const char *id = text_of(packer->record);
    if (sure)
        ledger_pack_add(packer->pack, packer->key_text->str, id, packer->form->str,
                        packer->form->len);
    else
        ledger_pack_unsure(packer->pack, id);
    for (guint i = 0; i < packer->columns->len; i++) {
        column_at(packer, i)->cell = NULL;
        column_at(packer, i)->given = NULL;
    }
}

static void take_cells(struct packer *packer, json_t *row)
{
    const char *name;
    size_t len;
    json_t *value;
    json_object_keylen_foreach(row, name, len, value)
    {
        struct column *column = find_column(packer, name, len);
        if (column)
            column->cell = value;
    }
}

static void *pack_all(void *user)
{
    struct packer *packer = user;
    guint width = packer->columns->len;
    order_columns(packer);
    for (guint i = 0; i < packer->rows->len; i++) {
        take_cells(packer, packer->rows->pdata[i]);
        pack_row(packer);
    }
    for (guint from = 0; from < packer->texts->len; from += width) {
        for (guint i = 0; i < width; i++)
            column_at(packer, i)->given =
                g_array_index(packer->texts, const char *, from + column_at(packer, i)->said);
        pack_row(packer);
    }
    ledger_pack_order(packer->pack);
    return NULL;
}

/* ---- */

void packer_start(struct packer *packer)
{
    packer->running = pthread_create(&packer->thread, NULL, pack_all, packer) == 0;
    if (!packer->running)
        pack_all(packer);
}

const char *packer_record(const struct packer *packer)
{
    return packer->source->record;
}

struct ledger_pack *packer_end(struct packer *packer)
{
    wait_for(packer);
    return g_steal_pointer(&packer->pack);
}
