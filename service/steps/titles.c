#include "service/steps/titles.h"
#include "sql/scheme.h"
#include <string.h>

/* As the scheme writes it: "A43B 13/04" is A43B13/04, and a main group ends in /00. */
static char *symbol_of(const json_t *reason)
{
    const char *kind = json_string_value(json_object_get(reason, "kind"));
    const char *text = json_string_value(json_object_get(reason, "text"));
    if (!text || g_strcmp0(kind, "class") != 0)
        return NULL;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autofree char *joined = g_strjoinv("", words);
    bool main_group = words[0] && words[1] && !strchr(joined, '/');
    return main_group ? g_strconcat(joined, "/00", NULL) : g_steal_pointer(&joined);
}

/* "手动工具（草坪修整机入A01G3/06）" -> "手动工具", "多级处理〔3〕" -> "多级处理": neither references nor the edition. */
static char *title_of(const char *whole)
{
    const char *reference = strstr(whole, "（"), *edition = strstr(whole, "〔");
    const char *end = reference && (!edition || reference < edition) ? reference : edition;
    return end && end > whole ? g_strndup(whole, (gsize)(end - whole)) : g_strdup(whole);
}

static void each_class(json_t *leads,
                       void (*do_it)(json_t *reason, const char *symbol, json_t *user),
                       json_t *user)
{
    size_t i, k;
    json_t *lead, *reason;
    json_array_foreach(leads, i, lead)
    {
        json_array_foreach(json_object_get(lead, "reasons"), k, reason)
        {
            g_autofree char *symbol = symbol_of(reason);
            if (symbol)
                do_it(reason, symbol, user);
        }
    }
}

static void collect(json_t *reason, const char *symbol, json_t *symbols)
{
    (void)reason;
    json_object_set_new(symbols, symbol, json_true());
}

static void set_title(json_t *reason, const char *symbol, json_t *titles)
{
    const char *whole = json_string_value(json_object_get(titles, symbol));
    g_autofree char *title = whole ? title_of(whole) : NULL;
    if (title)
        json_object_set_new(reason, "title", json_string(title));
}

bool titles_add(struct db *db, json_t *leads, GError **error)
{
    json_auto_t *symbols = json_object(), *list = json_array();
    const char *symbol;
    json_t *value;
    each_class(leads, collect, symbols);
    json_object_foreach(symbols, symbol, value)
        json_array_append_new(list, json_string(symbol));
    if (json_array_size(list) == 0)
        return true;
    json_auto_t *titles = scheme_titles(db, list, error);
    if (titles)
        each_class(leads, set_title, titles);
    return titles != NULL;
}
