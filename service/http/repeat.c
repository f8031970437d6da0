#include "service/http/repeat.h"
#include "sql/api_answer.h"
#include <string.h>

/* Of a file the whole content counts. */
static bool add_file(GChecksum *sum, const char *path)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return false;
    const char *bytes = g_mapped_file_get_contents(file);
    for (gsize at = 0, len = g_mapped_file_get_length(file); at < len;) {
        gsize piece = MIN(len - at, (gsize)1 << 24);
        g_checksum_update(sum, (const guchar *)bytes + at, (gssize)piece);
        at += piece;
    }
    return true;
}

static char *digest_of(const struct request *request)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *match = request->headers[HEADER_IF_MATCH];
    g_autofree char *head =
        g_strjoin("\n", request->method, request->target, match ? match : "", "", NULL);
    g_checksum_update(sum, (const guchar *)head, (gssize)strlen(head));
    if (request->body)
        g_checksum_update(sum, (const guchar *)request->body->str, (gssize)request->body->len);
    if (request->body_file && !add_file(sum, request->body_file))
        return NULL;
    return g_strdup(g_checksum_get_string(sum));
}

static bool answer_known(struct call *call, const json_t *known)
{
    struct answer *answer = call->answer;
    const char *etag = json_string_value(json_object_get(known, "etag"));
    answer->status = (int)json_integer_value(json_object_get(known, "status"));
    answer->type = g_intern_string(json_string_value(json_object_get(known, "type")));
    answer->etag = g_strdup(etag);
    answer->body = g_string_new(json_string_value(json_object_get(known, "body")));
    answer->repeated = "true";
    answer->may_pack = true;
    return true;
}

/* Failures that say something of the request are its answer as well; the caller makes them, so they are not kept. */
static bool do_it(struct call *call, const struct api_answer_id *id, GError **error)
{
    struct answer *answer = call->answer;
    g_autoptr(GError) why = NULL;
    if (!call->route->handle(call, error)) {
        db_rollback(call->db);
        api_answer_drop(call->db, id, NULL);
        return false;
    }
    db_rollback(call->db);
    if (!api_answer_finish(call->db, id, answer->status, answer->type, answer->etag,
                           answer->body->str, &why))
        api_answer_drop(call->db, id, NULL); /* it was done, and can be done again */
    return true;
}

/* Under whose name keys stand: a session's are its account's, or its enterprise's, so that what could not be sent in one is done once
 * in the next. */
static char *owner_of(const struct principal *who)
{
    if (!who->session)
        return g_strdup(who->key_id);
    return *who->account ? g_strconcat("account ", who->account, NULL)
                         : g_strdup_printf("enterprise %d/%" G_GINT64_FORMAT, who->agency_id,
                                           who->enterprise_id);
}

bool repeat_call(struct call *call, GError **error)
{
    const char *key = call->request->headers[HEADER_IDEMPOTENCY_KEY];
    enum api_answer_state state;
    json_auto_t *known = NULL;
    if (!key)
        return call->route->handle(call, error);
    g_autofree char *digest = digest_of(call->request);
    g_autofree char *owner = owner_of(&call->who);
    const struct api_answer_id id = {owner, key, digest, g_get_real_time() / G_USEC_PER_SEC};
    if (!digest || !api_answer_begin(call->db, &id, &state, &known, error))
        return false;
    if (state == API_ANSWER_WORKING && call->again) /* by us, a moment ago */
        state = API_ANSWER_BEGUN;
    if (state == API_ANSWER_BEGUN)
        return do_it(call, &id, error);
    if (state == API_ANSWER_KNOWN)
        return answer_known(call, known);
    if (state == API_ANSWER_WORKING)
        g_set_error(error, API_ERROR, API_KEY_WORKING,
                    "a request with this Idempotency-Key is being worked on");
    else
        g_set_error(error, API_ERROR, API_KEY_REUSED,
                    "this Idempotency-Key was used for another request");
    return false;
}
