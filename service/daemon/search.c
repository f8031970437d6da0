#include "service/daemon/search.h"
#include "loader/identifier.h"
#include "matcher/parts.h"
#include "service/daemon/daemon.h"
#include "sql/page.h"
#include <string.h>

enum {
    WORDS_MOST = 4000, /* bytes: a need's text may be searched for, too */
    DEEPEST = 1000, /* patents that the engine names where filters narrow them down further */
    WAIT_MS = 200,
    WAIT_STEP_MS = 10, /* for an index that is being built */
    FAINTEST = 4,      /* a hit with less than this part of the best one's score is left out */
    BARE_DIGITS = 5,   /* a number begins so; fewer are a steel's or an alloy's name */
    DIGITS = 4         /* behind the letters of a country */
};

void found_clear(struct found *found)
{
    g_clear_pointer(&found->ids, g_free);
    found->count = 0;
}

/* ---- The engine */

static void take_hits(const struct hit *hits, size_t count, struct found *found)
{
    found->ids = g_new0(int64_t, count + 1);
    for (size_t i = 0; i < count && hits[i].score >= hits[0].score / FAINTEST; i++)
        found->ids[found->count++] = hits[i].id;
    found->by_engine = true;
}

static void ask_index(struct parts *parts, const char *words, size_t most, struct found *found)
{
    g_autofree struct hit *hits = g_new0(struct hit, most);
    g_autoptr(match_query) query = parts_query(parts, words, NULL, 0);
    g_autoptr(match_parts_searcher) searcher = parts_search_new(parts);
    size_t count = parts_search_top(searcher, query, most, SEARCH_AUTO, NULL, NULL, hits);
    take_hits(hits, count, found);
}

/* A small index is there at once; a large one is built meanwhile. */
static const struct living_state *wait_for(struct living *living)
{
    const struct living_state *state = living_hold(living);
    if (!state)
        living_prepare(living);
    for (int i = 0; !state && i < WAIT_MS / WAIT_STEP_MS; i++) {
        g_usleep(WAIT_STEP_MS * 1000UL);
        state = living_hold(living);
    }
    return state;
}

/* What was committed is found, though no need has made the step match look at it. */
static bool catch_up(const struct call *call, struct living *living, GError **error)
{
    if (!db_begin(call->db, DB_SERVICE, call->agency_id, error))
        return false;
    bool done = living_catch_up(living, call->db, error);
    db_rollback(call->db); /* it only read */
    return done;
}

/* Without an index of these patents yet (or of all of them here) nothing is found, and found->by_engine stays false. */
static bool ask_engine(const struct call *call, const char *words, size_t most,
                       struct found *found, GError **error)
{
    const struct daemon *daemon = call->user;
    struct living_store *store = steps_whole_store(daemon->steps);
    struct living *living =
        call->agency_id && store ? living_of(store, call->agency_id, NULL) : NULL;
    const struct living_state *state = living ? wait_for(living) : NULL;
    if (!state)
        return true;
    living_let_go(living);
    if (!catch_up(call, living, error))
        return false;
    state = living_hold(living);
    if (state) {
        ask_index(living_parts(state), words, most, found);
        living_let_go(living);
    }
    return true;
}

static json_t *array_of(const struct found *found)
{
    GString *text = g_string_new("{");
    for (size_t i = 0; i < found->count; i++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? "," : "", found->ids[i]);
    json_t *array = json_string(g_string_append_c(text, '}')->str);
    g_string_free(text, TRUE);
    return array;
}

/* ---- What was typed */

static char *number_in(const char *words)
{
    g_autofree char *today = app_today();
    struct patent_number number;
    struct problem problem = {0};
    if (patent_number_read(words, today, &number, &problem))
        return patent_number_key(&number);
    problem_clear(&problem);
    return NULL;
}

