#include "service/track/grounds.h"
#include "service/track/words.h"
#include <glib.h>
#include <string.h>

enum { LISTED = 5 }; /* of a list */

static const char *member_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Neither what only a program reads, nor what the row says elsewhere, nor that it is one. */
static bool is_shown(const json_t *row, const char *member, const json_t *value)
{
    static const char *const hidden[] = {"score",    "fit",      "threshold", "model",
                                         "decision", "evidence", NULL};
    const char *text = json_string_value(value);
    const char *tier = member_of(json_object_get(row, "detail"), "tier");
    bool is_repeated = text && (g_strcmp0(text, member_of(row, "key")) == 0 ||
                                (g_str_equal(member, "state") && g_strcmp0(text, tier) == 0));
    return !g_strv_contains(hidden, member) && !is_repeated && !json_is_null(value) &&
           !json_is_false(value) && json_integer_value(value) != 1;
}

/* One of a list: a word, a reason's text, a right's number, or a qualification with its certificate and days. */
static char *one_text(const json_t *one, bool chinese)
{
    const char *from = member_of(one, "valid_from"), *to = member_of(one, "valid_to");
    const char *name = member_of(one, "number");
    if (json_is_string(one))
        return g_strdup(track_word(json_string_value(one), chinese));
    if (json_object_get(one, "certificate"))
        return g_strdup_printf("%s %s (%s – %s)", track_word(member_of(one, "kind"), chinese),
                               member_of(one, "certificate"), from ? from : "", to ? to : "");
    return g_strdup(name ? name : member_of(one, "text"));
}

static void add_list(GString *text, const json_t *list, bool chinese)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < MIN(count, (size_t)LISTED); i++) {
        g_autofree char *one = one_text(json_array_get(list, i), chinese);
        g_string_append_printf(text, "%s%s", i ? (chinese ? "、" : ", ") : "", one ? one : "");
    }
    if (count > LISTED)
        g_string_append_printf(text, " … (%zu)", count);
}

static void add_value(GString *text, const char *member, const json_t *value, bool chinese)
{
    json_int_t number = json_integer_value(value);
    if (json_is_string(value))
        g_string_append(text, track_word(json_string_value(value), chinese));
    else if (json_is_array(value))
        add_list(text, value, chinese);
    else if (json_is_true(value))
        g_string_append(text, track_word("yes", chinese));
    else if (json_is_integer(value) && g_str_has_suffix(member, "_fen"))
        g_string_append_printf(text, "%.2f", (double)number / 100);
    else if (json_is_integer(value))
        g_string_append_printf(text, "%" JSON_INTEGER_FORMAT, number);
}

char *grounds_text(const json_t *row, bool chinese)
{
    GString *text = g_string_new(NULL);
    const char *member;
    json_t *value;
    json_object_foreach(json_object_get(row, "detail"), member, value)
    {
        if (!is_shown(row, member, value))
            continue;
        g_string_append_printf(text, "%s%s ", text->len ? (chinese ? "；" : "; ") : "",
                               track_word(member, chinese));
        add_value(text, member, value, chinese);
    }
    return g_string_free(text, FALSE);
}
