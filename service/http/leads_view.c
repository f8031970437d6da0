#include "service/http/leads_view.h"
#include "service/http/html.h"

enum { REASONS_SHOWN = 6 };

static const struct {
    const char *state, *zh, *en;
} states[] = {{"proposed", "待审", "proposed"},
              {"accepted", "已采纳", "accepted"},
              {"rejected", "已否决", "rejected"},
              {"pushed", "已推送", "pushed"},
              {"superseded", "已被取代", "superseded"}};

static void put_state(GString *out, const char *state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        if (g_str_equal(states[i].state, state)) {
            html_add(out, "<span class=\"state %s\">", state);
            html_both(out, states[i].zh, states[i].en);
            g_string_append(out, "</span>");
        }
}

/* ---- Reasons */

static json_int_t points_of(const json_t *reasons, size_t from)
{
    json_int_t sum = 0;
    for (size_t i = from; i < json_array_size(reasons); i++)
        sum += html_number(json_array_get(reasons, i), "points");
    return sum;
}

static void put_reason(GString *out, const json_t *reason, const char *most)
{
    g_autofree char *points = html_count(html_number(reason, "points"));
    bool is_class = g_str_equal(html_text(reason, "kind"), "class");
    html_add(out,
             "<li><span class=\"what\">%s%s</span> <meter min=\"0\" max=\"%s\" "
             "value=\"%" JSON_INTEGER_FORMAT
             "\"></meter> <span class=\"points\">%s</span></li>",
             is_class ? "分类 " : "", html_text(reason, "text"), most,
             html_number(reason, "points"), points);
}

static void put_reason_range(GString *out, const json_t *reasons, size_t from, size_t to,
                             const char *most)
{
    g_string_append(out, "<ol class=\"reasons\">");
    for (size_t i = from; i < to; i++)
        put_reason(out, json_array_get(reasons, i), most);
    g_string_append(out, "</ol>");
}

static void put_sum(GString *out, json_int_t sum, json_int_t score)
{
    g_autofree char *total = html_count(sum), *own = html_count(score);
    if (sum == score)
        html_add(out,
                 "<p class=\"sum\">合计 = 分数 <span class=\"en\" lang=\"en\">sum = "
                 "score</span> <strong>%s</strong></p>\n",
                 total);
    else /* never made so by the matcher: somebody wrote it otherwise */
        html_add(out,
                 "<p class=\"sum wrong\">理由合计 %s，与分数 %s 不符 <span class=\"en\" "
                 "lang=\"en\">the reasons do not "
                 "add up to the score</span></p>\n",
                 total, own);
}

static void put_reasons(GString *out, const json_t *lead)
{
    const json_t *reasons = json_object_get(lead, "reasons");
    size_t count = json_array_size(reasons), shown = MIN(count, REASONS_SHOWN);
    g_autofree char *most = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT, MAX(html_number(json_array_get(reasons, 0), "points"), 1));
    g_string_append(out, "<h4>理由 <span class=\"en\" lang=\"en\">because</span></h4>");
    put_reason_range(out, reasons, 0, shown, most);
    if (count > shown) {
        g_autofree char *rest = html_count(points_of(reasons, shown));
        html_add(out,
                 "<details><summary>其余 %d 项，共 %s 分 <span class=\"en\" lang=\"en\">%d "
                 "more</span></summary>",
                 (int)(count - shown), rest, (int)(count - shown));
        put_reason_range(out, reasons, shown, count, most);
        g_string_append(out, "</details>");
    }
    put_sum(out, points_of(reasons, 0), html_number(lead, "score"));
}

/* ---- A lead */

static void put_pair(GString *out, const json_t *lead)
{
    html_add(out,
             "<p class=\"need\"><span class=\"tag\">需求 <span class=\"en\" "
             "lang=\"en\">need</span></span> "
             "<strong class=\"name\">%s</strong> <span class=\"code\">%s</span> <span "
             "class=\"name\">%s</span></p>\n",
             html_text(lead, "need_title"), html_text(lead, "need"),
             html_text(lead, "enterprise"));
    html_add(out,
             "<p class=\"patent\"><span class=\"tag\">专利 <span class=\"en\" "
             "lang=\"en\">patent</span></span> "
             "<strong class=\"name\">%s</strong> <span class=\"code\">%s</span></p>\n",
             html_text(lead, "patent_title"), html_text(lead, "patent"));
}

static void put_fit(GString *out, const json_t *lead)
{
    const json_t *certainty = json_object_get(lead, "certainty");
    const char *words = json_string_value(json_object_get(certainty, "basis_zh"));
    const char *basis = words ? words : "先验，未学习";
    html_add(out,
             "<p class=\"fit\">契合度 <span class=\"en\" lang=\"en\">fit</span> "
             "<strong>%.0f%%</strong> · 感兴趣概率 "
             "<span class=\"en\" lang=\"en\">P(interested)</span> %.0f%% "
             "<span class=\"mark prior\">%s</span></p>\n",
             100 * json_number_value(json_object_get(lead, "fit")),
             100 * json_number_value(json_object_get(lead, "probability")), basis);
}

static void put_decision(GString *out, const json_t *lead)
{
    if (*html_text(lead, "decided_by"))
        html_add(out, "<p class=\"beside\">决定：%s%s%s</p>\n", html_text(lead, "decided_by"),
                 *html_text(lead, "decision_reason") ? "，" : "",
                 html_text(lead, "decision_reason"));
}

static void put_lead(GString *out, const json_t *lead)
{
    g_autofree char *when = html_moment(html_text(lead, "proposed_at"));
    html_add(out, "<article class=\"lead\" id=\"lead-%s\">\n<p class=\"lead-head\">",
             html_text(lead, "lead"));
    put_state(out, html_text(lead, "state"));
    if (html_is(lead, "invented"))
        html_invented(out, 0);
    html_add(out, " <span class=\"code\">%s</span> <time>%s</time> · 该需求第 %d 名</p>\n",
             html_text(lead, "agency"), when, (int)html_number(lead, "rank"));
    put_pair(out, lead);
    put_fit(out, lead);
    put_reasons(out, lead);
    put_decision(out, lead);
    g_string_append(out, "</article>\n");
}

void leads_view(GString *out, const json_t *leads)
{
    g_string_append(out,
                    "<section id=\"leads\">\n<h2>最新线索 <span class=\"en\" "
                    "lang=\"en\">Newest leads</span></h2>\n"
                    "<p "
                    "class=\"lede\">"
                    "新提出的在前，同时提出的按契合度。每条理由的分数相加，正好是线索的分数；"
                    "感兴趣概率的依据写在其后。 <span class=\"en\" "
                    "lang=\"en\">Newest first, then by fit. "
                    "The points of the reasons add up to the score.</span></p>\n");
    if (json_array_size(leads) == 0)
        g_string_append(
            out,
            "<p class=\"empty\">还没有线索：载入专利和需求之后运行 <code>patbridge "
            "match</code>。 "
            "<span class=\"en\" lang=\"en\">No leads yet: load patents and needs, then run "
            "<code>patbridge match</code>.</span></p>\n");
    g_string_append(out, "<div class=\"leads\">\n");
    for (size_t i = 0; i < json_array_size(leads); i++)
        put_lead(out, json_array_get(leads, i));
    g_string_append(out, "</div>\n</section>\n");
}
