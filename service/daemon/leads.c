#include "service/daemon/leads.h"
#include "loader/identifier.h"
#include "service/daemon/daemon.h"
#include "sql/page.h"
#include <string.h>

enum { LIMIT = 50 };

/* ---- The queue */

static json_t *item(const struct call *call, json_t *row)
{
    (void)call;
    json_object_del(row, "patent_id");
    json_object_set_new(row, "probability_basis", json_string("prior, not learned"));
    return json_incref(row);
}

/* A number in any spelling, as the database finds it. */
static bool read_patent(const struct call *call, char **out, GError **error)
{
    const char *text = call_arg(call, "patent");
    g_autofree char *today = app_today();
    struct patent_number number;
    struct problem problem = {0};
    if (!text)
        return true;
    if (patent_number_read(text, today, &number, &problem)) {
        *out = patent_number_key(&number);
        return true;
    }
    g_set_error(error, API_ERROR, API_WRONG, "patent: %s", problem.en);
    problem_clear(&problem);
    return false;
}

bool leads_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"fit", "patent_id", "need_id", NULL};
    int limit = call_limit(call, LIMIT);
    g_autofree char *patent = NULL;
    json_auto_t *after = NULL;
    if (!read_patent(call, &patent, error) || !cursor_read(call, &after, error) ||
        !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id, .after = after, .limit = limit + 1};
    json_t *rows = page_leads(call->db, &page, call_arg(call, "state"), call_arg(call, "need"),
                              patent, error);
    if (!rows)
        return false;
    cursor_answer(call, rows, limit, columns, item);
    return true;
}

/* ---- By their ids */

static void answer_text(struct call *call, char *text)
{
    struct answer *answer = call->answer;
    answer->status = 200;
    answer->type = "application/json";
    answer->body = g_string_new(text);
    answer->may_pack = true;
}

static bool read_id(const struct call *call, struct lead_id *out, GError **error)
{
    if (lead_id_read(call->places.value[0], out))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "a lead's id is PATENTID-NEEDID");
    return false;
}

/* A patent may have been merged since somebody noted the id. */
static char *find_merged(struct call *call, struct lead_id id, GError **error)
{
    g_autofree char *ids = lead_patent_ids(call->db, id.patent_id, &id.patent_id, error);
    char *text = NULL;
    return ids && page_lead_texts(call->db, &id, 1, &text, error) ? text : NULL;
}

static void answer_one(struct call *call, const struct lead_id *id, char *text)
{
    if (!text && !call->error)
        text = find_merged(call, *id, &call->error);
    if (text)
        answer_text(call, text);
    else if (!call->error)
        g_set_error(&call->error, API_ERROR, API_NOT_FOUND, "there is no such lead");
    g_free(text);
}

/* Those that have no text yet, from the database. */
static bool read_rest(struct call *call, const struct lead_id *ids, size_t count, char **texts,
                      GError **error)
{
    g_autofree struct lead_id *wanted = g_new(struct lead_id, count);
    g_autofree size_t *places = g_new(size_t, count);
    g_autofree char **found = g_new0(char *, count);
    size_t missing = 0;
    for (size_t i = 0; i < count; i++)
        if (!texts[i]) {
            places[missing] = i;
            wanted[missing++] = ids[i];
        }
    bool done = missing == 0 || (call_begin(call, error) &&
                                 page_lead_texts(call->db, wanted, missing, found, error));
    for (size_t i = 0; i < missing; i++)
        texts[places[i]] = found[i];
    return done;
}

static bool read_texts(struct call *call, const struct lead_id *ids, size_t count, char **texts,
                       GError **error)
{
    struct memory *memory = ((struct daemon *)call->user)->memory;
    const struct memory_asked asked = memory_ask(memory, g_get_monotonic_time());
    g_autofree char *standing = db_standing(call->db, error);
    if (!standing)
        return false;
    memory_recall(memory, &asked, standing, call->agency_id, ids, count, texts);
    if (!read_rest(call, ids, count, texts, error))
        return false;
    memory_keep(memory, standing, call->agency_id, ids, count, texts);
    return true;
}

bool leads_recall(struct call *call)
{
    struct memory *memory = ((struct daemon *)call->user)->memory;
    struct lead_id id;
    char *text = lead_id_read(call->places.value[0], &id)
                     ? memory_now(memory, g_get_monotonic_time(), call->agency_id, &id)
                     : NULL;
    if (text)
        answer_text(call, text);
    g_free(text);
    return text != NULL;
}

void leads_get(struct call *const *calls, size_t count)
{
    g_autofree struct lead_id *ids = g_new0(struct lead_id, count);
    g_autofree char **texts = g_new0(char *, count);
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < count; i++)
        read_id(calls[i], &ids[i], &calls[i]->error);
    bool read = read_texts(calls[0], ids, count, texts, &error);
    for (size_t i = 0; i < count; i++) {
        if (!read && !calls[i]->error)
            calls[i]->error = g_error_copy(error);
        answer_one(calls[i], &ids[i], texts[i]);
    }
}

/* ---- Decisions of the agency's staff */

char *leads_by(const struct call *call)
{
    return *call->who.account ? g_strdup(call->who.account)
                              : g_strconcat("key:", call->who.key_id, NULL);
}

bool leads_text(const struct call *call, const char *name, bool required, const char **out,
                GError **error)
{
    const json_t *value = json_object_get(call->body, name);
    *out = json_string_value(value);
    if ((*out && **out) || (!required && (!value || json_is_null(value))))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "the body needs %s as a text", name);
    return false;
}

static bool decide(struct call *call, enum lead_verdict verdict, GError **error)
{
    struct lead_id id;
    const char *reason;
    enum lead_outcome outcome;
    g_autofree char *by = leads_by(call);
    if (!read_id(call, &id, error) || !leads_text(call, "reason", false, &reason, error) ||
        !call_begin(call, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    const struct lead_decision decision = {verdict, by, reason, now};
    if (!now || !lead_decide(call->db, &id, &decision, &outcome, error) ||
        !db_commit(call->db, error))
        return false;
    call_json(call, 200,
              json_pack("{s:s, s:s, s:b}", "lead", call->places.value[0], "verdict",
                        verdict == LEAD_ACCEPT ? "accept" : "reject", "already",
                        (int)(outcome == LEAD_ALREADY)),
              NULL);
    return true;
}

bool leads_accept(struct call *call, GError **error)
{
    return decide(call, LEAD_ACCEPT, error);
}

bool leads_reject(struct call *call, GError **error)
{
    return decide(call, LEAD_REJECT, error);
}
