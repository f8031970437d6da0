#include "loader/names.h"
#include "service/cli/key.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/official.h"
#include "service/track/figures.h"
#include "sql/decision.h"
#include "sql/page.h"
#include <string.h>

enum { LIMIT = 100, KEYS_MOST = 10000 };

bool decisions_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"decision_id", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error) || !call_begin(call, error))
        return false;
    const struct page page = {.agency_id = call->agency_id, .after = after, .limit = limit + 1};
    json_t *rows =
        page_decisions(call->db, &page, call_arg(call, "kind"), call_arg(call, "key"), error);
    if (rows)
        cursor_answer(call, rows, limit, columns, NULL);
    return rows != NULL;
}

/* ---- A new one */

static bool wrong(GError **error, const char *text)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

static char *key_of(const char *kind, const char *text, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (g_str_equal(kind, "push"))
        return g_ascii_strdown(text, -1);
    if (g_str_equal(kind, "expert"))
        return name_fold(text);
    char *key = key_normal(kind_find(kind), text, false, &why);
    if (!key)
        wrong(error, why->message);
    return key;
}

static json_t *keys_of(const struct call *call, const char *kind, GError **error)
{
    const json_t *given = json_object_get(call->body, "keys");
    size_t count = json_array_size(given);
    json_t *keys = json_array();
    if (count > KEYS_MOST)
        wrong(error, "at most 10000 keys at a time");
    for (size_t i = 0; i < count && count <= KEYS_MOST; i++) {
        const char *text = json_string_value(json_array_get(given, i));
        g_autofree char *key = text ? key_of(kind, text, error) : NULL;
        if (!text)
            wrong(error, "keys are texts");
        if (!key)
            break;
        json_array_append_new(keys, json_string(key));
    }
    if (count > 0 && json_array_size(keys) == count)
        return keys;
    json_decref(keys);
    return NULL;
}

static bool read_words(const struct call *call, struct decision *out, GError **error)
{
    static const char *const verdicts[] = {"accept", "reject", "withdraw", NULL};
    if (!leads_text(call, "verdict", true, &out->verdict, error) ||
        !leads_text(call, "kind", true, &out->kind, error) ||
        !leads_text(call, "reason", true, &out->reason, error) ||
        !leads_text(call, "effective", false, &out->effective, error))
        return false;
    if (!g_strv_contains(verdicts, out->verdict))
        return wrong(error, "verdict is accept, reject or withdraw");
    return g_strv_contains(decision_kinds(), out->kind) ||
           wrong(error, "nothing of this kind is decided on");
}

static bool read_decision(const struct call *call, const char *today, struct decision *out,
                          GError **error)
{
    if (!read_words(call, out, error))
        return false;
    if (!out->effective)
        out->effective = today;
    if (!figures_is_day(out->effective) || strcmp(out->effective, today) > 0)
        return wrong(error, "effective is today, or an earlier day");
    out->invented = json_is_true(json_object_get(call->body, "invented"));
    out->agency_id = call->agency_id;
    out->by = call->who.account;
    out->os_user = "http";
    if (!*call->who.account) {
        g_set_error(error, API_ERROR, API_FORBIDDEN,
                    "this key names no account, and decisions are made by a person");
        return false;
    }
    return call->agency_id > 0 || wrong(error, "say on whose records: agency=CODE");
}

/* Whether the pack in force asks for two officials. */
static bool asks_four_eyes(const struct call *call, const char *kind)
{
    const struct daemon *daemon = call->user;
    g_autofree char *folder = app_setting(daemon->app, "policies");
    g_autoptr(pack_t) pack = pack_open(folder, NULL, NULL);
    return pack && pack_asks_four_eyes(pack, kind);
}

/* Those that another official proposed; *waiting: those that wait for one now. */
static json_t *decide_both(struct call *call, const struct decision *decision, json_t *keys,
                           json_t **waiting, GError **error)
{
    json_auto_t *ready = NULL;
    if (!asks_four_eyes(call, decision->kind))
        return decision_add(call->db, decision, keys, error);
    if (!decision_propose(call->db, decision, keys, &ready, waiting, error))
        return NULL;
    return json_array_size(ready) ? decision_add(call->db, decision, ready, error)
                                  : json_array();
}

static json_t *decide(struct call *call, const struct decision *decision, json_t **waiting,
                      GError **error)
{
    const json_t *batch = json_object_get(call->body, "batch");
    bool both = batch && json_object_get(call->body, "keys");
    if (both || (batch && !json_is_integer(batch))) {
        wrong(error, "give keys, or batch as a number");
        return NULL;
    }
    if (batch && asks_four_eyes(call, decision->kind)) {
        wrong(error, "two officials decide on each of this kind: name the keys, not a batch");
        return NULL;
    }
    if (batch)
        return decision_add_batch(call->db, decision, json_integer_value(batch), error);
    json_auto_t *keys = keys_of(call, decision->kind, error);
    if (!keys && error && !*error)
        wrong(error, "give keys, or batch as a number");
    return keys ? decide_both(call, decision, keys, waiting, error) : NULL;
}

bool decisions_make(struct call *call, GError **error)
{
    struct decision decision = {0};
    g_autofree char *today = app_today();
    if (!read_decision(call, today, &decision, error))
        return false;
    json_t *waiting = NULL;
    json_t *decided = decide(call, &decision, &waiting, error);
    if (!decided)
        return false;
    call_json(call, 201,
              json_pack("{s:s, s:s, s:s, s:s, s:o, s:o*}", "verdict", decision.verdict, "kind",
                        decision.kind, "by", decision.by, "effective", decision.effective,
                        "keys", decided, "waiting", waiting),
              NULL);
    return true;
}

/* ---- Four eyes */

bool decisions_waiting(struct call *call, GError **error)
{
    if (!call_begin(call, error))
        return false;
    json_t *rows = decision_waiting(call->db, call->agency_id, error);
    if (rows)
        call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return rows != NULL;
}
