#include "service/http/api.h"
#include "service/http/asker.h"
#include "service/http/journal.h"
#include "service/http/pack.h"
#include "service/http/question.h"
#include "service/http/repeat.h"
#include "service/http/workers.h"
#include "sql/api_key.h"
#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(patbridge - api - error, api_error)

const struct api_problem api_problems[API_ERRORS] = {
    [API_WRONG] = {400, "bad-request", "Bad Request"},
    [API_NO_KEY] = {401, "unauthorized", "Unauthorized"},
    [API_FORBIDDEN] = {403, "forbidden", "Forbidden"},
    [API_NOT_FOUND] = {404, "not-found", "Not Found"},
    [API_CONFLICT] = {409, "conflict", "Conflict"},
    [API_CHANGED] = {412, "changed", "Precondition Failed"},
    [API_MEDIA] = {415, "media-type", "Unsupported Media Type"},
    [API_REFUSED] = {422, "refused", "Unprocessable Content"},
    [API_KEY_REUSED] = {422, "idempotency-key-reused", "Unprocessable Content"},
    [API_KEY_WORKING] = {409, "idempotency-key-in-use", "Conflict"},
    [API_RATE] = {429, "rate-limited", "Too Many Requests"},
    [API_INTERNAL] = {500, "internal", "Internal Server Error"},
    [API_UNAVAILABLE] = {503, "unavailable", "Service Unavailable"},
    [API_BUSY] = {503, "busy", "Service Unavailable"},
    [API_CSRF] = {403, "csrf", "Forbidden"},
    [API_SIGN_IN] = {401, "sign-in-failed", "Unauthorized"},
    [API_CODE] = {401, "code-needed", "Unauthorized"},
    [API_LATER] = {429, "sign-in-later", "Too Many Requests"},
    [API_PASSWORD] = {403, "password-to-change", "Forbidden"},
};

enum { RETRY_AFTER_S = 5, JSON_MOST = ASKER_BODY_MOST, PAPER_MOST = 32 << 20, ID_MOST = 64 };

struct api {
    struct api_source source;
    struct asker asker;
    struct metrics *metrics;
    const char **names; /* of routes, then those below */
};

/* Places in the counts behind those of the routes. */
enum { ELSE_PAGE, ELSE_NOWHERE, ELSE_GUARD, ELSE_COUNT };
static const char *const else_names[ELSE_COUNT] = {"page", "nowhere", "guard"};

struct api *api_new(const struct api_source *source)
{
    struct api *api = g_new0(struct api, 1);
    size_t count = source->routes.count;
    api->source = *source;
    api->asker = (struct asker){keys_new(), sessions_new(), &api->source};
    api->names = g_new0(const char *, count + ELSE_COUNT);
    for (size_t i = 0; i < count; i++)
        api->names[i] = source->routes.routes[i].name;
    for (size_t i = 0; i < ELSE_COUNT; i++)
        api->names[count + i] = else_names[i];
    api->metrics = metrics_new(api->names, count + ELSE_COUNT);
    return api;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    keys_free(api->asker.keys);
    sessions_free(api->asker.sessions);
    metrics_free(api->metrics);
    g_free(api->names);
    g_free(api);
}

struct keys *api_keys(struct api *api)
{
    return api->asker.keys;
}

struct sessions *api_sessions(struct api *api)
{
    return api->asker.sessions;
}

bool api_adopt(struct api *api, struct call *call, const char *token, GError **error)
{
    g_strlcpy(call->token, token, sizeof call->token);
    return asker_look_up(&api->asker, call, error);
}

void api_metrics(struct api *api, GString *out)
{
    metrics_write(api->metrics, out);
}

/* ---- Problems */

