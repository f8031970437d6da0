#include "sql/feedback.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* The push that the lead became, wherever a merge has taken its patent; *ids are all ids of the patent. */
static json_t *find_push(struct db *db, const struct lead_id *lead, char **ids, GError **error)
{
    int64_t last;
    *ids = lead_patent_ids(db, lead->patent_id, &last, error);
    if (!*ids)
        return NULL;
    g_autofree char *patent = g_strdup_printf("%" G_GINT64_FORMAT, last);
    g_autofree char *need = g_strdup_printf("%" G_GINT64_FORMAT, lead->need_id);
    const char *const values[] = {patent, need};
    json_auto_t *rows =
        db_rows(db, sql_feedback_push, 2, values, "look for the push of a lead", error);
    if (!rows)
        return NULL;
    if (json_array_size(rows) == 1)
        return json_incref(json_array_get(rows, 0));
    g_autofree char *name = lead_id_text(lead);
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "could not record an answer to lead %s: it was never pushed, so nobody can "
                "have answered it",
                name);
    return NULL;
}

/* A name for this answer after the one before it: given twice at the same moment it is the same row. *known: it is the same as
 * the one before it, which still holds. */
static char *name_answer(const struct feedback *feedback, const json_t *push,
                         const json_t *last, bool *known)
{
    const char *because = feedback->because ? feedback->because : "",
               *note = feedback->note ? feedback->note : "";
    const char *was = text_of(last, "because"), *noted = text_of(last, "note");
    *known = json_is_true(json_object_get(last, "holds")) &&
             g_str_equal(text_of(last, "answer"), feedback->answer) &&
             g_str_equal(was ? was : "", because) && g_str_equal(noted ? noted : "", note);
    const char *before = last ? text_of(last, "feedback_id") : "";
    g_autofree char *said = g_strjoin("\x1f", text_of(push, "push_id"), before,
                                      feedback->answer, because, note, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, said, -1);
    return g_strndup(digest, 32); /* PostgreSQL reads 32 digits as a uuid */
}

static bool insert(struct db *db, const struct feedback *feedback, const json_t *push,
                   const char *id, bool *recorded, GError **error)
{
    g_autofree char *agency = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(push, "agency_id")));
    bool invented = feedback->invented || json_is_true(json_object_get(push, "invented"));
    const char *const values[] = {text_of(push, "patent_id"),
                                  id,
                                  text_of(push, "need_id"),
                                  agency,
                                  text_of(push, "enterprise_id"),
                                  feedback->answer,
                                  feedback->because,
                                  feedback->note,
                                  feedback->by,
                                  feedback->now,
                                  invented ? "true" : "false"};
    g_autoptr(PGresult) res =
        db_run(db, sql_feedback_insert, 11, values, "record an answer", error);
    if (res)
        *recorded = PQntuples(res) == 1;
    return res != NULL;
}

static bool note_events(struct db *db, const struct feedback *feedback, const json_t *push,
                        const char *ids, GError **error)
{
    json_auto_t *detail = json_pack("{s:s*}", "address", feedback->address);
    char *text = json_dumps(detail, JSON_COMPACT);
    bool done = true;
    for (const char *const *event = (const char *const[]){"opened", "answered", NULL};
         done && *event; event++) {
        const char *const values[] = {
            ids, text_of(push, "push_id"), "inbox", *event, feedback->now, text};
        done = db_do(db, sql_push_event, 6, values, "keep what happened to a push", error);
    }
    free(text);
    return done;
}

static bool withdraw(struct db *db, const struct feedback *feedback, const json_t *push,
                     int *count, GError **error)
{
    *count = 0;
    if (!g_str_equal(feedback->answer, "stop"))
        return true;
    g_autofree char *agency = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(push, "agency_id")));
    const char *const values[] = {agency, text_of(push, "enterprise_id"), feedback->now};
    g_autoptr(PGresult) res =
        db_run(db, sql_outbox_stop, 3, values, "stop what waits for the enterprise", error);
    if (res)
        *count = PQntuples(res);
    return res != NULL;
}

bool feedback_add(struct db *db, const struct feedback *feedback, json_t **out, GError **error)
{
    g_autofree char *ids = NULL;
    json_auto_t *push = find_push(db, &feedback->lead, &ids, error);
    if (!push)
        return false;
    const char *const lead[] = {text_of(push, "patent_id"), text_of(push, "need_id")};
    json_auto_t *last = db_rows(db, sql_feedback_last, 2, lead, "read the last answer", error);
    bool known, recorded = false;
    int withdrawn;
    if (!last)
        return false;
    g_autofree char *id = name_answer(feedback, push, json_array_get(last, 0), &known);
    if ((!known && !insert(db, feedback, push, id, &recorded, error)) ||
        !note_events(db, feedback, push, ids, error) ||
        !withdraw(db, feedback, push, &withdrawn, error))
        return false;
    g_autofree char *name = g_strdup_printf("%s-%s", lead[0], lead[1]);
    ledger_say(db, &(struct ledger_about){
                       .kind = "feedback",
                       .agency_id = (int)json_integer_value(json_object_get(push, "agency_id")),
                       .who = feedback->by,
                       .subject = name,
                       .reason = feedback->note});
    ledger_touch_one(db, "feedback", "feedback_id", id, NULL);
    ledger_touch_one(db, "push_event", "push_id", text_of(push, "push_id"), feedback->now);
    *out = json_pack("{s:s, s:O, s:O, s:s, s:b, s:i}", "lead", name, "push_id",
                     json_object_get(push, "push_id"), "enterprise",
                     json_object_get(push, "enterprise"), "answer", feedback->answer,
                     "recorded", recorded, "withdrawn", withdrawn);
    return true;
}
