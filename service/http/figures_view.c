#include "service/http/figures_view.h"
#include "service/http/html.h"
#include <stdlib.h>
#include <string.h>

/* ---- The head */

/* Of a day before the last one the figures are that day's. */
static void put_ended(GString *out, const json_t *document)
{
    const char *to = html_text(json_object_get(document, "window"), "to");
    bool earlier = strcmp(html_text(document, "as_of"), to) < 0;
    html_add(
        out,
        "<p class=\"banner ended\" role=\"note\">政策已结束：%s；"
        "之后记录的标为迟录，不改变当日之事实。 <span class=\"en\" lang=\"en\">This policy has "
        "ended. %s; what was recorded later is marked late.</span></p>\n",
        earlier ? "以下不是其最后一天的数，而是所问之日的" : "以下是其最后一天的数",
        earlier ? "These are not the figures of its last day, but of the day that was asked for"
                : "These are the figures of its last day");
}

static void put_banners(GString *out, const json_t *document)
{
    const json_t *banner = json_object_get(document, "banner");
    if (json_is_object(banner)) {
        g_string_append(out, "<p class=\"banner template\" role=\"note\">");
        html_both_of(out, banner);
        g_string_append(out, "</p>\n");
    }
    if (html_is(json_object_get(document, "window"), "ended"))
        put_ended(out, document);
}

static void put_when(GString *out, const json_t *document)
{
    const json_t *window = json_object_get(document, "window");
    const char *to = html_text(window, "to");
    g_autofree char *known = html_moment(html_text(document, "known_at"));
    html_add(
        out,
        "<dl class=\"facts\"><div><dt>截至 <span class=\"en\" lang=\"en\">as "
        "of</span></dt><dd>%s</dd></div>"
        "<div><dt>已知于 <span class=\"en\" lang=\"en\">known at</span></dt><dd>%s</dd></div>"
        "<div><dt>窗口 <span class=\"en\" lang=\"en\">window</span></dt><dd>%s 至 "
        "%s</dd></div>",
        html_text(document, "as_of"), known, html_text(window, "from"),
        *to ? to : "未定（open）");
    html_add(out,
             "<div><dt>政策包 <span class=\"en\" lang=\"en\">pack</span></dt><dd>%s 第 %d 版 "
             "<span class=\"digest\">%.12s</span></dd></div></dl>\n",
             html_text(document, "policy"), (int)html_number(document, "version"),
             html_text(document, "digest"));
}

void figures_view_head(GString *out, const json_t *document, int level)
{
    const json_t *issued = json_object_get(document, "issued");
    html_add(out, "<h%d id=\"%s\">", level, html_text(document, "policy"));
    html_both_of(out, json_object_get(document, "name"));
    if (json_is_object(issued))
        html_add(out, " <span class=\"number\">%s</span>", html_text(issued, "number"));
    html_add(out, "</h%d>\n", level);
    put_banners(out, document);
    put_when(out, document);
}

/* ---- One agency's table */

void figures_view_reasons(GString *out, json_t *left_out, view_word word)
{
    const char *reason;
    json_t *count;
    if (json_object_size(left_out) == 0)
        g_string_append(out, "—");
    json_object_foreach(left_out, reason, count)
    {
        g_autofree char *number = html_count(json_integer_value(count));
        html_add(out, "<span class=\"reason\" title=\"%s\">%s %s</span> ", word(reason, false),
                 word(reason, true), number);
    }
}

/* The rows behind a number, as they were known when the number was counted. */
static char *evidence_link(const json_t *document, const json_t *clause, const json_t *item)
{
    g_autofree char *policy = g_uri_escape_string(html_text(document, "policy"), NULL, FALSE);
    g_autofree char *metric = g_uri_escape_string(html_text(item, "metric"), NULL, FALSE);
    g_autofree char *agency = g_uri_escape_string(html_text(clause, "agency"), NULL, FALSE);
    g_autofree char *known = g_uri_escape_string(html_text(document, "known_at"), NULL, FALSE);
    return g_strdup_printf("evidence/%s/%s?agency=%s&as-of=%s&known=%s", policy, metric, agency,
                           html_text(clause, "as_of"), known);
}

static void put_number(GString *out, const json_t *item, const char *name, const char *zh,
                       json_int_t invented)
{
    static const char *const in_unit[] = {"value", "threshold", "missing", "literal", NULL};
    bool is_fen = json_object_get(item, "unit") && g_strv_contains(in_unit, name);
    g_autofree char *number =
        is_fen ? html_yuan(html_number(item, name)) : html_count(html_number(item, name));
    html_add(out, "<td class=\"n\" data-label=\"%s\">%s", zh, number);
    if (invented > 0)
        html_invented(out, invented);
    g_string_append(out, "</td>");
}

