/* Feeds, set from the desk: what it asks is what the command `feed` does (feeds.h). */
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/daemon/settings.h"
#include "service/feed/feeds.h"
#include "sql/feed.h"
#include <string.h>

/* What a page may set; the rest of the options is the command's. */
static const char *const texts[] = {"paging", "items", "next", "parameter", "encoding", NULL};

/* ---- What is shown */

static json_t *options_shown(const json_t *options)
{
    json_t *shown = json_object();
    for (const char *const *name = texts; *name; name++)
        if (json_object_get(options, *name))
            json_object_set(shown, *name, json_object_get(options, *name));
    return shown;
}

static void show_feed(json_t *row)
{
    static const char *const hidden[] = {"agency_id", "etag", "last_modified", "page", NULL};
    bool folder = feeds_is_folder(json_string_value(json_object_get(row, "address")));
    for (const char *const *name = hidden; *name; name++)
        json_object_del(row, *name);
    feeds_mask(row);
    json_object_set_new(row, "folder", json_boolean(folder));
    json_object_set_new(row, "options", options_shown(json_object_get(row, "options")));
}

bool feeds_list(struct call *call, GError **error)
{
    json_t *rows =
        call_begin(call, error) ? feed_list(call->db, call->agency_id, 0, error) : NULL;
    for (size_t i = 0; i < json_array_size(rows); i++)
        show_feed(json_array_get(rows, i));
    if (rows)
        call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return rows != NULL;
}

/* ---- What is asked */

static bool wrong(GError **error, enum api_error code, const char *text)
{
    g_set_error_literal(error, API_ERROR, (int)code, text);
    return false;
}

/* Members of the body's options take the place of those so far; null takes one away. */
static bool read_options(const struct call *call, json_t *options, GError **error)
{
    const json_t *said = json_object_get(call->body, "options");
    for (const char *const *name = texts; *name; name++) {
        json_t *value = json_object_get(said, *name);
        if (json_is_null(value))
            json_object_del(options, *name);
        else if (value && !json_is_string(value))
            return wrong(error, API_WRONG, "options: each is a text, or null");
        else if (value)
            json_object_set(options, *name, value);
    }
    return !said || json_is_object(said) ||
           wrong(error, API_WRONG, "options: an object of texts");
}

static bool read_rhythm(const struct call *call, int *every_s, GError **error)
{
    const json_t *said = json_object_get(call->body, "every_s");
    if (!said)
        return true;
    json_int_t seconds = json_integer_value(said);
    *every_s = (int)CLAMP(seconds, 1, G_MAXINT);
    return (json_is_integer(said) && seconds == *every_s) ||
           wrong(error, API_WRONG, "every_s: so many seconds");
}

static bool begin(struct call *call, GError **error)
{
    return records_agency(call, error) &&
           db_begin(call->db, DB_SERVICE, call->agency_id, error);
}

/* Sets what is wished, and says what stands then. */
static bool set(struct call *call, struct feeds_wish *wish, int status, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *allowed = app_setting(daemon->app, "allow_private"), *problem = NULL;
    int64_t id;
    wish->allow_private = allowed;
    wish->agency_id = call->agency_id;
    bool done = feeds_set(call->db, wish, &id, &problem, error);
    json_auto_t *rows = done ? feed_list(call->db, call->agency_id, id, error) : NULL;
    if (problem)
        wrong(error, API_WRONG, problem);
    if (!rows || !db_commit(call->db, error))
        return false;
    json_t *row = json_array_get(rows, 0);
    show_feed(row);
    call_json(call, status, json_incref(row), NULL);
    return true;
}

bool feeds_add(struct call *call, GError **error)
{
    json_auto_t *options = json_object();
    struct feeds_wish wish = {.options = options};
    if (!leads_text(call, "address", true, &wish.address, error) ||
        !leads_text(call, "kind", true, &wish.kind, error) ||
        !read_rhythm(call, &wish.every_s, error) || !read_options(call, options, error))
        return false;
    if (feeds_is_folder(wish.address))
        return wrong(error, API_WRONG,
                     "a folder lies on the server: it is set there, by `patbridge feed add`");
    return begin(call, error) && set(call, &wish, 201, error);
}

/* ---- One that is there */

static bool read_id(const struct call *call, int64_t *out, GError **error)
{
    guint64 id;
    if (!g_ascii_string_to_unsigned(call->places.value[0], 10, 1, G_MAXINT64, &id, NULL))
        return wrong(error, API_NOT_FOUND, "there is no such feed");
    *out = (int64_t)id;
    return true;
}

/* The same address and kind again, with what is said anew: looked at at once, also one that was turned off. */
static bool again(struct call *call, const json_t *row, GError **error)
{
    json_auto_t *options = json_deep_copy(json_object_get(row, "options"));
    struct feeds_wish wish = {.address = json_string_value(json_object_get(row, "address")),
                              .kind = json_string_value(json_object_get(row, "kind")),
                              .options = options,
                              .every_s =
                                  (int)json_integer_value(json_object_get(row, "every_s"))};
    return read_rhythm(call, &wish.every_s, error) && read_options(call, options, error) &&
           set(call, &wish, 200, error);
}

bool feeds_change(struct call *call, GError **error)
{
    int64_t id;
    if (!read_id(call, &id, error) || !begin(call, error))
        return false;
    json_auto_t *rows = feed_list(call->db, call->agency_id, id, error);
    if (rows && json_array_size(rows) == 0)
        return wrong(error, API_NOT_FOUND, "there is no such feed");
    return rows && again(call, json_array_get(rows, 0), error);
}

bool feeds_end(struct call *call, GError **error)
{
    int64_t id;
    if (!read_id(call, &id, error) || !begin(call, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    if (!now || !feed_off(call->db, call->agency_id, id, now, "removed", error) ||
        !db_commit(call->db, error))
        return false;
    call_json(call, 200, json_pack("{s:s, s:b}", "feed_id", call->places.value[0], "on", 0),
              NULL);
    return true;
}
