#include "service/daemon/daemon.h"
#include "service/daemon/official.h"
#include "service/track/figures.h"
#include "sql/track.h"
#include <string.h>

enum { LIMIT = 100 };

/* Two days, and the moments at which they are known; owned, or the cursor's. */
struct days {
    struct figures_request before, after;
    char *before_known_at, *known_at;
};

static void days_clear(struct days *days)
{
    g_free(days->before_known_at);
    g_free(days->known_at);
}

static bool read_moment(const struct call *call, const char *name, char **out, GError **error)
{
    const char *text = call_arg(call, name);
    return !text || (*out = figures_moment(text, "Asia/Shanghai", error)) != NULL;
}

static bool read_days(const struct call *call, const char *today, struct days *out,
                      GError **error)
{
    if (!read_moment(call, "before_known_at", &out->before_known_at, error) ||
        !read_moment(call, "known_at", &out->known_at, error))
        return false;
    out->before = (struct figures_request){.as_of = call_arg(call, "before"),
                                           .known_at = out->before_known_at,
                                           .today = today,
                                           .agency_id = call->agency_id,
                                           .keep = true};
    out->after = out->before;
    out->after.as_of = call_arg(call, "as_of");
    out->after.known_at = out->known_at;
    return true;
}

/* Pages of one comparison don't move. */
static void use_cursor(struct days *days, struct figures_changes_wish *wish,
                       const json_t *after)
{
    const char *key = json_string_value(json_object_get(after, "key"));
    wish->after_agency = (int)json_integer_value(json_object_get(after, "agency_id"));
    wish->after_key = key ? key : "";
    days->before.known_at = json_string_value(json_object_get(after, "before_known_at"));
    days->after.known_at = json_string_value(json_object_get(after, "known_at"));
}

static void answer(struct call *call, json_t *document, int limit)
{
    static const char *const columns[] = {"agency_id", "key", "before_known_at", "known_at",
                                          NULL};
    json_t *rows = json_incref(json_object_get(document, "rows"));
    if (json_is_true(json_object_get(document, "more"))) {
        json_t *last = json_array_get(rows, json_array_size(rows) - 1);
        json_object_set(last, "before_known_at", json_object_get(document, "before_known_at"));
        json_object_set(last, "known_at", json_object_get(document, "known_at"));
        json_array_append_new(rows, json_object());
    }
    cursor_answer_with(call, rows, limit, columns,
                       json_pack("{s:O*, s:O*}", "came", json_object_get(document, "came"),
                                 "went", json_object_get(document, "went")));
    json_decref(document);
}

static json_t *compare(struct call *call, const struct days *days,
                       const struct figures_changes_wish *wish, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(GError) why = NULL;
    g_autoptr(pack_t) pack = pack_open(folder, call->places.value[0], &why);
    json_t *document =
        pack ? figures_changes(call->db, pack, &days->before, &days->after, wish, &why) : NULL;
    if (!document && g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        g_set_error_literal(error, API_ERROR, API_NOT_FOUND, why->message);
    else if (!document)
        g_propagate_error(error, g_steal_pointer(&why));
    return document;
}

bool changes_list(struct call *call, GError **error)
{
    struct days days = {0};
    g_autofree char *today = app_today();
    json_auto_t *after = NULL;
    struct figures_changes_wish wish = {
        .metric = call->places.value[1], .after_key = "", .limit = call_limit(call, LIMIT)};
    json_t *document = NULL;
    if (!g_strv_contains(track_metrics(), wish.metric)) {
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no metric of this name");
        return false;
    }
    if (read_days(call, today, &days, error) && cursor_read(call, &after, error)) {
        if (after)
            use_cursor(&days, &wish, after);
        document = compare(call, &days, &wish, error);
    }
    if (document)
        answer(call, document, wish.limit);
    days_clear(&days);
    return document != NULL;
}
