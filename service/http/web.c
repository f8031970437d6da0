#include "service/http/web.h"
#include "service/http/pack.h"
#include <string.h>

#define WEB_USUAL_LOOK "zh.auto"

/* Of two cookies of that name, set for two folders, the first is the one of the folder that is nearer. */
static bool asks_for(const char *cookies, const char *look)
{
    static const char name[] = "patbridge-look=";
    const char *at = cookies ? strstr(cookies, name) : NULL;
    size_t len = strlen(look);
    at = at ? at + sizeof name - 1 : NULL;
    return at && strncmp(at, look, len) == 0 && strchr("; \t", at[len]);
}

const struct web_file *web_find(const char *path, const char *cookies)
{
    const struct web_file *usual = NULL;
    for (size_t i = 0; i < web_file_count; i++) {
        const struct web_file *file = &web_files[i];
        if (!g_str_equal(file->path, path))
            continue;
        if (!file->look || asks_for(cookies, file->look))
            return file;
        if (g_str_equal(file->look, WEB_USUAL_LOOK))
            usual = file;
    }
    return usual;
}

/* A list of tags, or "*" (RFC 9110, 13.1.2); a weak one is as good. */
static bool has_it(const struct request *request, const struct web_file *file)
{
    const char *tags = request->headers[HEADER_IF_NONE_MATCH];
    return tags && (g_str_equal(tags, "*") || strstr(tags, file->etag));
}

static GString *bytes_of(const unsigned char *begin, const unsigned char *end)
{
    return g_string_new_len((const char *)begin, end - begin);
}

/* The smallest form that the reader takes. */
static void give(const struct request *request, struct answer *answer,
                 const struct web_file *file)
{
    const char *takes = request->headers[HEADER_ACCEPT_ENCODING];
    if (pack_is_taken(takes, "br")) {
        answer->coding = "br";
        answer->body = bytes_of(file->brotli, file->brotli_end);
    } else if (pack_is_taken(takes, "gzip")) {
        answer->coding = "gzip";
        answer->body = bytes_of(file->packed, file->packed_end);
    } else {
        answer->body =
            pack_undo(file->packed, (size_t)(file->packed_end - file->packed), file->size);
    }
}

void web_answer(const struct request *request, struct answer *answer,
                const struct web_file *file)
{
    answer->status = 200;
    answer->type = file->type;
    answer->keep = file->forever ? KEEP_FOREVER : KEEP_CHECKED;
    answer->policy = POLICY_SCRIPT;
    answer->may_pack = true;
    answer->by_cookie = file->look;
    answer->etag = g_strdup(file->etag);
    if (has_it(request, file)) {
        answer->status = 304;
        answer->body = g_string_new(NULL);
    } else {
        give(request, answer, file);
    }
}
