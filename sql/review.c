#include "sql/review.h"
#include "sql/internal.h"

json_t *review_rows(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, sql_review_rows, 1, values, "list rows to be looked at", error);
}

json_t *review_names(struct db *db, const char *kind, GError **error)
{
    const char *const values[] = {kind};
    return db_rows(db, sql_review_names, 1, values, "list the names of organisations", error);
}

bool review_say(struct db *db, const struct review_word *word, const char *now, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", word->agency_id);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, word->batch);
    const char *const values[] = {agency,      word->kind, word->digest,
                                  word->state, word->uscc, word->batch ? batch : NULL,
                                  word->by,    now};
    return db_do(db, sql_review_say, 8, values, "keep what was said of a row", error);
}
