/* Counting metrics: one after the other, or by several sessions at once. */
#include "sql/crew.h"
#include "sql/internal.h"
#include "sql/track.h"
#include <stdlib.h>

/* What takes longest goes first, so that none of the others has to be waited for at the end. */
static const char *const longest[] = {"patents",      "pushes",      "purchases",
                                      "deals",        "needs",       "introductions",
                                      "transactions", "enterprises", "licences"};

static size_t turn_of(const char *metric)
{
    size_t turn = 0;
    while (turn < G_N_ELEMENTS(longest) && !g_str_equal(longest[turn], metric))
        turn++;
    return turn;
}

static gint by_turn(gconstpointer one, gconstpointer other)
{
    const struct track_count *const *a = one, *const *b = other;
    size_t first = turn_of((*a)->metric), second = turn_of((*b)->metric);
    return first == second ? (*a > *b) - (*a < *b) : first < second ? -1 : 1;
}

/* ---- The statement of one: its values, owned. */

static char *pack_text(const struct track_count *one)
{
    if (track_is_base(one->metric))
        return json_dumps(one->pack, JSON_COMPACT);
    json_auto_t *list = json_pack("[{s:i, s:s, s:O}]", "place", one->place, "metric",
                                  one->metric, "pack", (json_t *)(uintptr_t)one->pack);
    return json_dumps(list, JSON_COMPACT);
}

struct statement {
    char *pack, *agency;
    const char *values[5];
};

static void statement_clear(gpointer data)
{
    struct statement *statement = data;
    free(statement->pack);
    g_free(statement->agency);
}

static struct crew_question question_of(const struct track_count *one, const char *known_at,
                                        int agency_id, struct statement *statement)
{
    bool base = track_is_base(one->metric);
    statement->pack = pack_text(one);
    statement->agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {one->metric, statement->pack, one->as_of, known_at,
                                  statement->agency};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        statement->values[i] = values[i];
    return (struct crew_question){.sql = base ? sql_track_figures : sql_track_clauses,
                                  .count = base ? 5 : 4,
                                  .values = base ? statement->values : statement->values + 1};
}

/* ---- All of them */

static bool ask(struct crew *crew, const char *known_at, int agency_id, GPtrArray *order,
                GError **error)
{
    g_autofree struct statement *statements = g_new0(struct statement, order->len + 1);
    g_autofree struct crew_question *questions = g_new0(struct crew_question, order->len + 1);
    for (guint i = 0; i < order->len; i++)
        questions[i] = question_of(order->pdata[i], known_at, agency_id, &statements[i]);
    bool done = crew_ask(crew, questions, order->len, "count", error);
    for (guint i = 0; i < order->len; i++) {
        ((struct track_count *)order->pdata[i])->rows = questions[i].rows;
        statement_clear(&statements[i]);
    }
    return done;
}

bool track_count_all(struct db *db, const char *known_at, int agency_id,
                     struct track_count *all, size_t count, GError **error)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(order, &all[i]);
    g_ptr_array_sort(order, by_turn);
    struct crew *crew = crew_for(db, count);
    bool done = ask(crew, known_at, agency_id, order, error);
    crew_free(crew);
    return done;
}
