#include "sql/lead.h"
#include "sql/internal.h"
#include "sql/notice.h"
#include <string.h>

enum { MERGES_MOST = 64 }; /* longer is a circle */

static bool read_number(const char *text, const char *end, int64_t *out)
{
    g_autofree char *part = g_strndup(text, (gsize)(end - text));
    return g_ascii_string_to_signed(part, 10, G_MININT64, G_MAXINT64, out, NULL);
}

bool lead_id_read(const char *text, struct lead_id *out)
{
    struct lead_id id;
    const char *dash = strrchr(text, '-');
    if (!dash || dash == text || !g_ascii_isdigit(dash[1]) || !g_ascii_isdigit(dash[-1]))
        return false;
    if (!read_number(text, dash, &id.patent_id) ||
        !read_number(dash + 1, text + strlen(text), &id.need_id))
        return false;
    *out = id;
    return true;
}

char *lead_id_text(const struct lead_id *id)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, id->patent_id,
                           id->need_id);
}

json_t *lead_list(struct db *db, const struct lead_filter *filter, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", filter->agency_id);
    g_autofree char *limit = g_strdup_printf("%d", filter->limit);
    const char *const values[] = {agency, filter->state ? filter->state : "",
                                  filter->need ? filter->need : "", limit};
    return db_rows(db, sql_lead_list, 4, values, "list leads", error);
}

/* Takes one step: *out is where the patent went, or unchanged when it went nowhere. */
static bool follow_merge(struct db *db, int64_t patent_id, int64_t *out, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, patent_id);
    const char *const values[] = {text};
    g_autoptr(PGresult) res =
        db_run(db, sql_lead_successor, 1, values, "follow a merged patent", error);
    if (!res)
        return false;
    bool moved = PQntuples(res) == 1 && !PQgetisnull(res, 0, 0);
    *out = moved ? g_ascii_strtoll(PQgetvalue(res, 0, 0), NULL, 10) : patent_id;
    return true;
}

char *lead_patent_ids(struct db *db, int64_t patent_id, int64_t *last, GError **error)
{
    g_autoptr(GString) ids = g_string_new("{");
    g_string_append_printf(ids, "%" G_GINT64_FORMAT, patent_id);
    for (int step = 0; step < MERGES_MOST; step++) {
        int64_t next;
        if (!follow_merge(db, patent_id, &next, error))
            return NULL;
        if (next == patent_id)
            break;
        patent_id = next;
        g_string_append_printf(ids, ",%" G_GINT64_FORMAT, patent_id);
    }
    g_string_append_c(ids, '}');
    if (last)
        *last = patent_id;
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

static bool next_change(struct db *db, char **out, GError **error)
{
    int64_t number;
    if (!db_number(db, sql_lead_change, 0, NULL, "draw a change number", &number, error))
        return false;
    *out = g_strdup_printf("%" G_GINT64_FORMAT, number);
    return true;
}

/* Why a lead could not be decided: it is not there, it is so already, or its state forbids it. */
static bool explain(struct db *db, const struct lead_id *id, enum lead_verdict verdict,
                    enum lead_outcome *out, GError **error)
{
    g_autofree char *name = lead_id_text(id);
    g_autofree char *patent = g_strdup_printf("%" G_GINT64_FORMAT, id->patent_id);
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, id->need_id);
    const char *const values[] = {patent, need};
    g_autoptr(PGresult) res = db_run(db, sql_lead_state, 2, values, "look for a lead", error);
    if (!res)
        return false;
    const char *verb = verdict == LEAD_ACCEPT ? "accept" : "reject";
    if (PQntuples(res) == 0) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "could not %s lead %s: there is no such lead", verb, name);
        return false;
    }
    const char *state = PQgetvalue(res, 0, 3);
    bool pushed = g_str_equal(state, "pushed");
    *out = LEAD_ALREADY;
    if (g_str_equal(state, verdict == LEAD_ACCEPT ? "accepted" : "rejected") ||
        (pushed && verdict == LEAD_ACCEPT))
        return true;
    bool decided = g_str_equal(state, "accepted") || g_str_equal(state, "rejected");
    g_autofree char *by_other =
        decided ? g_strdup_printf("was %s by %s", state, PQgetvalue(res, 0, 4)) : NULL;
    g_set_error(error, SQL_ERROR, SQL_ERROR_STATE, "could not %s lead %s: it %s", verb, name,
                by_other ? by_other
                : pushed ? "was pushed already"
                         : "is superseded: it was weighed again and is no proposal any more");
    return false;
}

bool lead_decide(struct db *db, const struct lead_id *id, const struct lead_decision *decision,
                 enum lead_outcome *out, GError **error)
{
    struct lead_id now_at = *id;
    g_autofree char *ids = lead_patent_ids(db, id->patent_id, &now_at.patent_id, error);
    g_autofree char *change = NULL;
    if (!ids || !next_change(db, &change, error))
        return false;
    bool accept = decision->verdict == LEAD_ACCEPT;
    g_autofree char *hold = g_strdup_printf("%d", decision->hold_s);
    g_autofree char *patent = g_strdup_printf("%" G_GINT64_FORMAT, now_at.patent_id);
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, now_at.need_id);
    const char *const values[] = {patent,
                                  need,
                                  accept ? "accepted" : "rejected",
                                  decision->hold_s ? "{proposed}"
                                  : accept         ? "{proposed,rejected}"
                                                   : "{proposed,accepted}",
                                  decision->now,
                                  decision->by,
                                  decision->reason ? decision->reason : "",
                                  change,
                                  hold};
    g_autoptr(PGresult) res = db_run(db, sql_lead_decide, 9, values, "decide on a lead", error);
    if (!res)
        return false;
    *out = LEAD_DECIDED;
    notice_tell(db, "lead");
    return PQntuples(res) == 1 || explain(db, &now_at, decision->verdict, out, error);
}

bool lead_accept_above(struct db *db, int agency_id, double fit,
                       const struct lead_decision *decision, int *out, GError **error)
{
    char floor_text[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    g_autofree char *change = NULL;
    if (!next_change(db, &change, error))
        return false;
    const char *const values[] = {
        agency,       g_ascii_dtostr(floor_text, sizeof floor_text, fit), decision->now,
        decision->by, decision->reason ? decision->reason : "",           change};
    g_autoptr(PGresult) res =
        db_run(db, sql_lead_accept_above, 6, values, "accept leads", error);
    if (!res)
        return false;
    *out = PQntuples(res);
    notice_tell(db, "lead");
    return true;
}

bool lead_expire(struct db *db, const char *today, int *out, GError **error)
{
    g_autofree char *change = NULL;
    if (!next_change(db, &change, error))
        return false;
    const char *const values[] = {today, change};
    g_autoptr(PGresult) res = db_run(db, sql_lead_expire, 2, values, "expire leads", error);
    if (!res)
        return false;
    *out = PQntuples(res);
    return true;
}
