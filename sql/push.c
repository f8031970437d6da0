#include "sql/push.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* One column of rows as the text of an array ("{1,2}"). The values are numbers. The caller frees. */
static char *ids_text(const json_t *rows, const char *name)
{
    GString *text = g_string_new("{");
    for (size_t i = 0; i < json_array_size(rows); i++)
        g_string_append_printf(text, "%s%s", i ? "," : "",
                               text_of(json_array_get(rows, i), name));
    return g_string_free(g_string_append_c(text, '}'), FALSE);
}

bool push_lock(struct db *db, GError **error)
{
    return db_do(db, sql_push_lock, 0, NULL, "wait for who else makes pushes", error);
}

/* ---- Candidates: the facts about enterprises come by statements of their own, for on Citus the tables lie apart. */

static json_t *candidate_rows(struct db *db, const struct push_page *page, GError **error)
{
    char fit[G_ASCII_DTOSTR_BUF_SIZE] = "";
    g_autofree char *agency = g_strdup_printf("%d", page->agency_id);
    g_autofree char *limit = g_strdup_printf("%d", page->limit);
    const json_t *after = page->after;
    if (after)
        g_ascii_dtostr(fit, sizeof fit, json_real_value(json_object_get(after, "fit")));
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {agency,
                                  after ? fit : NULL,
                                  after ? text_of(after, "patent_id") : NULL,
                                  after ? text_of(after, "need_id") : NULL,
                                  limit,
                                  now};
    return now ? db_rows(db, sql_push_candidates, 6, values, "read accepted leads", error)
               : NULL;
}

static json_t *facts_of(struct db *db, const char *sql, const char *ids, const char *since,
                        GError **error)
{
    const char *const values[] = {ids, since};
    return db_rows(db, sql, since ? 2 : 1, values, "read what is known of the enterprises",
                   error);
}

/* The row's value of `name` is that of the candidate too. */
static bool same(const json_t *row, const json_t *candidate, const char *name)
{
    return json_equal(json_object_get(row, name), json_object_get(candidate, name));
}

struct facts {
    const json_t *affiliates, *week, *stops, *endpoints;
};

static void add_affiliates(json_t *candidate, const json_t *affiliates)
{
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(affiliates); i++)
        if (same(json_array_get(affiliates, i), candidate, "enterprise_id"))
            json_array_append(names, json_object_get(json_array_get(affiliates, i), "name"));
    json_object_set_new(candidate, "affiliate_names", names);
}

static void add_facts(json_t *candidate, const struct facts *facts)
{
    json_t *endpoints = json_object(), *week = NULL;
    bool stopped = false;
    size_t i;
    json_t *row;
    json_array_foreach(facts->week, i, row) if (same(row, candidate, "enterprise_id")) week =
        json_object_get(row, "pushes");
    json_array_foreach(facts->stops, i, row) stopped |=
        same(row, candidate, "enterprise_id") && same(row, candidate, "agency_id");
    json_array_foreach(facts->endpoints, i, row) if (same(row, candidate, "enterprise_id") &&
                                                     same(row, candidate, "agency_id"))
        json_object_set(endpoints, text_of(row, "channel"),
                        json_object_get(row, "endpoint_id"));
    json_object_set_new(candidate, "pushed_week", week ? json_incref(week) : json_integer(0));
    json_object_set_new(candidate, "stopped", json_boolean(stopped));
    json_object_set_new(candidate, "endpoints", endpoints);
    add_affiliates(candidate, facts->affiliates);
}

json_t *push_candidates(struct db *db, const struct push_page *page, GError **error)
{
    json_auto_t *rows = candidate_rows(db, page, error);
    if (!rows)
        return NULL;
    g_autofree char *ids = ids_text(rows, "enterprise_id");
    json_auto_t *affiliates = facts_of(db, sql_push_affiliates, ids, NULL, error);
    json_auto_t *week =
        affiliates ? facts_of(db, sql_push_week, ids, page->week_ago, error) : NULL;
    json_auto_t *stops = week ? facts_of(db, sql_push_stops, ids, NULL, error) : NULL;
    json_auto_t *endpoints = stops ? facts_of(db, sql_push_endpoints, ids, NULL, error) : NULL;
    if (!endpoints)
        return NULL;
    const struct facts facts = {affiliates, week, stops, endpoints};
    for (size_t i = 0; i < json_array_size(rows); i++)
        add_facts(json_array_get(rows, i), &facts);
    return json_incref(rows);
}

