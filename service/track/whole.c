#include "service/track/figures_internal.h"
#include <stdlib.h>

struct figures_whole {
    struct db *db;
    const struct pack *pack;
    struct asked asked;
    json_t *document;
};

struct figures_whole *figures_begin(struct db *db, const struct pack *pack,
                                    const struct figures_request *request, GError **error)
{
    struct figures_request anew = *request;
    anew.keep = false; /* what is kept is never asked where it matters that nothing was tampered with */
    if (!figures_prepare(db, pack, &anew, NULL, error) || !track_begin(db, error))
        return NULL;
    struct figures_whole *whole = g_new0(struct figures_whole, 1);
    *whole = (struct figures_whole){.db = db, .pack = pack};
    whole->document = figures_asked(db, pack, &anew, NULL, 0, &whole->asked, error);
    if (whole->document)
        return whole;
    figures_end(whole);
    return NULL;
}

const json_t *figures_shown(const struct figures_whole *whole)
{
    return whole->document;
}

/* Agency by agency: what has to be sorted at once stays small. */
static json_t *agencies_of(const struct figures_whole *whole, GError **error)
{
    const struct track_query query = {.known_at = whole->asked.known_at,
                                      .agency_id = whole->asked.agency_id};
    return track_agencies(whole->db, &query, error);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

static GArray *numbers_of(const json_t *agencies)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int));
    for (size_t i = 0; i < json_array_size(agencies); i++) {
        const json_t *one = json_array_get(agencies, i);
        int id = (int)json_integer_value(json_object_get(one, "agency_id"));
        g_array_append_val(list, id);
    }
    g_array_sort(list, by_number);
    return list;
}

bool figures_rows(struct figures_whole *whole, const char *metric, track_row_each *each,
                  void *user, GError **error)
{
    json_auto_t *agencies = agencies_of(whole, error);
    if (!agencies)
        return false;
    g_autoptr(GArray) numbers = numbers_of(agencies);
    char *values;
    struct track_query query = asked_query(whole->pack, &whole->asked, metric, &values);
    bool done = true;
    for (guint i = 0; done && i < numbers->len; i++) {
        query.agency_id = g_array_index(numbers, int, i);
        done = track_rows_each(whole->db, &query, metric, each, user, error);
    }
    free(values);
    return done;
}

void figures_end(struct figures_whole *whole)
{
    if (!whole)
        return;
    db_rollback(whole->db); /* it only read */
    asked_clear(&whole->asked);
    json_decref(whole->document);
    g_free(whole);
}
