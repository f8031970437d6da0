#include "service/daemon/follow.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/track/figures.h"
#include "sql/follow.h"
#include <string.h>

enum { LIMIT = 500, NOTE_MOST = 4000, NAME_MOST = 200 };

static bool wrong(GError **error, const char *text)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

bool follow_ups_list(struct call *call, GError **error)
{
    int limit = call_limit(call, LIMIT);
    if (!call_begin(call, error))
        return false;
    json_t *rows =
        follow_list(call->db, call->agency_id, call_arg(call, "stage"), limit + 1, error);
    if (!rows)
        return false;
    bool more = json_array_size(rows) > (size_t)limit;
    if (more)
        json_array_remove(rows, (size_t)limit);
    call_json(call, 200, json_pack("{s:o, s:b}", "items", rows, "more", (int)more), NULL);
    return true;
}

/* ---- One */

static bool read_id(const struct call *call, struct lead_id *out, GError **error)
{
    return lead_id_read(call->places.value[0], out) ||
           wrong(error, "a lead's id is PATENTID-NEEDID");
}

static void answer(struct call *call, json_t *card)
{
    call_json(call, 200, card, card);
}

bool follow_ups_get(struct call *call, GError **error)
{
    struct lead_id id;
    if (!read_id(call, &id, error) || !call_begin(call, error))
        return false;
    json_t *card = follow_find(call->db, call->agency_id, &id, error);
    if (card)
        answer(call, card);
    return card != NULL;
}

/* ---- A step */

/* What the body says, or what was: null clears. */
static bool read_member(const struct call *call, const json_t *card, const char *name,
                        const char **out, GError **error)
{
    const json_t *said = json_object_get(call->body, name);
    const json_t *value = said ? said : json_object_get(card, name);
    *out = json_string_value(value);
    if (json_is_null(value) || (json_is_string(value) && strlen(*out) <= NAME_MOST))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "%s: a short text, or null", name);
    return false;
}

static bool check_step(const struct follow_step *step, GError **error)
{
    if (!step->stage || !g_strv_contains(follow_stages(), step->stage))
        return wrong(error,
                     "stage: interested, contact, visit, offer, contract, registered or ended");
    if (step->due && !figures_is_day(step->due))
        return wrong(error, "due is no day; expected 2025-06-30");
    return !step->note || strlen(step->note) <= NOTE_MOST ||
           wrong(error, "note: at most 4000 bytes");
}

static bool read_step(const struct call *call, const json_t *card, struct follow_step *step,
                      GError **error)
{
    return read_member(call, card, "stage", &step->stage, error) &&
           read_member(call, card, "due", &step->due, error) &&
           read_member(call, card, "deal", &step->deal, error) &&
           leads_text(call, "note", false, &step->note, error) && check_step(step, error);
}

static bool check_tag(const struct call *call, const json_t *card, GError **error)
{
    g_autofree char *tag = call_tag(card);
    if (call_may_change(call, tag))
        return true;
    g_set_error(error, API_ERROR, API_CHANGED, "somebody has changed it meanwhile");
    return false;
}

/* In the transaction that it ends. */
static bool keep_step(struct call *call, const struct lead_id *id, GError **error)
{
    g_autofree char *by = leads_by(call), *now = db_clock(call->db, error);
    json_auto_t *card = now && follow_lock(call->db, id, error)
                            ? follow_find(call->db, call->agency_id, id, error)
                            : NULL;
    struct follow_step step = {.agency_id = call->agency_id, .by = by, .now = now};
    return card && check_tag(call, card, error) &&
           lead_id_read(json_string_value(json_object_get(card, "lead")), &step.id) &&
           read_step(call, card, &step, error) && follow_keep(call->db, &step, error) &&
           db_commit(call->db, error);
}

bool follow_ups_change(struct call *call, GError **error)
{
    struct lead_id id;
    if (!read_id(call, &id, error) || !db_begin(call->db, DB_SERVICE, call->agency_id, error) ||
        !keep_step(call, &id, error) || !call_begin(call, error))
        return false;
    json_t *card = follow_find(call->db, call->agency_id, &id, error);
    if (card)
        answer(call, card);
    return card != NULL;
}