/* "2020 101", "ZL2020101", "us7591" as the beginning of a number in normal form; NULL: it can't be one. The caller frees. */
static char *beginning_in(const char *words)
{
    g_autoptr(GString) spelt = g_string_new(NULL);
    for (const char *p = words; *p; p++)
        if (!strchr(" -/", *p))
            g_string_append_c(spelt, g_ascii_toupper(*p));
    bool country = g_ascii_isupper(spelt->str[0]) && g_ascii_isupper(spelt->str[1]);
    const char *rest = spelt->str + (country ? 2 : 0);
    size_t digits = strspn(rest, "0123456789");
    size_t more = strspn(rest + digits, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.");
    if (digits < (country ? DIGITS : BARE_DIGITS) || rest[digits + more])
        return NULL;
    if (country && !g_str_has_prefix(spelt->str, "ZL"))
        return g_strdup(spelt->str);
    return g_strconcat("CN", rest, NULL);
}

/* The filter of a number, if there is one that begins so. */
static bool try_beginning(const struct call *call, const char *number, json_t *filters,
                          GError **error)
{
    bool begins = false;
    if (!number)
        return true;
    if (!db_begin(call->db, DB_SERVICE, call->agency_id, error))
        return false;
    bool done = page_begins(call->db, number, &begins, error);
    db_rollback(call->db); /* it only read */
    if (begins)
        json_object_set_new(filters, "begins", json_string(number));
    return done;
}

/* What was typed may be a whole number, with its check character, or the beginning of one. */
static bool narrow_numbers(const struct call *call, const char *words, json_t *filters,
                           GError **error)
{
    g_autofree char *beginning = beginning_in(words), *number = number_in(words);
    if (!try_beginning(call, beginning, filters, error))
        return false;
    if (number && !json_object_get(filters, "begins"))
        json_object_set_new(filters, "number", json_string(number));
    return true;
}

static bool narrow_patents(const struct call *call, const char *words, int limit,
                           json_t *filters, struct found *found, GError **error)
{
    bool further = json_object_size(filters) > (json_object_get(filters, "columns") ? 1 : 0);
    if (!narrow_numbers(call, words, filters, error))
        return false;
    bool number = json_object_get(filters, "number") || json_object_get(filters, "begins");
    if (!number && !ask_engine(call, words, further ? DEEPEST : (size_t)limit, found, error))
        return false;
    if (found->by_engine)
        json_object_set_new(filters, "ids", array_of(found));
    else if (!number)
        json_object_set_new(filters, "q", json_string(words));
    return true;
}

static bool is_searched(const char *kind)
{
    static const char *const kinds[] = {"patent", "enterprise", "expert", "institution",
                                        "need",   "deal",       NULL};
    return g_strv_contains(kinds, kind);
}

bool search_narrow(const struct call *call, int limit, json_t *filters, struct found *found,
                   GError **error)
{
    const char *typed = call_arg(call, "q"), *kind = call->places.kind->name;
    if (!typed)
        return true;
    g_autofree char *words = g_strstrip(g_strdup(typed));
    if (!*words)
        return true;
    if (!is_searched(kind) || strlen(words) > WORDS_MOST) {
        g_set_error(error, API_ERROR, API_WRONG,
                    is_searched(kind) ? "q: at most %d bytes"
                                      : "records of this kind are not searched by words",
                    WORDS_MOST);
        return false;
    }
    if (g_str_equal(kind, "patent"))
        return narrow_patents(call, words, limit, filters, found, error);
    json_object_set_new(filters, "q", json_string(words));
    return true;
}

json_t *search_order(const struct found *found, const json_t *rows, int limit)
{
    g_autoptr(GHashTable) places =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    json_t *ordered = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        int64_t *id = g_new(int64_t, 1);
        *id = g_ascii_strtoll(json_string_value(json_object_get(row, "record_id")), NULL, 10);
        g_hash_table_insert(places, id, row);
    }
    for (size_t i = 0; i < found->count && json_array_size(ordered) < (size_t)limit; i++) {
        json_t *row = g_hash_table_lookup(places, &found->ids[i]);
        if (row)
            json_array_append(ordered, row);
    }
    return ordered;
}
