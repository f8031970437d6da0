#include "service/http/evidence_view.h"
#include "service/http/html.h"
#include <stdlib.h>
#include <string.h>

enum { KEY_MOST = 1000 };

bool evidence_view_cursor(const char *text, int *agency, const char **key)
{
    size_t digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 9 || text[digits] != '.' || !text[digits + 1] ||
        strlen(text) > KEY_MOST)
        return false;
    *agency = (int)g_ascii_strtoll(text, NULL, 10);
    *key = text + digits + 1;
    return true;
}

/* ---- Links: this page's address with something changed */

static const char *const shows[] = {
    [PAGE_SHOW_ALL] = NULL, [PAGE_SHOW_COUNTED] = "counted", [PAGE_SHOW_LEFT_OUT] = "left-out"};

static void add_part(GString *link, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(link, "%c%s=%s", link->len ? '&' : '?', name, escaped);
}

/* Pages of one number are read as of one moment: that of the document. */
static char *link_to(const json_t *document, const struct page_evidence *wanted,
                     enum page_show show, const char *after)
{
    GString *link = g_string_new(NULL);
    add_part(link, "agency", wanted->agency);
    add_part(link, "as-of", html_text(document, "as_of"));
    add_part(link, "known", html_text(document, "known_at"));
    add_part(link, "show", shows[show]);
    add_part(link, "after", after);
    return g_string_free(link, FALSE);
}

static void put_filter(GString *out, const json_t *document, const struct page_evidence *wanted,
                       enum page_show show, const char *zh, const char *en)
{
    g_autofree char *link = link_to(document, wanted, show, NULL);
    html_add(out, "<a href=\"%s\"", link);
    g_string_append(out, wanted->show == show ? " aria-current=\"true\">" : ">");
    html_both(out, zh, en);
    g_string_append(out, "</a> ");
}

/* ---- The number, of each agency that is shown */

static const json_t *item_of(const json_t *clause, const char *metric)
{
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (g_str_equal(html_text(json_array_get(items, i), "metric"), metric))
            return json_array_get(items, i);
    return NULL;
}

static void put_number(GString *out, const json_t *clause, const json_t *item, view_word word)
{
    g_autofree char *value = html_count(html_number(item, "value"));
    g_autofree char *threshold = html_count(html_number(item, "threshold"));
    g_autofree char *missing = html_count(html_number(item, "missing"));
    bool met = html_is(item, "met");
    html_add(out, "<p class=\"verdict\"><span class=\"code\">%s</span> %s",
             html_text(clause, "agency"), html_text(clause, "agency_name"));
    if (html_is(clause, "agency_invented"))
        html_invented(out, 0);
    html_add(out, "：计入 <strong>%s</strong>", value);
    if (html_number(item, "invented") > 0)
        html_invented(out, html_number(item, "invented"));
    html_add(out, "，门槛 %s，<span class=\"state %s\">%s</span>，还差 %s。未计入：", threshold,
             met ? "met" : "not_met", met ? "✓ 达到" : "✗ 未达", missing);
    figures_view_reasons(out, json_object_get(item, "left_out"), word);
    g_string_append(out, "</p>\n");
}

static void put_numbers(GString *out, const json_t *document, const char *metric,
                        view_word word)
{
    const json_t *clauses = json_object_get(document, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i), *item = item_of(clause, metric);
        if (item)
            put_number(out, clause, item, word);
    }
}

/* ---- Rows */

static void put_cell(GString *out, const char *label, const char *class, const char *text)
{
    html_add(out, "<td data-label=\"%s\" class=\"%s\">%s</td>", label, class,
             *text ? text : "—");
}

static void put_why(GString *out, const json_t *row, view_word word)
{
    const json_t *reasons = json_object_get(row, "reasons");
    g_string_append(out, "<td data-label=\"计入\">");
    if (html_is(row, "counted"))
        g_string_append(out, "<span class=\"state met\">✓ 计入</span>");
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const char *reason = json_string_value(json_array_get(reasons, i));
        html_add(out, "<span class=\"reason%s\" title=\"%s\">%s</span> ", i ? " further" : "",
                 word(reason ? reason : "", false), word(reason ? reason : "", true));
    }
    g_string_append(out, "</td>");
}

static void put_marks(GString *out, const json_t *row)
{
    g_string_append(out, "<td data-label=\"标记\">");
    if (html_is(row, "invented"))
        html_invented(out, 0);
    if (html_is(row, "late"))
        g_string_append(out, " <span class=\"mark late\">迟录</span>");
    if (html_is(row, "unknown"))
        g_string_append(out, " <span class=\"mark unknown\">不明</span>");
    if (html_is(row, "literal") && !html_is(row, "counted"))
        g_string_append(out, " <span class=\"mark\">从宽可计</span>");
    g_string_append(out, "</td>");
}

static void put_value(GString *out, const char *name, const json_t *value)
{
    char *text =
        json_is_string(value)
            ? NULL
            : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    html_add(out, "<dt>%s</dt><dd>%s</dd>", name, text ? text : json_string_value(value));
    free(text);
}