/* ---- Making */

/* The wanted pushes that were made now: `made` has their push_id. */
static json_t *made_of(const json_t *wanted, const json_t *made)
{
    json_t *chosen = json_array();
    size_t i, k;
    json_t *want, *row;
    json_array_foreach(wanted, i, want)
        json_array_foreach(made, k, row) if (same(row, want, "push_id"))
            json_array_append(chosen, want);
    return chosen;
}

static char *lead_names(const json_t *pushes)
{
    GString *text = g_string_new("{");
    for (size_t i = 0; i < json_array_size(pushes); i++) {
        const json_t *push = json_array_get(pushes, i);
        g_string_append_printf(text, "%s%s-%s", i ? "," : "", text_of(push, "patent_id"),
                               text_of(push, "need_id"));
    }
    return g_string_free(g_string_append_c(text, '}'), FALSE);
}

static bool mark_leads(struct db *db, const json_t *pushes, GError **error)
{
    int64_t change;
    if (!db_number(db, sql_lead_change, 0, NULL, "draw a change number", &change, error))
        return false;
    g_autofree char *patents = ids_text(pushes, "patent_id");
    g_autofree char *leads = lead_names(pushes);
    g_autofree char *change_text = g_strdup_printf("%" G_GINT64_FORMAT, change);
    const char *const values[] = {patents, leads, change_text};
    g_autoptr(PGresult) res =
        db_run(db, sql_push_leads, 3, values, "mark leads as pushed", error);
    if (!res)
        return false;
    if ((size_t)PQntuples(res) == json_array_size(pushes))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_AGAIN,
                "could not make pushes: a lead was decided otherwise meanwhile");
    return false;
}

/* The rows of the outbox of these pushes, each with what it shares with its push. */
static json_t *outbox_rows(const json_t *pushes)
{
    static const char *const shared[] = {"push_id", "patent_id", "agency_id", "enterprise_id"};
    json_t *rows = json_array();
    size_t i, k;
    json_t *push, *wire;
    json_array_foreach(pushes, i, push)
        json_array_foreach(json_object_get(push, "outbox"), k, wire)
    {
        json_t *row = json_copy(wire);
        for (size_t name = 0; name < G_N_ELEMENTS(shared); name++)
            json_object_set(row, shared[name], json_object_get(push, shared[name]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static bool insert_json(struct db *db, const char *sql, const json_t *rows, const char *now,
                        const char *what, GError **error)
{
    if (json_array_size(rows) == 0)
        return true;
    char *text = json_dumps(rows, JSON_COMPACT);
    const char *const values[] = {text, now};
    bool done = db_do(db, sql, 2, values, what, error);
    free(text);
    return done;
}

static void note_pushes(struct db *db, const json_t *pushes, const char *now)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(pushes); i++)
        json_array_append(ids, json_object_get(json_array_get(pushes, i), "push_id"));
    ledger_say(db, &(struct ledger_about){.kind = "push"});
    ledger_touch(db, "push", "push_id", json_incref(ids), now);
    ledger_touch(db, "push_event", "push_id", ids, now);
}

bool push_make(struct db *db, const json_t *wanted, const char *now, json_t **made,
               GError **error)
{
    char *text = json_dumps(wanted, JSON_COMPACT);
    const char *const values[] = {text, now};
    json_auto_t *inserted = db_rows(db, sql_push_insert, 2, values, "make pushes", error);
    free(text);
    if (!inserted)
        return false;
    json_auto_t *pushes = made_of(wanted, inserted);
    json_auto_t *wires = outbox_rows(pushes);
    if (!mark_leads(db, pushes, error) ||
        !insert_json(db, sql_push_sent, pushes, now, "put pushes into the inbox", error) ||
        !insert_json(db, sql_outbox_insert, wires, now, "write the outbox", error))
        return false;
    note_pushes(db, pushes, now);
    *made = json_incref(inserted);
    return true;
}