static void put_item(GString *out, const json_t *document, const json_t *clause,
                     const json_t *item, view_word word)
{
    json_int_t invented = html_number(item, "invented");
    bool met = html_is(item, "met");
    g_autofree char *link = evidence_link(document, clause, item);
    html_add(out, "<tr><th scope=\"row\"><a href=\"%s\">", link);
    html_both_of(out, json_object_get(item, "name"));
    g_string_append(out, "</a></th>");
    put_number(out, item, "value", "计入", invented);
    put_number(out, item, "threshold", "门槛", 0);
    bool open = g_str_equal(html_text(item, "state"), "undetermined");
    html_add(out, "<td data-label=\"达到\"><span class=\"state %s\">%s</span></td>",
             open  ? "undetermined"
             : met ? "met"
                   : "not_met",
             open  ? "? 待定"
             : met ? "✓ 达到"
                   : "✗ 未达");
    put_number(out, item, "missing", "还差", 0);
    put_number(out, item, "literal", "从宽", 0);
    put_number(out, item, "invented", "虚构", 0);
    put_number(out, item, "late", "迟录", 0);
    put_number(out, item, "unknown", "不明", 0);
    g_string_append(out, "<td class=\"why\" data-label=\"未计入\">");
    figures_view_reasons(out, json_object_get(item, "left_out"), word);
    if (html_is(clause, "agency_invented") &&
        json_object_size(json_object_get(item, "left_out")) > 0)
        html_invented(out, 0); /* what a made-up agency recorded is made up */
    g_string_append(out, "</td></tr>\n");
}

static const struct {
    const char *zh, *en;
} headings[] = {{"指标", "metric"},    {"计入", "counted"},
                {"门槛", "threshold"}, {"达到", "met"},
                {"还差", "missing"},   {"从宽", "literal"},
                {"虚构", "invented"},  {"迟录", "late"},
                {"不明", "unknown"},   {"未计入及原因", "left out, and why"}};

static void put_headings(GString *out)
{
    g_string_append(out, "<thead><tr>");
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++) {
        bool is_text = i == 0 || i == 3 || i + 1 == G_N_ELEMENTS(headings);
        g_string_append(out, is_text ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        html_both(out, headings[i].zh, headings[i].en);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead>\n");
}

static json_int_t invented_of(const json_t *items)
{
    json_int_t sum = 0;
    for (size_t i = 0; i < json_array_size(items); i++)
        sum += html_number(json_array_get(items, i), "invented");
    return sum;
}

static void put_beside(GString *out, const json_t *clause, view_word word)
{
    const json_t *items = json_object_get(clause, "items"),
                 *unsaid = json_object_get(clause, "undetermined");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (!json_object_get(item, "open"))
            continue;
        g_autofree char *open = html_count(html_number(item, "open"));
        html_add(out, "<p class=\"beside\">%s：%s", word("open_needs", true), open);
        if (html_number(item, "invented") > 0)
            html_invented(out, 0);
        g_string_append(out, "</p>\n");
    }
    for (size_t i = 0; i < json_array_size(unsaid); i++)
        html_add(out, "<p class=\"beside\">%s</p>\n",
                 word(json_string_value(json_array_get(unsaid, i)), true));
}

static void put_clause_head(GString *out, const json_t *clause, view_word word)
{
    const char *state = html_text(clause, "state");
    g_autofree char *amount = html_yuan(html_number(clause, "amount_fen"));
    g_autofree char *award = html_yuan(html_number(clause, "award_fen"));
    html_add(out, "<h3>%s <span class=\"code\">%s</span>", html_text(clause, "agency_name"),
             html_text(clause, "agency"));
    if (html_is(clause, "agency_invented"))
        html_invented(out, 0);
    html_add(out, "</h3>\n<p class=\"verdict\"><span class=\"clause\">%s ",
             html_text(clause, "id"));
    html_both_of(out, json_object_get(clause, "name"));
    html_add(out, "</span> <span class=\"state %s\">%s</span> 奖励 <strong>%s</strong>", state,
             word(state, true), amount);
    if (json_object_get(clause, "award_fen"))
        html_add(out, "（全部达到时 %s）", award);
    if (invented_of(json_object_get(clause, "items")) > 0)
        g_string_append(out, " <span class=\"mark invented\">含虚构数据</span>");
    if (html_is(clause, "template"))
        g_string_append(out, " <span class=\"mark template\">模板，未生效</span>");
    g_string_append(out, "</p>\n");
}