static void put_detail(GString *out, const json_t *row)
{
    json_t *detail = json_object_get(row, "detail"),
           *documents = json_object_get(row, "documents"), *value;
    const char *name;
    g_string_append(out, "<td data-label=\"依据\" class=\"why\">");
    if (json_object_size(detail) + json_array_size(documents) > 0) {
        g_string_append(out, "<details><summary>依据</summary><dl class=\"detail\">");
        json_object_foreach(detail, name, value) put_value(out, name, value);
        if (json_array_size(documents) > 0)
            put_value(out, "documents", documents);
        g_string_append(out, "</dl></details>");
    }
    g_string_append(out, "</td>");
}

/* `codes`: labels are codes, as the ways of a deal are, not texts that somebody wrote. */
static void put_row(GString *out, const json_t *row, bool codes, view_word word)
{
    const char *label = html_text(row, "label");
    g_autofree char *recorded = html_moment(html_text(row, "recorded_at"));
    g_string_append(out, html_is(row, "counted") ? "<tr>" : "<tr class=\"out\">");
    html_add(out, "<th scope=\"row\" class=\"code\">%s</th>", html_text(row, "key"));
    put_cell(out, "内容", "name", codes ? word(label, true) : label);
    put_cell(out, "主体", "name", html_text(row, "whose"));
    put_cell(out, "机构", "", html_text(row, "agency"));
    put_cell(out, "日期", "date", html_text(row, "claimed_date"));
    put_cell(out, "记录于", "date", recorded);
    put_cell(out, "批次", "", html_text(row, "batch"));
    put_why(out, row, word);
    put_marks(out, row);
    put_detail(out, row);
    g_string_append(out, "</tr>\n");
}

static const struct {
    const char *zh, *en;
} headings[] = {{"编号", "key"},     {"内容", "what"},    {"主体", "whose"},
                {"机构", "agency"},  {"日期", "date"},    {"记录于", "recorded"},
                {"批次", "batch"},   {"计入", "counted"}, {"标记", "marks"},
                {"依据", "rests on"}};

static void put_rows(GString *out, const json_t *rows, bool codes, view_word word)
{
    g_string_append(out, "<div class=\"wide\"><table class=\"cards rows\"><thead><tr>");
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++) {
        g_string_append(out, "<th scope=\"col\">");
        html_both(out, headings[i].zh, headings[i].en);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_row(out, json_array_get(rows, i), codes, word);
    g_string_append(out, "</tbody></table></div>\n");
}

/* ---- The page */

static void put_pages(GString *out, const json_t *document, const struct page_evidence *wanted)
{
    const json_t *rows = json_object_get(document, "rows");
    const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
    g_autofree char *first = link_to(document, wanted, wanted->show, NULL);
    g_string_append(out, "<p class=\"pages\">");
    if (*wanted->after_key)
        html_add(out,
                 "<a href=\"%s\">« 第一页 <span class=\"en\" lang=\"en\">first</span></a> ",
                 first);
    if (html_is(document, "more") && last) {
        g_autofree char *cursor =
            g_strdup_printf("%" JSON_INTEGER_FORMAT ".%s", html_number(last, "agency_id"),
                            html_text(last, "key"));
        g_autofree char *next = link_to(document, wanted, wanted->show, cursor);
        html_add(out,
                 "<a rel=\"next\" href=\"%s\">下一页 <span class=\"en\" "
                 "lang=\"en\">next</span> »</a>",
                 next);
    }
    html_add(out,
             " <span class=\"beside\">本页 %d 行 <span class=\"en\" "
             "lang=\"en\">rows</span></span></p>\n",
             (int)json_array_size(rows));
}

static void put_title(GString *out, const json_t *document, const char *metric)
{
    const json_t *item =
        item_of(json_array_get(json_object_get(document, "clauses"), 0), metric);
    g_string_append(out, "<h2>");
    html_add(out, "%s：", "数字背后的记录");
    if (item)
        html_both_of(out, json_object_get(item, "name"));
    else
        html_add(out, "%s", metric);
    g_string_append(out, "</h2>\n");
    if (item) {
        g_string_append(out, "<p class=\"lede\">");
        html_both_of(out, json_object_get(item, "definition"));
        g_string_append(out, "</p>\n");
    }
}

void evidence_view(GString *out, const json_t *document, const struct page_evidence *wanted,
                   const char *root, view_word word)
{
    const json_t *rows = json_object_get(document, "rows");
    html_add(out,
             "<section>\n<p class=\"back\"><a href=\"%s#%s\">« 返回 <span class=\"en\" "
             "lang=\"en\">back</span></a></p>\n",
             *root ? root : "./", wanted->policy);
    figures_view_head(out, document, 1);
    put_title(out, document, wanted->metric);
    put_numbers(out, document, wanted->metric, word);
    g_string_append(out, "<p class=\"filters\">");
    put_filter(out, document, wanted, PAGE_SHOW_ALL, "全部", "all");
    put_filter(out, document, wanted, PAGE_SHOW_COUNTED, "计入", "counted");
    put_filter(out, document, wanted, PAGE_SHOW_LEFT_OUT, "未计入", "left out");
    g_string_append(out, "</p>\n");
    if (json_array_size(rows) > 0)
        put_rows(out, rows, g_str_equal(wanted->metric, "deals"), word);
    else
        g_string_append(out, "<p class=\"empty\">没有这样的记录。 <span class=\"en\" "
                             "lang=\"en\">No such rows.</span></p>\n");
    put_pages(out, document, wanted);
    g_string_append(out, "</section>\n");
}
