#include "service/cli/key.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/steps/because.h"
#include "sql/feedback.h"
#include "sql/outbox.h"
#include "sql/page.h"

enum { LIMIT = 50 };

/* ---- Pushes */

bool pushes_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"created_at", "push_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) || !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id, .after = after, .limit = limit + 1};
    json_t *rows = page_pushes(call->db, &page, call->who.enterprise_id,
                               call_arg(call, "enterprise_uscc"), NULL, error);
    if (rows)
        cursor_answer(call, rows, limit, columns, NULL);
    return rows != NULL;
}

bool pushes_get(struct call *call, GError **error)
{
    const struct page page = {.agency_id = call->agency_id, .limit = 1};
    if (!call_begin(call, error))
        return false;
    json_auto_t *rows = page_pushes(call->db, &page, call->who.enterprise_id, NULL,
                                    call->places.value[0], error);
    json_t *push = json_array_get(rows, 0);
    if (rows && !push)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such push");
    if (push)
        call_json(call, 200, json_incref(push), NULL);
    return push != NULL;
}

/* ---- What became of them on the wire */

static bool read_push(const struct call *call, const char **out, GError **error)
{
    *out = call_arg(call, "push");
    if (!*out || g_uuid_string_is_valid(*out))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "push: '%s' is no push's id", *out);
    return false;
}

bool pushes_deliveries(struct call *call, GError **error)
{
    static const char *const columns[] = {"started_at", "outbox_id", "number", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    struct outbox_question question = {.since = call_arg(call, "since"),
                                       .uscc = call_arg(call, "enterprise_uscc"),
                                       .limit = limit + 1};
    if (!read_push(call, &question.push_id, error) || !cursor_read(call, &after, error) ||
        !call_begin(call, error))
        return false;
    question.agency_id = call->agency_id;
    question.after = after;
    json_t *rows = outbox_log(call->db, &question, error);
    if (rows)
        cursor_answer(call, rows, limit, columns, NULL);
    return rows != NULL;
}

/* ---- Answers to them */

bool feedback_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"at", "feedback_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) || !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id, .after = after, .limit = limit + 1};
    json_t *rows = page_feedback(call->db, &page, call->who.enterprise_id,
                                 call_arg(call, "answer"), error);
    if (rows)
        cursor_answer(call, rows, limit, columns, NULL);
    return rows != NULL;
}

static bool read_lead(const struct call *call, struct feedback *out, GError **error)
{
    const char *lead;
    if (!leads_text(call, "lead", true, &lead, error))
        return false;
    if (lead_id_read(lead, &out->lead))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "lead is PATENTID-NEEDID");
    return false;
}

static bool read_feedback(const struct call *call, struct feedback *out, GError **error)
{
    static const char *const answers[] = {"interested", "not_fit", "stop", NULL};
    if (!read_lead(call, out, error) ||
        !leads_text(call, "answer", true, &out->answer, error) ||
        !leads_text(call, "because", false, &out->because, error) ||
        !leads_text(call, "note", false, &out->note, error))
        return false;
    out->invented = json_is_true(json_object_get(call->body, "invented"));
    if (!g_strv_contains(answers, out->answer))
        g_set_error(error, API_ERROR, API_WRONG, "answer is interested, not_fit or stop");
    else if (out->because && !because_is(out->because))
        g_set_error(error, API_ERROR, API_WRONG, "because is none of the codes");
    else
        return true;
    return false;
}

/* An enterprise answers for itself alone. */
static bool check_own(const struct call *call, const struct feedback *feedback, GError **error)
{
    bool own = true;
    if (call->who.enterprise_id &&
        !page_is_needs(call->db, feedback->lead.need_id, call->who.enterprise_id, &own, error))
        return false;
    if (!own)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such push");
    return own;
}

bool feedback_give(struct call *call, GError **error)
{
    struct feedback feedback = {0};
    json_t *kept = NULL;
    g_autofree char *by = leads_by(call);
    if (!read_feedback(call, &feedback, error) || !call_begin(call, error) ||
        !check_own(call, &feedback, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    feedback.by = by;
    feedback.now = now;
    if (!now || !feedback_add(call->db, &feedback, &kept, error) ||
        !db_commit(call->db, error)) {
        json_decref(kept);
        return false;
    }
    call_json(call, json_is_true(json_object_get(kept, "recorded")) ? 201 : 200, kept, NULL);
    return true;
}
