#include "sql/part.h"
#include "sql/internal.h"
#include <stdlib.h>

struct part_texts {
    char agency[16], parts[16], part[16];
};

static struct part_texts texts_of(const struct part *part)
{
    struct part_texts texts;
    g_snprintf(texts.agency, sizeof texts.agency, "%d", part->agency_id);
    g_snprintf(texts.parts, sizeof texts.parts, "%d", part->parts);
    g_snprintf(texts.part, sizeof texts.part, "%d", part->part);
    return texts;
}

static char *number_text(int64_t number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

json_t *part_totals(struct db *db, const struct part *part, GError **error)
{
    struct part_texts t = texts_of(part);
    const char *const values[] = {t.agency, t.parts};
    return db_rows(db, sql_part_totals, 2, values, "read what the ranges sum to", error);
}

json_t *part_rounds(struct db *db, const struct part *part, const char *digest, GError **error)
{
    struct part_texts t = texts_of(part);
    const char *const values[] = {t.agency, t.parts, t.part, digest};
    return db_rows(db, sql_part_rounds, 4, values, "read where the needs stand", error);
}

json_t *part_shares(struct db *db, const struct part *part, const char *need_id, int64_t round,
                    GError **error)
{
    struct part_texts t = texts_of(part);
    g_autofree char *number = number_text(round);
    const char *const values[] = {need_id, t.parts, number};
    return db_rows(db, sql_part_shares, 3, values, "read what the ranges know of a need",
                   error);
}

bool part_write_totals(struct db *db, const struct part *part, const json_t *totals,
                       int64_t patent_seq, bool *changed, GError **error)
{
    struct part_texts t = texts_of(part);
    g_autofree char *seq = number_text(patent_seq);
    char *text = json_dumps(totals, JSON_COMPACT);
    const char *const values[] = {t.agency, t.parts, t.part, text, seq};
    json_auto_t *rows =
        db_rows(db, sql_part_write_totals, 5, values, "say what a range sums to", error);
    free(text);
    *changed = json_array_size(rows) > 0;
    return rows != NULL;
}

bool part_begin_rounds(struct db *db, const struct part *part, const json_t *needs,
                       const char *model, int k, int64_t *begun, GError **error)
{
    struct part_texts t = texts_of(part);
    g_autofree char *leads = number_text(k);
    char *text = json_dumps(needs, JSON_COMPACT);
    const char *const values[] = {t.agency, t.parts, text, model, leads};
    json_auto_t *rows = db_rows(db, sql_part_begin_rounds, 5, values, "begin rounds", error);
    free(text);
    *begun = (int64_t)json_array_size(rows);
    return rows != NULL;
}

bool part_write_counts(struct db *db, const struct part *part, const json_t *counts,
                       GError **error)
{
    struct part_texts t = texts_of(part);
    char *text = json_dumps(counts, JSON_COMPACT);
    const char *const values[] = {t.agency, t.parts, t.part, text};
    bool done = db_do(db, sql_part_write_counts, 4, values, "write counts of terms", error);
    free(text);
    return done;
}

bool part_write_candidates(struct db *db, const struct part *part, const char *need_id,
                           int64_t round, const char *digest, const json_t *candidates,
                           GError **error)
{
    struct part_texts t = texts_of(part);
    g_autofree char *number = number_text(round);
    char *text = json_dumps(candidates, JSON_COMPACT | JSON_REAL_PRECISION(17));
    const char *const values[] = {need_id, t.parts, t.part, number, digest, text};
    bool done =
        db_do(db, sql_part_write_candidates, 6, values, "write the best of a range", error);
    free(text);
    return done;
}

bool part_merged(struct db *db, const struct part *part, const char *need_id, int64_t round,
                 bool *first, GError **error)
{
    struct part_texts t = texts_of(part);
    g_autofree char *number = number_text(round);
    const char *const values[] = {need_id, t.parts, number};
    json_auto_t *rows =
        db_rows(db, sql_part_merged, 3, values, "say that a round is over", error);
    *first = json_array_size(rows) > 0;
    return rows != NULL;
}
