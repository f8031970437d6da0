#include "service/steps/numbers.h"
#include "matcher/aspects.h"
#include "sql/match.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static bool is_number(const json_t *aspect)
{
    return g_str_equal(text_of(aspect, "kind"), aspect_name(ASPECT_NUMBER, false));
}

static bool names_a_number(const json_t *lead)
{
    const json_t *aspects = json_object_get(lead, "aspects");
    for (size_t i = 0; i < json_array_size(aspects); i++)
        if (is_number(json_array_get(aspects, i)))
            return true;
    return false;
}

static void check(json_t *lead, const json_t *patent)
{
    json_t *aspects = json_object_get(lead, "aspects"), *aspect;
    size_t i;
    g_autofree char *text =
        g_strconcat(text_of(patent, "title"), "\n", text_of(patent, "abstract"), NULL);
    json_array_foreach(aspects, i, aspect)
    {
        if (is_number(aspect))
            json_object_set_new(
                aspect, "covered",
                json_boolean(aspect_number_is_said(text_of(aspect, "text"), text)));
    }
}

/* {patent_id: {title, abstract}} of the patents of the leads that name numbers. */
static json_t *read_texts(struct db *db, const json_t *leads, GError **error)
{
    json_auto_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(leads); i++)
        if (names_a_number(json_array_get(leads, i)))
            json_array_append(ids, json_object_get(json_array_get(leads, i), "patent_id"));
    if (json_array_size(ids) == 0)
        return json_object();
    json_auto_t *rows = match_texts(db, ids, error);
    json_t *texts = rows ? json_object() : NULL;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_object_set(texts, text_of(json_array_get(rows, i), "patent_id"),
                        json_array_get(rows, i));
    return texts;
}

bool numbers_check(struct db *db, json_t *leads, GError **error)
{
    json_auto_t *texts = read_texts(db, leads, error);
    json_t *lead;
    size_t i;
    if (!texts)
        return false;
    json_array_foreach(leads, i, lead)
        check(lead, json_object_get(texts, text_of(lead, "patent_id")));
    return true;
}
