#include "service/common/outbound.h"
#include "service/feed/feeds.h"
#include "sql/feed.h"

int feeds_every(const struct feeds_wish *wish)
{
    if (wish->every_s)
        return wish->every_s;
    return feeds_is_folder(wish->address) ? FEEDS_EVERY_FOLDER_S : FEEDS_EVERY_URL_S;
}

bool feeds_set(struct db *db, const struct feeds_wish *wish, int64_t *id, char **problem,
               GError **error)
{
    int every_s = feeds_every(wish);
    *problem =
        feeds_problem(wish->address, wish->kind, wish->options, every_s, wish->allow_private);
    g_autofree char *now = *problem ? NULL : db_clock(db, error);
    if (!now)
        return false;
    char *options = json_dumps(wish->options, JSON_COMPACT);
    const struct feed_new feed = {wish->agency_id, wish->kind, wish->address, options, every_s};
    bool done = feed_add(db, &feed, now, id, error);
    free(options);
    return done;
}

void feeds_mask(json_t *row)
{
    static const char *const places[] = {"address", "page"};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *address = json_string_value(json_object_get(row, places[i]));
        if (!address || !*address || feeds_is_folder(address))
            continue;
        g_autofree char *masked = outbound_url_mask(address);
        json_object_set_new(row, places[i], json_string(masked));
    }
}
