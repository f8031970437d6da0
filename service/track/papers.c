#include "service/track/papers.h"
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

const json_t *papers_wanted(const struct pack *pack, const char *kind)
{
    return json_object_get(json_object_get(pack->root, "papers"), kind);
}

static bool is_there(const json_t *there, const char *paper)
{
    for (size_t i = 0; i < json_array_size(there); i++)
        if (g_str_equal(text_of(json_array_get(there, i), "paper"), paper))
            return true;
    return false;
}

/* A patent's key may show its check character, and a deal's the right's place behind it. */
static bool is_key(const char *kept, const char *shown)
{
    size_t len = strlen(kept);
    return g_str_has_prefix(shown, kept) &&
           (!shown[len] || shown[len] == '.' ||
            (shown[len] == '/' &&
             strspn(shown + len + 1, "0123456789") == strlen(shown) - len - 1));
}

json_t *papers_of(const struct pack *pack, const json_t *all, const char *agency,
                  const char *kind, const char *key)
{
    json_t *there = json_array(), *missing = json_array();
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        if (g_str_equal(text_of(one, "agency"), agency) &&
            g_str_equal(text_of(one, "kind"), kind) && is_key(text_of(one, "key"), key))
            json_array_append_new(there, json_pack("{s:O?, s:O, s:O}", "paper",
                                                   json_object_get(one, "paper"), "name",
                                                   json_object_get(one, "name"), "sha256",
                                                   json_object_get(one, "sha256")));
    }
    const json_t *wanted = papers_wanted(pack, kind);
    for (size_t i = 0; i < json_array_size(wanted); i++)
        if (!is_there(there, text_of(json_array_get(wanted, i), "paper")))
            json_array_append(missing, json_array_get(wanted, i));
    return json_pack("{s:o, s:o}", "there", there, "missing", missing);
}

const char *papers_kind(const char *metric, const json_t *row)
{
    static const struct {
        const char *metric, *kind;
    } kinds[] = {{"patents", "patent"},
                 {"enterprises", "enterprise"},
                 {"experts", "expert"},
                 {"institutions", "institution"},
                 {"needs", "need"},
                 {"pushes", "push"},
                 {"deals", "deal"},
                 {"purchases", "deal"},
                 {"transactions", "deal"},
                 {"introductions", "deal"},
                 {"licences", "deal"},
                 {"cases", "case"},
                 {"top500_clients", "client"},
                 {"sales", "sale"},
                 {"attorneys", "attorney"},
                 {"navigation_projects", "navigation_project"},
                 {"loans", "loan"},
                 {"events", "event"},
                 {"open_licences", "open_licence"},
                 {"platform_reviews", "platform_review"}};
    const char *tier = text_of(json_object_get(row, "detail"), "tier");
    if (g_str_equal(tier, "declared"))
        return "declared_push";
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kinds[i].metric, metric))
            return kinds[i].kind;
    return ""; /* of the agency itself: no papers are asked for */
}
