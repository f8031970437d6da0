#include "sql/interest.h"
#include "sql/internal.h"
#include <stdlib.h>

static json_t *rows_of(struct db *db, const char *sql, int agency_id, const char *what,
                       GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, sql, 1, values, what, error);
}

json_t *interest_leads(struct db *db, int agency_id, GError **error)
{
    return rows_of(db, sql_interest_leads, agency_id, "read leads and their answers", error);
}

json_t *interest_history(struct db *db, int agency_id, GError **error)
{
    return rows_of(db, sql_interest_history, agency_id, "read what was answered", error);
}

json_t *interest_latest(struct db *db, int agency_id, GError **error)
{
    return rows_of(db, sql_interest_latest, agency_id, "read what was learned from answers",
                   error);
}

bool interest_write(struct db *db, int agency_id, const json_t *body, const char *now,
                    int64_t *version, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    char *text = json_dumps(body, JSON_COMPACT);
    const char *const values[] = {agency, now, text};
    bool done =
        db_number(db, sql_interest_write, 3, values, "keep what was learned", version, error);
    free(text);
    return done;
}