static enum api_error error_of(const GError *error)
{
    static const enum api_error of_sql[] = {
        [SQL_ERROR_CONNECT] = API_UNAVAILABLE, [SQL_ERROR_SCHEMA] = API_INTERNAL,
        [SQL_ERROR_DENIED] = API_FORBIDDEN,    [SQL_ERROR_CONFLICT] = API_CONFLICT,
        [SQL_ERROR_AGAIN] = API_UNAVAILABLE,   [SQL_ERROR_NOT_FOUND] = API_NOT_FOUND,
        [SQL_ERROR_STATE] = API_CONFLICT,      [SQL_ERROR_OTHER] = API_INTERNAL,
        [SQL_ERROR_VALUE] = API_WRONG,         [SQL_ERROR_FENCED] = API_CONFLICT,
    };
    if (error->domain == API_ERROR)
        return (enum api_error)error->code;
    if (error->domain == SQL_ERROR)
        return of_sql[error->code];
    return API_INTERNAL;
}

static bool is_lost(const GError *error)
{
    return g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT);
}

/* Members that every problem here has beside those of RFC 9457. */
static void add_details(struct answer *answer, const char *request_id, json_t *details)
{
    json_t *problem = json_loads(answer->body->str, 0, NULL);
    json_object_set_new(problem, "request_id", json_string(request_id));
    json_object_update(problem, details);
    char *text = json_dumps(problem, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_string_assign(answer->body, text ? text : "{}");
    free(text);
    json_decref(problem);
}

/* The reason of a failure inside goes to the log alone: it may name servers, users and records. */
static void fail(struct request *request, struct answer *answer, const GError *error,
                 json_t *details)
{
    static const char inside[] = "something went wrong; the log has the reason";
    static const char away[] = "the database can't do this now; try again in a few seconds";
    enum api_error which = error_of(error);
    const struct api_problem *problem = &api_problems[which];
    const char *detail = which == API_INTERNAL ? inside
                         : which == API_UNAVAILABLE && error->domain != API_ERROR
                             ? away
                             : error->message;
    if (!is_lost(error) && (which == API_INTERNAL || which == API_UNAVAILABLE))
        journal_say("error", problem->kind, request->id, error->message);
    if (which == API_UNAVAILABLE || which == API_BUSY)
        answer->retry_after_s = RETRY_AFTER_S;
    answer_problem(answer, problem->status, problem->kind, problem->title, detail);
    add_details(answer, request->id, details);
}

/* ---- The head */

static struct call *call_new(struct api *api, struct request *request, struct answer *answer)
{
    struct call *call = g_new0(struct call, 1);
    call->request = request;
    call->answer = answer;
    call->user = api->source.user;
    request->call = call;
    return call;
}

static void call_free(struct call *call)
{
    places_clear(&call->places);
    json_decref(call->body);
    json_decref(call->details);
    g_clear_error(&call->error);
    g_free(call);
}

/* A request's own name is taken where it is one that a log can hold. */
static void take_id(struct request *request)
{
    const char *id = request->headers[HEADER_REQUEST_ID];
    size_t len = id ? strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-")
                    : 0;
    if (id && len >= 1 && len <= ID_MOST && !id[len])
        request->id = id;
}

static bool find_route(struct api *api, struct call *call, GError **error)
{
    g_autofree char *allow = NULL;
    call->route = route_find(&api->source.routes, call->request->method, call->request->path,
                             &call->places, &allow);
    if (call->route)
        return true;
    if (!allow) {
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is nothing at this address");
        return false;
    }
    call->answer->allow = g_intern_string(allow);
    g_autofree char *detail = g_strdup_printf("this address takes %s", allow);
    answer_problem(call->answer, 405, "method", "Method Not Allowed", detail);
    add_details(call->answer, call->request->id, NULL);
    return false;
}

static bool plan(struct api *api, struct call *call, GError **error)
{
    struct request *request = call->request;
    const struct route *route = call->route;
    if (!question_check(&api->source.routes, call, error))
        return false;
    request->body_taken = route->body != BODY_NONE;
    request->body_to_file = route->body == BODY_FILE || route->body == BODY_PAPER;
    request->body_most = route->body == BODY_FILE    ? api->source.load_most
                         : route->body == BODY_PAPER ? PAPER_MOST
                                                     : JSON_MOST;
    if (route->handle_many && call->known) /* one transaction can only be one agency's */
        request->batch = 1 + (call->who.agency_id ? call->who.agency_id : 0);
    return true;
}

/* The rest is pages. /a/ and /u/ are the signed links of pushes, /s/ those of invitations. */
static bool is_of_routes(const char *path)
{
    return g_str_has_prefix(path, "/v1/") || g_str_equal(path, "/metrics") ||
           g_str_has_prefix(path, "/a/") || g_str_has_prefix(path, "/u/") ||
           g_str_has_prefix(path, "/s/");
}

static bool recall(struct call *call)
{
    call->agency_id = call->who.agency_id;
    if (!call->known || !call->route->recall || !call->route->recall(call))
        return false;
    pack_answer(call->request, call->answer);
    return true;
}

static bool on_head(struct request *request, struct answer *answer, void *user)
{
    struct api *api = user;
    g_autoptr(GError) error = NULL;
    take_id(request);
    if (!is_of_routes(request->path)) {
        if (g_str_equal(request->path, "/healthz")) /* also when every worker is busy */
            api->source.page(request, answer, api->source.user);
        return answer->body != NULL;
    }
    struct call *call = call_new(api, request, answer);
    if (find_route(api, call, &error) &&
        (!call->route->roles || asker_at_head(&api->asker, call, &error)) &&
        plan(api, call, &error))
        return recall(call);
    if (error)
        fail(request, answer, error, NULL);
    return true;
}

/* ---- The whole request */

static bool read_body(struct call *call, GError **error)
{
    json_error_t why;
    if (call->route->body != BODY_JSON)
        return true;
    const GString *body = call->request->body;
    if (body->len == 0) {
        call->body = json_object();
        return true;
    }
    call->body = json_loadb(body->str, body->len, JSON_REJECT_DUPLICATES, &why);
    if (json_is_object(call->body))
        return true;
    g_set_error(error, API_ERROR, API_WRONG, "the body is no JSON object: %s, line %d",
                call->body ? "it is something else" : why.text, call->body ? 1 : why.line);
    return false;
}

/* Whose records: the key's agency. One that is bound to none may name one. */
static bool find_agency(struct api *api, struct call *call, GError **error)
{
    const char *code = call_arg(call, "agency");
    call->agency_id = call->who.agency_id;
    if (!code || (call->agency_id && g_str_equal(code, call->who.agency)))
        return true;
    if (!call->agency_id)
        return api->source.find_agency(call->db, code, &call->agency_id, error);
    g_set_error(error, API_ERROR, API_FORBIDDEN, "this key is bound to the agency %s",
                call->who.agency);
    return false;
}

/* A key that was made a moment ago is found only here: its look-up is alone. */
static bool answer_one(struct call *call, GError **error)
{
    struct call *const calls[] = {call};
    call->route->handle_many(calls, 1);
    bool done = !call->error;
    if (!done)
        g_propagate_error(error, g_steal_pointer(&call->error));
    return done;
}

static bool answer_call(struct api *api, struct call *call, GError **error)
{
    if (!call->known && call->route->roles && !asker_for_sure(&api->asker, call, error))
        return false;
    if (!read_body(call, error) || !find_agency(api, call, error))
        return false;
    return call->route->repeats       ? repeat_call(call, error)
           : call->route->handle_many ? answer_one(call, error)
                                      : call->route->handle(call, error);
}

static void finish(struct call *call, GError *error)
{
    if (error)
        fail(call->request, call->answer, error, call->details);
    pack_answer(call->request, call->answer);
}

/* A connection may have been lost long ago: what failed for it is done once more with a fresh one. Everything that the
 * interface does can be done again with the same end. */
static void handle_one(struct api *api, struct call *call)
{
    g_autoptr(GError) error = NULL;
    for (int try = 0; try < 2; try++) {
        g_clear_error(&error);
        call->db = api->source.take_db(api->source.user, &error);
        if (!call->db)
            break;
        g_clear_pointer(&call->body, json_decref);
        call->again = try > 0;
        bool done = answer_call(api, call, &error);
        db_rollback(call->db); /* what only read is still open */
        api->source.give_db(call->db, is_lost(error), api->source.user);
        if (done || !is_lost(error))
            break;
    }
    if (!g_str_equal(call->request->method, "GET"))
        api->source.changed(api->source.user);
    finish(call, error);
}

static bool handle_batch(struct api *api, struct call *const *calls, size_t count)
{
    g_autoptr(GError) error = NULL;
    struct db *db = api->source.take_db(api->source.user, &error);
    bool lost = false;
    for (size_t i = 0; i < count; i++) {
        calls[i]->db = db;
        g_clear_error(&calls[i]->error);
        if (!db)
            calls[i]->error = g_error_copy(error);
    }
    if (!db)
        return true;
    calls[0]->route->handle_many(calls, count);
    for (size_t i = 0; i < count; i++)
        lost |= is_lost(calls[i]->error);
    db_rollback(db);
    api->source.give_db(db, lost, api->source.user);
    return !lost;
}

static void handle_many(struct api *api, struct call *const *calls, size_t count)
{
    if (!handle_batch(api, calls, count))
        handle_batch(api, calls, count);
    for (size_t i = 0; i < count; i++)
        finish(calls[i], calls[i]->error);
}

static void on_handle(struct request *const *requests, struct answer *const *answers,
                      size_t count, void *user)
{
    struct api *api = user;
    struct call *calls[WORKERS_BATCH_MOST] = {0};
    for (size_t i = 0; i < count; i++)
        calls[i] = requests[i]->call;
    if (!calls[0]) {
        api->source.page(requests[0], answers[0], api->source.user);
        answers[0]->may_pack = true;
        pack_answer(requests[0], answers[0]);
    } else if (requests[0]->batch) {
        for (size_t i = 0; i < count; i++)
            calls[i]->agency_id = calls[i]->who.agency_id;
        handle_many(api, calls, count);
    } else {
        handle_one(api, calls[0]);
    }
}

/* ---- Afterwards */

static size_t place_of(const struct api *api, const struct request *request)
{
    const struct call *call = request->call;
    const struct routes *routes = &api->source.routes;
    if (call && call->route)
        return (size_t)(call->route - routes->routes);
    return routes->count + (call ? ELSE_NOWHERE : request->path ? ELSE_PAGE : ELSE_GUARD);
}

static void on_done(struct request *request, const struct answer *answer, int64_t took_us,
                    void *user)
{
    struct api *api = user;
    struct call *call = request->call;
    size_t place = place_of(api, request);
    int64_t len = answer->body ? (int64_t)answer->body->len : 0;
    metrics_count(api->metrics, place, answer->status, took_us, request->body_len, len);
    const struct journal_request line = {.id = request->id,
                                         .method = request->method,
                                         .route = api->names[place],
                                         .problem = answer->problem,
                                         .status = answer->status,
                                         .took_us = took_us,
                                         .bytes_in = request->body_len,
                                         .bytes_out = len,
                                         .who = call ? &call->who : NULL};
    journal_request(&line);
    if (call)
        call_free(call);
    request->call = NULL;
}

void api_tick(struct api *api)
{
    g_autoptr(GError) error = NULL;
    struct db *db = api->source.take_db(api->source.user, &error);
    json_auto_t *used = db ? keys_take_used(api->asker.keys) : NULL;
    bool done = db && asker_refresh(&api->asker, db, &error) &&
                (!used || api_key_used(db, used, &error));
    sessions_prune(api->asker.sessions, g_get_monotonic_time());
    if (db)
        api->source.give_db(db, is_lost(error), api->source.user);
    if (!done && !is_lost(error))
        journal_say("error", "keys can't be read", NULL, error->message);
    journal_flush();
}

struct server_hooks api_hooks(struct api *api)
{
    return (struct server_hooks){
        .head = on_head, .handle = on_handle, .done = on_done, .user = api};
}
