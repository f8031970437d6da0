/* What the agency's desk needs of leads beside deciding: how one stands, what it says, many at a time, and taking back. */
#include "sql/internal.h"
#include "sql/lead.h"
#include "sql/notice.h"

static json_t *only_row(json_t *rows, GError **error)
{
    json_t *row = json_incref(json_array_get(rows, 0));
    if (rows && !row)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "there is no such lead");
    return row;
}

static json_t *ask(struct db *db, const char *query, const struct lead_id *id, GError **error)
{
    struct lead_id now_at = *id;
    g_autofree char *ids = lead_patent_ids(db, id->patent_id, &now_at.patent_id, error);
    if (!ids)
        return NULL;
    g_autofree char *patent = g_strdup_printf("%" G_GINT64_FORMAT, now_at.patent_id);
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, now_at.need_id);
    const char *const values[] = {patent, need};
    json_auto_t *rows = db_rows(db, query, 2, values, "look at a lead", error);
    return only_row(rows, error);
}

json_t *lead_standing(struct db *db, const struct lead_id *id, GError **error)
{
    return ask(db, sql_lead_state, id, error);
}

json_t *lead_texts(struct db *db, const struct lead_id *id, GError **error)
{
    return ask(db, sql_lead_texts, id, error);
}

static char *draw_change(struct db *db, GError **error)
{
    int64_t number;
    bool drawn =
        db_number(db, sql_lead_change, 0, NULL, "draw a change number", &number, error);
    return drawn ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
}

json_t *lead_take_back(struct db *db, int agency_id, const char *by, const char *decided_at,
                       const char *now, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *change = draw_change(db, error);
    const char *const values[] = {agency, by, decided_at, now, change};
    if (!change)
        return NULL;
    json_auto_t *rows =
        db_rows(db, sql_lead_take_back, 5, values, "take a decision back", error);
    json_t *leads = rows ? json_array() : NULL;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append(leads, json_object_get(json_array_get(rows, i), "lead"));
    notice_tell(db, "lead");
    return leads;
}

bool lead_count_likely(struct db *db, int agency_id, double probability, int64_t *out,
                       GError **error)
{
    char floor_text[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency,
                                  g_ascii_dtostr(floor_text, sizeof floor_text, probability)};
    return db_number(db, sql_lead_likely, 2, values, "count likely leads", out, error);
}

bool lead_accept_likely(struct db *db, int agency_id, double probability,
                        const struct lead_decision *decision, int *out, GError **error)
{
    char floor_text[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *hold = g_strdup_printf("%d", decision->hold_s);
    g_autofree char *change = draw_change(db, error);
    const char *const values[] = {agency,
                                  g_ascii_dtostr(floor_text, sizeof floor_text, probability),
                                  decision->now,
                                  decision->by,
                                  decision->reason ? decision->reason : "",
                                  change,
                                  hold};
    if (!change)
        return false;
    g_autoptr(PGresult) res =
        db_run(db, sql_lead_accept_likely, 7, values, "accept likely leads", error);
    *out = res ? PQntuples(res) : 0;
    notice_tell(db, "lead");
    return res != NULL;
}