/* Of a clause that is reckoned by the calendar year. */
static void put_years(GString *out, const json_t *clause, view_word word)
{
    const json_t *years = json_object_get(clause, "years");
    for (size_t i = 0; i < json_array_size(years); i++) {
        const json_t *year = json_array_get(years, i);
        const char *state = html_text(year, "state");
        g_autofree char *value = html_yuan(html_number(year, "value"));
        g_autofree char *amount = html_yuan(html_number(year, "amount_fen"));
        html_add(
            out,
            "<p class=\"beside\">%d：%s <span class=\"state %s\">%s</span> 奖励 %s%s</p>\n",
            (int)html_number(year, "year"), value, state, word(state, true), amount,
            html_is(year, "capped") ? "（封顶）" : "");
    }
}

static void put_clause(GString *out, const json_t *document, const json_t *clause,
                       view_word word)
{
    const json_t *items = json_object_get(clause, "items");
    put_clause_head(out, clause, word);
    g_string_append(out, "<div class=\"wide\"><table class=\"cards\">");
    put_headings(out);
    g_string_append(out, "<tbody>\n");
    for (size_t i = 0; i < json_array_size(items); i++)
        put_item(out, document, clause, json_array_get(items, i), word);
    g_string_append(out, "</tbody></table></div>\n");
    put_years(out, clause, word);
    put_beside(out, clause, word);
}

/* ---- What counts, and what was chosen */

static void put_definitions(GString *out, const json_t *items)
{
    g_string_append(out, "<details><summary>口径 <span class=\"en\" lang=\"en\">what "
                         "counts</span></summary>\n<dl>");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        g_string_append(out, "<dt>");
        html_both_of(out, json_object_get(item, "name"));
        g_string_append(out, "</dt><dd>");
        html_both_of(out, json_object_get(item, "definition"));
        g_string_append(out, "</dd>\n");
    }
    g_string_append(out, "</dl></details>\n");
}

static void put_choice(GString *out, const char *name, const json_t *choice)
{
    char *value = json_dumps(json_object_get(choice, "value"),
                             JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    html_add(out, "<dt><code>%s = %s</code>%s</dt><dd>", name, value ? value : "null",
             html_is(choice, "overridden")        ? " （按操作程序）"
             : json_object_get(choice, "decided") ? " （经主管部门决定）"
                                                  : "");
    html_both_of(out, json_object_get(choice, "reason"));
    g_string_append(out, "<br>另一种读法：");
    html_both_of(out, json_object_get(choice, "alternative"));
    g_string_append(out, "</dd>\n");
    free(value);
}

static void put_choices(GString *out, json_t *choices)
{
    const char *name;
    json_t *choice;
    g_string_append(out, "<details><summary>原文未定之处的选择 <span class=\"en\" "
                         "lang=\"en\">choices that the text "
                         "leaves open</span></summary>\n<dl>");
    json_object_foreach(choices, name, choice) put_choice(out, name, choice);
    g_string_append(out, "</dl></details>\n");
}

/* Of each clause once, however many agencies there are. */
static void put_explanations(GString *out, const json_t *document)
{
    const json_t *clauses = json_object_get(document, "clauses");
    const char *first = html_text(json_array_get(clauses, 0), "agency");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i);
        if (!g_str_equal(html_text(clause, "agency"), first))
            return;
        html_add(out, "<h4>%s</h4>\n", html_text(clause, "id"));
        put_definitions(out, json_object_get(clause, "items"));
        put_choices(out, json_object_get(json_object_get(document, "choices"),
                                         html_text(clause, "id")));
    }
}

void figures_view(GString *out, const json_t *document, view_word word)
{
    const json_t *clauses = json_object_get(document, "clauses");
    html_add(out, "<section class=\"policy%s\">\n",
             html_is(document, "template") ? " is-template" : "");
    figures_view_head(out, document, 2);
    if (json_array_size(clauses) == 0)
        html_add(out, "<p class=\"empty\">%s <span class=\"en\" lang=\"en\">%s</span></p>\n",
                 word("no_agency", true), word("no_agency", false));
    for (size_t i = 0; i < json_array_size(clauses); i++)
        put_clause(out, document, json_array_get(clauses, i), word);
    put_explanations(out, document);
    g_string_append(out, "</section>\n");
}
