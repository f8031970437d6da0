/* paged.c - see paged.h. */
#include "tests/support/paged.h"
#include <criterion/criterion.h>

json_t *paged_wanted(struct db *db, const struct pack *pack, const char *metric,
                     const char *known_at, int agency_id, enum figures_show show)
{
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {
        .today = "2026-03-01", .known_at = known_at, .agency_id = agency_id};
    json_auto_t *document = figures_evidence(db, pack, &request, metric, 0, &error);
    cr_assert(document, "%s: %s", metric, error ? error->message : "");
    json_t *rows = json_array();
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(document, "rows"), i, row)
    {
        bool counted = json_is_true(json_object_get(row, "counted"));
        json_object_del(row, "also_in");
        if (show == FIGURES_ALL || counted == (show == FIGURES_COUNTED))
            json_array_append(rows, row);
    }
    return rows;
}

/* Goes on behind the last row, at the moment of the first page, as a cursor does. The key belongs to the row. */
static void go_on(const json_t *page, char **known_at, struct figures_request *request,
                  struct figures_page_wish *wish)
{
    const json_t *rows = json_object_get(page, "rows");
    const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
    if (!*known_at)
        *known_at = g_strdup(json_string_value(json_object_get(page, "known_at")));
    request->known_at = *known_at;
    wish->after_key = json_string_value(json_object_get(last, "key"));
    wish->after_agency = (int)json_integer_value(json_object_get(last, "agency_id"));
}

static json_t *paged_rows(struct db *db, const struct pack *pack,
                          struct figures_request *request, struct figures_page_wish *wish,
                          char **known_at)
{
    json_t *rows = json_array();
    for (bool more = true; more;) {
        g_autoptr(GError) error = NULL;
        json_auto_t *page = figures_page(db, pack, request, wish, &error);
        cr_assert(page, "%s: %s", wish->metric, error ? error->message : "");
        json_t *own = json_object_get(page, "rows");
        more = json_is_true(json_object_get(page, "more"));
        cr_assert(!more || json_array_size(own) == (size_t)wish->limit);
        json_array_extend(rows, own);
        go_on(page, known_at, request, wish);
    }
    return rows;
}

void paged_expect_at(struct db *db, const struct pack *pack, const char *what,
                     const char *metric, int agency_id, enum figures_show show, int limit,
                     const char *moment)
{
    struct figures_request request = {
        .today = "2026-03-01", .agency_id = agency_id, .known_at = moment};
    struct figures_page_wish wish = {
        .metric = metric, .after_key = "", .show = show, .limit = limit};
    g_autofree char *known_at = NULL;
    json_auto_t *paged = paged_rows(db, pack, &request, &wish, &known_at);
    json_auto_t *wanted = paged_wanted(db, pack, metric, known_at, agency_id, show);
    char *one = json_dumps(paged, JSON_SORT_KEYS), *other = json_dumps(wanted, JSON_SORT_KEYS);
    cr_expect_str_eq(one, other, "%s: %s, agency %d, shown %d, %d a page", what, metric,
                     agency_id, (int)show, limit);
    free(one);
    free(other);
}

void paged_expect(struct db *db, const struct pack *pack, const char *what, const char *metric,
                  int agency_id, enum figures_show show, int limit)
{
    paged_expect_at(db, pack, what, metric, agency_id, show, limit, NULL);
}
