#include "service/http/api.h"
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

bool call_begin(struct call *call, GError **error)
{
    if (call->who.agency_id)
        return db_begin(call->db, DB_SERVICE, call->who.agency_id, error);
    return db_begin(call->db, DB_READONLY, 0, error);
}

const char *call_arg(const struct call *call, const char *name)
{
    return request_arg(call->request, name);
}

int call_limit(const struct call *call, int usual)
{
    const char *limit = call_arg(call, "limit");
    return limit ? (int)g_ascii_strtoll(limit, NULL, 10) : usual;
}

char *call_tag(const json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    XXH128_hash_t hash = XXH3_128bits(text, text ? strlen(text) : 0);
    free(text);
    return g_strdup_printf("\"%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x\"",
                           (guint64)hash.high64, (guint64)hash.low64);
}

void call_json(struct call *call, int status, json_t *document, const json_t *tagged)
{
    struct answer *answer = call->answer;
    char *text = json_dumps(document, JSON_COMPACT | JSON_PRESERVE_ORDER);
    answer_clear(answer);
    answer->status = status;
    answer->type = "application/json";
    answer->body = g_string_new(text ? text : "null");
    answer->may_pack = true;
    if (tagged)
        answer->etag = call_tag(tagged);
    free(text);
    json_decref(document);
}

/* The tag without the mark of its coding. */
static bool is_tag(const char *sent, const char *tag)
{
    size_t len = strlen(tag) - 1; /* up to its closing quote */
    return strncmp(sent, tag, len) == 0 &&
           (g_str_equal(sent + len, "\"") || g_str_equal(sent + len, "-gzip\""));
}

bool call_may_change(const struct call *call, const char *tag)
{
    const char *sent = call->request->headers[HEADER_IF_MATCH];
    if (!sent)
        return true;
    g_auto(GStrv) tags = g_strsplit(sent, ",", 16);
    for (char **one = tags; *one; one++) {
        const char *text = g_strstrip(*one);
        if (tag && (g_str_equal(text, "*") || is_tag(text, tag)))
            return true;
    }
    return false;
}
