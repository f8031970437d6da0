#include "sql/follow.h"
#include "sql/internal.h"

const char *const *follow_stages(void)
{
    static const char *const stages[] = {"interested", "contact",    "visit", "offer",
                                         "contract",   "registered", "ended", NULL};
    return stages;
}

struct ids {
    char agency[12], patent[24], need[24];
};

static struct ids ids_of(int agency_id, const struct lead_id *id)
{
    struct ids ids;
    g_snprintf(ids.agency, sizeof ids.agency, "%d", agency_id);
    g_snprintf(ids.patent, sizeof ids.patent, "%" G_GINT64_FORMAT, id->patent_id);
    g_snprintf(ids.need, sizeof ids.need, "%" G_GINT64_FORMAT, id->need_id);
    return ids;
}

static json_t *list(struct db *db, int agency_id, const char *stage, const struct lead_id *id,
                    int limit, GError **error)
{
    const struct ids ids = ids_of(agency_id, id);
    char most[12];
    g_snprintf(most, sizeof most, "%d", limit);
    const char *const values[] = {ids.agency, stage ? stage : "", ids.patent, ids.need, most};
    return db_rows(db, sql_follow_list, 5, values, "list what is followed up", error);
}

json_t *follow_list(struct db *db, int agency_id, const char *stage, int limit, GError **error)
{
    static const struct lead_id all = {0};
    return list(db, agency_id, stage, &all, limit, error);
}

json_t *follow_find(struct db *db, int agency_id, const struct lead_id *id, GError **error)
{
    struct lead_id begun = *id;
    json_auto_t *rows = list(db, agency_id, NULL, id, 1, error);
    json_t *row = json_array_get(rows, 0);
    if (rows && !row)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "nobody is interested in this lead, and nobody follows it up");
    if (!row || !lead_id_read(json_string_value(json_object_get(row, "lead")), &begun))
        return NULL;
    const struct ids ids = ids_of(agency_id, &begun);
    const char *const values[] = {ids.agency, ids.patent, ids.need};
    json_t *steps =
        db_rows(db, sql_follow_notes, 3, values, "read how it was followed up", error);
    if (steps)
        json_object_set_new(row, "steps", steps);
    return steps ? json_incref(row) : NULL;
}

bool follow_lock(struct db *db, const struct lead_id *id, GError **error)
{
    g_autofree char *lead = lead_id_text(id);
    const char *const values[] = {lead};
    return db_do(db, sql_follow_lock, 1, values, "wait for others who follow it up", error);
}

bool follow_keep(struct db *db, const struct follow_step *step, GError **error)
{
    const struct ids ids = ids_of(step->agency_id, &step->id);
    const char *const values[] = {ids.agency, ids.patent, ids.need,  step->stage, step->due,
                                  step->deal, step->by,   step->now, step->note};
    return db_do(db, sql_follow_put, 8, values, "keep how far it has come", error) &&
           db_do(db, sql_follow_note, 9, values, "keep the step", error);
}
