#include "service/track/policy_text.h"
#include "service/track/words.h"
#include <stdlib.h>

/* What is written to, and in which language. */
struct page {
    GString *out;
    bool chinese;
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const char *both_of(const struct page *page, const json_t *object, const char *name)
{
    return text_of(json_object_get(object, name), page->chinese ? "zh" : "en");
}

static const char *say(const struct page *page, const char *code)
{
    return track_word(code, page->chinese);
}

/* "  heading: text", unless there is none. */
static void put_line(const struct page *page, const char *code, const char *text)
{
    if (*text)
        g_string_append_printf(page->out, "  %s: %s\n", say(page, code), text);
}

static void put_yuan(const struct page *page, const json_t *fen)
{
    json_int_t number = json_integer_value(fen);
    g_string_append_printf(page->out, "%" JSON_INTEGER_FORMAT ".%02d %s", number / 100,
                           (int)(number % 100), say(page, "yuan"));
}

/* ---- Items */

static bool must_exceed(const struct pack *pack, const json_t *clause, const json_t *item)
{
    const char *name = text_of(item, "comparison_parameter");
    json_auto_t *choices = pack_choices(pack, clause, NULL);
    return g_str_equal(text_of(json_object_get(choices, name), "value"), "more_than");
}

static void put_items(const struct page *page, const struct pack *pack, const json_t *clause)
{
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i),
                     *least = json_object_get(item, "threshold");
        g_string_append_printf(page->out, "  %s (%s) %s ", both_of(page, item, "name"),
                               text_of(item, "metric"),
                               must_exceed(pack, clause, item) ? ">" : ">=");
        if (json_object_get(item, "unit"))
            put_yuan(page, least);
        else
            g_string_append_printf(page->out, "%" JSON_INTEGER_FORMAT,
                                   json_integer_value(least));
        g_string_append_printf(page->out, "%s%s  %s\n", json_object_get(item, "per") ? " " : "",
                               json_object_get(item, "per") ? say(page, "a_year") : "",
                               both_of(page, item, "definition"));
    }
    if (!json_object_get(clause, "condition"))
        return;
    char *condition = json_dumps(json_object_get(clause, "condition"), JSON_COMPACT);
    put_line(page, "condition", condition);
    free(condition);
}

/* ---- What is paid */

static void put_tiers(const struct page *page, const json_t *award)
{
    const json_t *tiers = json_object_get(award, "tiers");
    for (size_t i = 0; i < json_array_size(tiers); i++) {
        const json_t *tier = json_array_get(tiers, i);
        g_string_append(page->out, i ? "; >= " : ">= ");
        put_yuan(page, json_object_get(tier, "from"));
        g_string_append(page->out, ": ");
        put_yuan(page, json_object_get(tier, "fen"));
    }
}

static void put_parts(const struct page *page, const json_t *award)
{
    const json_t *parts = json_object_get(award, "parts");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        g_string_append_printf(page->out, "%s%s ", i ? "; " : "", both_of(page, part, "name"));
        put_yuan(page, json_object_get(part, "fen"));
    }
}

/* Parts per million are four digits behind a per cent's point. */
static void put_rate(const struct page *page, const json_t *award)
{
    double rate = (double)json_integer_value(json_object_get(award, "rate_ppm")) / 10000;
    g_string_append_printf(page->out, "%.6g%%", rate);
    if (!json_object_get(award, "cap_fen"))
        return;
    g_string_append_printf(page->out, ", %s ", say(page, "at_most"));
    put_yuan(page, json_object_get(award, "cap_fen"));
}

static void put_each(const struct page *page, const json_t *award)
{
    g_string_append_printf(page->out, "%s ", say(page, "each_one"));
    put_yuan(page, json_object_get(award, "each_fen"));
}

static void put_award(const struct page *page, const json_t *clause)
{
    static const struct {
        const char *member;
        void (*put)(const struct page *, const json_t *);
    } kinds[] = {{"tiers", put_tiers},
                 {"parts", put_parts},
                 {"rate_ppm", put_rate},
                 {"each_fen", put_each}};
    const json_t *award = json_object_get(clause, "award");
    g_string_append_printf(page->out, "  %s: ", say(page, "award_named"));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (json_object_get(award, kinds[i].member))
            kinds[i].put(page, award);
    if (json_object_get(clause, "amount_fen"))
        put_yuan(page, json_object_get(clause, "amount_fen"));
    g_string_append(page->out, "\n");
}

/* ---- Choices */

static void put_choice(const struct page *page, const char *name, const json_t *choice)
{
    char *value = json_dumps(json_object_get(choice, "value"),
                             JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    g_string_append_printf(page->out, "  %s = %s\n      %s: %s\n      %s: %s\n", name, value,
                           say(page, "because"), both_of(page, choice, "reason"),
                           say(page, "otherwise"), both_of(page, choice, "alternative"));
    free(value);
}

static void put_clause(const struct page *page, const struct pack *pack, const json_t *clause)
{
    json_auto_t *choices = pack_choices(pack, clause, NULL);
    json_t *choice;
    const char *name;
    g_string_append_printf(page->out, "\n%s %s\n%s\n", text_of(clause, "id"),
                           both_of(page, clause, "name"), text_of(clause, "wording"));
    put_line(page, "department", text_of(clause, "department"));
    put_line(page, "payee", say(page, text_of(clause, "beneficiary")));
    put_line(page, "trigger", both_of(page, clause, "trigger"));
    put_items(page, pack, clause);
    put_award(page, clause);
    put_line(page, "recorded_only", both_of(page, clause, "recorded_only"));
    json_object_foreach(choices, name, choice) put_choice(page, name, choice);
}

/* ---- The whole */

static void put_head(const struct page *page, const struct pack *pack)
{
    const json_t *issued = json_object_get(pack->root, "issued"),
                 *window = json_object_get(pack->root, "window");
    const char *to = text_of(window, "to");
    g_string_append_printf(page->out, "%s %d  %s\n%s  %s\n", pack->id, pack->version,
                           pack->digest, both_of(page, pack->root, "name"),
                           text_of(issued, "number"));
    if (*both_of(page, pack->root, "banner"))
        g_string_append_printf(page->out, "*** %s\n", both_of(page, pack->root, "banner"));
    g_string_append_printf(page->out, "  %s %s %s %s, %s %s\n", say(page, "window"),
                           text_of(window, "from"), say(page, "to"),
                           *to ? to : say(page, "open_window"), say(page, "in_force_from"),
                           text_of(window, "valid_from"));
    put_line(page, "recorded_only", both_of(page, pack->root, "recorded_only"));
}

char *policy_text(const struct pack *pack, bool chinese)
{
    const struct page page = {.out = g_string_new(NULL), .chinese = chinese};
    const json_t *clauses = json_object_get(pack->root, "clauses");
    put_head(&page, pack);
    for (size_t i = 0; i < json_array_size(clauses); i++)
        put_clause(&page, pack, json_array_get(clauses, i));
    return g_string_free(page.out, FALSE);
}
