#include "service/daemon/inbox.h"
#include "service/daemon/caller.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/push/schedule.h"
#include "service/steps/because.h"
#include "service/steps/look.h"
#include "service/steps/titles.h"
#include "sql/own.h"
#include "sql/page.h"
#include <string.h>

#define WEEK_US (7 * G_TIME_SPAN_DAY)

/* ---- What these share */

json_t *inbox_enterprise(struct call *call, GError **error)
{
    g_autofree char *week_ago = schedule_moment_text(g_get_real_time() - WEEK_US);
    if (call->who.enterprise_id && call->who.agency_id)
        return own_enterprise(call->db, call->who.enterprise_id, call->who.agency_id, week_ago,
                              error);
    g_set_error(error, API_ERROR, API_NOT_FOUND, "no enterprise asks");
    return NULL;
}

bool inbox_person(const struct call *call, GError **error)
{
    if (call->who.session)
        return true;
    g_set_error(error, API_ERROR, API_CONFLICT, "a key has no eyes: who is signed in opens");
    return false;
}

static const struct kind_of_record *kind_named(const struct call *call, const char *name)
{
    const struct daemon *daemon = call->user;
    for (size_t i = 0; i < daemon->kind_count; i++)
        if (g_str_equal(daemon->kinds[i].name, name))
            return &daemon->kinds[i];
    g_error("there is no kind %s", name); /* a mistake of ours */
}

bool inbox_store(struct call *call, const char *kind, const char *key, json_t *record,
                 GError **error)
{
    json_decref(call->body);
    call->body = record;
    call->places.kind = kind_named(call, kind);
    g_free(call->places.value[0]);
    call->places.value[0] = g_strdup(key);
    return records_put(call, error);
}

/* ---- Words */

bool inbox_because(struct call *call, GError **error)
{
    json_t *items = json_array();
    (void)error;
    for (const struct because *row = because_codes(); row->code; row++)
        json_array_append_new(items, json_pack("{s:s, s:s, s:s}", "code", row->code, "en",
                                               row->en, "zh", row->zh));
    call_json(call, 200, json_pack("{s:o}", "items", items), NULL);
    return true;
}

/* ---- One push */

/* The push, where whoever asks may see it. */
static json_t *find_push(struct call *call, GError **error)
{
    const struct page page = {.agency_id = call->agency_id, .limit = 1};
    if (!g_uuid_string_is_valid(call->places.value[0])) {
        g_set_error(error, API_ERROR, API_WRONG, "'%s' is no push's id", call->places.value[0]);
        return NULL;
    }
    json_auto_t *rows = call_begin(call, error)
                            ? page_pushes(call->db, &page, call->who.enterprise_id, NULL,
                                          call->places.value[0], error)
                            : NULL;
    json_t *push = json_incref(json_array_get(rows, 0));
    if (rows && !push)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such push");
    return push;
}

/* [{symbol, title}] of the first classes, as the matcher's reasons write symbols; a title where the classification is known. */
static json_t *classes_of(struct call *call, const json_t *symbols, GError **error)
{
    json_auto_t *reasons = json_array(), *holder = json_array();
    for (size_t i = 0; i < json_array_size(symbols); i++)
        json_array_append_new(reasons, json_pack("{s:s, s:O}", "kind", "class", "text",
                                                 json_array_get(symbols, i)));
    json_array_append_new(holder, json_pack("{s:O}", "reasons", reasons));
    if (!titles_add(call->db, holder, error))
        return NULL;
    json_t *classes = json_array();
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        json_array_append_new(classes, json_pack("{s:O, s:O?}", "symbol",
                                                 json_object_get(reason, "text"), "title",
                                                 json_object_get(reason, "title")));
    }
    return classes;
}

static json_t *spans_of(struct call *call, const json_t *story, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *today = app_today();
    const struct match_options options = {
        .agency_id = (int)json_integer_value(json_object_get(story, "agency_id")),
        .today = today,
        .k = 1,
        .store = daemon->steps ? steps_store(daemon->steps) : NULL};
    const char *patent = json_string_value(json_object_get(story, "patent_id"));
    json_t *spans = NULL;
    return look_spans(call->db, &options, json_object_get(story, "need"),
                      g_ascii_strtoll(patent, NULL, 10), &spans, error)
               ? spans
               : NULL;
}

bool inbox_story(struct call *call, GError **error)
{
    json_auto_t *push = find_push(call, error);
    json_auto_t *story = push ? own_story(call->db, call->places.value[0], error) : NULL;
    json_t *classes = story ? classes_of(call, json_object_get(story, "classes"), error) : NULL;
    json_t *spans = classes ? spans_of(call, story, error) : NULL;
    if (!spans) {
        json_decref(classes);
        return false;
    }
    call_json(call, 200,
              json_pack("{s:O, s:O, s:o, s:o, s:O, s:O, s:O, s:O}", "push_id",
                        json_object_get(push, "push_id"), "need_text",
                        json_object_get(json_object_get(story, "need"), "text"), "classes",
                        classes, "spans", spans, "answers", json_object_get(story, "answers"),
                        "resumed", json_object_get(story, "resumed"), "steps",
                        json_object_get(story, "steps"), "deals",
                        json_object_get(story, "deals")),
              NULL);
    return true;
}

static bool keep_opened(struct call *call, const json_t *push, bool *recorded, GError **error)
{
    struct lead_id lead;
    g_autofree char *by = leads_by(call), *address = caller_mark(call);
    g_autofree char *now = db_clock(call->db, error);
    const char *text = json_string_value(json_object_get(push, "lead"));
    struct own_opening opening = {
        .push_id = call->places.value[0], .by = by, .address = address, .now = now};
    if (!now || !text || !lead_id_read(text, &lead))
        return false;
    opening.patent_id = lead.patent_id;
    return own_opened(call->db, &opening, recorded, error) && db_commit(call->db, error);
}

bool inbox_opened(struct call *call, GError **error)
{
    bool recorded = false;
    json_auto_t *push = find_push(call, error);
    if (!push || !inbox_person(call, error) || !keep_opened(call, push, &recorded, error))
        return false;
    call_json(
        call, recorded ? 201 : 200,
        json_pack("{s:s, s:b}", "push_id", call->places.value[0], "recorded", (int)recorded),
        NULL);
    return true;
}
