#include "service/daemon/leads.h"
#include "loader/identifier.h"
#include "service/daemon/daemon.h"
#include "service/steps/interest.h"
#include "service/steps/who.h"
#include "sql/intake.h"
#include "sql/page.h"
#include <string.h>

enum { LIMIT = 50 };

/* ---- The queue */

static json_t *item(const struct call *call, json_t *row)
{
    (void)call;
    json_object_del(row, "patent_id");
    json_object_set_new(row, "probability_basis", json_string(interest_basis(row, false)));
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

bool leads_id(const struct call *call, struct lead_id *out, GError **error)
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
        leads_id(calls[i], &ids[i], &calls[i]->error);
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
    return *call->who.account
               ? g_strdup(call->who.account)
               : g_strconcat(call->who.session ? "session:" : "key:", call->who.key_id, NULL);
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

/* How the lead stands now, beside what was asked for: of two who decide at once, the second learns what the first said. */
static void answer_decided(struct call *call, enum lead_verdict verdict, bool already,
                           json_t *standing)
{
    static const char *const members[] = {"state", "decided_by", "decided_at",
                                          "decision_reason", "held_until"};
    json_t *answer =
        json_pack("{s:s, s:s, s:b}", "lead", call->places.value[0], "verdict",
                  verdict == LEAD_ACCEPT ? "accept" : "reject", "already", (int)already);
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        json_object_set(answer, members[i], json_object_get(standing, members[i]));
    call_json(call, 200, answer, NULL);
}

static bool decide(struct call *call, enum lead_verdict verdict, GError **error)
{
    struct lead_id id;
    const char *reason;
    enum lead_outcome outcome;
    int hold_s;
    g_autofree char *by = leads_by(call);
    if (!leads_id(call, &id, error) || !leads_text(call, "reason", false, &reason, error) ||
        !leads_hold(call, &hold_s, error) || !call_begin(call, error))
        return false;
    g_autofree char *now = db_clock(call->db, error);
    const struct lead_decision decision = {verdict, by, reason, now, hold_s};
    if (!now || !lead_decide(call->db, &id, &decision, &outcome, error))
        return false;
    json_auto_t *standing = lead_standing(call->db, &id, error);
    if (!standing || !db_commit(call->db, error))
        return false;
    answer_decided(call, verdict, outcome == LEAD_ALREADY, standing);
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

/* ---- Who can help */

enum { WHO_LIMIT = 10 };

bool leads_patent(const struct call *call, int64_t *out, GError **error)
{
    g_autofree char *key = NULL;
    if (!read_patent(call, &key, error))
        return false;
    json_auto_t *wanted = json_pack("[s]", key),
                *found = intake_patent_ids(call->db, wanted, error);
    const char *id = json_string_value(json_object_get(found, key));
    *out = id ? g_ascii_strtoll(id, NULL, 10) : 0;
    if (found && !id)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no patent has the number %s", key);
    return id != NULL;
}

bool leads_who(struct call *call, GError **error)
{
    struct daemon *daemon = call->user;
    const char *need = call_arg(call, "need"), *patent = call_arg(call, "patent");
    enum who_kind kind;
    int64_t patent_id = 0;
    g_autofree char *today = app_today();
    json_auto_t *found = NULL;
    if (!who_kind_read(call_arg(call, "who"), &kind) || !need == !patent) {
        g_set_error(error, API_ERROR, API_WRONG,
                    "who, and either need or patent, must be given");
        return false;
    }
    struct match_options options = {.agency_id = call->agency_id,
                                    .today = today,
                                    .k = call_limit(call, WHO_LIMIT),
                                    .store = steps_store(daemon->steps)};
    if (options.agency_id == 0) {
        g_set_error(error, API_ERROR, API_WRONG,
                    "agency must be given: each has its own patents");
        return false;
    }
    if ((patent && !leads_patent(call, &patent_id, error)) ||
        !who_find(call->db, &options, kind, need, patent_id, &found, error))
        return false;
    call_json(call, 200, json_incref(found), NULL);
    return true;
}
