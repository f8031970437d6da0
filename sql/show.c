#include "sql/show.h"
#include "sql/internal.h"

static const struct {
    const char *kind, *sql;
} queries[] = {
    {"agency", sql_show_agency},
    {"patent", sql_show_patent},
    {"enterprise", sql_show_enterprise},
    {"expert", sql_show_expert},
    {"institution", sql_show_institution},
    {"need", sql_show_need},
    {"deal", sql_show_deal},
    {"declared_push", sql_show_declared_push},
    {"open_licence", sql_show_open_licence},
    {"loan", sql_show_loan},
    {"sale", sql_show_sale},
    {"event", sql_show_event},
    {"navigation_project", sql_show_navigation_project},
    {"attorney", sql_show_attorney},
    {"case", sql_show_case},
    {"client", sql_show_client},
    {"platform_review", sql_show_platform_review},
};

static const char *query_of(const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++)
        if (g_str_equal(queries[i].kind, kind))
            return queries[i].sql;
    return NULL;
}

json_t *show_record(struct db *db, const char *kind, const char *key, int agency_id,
                    GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {key, agency};
    json_t *rows =
        query_of(kind) ? db_rows(db, query_of(kind), 2, values, "read a record", error) : NULL;
    json_t *found = json_incref(json_array_get(rows, 0));
    if (rows && !found)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no %s with the key '%s'", kind,
                    key);
    else if (!query_of(kind))
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "records of kind '%s' are not kept",
                    kind);
    json_decref(rows);
    return found;
}
