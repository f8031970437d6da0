#include "service/push/story.h"
#include "service/push/token.h"
#include <math.h>
#include <string.h>

enum { TITLE = 120, NEED = 120, REASON = 24, REASONS = 6, NOTICE = 400 };

/* Full-width signs lie 0xfee0 behind those of ASCII. */
char *story_plain(const char *text, int most)
{
    GString *out = g_string_new(NULL);
    int count = 0;
    for (const char *at = text; *at && count < most;
         at = g_utf8_find_next_char(at, NULL), count++) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT ||
            g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR)
            c = ' ';
        else if (c < 0x80 && strchr("<>[]*_`~#|\\@&!\"'", (int)c))
            c += 0xfee0;
        g_string_append_unichar(out, c);
        if (count == most - 1 && *g_utf8_find_next_char(at, NULL))
            g_string_append(out, "…");
    }
    return g_string_free(out, FALSE);
}

static char *plain_of(const json_t *data, const char *name, int most)
{
    const char *text = json_string_value(json_object_get(data, name));
    return story_plain(text ? text : "", most);
}

static char *reasons_of(const json_t *data)
{
    const json_t *reasons = json_object_get(data, "reasons");
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(reasons) && i < REASONS; i++) {
        g_autofree char *one = plain_of(json_array_get(reasons, i), "text", REASON);
        g_string_append_printf(out, "%s%s", i ? "、" : "", one);
    }
    return g_string_free(out, FALSE);
}

static char *link_of(const struct letter *letter, const struct push_options *options,
                     const char *push_id)
{
    g_autofree char *token =
        options->public_url ? token_make(options->key, push_id, letter->now_us / G_USEC_PER_SEC)
                            : NULL;
    return token ? g_strconcat(options->public_url, "/a/", token, NULL) : NULL;
}

bool story_read(const struct letter *letter, const struct push_options *options,
                struct story *out, GError **error)
{
    const char *body = json_string_value(json_object_get(letter->row, "body"));
    const char *push_id = json_string_value(json_object_get(letter->row, "push_id"));
    json_auto_t *document = body ? json_loads(body, 0, NULL) : NULL;
    const json_t *data = json_object_get(document, "data");
    if (!data || !push_id) {
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_BODY, "the outbox has no body of a push");
        return false;
    }
    *out = (struct story){
        .title = plain_of(data, "title", TITLE),
        .patent = plain_of(data, "patent", TITLE),
        .need = plain_of(data, "need_title", NEED),
        .reasons = reasons_of(data),
        .notice = json_object_get(data, "text") ? plain_of(data, "text", NOTICE) : NULL,
        .push_id = g_strdup(push_id),
        .answer = link_of(letter, options, push_id),
        .percent = (int)lround(json_number_value(json_object_get(data, "fit")) * 100),
        .invented = json_is_true(json_object_get(data, "invented")),
    };
    return true;
}

void story_clear(struct story *story)
{
    g_free(story->title);
    g_free(story->patent);
    g_free(story->need);
    g_free(story->reasons);
    g_free(story->notice);
    g_free(story->push_id);
    g_free(story->answer);
}
