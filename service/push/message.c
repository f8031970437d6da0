#include "service/push/message.h"
#include <glib.h>
#include <string.h>

enum { TITLE_MOST = 300 }; /* characters */

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static json_t *cut(const char *text)
{
    if (g_utf8_strlen(text, -1) <= TITLE_MOST)
        return json_string(text);
    g_autofree char *beginning = g_utf8_substring(text, 0, TITLE_MOST - 1);
    g_autofree char *marked = g_strconcat(beginning, "…", NULL);
    return json_string(marked);
}

/* The first `count` reasons, each with its text cut. */
static json_t *first_reasons(const json_t *reasons, size_t count)
{
    json_t *kept = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *reason = json_copy(json_array_get(reasons, i));
        if (json_is_string(json_object_get(reason, "text")))
            json_object_set_new(reason, "text", cut(text_of(reason, "text")));
        json_array_append_new(kept, reason);
    }
    return kept;
}

static json_t *number_of(const json_t *candidate)
{
    json_t *number = json_object_get(candidate, "application_number");
    return json_incref(
        json_is_string(number) ? number : json_object_get(candidate, "publication_number"));
}

static json_t *links_of(const json_t *candidate, const char *lead, const char *public_url)
{
    const char *number = json_string_value(json_object_get(candidate, "application_number"));
    if (!number)
        number = text_of(candidate, "publication_number");
    const char *front = public_url ? public_url : "";
    return json_pack("{s:s+++, s:s++}", "lead", front, "/leads/", lead, "", "patent", front,
                     "/patents/", number);
}

static json_t *data_of(const json_t *candidate, const char *push_id, const char *public_url,
                       size_t reasons)
{
    g_autofree char *lead = g_strdup_printf("%s-%s", text_of(candidate, "patent_id"),
                                            text_of(candidate, "need_id"));
    const json_t *all = json_object_get(candidate, "reasons");
    json_t *data = json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:o, s:O, s:O, s:s, s:o, s:o}", "lead", lead, "push",
        push_id, "patent", number_of(candidate), "title", cut(text_of(candidate, "title")),
        "need", text_of(candidate, "need"), "need_title", cut(text_of(candidate, "need_title")),
        "fit", json_object_get(candidate, "fit"), "score", json_object_get(candidate, "score"),
        "model", text_of(candidate, "model"), "reasons", first_reasons(all, reasons), "links",
        links_of(candidate, lead, public_url));
    if (reasons < json_array_size(all))
        json_object_set_new(data, "reasons_left_out",
                            json_integer((json_int_t)(json_array_size(all) - reasons)));
    if (json_is_true(json_object_get(candidate, "invented")))
        json_object_set_new(data, "invented", json_true());
    return data;
}

char *message_body(const json_t *candidate, const char *push_id, const char *moment,
                   const char *public_url)
{
    for (size_t reasons = json_array_size(json_object_get(candidate, "reasons"));; reasons--) {
        json_auto_t *body =
            json_pack("{s:s, s:s, s:o}", "type", "lead.pushed", "timestamp", moment, "data",
                      data_of(candidate, push_id, public_url, reasons));
        char *text =
            json_dumps(body, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
        if (strlen(text) < MESSAGE_MOST || reasons == 0)
            return text;
        free(text);
    }
}
