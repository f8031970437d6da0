#include "sql/ledger.h"
#include "sql/internal.h"
#include "sql/ledger_pack.h"
#include <string.h>

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(object, name, json_string(text));
}

void ledger_say(struct db *db, const struct ledger_about *about)
{
    if (db->about)
        return;
    db->about = json_pack("{s:s}", "kind", about->kind);
    set_text(db->about, "who", about->who ? about->who : db->who);
    set_text(db->about, "os_user", db->os_user);
    set_text(db->about, "subject", about->subject);
    set_text(db->about, "reason", about->reason);
    if (about->agency_id)
        json_object_set_new(db->about, "agency", json_integer(about->agency_id));
    if (about->always)
        json_object_set_new(db->about, "always", json_true());
}

static void add(struct db *db, json_t *touch)
{
    if (db->paused) {
        json_decref(touch);
        return;
    }
    if (!db->touched)
        db->touched = json_array();
    json_array_append_new(db->touched, touch);
}

void ledger_touch(struct db *db, const char *source, const char *by, json_t *ids,
                  const char *at)
{
    if (json_array_size(ids) == 0) {
        json_decref(ids);
        return;
    }
    json_t *touch = json_pack("{s:s, s:s, s:o}", "source", source, "by", by, "ids", ids);
    set_text(touch, "at", at);
    add(db, touch);
}

void ledger_touch_one(struct db *db, const char *source, const char *by, const char *id,
                      const char *at)
{
    ledger_touch(db, source, by, json_pack("[s]", id), at);
}

bool ledger_moments(struct db *db, const char *source, const char *by, const char *ids,
                    json_t **moments, GError **error)
{
    const char *const values[] = {source, by, ids};
    json_auto_t *rows =
        db_rows(db, sql_ledger_moments, 3, values, "read since when rows are there", error);
    *moments = json_incref(json_object_get(json_array_get(rows, 0), "moments"));
    return *moments != NULL;
}

void ledger_touch_moved(struct db *db, const char *source, const char *by, json_t *ids,
                        json_t *moments)
{
    json_t *touch =
        json_pack("{s:s, s:s, s:o, s:b}", "source", source, "by", by, "ids", ids, "moved", 1);
    if (moments)
        json_object_set_new(touch, "moments", moments);
    add(db, touch);
}

void ledger_pause(struct db *db)
{
    db->paused = true;
}

void ledger_forget(struct db *db)
{
    db->paused = false;
    g_clear_pointer(&db->about, json_decref);
    g_clear_pointer(&db->touched, json_decref);
    g_clear_pointer(&db->noted, json_decref);
    g_clear_pointer(&db->packs, g_ptr_array_unref);
}

static bool append(struct db *db, GError **error)
{
    json_auto_t *packed = json_null();
    if (db->packs && !(packed = ledger_write_packs(db, db->packs, error)))
        return false;
    char *about =
        db->about ? json_dumps(db->about, JSON_COMPACT) : strdup("{\"kind\": \"change\"}");
    char *touched = db->touched ? json_dumps(db->touched, JSON_COMPACT) : strdup("[]");
    char *sum = json_dumps(packed, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *const values[] = {about, touched, sum};
    bool done = db_do(db, sql_ledger_append, 3, values, "write the ledger", error);
    free(about);
    free(touched);
    free(sum);
    return done;
}

bool ledger_flush(struct db *db, GError **error)
{
    static const char *const across[] = {"patbridge_across", ""};
    bool enters = db->touched || db->packs || json_object_get(db->about, "always");
    bool done = (!enters && !db->noted) ||
                (db_do(db, sql_session_role, 2, across, "take the database role", error) &&
                 kept_flush(db, error) && (!enters || append(db, error)));
    ledger_forget(db);
    return done;
}

json_t *ledger_entries(struct db *db, int64_t after, int limit, GError **error)
{
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, after);
    g_autofree char *most = g_strdup_printf("%d", limit);
    const char *const values[] = {from, most};
    return db_rows(db, sql_ledger_entries, 2, values, "read the ledger", error);
}

json_t *ledger_head(struct db *db, GError **error)
{
    json_auto_t *rows =
        db_rows(db, sql_ledger_head, 0, NULL, "read the head of the ledger", error);
    if (!rows)
        return NULL;
    if (json_array_size(rows) == 1)
        return json_incref(json_array_get(rows, 0));
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "the ledger is empty");
    return NULL;
}

/* ---- Looking for the first altered row */

static int64_t number_of(const json_t *row)
{
    const char *text = json_string_value(json_object_get(row, "number"));
    return text ? g_ascii_strtoll(text, NULL, 10) : G_MAXINT64;
}

/* Keeps the earlier of two findings; takes `found`, an array of none or one. */
static bool keep_first(json_t **first, json_t *found)
{
    json_t *row = json_array_get(found, 0);
    if (row && (json_is_null(*first) || number_of(row) < number_of(*first))) {
        json_decref(*first);
        *first = json_incref(row);
    }
    json_decref(found);
    return found != NULL;
}

static json_t *look_at(struct db *db, const json_t *source, GError **error)
{
    const char *name = json_string_value(json_object_get(source, "source"));
    if (!json_is_true(json_object_get(source, "there")))
        return json_pack("[{s:s, s:s, s:s, s:s}]", "number", "1", "source", name, "key", "",
                         "what", "no_source");
    const char *const values[] = {name, "1"};
    return db_rows(db, sql_ledger_altered, 2, values, "compare rows with the ledger", error);
}

static json_t *no_entry(struct db *db, GError **error)
{
    json_t *rows =
        db_rows(db, sql_ledger_strays, 0, NULL, "look for rows without an entry", error);
    if (rows && json_array_size(rows))
        json_object_set_new(json_array_get(rows, 0), "what", json_string("no_entry"));
    return rows;
}

static json_t *breaks(struct db *db, GError **error)
{
    static const char *const one[] = {"1"};
    return db_rows(db, sql_ledger_breaks, 1, one, "compare the entries' rows", error);
}

json_t *ledger_first_altered(struct db *db, GError **error)
{
    json_auto_t *sources =
        db_rows(db, sql_ledger_sources, 0, NULL, "list what the ledger keeps", error);
    json_t *first = json_null();
    bool done = sources && keep_first(&first, no_entry(db, error)) &&
                keep_first(&first, breaks(db, error));
    for (size_t i = 0; done && i < json_array_size(sources); i++)
        done = keep_first(&first, look_at(db, json_array_get(sources, i), error));
    if (done)
        return first;
    json_decref(first);
    return NULL;
}
