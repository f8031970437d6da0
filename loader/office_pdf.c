/* A PDF of the patent office, parsed by somebody's program: the texts are there, with what stood around them on the page. */
#include "loader/names.h"
#include "loader/office_record.h"
#include <glib.h>
#include <string.h>

/* It has the front page's fields, and its claims are lists or its symbols stand among other lines. */
static bool is_pdf(json_t *object)
{
    static const char *const names[] = {"申请公布号", "授权公告号", "公开（公告）号", NULL};
    bool numbered = false;
    for (int i = 0; names[i]; i++)
        numbered = numbered || json_is_string(json_object_get(object, names[i]));
    const char *classes = json_string_value(json_object_get(object, "国际分类号"));
    return numbered && (json_is_array(json_object_get(object, "权利要求书")) ||
                        (classes && strchr(classes, '\n')));
}

static char *first_match(const char *text, const char *pattern, int group)
{
    g_autoptr(GRegex) form = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    return g_regex_match(form, text, 0, &match) ? g_match_info_fetch(match, group) : NULL;
}

/* The value keeps only what the pattern's group finds; without a find it stays. */
static void keep_match(json_t *object, const char *name, const char *pattern, int group)
{
    const char *text = json_string_value(json_object_get(object, name));
    g_autofree char *found = text ? first_match(text, pattern, group) : NULL;
    g_autofree char *line = found ? office_unbreak(found) : NULL;
    if (line)
        json_object_set_new(object, name, json_string(line));
}

static void clean_dates(json_t *object)
{
    static const char *const names[] = {"申请公布日", "授权公告日", "申请日", NULL};
    for (int i = 0; names[i]; i++)
        keep_match(object, names[i], "\\d{4}[.\\-年/]\\d{1,2}[.\\-月/]\\d{1,2}日?", 0);
}

/* "甲公司\n地址 某省…": the address goes to a field of its own. */
static void split_applicant(json_t *object)
{
    const char *text = json_string_value(json_object_get(object, "申请人"));
    const char *place = text ? strstr(text, "地址") : NULL;
    if (!place)
        return;
    g_autofree char *name = g_strndup(text, (gsize)(place - text));
    g_autofree char *address = office_unbreak(place + strlen("地址"));
    g_autofree char *names = text_trim(name);
    if (!json_object_get(object, "地址") && *address != '\0')
        json_object_set_new(object, "地址", json_string(address));
    json_object_set_new(object, "申请人", json_string(names));
}

/* Chinese names are parted by blanks; a Latin one that holds blanks keeps them. */
static void split_inventors(json_t *object)
{
    const char *text = json_string_value(json_object_get(object, "发明人"));
    if (!text)
        return;
    g_autoptr(GRegex) gaps = g_regex_new("(?<=[\\x{2e80}-\\x{ffff}])\\s+|\\n", 0, 0, NULL);
    g_auto(GStrv) names = g_regex_split(gaps, text, 0);
    json_t *list = json_array();
    for (char **name = names; *name; name++) {
        g_autofree char *trimmed = text_trim(*name);
        if (*trimmed != '\0')
            json_array_append_new(list, json_string(trimmed));
    }
    json_object_set_new(object, "发明人", list);
}

static void find_classes(json_t *object)
{
    const char *text = json_string_value(json_object_get(object, "国际分类号"));
    g_autoptr(GRegex) form = g_regex_new(
        "[A-H]\\d{2}[A-Z]\\s*\\d{1,4}/\\d{2,6}(?:\\(\\d{4}\\.\\d{2}\\))?", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!text)
        return;
    json_t *list = json_array();
    for (g_regex_match(form, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *symbol = g_match_info_fetch(match, 0);
        json_array_append_new(list, json_string(symbol));
    }
    if (json_array_size(list) > 0)
        json_object_set(object, "国际分类号", list);
    json_decref(list);
}

/* Lists of paragraphs become one text; lines that the page broke are joined. */
static void join_paragraphs(json_t *object)
{
    const char *name;
    void *next;
    json_t *value, *piece;
    json_object_foreach_safe(object, next, name, value)
    {
        size_t i;
        bool texts = json_is_array(value) && strcmp(name, "发明人") != 0 &&
                     strcmp(name, "国际分类号") != 0;
        json_array_foreach(value, i, piece) texts = texts && json_is_string(piece);
        if (!texts)
            continue;
        g_autoptr(GString) all = g_string_new(NULL);
        json_array_foreach(value, i, piece)
        {
            g_autofree char *line = office_unbreak(json_string_value(piece));
            g_string_append_printf(all, "%s%s", all->len ? "\n" : "", line);
        }
        json_object_set_new(object, name, json_string(all->str));
    }
}

bool office_clean_pdf(json_t *object)
{
    if (!is_pdf(object))
        return false;
    keep_match(object, "申请公布号", "[A-Z]{2}[\\s-]*[\\d\\s]+[A-Z]\\d?", 0);
    keep_match(object, "代理机构", "^([\\s\\S]*?\\d{5})", 1);
    clean_dates(object);
    split_applicant(object);
    split_inventors(object);
    find_classes(object);
    join_paragraphs(object);
    return true;
}
