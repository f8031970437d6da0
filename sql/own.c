#include "sql/own.h"
#include "sql/internal.h"
#include "sql/lead.h"
#include "sql/ledger.h"
#include <stdlib.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* The only row there should be. */
static json_t *one_of(json_t *rows, const char *what, GError **error)
{
    json_t *row = json_incref(json_array_get(rows, 0));
    if (rows && !row)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no such %s", what);
    json_decref(rows);
    return row;
}

json_t *own_enterprise(struct db *db, int64_t enterprise_id, int agency_id,
                       const char *week_ago, GError **error)
{
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {enterprise, agency, week_ago};
    return one_of(db_rows(db, sql_own_enterprise, 3, values, "look an enterprise up", error),
                  "enterprise", error);
}

json_t *own_needs(struct db *db, const struct page *page, int64_t enterprise_id,
                  const char *need, GError **error)
{
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    g_autofree char *agency = g_strdup_printf("%d", page->agency_id);
    g_autofree char *limit = g_strdup_printf("%d", page->limit);
    const char *const values[] = {enterprise,
                                  agency,
                                  need ? need : "",
                                  text_of(page->after, "posted_at"),
                                  text_of(page->after, "need_id"),
                                  limit};
    return db_rows(db, sql_own_needs, 6, values, "list needs", error);
}

json_t *own_need(struct db *db, int agency_id, const char *need, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency, need};
    json_auto_t *rows = db_rows(db, sql_own_need, 2, values, "look a need up", error);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}

json_t *own_found(struct db *db, const json_t *patent_ids, GError **error)
{
    GString *ids = g_string_new("{");
    for (size_t i = 0; i < json_array_size(patent_ids); i++)
        g_string_append_printf(ids, "%s%s", i ? "," : "",
                               json_string_value(json_array_get(patent_ids, i)));
    g_autofree char *text = g_string_free(g_string_append_c(ids, '}'), FALSE);
    const char *const values[] = {text};
    return db_rows(db, sql_own_found, 1, values, "look patents up", error);
}

json_t *own_story(struct db *db, const char *push_id, GError **error)
{
    const char *const values[] = {push_id};
    return one_of(db_rows(db, sql_push_story, 1, values, "look a push up", error), "push",
                  error);
}

bool own_opened(struct db *db, const struct own_opening *opening, bool *recorded,
                GError **error)
{
    g_autofree char *ids = lead_patent_ids(db, opening->patent_id, NULL, error);
    json_auto_t *detail = json_pack("{s:s*}", "address", opening->address);
    char *text = json_dumps(detail, JSON_COMPACT);
    const char *const values[] = {ids, opening->push_id, "inbox", "opened", opening->now, text};
    g_autoptr(PGresult) res =
        ids ? db_run(db, sql_push_event, 6, values, "keep that a push was opened", error)
            : NULL;
    free(text);
    if (!res)
        return false;
    *recorded = PQntuples(res) == 1;
    if (!*recorded)
        return true;
    ledger_say(
        db, &(struct ledger_about){.kind = "event", .who = opening->by, .subject = "opened"});
    ledger_touch_one(db, "push_event", "push_id", opening->push_id, opening->now);
    return true;
}

/* The id of the patent that the number leads to; NULL: SQL_ERROR_NOT_FOUND, or worse. */
static char *find_patent(struct db *db, const char *number, GError **error)
{
    const char *const values[] = {number};
    json_auto_t *row =
        one_of(db_rows(db, sql_own_lookup_find, 1, values, "look a patent up", error), "patent",
               error);
    return g_strdup(text_of(row, "patent_id"));
}

static bool keep_lookup(struct db *db, const struct own_lookup *lookup, const char *patent_id,
                        bool *recorded, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", lookup->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, lookup->enterprise_id);
    const char *const values[] = {patent_id, agency, enterprise, lookup->by, lookup->now};
    g_autoptr(PGresult) res =
        db_run(db, sql_own_lookup, 5, values, "keep that a patent was looked up", error);
    if (!res)
        return false;
    *recorded = PQntuples(res) == 1;
    if (!*recorded)
        return true;
    ledger_say(db, &(struct ledger_about){.kind = "event",
                                          .agency_id = lookup->agency_id,
                                          .who = lookup->by,
                                          .subject = "looked_up"});
    ledger_touch_one(db, "patent_lookup", "patent_id", patent_id, lookup->now);
    return true;
}

bool own_look_up(struct db *db, const struct own_lookup *lookup, json_t **patent,
                 bool *recorded, GError **error)
{
    g_autofree char *id = find_patent(db, lookup->number, error);
    g_autofree char *agency = g_strdup_printf("%d", lookup->agency_id);
    const char *const values[] = {id, agency};
    json_auto_t *row =
        id ? one_of(db_rows(db, sql_own_patent, 2, values, "look a patent up", error), "patent",
                    error)
           : NULL;
    if (!row || !keep_lookup(db, lookup, id, recorded, error))
        return false;
    *patent = json_incref(row);
    return true;
}

bool own_resume(struct db *db, const struct own_resumption *resumption, bool *recorded,
                GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", resumption->agency_id);
    g_autofree char *enterprise =
        g_strdup_printf("%" G_GINT64_FORMAT, resumption->enterprise_id);
    const char *const values[] = {agency, enterprise, resumption->now, resumption->by};
    g_autoptr(PGresult) res =
        db_run(db, sql_own_resume, 4, values, "keep that pushes are wanted again", error);
    if (!res)
        return false;
    *recorded = PQntuples(res) == 1;
    if (!*recorded)
        return true;
    ledger_say(db, &(struct ledger_about){.kind = "feedback",
                                          .agency_id = resumption->agency_id,
                                          .who = resumption->by,
                                          .subject = "resume"});
    ledger_touch_one(db, "resumed", "enterprise_id", enterprise, resumption->now);
    return db_do(db, sql_own_resume_needs, 2, values, "have needs weighed anew", error);
}
