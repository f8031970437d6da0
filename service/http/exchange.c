#include "service/http/exchange.h"
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void answer_clear(struct answer *answer)
{
    if (answer->body)
        g_string_free(answer->body, TRUE);
    answer->body = NULL;
    if (answer->stream.free)
        answer->stream.free(answer->stream.user);
    answer->stream = (struct answer_stream){0};
    g_clear_pointer(&answer->etag, g_free);
    g_clear_pointer(&answer->cookie, g_free);
    g_clear_pointer(&answer->disposition, g_free);
    if (answer->file)
        g_unlink(answer->file);
    g_clear_pointer(&answer->file, g_free);
}

const char *request_arg(const struct request *request, const char *name)
{
    return request->args ? g_hash_table_lookup(request->args, name) : NULL;
}

char *request_root(const struct request *request)
{
    GString *root = g_string_new(NULL);
    const char *target = *request->target == '/' ? request->target + 1 : request->target;
    for (; *target && *target != '?'; target++)
        if (*target == '/')
            g_string_append(root, "../");
    return g_string_free(root, FALSE);
}

void answer_problem(struct answer *answer, int status, const char *kind, const char *title,
                    const char *detail)
{
    g_autofree char *type = g_strconcat("/problems/", kind, NULL);
    json_t *problem = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", title, "status",
                                status, "detail", detail);
    char *text = json_dumps(problem, JSON_COMPACT);
    answer_clear(answer);
    answer->status = status;
    answer->problem = kind;
    answer->type = "application/problem+json";
    answer->body = g_string_new(text ? text : "{}");
    free(text);
    json_decref(problem);
}
