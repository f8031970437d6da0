#include "loader/scheme.h"
#include "loader/names.h"
#include "loader/problem.h"
#include "loader/reader.h"
#include "matcher/class.h"
#include "sql/scheme.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { STORED_AT_ONCE = 5000, REFUSALS_SHOWN = 100 };

/* ---- the file */

struct scheme_file {
    FILE *file;
    const char *path;
    int symbol, level, title, parent, dots; /* places of its columns; -1: it has none */
    GHashTable *seen;
    json_t *waiting, *refusals;
    int64_t line, read, fresh, changed, refused, skipped;
    bool chinese;
};

static int column_of(char **names, const char *const *wanted)
{
    for (; *wanted; wanted++)
        for (int i = 0; names[i]; i++)
            if (g_ascii_strcasecmp(names[i], *wanted) == 0)
                return i;
    return -1;
}

static bool find_columns(struct scheme_file *in, char **names, GError **error)
{
    static const char *const symbol[] = {"symbol", "分类号", NULL},
                             *const level[] = {"level", NULL},
                             *const title[] = {"title_zh", "title", "名称", NULL},
                             *const parent[] = {"main_group_or_parent", "parent", NULL},
                             *const dots[] = {"parent_by_cpc_dots", NULL};
    in->symbol = column_of(names, symbol);
    in->level = column_of(names, level);
    in->title = column_of(names, title);
    in->parent = column_of(names, parent);
    in->dots = column_of(names, dots);
    if (in->symbol >= 0 && in->title >= 0)
        return true;
    g_set_error(
        error, LOADER_ERROR, LOADER_ERROR_FORMAT,
        "could not read file '%s': a classification has the columns symbol and title_zh, "
        "parted by tabs",
        in->path);
    return false;
}

static const char *cell(char **cells, int place)
{
    return place >= 0 && place < (int)g_strv_length(cells) ? cells[place] : "";
}

/* Normal form, or NULL. Caller frees. */
static char *normal(const char *text)
{
    struct class_code code;
    char written[CLASS_TEXT];
    return *text && class_parse(text, &code, NULL) ? g_strdup(class_write(&code, written))
                                                   : NULL;
}

static const char *level_name(const char *symbol)
{
    size_t len = strlen(symbol);
    return len == 1 ? "section" : len == 3 ? "class" : len == 4 ? "subclass" : "group";
}

static void refuse(struct scheme_file *in, const char *text, const char *en, const char *zh)
{
    in->refused++;
    if (json_array_size(in->refusals) < REFUSALS_SHOWN)
        json_array_append_new(
            in->refusals, json_pack("{s:s, s:I, s:s, s:s, s:s, s:s}", "file", in->path, "line",
                                    (json_int_t)in->line, "column", "symbol", "value", text,
                                    "code", "bad_value", "reason", in->chinese ? zh : en));
}

static void take_line(struct scheme_file *in, const char *text)
{
    g_auto(GStrv) cells = g_strsplit(text, "\t", -1);
    g_autofree char *symbol = normal(cell(cells, in->symbol));
    g_autofree char *dots = normal(cell(cells, in->dots));
    g_autofree char *above = normal(cell(cells, in->parent));
    const char *title = cell(cells, in->title);
    in->read++;
    if (!symbol) {
        refuse(in, cell(cells, in->symbol), "it is no symbol of the classification",
               "不是分类号");
        return;
    }
    if (!g_hash_table_add(in->seen, g_strdup(symbol))) {
        refuse(in, symbol, "the symbol stands twice in this file", "文件中有重复的分类号");
        return;
    }
    const char *parent = dots ? dots : above;
    json_array_append_new(
        in->waiting,
        json_pack("{s:s, s:s, s:s?, s:s}", "symbol", symbol, "level",
                  *cell(cells, in->level) ? cell(cells, in->level) : level_name(symbol),
                  "parent", parent && strcmp(parent, symbol) != 0 ? parent : NULL, "title",
                  title));
}

static bool store(struct scheme_file *in, struct db *db, const char *now, size_t least,
                  GError **error)
{
    if (json_array_size(in->waiting) <= least)
        return true;
    bool done = scheme_store(db, in->waiting, now, &in->fresh, &in->changed, error);
    json_array_clear(in->waiting);
    return done;
}

static bool read_file(struct scheme_file *in, struct db *db, const char *now, GError **error)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t len;
    bool done = true, headed = false;
    while (done && (len = getline(&text, &room, in->file)) > 0) {
        in->line++;
        while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
            text[--len] = '\0';
        if (!g_utf8_validate(text, len, NULL)) {
            refuse(in, "?", "the line is not UTF-8", "这一行不是 UTF-8");
            in->read++;
        } else if (!headed) {
            g_auto(GStrv) names = g_strsplit(text, "\t", -1);
            done = find_columns(in, names, error);
            headed = true;
        } else if (*text == '\0') {
            in->skipped++;
        } else {
            take_line(in, text);
            done = store(in, db, now, STORED_AT_ONCE, error);
        }
    }
    free(text);
    return done && store(in, db, now, 0, error);
}

static json_t *report_of(const struct scheme_file *in)
{
    int64_t same = in->read - in->fresh - in->changed - in->refused;
    return json_pack("{s:n, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:[], s:O, s:[], s:n, s:b}",
                     "batch", "kind", "ipc", "read", (json_int_t)in->read, "new",
                     (json_int_t)in->fresh, "changed", (json_int_t)in->changed, "same",
                     (json_int_t)same, "refused", (json_int_t)in->refused, "skipped",
                     (json_int_t)in->skipped, "unrecognised", "refusals", in->refusals,
                     "warnings", "refused_file", "dry_run", 0);
}

