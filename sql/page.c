#include "sql/page.h"
#include "sql/internal.h"
#include <stdlib.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static const char *or_none(const char *text)
{
    return text ? text : "";
}

/* What every list is asked with, as text. */
struct common {
    char agency[12], limit[12];
};

static struct common common_of(const struct page *page)
{
    struct common common;
    g_snprintf(common.agency, sizeof common.agency, "%d", page->agency_id);
    g_snprintf(common.limit, sizeof common.limit, "%d", page->limit);
    return common;
}

json_t *page_records(struct db *db, const char *kind, const struct page *page,
                     const json_t *filters, GError **error)
{
    const struct common common = common_of(page);
    char *wanted = json_dumps(filters, JSON_COMPACT);
    const char *const values[] = {kind, common.agency, text_of(page->after, "record_id"),
                                  wanted, common.limit};
    json_t *rows = db_rows(db, sql_record_page, 5, values, "list records", error);
    free(wanted);
    return rows;
}

bool page_begins(struct db *db, const char *number, bool *out, GError **error)
{
    int64_t begins = 0;
    bool done = db_number(db, sql_patent_begins, 1, &number, "look a number's beginning up",
                          &begins, error);
    *out = begins == 1;
    return done;
}

bool page_is_held(struct db *db, const char *kind, const char *record_id, int agency_id,
                  bool *out, GError **error)
{
    int64_t held = 0;
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {kind, record_id, agency};
    bool done = db_number(db, sql_record_held, 3, values, "look a holding up", &held, error);
    *out = held == 1;
    return done;
}

json_t *page_linked(struct db *db, const char *kind, const char *record_id, const char *key,
                    const struct page *page, GError **error)
{
    const struct common common = common_of(page);
    const char *const values[] = {kind, record_id, key, common.agency, common.limit};
    json_auto_t *rows =
        db_rows(db, sql_linked, 5, values, "look up what a record is linked to", error);
    return json_incref(json_array_get(rows, 0));
}

json_t *page_leads(struct db *db, const struct page *page, const char *state, const char *need,
                   const char *patent, GError **error)
{
    const struct common common = common_of(page);
    char fit[G_ASCII_DTOSTR_BUF_SIZE];
    const json_t *after = page->after;
    g_ascii_dtostr(fit, sizeof fit, json_real_value(json_object_get(after, "fit")));
    const char *const values[] = {common.agency,
                                  or_none(state),
                                  or_none(need),
                                  or_none(patent),
                                  after ? fit : NULL,
                                  text_of(after, "patent_id"),
                                  text_of(after, "need_id"),
                                  common.limit};
    return db_rows(db, sql_lead_page, 8, values, "list leads", error);
}

json_t *page_pushes(struct db *db, const struct page *page, int64_t enterprise_id,
                    const char *uscc, const char *push_id, GError **error)
{
    const struct common common = common_of(page);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    const char *const values[] = {common.agency,
                                  enterprise,
                                  or_none(uscc),
                                  push_id,
                                  text_of(page->after, "created_at"),
                                  text_of(page->after, "push_id"),
                                  common.limit};
    return db_rows(db, sql_push_page, 7, values, "list pushes", error);
}

json_t *page_feedback(struct db *db, const struct page *page, int64_t enterprise_id,
                      const char *answer, GError **error)
{
    const struct common common = common_of(page);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    const char *const values[] = {common.agency,
                                  enterprise,
                                  or_none(answer),
                                  text_of(page->after, "at"),
                                  text_of(page->after, "feedback_id"),
                                  common.limit};
    return db_rows(db, sql_feedback_page, 6, values, "list answers", error);
}

json_t *page_decisions(struct db *db, const struct page *page, const char *kind,
                       const char *key, GError **error)
{
    const struct common common = common_of(page);
    const char *const values[] = {common.agency, or_none(kind),
                                  text_of(page->after, "decision_id"), common.limit,
                                  or_none(key)};
    return db_rows(db, sql_decision_page, 5, values, "list decisions", error);
}

/* ---- Leads by their ids */

static char *ids_text(const struct lead_id *ids, size_t count, bool patents)
{
    GString *text = g_string_new("{");
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? "," : "",
                               patents ? ids[i].patent_id : ids[i].need_id);
    return g_string_free(g_string_append_c(text, '}'), FALSE);
}

json_t *page_batches(struct db *db, const struct page *page, const char *kind, int64_t batch_id,
                     GError **error)
{
    const struct common common = common_of(page);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, batch_id);
    const char *const values[] = {common.agency, or_none(kind), batch,
                                  text_of(page->after, "batch_id"), common.limit};
    return db_rows(db, sql_batch_page, 5, values, "list loads", error);
}

json_t *page_refused(struct db *db, const struct page *page, int64_t batch_id, GError **error)
{
    const struct common common = common_of(page);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, batch_id);
    const json_t *place = json_object_get(page->after, "place");
    g_autofree char *after = json_is_integer(place) ? g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                                      json_integer_value(place))
                                                    : NULL;
    const char *const values[] = {batch, after, common.limit};
    return db_rows(db, sql_refused_page, 3, values, "list refused rows", error);
}

bool page_lead_texts(struct db *db, const struct lead_id *ids, size_t count, char **texts,
                     GError **error)
{
    g_autofree char *patents = ids_text(ids, count, true), *needs = ids_text(ids, count, false);
    const char *const values[] = {patents, needs};
    g_autoptr(PGresult) res =
        db_run_again(db, "lead-lookup", sql_lead_lookup, 2, values, "look leads up", error);
    for (int row = 0; res && row < PQntuples(res); row++) {
        size_t place = (size_t)g_ascii_strtoull(PQgetvalue(res, row, 0), NULL, 10);
        texts[place - 1] = g_strdup(PQgetvalue(res, row, 1));
    }
    return res != NULL;
}

json_t *page_lead_facts(struct db *db, const struct lead_id *id, GError **error)
{
    g_autofree char *patent = g_strdup_printf("%" G_GINT64_FORMAT, id->patent_id);
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, id->need_id);
    const char *const values[] = {patent, need};
    json_auto_t *rows =
        db_rows(db, sql_lead_facts, 2, values, "look a patent and a need up", error);
    if (rows && json_array_size(rows) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "there is no such patent, or no such need");
    return json_incref(json_array_get(rows, 0));
}

bool page_is_needs(struct db *db, int64_t need_id, int64_t enterprise_id, bool *out,
                   GError **error)
{
    int64_t own = 0;
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, need_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, enterprise_id);
    const char *const values[] = {need, enterprise};
    bool done = db_number(db, sql_lead_enterprise, 2, values, "look a need up", &own, error);
    *out = own == 1;
    return done;
}

json_t *page_metrics(struct db *db, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {now};
    return now ? db_rows(db, sql_metrics_read, 1, values, "read the metrics", error) : NULL;
}

json_t *page_gauges(struct db *db, GError **error)
{
    json_auto_t *rows = db_rows(db, sql_metrics_gauges, 0, NULL, "count what is kept", error);
    return rows ? json_incref(json_object_get(json_array_get(rows, 0), "gauges")) : NULL;
}