/* All of it in one transaction: half a classification would lead symbols astray. */
bool scheme_load(struct db *db, const char *path, bool chinese, json_t **report, GError **error)
{
    struct scheme_file in = {.file = fopen(path, "re"), .path = path, .chinese = chinese};
    if (!in.file) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s",
                    path, g_strerror(errno));
        return false;
    }
    in.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    in.waiting = json_array();
    in.refusals = json_array();
    g_autofree char *now = NULL;
    bool done = db_begin(db, DB_ACROSS, 0, error) && (now = db_clock(db, error)) &&
                read_file(&in, db, now, error) && db_commit(db, error);
    if (!done)
        db_rollback(db);
    else
        *report = report_of(&in);
    fclose(in.file);
    g_hash_table_unref(in.seen);
    json_decref(in.waiting);
    json_decref(in.refusals);
    return done;
}

/* ---- symbols of records */

struct scheme {
    bool asked, there;
    GHashTable *living; /* symbol -> GINT 1: it lives, 2: it does not */
};

struct scheme *scheme_new(void)
{
    struct scheme *scheme = g_new0(struct scheme, 1);
    scheme->living = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return scheme;
}

void scheme_free(struct scheme *scheme)
{
    if (!scheme)
        return;
    g_hash_table_unref(scheme->living);
    g_free(scheme);
}

/* The symbol and its ancestors down to the subclass, nearest first: at most three. */
static int ways_up(const char *symbol, char out[3][CLASS_TEXT])
{
    struct class_code code;
    int count = 0;
    if (!class_parse(symbol, &code, NULL))
        return 0;
    for (int level = class_depth(&code); level >= 3 && count < 3; level--) {
        struct class_code cut = class_cut(&code, level);
        class_write(&cut, out[count]);
        count += count == 0 || strcmp(out[count], out[count - 1]) != 0;
    }
    return count;
}

static const json_t *symbols_of(const struct record *record)
{
    return json_object_get(record->fields, "ipc");
}

/* A main group stands in the scheme as G06F17/00. */
static char *as_listed(const char *symbol)
{
    return strlen(symbol) > 4 && !strchr(symbol, '/') ? g_strconcat(symbol, "/00", NULL)
                                                      : g_strdup(symbol);
}

static void ask_for(const struct scheme *scheme, const char *symbol, GHashTable *wanted)
{
    char up[3][CLASS_TEXT];
    int count = ways_up(symbol, up);
    for (int i = 0; i < count; i++) {
        char *listed = as_listed(up[i]);
        if (g_hash_table_contains(scheme->living, listed))
            g_free(listed);
        else
            g_hash_table_add(wanted, listed);
    }
}

static bool look_up(struct scheme *scheme, struct db *db, const GPtrArray *records,
                    GError **error)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t k;
    json_t *symbol;
    for (guint i = 0; i < records->len; i++)
        json_array_foreach(symbols_of(records->pdata[i]), k, symbol)
            ask_for(scheme, json_string_value(symbol), wanted);
    if (g_hash_table_size(wanted) == 0)
        return true;
    json_t *list = json_array();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, wanted);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        json_array_append_new(list, json_string(key));
        g_hash_table_insert(scheme->living, g_strdup(key), GINT_TO_POINTER(2));
    }
    json_t *living = scheme_living(db, list, error);
    json_array_foreach(living, k, symbol) g_hash_table_insert(
        scheme->living, g_strdup(json_string_value(symbol)), GINT_TO_POINTER(1));
    json_decref(list);
    json_decref(living);
    return living != NULL;
}

static bool lives(const struct scheme *scheme, const char *symbol)
{
    g_autofree char *listed = as_listed(symbol);
    return GPOINTER_TO_INT(g_hash_table_lookup(scheme->living, listed)) == 1;
}

/* The nearest place above that lives; NULL: the symbol itself does, or nothing is known of its subclass. */
static const char *ancestor(const struct scheme *scheme, const char *symbol,
                            char up[3][CLASS_TEXT])
{
    int count = ways_up(symbol, up);
    if (count == 0 || lives(scheme, up[0]))
        return NULL;
    for (int i = 1; i < count; i++)
        if (lives(scheme, up[i]))
            return up[i];
    return NULL;
}

static void say_in(const struct scheme *scheme, struct record *record)
{
    json_t *now = NULL, *symbol;
    size_t k;
    char up[3][CLASS_TEXT];
    json_array_foreach(symbols_of(record), k, symbol)
    {
        const char *found = ancestor(scheme, json_string_value(symbol), up);
        if (!found)
            continue;
        if (!now)
            now = json_object();
        json_object_set_new(now, json_string_value(symbol), json_string(found));
    }
    if (!now)
        return;
    json_t *extra = json_object_get(record->fields, "extra");
    if (!extra)
        json_object_set_new(record->fields, "extra", extra = json_object());
    json_object_set_new(extra, "ipc_now", now);
}

bool scheme_say(struct scheme *scheme, struct db *db, const GPtrArray *records, GError **error)
{
    if (!scheme->asked && !scheme_is_there(db, &scheme->there, error))
        return false;
    scheme->asked = true;
    if (!scheme->there)
        return true;
    if (!look_up(scheme, db, records, error))
        return false;
    for (guint i = 0; i < records->len; i++)
        say_in(scheme, records->pdata[i]);
    return true;
}
